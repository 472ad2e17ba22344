/**
 * On which page the visits without news of an endpoint are noted (decision 0031). It stays on the page that it is on; those
 * without one fill new pages in the order of the roster, so that visits planned together are noted together. Where
 * endpoints left, and what is on several pages fits on one, it is moved together by the next plan of the same environment.
 */
import type { EndpointState } from '../model/state.ts';

export const PAGE_ENDPOINTS = 50;
/** To move an endpoint is a write of its own, and a page too many costs one a round. */
const MIN_SPARSE = 4;

export interface Paging {
  pageOf(state: Pick<EndpointState, 'page'>): string;
  /** Pages that the next plan may empty: those that together fit on one. */
  sparse(): ReadonlySet<string>;
}

/** `leaving`: pages whose endpoints are given a new one. */
export function paginate(now: Date, leaving: ReadonlySet<string> = new Set()): Paging {
  const counts = new Map<string, number>();
  let filled = 0;
  const nextPage = (): string => `${now.toISOString()}-${Math.floor(filled++ / PAGE_ENDPOINTS)}`;
  return {
    pageOf({ page: held }) {
      const page = held === undefined || leaving.has(held) ? nextPage() : held;
      counts.set(page, (counts.get(page) ?? 0) + 1);
      return page;
    },
    sparse() {
      const found = new Set<string>();
      let together = 0;
      for (const [page, count] of [...counts].toSorted(([, a], [, b]) => a - b)) {
        together += count;
        if (together > PAGE_ENDPOINTS) break;
        found.add(page);
      }
      return found.size >= MIN_SPARSE ? found : new Set();
    },
  };
}
