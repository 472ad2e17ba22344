/**
 * The drill: a door of ajar's own that is opened and closed on purpose, so that the whole path from a door that opens to
 * the message that tells of it is known to work (evidence-and-alerts.md sections 1.2 Q10, 3.1 and 5.1;
 * docs/decisions/0015). When it is open depends on the clock alone: the function that answers and guard, which waits for
 * the alert, reckon the same from the same setting. Not `AJAR_CANARY`, by which a vantage knows that it hears at all.
 */
import { AjarError } from './errors.ts';

export const DRILL_ID = 'ajar/drill';
/** The one index that it shows while it is open. */
export const DRILL_INDEX = 'ajar-drill';

/** Open for `openMs` at the beginning of every `everyMs`, counted from midnight UTC. */
export interface DrillSchedule {
  readonly openMs: number;
  readonly everyMs: number;
}

export interface Opening {
  readonly from: string;
  readonly to: string;
}

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
/** Shorter, and a visit might miss it; longer, and the alert of one could not be told from that of the next. */
const MINUTES = { least: 5, most: 30 } as const;
/** Each divides the day, so that all days are the same. */
const HOURS: readonly number[] = [1, 2, 3, 4, 6, 8, 12, 24];

/** `10m/6h`: open for ten minutes every six hours. Throws `bad-input`. */
export function drillSchedule(text: string): DrillSchedule {
  const [, minutes, hours] = /^(\d{1,2})m\/(\d{1,2})h$/.exec(text) ?? [];
  const [open, every] = [Number(minutes), Number(hours)];
  if (!(open >= MINUTES.least && open <= MINUTES.most && HOURS.includes(every))) {
    throw new AjarError('bad-input', 'the schedule of the drill is none', {
      cure: `MINUTESm/HOURSh, as 10m/6h: ${MINUTES.least} to ${MINUTES.most} minutes, every ${HOURS.join(', ')} hours`,
    });
  }
  return { openMs: open * MINUTE_MS, everyMs: every * HOUR_MS };
}

/** The one that began last, over or not. Days of UTC are all equally long, so midnight begins one of every schedule. */
export function openingAt({ openMs, everyMs }: DrillSchedule, now: Date): Opening {
  const from = Math.floor(now.getTime() / everyMs) * everyMs;
  return { from: new Date(from).toISOString(), to: new Date(from + openMs).toISOString() };
}

export function isDrillOpen(schedule: DrillSchedule, now: Date): boolean {
  return now.getTime() < Date.parse(openingAt(schedule, now).to);
}

/** Those that begin at or after the one and not after the other, oldest first, at most `limit`. */
export function openingsBetween(schedule: DrillSchedule, from: Date, to: Date, limit: number): readonly Opening[] {
  const found: Opening[] = [];
  let at = Math.ceil(from.getTime() / schedule.everyMs) * schedule.everyMs;
  for (; at <= to.getTime() && found.length < limit; at += schedule.everyMs)
    found.push(openingAt(schedule, new Date(at)));
  return found;
}

/** What came of one opening, as guard found once it was over. Seconds from opening and from closing; absent: no message came. */
export interface DrillOutcome extends Opening {
  readonly alertSeconds?: number;
  readonly recoverySeconds?: number;
}

/** From a change to its alert, at most (design.md, I11). */
export const PROMISED_SECONDS = 300;

export function isInTime(seconds: number | undefined): boolean {
  return seconds !== undefined && seconds <= PROMISED_SECONDS;
}

/** A message of the drill as it came to the queue behind the machine topic. */
export interface DrillReceipt {
  /** The notice's: one that comes twice is one. */
  readonly key: string;
  /** Of authentication. `other`: of whatever else is told of that door nothing is expected. */
  readonly kind: 'opened' | 'closed' | 'other';
  /** When the first bad look was judged. */
  readonly detectedAt: string;
  /** When the queue had it, by the queue's own word. */
  readonly at: string;
  /** By which the queue forgets it. */
  readonly handle: string;
}

export interface DrillReceipts {
  /** `isAll`: the queue had no more. Rejects where it did not answer. */
  take(): Promise<{ readonly receipts: readonly DrillReceipt[]; readonly isAll: boolean }>;
  drop(receipts: readonly DrillReceipt[]): Promise<void>;
}
