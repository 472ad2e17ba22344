import type { Endpoint } from './endpoint.ts';
import type { Glass, Incident, Origin, Reopened, WindowEnd } from './incident.ts';
import type { DataAtRisk, Look } from './observation.ts';
import type { Posture } from './posture.ts';
import type { KnownLevel, ProtectionName } from './protection.ts';

export const STATE_SCHEMA = 1;
/** Of a state with a page: who knows nothing of pages would take what is noted there for a stretch without visits. */
export const PAGED_SCHEMA = 2;

/**
 * All that is remembered of one endpoint. `base` is the fold of everything older than `recent`; `recent`
 * keeps the last samples whole, so that a late or repeated reading is folded in its right place.
 */
export interface EndpointState {
  readonly schema: typeof STATE_SCHEMA | typeof PAGED_SCHEMA;
  readonly endpoint: Endpoint;
  /** Optimistic lock: 0 before the first commit. */
  readonly version: number;
  /** Of the newest reading, and of what other vantages saw last. */
  readonly posture: Posture;
  readonly lastReadingAt: string;
  /** Newest reading with a conclusive observation. */
  readonly lastConclusiveAt?: string;
  readonly base: FoldState;
  readonly recent: readonly Sample[];
  /** Open ones and those that closed within `recent`. */
  readonly incidents: readonly Incident[];
  /** Windows named so far, per protection: part of every incident id. */
  readonly openSeq: Readonly<Partial<Record<ProtectionName, number>>>;
  readonly gapSince?: string;
  /** How often each notice kind was owed per incident, for the notice key. */
  readonly noticeSeq: Readonly<Record<string, number>>;
  /** By incident the keys of the last notices that told of it, oldest first. Absent in states of early releases. */
  readonly told?: Readonly<Record<string, readonly string[]>>;
  /** By vantage, its newest look. Absent in states of early releases. */
  readonly views?: Readonly<Record<string, View>>;
  /** When the API last confirmed that it no longer exists: what was seen before is of another life. */
  readonly deletedAt?: string;
  /** Where its visits without news are noted; absent where each is a version of its own. */
  readonly page?: string;
  /** Those that the store gave with it and that are no part of what is stored: a commit makes them so. Never written. */
  readonly revisits?: readonly Revisit[];
}

/** A visit that saw what an earlier one saw (model/revisit.ts). */
export interface Revisit {
  readonly endpointId: string;
  readonly vantage: string;
  /** Id of the sample that it repeats. */
  readonly as: string;
  /** Version of the state that held this sample. */
  readonly of: number;
  /** The reading's. */
  readonly id: string;
  readonly at: string;
  readonly began?: string;
  readonly recordedAt: string;
  /** When this vantage looked before that, whether or not that is kept. */
  readonly prior?: string;
  /** When the configuration was read that it found unchanged; absent where it was remembered. */
  readonly declaredAt?: string;
  /** It saw by itself how it is. */
  readonly conclusive?: true;
}

/** The newest look of one vantage. */
export interface View {
  readonly at: string;
  /** When it looked before that: how often it looks. */
  readonly prior?: string;
  readonly alive: boolean;
  readonly looks: readonly Look[];
}

/** A reading reduced to what the fold needs. Never changes once taken. */
export interface Sample {
  readonly id: string;
  readonly at: string;
  readonly began?: string;
  readonly recordedAt: string;
  readonly vantage: string;
  readonly alive: boolean;
  /** Something else in the region of the endpoint answered its vantage. */
  readonly near?: true;
  readonly silent: boolean;
  readonly deleted: boolean;
  readonly facts: readonly SampleFact[];
  /** When its declared facts were read, where AWS was asked: a visit may be late with what another has superseded. */
  readonly declaredAt?: string;
  /** What was seen of each address, where the visit saw any. Samples of early releases have none. */
  readonly sights?: readonly Sight[];
  /** How often it was due when it was asked for; absent where nobody said. */
  readonly everyMs?: number;
  /** Visits without news lie between the sample before it and this one, none of them late (model/revisit.ts). */
  readonly unbroken?: true;
  /** Nobody went there: it brings news of the configuration alone. */
  readonly unvisited?: true;
  /** The visit looked at every address that the name gave: one that is not among `sights` was not given. */
  readonly complete?: boolean;
  readonly context: SampleContext;
}

