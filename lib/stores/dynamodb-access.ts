/** The table as the store uses it: consistent reads in pages, and writes that hold whole or not at all. */
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import {
  BatchGetCommand,
  DeleteCommand,
  DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
  QueryCommand,
  TransactWriteCommand,
  UpdateCommand,
} from '@aws-sdk/lib-dynamodb';
import { setTimeout as sleep } from 'node:timers/promises';
import { AjarError } from '../model/errors.ts';
import { answerOf, storeError, wasRepeated } from './dynamodb-error.ts';
import { OUTSTANDING_INDEX } from './dynamodb-table.ts';

export interface Key {
  readonly pk: string;
  readonly sk: string;
}
export interface Item extends Key {
  readonly [attribute: string]: unknown;
}

export interface Condition {
  readonly text: string;
  readonly values?: Readonly<Record<string, unknown>>;
}
export type Write =
  | { readonly put: Item; readonly when?: Condition }
  | { readonly remove: Key; readonly when?: Condition };

export type Written =
  | { readonly outcome: 'done' }
  /** `again`: it was not the first time this was sent, so what it met may be itself. */
  | { readonly outcome: 'refused'; readonly again: boolean }
  | { readonly outcome: 'unknown'; readonly error: unknown };

/** One partition of the table by its sort key, or one list of the index by its rank; bounds are inclusive. */
export interface Range {
  readonly partition: string;
  readonly index?: true;
  readonly from?: string;
  readonly to?: string;
  readonly descending?: true;
  /** Items a page. */
  readonly page?: number;
  /** May be some moments behind, at half the price. The index always is. */
  readonly stale?: true;
}

export interface Table {
  readonly name: string;
  get(key: Key): Promise<Item | undefined>;
  /** In the order of the keys, which may repeat. */
  getAll(keys: readonly Key[]): Promise<readonly (Item | undefined)[]>;
  query(range: Range): AsyncGenerator<Item>;
  count(range: Range): Promise<number>;
  /** All or nothing, however many. The same `token` again is the same write (ten minutes long). */
  write(writes: readonly Write[], token: string): Promise<Written>;
  /** Writes without conditions, so that doing them twice does no harm. */
  save(writes: readonly Write[], token: string): Promise<void>;
  /** One item in place. `undefined` where the condition did not hold. */
  update(key: Key, change: Update): Promise<Item | undefined>;
}

export interface Update {
  readonly text: string;
  readonly when: string;
  readonly values: Readonly<Record<string, unknown>>;
}

const MAX_BATCH_KEYS = 100;
const MAX_ROUNDS = 10;
const MAX_SAVES = 3;

/** Between tries, so that writers that met once do not meet again at once. */
export async function pause(attempt: number): Promise<void> {
  await sleep(Math.random() * Math.min(500, 10 * 2 ** attempt));
}

/** Names that may be reserved words of DynamoDB, as expressions have to spell them. */
const NAMES: Readonly<Record<string, string>> = { '#list': 'list', '#rank': 'rank', '#last': 'last' };

function namesIn(...texts: readonly (string | undefined)[]): { ExpressionAttributeNames?: Record<string, string> } {
  const used = Object.entries(NAMES).filter(([name]) => texts.some((text) => text?.includes(name)));
  return used.length === 0 ? {} : { ExpressionAttributeNames: Object.fromEntries(used) };
}

export function openTable(client: DynamoDBClient, name: string): Table {
  const documents = DynamoDBDocumentClient.from(client);
  const guarded = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      throw storeError(error, name);
    }
  };
  const table: Table = {
    name,
    async get({ pk, sk }) {
      const input = { TableName: name, Key: { pk, sk }, ConsistentRead: true };
      const { Item } = await guarded(() => documents.send(new GetCommand(input)));
      return Item as Item | undefined;
    },
    async getAll(keys) {
      const distinct = [...new Map(keys.map(({ pk, sk }) => [nameOf({ pk, sk }), { pk, sk }])).values()];
      const found = new Map<string, Item>();
      for (let at = 0; at < distinct.length; at += MAX_BATCH_KEYS) {
        const batch = await guarded(() => getBatch(documents, name, distinct.slice(at, at + MAX_BATCH_KEYS)));
        for (const item of batch) found.set(nameOf(item), item);
      }
      return keys.map((key) => found.get(nameOf(key)));
    },
    async *query(range) {
      for (let start: Record<string, unknown> | undefined; ; ) {
        const input = { ...queryOf(name, range), ...(start === undefined ? {} : { ExclusiveStartKey: start }) };
        const { Items = [], LastEvaluatedKey } = await guarded(() => documents.send(new QueryCommand(input)));
        for (const item of Items) yield item as Item;
        if (LastEvaluatedKey === undefined) return;
        start = LastEvaluatedKey;
      }
    },
    async count(range) {
      let n = 0;
      for (let start: Record<string, unknown> | undefined; ; ) {
        const input = {
          ...queryOf(name, range),
          Select: 'COUNT' as const,
          ...(start === undefined ? {} : { ExclusiveStartKey: start }),
        };
        const { Count = 0, LastEvaluatedKey } = await guarded(() => documents.send(new QueryCommand(input)));
        n += Count;
        if (LastEvaluatedKey === undefined) return n;
        start = LastEvaluatedKey;
      }
    },
    async write(writes, token) {
      try {
        await send(documents, name, writes, token);
        return { outcome: 'done' };
      } catch (error) {
        const answer = answerOf(error);
        if (answer === 'failed') throw storeError(error, name);
        return answer === 'refused' ? { outcome: answer, again: wasRepeated(error) } : { outcome: answer, error };
      }
    },
    async save(writes, token) {
      for (let attempt = 1; ; attempt++) {
        const written = await table.write(writes, token);
        if (written.outcome === 'done') return;
        if (attempt === MAX_SAVES) throw unwritten(written, name);
        await pause(attempt);
      }
    },
    async update({ pk, sk }, { text, when, values }) {
      const input = {
        TableName: name,
        Key: { pk, sk },
        UpdateExpression: text,
        ConditionExpression: when,
        ExpressionAttributeValues: values,
        ...namesIn(text, when),
        ReturnValues: 'ALL_NEW' as const,
      };
      try {
        const { Attributes } = await documents.send(new UpdateCommand(input));
        return Attributes as Item;
      } catch (error) {
        if (answerOf(error) === 'refused') return undefined;
        throw storeError(error, name);
      }
    },
  };
  return table;
}

