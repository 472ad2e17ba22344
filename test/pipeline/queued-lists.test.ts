/** What cannot be listed, is told late, or is only read. */
import { EMPTY_ALLOWLIST } from '../../lib/model/allowlist.ts';
import { declaredOff, declaredOn } from '../../lib/model/declared.ts';
import type { Endpoint } from '../../lib/model/endpoint.ts';
import type { CollectMessage, ProbeMessage } from '../../lib/model/messages.ts';
import type { Reading } from '../../lib/model/reading.ts';
import { pacer } from '../../lib/net/visit.ts';
import { assess } from '../../lib/pipeline/assess.ts';
import { collectPlace } from '../../lib/pipeline/collect-place.ts';
import { hearing } from '../../lib/pipeline/hearing.ts';
import { withInventory } from '../../lib/pipeline/listed.ts';
import { probeEndpoint } from '../../lib/pipeline/probe.ts';
import type { ProbeRun } from '../../lib/pipeline/probe-run.ts';
import { dueProbes, dueSweeps, unlistedProbes } from '../../lib/pipeline/roster.ts';
import { memoryStore } from '../../lib/stores/memory.ts';
import { rds } from '../support/inventories.ts';
import { Organisation } from '../support/organisation.ts';
import { describe, expect, it } from 'vitest';
import { A, B, NEVER, PLACE, REGION, at, judge, settledWorld } from '../support/queued.ts';

describe('an organisation that cannot be listed whole', () => {
  it('is swept as it was known, and nothing of it is called no longer listed', async () => {
    const organisation = new Organisation([A, B], [REGION]);
    organisation.services = [{ service: 'opensearch', scope: 'regional', cost: { empty: 1, each: 0 } }];
    organisation.plant(B, REGION, 'opensearch', 'vpc-search', { host: 'vpc-search.eu-west-1.es.amazonaws.com' });
    const store = memoryStore({ sinks: [] });
    const place = { ...PLACE, account: B };
    const run = { source: organisation, store, now: () => organisation.now, signal: NEVER, runId: 'x', vantage: 'v' };
    const first = await collectPlace({ kind: 'collect', place, services: [] }, run);
    for (const probe of first?.probes ?? []) await judge(probe, store, organisation.now);
    organisation.now = new Date(organisation.now.getTime() + 2 * 3_600_000);
    // ListAccounts was throttled: only our own account, and a gap (aws-accounts.ts, listAll).
    const source = {
      accounts: async () => ({
        items: [{ account: A }],
        gaps: [{ stage: 'inventory', subject: A, code: 'throttled', detail: 'organizations:ListAccounts' } as const],
        partial: true as const,
      }),
      regions: async (account: string) => organisation.regions(account),
    };
    const sweeps: CollectMessage[] = [];
    const probes: ProbeMessage[] = [];
    const listed = await dueSweeps(source, store, async (m) => void sweeps.push(m), organisation.now);
    await unlistedProbes(store, listed, async (m) => void probes.push(m), organisation.now);
    expect(probes).toEqual([]);
    expect(sweeps.map((m) => m.place.account).toSorted()).toEqual([A, B]);
  });
});

describe('a place that nobody has been able to read for days', () => {
  it('is unknown, whether its list is in doubt or its messages die', async () => {
    const { store, organisation, wait, good } = await settledWorld();
    wait(5 * 86_400);
    const probes: ProbeMessage[] = [];
    const send = async (m: ProbeMessage): Promise<void> => void probes.push(m);
    await unlistedProbes(store, { places: [PLACE], inDoubt: () => true }, send, organisation.now);
    await dueProbes(store.states(), send, organisation.now);
    for (const probe of probes) await judge(probe, store, organisation.now);
    expect((await store.read(good.id))?.posture.declared.network.level).toBe('unknown');
  });
});

