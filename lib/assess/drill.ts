/** What came of an opening of the drill, by the messages that came: which belong to it, and how long they took. Pure. */
import { type DrillOutcome, type DrillReceipt, type DrillSchedule, type Opening, openingAt } from '../model/drill.ts';

/** What is remembered of a message. */
export interface KnownReceipt extends Pick<DrillReceipt, 'key' | 'detectedAt' | 'at'> {
  readonly kind: 'opened' | 'closed';
}

/** Clocks differ: a door is not seen open before it opens. */
const SKEW_MS = 60_000;

/** Each once, the earliest of what came twice, oldest first. */
export function mergeReceipts(known: readonly KnownReceipt[], taken: readonly DrillReceipt[]): readonly KnownReceipt[] {
  const byKey = new Map(known.map((receipt) => [receipt.key, receipt]));
  for (const { key, kind, detectedAt, at } of taken) {
    const same = byKey.get(key);
    if (kind !== 'other' && (same === undefined || at < same.at)) byKey.set(key, { key, kind, detectedAt, at });
  }
  return [...byKey.values()].toSorted((a, b) => (a.at === b.at ? compare(a.key, b.key) : compare(a.at, b.at)));
}

function compare(a: string, b: string): number {
  return a < b ? -1 : 1;
}

/** The opening in which the bad look was judged that a message tells of, however late it came. */
export function openingOf({ detectedAt }: KnownReceipt, schedule: DrillSchedule): Opening {
  return openingAt(schedule, new Date(Date.parse(detectedAt) + SKEW_MS));
}

export function outcomeOf(opening: Opening, schedule: DrillSchedule, receipts: readonly KnownReceipt[]): DrillOutcome {
  const own = receipts.filter((receipt) => openingOf(receipt, schedule).from === opening.from);
  const opened = own.find(({ kind }) => kind === 'opened');
  // What was told to be over before it was is no recovery of this.
  const closed = own.find(({ kind, at }) => kind === 'closed' && msFrom(opening.to, at) >= -SKEW_MS);
  return {
    ...opening,
    ...(opened === undefined ? {} : { alertSeconds: secondsFrom(opening.from, opened.at) }),
    ...(closed === undefined ? {} : { recoverySeconds: secondsFrom(opening.to, closed.at) }),
  };
}

function secondsFrom(from: string, at: string): number {
  return Math.max(0, Math.ceil(msFrom(from, at) / 1_000));
}

function msFrom(from: string, at: string): number {
  return Date.parse(at) - Date.parse(from);
}
