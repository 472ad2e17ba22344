import type { Attribution } from './change.ts';
import type { Handling, Ladder } from './handling.ts';
import type { DataAtRisk } from './observation.ts';
import type { Basis, KnownLevel, ProtectionName } from './protection.ts';
import type { Severity, VerdictName } from './verdict.ts';

/** One exposure window: a protection of an endpoint below what it has been or has to be. */
export interface Incident {
  /** uuid v5 of endpoint, protection and openSeq: the same history gives the same id anywhere. */
  readonly id: string;
  readonly endpointId: string;
  readonly protection: ProtectionName;
  readonly openSeq: number;
  readonly origin: Origin;
  readonly basis: Basis;
  /** The high-water mark; absent where nothing stepped down: at adoption, and where an allowance ended. */
  readonly from?: KnownLevel;
  readonly to: KnownLevel;
  readonly verdict: VerdictName;
  readonly severity: Severity;
  /** 0 to 100, evidence-and-alerts.md section 2.6. */
  readonly score: number;
  /** Three lines that explain the severity. */
  readonly reasons: readonly string[];
  readonly start: WindowStart;
  /** When the first bad verdict was committed. */
  readonly detectedAt: string;
  /** When the last visit that saw it bad began: until then, at least, it was. */
  readonly lastBadAt: string;
  /** It ended and began again within half an hour, so it goes on. What lies between counts as exposed. */
  readonly reopened?: Reopened;
  /** It comes and goes so often that its openings and endings are told no more. */
  readonly flapping?: true;
  readonly closed?: WindowEnd;
  readonly status: 'open' | 'closed' | 'accepted';
  /** Allowance ids that covered the endpoint when it opened: they approved a posture, not this removal. */
  readonly allowances: readonly string[];
  /** Allowance ids whose end opened it; only of `no-longer-allowed`. */
  readonly lapsed?: readonly string[];
  /** Of those, what the allowlist still says of them. */
  readonly wasAccepted?: readonly PastAllowance[];
  readonly glass?: Glass;
  /** Digest of the allowlist that it was first judged by. Absent in incidents of early releases. */
  readonly allowlist?: string;
  readonly data?: DataAtRisk;
  /** Who did it. Absent until an event is found or the search is over. */
  readonly attribution?: Attribution;
  readonly handling?: Handling;
  readonly ladder?: Ladder;
  /** One bounded line of evidence. */
  readonly evidence: string;
}

/** It opened under break-glass: on the record as any, and nobody was woken. `isOver`: it was seen bad without. */
export interface Glass {
  readonly entries: readonly string[];
  readonly isOver: boolean;
}

export interface PastAllowance {
  readonly id: string;
  readonly until: string;
  readonly reason: string;
  readonly ticket: string;
}

/**
 * `removed`: it stepped down from its high-water mark. `adoption`: it was so when first seen.
 * `no-longer-allowed`: nothing changed but the allowance that covered it expired or went.
 */
export type Origin = 'removed' | 'adoption' | 'no-longer-allowed';

export interface Reopened {
  readonly count: number;
  /** When each began again, oldest first; of many the last ones. */
  readonly last: readonly string[];
}

/** Never a single invented instant: the truth lies between the bounds. */
export interface WindowStart {
  /** Last conclusive good observation. Absent when there was none. */
  readonly lower?: string;
  /** First conclusive bad observation. */
  readonly upper: string;
  /** Event time, where a change is attributed. */
  readonly exact?: string;
}
export interface WindowEnd {
  /** Last bad observation: when that visit began, since it may have been fixed before the visit was over. */
  readonly lower: string;
  /** First good observation: when that visit was over. */
  readonly upper: string;
  readonly cause: CloseCause;
}
/**
 * Shown by a reading that came late. `merged`: it was part of another incident's window, which goes on. `withdrawn`:
 * there was none, as where it rested on a silence that was no closed door. Neither is a window to report.
 */
export type CloseCause = 'fixed' | 'closed-to-us' | 'deleted' | 'accepted' | 'merged' | 'withdrawn';

export type TransitionKind =
  | 'opened'
  | 'worsened'
  | 'closed'
  | 'accepted'
  | 'merged'
  | 'withdrawn'
  | 'attributed'
  | 'settled'
  | 'gap-opened'
  | 'gap-closed'
  | 'verdict';

/** One change that a decision made. Every transition has a ledger line. */
export interface Transition {
  readonly kind: TransitionKind;
  readonly at: string;
  readonly incidentId?: string;
  readonly protection?: ProtectionName;
  readonly from?: string;
  readonly to?: string;
}

/**
 * `attributed`: who did what was told before, or that nobody can be named. `flapping`: in place of the openings and endings
 * to come. `reminder`: still open. `escalated`: the same, to the second contact too.
 */
export const NOTICE_KINDS = [
  'opened',
  'worsened',
  'closed',
  'accepted',
  'attributed',
  'flapping',
  'reminder',
  'escalated',
] as const;
export type NoticeKind = (typeof NOTICE_KINDS)[number];

/** One message owed. Lives in the outbox until a sink accepted it. */
export interface Notice {
  /** `<incidentId>/<kind>/<n>`: a repeated message carries the same key. */
  readonly key: string;
  readonly kind: NoticeKind;
  readonly createdAt: string;
  readonly incident: Incident;
  /**
   * Keys of the messages that told of these incidents before, oldest first: no sink gets this one while it is owed one of
   * those, up to a limit (lib/pipeline/turns.ts). Absent: there were none, or an early release did not note them.
   */
  readonly after?: readonly string[];
  /** Other incidents of the same endpoint, decision and severity that this one message covers. */
  readonly also: readonly Incident[];
  /** Enough of the endpoint to render the ten lines without another read. */
  readonly endpoint: NoticeEndpoint;
  /** At most 99 printable ASCII characters. */
  readonly subject: string;
  /** The lines of the alert, each printable and bounded (evidence-and-alerts.md section 3.4). */
  readonly lines: readonly string[];
}
export interface NoticeEndpoint {
  readonly id: string;
  readonly host: string;
  readonly port: number;
  readonly engine: string;
  readonly account?: string;
  readonly region?: string;
  readonly name?: string;
  readonly arn?: string;
  readonly addresses: readonly string[];
  readonly product?: string;
  readonly version?: string;
  readonly vantages: readonly string[];
  /** Vantages to which it is less exposed. */
  readonly less?: readonly string[];
  /** Vantages that could not tell. */
  readonly unsure?: readonly string[];
  /** What in the provider's configuration lets the internet in, where that was read. */
  readonly path?: string;
  /** Found by its interface, address, balancer or name, and listed by no service. */
  readonly forgotten?: true;
  /** What it is a copy of, and whose that is. */
  readonly copyOf?: string;
  readonly owner?: string;
  /** Opened by ajar on purpose: for machines alone, and no exposure. */
  readonly drill?: true;
  /** What it may share with others that changed with it: security groups and policies (model/change.ts). At most `MAX_ROOTS`. */
  readonly roots?: readonly string[];
}
export const MAX_ROOTS = 8;

/** A notice as the outbox holds it, per sink. */
export interface OutboxEntry {
  readonly notice: Notice;
  readonly sink: string;
  readonly attempts: number;
  readonly dueAt: string;
  readonly lastError?: string;
}
