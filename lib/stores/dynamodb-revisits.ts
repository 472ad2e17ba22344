/**
 * Visits without news, a page of them in one item: partition `R#<page>`. A page is read and written whole, on condition that
 * nobody wrote on it meanwhile. It is JSON as all documents are, and about 60 bytes a visit.
 */
import { noted, withRevisits } from '../model/revisit.ts';
import type { EndpointState, Revisit } from '../model/state.ts';
import type { Revisits } from '../model/store.ts';
import { type Item, type Key, pause, type Table, unwritten } from './dynamodb-access.ts';
import { corrupt } from './dynamodb-error.ts';
import { checkFits, documentOf, isStill, newToken, openDocument, partsOf, writesOf } from './dynamodb-items.ts';

/** Writers of one page: the few functions that judge its endpoints at the same time. */
const MAX_ATTEMPTS = 10;

/** A page on which nobody wrote for so long is of nobody: its endpoints are gone or on others. */
const KEPT_MS = 90 * 24 * 3_600_000;
/** Pages that a listing has at hand: states that follow each other are for the most part on the same ones. */
const MAX_HELD = 256;

export interface Pages extends Pick<Revisits, 'note'> {
  /** States as they are stored, each with what is noted of it. */
  with(states: readonly EndpointState[]): Promise<readonly EndpointState[]>;
  /** The same for one after another, of pages that are read once while they are at hand. */
  listing(): (state: EndpointState) => Promise<EndpointState>;
}
type ByEndpoint = ReadonlyMap<string, readonly Revisit[]>;

function pageKey(page: string): Key {
  return { pk: `R#${page}`, sk: '-' };
}

export function openPages(table: Table): Pages {
  const opened = async (head: Item | undefined): Promise<readonly Revisit[]> =>
    checked((await openDocument<{ readonly revisits: unknown }>(table, head, 'page'))?.value.revisits ?? []);
  const read = async (page: string): Promise<ByEndpoint> => byEndpoint(await opened(await table.get(pageKey(page))));
  return {
    async with(states) {
      const names = [...new Set(states.flatMap(({ page }) => page ?? []))];
      const heads = await table.getAll(names.map(pageKey));
      const found = await Promise.all(
        names.map(async (name, i) => [name, byEndpoint(await opened(heads[i]))] as const),
      );
      const pages = new Map(found);
      return states.map((state) => withPage(state, pages.get(state.page ?? '')));
    },
    listing() {
      const held = new Map<string, Promise<ByEndpoint>>();
      return async (state) => {
        const { page } = state;
        if (page === undefined) return state;
        const known = held.get(page) ?? read(page);
        held.delete(page);
        held.set(page, known);
        for (const oldest of held.keys()) {
          if (held.size <= MAX_HELD) break;
          held.delete(oldest);
        }
        return withPage(state, await known);
      };
    },
    async note(page, revisits) {
      const key = pageKey(page);
      for (let attempt = 1; ; attempt++) {
        const before = await table.get(key);
        const all = noted(await opened(before), revisits);
        const document = documentOf(key, newToken(), { revisits: all }, { expires: expiry(all) });
        const writes = writesOf(document, before === undefined ? 0 : partsOf(before), isStill(before?.['m']));
        checkFits(writes, key.pk);
        const result = await table.write(writes, newToken());
        if (result.outcome === 'done') return;
        // Noting the same twice does no harm: where no answer came it is done again.
        if (attempt === MAX_ATTEMPTS) throw unwritten(result, table.name);
        await pause(attempt);
      }
    },
  };
}

function byEndpoint(revisits: readonly Revisit[]): ByEndpoint {
  return Map.groupBy(revisits, ({ endpointId }) => endpointId);
}

function withPage(state: EndpointState, page: ByEndpoint | undefined): EndpointState {
  return withRevisits(state, page?.get(state.endpoint.id) ?? []);
}

function expiry(revisits: readonly Revisit[]): number {
  return Math.ceil((Math.max(...revisits.map(({ at }) => Date.parse(at))) + KEPT_MS) / 1_000);
}

function checked(revisits: unknown): readonly Revisit[] {
  if (!Array.isArray(revisits)) throw corrupt('a page of visits is not a list');
  return revisits as readonly Revisit[];
}
