/** Codes a caller may act on. Match on the code, never on the message. */
export type AjarErrorCode =
  | 'bad-input'
  | 'store-unavailable'
  | 'store-corrupt'
  | 'store-newer'
  | 'conflict'
  | 'invariant'
  | 'sink-refused'
  | 'queue-refused';

/** Misconfiguration, a broken invariant, or our own infrastructure failing. Never a peer's behaviour. */
export class AjarError extends Error {
  readonly code: AjarErrorCode;
  /** What the reader can do about it; printed under the message. */
  readonly cure: string | undefined;
  /** Not to be asked again before that: whoever refused said so, or only a human can mend it. */
  readonly retryAfterMs: number | undefined;
  constructor(
    code: AjarErrorCode,
    message: string,
    options: { cause?: unknown; cure?: string; retryAfterMs?: number } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'AjarError';
    this.code = code;
    this.cure = options.cure;
    this.retryAfterMs = options.retryAfterMs;
  }
}

export type PeerStage = 'resolve' | 'connect' | 'tls' | 'protocol';
export type PeerReason =
  | 'unresolved'
  | 'forbidden'
  | 'refused'
  | 'unroutable'
  | 'timeout'
  | 'reset'
  | 'closed'
  | 'limit'
  | 'malformed'
  | 'plaintext'
  | 'tls-refused'
  | 'client-cert'
  | 'cancelled'
  | 'fault';

/**
 * The peer, the network or the guard ended an exchange. Thrown by channels; probes catch the reasons
 * they can name, the pipeline turns the rest into axes.
 */
export class PeerError extends Error {
  readonly stage: PeerStage;
  readonly reason: PeerReason;
  constructor(stage: PeerStage, reason: PeerReason, detail: string, cause?: unknown) {
    super(detail, cause === undefined ? undefined : { cause });
    this.name = 'PeerError';
    this.stage = stage;
    this.reason = reason;
  }
}
