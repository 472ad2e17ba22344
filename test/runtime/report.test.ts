import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { EMPTY_ALLOWLIST } from '../../lib/model/allowlist.ts';
import { FORMATS } from '../../lib/model/report.ts';
import { REPORTERS } from '../../lib/reports/catalogue.ts';
import { makeReport, zipped } from '../../lib/runtime/report.ts';
import { openSqliteStore } from '../../lib/stores/sqlite.ts';
import { lived, OPEN } from '../support/history.ts';
import { fingerprints } from '../support/report-files.ts';
import { instant } from '../support/readings.ts';

const dir = mkdtempSync(join(tmpdir(), 'ajar-report-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));
beforeAll(async () => {
  const store = await openSqliteStore({ dir, sinks: [], now: () => new Date(instant(0)) });
  await lived([{ at: 0 }, { at: 60, ...OPEN }, { at: 120 }], store);
  await store.close();
});

const make = (period: { from?: string; to?: string }, now?: string, formats = FORMATS) =>
  makeReport({ state: dir }, formats, period, EMPTY_ALLOWLIST, ...(now === undefined ? [] : [new Date(now)]));

it('offers every format of the catalogue', () => {
  expect(REPORTERS.map(({ format }) => format)).toEqual(FORMATS);
});

it('makes every file of the formats asked for, and no other', async () => {
  expect((await make({}, undefined, ['html'])).map((f) => f.name)).toEqual([
    'report.html',
    'inputs.ndjson',
    'manifest.json',
  ]);
  expect((await make({})).length).toBeGreaterThan(4);
});

it.each([
  [instant(300), instant(300), true],
  [instant(300), instant(299), false],
])('a period that ends %s is taken at %s: %s', async (to, now, isTaken) => {
  const made = make({ to }, now);
  if (isTaken) expect((await made).length).toBeGreaterThan(0);
  else await expect(made).rejects.toMatchObject({ code: 'bad-input', cure: `the latest possible --to is ${now}` });
});

it('is the same bytes whenever it is made, and leaves the state as it was', async () => {
  const before = [readFileSync(join(dir, 'ajar.db')), statSync(join(dir, 'ajar.db')).mtimeMs];
  for (const period of [{}, { from: instant(-60), to: instant(90) }]) {
    const [early, late] = [await make(period, '2030-01-01T00:00:00Z'), await make(period, '2040-01-01T00:00:00Z')];
    expect(fingerprints(late)).toEqual(fingerprints(early));
    expect(fingerprints([zipped(late)])).toEqual(fingerprints([zipped(early)]));
  }
  expect([readFileSync(join(dir, 'ajar.db')), statSync(join(dir, 'ajar.db')).mtimeMs]).toEqual(before);
});

it('reads the past from the ledger of a real state directory', async () => {
  const summary = async (to: string): Promise<string> =>
    String((await make({ to })).find((f) => f.name === 'summary.json')?.content);
  expect(JSON.parse(await summary(instant(90)))).toMatchObject({ totals: { verdicts: { exposed: 1, reachable: 0 } } });
  expect(JSON.parse(await summary(instant(150)))).toMatchObject({ totals: { verdicts: { exposed: 0, reachable: 1 } } });
});
