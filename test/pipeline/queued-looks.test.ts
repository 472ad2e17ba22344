/** Deliveries that die, come twice or overtake each other. */
import { decide } from '../../lib/assess/decide.ts';
import type { Collector } from '../../lib/aws/collector.ts';
import { awsEndpoint } from '../../lib/aws/endpoint.ts';
import { sweepPlace } from '../../lib/aws/sweep.ts';
import { EMPTY_ALLOWLIST } from '../../lib/model/allowlist.ts';
import { declaredOn } from '../../lib/model/declared.ts';
import type { InventorySource } from '../../lib/model/inventory.ts';
import type { CollectMessage, ProbeMessage } from '../../lib/model/messages.ts';
import type { Reading } from '../../lib/model/reading.ts';
import { pacer } from '../../lib/net/visit.ts';
import { assess } from '../../lib/pipeline/assess.ts';
import { collectPlace } from '../../lib/pipeline/collect-place.ts';
import { hearing } from '../../lib/pipeline/hearing.ts';
import { withInventory } from '../../lib/pipeline/listed.ts';
import { probeEndpoint } from '../../lib/pipeline/probe.ts';
import type { ProbeRun } from '../../lib/pipeline/probe-run.ts';
import { eachRecord } from '../../lib/runtime/lambda/worker.ts';
import { memoryStore } from '../../lib/stores/memory.ts';
import { EMPTY_NETWORK } from '../support/aws.ts';
import { rds } from '../support/inventories.ts';
import { Organisation } from '../support/organisation.ts';
import type { Context, SQSEvent } from 'aws-lambda';
import { describe, expect, it } from 'vitest';
import { A, NEVER, PLACE, REGION, at, settledWorld } from '../support/queued.ts';

describe('two visits of one endpoint in one batch', () => {
  it('are two readings: what the sweep read is not taken for a repeat of the minute visit', async () => {
    const { store, good, bad, organisation, wait } = await settledWorld();
    wait(60);
    const now = organisation.now.toISOString();
    const messages: ProbeMessage[] = [
      { kind: 'probe', endpoint: (await store.read(good.id))?.endpoint ?? good, since: now },
      { kind: 'probe', endpoint: { ...bad, declaredAt: now }, since: now },
    ];
    const event = {
      Records: messages.map((m, n) => ({ messageId: `m${n}`, body: JSON.stringify(m), eventSource: 'aws:sqs' })),
    };
    const context = { awsRequestId: 'one-invocation', getRemainingTimeInMillis: () => 60_000 } as unknown as Context;
    const sent: Reading[] = [];
    // As lib/runtime/lambda/probe.ts does it.
    await eachRecord(event as unknown as SQSEvent, context, async (body, { signal, runId }) => {
      const { endpoint, since } = body as ProbeMessage;
      const run = {
        ...{ runId, signal, userAgent: 'x', probes: [], vantage: 'v', metadata: 2, rawNames: false, concurrency: 1 },
        ...{ pacer: pacer(), hearing: hearing(), budgets: store.budgets, now: () => organisation.now },
        policy: { allowPrivate: false, only: [] },
        resolver: async () => ({ state: 'nxdomain', addresses: [], detail: 'none' }),
      } as unknown as ProbeRun;
      const outcome = await probeEndpoint({ ...endpoint, shared: true }, run);
      if (outcome.kind === 'reading') sent.push(withInventory({ since, gaps: [] })({ ...outcome.reading, endpoint }));
    });
    expect(sent).toHaveLength(2);
    for (const reading of sent) await assess(reading, store, EMPTY_ALLOWLIST, () => organisation.now);
    expect((await store.read(good.id))?.incidents.map((i) => i.protection)).toEqual(['tls']);
  });
});

describe('a collect message that died after it saved what it read', () => {
  it('is done by its next delivery: what it read is looked at', async () => {
    const { collect, wait, organisation, good, bad } = await settledWorld();
    wait(3_601);
    const planted = [...(await organisation.sweep(PLACE, ['opensearch']))][0]?.endpoints[0];
    organisation.replace(planted ?? good, bad);
    const message: CollectMessage = { kind: 'collect', place: PLACE, services: [] };
    const dies = { append: async () => Promise.reject(new Error('killed')) };
    await expect(collect(message, dies)).rejects.toThrow('killed');
    wait(1_800);
    const again = await collect(message);
    expect(again?.probes.map((p) => p.endpoint.declared.tls?.level)).toEqual(['off']);
  });
});

