/** Which changes explain that a protection was lost (aws-services.md section 5.5). */
import { type Attribution, type Change, keysOfChange, MAX_ATTRIBUTED, scopedKey } from '../model/change.ts';

/** A static parameter waits for a restart, at most as long as CloudTrail itself remembers. */
export const MAX_PENDING_MS = 90 * 86_400_000;

/**
 * Newest first, at most MAX_ATTRIBUTED; `undefined` where no event explains it. `keys` are what was asked of the store:
 * scoped keys of all that the endpoint depends on, and its cell's. `changes` reach back to MAX_PENDING_MS before `from`,
 * in any order, for a restart between `from` and `to` brings the older change of a parameter group with it.
 */
export function attribute(
  changes: readonly Change[],
  keys: readonly string[],
  from: string,
  to: string,
): Attribution | undefined {
  const wanted = new Set(keys);
  const known = [...new Map(changes.map((change) => [change.id, change])).values()]
    .filter((change) => change.errorCode === undefined && keysOfChange(change).some((key) => wanted.has(key)))
    .toSorted(newestFirst);
  const within = known.filter(({ at }) => at >= from && at <= to);
  if (within.length === 0) return undefined;
  const cited = citedOf(within, (restart) => pendingBefore(restart, known, wanted));
  return { changes: cited.map(({ id, at, source, name, actor }) => ({ id, at, source, name, actor })) };
}

/**
 * Where there is room for some only: the newest restart with what waited for it, then what names a thing, then what may
 * have touched a whole cell.
 */
function citedOf(within: readonly Change[], pendingOf: (restart: Change) => readonly Change[]): readonly Change[] {
  const restarts = within.filter(isRestart).map((restart) => ({ restart, pending: pendingOf(restart) }));
  const effective = restarts.find(({ pending }) => pending.length > 0);
  const ranked = [
    ...(effective === undefined ? [] : [effective.restart, ...effective.pending.slice(0, 1)]),
    ...within.filter(({ touched }) => touched.length > 0),
    ...within,
    ...restarts.flatMap(({ pending }) => pending),
  ];
  return [...new Set(ranked)].slice(0, MAX_ATTRIBUTED).toSorted(newestFirst);
}

/** Changes of parameter groups that this restart made effective: those since the restart before it. */
function pendingBefore(restart: Change, known: readonly Change[], wanted: ReadonlySet<string>): readonly Change[] {
  const earliest = new Date(Date.parse(restart.at) - MAX_PENDING_MS).toISOString();
  const since = known.find(
    (change) => isRestart(change) && change.at < restart.at && change.touched.some((k) => restart.touched.includes(k)),
  );
  return known.filter(
    (change) =>
      change.at < restart.at &&
      change.at >= (since?.at ?? earliest) &&
      change.kind === 'change' &&
      change.touched.some((key) => GROUP.test(key) && wanted.has(scopedKey(key, change.account, change.region))),
  );
}

const GROUP = /^(rds:(pg|cluster-pg|og)|[a-z-]+:parametergroup|(kafka|mq):configuration)\//;

function isRestart({ kind, name }: Change): boolean {
  return kind === 'apply' || name.startsWith('Reboot');
}

function newestFirst(a: Change, b: Change): number {
  return compare(b.at, a.at) || compare(b.id, a.id);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