describe('the ledger of a place', () => {
  it('is told of a forgotten door once', async () => {
    const { organisation, collect, store } = await settledWorld();
    organisation.services = [{ service: 'interfaces', scope: 'regional', cost: { empty: 1, each: 0 } }];
    const planted = organisation.plant(A, REGION, 'interfaces', 'eni-1', { open: true });
    organisation.replace(planted, { ...planted, foundBy: ['interface'] });
    for (let n = 0; n < 3; n++) await collect({ kind: 'collect', place: PLACE, services: ['interfaces'] });
    let lines = 0;
    for await (const { body } of store.ledger()) if (body['event'] === 'forgotten') lines++;
    expect(lines).toBe(1);
  });

  it('is told of a gap that began also where the first delivery died', async () => {
    const { organisation, collect, store } = await settledWorld();
    organisation.fail(`${A}/${REGION}/opensearch`, 'denied');
    const message: CollectMessage = { kind: 'collect', place: PLACE, services: ['opensearch'] };
    await collect(message, { append: async () => Promise.reject(new Error('killed')) }).catch(() => undefined);
    await collect(message);
    const gaps: unknown[] = [];
    for await (const { kind, body } of store.ledger()) if (kind === 'gap') gaps.push(body['event']);
    expect(gaps).toContain('began');
  });
});

describe('a reading that comes after the horizon', () => {
  it('still tells of the configuration, where nothing newer was read of it', async () => {
    const { store, organisation, wait, bad, good } = await settledWorld();
    wait(60);
    const swept = organisation.now;
    const known = (await store.read(good.id))?.endpoint ?? good;
    for (let minute = 0; minute < 40; minute++) {
      wait(60);
      await judge({ kind: 'probe', endpoint: known, since: organisation.now.toISOString() }, store, organisation.now);
    }
    // Its assess message failed twice and came back: 2 x 360 s of visibility are more than the horizon.
    const reading: Reading = {
      ...{ id: 'late', runId: 'r', at: swept.toISOString(), vantage: 'v', observations: [], vantageAlive: true },
      endpoint: { ...bad, declaredAt: swept.toISOString() },
    };
    await assess(reading, store, EMPTY_ALLOWLIST, () => organisation.now);
    const state = await store.read(good.id);
    expect([state?.endpoint.declared.tls?.level, state?.incidents.length]).toEqual(['off', 1]);
  });
});

describe('an endpoint whose connections are counted', () => {
  it('is judged by what was read of it, where no visit is due', async () => {
    const store = memoryStore({ sinks: [] });
    const mysql = { ...rds('prod', 3306), engine: 'mysql' as const };
    let now = new Date(at(0));
    const run = {
      ...{ runId: 'a', signal: NEVER, userAgent: 'x', vantage: 'v', metadata: 2, rawNames: false, concurrency: 1 },
      ...{ pacer: pacer(), hearing: hearing(), budgets: store.budgets, now: () => now },
      policy: { allowPrivate: true, only: [] },
      probes: [
        {
          ...{ id: 'mysql', engines: ['mysql'], defaultPort: 3306, maxConnections: 1, deadlineMs: 100 },
          ...{
            connectionBudget: { stopAt: 50, minIntervalMs: 86_400_000 },
            visit: async () => Promise.reject(new Error('x')),
          },
        },
      ],
      resolver: async () => ({ state: 'ok', addresses: ['127.0.0.1'], detail: '' }),
    } as unknown as ProbeRun;
    const look = async (endpoint: Endpoint, runId: string): Promise<void> => {
      const outcome = await probeEndpoint({ ...endpoint, declaredAt: now.toISOString() }, { ...run, runId });
      // As lib/runtime/lambda/probe.ts and lib/pipeline/scan.ts do it.
      if (outcome.kind !== 'cancelled')
        await assess(
          withInventory({ since: now.toISOString(), gaps: [] })(outcome.reading),
          store,
          EMPTY_ALLOWLIST,
          () => now,
        );
    };
    await look(
      { ...mysql, host: '127.0.0.1', declared: { network: declaredOn('private'), tls: declaredOn('required') } },
      'a',
    );
    expect(await store.read(mysql.id)).toBeDefined();
    now = new Date(at(3_600_000));
    // ModifyDBParameterGroup require_secure_transport=0, an hour after the visit of the day.
    await look(
      { ...mysql, host: '127.0.0.1', declared: { network: declaredOff('open to WORLD'), tls: declaredOff('0') } },
      'b',
    );
    expect((await store.read(mysql.id))?.incidents.map((i) => i.protection).toSorted()).toEqual(['network', 'tls']);
  });
});
