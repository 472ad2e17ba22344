/** A DynamoDB store on dynoxide, whose calls can be lost, for the tests of one file. */
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, ScanCommand } from '@aws-sdk/lib-dynamodb';
import type { Commit } from '../../lib/model/store.ts';
import { type DynamoStore, openDynamoStore } from '../../lib/stores/dynamodb.ts';
import { aLine, anIncident, aNotice, aState } from '../support/builders.ts';
import { type Call, type Faulty, faulty } from './dynamodb-faults.ts';
import { startDynamo } from './dynamodb-server.ts';

export const LATER = '2026-12-04T11:00:00.000Z';
export const RECEIPT = { at: LATER, id: 'accepted', runId: 'r' };
export const WHERE = { account: '111122223333', region: 'eu-west-1' };

export const only = { lines: [], notices: [], incidents: [] };
export const moved = (id: string, expected = 0): Commit => ({ state: aState({ id }), expected, ...only });
export const told = (id: string, expected = 0): Commit => ({
  ...moved(id, expected),
  lines: [aLine({ subject: id, body: { version: expected + 1 } })],
});
export const alarming = (id: string, expected = 0): Commit => ({
  ...told(id, expected),
  notices: [aNotice()],
  incidents: [anIncident({ endpointId: id })],
});

export function seals({ name, input }: Call): boolean {
  return name === 'TransactWriteItemsCommand' && JSON.stringify(input).includes('"head"');
}

export async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const item of items) found.push(item);
  return found;
}

export async function openWorld(program: string) {
  const server = await startDynamo(program);
  const clean = server.client();
  const documents = DynamoDBDocumentClient.from(clean);
  const options = { sinks: ['page'], now: () => new Date() };
  const open = async (table: string, client: DynamoDBClient = clean, over = {}): Promise<DynamoStore> =>
    openDynamoStore({ client, table, ...options, ...over });
  return {
    ...{ server, clean, documents, open, options },
    close: async (): Promise<void> => {
      clean.destroy();
      await server.stop();
    },
    fresh: async (over = {}): Promise<{ store: DynamoStore; table: string }> => {
      const table = await server.table();
      return { store: await open(table, clean, over), table };
    },
    /** A store whose calls can be lost, beside one over the same table whose calls are not. */
    lossy: async (config = {}): Promise<{ store: DynamoStore; other: DynamoStore; faults: Faulty; table: string }> => {
      const table = await server.table();
      const faults = faulty(server.client({ maxAttempts: 1, ...config }));
      return { store: await open(table, faults.client), other: await open(table), faults, table };
    },
    items: async (table: string) => (await documents.send(new ScanCommand({ TableName: table }))).Items ?? [],
  };
}
