import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { EMPTY_ALLOWLIST } from '../../lib/model/allowlist.ts';
import type { Endpoint } from '../../lib/model/endpoint.ts';
import { PeerError } from '../../lib/model/errors.ts';
import type { Notice } from '../../lib/model/incident.ts';
import type { Probe } from '../../lib/model/probe.ts';
import { pacer } from '../../lib/net/visit.ts';
import { hearing } from '../../lib/pipeline/hearing.ts';
import { buildReport } from '../../lib/pipeline/report.ts';
import { scan, type ScanRun } from '../../lib/pipeline/scan.ts';
import { memoryStore } from '../../lib/stores/memory.ts';
import { openSqliteStore } from '../../lib/stores/sqlite.ts';
import { anEndpoint } from '../support/builders.ts';

/** A world of endpoints whose answers a test sets; time moves only when told. */
function world(ids: readonly string[]) {
  const answers = new Map<string, 'open' | 'auth' | 'silent'>(ids.map((id) => [id, 'auth']));
  const delivered: Notice[] = [];
  let ms = Date.UTC(2026, 11, 4, 10);
  let runs = 0;
  const probe: Probe = {
    id: 'toy',
    speaks: 'stream',
    sends: [],
    rules: {},
    engines: ['redis'],
    defaultPort: 1,
    maxConnections: 1,
    deadlineMs: 1_000,
    async visit(_, { id }) {
      const said = answers.get(id);
      if (said === 'silent') throw new PeerError('connect', 'timeout', 'nobody');
      return {
        l4: 'open',
        proto: { state: 'match', confidence: 'firm' },
        tls: { state: 'required', clientCert: 'no' },
        auth: { state: said === 'open' ? 'open-anonymous' : 'auth-required' },
        proof: said === 'open' ? 3 : 2,
        rule: `toy/${said ?? ''}`,
        notes: [],
      };
    },
  };
  const store = memoryStore({ sinks: ['page'] });
  const endpoints: Endpoint[] = ids.map((id) => anEndpoint({ id, host: '127.0.0.1', port: 1, engine: 'redis' }));
  const pass = (over: Partial<ScanRun> = {}) =>
    scan(endpoints, {
      runId: `run${runs++}`,
      vantage: 'test',
      probes: [probe],
      policy: { allowPrivate: true, only: [] },
      metadata: 1,
      rawNames: false,
      concurrency: 4,
      pacer: pacer(0),
      budgets: store.budgets,
      hearing: ears,
      userAgent: 'test',
      now: () => new Date(ms),
      signal: new AbortController().signal,
      store,
      sinks: [{ id: 'page', deliver: async (notice) => (delivered.push(notice), { id: notice.key }) }],
      allowlist: EMPTY_ALLOWLIST,
      toolVersion: '0',
      onProgress: () => undefined,
      ...over,
    });
  const ears = hearing();
  return { answers, delivered, store, pass, wait: (by: number) => (ms += by) };
}
const kinds = (notices: readonly Notice[]): string[] =>
  notices.map((n) => `${n.endpoint.id} ${n.incident.protection} ${n.kind}`);

