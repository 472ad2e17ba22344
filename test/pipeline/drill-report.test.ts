/** The drill in a report: told apart, and in no figure of exposure; and how each format shows it. */
import { parse } from 'csv-parse/sync';
import { describe, expect, it } from 'vitest';
import { EMPTY_ALLOWLIST } from '../../lib/model/allowlist.ts';
import type { DrillOutcome } from '../../lib/model/drill.ts';
import type { StateStore } from '../../lib/model/store.ts';
import { assess } from '../../lib/pipeline/assess.ts';
import { drillEndpoint } from '../../lib/pipeline/drill.ts';
import { buildReport } from '../../lib/pipeline/report.ts';
import { csv } from '../../lib/reports/csv.ts';
import { html } from '../../lib/reports/html.ts';
import { json } from '../../lib/reports/json.ts';
import { lived } from '../support/history.ts';
import { aReading, instant } from '../support/readings.ts';
import { textFiles } from '../support/report-files.ts';

const HOUR = 3_600;
const DAY = 24 * HOUR;
const report = (store: StateStore, period: { from?: string; to?: string } = {}) =>
  buildReport(store, { toolVersion: '0', allowlist: EMPTY_ALLOWLIST, ...period });
const opening = (at: number, more: Partial<DrillOutcome> = {}): DrillOutcome => ({
  ...{ from: instant(at), to: instant(at + 600) },
  ...more,
});

/** One ordinary endpoint, and a drill that is visited, opened and closed beside it. */
async function world(...outcomes: readonly DrillOutcome[]): Promise<StateStore> {
  const store = await lived([{ at: 60 }, { at: DAY }]);
  const endpoint = drillEndpoint('https://abc.lambda-url.eu-west-1.on.aws/', 'eu-west-1');
  for (const [at, auth] of [[120], [180, 'open-anonymous'], [240], [DAY + 60, 'open-anonymous']] as const) {
    const reading = { ...aReading({ at, sees: [auth === undefined ? {} : { auth }] }), id: `drill-${at}`, endpoint };
    await assess(reading, store, EMPTY_ALLOWLIST, () => new Date(reading.at));
  }
  await record(store, ...outcomes);
  return store;
}

async function record(store: StateStore, ...outcomes: readonly DrillOutcome[]): Promise<void> {
  await store.append(
    outcomes.map((found) => ({
      ...{ kind: 'drill', runId: 'guard', subject: 'ajar/drill', body: { ...found } },
      ...{ observedAt: found.to, recordedAt: found.to },
    })),
  );
}

describe('a drill', () => {
  it('is no endpoint, no incident, no gap and no exposure of a report, open or closed', async () => {
    const [with_, without] = [await report(await world()), await report(await lived([{ at: 60 }, { at: DAY }]))];
    expect(with_.totals).toEqual(without.totals);
    expect(JSON.stringify([with_.endpoints, with_.incidents, with_.gaps])).not.toContain('drill');
    expect(with_.totals.verdicts.exposed).toBe(0);
    expect(with_).not.toHaveProperty('drill');
  });

  it('that was visited hides no pause in which nobody looked at anything else', async () => {
    const store = await lived([{ at: 0 }, { at: 10 * DAY }]);
    const endpoint = drillEndpoint('https://abc.lambda-url.eu-west-1.on.aws/', 'eu-west-1');
    for (let day = 0; day < 10; day++) {
      const sees = [day % 2 === 0 ? {} : ({ auth: 'open-anonymous' } as const)];
      const reading = { ...aReading({ at: day * DAY + 60, sees }), id: `drill-${day}`, endpoint };
      await assess(reading, store, EMPTY_ALLOWLIST, () => new Date(reading.at));
    }
    expect((await report(store)).coverage.unwatched).toMatchObject([{ why: 'between' }]);
  });

  it('is reported by itself: what was due, told, late, never told, and told to be over', async () => {
    const store = await world(
      opening(HOUR, { alertSeconds: 40, recoverySeconds: 90 }),
      opening(7 * HOUR, { alertSeconds: 300, recoverySeconds: 301 }),
      opening(13 * HOUR, { alertSeconds: 412 }),
      opening(19 * HOUR),
    );
    const { drill } = await report(store);
    expect(drill?.totals).toEqual({ due: 4, alerted: 2, late: 1, missed: 1, recovered: 1, slowestSeconds: 412 });
    expect(drill?.openings.map(({ from }) => from)).toEqual([1, 7, 13, 19].map((hour) => instant(hour * HOUR)));
  });

  it('counts what was over in the period, each opening once and as it was found first', async () => {
    const store = await world(opening(HOUR, { alertSeconds: 40 }), opening(7 * HOUR), opening(13 * HOUR));
    await record(store, opening(7 * HOUR, { alertSeconds: 9 }));
    const { drill } = await report(store, { from: instant(2 * HOUR), to: instant(8 * HOUR) });
    expect(drill).toEqual({
      totals: { due: 1, alerted: 0, late: 0, missed: 1, recovered: 0 },
      openings: [opening(7 * HOUR)],
    });
    expect(await report(store)).toEqual(await report(store));
  });

  it('of which a line cannot be read is no opening', async () => {
    const store = await world();
    await record(store, { ...opening(HOUR), alertSeconds: -1 }, { from: 'x', to: instant(HOUR) });
    expect(await report(store)).not.toHaveProperty('drill');
  });
});

describe('every format', () => {
  const files = async (...outcomes: readonly DrillOutcome[]) => {
    const built = await report(await world(...outcomes));
    const all = [csv, html, json].flatMap((reporter) => textFiles(reporter, built));
    return new Map(all.map(({ name, content }) => [name, content]));
  };

  it('has it where there is one, and the summary its totals alone', async () => {
    const found = await files(opening(HOUR, { alertSeconds: 40 }), opening(7 * HOUR, { alertSeconds: 400 }));
    const rows: unknown = parse(found.get('drill.csv') ?? '', { columns: true, record_delimiter: '\r\n' });
    expect(rows).toMatchObject([
      {
        opened: instant(HOUR),
        alert_seconds: '40',
        alert_in_time: 'true',
        recovery_seconds: '',
        recovery_in_time: 'false',
      },
      { alert_seconds: '400', alert_in_time: 'false' },
    ]);
    expect(JSON.parse(found.get('summary.json') ?? '')).toMatchObject({
      drill: { due: 2, alerted: 1, late: 1, missed: 0, recovered: 0, slowestSeconds: 400 },
    });
    expect(found.get('summary.json')).not.toContain('openings');
    expect(JSON.parse(found.get('report.json') ?? '')).toMatchObject({
      drill: { openings: [{ alertSeconds: 40 }, {}] },
    });
    const page = found.get('report.html') ?? '';
    expect(page).toMatch(/<section id="drill"[\s\S]*Alerted within 300 s<\/dt><dd>1<\/dd>/);
    expect(page).toMatch(/400 s<\/b>[\s\S]*never<\/b>/);
  });

  it('has nothing of it where there is none', async () => {
    const found = await files();
    expect([...found.keys()]).not.toContain('drill.csv');
    // That there was none is said where an objective asks for one.
    expect(JSON.parse(found.get('report.json') ?? '')).not.toHaveProperty('drill');
    expect(JSON.parse(found.get('summary.json') ?? '')).not.toHaveProperty('drill');
    expect(found.get('report.html')).not.toMatch(/id="drill"/);
  });
});
