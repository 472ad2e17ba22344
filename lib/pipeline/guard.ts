/**
 * Guard, every minute: is everything still running? Each check is by itself: one that throws is a problem like what the
 * others find, and hides none of it. What is new, over, or lasts for an hour is told; and only where every check could
 * look and all of it was told does the dead man's switch outside of the account hear from us
 * (evidence-and-alerts.md sections 3.5 and 5.1).
 */
import type { HealthNews, Problem } from '../model/health.ts';
import type { Json } from '../model/ledger.ts';
import type { Records } from '../model/store.ts';
import { unlessAborted } from '../net/abort.ts';
import { readTold, writeTold, type Written } from './alarms.ts';
import { faultLine } from './fault.ts';
import { deafTo, type Look, type Memory, whatToTell } from './guard-memory.ts';

/** Small documents that outlive a run. */
export interface Notes {
  read(key: string): Promise<Json | undefined>;
  save(key: string, value: Json): Promise<void>;
}

/** Metrics; ages in seconds. */
export type GuardCounts = Readonly<Record<string, number>>;

export interface Found {
  readonly problems: readonly Problem[];
  readonly counts?: GuardCounts;
}

export interface Check {
  readonly name: string;
  /** Rejects where it could not look. `undefined`: it did not look this time, and what it found last stays so. */
  look(now: Date): Promise<Found | undefined>;
}

export interface GuardRun {
  readonly checks: readonly Check[];
  /** Where it is written down what was told, and the ledger told of it. */
  readonly records: Records;
  /** Lives as long as the process. */
  readonly kept: { told?: Memory; isUnwritten?: boolean };
  /** Rejects where no topic took it. */
  readonly publish: (news: HealthNews) => Promise<void>;
  /** Asks the dead man's switch. Rejects where it did not answer well. */
  readonly ping?: () => Promise<void>;
  /** No check may take longer. */
  readonly signal: AbortSignal;
  readonly now: () => Date;
}

export interface GuardPass {
  readonly counts: GuardCounts;
  /** Problems that last. */
  readonly open: readonly Problem[];
  /** Every check could look, all was told, and somebody listens. */
  readonly complete: boolean;
  /** Why it could not be told or remembered; it is tried again by the next pass. */
  readonly untold?: string;
}

const PING = 'dead-man';

export async function guard(run: GuardRun): Promise<GuardPass> {
  const { checks, ping } = run;
  const names = [...checks.map(({ name }) => name), ...(ping === undefined ? [] : [PING])];
  const looks = await Promise.all(checks.map((check) => lookOf(check, run)));
  const counts = Object.assign({}, ...looks.map((look) => look.counts)) as Record<string, number>;
  const first = await tell(looks, names, run);
  const isWhole =
    looks.every(({ failed }) => failed !== true) && first.untold === undefined && deafTo(first.memory) < 2;
  const last = isWhole && ping !== undefined ? await tell([await pinged(ping)], names, run) : first;
  const open = Object.values(last.memory).filter(({ once }) => once !== true);
  return {
    counts: { ...counts, Problems: open.length },
    open,
    complete: isWhole && last.untold === undefined,
    ...(last.untold === undefined ? {} : { untold: last.untold }),
  };
}

/** A check that could not look found that, and takes back nothing of what it found before. */
async function lookOf(check: Check, { signal, now }: GuardRun): Promise<Look & Pick<Found, 'counts'>> {
  const { name } = check;
  try {
    const found = await unlessAborted(signal, () => check.look(now()));
    return { check: name, ...found };
  } catch (error) {
    const problem: Problem = {
      key: `check/${name}`,
      severity: 'critical',
      subject: `guard could not look: ${name}`,
      detail: `${faultLine(error)}. What this check would find is not known.`,
    };
    return { check: name, failed: true, problems: [problem] };
  }
}

interface Telling {
  readonly memory: Memory;
  readonly untold?: string;
}

/**
 * Nothing counts as told before a topic took it. What was told and could not be written down, or cannot be read now, this
 * process knows; another one tells it again. The ledger is told what the note becomes, in the same transaction.
 */
async function tell(looks: readonly Look[], names: readonly string[], run: GuardRun): Promise<Telling> {
  const { records, kept, now } = run;
  const problems: string[] = [];
  let written: Written | undefined;
  try {
    written = await readTold(records);
  } catch (error) {
    problems.push(`what was told is not known: ${faultLine(error)}`);
  }
  const isOurs = written === undefined || kept.isUnwritten === true;
  const before = (isOurs ? kept.told : undefined) ?? written?.memory ?? {};
  const { memory, news, changed } = whatToTell(before, looks, names, now());
  try {
    if (news !== undefined) await run.publish(news);
    kept.told = memory;
    if (changed) kept.isUnwritten = true;
    if (kept.isUnwritten === true && written !== undefined) {
      kept.told = await writeTold(memory, written, records, 'guard', now());
      kept.isUnwritten = false;
    }
  } catch (error) {
    problems.push(faultLine(error));
  }
  return problems.length === 0 ? { memory } : { memory, untold: problems.join('; ') };
}

/** Once a pass: what it did not take it hears a minute later. */
async function pinged(ping: () => Promise<void>): Promise<Look> {
  try {
    await ping();
    return { check: PING, problems: [] };
  } catch (error) {
    const problem: Problem = {
      key: PING,
      severity: 'warning',
      subject: "the dead man's switch did not take guard's call",
      detail: `${faultLine(error)}. It will alarm unless it hears from guard soon.`,
    };
    return { check: PING, problems: [problem] };
  }
}
