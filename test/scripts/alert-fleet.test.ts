/** I11 in virtual time over a small organisation, as `npm run bench:fleet-alerts` has it over 5,000 endpoints in 200 accounts. */
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { parse } from 'yaml';
import { LANES } from '../../scripts/bench/alerts/deployment.ts';
import { type FleetRun, playFleet, spreadOf } from '../../scripts/bench/alerts/fleet.ts';

const SIZE = { accounts: 10, endpoints: 300, removals: 45, minutes: 20, seed: 7 };
const AUDIENCES = ['page', 'machine'] as const;

it('tells of every loss in an organisation, p95 within 3 minutes and all within 5 of those that an event or a look a minute shows', async () => {
  const { told, unfounded } = await playFleet(SIZE);
  for (const audience of AUDIENCES) {
    const { count, p95, most } = spreadOf(told[audience], ['engine', 'call']);
    expect(count).toBeGreaterThan(25);
    expect(p95).toBeLessThanOrEqual(180);
    expect(most).toBeLessThanOrEqual(300);
    // A door that was closed is looked at every five minutes: where its event never comes that is what it takes.
    const silent = spreadOf(told[audience], ['silent']);
    expect(silent.untold).toBe(0);
    expect(silent.most).toBeLessThanOrEqual(390);
  }
  expect(unfounded).toBe(0);
});

it('would find a backlog: with one prober of one visit at a time whoever is told is told late', async () => {
  const { told, longest }: FleetRun = await playFleet({ ...SIZE, removals: 12 }, { ...LANES, probe: SLOW });
  const { p95 } = spreadOf(told.machine, ['engine', 'call']);
  expect(longest.probe).toBeGreaterThan(100);
  expect(p95).toBeGreaterThan(180);
});
const SLOW = { batch: 1, windowMs: 0, atOnce: 1 };

it('has the batches, the windows and the concurrency of serverless.yml', () => {
  const text = readFileSync(new URL('../../serverless.yml', import.meta.url), 'utf8');
  const { functions, params } = parse(text, { logLevel: 'silent' }) as Deployed;
  for (const [name, { batch, windowMs, atOnce }] of Object.entries(LANES)) {
    const sqs = functions[name]?.events.flatMap((event) => event.sqs ?? [])[0];
    const most = String(sqs?.maximumConcurrency).replace(/\$\{param:(\w+)\}/, (_, key: string) =>
      String(params.default[key]),
    );
    expect([name, sqs?.batchSize, (sqs?.maximumBatchingWindow ?? 0) * 1_000, Number(most)]).toEqual([
      name,
      batch,
      windowMs,
      atOnce,
    ]);
  }
});

interface Deployed {
  readonly params: { readonly default: Readonly<Record<string, unknown>> };
  readonly functions: Readonly<Record<string, { readonly events: readonly { readonly sqs?: Mapping }[] }>>;
}
interface Mapping {
  readonly batchSize: number;
  readonly maximumBatchingWindow?: number;
  readonly maximumConcurrency: number | string;
}
