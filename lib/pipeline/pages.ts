/**
 * What leaves for a sink that people read: one message for what belongs together (grouping.ts), and a cap: after twenty in a window of
 * five minutes all that is left becomes one digest a minute and severity, below what SNS delivers by mail in a second. Nothing is dropped: what has
 * to wait is owed still, and machines get every notice as ever. The count is in the store, for all who deliver.
 */
import type { Notice } from '../model/incident.ts';
import type { ConnectionBudgets } from '../model/store.ts';
import { SEVERITIES, type Severity } from '../model/verdict.ts';
import { grouped, type Ready, WAIT_MS } from './grouping.ts';
import { flipped, isMany, isSuspect, withSuspicion } from './suspicion.ts';
import { toldTogether } from './told-together.ts';

export const STORM = { pages: 20, windowMs: 5 * 60_000, digestEveryMs: 60_000 } as const;

const STORM_WORDS = `a storm: more than ${STORM.pages} messages in ${STORM.windowMs / 60_000} minutes, the rest in one a minute`;

/** One message, and the entries that it settles. */
export interface Message {
  readonly members: readonly Ready[];
  readonly notice: Notice;
}

export interface Pages {
  readonly messages: readonly Message[];
  /** Not in this run. */
  readonly held: readonly Ready[];
  /** When what waits for its like leaves. */
  readonly until?: Date;
  /** Notices beyond the cap. */
  readonly stormed: number;
}

export interface PagesRun {
  readonly budgets: ConnectionBudgets;
  readonly now: () => Date;
  /** Takes entries for this deliverer: those that are its own now. */
  readonly claim: (ready: readonly Ready[]) => Promise<readonly Ready[]>;
  /** How many endpoints there are, where somebody knows. */
  readonly endpoints?: (() => Promise<number>) | undefined;
  /** Nothing waits for its like any more. */
  readonly flush?: boolean | undefined;
}

export async function pages(sink: string, ready: readonly Ready[], run: PagesRun): Promise<Pages> {
  const at = run.now().getTime();
  const { leaving, held, until } = grouped(ready, new Date(run.flush === true ? at + WAIT_MS : at));
  const mine = new Set(await run.claim(leaving.flat()));
  const groups = leaving
    .map((group) => group.filter((one) => mine.has(one)))
    .filter((group) => group.length > 0)
    // What is worst is told by itself as long as anything is.
    .toSorted((a, b) => rank(a) - rank(b));
  const messages: Message[] = [];
  const beyond: Ready[] = [];
  for (const group of groups) {
    if (beyond.length === 0 && (await mayPage(sink, run)))
      messages.push(messageOf(group, 'they share what was changed'));
    else beyond.push(...group);
  }
  const waiting: Ready[] = [];
  // What is critical is never read among what is not.
  for (const [severity, alike] of Map.groupBy(beyond, ({ notice }) => notice.incident.severity)) {
    if (await mayTellStorm(sink, severity, run)) messages.push(messageOf(alike, STORM_WORDS));
    else waiting.push(...alike);
  }
  return {
    messages: await suspected(messages, ready, run),
    held: [...held, ...waiting],
    ...(until === undefined ? {} : { until }),
    stormed: beyond.length,
  };
}

function rank(group: readonly Ready[]): number {
  return Math.min(...group.map(({ notice }) => SEVERITIES.indexOf(notice.incident.severity)));
}

function messageOf(members: readonly Ready[], why: string): Message {
  const [first, ...rest] = members.map(({ notice }) => notice);
  if (first === undefined) throw new Error('a message of nothing');
  return { members, notice: toldTogether([first, ...rest], why) };
}

/** The key is the same for ever, so that no window leaves a row behind; its word says which window it counts. */
async function mayPage(sink: string, { budgets, now }: PagesRun): Promise<boolean> {
  const key = `pages|${sink}`;
  const at = now();
  const window = String(Math.floor(at.getTime() / STORM.windowMs));
  if ((await budgets.recall(key)) !== window) {
    await budgets.reset(key);
    await budgets.remember(key, window);
  }
  const { allowed } = await budgets.spend(key, at.toISOString(), { stopAt: STORM.pages, minIntervalMs: 0 });
  return allowed;
}

async function mayTellStorm(sink: string, severity: Severity, { budgets, now }: PagesRun): Promise<boolean> {
  const budget = { stopAt: Number.MAX_SAFE_INTEGER, minIntervalMs: STORM.digestEveryMs };
  return (await budgets.spend(`storm|${sink}|${severity}`, now().toISOString(), budget)).allowed;
}

async function suspected(
  messages: readonly Message[],
  ready: readonly Ready[],
  { endpoints }: PagesRun,
): Promise<readonly Message[]> {
  const flips = flipped(ready.map(({ notice }) => notice));
  if (endpoints === undefined || !isMany(flips) || messages.length === 0) return messages;
  const all = await endpoints();
  if (!isSuspect(flips, all)) return messages;
  return messages.map(({ members, notice }) => ({ members, notice: withSuspicion(notice, flips, all) }));
}
