import type { Endpoint, Engine } from './endpoint.ts';
import type { ProbeAnswer, TlsFacts } from './observation.ts';

/**
 * What a probe is given. Probes never dial: the pipeline resolves, asks the guard, pins one address,
 * counts connections and bytes, and closes whatever a probe leaves open.
 */
export interface ProbeAccess {
  /** A new connection to the pinned address. Throws PeerError; at most `maxConnections` a visit. */
  open(options?: OpenOptions): Promise<Channel>;
  /** One request, no redirects, identity encoding, body capped. Each call is one connection. */
  request(request: HttpRequest): Promise<HttpReply>;
}

export interface OpenOptions {
  /** TLS from the first byte. */
  readonly tls?: boolean;
  readonly alpn?: readonly string[];
  /** How long to wait for the first byte of each reply; 4 s unless the protocol needs more. */
  readonly firstByteMs?: number;
}

/** A byte stream with a deadline and a byte budget on every call. All reads throw PeerError. */
export interface Channel {
  readonly encrypted: boolean;
  readonly tls: TlsFacts | undefined;
  /** True once the server asked for a client certificate. */
  readonly clientCertRequested: boolean;
  readonly bytesRead: number;
  write(bytes: Uint8Array | string): Promise<void>;
  readExactly(count: number): Promise<Buffer>;
  /** Up to and including `mark`; PeerError `limit` when it does not come within `limit` bytes. */
  readUntil(mark: string, limit: number): Promise<Buffer>;
  /** Whatever has arrived, at least one byte. */
  readSome(limit: number): Promise<Buffer>;
  /** Bytes received and not yet read. A STARTTLS with leftovers is an injection: refuse it. */
  readonly buffered: number;
  /** Upgrades this connection in place. Refuses when bytes are buffered. `tds`: the handshake inside TDS packets. */
  startTls(options?: { readonly alpn?: readonly string[]; readonly framing?: 'tds' }): Promise<TlsFacts>;
  /** Drains what is readable, then FIN. Never RST (probes.md section 1, rule 6). */
  close(): Promise<void>;
}

export interface HttpRequest {
  readonly scheme: 'http' | 'https';
  readonly path: `/${string}`;
  /** Body cap in bytes; 64 KiB unless the probe says more (mapping: 256 KiB). */
  readonly maxBytes?: number;
  /** `application/json` unless the server answers that with 406 (RabbitMQ does). */
  readonly accept?: string;
  /** Makes it a POST: only for reads that a server takes no other way. At most `MAX_POST_BYTES`. */
  readonly post?: HttpPost;
}

export interface HttpPost {
  readonly type: 'application/json' | 'application/x-www-form-urlencoded' | 'application/dql';
  readonly body: string;
}

export const MAX_POST_BYTES = 512;

export interface HttpReply {
  readonly scheme: 'http' | 'https';
  readonly status: number;
  /** Lower-case names; repeated headers joined by `, `. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  readonly truncated: boolean;
  readonly tls: TlsFacts | undefined;
  readonly clientCertRequested: boolean;
}

/** M1: names, counts, sizes. M2 adds field names and types. Values are never asked for. */
export type MetadataLevel = 0 | 1 | 2;

export interface ProbeOptions {
  readonly metadata: MetadataLevel;
  /** Random, for negative controls: 16 hex characters. */
  readonly nonce: string;
}

/**
 * One thing a visit may send. `what` is `GET /path` or `POST /path`, with `{}` where a name from the server's own answer
 * or a nonce stands; for a stream it is the message's name, and `hex` how it begins on the wire.
 */
export interface Sent {
  readonly what: string;
  readonly hex?: string;
  /** In a few words: what for, and when. */
  readonly why: string;
}

export interface Probe {
  readonly id: string;
  readonly speaks: 'http' | 'stream' | 'both';
  /** Where `both`: ports where the byte stream is spoken first. HTTP is tried first on any other, `defaultPort` included. */
  readonly streamPorts?: readonly number[];
  /** Everything a visit may send, in order. Nothing else ever leaves: the engines' recorder holds a probe to it. */
  readonly sends: readonly Sent[];
  /** Every rule a verdict of this probe may name, without the prefix, and what it means to a reader of a report. */
  readonly rules: Readonly<Record<string, string>>;
  readonly engines: readonly Engine[];
  readonly defaultPort: number;
  /** Hard cap on TCP connections a visit (probes.md section 1, rule 3). */
  readonly maxConnections: number;
  /** Whole visit; 15 s for streams, 8 s for HTTP. */
  readonly deadlineMs: number;
  /**
   * Set where every visit costs the server something: connections are counted per endpoint and vantage
   * and stop at `stopAt` until a human resets the count (MySQL host blocking, probes.md section 3.1).
   */
  readonly connectionBudget?: {
    readonly stopAt: number;
    readonly minIntervalMs: number;
    /** What lifts a block on the server, where it blocks who connects too often. */
    readonly unblock?: string;
  };
  /** Where TLS begins after a word of the protocol: what is said, and the answer that TLS follows (lib/pipeline/old-tls.ts). */
  readonly beforeTls?: { readonly ask: Uint8Array; readonly yes: string };
  visit(access: ProbeAccess, endpoint: Endpoint, options: ProbeOptions): Promise<ProbeAnswer>;
}
