/**
 * One story, again and again from the same moment: a domain is opened to the world. Each time one function dies at one of its
 * requests, before AWS hears of it, or after it did and before the answer is back. What comes after is what a deployment does:
 * redelivery, the stream, the minute's sweep.
 */
import type { LedgerEntry } from '../../../lib/model/ledger.ts';
import type { Notice } from '../../../lib/model/incident.ts';
import { openDynamoStore } from '../../../lib/stores/dynamodb.ts';
import { verifyChain } from '../../../lib/stores/chain.ts';
import { drain } from './queues.ts';
import { happens } from './story.ts';
import { type Item, putBack, readTable } from './table.ts';
import type { World } from './world.ts';

/** In the order in which work passes them. */
export const STAGES = ['change', 'collect', 'probe', 'assess', 'notify'] as const;
export type Stage = (typeof STAGES)[number];

export interface KillPoint {
  readonly stage: Stage;
  /** Of its requests in this story, from 0. */
  readonly at: number;
  readonly when: 'before' | 'after';
  /** `dynamodb TransactWriteItems` */
  readonly request: string;
}

/** Requests that change nothing in AWS: whether one was answered is the same to whoever comes next. */
const READS =
  /^(sts |es GET|es POST .*domain-info|s3 GET|organizations |route53 |dynamodb (Query|GetItem|BatchGetItem))/;

/** Places of one stage that leave the same behind, since the dead remember nothing: those between one write and the next. */
export function statesOf(stage: Stage, requests: readonly string[]): readonly (readonly KillPoint[])[] {
  const states: KillPoint[][] = [[]];
  for (const [at, request] of requests.entries()) {
    states.at(-1)?.push({ stage, at, request, when: 'before' });
    if (!READS.test(request)) states.push([{ stage, at, request, when: 'after' }]);
  }
  const [at, request = ''] = [requests.length - 1, requests.at(-1)];
  if (READS.test(request)) states.at(-1)?.push({ stage, at, request, when: 'after' });
  return states;
}

/** What is left when all is quiet, without what differs from run to run: moments and ids of runs. */
export interface Outcome {
  readonly incidents: readonly string[];
  /** Keys of what came to each topic. */
  readonly keys: Readonly<Record<string, readonly string[]>>;
  /** Transitions that the ledger holds. */
  readonly transitions: readonly string[];
  readonly chain: boolean;
  readonly owed: number;
  readonly dead: number;
}

export interface Story {
  /** The whole story, with a death or without. */
  play(point?: Pick<KillPoint, 'stage' | 'at' | 'when'>): Promise<Outcome>;
  /** Requests of each stage in the last story that nobody died in. */
  requests(): Promise<Readonly<Record<Stage, readonly string[]>>>;
}

interface Deeds {
  readonly open: () => Promise<unknown>;
  readonly close: () => Promise<unknown>;
  readonly name: string;
}

const HOURS = 3_600_000;

export async function openStory(world: World, { open, close, name }: Deeds): Promise<Story> {
  const { driver, fleet, stack, clock } = world;
  const kept: readonly Item[] = await readTable(stack.dynamodb, stack.table);
  const counts: Record<string, number> = {};
  return {
    async play(point) {
      await close();
      await putBack(stack.dynamodb, stack.table, kept);
      const from = driver.arrivals.length;
      for (const stage of STAGES) counts[stage] = (await fleet.lineOf(stage)).calls.length;
      const deadly = point === undefined ? undefined : await fleet.lineOf(point.stage);
      if (point !== undefined) void deadly?.trap(point.at, point.when).then(() => fleet.kill(point.stage));
      const event = { shape: 'update-domain-config', request: { domainName: name } };
      await happens(world, { call: open, event });
      // Whatever was in flight is visible again, whoever claimed a notice has let it go, and the minute's sweep comes.
      await driver.settle(2 * HOURS);
      clock.skip(HOURS);
      await driver.invoke('notify', { task: 'sweep' });
      await driver.settle(2 * HOURS);
      return outcomeOf(world, from);
    },
    async requests() {
      const found: Record<Stage, readonly string[]> = { change: [], collect: [], probe: [], assess: [], notify: [] };
      for (const stage of STAGES) {
        const { calls } = await fleet.lineOf(stage);
        found[stage] = calls.slice(counts[stage]).map(({ service, action }) => `${service} ${action}`);
      }
      return found;
    },
  };
}

async function outcomeOf({ driver, stack, clock }: World, from: number): Promise<Outcome> {
  const now = (): Date => new Date(clock.now());
  const options = { client: stack.dynamodb, table: stack.table, sinks: ['sns:page', 'sns:chat', 'sns:machine'], now };
  const store = await openDynamoStore(options);
  const incidents: string[] = [];
  for await (const { id, status, protection, attribution } of store.incidents()) {
    incidents.push(`${id} ${protection} ${status} ${attribution?.changes[0]?.name ?? 'by nobody'}`);
  }
  const entries: LedgerEntry[] = [];
  for await (const entry of store.ledger()) entries.push(entry);
  const keys: Record<string, string[]> = {};
  for (const { topic, body } of driver.arrivals.slice(from)) {
    const parsed = JSON.parse(body) as Partial<Notice> & { readonly id?: string };
    (keys[topic] ??= []).push(parsed.key ?? parsed.id ?? '');
  }
  const dead = await Promise.all(
    Object.entries(stack.queues).map(async ([id, url]) =>
      id.endsWith('Dlq') ? (await drain(stack.sqs, url)).length : 0,
    ),
  );
  return {
    incidents,
    keys,
    transitions: entries.filter(({ kind }) => kind === 'transition').map(({ body }) => JSON.stringify(body['kind'])),
    chain: (await verifyChain(store.ledger())).ok,
    owed: await store.outbox.pending(),
    dead: dead.reduce((sum, n) => sum + n, 0),
  };
}

/** Adopted while it was closed: what the story begins with. */
export async function adopt(world: World, region: string): Promise<void> {
  const place = { account: world.account, region, partition: 'aws' };
  await world.driver.enqueue('CollectQueue', { kind: 'collect', place, services: ['opensearch'] });
  await world.driver.settle();
}
