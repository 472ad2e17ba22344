/** Model-based histories (test/support/simulated) over DynamoDB: what two workers do at once, they do in transactions there. */
import fc from 'fast-check';
import { afterAll, describe, it } from 'vitest';
import type { StateStore } from '../../lib/model/store.ts';
import { openDynamoStore } from '../../lib/stores/dynamodb.ts';
import { simulated, STEPS } from '../support/simulated/play.ts';
import { SINKS } from '../support/simulated/system.ts';
import { dynoxide, startDynamo } from './dynamodb-server.ts';

const program = dynoxide();
const RUNS = 4;
const PATIENCE_MS = 120_000;

describe.runIf(program !== undefined)(`${RUNS} histories of ${STEPS} steps over DynamoDB`, async () => {
  const server = await startDynamo(program ?? '');
  const client = server.client();
  afterAll(async () => {
    client.destroy();
    await server.stop();
  });

  it(
    'lose nothing, repeat nothing, invent nothing either',
    async () => {
      const open = async (now: () => Date): Promise<StateStore> =>
        openDynamoStore({ client, table: await server.table(), sinks: SINKS, now });
      await fc.assert(
        simulated(STEPS, () => {}, open),
        { numRuns: RUNS, endOnFailure: true },
      );
    },
    PATIENCE_MS,
  );
});
