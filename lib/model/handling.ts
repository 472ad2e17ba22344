import type { Severity } from './verdict.ts';

/** What people said and did about an incident. Every act is a line of the ledger too, and there none is ever dropped. */
export interface Handling {
  /** Silences reminders of what was known then; what got worse later is news. */
  readonly acked?: Act & { readonly severity: Severity };
  readonly assigned?: Act & { readonly to: string };
  /** A human says that personal data are affected: clocks of the law run from `since`. ajar never starts one itself. */
  readonly aware?: Act & { readonly since: string };
  /** The last ones. */
  readonly notes?: readonly Note[];
}

export interface Act {
  /** Who says so: `--by`, or the user of the operating system. */
  readonly by: string;
  readonly at: string;
}

export interface Note extends Act {
  readonly text: string;
}

export const MAX_NOTES = 20;
export const MAX_NOTE = 500;
export const MAX_ACTOR = 128;

/** What was sent of an incident since somebody was last alerted; absent until something was. */
export interface Ladder {
  /** When that alert was owed: the first, a reopening, or what got worse. */
  readonly since: string;
  /** The last rung that was reached. */
  readonly step?: number;
  readonly remindedAt?: string;
  /** The second contact was told. */
  readonly escalated?: true;
}
