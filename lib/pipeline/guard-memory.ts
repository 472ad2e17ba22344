/**
 * What guard told last, and so what is to be told now: a problem when it begins, grows or gets worse, when it ends, and
 * every hour while it lasts. Pure.
 */
import * as z from 'zod/mini';
import type { HealthAudience, HealthNews, Problem, Told } from '../model/health.ts';

const AGAIN_MS = 60 * 60_000;
const ACKED_AGAIN_MS = 4 * AGAIN_MS;
const DAILY_MS = 24 * AGAIN_MS;
/** Whoever is new among the affected waits for so long after the last message, or a slow outage would be a message a minute. */
const GROWN_MS = 5 * 60_000;

/** One check's findings. Without `problems` it did not look. */
export interface Look {
  readonly check: string;
  readonly problems?: readonly Problem[];
  /** It could not: what it found before is as true as it was. */
  readonly failed?: true;
}

export interface Entry extends Told {
  readonly check: string;
  readonly toldAt: string;
  /** Somebody has seen it: said again every four hours alone, until it grows, gets worse or is over. */
  readonly acked?: { readonly by: string; readonly at: string };
}
/** By key. */
export type Memory = Readonly<Record<string, Entry>>;

const entry = z.object({
  check: z.string(),
  key: z.string(),
  severity: z.enum(['critical', 'warning']),
  subject: z.string(),
  detail: z.string(),
  affected: z.optional(z.array(z.string())),
  more: z.optional(z.number()),
  by: z.optional(z.string()),
  once: z.optional(z.literal(true)),
  daily: z.optional(z.literal(true)),
  deafens: z.optional(z.enum(['health', 'page'])),
  since: z.string(),
  toldAt: z.string(),
  acked: z.optional(z.object({ by: z.string(), at: z.string() })),
});
const document = z.record(z.string(), entry);

/** Of what a note holds. One that is none of ours holds nothing: then all is told as if it were new. */
export function memoryOf(note: unknown): Memory {
  const { success, data } = z.safeParse(document, note ?? {});
  return success ? (data as Memory) : {};
}

/** How many of the two topics that carry health have nobody who is known to listen. */
export function deafTo(memory: Memory): number {
  return deafIn(Object.values(memory)).length;
}

export interface Next {
  readonly memory: Memory;
  /** `undefined` where there is nothing to tell. */
  readonly news?: HealthNews;
  readonly changed: boolean;
}

/** `checks`: the names of all there are. What a check found that is no more among them has ended with it. */
export function whatToTell(before: Memory, looks: readonly Look[], checks: readonly string[], now: Date): Next {
  const at = now.toISOString();
  const found = looks.flatMap(({ check, problems = [] }) => problems.map((problem) => ({ check, problem })));
  const memory: Record<string, Entry> = {};
  const began: Told[] = [];
  const lasting: Told[] = [];
  const ended: Told[] = [];
  for (const { check, problem } of found) {
    const was = before[problem.key];
    const why = reasonToTell(was, problem, now);
    const entry = entryOf(problem, check, was, why, at);
    memory[problem.key] = entry;
    if (why === 'began') began.push(toldOf(entry));
    else if (why === 'lasts') lasting.push(toldOf(entry));
  }
  for (const [key, was] of Object.entries(before)) {
    if (memory[key] !== undefined) continue;
    if (isOver(was, looks, checks)) {
      if (was.once !== true) ended.push(toldOf(was));
    } else if (reasonToTell(was, was, now) === 'lasts') {
      memory[key] = { ...was, toldAt: at };
      lasting.push(toldOf(was));
    } else memory[key] = was;
  }
  const changed = JSON.stringify(memory) !== JSON.stringify(before);
  if (began.length + lasting.length + ended.length === 0) return { memory, changed };
  const all = Object.values(memory);
  const open = all.filter(({ once }) => once !== true).length;
  const news = { at, began: worstFirst(began), lasting: worstFirst(lasting), ended: worstFirst(ended), open };
  return { memory, changed, news: { ...news, deaf: deafIn(all) } };
}

/** Of a check that looked again and did not find it, or that is no more. One that could not look takes nothing back. */
function isOver({ check }: Entry, looks: readonly Look[], checks: readonly string[]): boolean {
  if (!checks.includes(check)) return true;
  const look = looks.find((l) => l.check === check);
  return look?.problems !== undefined && look.failed !== true;
}

function reasonToTell(was: Entry | undefined, problem: Problem, now: Date): 'began' | 'lasts' | undefined {
  if (was === undefined) return 'began';
  if (problem.once === true) return undefined;
  if (was.severity === 'warning' && problem.severity === 'critical') return 'began';
  // Also where it was told in a future: clocks differ.
  const quiet = Math.abs(now.getTime() - Date.parse(was.toldAt));
  if (!(quiet < againAfter(was, problem))) return 'lasts';
  const known = new Set(was.affected);
  const hasGrown = problem.affected?.some((one) => !known.has(one)) === true || (problem.more ?? 0) > (was.more ?? 0);
  return hasGrown && quiet >= GROWN_MS ? 'began' : undefined;
}

function againAfter({ acked }: Entry, { daily }: Problem): number {
  if (daily === true) return DAILY_MS;
  return acked === undefined ? AGAIN_MS : ACKED_AGAIN_MS;
}

/** `affected` are those that were told of: who came since is still news. */
function entryOf(
  problem: Problem,
  check: string,
  was: Entry | undefined,
  why: ReturnType<typeof reasonToTell>,
  at: string,
): Entry {
  const { affected: _, more: _beyond, ...rest } = problem;
  const { affected, more } = was === undefined || why !== undefined ? problem : was;
  const since = was?.since ?? at;
  const toldAt = was === undefined || why !== undefined ? at : was.toldAt;
  // What was acknowledged is what was known then.
  const acked = was?.acked === undefined || why === 'began' ? {} : { acked: was.acked };
  const named = { ...(affected === undefined ? {} : { affected }), ...(more === undefined ? {} : { more }) };
  return { ...rest, ...named, check, since, toldAt, ...acked };
}

function toldOf({ check: _check, toldAt: _toldAt, acked: _acked, ...told }: Entry): Told {
  return told;
}

function worstFirst(told: readonly Told[]): readonly Told[] {
  return told.toSorted((a, b) => Number(a.severity === 'warning') - Number(b.severity === 'warning'));
}

function deafIn(entries: readonly Problem[]): readonly HealthAudience[] {
  return AUDIENCES.filter((audience) => entries.some(({ deafens }) => deafens === audience));
}
const AUDIENCES = ['health', 'page'] as const satisfies readonly HealthAudience[];
