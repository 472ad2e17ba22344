import type { GapCode } from './endpoint.ts';

/**
 * What one probe learned of one address. Five axes that are never folded into one (probes.md section 0).
 * Failing to learn is a value here, not an exception.
 */

export const DNS_STATES = ['literal', 'public', 'private-only', 'mixed', 'none', 'failed'] as const;
export type DnsState = (typeof DNS_STATES)[number];

export const L4_STATES = [
  'open',
  'refused',
  'filtered',
  'unreachable',
  'accept-then-close',
  'open-silent',
  'tarpit',
  /** The guard did not let us connect, or the run was cancelled: nothing was sent. */
  'not-tried',
] as const;
export type L4State = (typeof L4_STATES)[number];

export const PROTO_STATES = ['match', 'other', 'generic-http', 'unknown'] as const;

export interface ProtoAxis {
  readonly state: (typeof PROTO_STATES)[number];
  /** `match` with one marker is tentative, with two or more it is firm. */
  readonly confidence: 'none' | 'tentative' | 'firm';
  readonly product?: string;
  readonly version?: string;
}

export const TLS_STATES = ['absent', 'offered', 'required', 'implicit', 'undetermined'] as const;
export type TlsState = (typeof TLS_STATES)[number];

export interface Certificate {
  readonly subject: string;
  readonly issuer: string;
  readonly notBefore: string;
  readonly notAfter: string;
  readonly sha256: string;
  readonly selfSigned: boolean;
  /** Whether the certificate names the host we asked for. */
  readonly matchesHost: boolean;
}

/** Facts of one TLS handshake. Bounded and escaped when made. */
export interface TlsFacts {
  readonly version: string;
  readonly cipher: string;
  readonly certificate?: Certificate;
}

export interface TlsAxis {
  readonly state: TlsState;
  readonly facts?: TlsFacts;
  /**
   * TLS before 1.2. `only`: nothing else, and no visit speaks it: that it is encrypted is all that is known. `also`: beside a
   * newer one; `no`: refused when last asked (lib/pipeline/old-tls.ts). Absent: not known.
   */
  readonly legacy?: 'only' | 'also' | 'no';
  /** `no` only after the first application byte arrived: under TLS 1.3 the refusal comes late. */
  readonly clientCert: 'no' | 'requested' | 'required' | 'undetermined';
}

export const AUTH_STATES = [
  'open-anonymous',
  'open-restricted',
  'auth-required',
  'auth-weak',
  'source-acl',
  'mode-blocked',
  'setup-open',
  'lockout',
  'undetermined',
] as const;
export type AuthState = (typeof AUTH_STATES)[number];

/** Why authentication is weak: `cleartext` secrets cross the wire unencrypted, `legacy-hash` md5 and kin. */
export type AuthWeakness = 'cleartext' | 'legacy-hash';

export interface AuthAxis {
  readonly state: AuthState;
  readonly weakness?: readonly AuthWeakness[];
}

/**
 * Probes whose server says "come in" in its own word, which proves an open door without any metadata (probes.md section 0):
 * PostgreSQL trust, CQL READY, Bolt LOGON none, NATS PONG after a CONNECT without a user.
 */
export const PROVEN_BY_WORD: ReadonlySet<string> = new Set(['postgres', 'cassandra', 'neo4j', 'nats']);

/** P0 L4 only, P1 protocol recognised, P2 server stated auth, P3 metadata returned, P4 counts obtained. */
export type ProofLevel = 0 | 1 | 2 | 3 | 4;

/** Names of objects and fields as a probe read them. Lives in memory only; `DataAtRisk` is what is kept. */
export interface Metadata {
  readonly objects: readonly MetadataObject[];
  readonly truncated: boolean;
}
export interface MetadataObject {
  readonly name: string;
  readonly kind: 'index' | 'database' | 'keyspace' | 'table' | 'collection' | 'topic' | 'cache';
  readonly records?: number;
  readonly bytes?: number;
  readonly system: boolean;
  readonly fields?: readonly { readonly name: string; readonly type: string }[];
}

/** The axes a probe decides, with the table row that decided them. */
export interface Axes {
  readonly l4: L4State;
  readonly proto: ProtoAxis;
  readonly tls: TlsAxis;
  readonly auth: AuthAxis;
  readonly proof: ProofLevel;
  /** `<probe>/<row>`: the verdict row that decided, so that every verdict can be traced to its table. */
  readonly rule: string;
  /** Bounded, escaped lines for a human. Never a record value. */
  readonly notes: readonly string[];
}

/** What a probe returns for one address. `metadata` never leaves the process. */
export interface ProbeAnswer extends Axes {
  readonly metadata?: Metadata;
}

/** What names alone say about the data behind an endpoint. Names are redacted unless asked for. */
export interface DataAtRisk {
  readonly objects: number;
  /** Estimate from the server's own metadata. Absent where it gave none. */
  readonly records?: number;
  readonly bytes?: number;
  readonly classes: readonly DataClassHit[];
  readonly samples: readonly string[];
  readonly truncated: boolean;
  /** Object names that look like a ransom note. The objects are never opened. */
  readonly ransomMarkers: number;
  /** Not read here: what is known of the endpoint, by its id, that this one is a copy of. */
  readonly takenFrom?: string;
}
export interface DataClassHit {
  readonly class: DataClass;
  readonly count: number;
  /** Plain words for the alert, e.g. `alexa token`. */
  readonly because: readonly string[];
}

export const DATA_CLASSES = [
  'credential',
  'health',
  'child',
  'government-id',
  'financial',
  'special-category',
  'location',
  'media',
  'contact',
  'network',
  'device',
  'behaviour',
  'business',
  'operational',
  'unclassified',
] as const;
export type DataClass = (typeof DATA_CLASSES)[number];

/** One look at one address of one endpoint from one vantage. */
export interface Observation extends Axes {
  readonly probe: string;
  readonly vantage: string;
  readonly dns: DnsState;
  readonly address?: string;
  /** RFC 3339 UTC, milliseconds. */
  readonly observedAt: string;
  readonly elapsedMs: number;
  readonly data?: DataAtRisk;
  /** Ports drawn at random accept connections there too: that this one does proves nothing. */
  readonly catchAll?: true;
  /** Set when nothing could be concluded. */
  readonly gap?: { readonly code: GapCode; readonly detail: string };
}

/** What judging needs of an observation, and all that is kept of one. */
export type Look = Omit<Observation, 'observedAt' | 'elapsedMs' | 'notes'>;
