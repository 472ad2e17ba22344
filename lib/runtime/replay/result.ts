/** What `ajar replay` says of a history: documents for programs, of which the table for people is made. */
import type { DataClassHit } from '../../model/observation.ts';
import type { Incident } from '../../model/incident.ts';
import type { ProtectionName } from '../../model/protection.ts';
import type { Severity } from '../../model/verdict.ts';

export interface ReplayResult {
  readonly type: 'replay';
  readonly name: string;
  readonly from: string;
  readonly until: string;
  /** An alert is late after so long. */
  readonly withinSeconds: number;
  readonly accounts: number;
  readonly endpoints: number;
  readonly events: readonly EventOutcome[];
  readonly windows: readonly WindowOutcome[];
  /** What names alone said of the data behind whatever was open. */
  readonly data: readonly Omit<DataClassHit, 'count'>[];
  readonly pages: Pages;
  readonly visits: number;
}

export interface Pages {
  readonly alerts: number;
  readonly recoveries: number;
  /** Who did it, told after the alert. */
  readonly updates: number;
  /** Of what stayed open and nobody acknowledged; so many of them to the second contact too. */
  readonly reminders: number;
  readonly escalations: number;
  /** Of all of these, messages that told of several endpoints at once. */
  readonly grouped: number;
  /** To machines each notice by itself. */
  readonly notices: number;
  readonly incidents: number;
  /** Keys of messages that came twice, or told of the same opening again. */
  readonly duplicates: readonly string[];
  /** Alerts of what never got worse, by key. */
  readonly unfounded: readonly string[];
}

/**
 * `open-already`: told before, and it was still open. `late`: later than asked for. `undecided`: the history ends before the
 * alert would be late.
 */
export const ANSWERS = ['alerted', 'late', 'open-already', 'missed', 'undecided', 'recovered', 'nothing-due'] as const;
export type Answer = (typeof ANSWERS)[number];

export interface EventOutcome {
  readonly at: string;
  readonly endpoint: string;
  readonly does: 'first-sight' | 'change' | 'create' | 'delete';
  readonly what: string;
  /** Protections whose loss is owed an alert, and those that came back. */
  readonly lost: readonly ProtectionName[];
  readonly regained: readonly ProtectionName[];
  readonly answer: Answer;
  readonly alert?: Told;
  /** Seconds to the first and the last reminder, and to the second contact. */
  readonly reminders?: {
    readonly count: number;
    readonly first: number;
    readonly last: number;
    readonly escalated?: number;
  };
  readonly recovery?: Omit<Told, 'severity'>;
  /** Seconds to the alert by whole scans instead; null where none ever told. */
  readonly scans: Readonly<Record<string, number | null>>;
}

export interface Told {
  readonly at: string;
  readonly seconds: number;
  readonly severity: Severity;
  readonly subject: string;
}

/** One exposure window as it stands in the ledger, and whether the script's own instants lie within its bounds. */
export interface WindowOutcome {
  readonly endpoint: string;
  readonly protection: ProtectionName;
  readonly severity: Severity;
  readonly origin: Incident['origin'];
  readonly start: { readonly lastGood?: string; readonly exact?: string; readonly firstBad: string };
  readonly end?: { readonly lastBad: string; readonly firstGood: string; readonly cause: string };
  readonly isRight: boolean;
}