/** One conclusive level. `unknown` never becomes a fact, so it can neither open nor close anything. */
export interface SampleFact {
  readonly protection: ProtectionName;
  readonly basis: 'declared' | 'observed';
  readonly level: KnownLevel;
  /** The lowest level that is acceptable without a history: what policy and allowances permit. */
  readonly floor: KnownLevel;
  /** Allowance ids that lowered the floor. */
  readonly allowances: readonly string[];
  /** Those of them that accept it only for as long as who may connect is theirs; absent: none. */
  readonly within?: readonly string[];
  /** Break-glass entries that covered this level; absent: none. */
  readonly glass?: readonly string[];
  readonly evidence: string;
  /** Of TLS as it was observed, where it was asked. */
  readonly oldTls?: 'also' | 'no';
}

/** One address as one visit saw it. */
export interface Sight {
  readonly address: string;
  /** Only what is known. `network` on: closed. */
  readonly levels: Readonly<Partial<Record<ProtectionName, KnownLevel>>>;
  readonly silent?: true;
}

/** What severity needs to know of the reading. */
export interface SampleContext {
  readonly verdict: Posture['verdict'];
  readonly auth: Posture['auth'];
  readonly proof: number;
  /** Absent where it is not known. */
  readonly encrypted?: boolean;
  readonly data?: DataAtRisk;
}

/** One source's view of one protection. The key is `protection|basis|vantage`. */
export interface Track {
  readonly mark: KnownLevel;
  /** The last that is known; where addresses are still held as bad, no better than theirs. */
  readonly level: KnownLevel;
  readonly lastGoodAt?: string;
  /** Of TLS: its mark was earned while versions before 1.2 were refused. Else that they are taken is news, and no removal. */
  readonly strict?: true;
  /** Allowance ids that the last good look rested on. Absent in tracks of early releases. */
  readonly allowances?: readonly string[];
  /** Its mark before an entry accepted less for named networks alone: when no entry does any more, it is bad by that. */
  readonly kept?: KnownLevel;
  readonly down?: {
    readonly since: string;
    readonly lastBadAt: string;
    readonly origin: Origin;
    readonly allowances: readonly string[];
    /** Seen bad, and since then neither good nor closed nor gone. Absent or empty: any good look ends it. */
    readonly addresses?: readonly BadAddress[];
  };
}

export interface BadAddress {
  readonly address: string;
  /** When last seen bad. */
  readonly level: KnownLevel;
  readonly silence?: Repeated;
  /** Good looks in a row in which the name did not give it. */
  readonly absence?: Repeated;
}

/** Something that came several times in a row, and when first. */
export interface Repeated {
  readonly since: string;
  readonly count: number;
  /** When the region that it lies in was last known to answer. Absent of what lies in none. */
  readonly answeredAt?: string;
}

export interface FoldState {
  readonly upTo?: string;
  /** The newest reading of the configuration among what was folded. */
  readonly declaredAt?: string;
  /** The newest visit among what was folded. Absent in states of early releases. */
  readonly visited?: LastVisit;
  readonly tracks: Readonly<Record<string, Track>>;
  /** Consecutive silences per vantage, while the vantage was alive. */
  readonly silence: Readonly<Record<string, Repeated>>;
  /** Open windows at this point; closed ones leave the fold once they are older than `recent`. */
  readonly open: readonly Window[];
  /** Closed, and not for so long yet that they could not go on: one of a protection at most. */
  readonly rested?: readonly Window[];
}

export interface LastVisit {
  readonly at: string;
  /** How often it was due then; absent where nobody said. */
  readonly everyMs?: number;
  /** The API said then that it no longer exists. */
  readonly gone?: true;
}

/** An incident while it is folded, before it is named. */
export interface Window {
  readonly protection: ProtectionName;
  readonly basis: 'declared' | 'observed';
  readonly origin: Origin;
  /** Only of a removal. */
  readonly from?: KnownLevel;
  readonly to: KnownLevel;
  readonly startLower?: string;
  readonly startUpper: string;
  readonly detectedAt: string;
  /** When the last visit that saw it bad began: until then, at least, it was. */
  readonly lastBadAt: string;
  readonly allowances: readonly string[];
  /** Allowance ids whose end opened it. */
  readonly lapsed?: readonly string[];
  readonly glass?: Glass;
  readonly evidence: string;
  readonly worst: SampleContext;
  readonly reopened?: Reopened;
  readonly closed?: WindowEnd;
}