describe('passes over a small world', () => {
  it('page once when a protection goes, once when it is back, and never in between', async () => {
    const { answers, delivered, pass, wait } = world(['a', 'b']);
    await pass();
    delivered.length = 0; // both are reachable without an allowance: found at adoption
    answers.set('a', 'open');
    for (let i = 0; i < 3; i++) {
      wait(60_000);
      await pass();
    }
    expect(kinds(delivered)).toEqual(['a authentication opened']);
    answers.set('a', 'auth');
    wait(60_000);
    const summary = await pass();
    expect(kinds(delivered)).toEqual(['a authentication opened', 'a authentication closed']);
    expect(summary.findings.map((f) => f.protection)).toEqual(['network', 'network']);
  });

  it('keep an incident open while the endpoint is silent, and close it when silence is proven', async () => {
    const { answers, delivered, pass, wait } = world(['a', 'b']);
    answers.set('a', 'open');
    await pass();
    answers.set('a', 'silent');
    delivered.length = 0;
    for (let minute = 0; minute < 2; minute++) {
      wait(60_000);
      const { gaps } = await pass();
      expect(gaps.map((g) => [g.subject, g.code])).toEqual([['a', 'no-answer']]);
    }
    expect(delivered).toEqual([]);
    wait(60_000);
    await pass(); // third silence, two minutes after the first, while b answered
    expect(kinds(delivered)).toContain('a authentication closed');
  });

  it('never take silence for closed when nobody answers: the blind one may be us', async () => {
    const { answers, delivered, pass, wait } = world(['a', 'b']);
    answers.set('a', 'open');
    await pass();
    delivered.length = 0;
    answers.set('a', 'silent');
    answers.set('b', 'silent');
    wait(200_000); // longer than the ears remember
    for (let i = 0; i < 6; i++) {
      wait(60_000);
      await pass();
    }
    expect(delivered).toEqual([]);
  });

  it('leave a cancelled run as it was, and say how much was not visited', async () => {
    const { pass, store } = world(['a', 'b', 'c']);
    const stop = new AbortController();
    stop.abort();
    const summary = await pass({ signal: stop.signal });
    expect(summary).toMatchObject({ probed: 0, cancelled: 3 });
    expect(summary.gaps).toHaveLength(3);
    expect(await store.read('a')).toBeUndefined();
  });

  it('count what the inventory could not read of an endpoint once, although its posture says it too', async () => {
    const { answers, pass } = world(['a']);
    answers.set('a', 'silent');
    const gap = { stage: 'inventory', subject: 'a', code: 'not-in-inventory', detail: 'no longer listed' } as const;
    const cells = { complete: 1, partial: 0, denied: 0, throttled: 0, 'not-enabled': 0, 'not-offered': 0, failed: 0 };
    const coverage = { accounts: 1, places: 1, cells, calls: 1 };
    const since = '2026-12-04T10:00:00.000Z';
    const { gaps } = await pass({
      inventory: { since, gone: [], gaps: [gap], forgotten: [], recreated: [], coverage },
    });
    expect(gaps.filter((g) => g.code === 'not-in-inventory')).toEqual([gap]);
  });

  it('tell the ledger once of an account that cannot be listed, whichever process scans', async () => {
    const { pass, wait } = world(['a']);
    const dir = mkdtempSync(join(tmpdir(), 'ajar-scan-'));
    const coverage = { accounts: 1, places: 0, cells: {} as never, calls: 0 };
    const gap = { stage: 'inventory', subject: '222222222222/us-east-1/regions', code: 'denied', detail: 'x' } as const;
    const told: unknown[] = [];
    for (const gaps of [[gap], [gap], [], []]) {
      // As each `ajar scan` opens it: nothing is remembered but by the store.
      const store = await openSqliteStore({ dir, sinks: [], now: () => new Date() });
      const listing = { accounts: ['222222222222'], gaps, isWhole: true };
      const inventory = { since: '2026-12-04T10:00:00.000Z', gone: [], gaps, forgotten: [], recreated: [] };
      const summary = await pass({ store, inventory: { ...inventory, coverage, listing } });
      expect(summary.gaps.filter(({ subject }) => subject === gap.subject)).toEqual(gaps);
      told.length = 0;
      for await (const { kind, subject, body } of store.ledger()) {
        if (kind === 'gap' && subject === gap.subject) told.push(body.event);
      }
      await store.close();
      wait(60_000);
    }
    expect(told).toEqual(['began', 'ended']);
    rmSync(dir, { recursive: true });
  });

  it('give a report with sound bounds and the ledger head', async () => {
    const { answers, pass, store, wait } = world(['a', 'b']);
    await pass();
    answers.set('a', 'open');
    wait(60_000);
    await pass();
    answers.set('a', 'auth');
    wait(60_000);
    await pass();
    const report = await buildReport(store, { toolVersion: '0', allowlist: EMPTY_ALLOWLIST });
    const incident = report.incidents.find((i) => i.protection === 'authentication');
    expect(incident).toMatchObject({ status: 'closed', exposure: { least: 0, most: 120 } });
    expect(report.ledger).toEqual({
      entries: report.ledger.lastSeq,
      firstSeq: 1,
      lastSeq: (await store.ledgerHead()).seq,
      headHash: (await store.ledgerHead()).hash,
      headAt: '2026-12-04T10:02:00.000Z',
    });
    expect(report.totals).toMatchObject({ endpoints: 2, open: 2, verdicts: { reachable: 2 } });
    expect(await buildReport(store, { toolVersion: '0', allowlist: EMPTY_ALLOWLIST })).toEqual(report);
  });
});