describe('a database that an event says was created', () => {
  it('is looked for until it shows, and not only twice within 30 seconds', async () => {
    const { collect, organisation } = await settledWorld();
    organisation.services = [{ service: 'rds', scope: 'regional', cost: { empty: 1, each: 0 } }];
    const touched = [`${A}/${REGION}/rds:db/new`];
    let message: CollectMessage = {
      kind: 'collect',
      place: PLACE,
      services: ['rds'],
      recheck: { touched, attempt: 0, since: organisation.now.toISOString() },
    };
    const delays: (number | undefined)[] = [];
    for (let look = 0; look < 4; look++) {
      const done = await collect(message);
      if (done?.again === undefined) break;
      delays.push(done.again.delaySeconds);
      message = done.again.body;
    }
    // An RDS instance takes 5 to 15 minutes until it has an endpoint.
    expect(delays).toEqual([30, 90, 480]);
  });
});

describe('two sweeps that overlap', () => {
  it('date what they read by when AWS was asked, not by when the slowest call was over', async () => {
    let now = Date.parse(at(0));
    const collector: Collector = {
      ...{ service: 's', scope: 'regional', actions: [], cost: { empty: 1, each: 0 }, exists: async () => undefined },
      async collect(cell) {
        const listed = awsEndpoint(
          { place: PLACE, service: 's' },
          { name: 'x', host: 'h', port: 1, engine: 'redis', declared: {} },
        );
        await cell.ask('s:Detail', async () => {
          now += 100_000;
        });
        return [listed];
      },
    };
    const [report] = await sweepPlace(PLACE, {
      ...{ collectors: [collector], client: (make) => new make({} as never), readNetwork: async () => EMPTY_NETWORK },
      ...{ now: () => new Date(now), signal: NEVER },
    });
    expect(report?.at).toBe(at(0));
  });

  it('do not forget each other’s cells', async () => {
    const organisation = new Organisation([A], [REGION]);
    organisation.services = ['opensearch', 'rds'].map((service) => ({
      service,
      scope: 'regional',
      cost: { empty: 1, each: 0 },
    }));
    const store = memoryStore({ sinks: [] });
    let runs = 0;
    const run = (source: InventorySource) => ({
      ...{ source, store, now: () => organisation.now, signal: NEVER, runId: `x${runs++}`, vantage: 'v' },
    });
    const { promise: gate, resolve } = Promise.withResolvers<void>();
    const slow: InventorySource = Object.assign(Object.create(organisation) as InventorySource, {
      sweep: async (...of: Parameters<InventorySource['sweep']>) => {
        await gate;
        return organisation.sweep(...of);
      },
      regions: async (a: string) => organisation.regions(a),
      names: async (a: string) => organisation.names(a),
      exists: async (...of: Parameters<InventorySource['exists']>) => organisation.exists(...of),
      includes: () => true,
    });
    const hourly = collectPlace({ kind: 'collect', place: PLACE, services: ['rds'] }, run(slow));
    organisation.plant(A, REGION, 'opensearch', 'new-and-open', { open: true });
    await collectPlace({ kind: 'collect', place: PLACE, services: ['opensearch'] }, run(organisation));
    resolve();
    await hourly;
    const record = await store.inventory.read(A, REGION);
    expect(Object.keys(record?.cells['opensearch']?.known ?? {})).toHaveLength(1);
  });
});

describe('a storm of events in one place', () => {
  it('is one look for what one look has seen', async () => {
    const { organisation, collect, wait } = await settledWorld();
    let sweeps = 0;
    const counted: InventorySource = Object.assign(Object.create(organisation) as InventorySource, {
      ...{ services: organisation.services, home: organisation.home, includes: () => true },
      sweep: async (...of: Parameters<InventorySource['sweep']>) => {
        sweeps++;
        return organisation.sweep(...of);
      },
      names: async (a: string) => organisation.names(a),
      exists: async (...of: Parameters<InventorySource['exists']>) => organisation.exists(...of),
    });
    // All of them were sent before the first sweep began.
    wait(60);
    const since = organisation.now.toISOString();
    for (let n = 0; n < 100; n++) {
      await collect(
        {
          kind: 'collect',
          place: PLACE,
          services: ['opensearch'],
          recheck: { touched: [`${A}/${REGION}/es:domain/vpc-search`], attempt: 0, since },
        },
        {},
        counted,
      );
      wait(0.01);
    }
    expect(sweeps).toBeLessThan(10);
  });
});

describe('what is already decided', () => {
  it('is not decided again by an id that two visits share', () => {
    const reading: Reading = {
      ...{ id: 'x', runId: 'r', at: at(0), vantage: 'v', observations: [], vantageAlive: true },
      endpoint: rds('prod', 1, { declared: { tls: declaredOn('x') } }),
    };
    const { state } = decide(undefined, reading, EMPTY_ALLOWLIST, new Date(at(0)));
    expect(decide(state, reading, EMPTY_ALLOWLIST, new Date(at(0))).changed).toBe(false);
  });
});
