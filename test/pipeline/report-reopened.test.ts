/** What happens after a period changes no report of it: an incident that was over by its end and began again later was over. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EMPTY_ALLOWLIST } from '../../lib/model/allowlist.ts';
import type { Reading } from '../../lib/model/reading.ts';
import type { Report } from '../../lib/model/report.ts';
import { assess } from '../../lib/pipeline/assess.ts';
import { buildReport } from '../../lib/pipeline/report.ts';
import { memoryStore } from '../../lib/stores/memory.ts';
import { look, readingsOf } from '../support/histories.ts';
import { lived, OPEN } from '../support/history.ts';
import { instant } from '../support/readings.ts';

const query = { toolVersion: '0', allowlist: EMPTY_ALLOWLIST };
const authentication = ({ incidents }: Report) => incidents.filter((i) => i.protection === 'authentication');

/** Opened at 60, over at 120, and again at 900, which is within half an hour. */
const before = [{ at: 0 }, { at: 60, ...OPEN }, { at: 120 }, { at: 180 }];
const after = [{ at: 900, ...OPEN }, { at: 960 }];

describe('the report of a period in which an incident ended', () => {
  it.each([
    ['is open again', after.slice(0, 1)],
    ['was open again, and ended again', after],
  ])('is as it was, where since then it %s', async (_, since) => {
    const period = { ...query, to: instant(200) };
    const [then] = authentication(await buildReport(await lived(before), period));
    expect(then).toMatchObject({ status: 'closed', closed: { upper: instant(120), cause: 'fixed' } });
    const now = await buildReport(await lived([...before, ...since]), period);
    expect(authentication(now)).toEqual([then]);
  });

  it('has the incident open where the period ends after it began again', async () => {
    const now = await buildReport(await lived([...before, ...after]), { ...query, to: instant(930) });
    expect(authentication(now)).toMatchObject([{ status: 'open', closedLater: { upper: instant(960) } }]);
  });

  it('does not have it where it was over before the period and began again after it', async () => {
    const period = { ...query, from: instant(300), to: instant(600) };
    const quiet = [{ at: 400 }, { at: 590 }];
    expect(authentication(await buildReport(await lived([...before, ...quiet, ...after]), period))).toEqual([]);
  });
});

const RUNS = 300;
const come = ['anonymous', 'demands authentication in clear', 'first comer becomes administrator'] as const;
const go = ['demands authentication', 'demands authentication', 'refused', 'unroutable', 'filtered'] as const;
const history = fc.array(look({ maxWait: 600, names: [...come, ...go] }), { minLength: 5, maxLength: 30 });

async function storeOf(readings: readonly Reading[]) {
  const store = memoryStore({ sinks: [] });
  for (const reading of readings)
    await assess(reading, store, EMPTY_ALLOWLIST, () => new Date(Date.parse(reading.at) + 1_000));
  return store;
}

/** One that was over, whole but that it flaps, which is of today. Of one that was open more may be known since. */
function told({ incidents }: Report): unknown {
  return incidents.map(({ flapping: _flapping, ...incident }) => {
    const { id, status, severity, to, start } = incident;
    return status === 'open' ? { id, status, severity, to, start } : incident;
  });
}

describe(`${RUNS} histories of whatever may be seen`, () => {
  it('each have one report of their first part, made when it was over or later', async () => {
    let [again, over] = [0, 0];
    const property = fc.asyncProperty(history, fc.double({ min: 0.2, max: 0.9, noNaN: true }), async (looks, part) => {
      const readings = readingsOf(looks);
      const first = readings.slice(0, Math.max(1, Math.floor(readings.length * part)));
      const to = first.at(-1)?.at;
      if (to === undefined) throw new Error('no reading');
      const [then, now] = [await storeOf(first), await storeOf(readings)];
      const [early, late] = [await buildReport(then, { ...query, to }), await buildReport(now, { ...query, to })];
      over += early.incidents.filter(({ status }) => status !== 'open').length;
      for await (const { reopened } of now.incidents()) if ((reopened?.last.at(-1) ?? '') > to) again++;
      const mine = { ...late, incidents: late.incidents.filter(({ start }) => start.upper <= to) };
      expect(told(mine)).toEqual(told(early));
    });
    await fc.assert(property, { numRuns: RUNS, endOnFailure: true });
    expect(over).toBeGreaterThan(RUNS / 3);
    expect(again).toBeGreaterThan(RUNS / 10);
  });
});
