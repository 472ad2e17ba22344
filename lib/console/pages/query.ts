/** What was asked for in an address: a stranger's words, bounded here and nowhere trusted. */
import { MAX_QUERY, ROWS } from './parts.ts';

export interface Query {
  readonly q: string;
  readonly status: string;
  readonly severity: string;
  readonly verdict: string;
  readonly page: number;
}

const MAX_PAGE = 100_000;

export function queryOf(asked: URLSearchParams): Query {
  const text = (name: string): string => (asked.get(name) ?? '').trim().slice(0, MAX_QUERY);
  const page = Number(text('page') || '1');
  return {
    ...{ q: text('q'), status: text('status'), severity: text('severity'), verdict: text('verdict') },
    page: Number.isInteger(page) && page >= 1 && page <= MAX_PAGE ? page : 1,
  };
}

/** One page of them; past the last page it is the last. */
export function rowsOf<T>(all: readonly T[], asked: number): { readonly rows: readonly T[]; readonly page: number } {
  const page = Math.min(asked, Math.max(1, Math.ceil(all.length / ROWS)));
  return { rows: all.slice((page - 1) * ROWS, page * ROWS), page };
}
