/**
 * Whether the drill was told: each opening of a door that is opened on purpose has to bring an alert to the machine topic
 * within five minutes (design.md, I11), and its closing a recovery (docs/decisions/0015). What came of each is one line of
 * the ledger. A queue that does not answer says nothing of anything: then this check could not look.
 */
import * as z from 'zod/mini';
import { mergeReceipts, openingOf, outcomeOf } from '../assess/drill.ts';
import {
  DRILL_ID,
  type DrillOutcome,
  type DrillReceipts,
  type DrillSchedule,
  isInTime,
  type Opening,
  openingAt,
  openingsBetween,
  PROMISED_SECONDS,
} from '../model/drill.ts';
import type { Problem } from '../model/health.ts';
import type { Json, LedgerLine } from '../model/ledger.ts';
import type { Check, GuardCounts, Notes } from './guard.ts';

export interface DrillWatch {
  readonly schedule: DrillSchedule;
  readonly receipts: DrillReceipts;
  readonly notes: Notes;
  readonly record: (lines: readonly LedgerLine[]) => Promise<void>;
}

const NOTE = 'guard/drill';
/** Two looks later than promised, or a message that is on its way would count as missing. */
const PATIENCE_MS = PROMISED_SECONDS * 1_000 + 2 * 60_000;
/** Of one pass, after a long silence of guard itself. */
const MAX_SETTLED = 50;
/** The queue forgets after fourteen days: of what is older nothing can be said. */
const REMEMBERED_MS = 13 * 24 * 60 * 60_000;
const MAX_KEPT = 200;

const outcome = z.object({
  from: z.string(),
  to: z.string(),
  alertSeconds: z.optional(z.number()),
  recoverySeconds: z.optional(z.number()),
});
const noteDocument = z.object({
  schedule: z.string(),
  /** Openings from then on are not settled yet. */
  from: z.string(),
  receipts: z.array(
    z.object({ key: z.string(), kind: z.enum(['opened', 'closed']), detectedAt: z.string(), at: z.string() }),
  ),
  last: z.optional(outcome),
});
type Note = z.infer<typeof noteDocument>;

export function drillCheck({ schedule, receipts, notes, record }: DrillWatch): Check {
  return {
    name: 'drill',
    async look(now) {
      const stored = noteOf(await notes.read(NOTE), schedule);
      const before = stored ?? { schedule: keyOf(schedule), from: now.toISOString(), receipts: [] };
      const { receipts: taken, isAll } = await receipts.take();
      const known = mergeReceipts(before.receipts, taken);
      const due = isAll ? settledBy(schedule, before, now) : [];
      const settled = due.map((opening) => outcomeOf(opening, schedule, known));
      if (settled.length > 0) await record(settled.map((each) => lineOf(each, now)));
      const from = due.at(-1)?.to ?? before.from;
      const oldest = openingAt(schedule, new Date(from)).from;
      const kept = known.filter((receipt) => openingOf(receipt, schedule).from >= oldest).slice(-MAX_KEPT);
      const last: DrillOutcome | undefined = settled.at(-1) ?? lastOf(before);
      const note = { ...before, from, receipts: kept, ...(last === undefined ? {} : { last }) };
      const isNews = stored === undefined || JSON.stringify(note) !== JSON.stringify(stored);
      if (isNews) await notes.save(NOTE, JSON.parse(JSON.stringify(note)) as Json);
      // Only now: a message that was forgotten before it was written down would be one that never came.
      if (taken.length > 0) await receipts.drop(taken);
      const current = openingAt(schedule, now);
      const live = current.from >= from ? outcomeOf(current, schedule, known) : undefined;
      const counts = live === undefined ? {} : newly(live, outcomeOf(current, schedule, before.receipts));
      return { problems: problemsOf(live, last, isAll, now), counts };
    },
  };
}

