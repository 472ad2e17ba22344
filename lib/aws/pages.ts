/**
 * Walks the pages of a list, and says whether they are all. `Cell.list` is this for a service's own list, where a failure
 * leaves the cell in doubt; with a subject it is a gap of that subject alone.
 */
import type { CoverageGap } from '../model/endpoint.ts';

/** A list longer than this is cut, and says so: no token may make us walk for ever. */
export const MAX_PAGES = 2_000;

/** What of a cell a walk needs. */
interface Asker {
  ask<T>(action: string, call: () => Promise<T>, subject?: string): Promise<T | undefined>;
  gap(code: CoverageGap['code'], detail: string, subject?: string): void;
}

export interface Pages<T> {
  /** What arrived, the pages before a failure included. */
  readonly items: readonly T[];
  /** Whether this is all. Where it is not, nothing may be concluded from what is missing. */
  readonly whole: boolean;
}

export interface PageCall<O, T> {
  readonly action: string;
  readonly call: (token: string | undefined) => Promise<O>;
  readonly items: (page: O) => readonly T[] | undefined;
  readonly next: (page: O) => string | undefined;
}

/** All pages; gaps are recorded against `subject`, or against the whole cell. */
export async function pagesOf<O, T>(
  cell: Asker,
  subject: string | undefined,
  { action, call, items, next }: PageCall<O, T>,
): Promise<Pages<T>> {
  const all: T[] = [];
  const seen = new Set<string>();
  let token: string | undefined;
  while (seen.size < MAX_PAGES) {
    const current = token;
    const page = await cell.ask(action, () => call(current), subject);
    if (page === undefined) return { items: all, whole: false };
    all.push(...(items(page) ?? []));
    token = next(page);
    if (token === undefined || token === '') return { items: all, whole: true };
    if (seen.has(token)) {
      cell.gap('incomplete', `${action}: the same page token came twice`, subject);
      return { items: all, whole: false };
    }
    seen.add(token);
  }
  cell.gap('incomplete', `${action}: more than ${MAX_PAGES} pages`, subject);
  return { items: all, whole: false };
}
