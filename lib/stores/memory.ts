/** A store in memory, for tests and for commands that keep nothing. The same contract as every other store. */
import { type Change, keysOfChange, keysOfEndpoint } from '../model/change.ts';
import type { Incident, OutboxEntry } from '../model/incident.ts';
import { placeKey, type PlaceRecord } from '../model/inventory.ts';
import type { Json, LedgerEntry, LedgerLine } from '../model/ledger.ts';
import { noted, withRevisits } from '../model/revisit.ts';
import { sinksFor } from '../model/sink.ts';
import type { EndpointState, Revisit } from '../model/state.ts';
import type { Changes, IncidentFilter, Records, StateStore, ToldGap } from '../model/store.ts';
import { chainLines, GENESIS } from './chain.ts';
import { keptSince, newestFirst } from './kept-changes.ts';
import { compareKeys, EXHAUSTED, noticeLine, nextState, spendOne, touches } from './rows.ts';

interface MemoryOptions {
  readonly sinks: readonly string[];
  readonly now?: () => Date;
  /** Hands out the very states that it was given, which nobody may change: for whoever plays a hundred thousand visits. */
  readonly shared?: boolean;
}

export function memoryStore({ sinks, now = () => new Date(), shared = false }: MemoryOptions): StateStore {
  const states = new Map<string, EndpointState>();
  const incidents = new Map<string, Incident>();
  const ledger: LedgerEntry[] = [];
  const outbox = new Map<string, OutboxEntry>();
  const settled = new Set<string>();
  const places = new Map<string, PlaceRecord>();
  let accountGaps: readonly ToldGap[] = [];
  const budgets = new Map<string, { used: number; last: string }>();
  const words = new Map<string, string>();
  const pages = new Map<string, readonly Revisit[]>();
  const head = () => ledger.at(-1) ?? GENESIS;
  const append = (lines: readonly LedgerLine[]): void => {
    ledger.push(...chainLines(head(), lines));
  };
  const read = (id: string): EndpointState | undefined => {
    const state = states.get(id);
    if (state === undefined) return undefined;
    const page = state.page === undefined ? [] : (pages.get(state.page) ?? []);
    const mine = page.filter(({ endpointId }) => endpointId === id);
    return withRevisits(shared ? state : copyOf(state), mine);
  };
  return {
    read: async (id) => read(id),
    async commit({ state, expected, lines, notices, incidents: changed }) {
      const { id } = state.endpoint;
      if ((states.get(id)?.version ?? 0) !== expected) return 'conflict';
      const next = nextState(state, expected);
      states.set(id, shared ? next : copyOf(next));
      append(lines);
      for (const incident of changed) incidents.set(incident.id, incident);
      for (const notice of notices) {
        for (const sink of sinksFor(notice, sinks)) {
          const key = `${notice.key}|${sink}`;
          if (!outbox.has(key) && !settled.has(key))
            outbox.set(key, { notice, sink, attempts: 0, dueAt: notice.createdAt });
        }
      }
      return 'committed';
    },
    async append(lines) {
      append(lines);
    },
    async *states(prefix = '') {
      for (const id of [...states.keys()].filter((k) => k.startsWith(prefix)).sort(compareKeys)) {
        const state = read(id);
        if (state !== undefined) yield state;
      }
    },
    async *incidents(filter: IncidentFilter = {}) {
      const order = (i: Incident): string => `${i.start.upper}|${i.id}`;
      const found = [...incidents.values()].filter((i) => touches(i, filter));
      yield* found.sort((a, b) => (order(a) < order(b) ? -1 : 1));
    },
    async *ledger({ from = 1, to = Number.POSITIVE_INFINITY } = {}) {
      for (const entry of ledger) if (entry.seq >= from && entry.seq <= to) yield entry;
    },
    ledgerHead: async () => ({ seq: head().seq, hash: head().hash }),
    outbox: {
      async due(now, limit) {
        const due = [...outbox.values()].filter((e) => e.dueAt <= now);
        return due
          .sort((a, b) => (`${a.dueAt}|${a.notice.key}` < `${b.dueAt}|${b.notice.key}` ? -1 : 1))
          .slice(0, limit);
      },
      async settle(entry, receipt) {
        const key = `${entry.notice.key}|${entry.sink}`;
        if (!outbox.delete(key)) return;
        settled.add(key);
        append([noticeLine(entry, receipt)]);
      },
      async defer(entry, dueAt, error) {
        const key = `${entry.notice.key}|${entry.sink}`;
        const held = outbox.get(key);
        if (held !== undefined) outbox.set(key, { ...held, attempts: held.attempts + 1, dueAt, lastError: error });
      },
      async postpone(entry, dueAt) {
        const key = `${entry.notice.key}|${entry.sink}`;
        const held = outbox.get(key);
        if (held !== undefined && held.dueAt === entry.dueAt) outbox.set(key, { ...held, dueAt });
      },
      async owed(keys, sink) {
        return keys.flatMap((key) => {
          const held = outbox.get(`${key}|${sink}`);
          return held === undefined ? [] : [{ key, attempts: held.attempts }];
        });
      },
      pending: async () => outbox.size,
    },
    budgets: {
      async spend(key, now, budget) {
        const spent = budgets.get(key);
        const next = spendOne(spent, now, budget);
        if (next === undefined) return { allowed: false, ...(spent ?? { used: 0 }) };
        budgets.set(key, next);
        return { allowed: true, ...next };
      },
      async exhaust(key, now) {
        budgets.set(key, { used: EXHAUSTED, last: now });
      },
      async reset(key) {
        budgets.delete(key);
      },
      async remember(key, word) {
        words.set(key, word);
      },
      recall: async (key) => words.get(key),
    },
    inventory: {
      read: async (account, region) => structuredClone(places.get(placeKey({ account, region }))),
      async save(record) {
        places.set(placeKey(record.place), structuredClone(record));
      },
      async *all() {
        for (const key of [...places.keys()].sort(compareKeys)) {
          const record = places.get(key);
          if (record !== undefined) yield structuredClone(record);
        }
      },
    },
    accountGaps: {
      read: async () => accountGaps,
      async save(gaps) {
        accountGaps = structuredClone(gaps);
      },
    },
    changes: memoryChanges(now),
    records: memoryRecords(append),
    revisits: {
      async read(ids) {
        const found = ids.flatMap((id) => read(id) ?? []);
        return new Map(found.map((state) => [state.endpoint.id, state]));
      },
      async note(page, revisits) {
        pages.set(page, structuredClone(noted(pages.get(page) ?? [], revisits)));
      },
    },
    async dependents(scopedKeys) {
      const found = [...states.keys()].filter((id) => {
        const endpoint = states.get(id)?.endpoint;
        return endpoint !== undefined && keysOfEndpoint(endpoint).some((key) => scopedKeys.includes(key));
      });
      return found.sort(compareKeys);
    },
    async close() {},
  };
}

