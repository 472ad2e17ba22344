/**
 * States: the roster is their partitions. A commit is one transaction on condition of the version that was read; a
 * reading that only moved its state is one plain write. Each state keeps the tokens of its last commits, newest first,
 * so that a writer whose answer was lost can tell whether a version was its own.
 */
import type { EndpointState } from '../model/state.ts';
import type { Commit } from '../model/store.ts';
import { AjarError } from '../model/errors.ts';
import { type Item, type Key, pause, type Table, type Write } from './dynamodb-access.ts';
import { addLeads, dropLeads } from './dynamodb-dependencies.ts';
import { corrupt, storeError } from './dynamodb-error.ts';
import { incidentWrites } from './dynamodb-incidents.ts';
import {
  checkFits,
  documentOf,
  newToken,
  type Opened,
  openDocument,
  partsOf,
  shardOf,
  writesOf,
} from './dynamodb-items.ts';
import { type Clock, journalWrites } from './dynamodb-journal.ts';
import { noticeWrites, type OwedTo } from './dynamodb-outbox.ts';
import { keysOfEndpoint } from '../model/change.ts';
import { checkedState, nextState } from './rows.ts';

/** As many versions may follow a commit before its writer asks whether it was his. */
const MAX_TOKENS = 6;
const MAX_ATTEMPTS = 3;
/** Endpoints of which the last version seen is remembered, so that a commit need not read what `read` has read. */
const MAX_KNOWN = 2_000;

/** What a commit has to know of the version it follows. */
interface Before {
  readonly version: number;
  readonly tokens: readonly string[];
  readonly keys: readonly string[];
  readonly parts: number;
  /** Journal time of its last lines. */
  readonly time?: string;
}
const NEVER: Before = { version: 0, tokens: [], keys: [], parts: 0 };

export interface States {
  /** As it is stored, without what is noted apart. */
  read(id: string): Promise<EndpointState | undefined>;
  /** Of these, those that are there. */
  readAll(ids: readonly string[]): Promise<ReadonlyMap<string, EndpointState>>;
  /** Of these heads, whichever are there still. */
  open(head: Item | undefined): Promise<EndpointState | undefined>;
  commit(commit: Commit): Promise<'committed' | 'conflict'>;
}

export function stateKey(id: string): Key {
  return { pk: `S#${shardOf(id)}`, sk: id };
}

export function openStates(table: Table, clock: Clock, sinks: OwedTo): States {
  const known = new Map<string, Before>();
  const remember = (id: string, before: Before): void => {
    known.delete(id);
    known.set(id, before);
    for (const oldest of known.keys()) {
      if (known.size <= MAX_KNOWN) break;
      known.delete(oldest);
    }
  };
  const openKnown = async (id: string, head: Item | undefined): Promise<EndpointState | undefined> => {
    const opened = await openState(table, head);
    if (opened !== undefined) remember(id, beforeOf(opened));
    return opened?.value;
  };
  const load = async (id: string): Promise<EndpointState | undefined> => openKnown(id, await table.get(stateKey(id)));
  const before = async (id: string, expected: number): Promise<Before | undefined> => {
    if (expected === 0) return NEVER;
    if (known.get(id)?.version !== expected) await load(id);
    const found = known.get(id);
    return found?.version === expected ? found : undefined;
  };
  const owed = async (notices: Commit['notices'], time: string): Promise<readonly Write[]> => {
    if (notices.length === 0) return [];
    return noticeWrites(table, notices, typeof sinks === 'function' ? await sinks() : sinks, time);
  };
  return {
    read: load,
    async readAll(ids) {
      const heads = await table.getAll(ids.map(stateKey));
      const states = await Promise.all(ids.map((id, i) => openKnown(id, heads[i])));
      return new Map(states.flatMap((state) => (state === undefined ? [] : [[state.endpoint.id, state]])));
    },
    open: async (head) => (await openState(table, head))?.value,
    async commit(commit) {
      const { id } = commit.state.endpoint;
      const from = await before(id, commit.expected);
      if (from === undefined) return 'conflict';
      const token = newToken();
      const keys = keysOfEndpoint(commit.state.endpoint);
      const time = commit.lines.length + commit.notices.length > 0 ? clock(from.time) : from.time;
      const after: Before = {
        version: commit.expected + 1,
        tokens: [token, ...from.tokens].slice(0, MAX_TOKENS),
        keys,
        parts: 0,
        ...(time === undefined ? {} : { time }),
      };
      const state = stateWrites(commit, from, after);
      const writes = [
        ...state,
        ...journalWrites(time ?? '', commit.lines, id),
        ...incidentWrites(commit.incidents),
        ...(await owed(commit.notices, time ?? '')),
      ];
      checkFits(writes, id);
      await addLeads(table, id, without(keys, from.keys), after.version);
      if (!(await written(table, writes, token, id, commit.expected))) return 'conflict';
      remember(id, { ...after, parts: state.filter((write) => 'put' in write).length - 1 });
      await dropLeads(table, id, without(from.keys, keys), after.version);
      return 'committed';
    },
  };
}

