import { afterAll, describe, it } from 'vitest';
import { openDynamoStore } from '../../lib/stores/dynamodb.ts';
import { dynoxide, startDynamo } from '../stores/dynamodb-server.ts';
import { storeContract } from './store-suite.ts';

const program = dynoxide();

if (program === undefined) {
  describe('dynamodb', () => {
    it.skip('keeps the store contract: skipped, @dynoxide/linux-x64 is not installed on this platform', () => {});
  });
} else {
  const server = await startDynamo(program);
  const client = server.client();
  afterAll(async () => {
    client.destroy();
    await server.stop();
  });
  const open = async (sinks: readonly string[]) =>
    openDynamoStore({ client, table: await server.table(), sinks, now: () => new Date() });
  // Each commit is five requests of a server on the same two cores.
  storeContract('dynamodb', open, { many: 403 });
}
