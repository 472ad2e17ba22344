/** The store's contract against a second stand-in, whose DynamoDB is written by others than the first one's. */
import { afterAll } from 'vitest';
import { openDynamoStore } from '../../lib/stores/dynamodb.ts';
import { storeContract } from '../contract/store-suite.ts';
import { clientOf, createTable } from '../stores/dynamodb-server.ts';
import { startMoto } from './moto.ts';

const moto = await startMoto();
const client = clientOf(moto.url);
afterAll(async () => {
  client.destroy();
  await moto.stop();
});
let n = 0;

// moto copies all its tables for each transaction, and lets two that meet both succeed: races are dynoxide's to judge.
const limits = { many: 30, isolated: false };

storeContract(
  'dynamodb on moto',
  async (sinks) => {
    const table = `ajar-moto-${n++}`;
    await createTable(client, table);
    return openDynamoStore({ client, table, sinks, now: () => new Date() });
  },
  limits,
);
