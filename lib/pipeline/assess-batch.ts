/**
 * Readings of many endpoints at once, as a queue hands them over: their states are read together, what is news is committed
 * endpoint by endpoint, and the visits without news are noted page by page, each page in one write (decision 0031).
 */
import pLimit from 'p-limit';
import type { Decision } from '../assess/decide.ts';
import type { Allowlist } from '../model/allowlist.ts';
import type { Reading } from '../model/reading.ts';
import type { StateStore } from '../model/store.ts';
import { assessTogether, committed, judgeOn, type Judged } from './assess.ts';

/** What is news of many endpoints at once goes through one ledger. */
const COMMITS_AT_ONCE = 10;

/** By endpoint id what became of its readings, all of them or none. Rejects where the states cannot be read together. */
export async function assessBatch(
  readings: readonly Reading[],
  store: StateStore,
  allowlist: Allowlist,
  now: () => Date,
): Promise<ReadonlyMap<string, PromiseSettledResult<Decision>>> {
  const byEndpoint = [...Map.groupBy(readings, ({ endpoint }) => endpoint.id)];
  const states = await store.revisits?.read(byEndpoint.map(([id]) => id));
  const judge = async ([id, mine]: (typeof byEndpoint)[number]): Promise<Judged> => {
    if (states !== undefined) {
      const before = states.get(id);
      const judged = await judgeOn(before, mine, store, allowlist, now);
      if (!judged.changed || (await committed(before, judged, store))) return judged;
    }
    return { ...(await assessTogether(mine, store, allowlist, now)), revisits: [] };
  };
  const judged = new Map<string, PromiseSettledResult<Judged>>();
  await pLimit(COMMITS_AT_ONCE).map(byEndpoint, async (mine) => {
    for (const result of await Promise.allSettled([judge(mine)])) judged.set(mine[0], result);
  });
  return new Map([...judged, ...(await unnoted([...judged.values()], store))]);
}

/** Notes the visits without news: of the endpoints where that did not work, why. */
async function unnoted(
  judged: readonly PromiseSettledResult<Judged>[],
  { revisits: pages }: StateStore,
): Promise<ReadonlyMap<string, PromiseRejectedResult>> {
  const seen = judged.flatMap((one) => (one.status === 'fulfilled' && one.value.revisits.length > 0 ? one.value : []));
  const failed = new Map<string, PromiseRejectedResult>();
  const note = async ([page, mine]: readonly [string, readonly Judged[]]): Promise<void> => {
    const all = mine.flatMap(({ revisits }) => revisits);
    const [result] = await Promise.allSettled([pages?.note(page, all)]);
    if (result?.status === 'rejected') for (const { state } of mine) failed.set(state.endpoint.id, result);
  };
  await Promise.all([...Map.groupBy(seen, ({ state }) => state.page ?? '')].map(note));
  return failed;
}
