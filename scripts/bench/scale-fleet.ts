/** One fleet through the pipeline, place by place, so that nothing of ours grows with it: what grows is a fault. */
import pLimit from 'p-limit';
import { COLLECTORS } from '../../lib/collectors/catalogue.ts';
import { EMPTY_ALLOWLIST } from '../../lib/model/allowlist.ts';
import type { Place } from '../../lib/model/inventory.ts';
import type { ProbeMessage } from '../../lib/model/messages.ts';
import type { Observation } from '../../lib/model/observation.ts';
import type { Reading } from '../../lib/model/reading.ts';
import { blankAxes } from '../../lib/model/silence.ts';
import type { Sink } from '../../lib/model/sink.ts';
import type { StateStore } from '../../lib/model/store.ts';
import { assess } from '../../lib/pipeline/assess.ts';
import { collectPlace } from '../../lib/pipeline/collect-place.ts';
import { withInventory } from '../../lib/pipeline/listed.ts';
import { notify } from '../../lib/pipeline/notify.ts';
import type { Counts } from './counted.ts';
import { type Plan, planOf, sourceOf } from './organisation-answers.ts';

const PER_ACCOUNT = 100;
const REGIONS = ['us-east-1', 'eu-west-1'];
/** Messages of a queue that are judged side by side. */
const AT_ONCE = 16;
/** One in so many is opened in the last pass. */
const OPENED = 200;

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
  readonly endpoints: number;
  readonly counts: Counts;
}

export async function judgeFleet({ store, endpoints, counts }: Fleet): Promise<ScaleRow> {
  const now = (): Date => new Date();
  const plan = planOf(Math.max(1, Math.round(endpoints / PER_ACCOUNT)), REGIONS, endpoints);
  const phases: Phase[] = [];
  const told: string[] = [];
  let notices = 0;
  for (const name of ['adopted', 'unchanged', 'some opened'] as const) {
    const before = { ...counts, at: performance.now(), cpu: process.cpuUsage() };
    let [seen, n] = [0, 0];
    for (const place of placesOf(plan)) {
      const probes = await collected(plan, place, store);
      const limit = pLimit(AT_ONCE);
      const decisions = probes.map((message) =>
        limit(async () =>
          assess(
            readingOf(message, `${name}`, name === 'some opened' && n++ % OPENED === 0),
            store,
            EMPTY_ALLOWLIST,
            now,
          ),
        ),
      );
      for (const decision of await Promise.all(decisions)) notices += decision.notices.length;
      seen += probes.length;
    }
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
function readingOf({ endpoint, since, gaps = [] }: ProbeMessage, runId: string, isOpen: boolean): Reading {
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
  };
  return withInventory({ since, gaps })(reading);
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