function without(keys: readonly string[], others: readonly string[]): readonly string[] {
  return keys.filter((key) => !others.includes(key));
}

function stateWrites({ state, expected }: Commit, from: Before, { version, tokens, time }: Before): readonly Write[] {
  const key = stateKey(state.endpoint.id);
  const attributes = { v: version, tokens: tokens.join(' '), ...(time === undefined ? {} : { t: time }) };
  const document = documentOf(key, tokens[0] ?? '', nextState(state, expected), attributes);
  const when = expected === 0 ? { text: 'attribute_not_exists(pk)' } : { text: 'v = :v', values: { ':v': expected } };
  return writesOf(document, from.parts, when);
}

/** True where the version that follows `expected` is ours. Asks the table where the answer does not say. */
async function written(
  table: Table,
  writes: readonly Write[],
  token: string,
  id: string,
  expected: number,
): Promise<boolean> {
  for (let attempt = 1; ; attempt++) {
    const result = await table.write(writes, token);
    if (result.outcome === 'done') return true;
    if (result.outcome === 'refused' && !result.again && attempt === 1) {
      await pause(attempt);
      return false;
    }
    const held = await table.get(stateKey(id));
    const behind = Number(held?.['v'] ?? 0) - expected;
    if (behind !== 0) return behind > 0 && isOurs(held, behind, token, id);
    // Nobody has written that version: somebody is about to, or this can be sent again as it is.
    if (result.outcome === 'refused') return false;
    if (attempt === MAX_ATTEMPTS) throw storeError(result.error, table.name);
    await pause(attempt);
  }
}

function isOurs(held: Item | undefined, behind: number, token: string, id: string): boolean {
  const tokens = tokensOf(held);
  const made = tokens[behind - 1];
  if (made !== undefined) return made === token;
  throw new AjarError('store-unavailable', `${id}: ${behind} versions followed before an answer came`, {
    cure: 'deliver the reading again: one that was taken is not taken twice',
  });
}

function tokensOf(head: Item | undefined): readonly string[] {
  const tokens = head?.['tokens'];
  return typeof tokens === 'string' ? tokens.split(' ') : [];
}

function beforeOf({ head, value }: Opened<EndpointState>): Before {
  const time = head['t'];
  return {
    version: value.version,
    tokens: tokensOf(head),
    keys: keysOfEndpoint(value.endpoint),
    parts: partsOf(head),
    ...(typeof time === 'string' ? { time } : {}),
  };
}

async function openState(table: Table, head: Item | undefined): Promise<Opened<EndpointState> | undefined> {
  const opened = await openDocument<EndpointState>(table, head, 'state');
  if (opened !== undefined) checkedState(opened.value, corrupt);
  return opened;
}
