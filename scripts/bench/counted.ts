/** What DynamoDB charges for what goes through a client: items and calls, and the units that their sizes come to. */
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';

export interface Counts {
  /** Items written, and calls that read. */
  writes: number;
  reads: number;
  /** Of 1 KB, twice in a transaction; of 4 KB, half where a read need not be consistent. */
  writeUnits: number;
  readUnits: number;
}
type Attributes = Readonly<Record<string, Readonly<Record<string, unknown>>>>;
interface Input {
  readonly Item?: Attributes;
  readonly ConsistentRead?: boolean;
  readonly RequestItems?: Readonly<Record<string, { readonly ConsistentRead?: boolean }>>;
  readonly TransactItems?: readonly { readonly Put?: { readonly Item: Attributes } }[];
}
interface Output {
  readonly Item?: Attributes;
  readonly Items?: readonly Attributes[];
  readonly Responses?: Readonly<Record<string, readonly Attributes[]>>;
}

export function counted(client: DynamoDBClient): Counts {
  const counts: Counts = { writes: 0, reads: 0, writeUnits: 0, readUnits: 0 };
  client.middlewareStack.add(
    (next, { commandName = '' }) =>
      async (args) => {
        const input = args.input as Input;
        const result = await next(args);
        if (commandName === 'TransactWriteItemsCommand') {
          for (const { Put } of input.TransactItems ?? []) counts.writeUnits += 2 * kilobytes(Put?.Item, 1);
          counts.writes += input.TransactItems?.length ?? 0;
        } else if (/^(?:Put|Update|Delete)Item/u.test(commandName)) {
          counts.writeUnits += kilobytes(input.Item, 1);
          counts.writes++;
        } else {
          const asked = [input, ...Object.values(input.RequestItems ?? {})];
          const isConsistent = asked.some(({ ConsistentRead }) => ConsistentRead === true);
          counts.readUnits += readUnits(result.output as Output, isConsistent);
          counts.reads++;
        }
        return result;
      },
    { step: 'initialize', name: 'counted' },
  );
  return counts;
}

/** What a query finds is weighed together; of a batch each item by itself. */
function readUnits({ Item, Items, Responses }: Output, isConsistent: boolean): number {
  const batch = Responses === undefined ? undefined : Object.values(Responses).flat();
  const found = [...(Item === undefined ? [] : [Item]), ...(Items ?? [])];
  const units = batch?.map((item) => unitsOf([item])) ?? [unitsOf(found)];
  return units.reduce((sum, n) => sum + n, 0) * (isConsistent ? 1 : 0.5);
}

function unitsOf(items: readonly Attributes[]): number {
  return Math.max(1, Math.ceil(items.reduce((sum, item) => sum + bytesOf(item), 0) / 4_096));
}

/** At least one: what holds nothing, or is removed, costs as much as the smallest. */
function kilobytes(item: Attributes | undefined, size: number): number {
  return item === undefined ? 1 : Math.max(1, Math.ceil(bytesOf(item) / (size * 1_024)));
}

function bytesOf(item: Attributes): number {
  return Object.entries(item).reduce((sum, [name, value]) => sum + Buffer.byteLength(name) + valueBytes(value), 0);
}

function valueBytes(value: Readonly<Record<string, unknown>>): number {
  const [kind, held] = Object.entries(value)[0] ?? ['NULL', true];
  if (kind === 'S') return Buffer.byteLength(String(held));
  if (kind === 'B') return (held as Uint8Array).byteLength;
  return kind === 'N' ? Math.ceil(String(held).length / 2) + 1 : Buffer.byteLength(JSON.stringify(held));
}