/** Where there is no drill nothing is waited for; and once there is one again, its openings count from then. */
export function noDrillCheck(notes: Notes): Check {
  return {
    name: 'drill',
    async look() {
      if (z.safeParse(noteDocument, await notes.read(NOTE)).success) await notes.save(NOTE, { off: true });
      return { problems: [] };
    },
  };
}

/** `undefined` where it is none, or of another schedule: for what was before nobody waited. */
function noteOf(note: unknown, schedule: DrillSchedule): Note | undefined {
  const { success, data } = z.safeParse(noteDocument, note);
  return success && data.schedule === keyOf(schedule) ? data : undefined;
}

function lastOf({ last }: Note): DrillOutcome | undefined {
  return last === undefined ? undefined : (JSON.parse(JSON.stringify(last)) as DrillOutcome);
}

function keyOf({ openMs, everyMs }: DrillSchedule): string {
  return `${openMs}/${everyMs}`;
}

/** Over, and so long ago that what is not here does not count any more. */
function settledBy(schedule: DrillSchedule, { from }: Note, now: Date): readonly Opening[] {
  const since = Math.max(Date.parse(from), now.getTime() - REMEMBERED_MS);
  const until = new Date(now.getTime() - schedule.openMs - PATIENCE_MS);
  return openingsBetween(schedule, new Date(since), until, MAX_SETTLED);
}

function lineOf(found: DrillOutcome, now: Date): LedgerLine {
  const [observedAt, recordedAt] = [found.to, now.toISOString()];
  return { kind: 'drill', runId: 'guard', subject: DRILL_ID, observedAt, recordedAt, body: { ...found } };
}

/** Seconds, each by the pass that learns of it. */
function newly(live: DrillOutcome, was: DrillOutcome): GuardCounts {
  const { alertSeconds: alert, recoverySeconds: recovery } = live;
  return {
    ...(alert === undefined || was.alertSeconds !== undefined ? {} : { DrillAlertSeconds: alert }),
    ...(recovery === undefined || was.recoverySeconds !== undefined ? {} : { DrillRecoverySeconds: recovery }),
  };
}

/** Of the opening that runs, as soon as something can be said of it; otherwise of the one before. */
function problemsOf(
  live: DrillOutcome | undefined,
  last: DrillOutcome | undefined,
  isAll: boolean,
  now: Date,
): readonly Problem[] {
  const isKnown = (seconds: number | undefined, since: string | undefined): boolean =>
    since !== undefined && (seconds !== undefined || (isAll && now.getTime() - Date.parse(since) >= PATIENCE_MS));
  const told = isKnown(live?.alertSeconds, live?.from) ? live : last;
  const over = isKnown(live?.recoverySeconds, live?.to) ? live : last;
  return [
    ...(told === undefined || isInTime(told.alertSeconds) ? [] : [untold(told)]),
    ...(over === undefined || isInTime(over.recoverySeconds) ? [] : [unrecovered(over)]),
  ];
}

const PROMISED = `${PROMISED_SECONDS / 60} min`;
const LOOK_AT = 'docs/operations.md, "The drill", says where to look.';

function untold({ from, alertSeconds }: DrillOutcome): Problem {
  return {
    key: 'drill/alert',
    severity: 'critical',
    subject: `drill: no alert within ${PROMISED} of the opening at ${from.slice(0, 16)}Z`,
    detail:
      `ajar's own door was opened on purpose at ${from}, and its alert ${came(alertSeconds)}. ` +
      `That of a real one would not be better. ${LOOK_AT}`,
  };
}

function unrecovered({ to, recoverySeconds }: DrillOutcome): Problem {
  return {
    key: 'drill/recovery',
    severity: 'warning',
    subject: `drill: no recovery within ${PROMISED} of the closing at ${to.slice(0, 16)}Z`,
    detail: `ajar's own door was closed at ${to}, and the message of it ${came(recoverySeconds)}. ${LOOK_AT}`,
  };
}

function came(seconds: number | undefined): string {
  return seconds === undefined ? 'did not come' : `came after ${seconds} s`;
}
