export type EngineKind = 'postgres' | 'mysql' | 'redis' | 'memcached' | 'elasticsearch' | 'opensearch';

export interface RunningEngine {
  readonly id: string;
  readonly engine: EngineKind;
  readonly host: string;
  readonly port: number;
  readonly note: string;
  /** Probe from this address to see what `expected.json` says; from 127.0.0.1 the engine answers differently. */
  readonly localAddress?: string;
  /** Absent where TLS is negotiated in band (PostgreSQL, MySQL). */
  readonly tls?: 'plain' | 'first';
}

/** What every variant says of itself; the engine files add how it is started. */
export interface Variant extends RunningEngine {
  /** Started only when asked for by id: one more JVM than a small machine should run. */
  readonly extra?: true;
}
