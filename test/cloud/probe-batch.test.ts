/**
 * The greatest batch of the probe function, as it is deployed, and the function dies in the middle of it: all of it is delivered
 * again. Nobody is visited more often than is planned because of that, what was cut short and is not planned again is visited,
 * and a server that counts connections has counted one.
 */
import type { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Endpoint } from '../../lib/model/endpoint.ts';
import type { ProbeMessage } from '../../lib/model/messages.ts';
import { openDynamoStore } from '../../lib/stores/dynamodb.ts';
import { type Peer, peer } from '../support/servers.ts';
import { startWorld, type World } from './aws/world.ts';

const MINUTE = 60_000;
const BUDGETED = 5;
const CHANGED = 5;

let world: World;
const doors: Door[] = [];
/** Whether those who keep silent speak by now. */
let isOver = false;

type Kind = 'answers' | 'silent' | 'changed' | 'counts';
interface Door {
  readonly kind: Kind;
  readonly server: Peer;
  readonly endpoint: Endpoint;
}

beforeAll(async () => {
  world = await startWorld({ duplicates: 0, scheduled: [] });
  const batch = world.deployment.functions.find(({ name }) => name === 'probe')?.queue?.batchSize ?? 0;
  const kinds = Array.from({ length: batch }, (_, n): Kind => {
    if (n < BUDGETED) return 'counts';
    if (n < BUDGETED + CHANGED) return 'changed';
    return n % 2 === 0 ? 'answers' : 'silent';
  });
  for (const [n, kind] of kinds.entries()) doors.push(await doorOf(kind, n));
});
afterAll(async () => {
  for (const { server } of doors) await server.close();
  await world?.stop();
});

/** A Redis that asks for a password; a MySQL that greets nobody. */
async function doorOf(kind: Kind, n: number): Promise<Door> {
  const speak = (socket: Socket): void => void socket.write('-NOAUTH Authentication required.\r\n');
  const server = await peer(
    (socket) => {
      socket.on('data', () => {
        if (kind === 'answers' || (kind !== 'counts' && isOver)) speak(socket);
      });
    },
    `127.50.0.${n + 1}`,
  );
  const { host, port } = server;
  const engine = kind === 'counts' ? 'mysql' : 'redis';
  const endpoint = { id: `${kind}-${n}`, host, port, engine, source: 'file', declared: {}, tags: {} } as const;
  return { kind, server, endpoint };
}

/** What plan sends each minute, and what a change sends once. */
async function due(of: readonly Door[]): Promise<void> {
  const [since, until] = [0, MINUTE].map((ms) => new Date(world.clock.now() + ms).toISOString());
  for (const { kind, endpoint } of of) {
    const message: ProbeMessage = { kind: 'probe', endpoint, since: since ?? '' };
    await world.driver.enqueue('ProbeQueue', kind === 'changed' ? message : { ...message, until, everyMs: MINUTE });
  }
}

const connections = (kind: Kind) => doors.filter((d) => d.kind === kind).map(({ server }) => server.connections());

async function judged(): Promise<readonly string[]> {
  const store = await openDynamoStore({
    ...{ client: world.stack.dynamodb, table: world.stack.table, sinks: [], readOnly: true },
    now: () => new Date(world.clock.now()),
  });
  return Promise.all(
    doors.map(async ({ kind, endpoint }) => {
      const state = await store.read(endpoint.id);
      return state === undefined ? `${kind} never` : kind;
    }),
  );
}

it('is a batch of more than ten, in which every endpoint waits beside the others', () => {
  expect(doors.length).toBeGreaterThan(10);
});

it('dies in the middle: what comes again is no visit more than planned, and no connection more where they are counted', async () => {
  await due(doors);
  const settled = world.driver.settle(5 * MINUTE);
  while (doors.some(({ server }) => server.connections() === 0)) await sleep(20);
  await sleep(1_500); // those who answer have answered, and their readings have left
  await world.fleet.kill('probe');
  const before = { answers: connections('answers'), silent: connections('silent'), counts: connections('counts') };
  isOver = true;
  await settled;
  expect(world.driver.failures).toEqual([{ name: 'probe', error: 'died' }]);
  expect({ answers: connections('answers'), silent: connections('silent'), counts: connections('counts') }).toEqual(
    before,
  );
  expect(connections('counts')).toEqual(Array.from({ length: BUDGETED }, () => 1));
  const found = await judged();
  // What left before the end is judged, and what a change asked for was visited by the second delivery.
  expect(found.filter((word) => word === 'answers')).toHaveLength(before.answers.length);
  expect(found.filter((word) => word === 'changed')).toHaveLength(CHANGED);
  expect(found.filter((word) => word === 'silent never')).toHaveLength(before.silent.length);
});

it('is made up for by the next minute: every endpoint that may be visited is', async () => {
  await due(doors.filter(({ kind }) => kind === 'silent'));
  await world.driver.settle(MINUTE);
  expect(new Set(await judged())).toEqual(new Set(['answers', 'silent', 'changed', 'counts never']));
  expect(world.driver.failures).toHaveLength(1);
});
