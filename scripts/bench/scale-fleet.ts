/** One fleet through the pipeline, place by place, so that nothing of ours grows with it: what grows is a fault. */
import { COLLECTORS } from '../../lib/collectors/catalogue.ts';
import { EMPTY_ALLOWLIST } from '../../lib/model/allowlist.ts';
import type { Place } from '../../lib/model/inventory.ts';
import type { ProbeMessage } from '../../lib/model/messages.ts';
import type { Observation } from '../../lib/model/observation.ts';
import type { Queued } from '../../lib/model/queue.ts';
import type { Reading } from '../../lib/model/reading.ts';
import { blankAxes } from '../../lib/model/silence.ts';
import type { Sink } from '../../lib/model/sink.ts';
import type { EndpointState } from '../../lib/model/state.ts';
import type { StateStore } from '../../lib/model/store.ts';
import { assessBatch } from '../../lib/pipeline/assess-batch.ts';
import { collectPlace } from '../../lib/pipeline/collect-place.ts';
import { withInventory } from '../../lib/pipeline/listed.ts';
import { notify } from '../../lib/pipeline/notify.ts';
import { dueProbes } from '../../lib/pipeline/roster.ts';
import { batcher } from '../../lib/runtime/lambda/batcher.ts';
import type { Counts } from './counted.ts';
import { type Plan, planOf, sourceOf } from './organisation-answers.ts';

const PER_ACCOUNT = 100;
const REGIONS = ['us-east-1', 'eu-west-1'];
/** As many readings as the queue hands over at once (serverless.yml). */
const BATCH = 50;
/** Ahead of the last visit, so that all of them are due. */
const LATER_MS = 10 * 60_000;
/** One in so many is opened in the last pass. */
const OPENED = 200;
const OPENING = 'some opened';

export interface Phase {
  readonly name: string;
  readonly endpoints: number;
  readonly seconds: number;
  readonly cpuSeconds: number;
  readonly counts: Counts;
}
export interface ScaleRow {
  readonly endpoints: number;
  readonly accounts: number;
  readonly phases: readonly Phase[];
  readonly rssMb: number;
  readonly notices: number;
  readonly told: number;
}
export interface Fleet {
  /** Closed by whoever opened it. */
  readonly store: StateStore;
  /** As a plan reads it. */
  readonly roster: () => AsyncIterable<EndpointState>;
  readonly endpoints: number;
  readonly counts: Counts;
}

export async function judgeFleet({ store, roster, endpoints, counts }: Fleet): Promise<ScaleRow> {
  const now = (): Date => new Date();
  const plan = planOf(Math.max(1, Math.round(endpoints / PER_ACCOUNT)), REGIONS, endpoints);
  const phases: Phase[] = [];
  const told: string[] = [];
  let notices = 0;
  for (const [name, ask] of phasesOf(plan, store, roster)) {
    const before = { ...counts, at: performance.now(), cpu: process.cpuUsage() };
    let [seen, n] = [0, 0];
    const judge = async (messages: readonly Queued<ProbeMessage>[]): Promise<void> => {
      const readings = messages.map(({ body }) => readingOf(body, name, name === OPENING && n++ % OPENED === 0));
      for (const result of (await assessBatch(readings, store, EMPTY_ALLOWLIST, now)).values()) {
        if (result.status === 'rejected') throw result.reason;
        notices += result.value.notices.length;
      }
      seen += messages.length;
    };
    const queue = batcher<ProbeMessage>({ send: judge }, BATCH);
    await ask(queue.add);
    await queue.flush();
    await notify(store, [remembering(told)], name, now, new AbortController().signal);
    const { user, system } = process.cpuUsage(before.cpu);
    phases.push({
      ...{ name, endpoints: seen, seconds: (performance.now() - before.at) / 1_000 },
      ...{ cpuSeconds: (user + system) / 1_000_000, counts: since(before, counts) },
    });
  }
  const rssMb = Math.round(process.resourceUsage().maxRSS / 1_024);
  return {
    endpoints: phases[0]?.endpoints ?? 0,
    accounts: plan.accounts.length,
    phases,
    rssMb,
    notices,
    told: told.length,
  };
}

type Ask = (send: (message: ProbeMessage) => Promise<void>) => Promise<unknown>;

/** A sweep of everything; visits that give it its pages; visits without news; a sweep without news; visits that find some open. */
function phasesOf(plan: Plan, store: StateStore, roster: Fleet['roster']): readonly (readonly [string, Ask])[] {
  const swept: Ask = async (send) => {
    for (const place of placesOf(plan)) for (const probe of await collected(plan, place, store)) await send(probe);
  };
  const visited: Ask = (send) => dueProbes(roster(), send, new Date(Date.now() + LATER_MS));
  return [
    ['adopted', swept],
    ['first visits', visited],
    ['visits, unchanged', visited],
    ['sweep, unchanged', swept],
    [OPENING, visited],
  ];
}

function since(before: Counts, now: Counts): Counts {
  const [writes, reads] = [now.writes - before.writes, now.reads - before.reads];
  return { writes, reads, writeUnits: now.writeUnits - before.writeUnits, readUnits: now.readUnits - before.readUnits };
}

/** Those that hold something: `npm run bench:organisation` has what the empty ones cost. */
function* placesOf(plan: Plan): Generator<Place> {
  for (const account of plan.accounts) {
    for (const region of REGIONS) {
      const place: Place = { account, region, partition: 'aws' };
      const { domains, databases } = plan.count(place);
      if (domains + databases > 0) yield place;
    }
  }
}

async function collected(plan: Plan, place: Place, store: StateStore): Promise<readonly ProbeMessage[]> {
  const services = COLLECTORS.map(({ service }) => service);
  const run = { source: sourceOf(plan, REGIONS), store, now: () => new Date(), signal: new AbortController().signal };
  const found = await collectPlace(
    { kind: 'collect', place, services },
    { ...run, runId: 'bench', vantage: 'aws-api' },
  );
  return (found?.probes ?? []).filter(({ endpoint }) => endpoint.service !== 'guardrails');
}

/** As the probe stage would hand it on: closed to a stranger, or open to anyone. */
function readingOf(message: ProbeMessage, runId: string, isOpen: boolean): Reading {
  const { endpoint, everyMs } = message;
  const at = new Date().toISOString();
  const seen = {
    probe: 'elasticsearch',
    vantage: 'bench',
    dns: 'public',
    address: '198.41.0.4',
    observedAt: at,
  } as const;
  const open: Omit<Observation, keyof typeof seen> = {
    ...{ l4: 'open', proto: { state: 'match', confidence: 'firm', product: 'OpenSearch', version: '2.19.0' } },
    ...{ tls: { state: 'implicit', clientCert: 'no' }, auth: { state: 'open-anonymous' } },
    ...{ proof: 3, rule: 'elasticsearch/anonymous', notes: [], elapsedMs: 5 },
  };
  const closed = { ...blankAxes('refused', 'elasticsearch/connect-refused'), elapsedMs: 1 };
  const observations: readonly Observation[] = [{ ...seen, ...(isOpen ? open : closed) }];
  const reading = {
    id: `${runId}/${endpoint.id}`,
    runId,
    at,
    endpoint,
    vantage: 'bench',
    observations,
    vantageAlive: true,
    ...(everyMs === undefined ? {} : { everyMs }),
  };
  return withInventory(message)(reading);
}

function remembering(told: string[]): Sink {
  return {
    id: 'page',
    async deliver({ key }) {
      told.push(key);
      return { id: key };
    },
  };
}
