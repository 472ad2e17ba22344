/** The cost model: what it must say of fleets whose cost is known beforehand, and that it reads what is deployed. */
import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { describe, expect, it } from 'vitest';
import { deployedOf } from '../../scripts/cost/deployed.ts';
import {
  configCost,
  costOf,
  type Counted,
  dailyScanCost,
  type Deployed,
  type Fleet,
  type Prices,
} from '../../scripts/cost/model.ts';

const read = (name: string): string => readFileSync(new URL(`../../${name}`, import.meta.url), 'utf8');
const prices = JSON.parse(read('scripts/cost/prices.json')) as Prices;
const deployed: Deployed = {
  probeBatch: 10,
  assessBatch: 10,
  probeMb: 1_024,
  assessMb: 512,
  planMb: 512,
  guardMb: 1_024,
};
const counted: Counted = { writeUnits: 1, readUnits: 1, assessCpu: 0.002, probeCpu: 0.0003, stateBytes: 1_024 };
const fleet: Fleet = { endpoints: 1_000, visitsAMonth: 43_200, silent: 0, silenceSeconds: 1 };

type Over = { fleet?: Partial<Fleet>; counted?: Partial<Counted>; deployed?: Partial<Deployed> };
function of(what: RegExp, over: Over = {}): number {
  const whole = { ...deployed, ...over.deployed };
  const lines = costOf({ ...fleet, ...over.fleet }, { ...counted, ...over.counted }, whole, prices);
  return lines.filter((line) => what.test(line.what)).reduce((sum, { dollars }) => sum + dollars, 0);
}

describe('a month', () => {
  it('of one write unit a reading is as many units as there are readings', () => {
    expect(of(/states written/u)).toBeCloseTo(1_000 * 43_200 * prices.dynamoWriteUnit, 6);
    expect(of(/states written/u, { counted: { writeUnits: 0.05 } })).toBeCloseTo(1.35, 6);
  });

  it('grows with the fleet where it is paid by the visit, and not where it is paid by the minute', () => {
    for (const what of [/probe: Lambda/u, /assess: Lambda/u, /SQS/u, /states/u, /roster/u]) {
      expect(of(what, { fleet: { endpoints: 10_000 } })).toBeCloseTo(10 * of(what), 6);
    }
    for (const what of [/^plan and guard/u, /metrics/u, /evidence/u]) {
      expect(of(what, { fleet: { endpoints: 10_000 } })).toBe(of(what));
    }
  });

  it('costs more where endpoints are silent, and no more than each batch waiting once', () => {
    const [none, most, all] = [0, 0.9, 1].map((silent) => of(/probe: Lambda/u, { fleet: { silent } }));
    expect(most).toBeGreaterThan(none ?? 0);
    const waiting = 4_320_000 * (prices.lambdaRequest + prices.lambdaGbSecond);
    expect(all).toBeCloseTo(waiting, 6);
  });

  it('of silent endpoints costs a fifth with five times as many visits a run, and half with half the memory', () => {
    const silent = { fleet: { silent: 1 } };
    const lambda = (over: Partial<Deployed>) => of(/probe: Lambda/u, { ...silent, deployed: over });
    const ten = lambda({ probeBatch: 10, probeMb: 1_024 });
    expect(lambda({ probeBatch: 50, probeMb: 1_024 })).toBeCloseTo(ten / 5, 6);
    const requests = (visits: number) => (1_000 * 43_200 * prices.lambdaRequest) / visits;
    expect(lambda({ probeBatch: 50, probeMb: 512 }) - requests(50)).toBeCloseTo((ten - requests(10)) / 10, 6);
  });

  it('pays SQS for every ten messages, and no less where a run has more', () => {
    const queues = (probeBatch: number) => of(/SQS/u, { deployed: { probeBatch } });
    expect(queues(50)).toBe(queues(10));
    expect(queues(1)).toBeGreaterThan(queues(10));
    const messages = 1_000 * 43_200;
    expect(queues(50)).toBeCloseTo(messages * (0.3 + 1 / 8 + 0.2) * prices.sqsRequest, 6);
  });

  it('is made of no negative and no missing figure', () => {
    for (const { dollars } of costOf(fleet, counted, deployed, prices)) expect(dollars).toBeGreaterThan(0);
  });
});

describe('beside it', () => {
  it('a daily scan costs a share of the visits, and AWS Config grows with rules and changes', () => {
    expect(dailyScanCost(fleet, counted, deployed, prices)).toBeLessThan(of(/./u) / 100);
    expect(configCost(1_000, prices, 6, 1)).toBeCloseTo(1_000 * (6 * 2 * 30 * 0.001 + 30 * 0.003), 6);
    expect(configCost(1_000, prices, 12, 1)).toBeGreaterThan(configCost(1_000, prices, 6, 1));
  });
});

it('reads batches and memory from serverless.yml', () => {
  const found = deployedOf(parse(read('serverless.yml'), { logLevel: 'silent' }));
  for (const value of Object.values(found)) expect(value).toBeGreaterThan(0);
  expect([found.probeBatch, found.probeMb]).toEqual([50, 512]);
});
