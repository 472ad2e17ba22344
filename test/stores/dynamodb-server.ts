/** dynoxide, a DynamoDB in one small binary over SQLite, on a free loopback port; stopped by its own pid. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  CreateTableCommand,
  DynamoDBClient,
  type DynamoDBClientConfig,
  UpdateTimeToLiveCommand,
} from '@aws-sdk/client-dynamodb';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { dynamoTable } from '../../lib/stores/dynamodb-table.ts';

const START_MS = 10_000;

/** `undefined` where this platform has none. */
export function dynoxide(): string | undefined {
  try {
    const folder = dirname(createRequire(import.meta.url).resolve('@dynoxide/linux-x64/package.json'));
    const program = join(folder, 'dynoxide');
    return existsSync(program) ? program : undefined;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'MODULE_NOT_FOUND') return undefined;
    throw error;
  }
}

export interface DynamoServer {
  readonly url: string;
  /** A client of it; the caller destroys it. */
  client(config?: DynamoDBClientConfig): DynamoDBClient;
  /** A new, empty table as the product has it. */
  table(): Promise<string>;
  stop(): Promise<void>;
}

export async function startDynamo(program: string): Promise<DynamoServer> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const server = spawn(program, ['serve', '--port', String(port)], { stdio: 'ignore' });
  await listening(server, url);
  const client = (config: DynamoDBClientConfig = {}) => clientOf(url, config);
  const own = client();
  let n = 0;
  return {
    url,
    client,
    async table() {
      const name = `ajar-${n++}`;
      await createTable(own, name);
      return name;
    },
    async stop() {
      own.destroy();
      if (server.exitCode !== null) return;
      const gone = once(server, 'exit');
      server.kill('SIGTERM');
      await gone;
    },
  };
}

export function clientOf(endpoint: string, config: DynamoDBClientConfig = {}): DynamoDBClient {
  return new DynamoDBClient({
    endpoint,
    region: 'eu-west-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    requestHandler: new NodeHttpHandler({ connectionTimeout: 2_000, requestTimeout: 20_000 }),
    ...config,
  });
}

export async function createTable(client: DynamoDBClient, name: string): Promise<void> {
  const { create, timeToLive } = dynamoTable(name);
  await client.send(new CreateTableCommand(create));
  await client.send(new UpdateTimeToLiveCommand(timeToLive));
}

async function listening(server: ChildProcess, url: string): Promise<void> {
  for (const until = Date.now() + START_MS; ; ) {
    if (server.exitCode !== null || Date.now() > until) throw new Error('dynoxide did not start');
    try {
      await fetch(url, { signal: AbortSignal.timeout(1_000) });
      return;
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      await sleep(20);
    }
  }
}

async function freePort(): Promise<number> {
  const probe = createServer();
  probe.listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const address = probe.address();
  probe.close();
  await once(probe, 'close');
  if (typeof address !== 'object' || address === null) throw new Error('no port');
  return address.port;
}