/** As a store on a disk would: what has no form in JSON is lost, and what is changed later is not changed here. */
function copyOf(state: EndpointState): EndpointState {
  return JSON.parse(JSON.stringify(state)) as EndpointState;
}

function memoryChanges(now: () => Date): Changes {
  const changes = new Map<string, Change>();
  return {
    async add(change) {
      const since = keptSince(now());
      for (const { id, at } of [...changes.values()]) if (at < since) changes.delete(id);
      if (changes.has(change.id)) return false;
      changes.set(change.id, structuredClone(change));
      return true;
    },
    async about({ keys, from, to, limit }) {
      const found = [...changes.values()].filter(
        (c) => c.at >= from && c.at <= to && keysOfChange(c).some((key) => keys.includes(key)),
      );
      return structuredClone(found.sort(newestFirst).slice(0, limit));
    },
  };
}

function memoryRecords(append: (lines: readonly LedgerLine[]) => void): Records {
  const bodies = new Map<string, string>();
  return {
    async read(key) {
      const body = bodies.get(key);
      return body === undefined ? undefined : { value: JSON.parse(body) as Json, version: body };
    },
    async save(key, { value, version, lines }) {
      if (bodies.get(key) !== version) return 'conflict';
      bodies.set(key, JSON.stringify(value));
      append(lines);
      return 'saved';
    },
  };
}
