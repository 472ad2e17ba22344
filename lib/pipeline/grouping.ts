/**
 * Which notices that are due for people are told in one message (evidence-and-alerts.md section 3.5): those of one account, one
 * severity and one kind that share what was changed, the CloudTrail event or the security group or policy. A message waits until
 * its like have stopped coming, and never longer than 30 s; what shares nothing with anything leaves at once. Pure.
 */
import type { Notice, OutboxEntry } from '../model/incident.ts';
import { isUnderGlass } from '../model/sink.ts';

/** An entry, and the notice as it is to be told. */
export interface Ready {
  readonly entry: OutboxEntry;
  readonly notice: Notice;
}

/** After the last one that came. */
export const QUIET_MS = 5_000;
/** After the first one. */
export const WAIT_MS = 30_000;

export interface Grouped {
  /** Each is one message, its members in the order in which they came to be owed. */
  readonly leaving: readonly (readonly Ready[])[];
  readonly held: readonly Ready[];
  /** When the first of those held leaves. */
  readonly until?: Date;
}

export function grouped(ready: readonly Ready[], now: Date): Grouped {
  const timed = components(ready).map((group) => ({ group, at: leavesAt(group, now.getTime()) }));
  const held = timed.filter(({ at }) => at > now.getTime());
  const leaving = timed.filter(({ at }) => at <= now.getTime()).map(({ group }) => group);
  if (held.length === 0) return { leaving, held: [] };
  return { leaving, held: held.flatMap(({ group }) => group), until: new Date(Math.min(...held.map(({ at }) => at))) };
}

/** What they share is transitive: A and B one group, B and C another, make one message of three. */
function components(ready: readonly Ready[]): readonly (readonly Ready[])[] {
  const parents = new Map<string, string>();
  const top = (root: string): string => {
    let at = root;
    for (let up = parents.get(at); up !== undefined; up = parents.get(at)) at = up;
    if (at !== root) parents.set(root, at);
    return at;
  };
  const join = (a: string, b: string): void => {
    if (top(a) !== top(b)) parents.set(top(b), top(a));
  };
  const groups = new Map<string, Ready[]>();
  const sorted = [...ready].sort(inOrder).map((one) => ({ one, roots: rootsOf(one.notice) }));
  for (const { roots } of sorted) for (const root of roots.slice(1)) join(roots[0] ?? root, root);
  for (const [i, { one, roots }] of sorted.entries()) {
    const [first] = roots;
    const name = first === undefined ? `alone ${i}` : top(first);
    const group = groups.get(name);
    if (group === undefined) groups.set(name, [one]);
    else group.push(one);
  }
  return [...groups.values()];
}

/** What it may share with others, each with all that has to be equal besides. None: it is told alone. */
export function rootsOf({ kind, incident, endpoint }: Notice): readonly string[] {
  const { account, roots = [] } = endpoint;
  if (account === undefined) return [];
  const asOne = kind === 'opened' || kind === 'worsened' ? 'alert' : kind;
  const alike = [account, asOne, incident.severity, isUnderGlass(incident)].join('|');
  const event = incident.attribution?.changes[0]?.id;
  return [...(event === undefined ? [] : [`event ${event}`]), ...roots].map((root) => `${alike}|${root}`);
}

/** A clock that was set back must hold nothing. */
function leavesAt(group: readonly Ready[], now: number): number {
  const times = group.map(({ notice }) => Date.parse(notice.createdAt)).filter((at) => at <= now);
  if (times.length === 0 || group.every(({ notice }) => rootsOf(notice).length === 0)) return now;
  return Math.min(Math.min(...times) + WAIT_MS, Math.max(...times) + QUIET_MS);
}

function inOrder(a: Ready, b: Ready): number {
  return a.notice.createdAt.localeCompare(b.notice.createdAt) || (a.notice.key < b.notice.key ? -1 : 1);
}