function nameOf({ pk, sk }: Key): string {
  return JSON.stringify([pk, sk]);
}

/** What to throw where a write was tried often enough. */
export function unwritten(written: Written, name: string): unknown {
  if (written.outcome === 'unknown') return storeError(written.error, name);
  return new AjarError('conflict', `table ${name}: other writers were at the same items each time`, {
    cure: 'nothing is lost; it can be tried again',
  });
}

function queryOf(name: string, { partition, index, from, to, descending, page, stale }: Range) {
  const [hash, sort] = index === true ? ['#list', '#rank'] : ['pk', 'sk'];
  const parts = [
    `${hash} = :partition`,
    ...(from !== undefined && to !== undefined ? [`${sort} BETWEEN :from AND :to`] : []),
    ...(from !== undefined && to === undefined ? [`${sort} >= :from`] : []),
    ...(from === undefined && to !== undefined ? [`${sort} <= :to`] : []),
  ];
  const values = { ':partition': partition, ':from': from, ':to': to };
  const text = parts.join(' AND ');
  return {
    TableName: name,
    KeyConditionExpression: text,
    ExpressionAttributeValues: Object.fromEntries(Object.entries(values).filter(([, v]) => v !== undefined)),
    ...namesIn(text),
    ...(index === true ? { IndexName: OUTSTANDING_INDEX } : { ConsistentRead: stale !== true }),
    ...(descending === true ? { ScanIndexForward: false } : {}),
    ...(page === undefined ? {} : { Limit: page }),
  };
}

/** What a loaded table leaves out of an answer is asked for again. */
async function getBatch(documents: DynamoDBDocumentClient, name: string, keys: readonly Key[]): Promise<Item[]> {
  const found: Item[] = [];
  let wanted: Record<string, unknown>[] = keys.map(({ pk, sk }) => ({ pk, sk }));
  for (let round = 1; wanted.length > 0; round++) {
    if (round > MAX_ROUNDS) {
      throw new AjarError('store-unavailable', `table ${name} left items out of ${MAX_ROUNDS} answers in a row`, {
        cure: 'it can be tried again; look at the throttled requests of the table',
      });
    }
    if (round > 1) await pause(round);
    const input = { RequestItems: { [name]: { Keys: wanted, ConsistentRead: true } } };
    const { Responses, UnprocessedKeys } = await documents.send(new BatchGetCommand(input));
    found.push(...((Responses?.[name] ?? []) as Item[]));
    wanted = UnprocessedKeys?.[name]?.Keys ?? [];
  }
  return found;
}

async function send(
  documents: DynamoDBDocumentClient,
  name: string,
  writes: readonly Write[],
  token: string,
): Promise<void> {
  const inputs = writes.map((write) => ({
    ...('put' in write ? { Item: write.put } : { Key: { pk: write.remove.pk, sk: write.remove.sk } }),
    TableName: name,
    ...(write.when === undefined
      ? {}
      : {
          ConditionExpression: write.when.text,
          ...namesIn(write.when.text),
          ...(write.when.values === undefined ? {} : { ExpressionAttributeValues: { ...write.when.values } }),
        }),
  }));
  const [only] = inputs;
  if (only === undefined) return;
  // One item alone is whole by itself, at half the price of a transaction.
  if (inputs.length === 1 && 'Item' in only) await documents.send(new PutCommand(only));
  else if (inputs.length === 1 && 'Key' in only) await documents.send(new DeleteCommand(only));
  else {
    const items = inputs.map((input) => ('Item' in input ? { Put: input } : { Delete: input }));
    await documents.send(new TransactWriteCommand({ TransactItems: items, ClientRequestToken: token }));
  }
}
