/**
 * A report is a function of a prefix of the ledger and of what lies beside it: whatever the record becomes later, both give the
 * same report. And what lies beside it cannot leave out or alter what the ledger tells.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EMPTY_ALLOWLIST } from '../../lib/model/allowlist.ts';
import type { Reading } from '../../lib/model/reading.ts';
import type { Report } from '../../lib/model/report.ts';
import type { ReportInputs } from '../../lib/model/report-inputs.ts';
import type { StateStore } from '../../lib/model/store.ts';
import { assess } from '../../lib/pipeline/assess.ts';
import { act } from '../../lib/pipeline/handle.ts';
import { prepareReport, reportOf } from '../../lib/pipeline/report.ts';
import { parseInputs } from '../../lib/pipeline/read-inputs.ts';
import { checkRange, entriesOf } from '../../lib/pipeline/reproduce.ts';
import { inputsFile } from '../../lib/reports/inputs.ts';
import { memoryStore } from '../../lib/stores/memory.ts';
import { look, readingsOf } from '../support/histories.ts';
import { BLIND, lived, OPEN, passEnded } from '../support/history.ts';
import { bytesOf } from '../support/report-files.ts';
import { memoryEvidence } from '../support/sealed.ts';
import { instant } from '../support/readings.ts';
import { yearEndStore } from '../support/year-end.ts';
import { FROM, SECOND_LIST, TO } from '../support/year-end-estate.ts';

const query = { toolVersion: '0', allowlist: EMPTY_ALLOWLIST };
type Asked = { readonly from?: string; readonly to?: string };

/** Written and read again, as they lie beside a report. */
function reread(inputs: ReportInputs): Promise<ReportInputs> {
  const { name, content } = inputsFile(inputs);
  return parseInputs(memoryEvidence([[name, bytesOf(content)]]));
}

async function again(store: StateStore, { ledger }: Report, inputs: ReportInputs, asked: Asked) {
  const read = await reread(inputs);
  const checked = await checkRange(store, ledger, read, asked);
  return { checked, report: await reportOf(read, entriesOf(store, ledger), { toolVersion: '0', ...asked }) };
}

async function grow(store: StateStore, readings: readonly Reading[]): Promise<void> {
  for (const reading of readings) {
    await assess(reading, store, EMPTY_ALLOWLIST, () => new Date(Date.parse(reading.at) + 1_000));
    await passEnded(store, (Date.parse(reading.at) - Date.parse(instant(0))) / 1_000 + 2);
  }
}

const RUNS = 300;
const fraction = (min: number, max: number) => fc.double({ min, max, noNaN: true });
const come = ['anonymous', 'anonymous in clear', 'one of two open', 'open and silent'] as const;
const go = ['demands authentication', 'refused', 'unroutable', 'filtered', 'unresolved', 'cancelled'] as const;
const history = fc.array(look({ maxWait: 900, names: [...come, ...go] }), { minLength: 3, maxLength: 30 });

describe(`${RUNS} histories of whatever may be seen`, () => {
  it('each give the report of a first part again, byte for byte, when more has happened', async () => {
    let [grew, withIncidents, closedSince] = [0, 0, 0];
    const property = fc.asyncProperty(
      history,
      fraction(0.2, 0.9),
      fc.option(fraction(0, 1)),
      fc.boolean(),
      async (looks, part, until, isLate) => {
        const taken = readingsOf(looks);
        // Every second one comes before the one that was taken before it.
        const readings = isLate
          ? taken.map((_, i) => taken[i % 2 === 0 ? Math.min(i + 1, taken.length - 1) : i - 1] as Reading)
          : taken;
        const cut = Math.max(1, Math.floor(readings.length * part));
        const store = memoryStore({ sinks: [] });
        await grow(store, readings.slice(0, cut));
        // A look that came late and changed nothing leaves no entry: the record begins with the one that came first.
        const ends = readings
          .slice(0, cut)
          .map((one) => one.at)
          .filter((one) => one >= (readings[0]?.at ?? ''))
          .toSorted();
        const end = until === null ? undefined : ends[Math.floor(until * (ends.length - 1))];
        const asked: Asked = end === undefined ? {} : { to: end };
        const { report, inputs } = await prepareReport(store, { ...query, ...asked });
        const written = bytesOf(inputsFile(inputs).content).toString();
        await grow(store, readings.slice(cut));
        const { checked, report: made } = await again(store, report, inputs, asked);
        expect(checked).toEqual({ broken: [], brokenCount: 0, notes: [] });
        expect(JSON.stringify(made)).toBe(JSON.stringify(report));
        expect(bytesOf(inputsFile(await reread(inputs)).content).toString()).toBe(written);
        const now = JSON.stringify((await prepareReport(store, { ...query, ...asked })).report);
        if (now !== JSON.stringify(report)) grew++;
        if (report.incidents.length > 0) withIncidents++;
        for await (const { id, status } of store.incidents())
          if (status !== 'open' && report.incidents.some((i) => i.id === id && i.status === 'open')) closedSince++;
      },
    );
    await fc.assert(property, { numRuns: RUNS, endOnFailure: true });
    // It would show nothing where a report made later said the same anyway.
    expect(grew).toBeGreaterThan(RUNS / 2);
    expect(withIncidents).toBeGreaterThan(RUNS / 3);
    expect(closedSince).toBeGreaterThan(RUNS / 20);
  });
});

it('a ledger of ninety days of five hundred endpoints gives each report of it again when it goes on', async () => {
  const store = await yearEndStore();
  const all = { allowlist: SECOND_LIST, toolVersion: '0' };
  const middle = new Date((Date.parse(FROM) + Date.parse(TO)) / 2).toISOString();
  const periods: readonly Asked[] = [{ from: FROM, to: TO }, { from: FROM, to: middle }, {}];
  const made = [];
  for (const asked of periods) made.push({ asked, ...(await prepareReport(store, { ...all, ...asked })) });
  const open = made[0]?.report.incidents.filter(({ status }) => status === 'open') ?? [];
  expect(open.length).toBeGreaterThan(2);
  // It goes on: people act on what is open, a pass ends, another endpoint is found open, a cell is refused.
  const after = (Date.parse(TO) - Date.parse(instant(0))) / 1_000;
  const by = { by: 'somebody', runId: 'r' };
  for (const { id } of open)
    await act(store, id, { kind: 'note', text: 'after the year' }, by, () => new Date(instant(after + 30)));
  await lived([{ at: after + 60, endpoint: { id: 'found later' }, ...OPEN }], store);
  for await (const { place } of store.inventory.all()) await store.inventory.save({ place, cells: {} });
  for (const { asked, report, inputs } of made) {
    const { checked, report: same } = await again(store, report, inputs, asked);
    expect([checked.broken, checked.missing]).toEqual([[], undefined]);
    expect(JSON.stringify(same) === JSON.stringify(report)).toBe(true);
  }
  expect((await prepareReport(store, { ...all, from: FROM, to: TO })).report.ledger).not.toEqual(
    made[0]?.report.ledger,
  );
});

describe('inputs that say something else than the ledger', () => {
  const story = [
    { at: 0 },
    { at: 60, ...OPEN },
    { at: 120 },
    { at: 180, ...OPEN, endpoint: { id: 'other' } },
    { at: 240, ...BLIND },
  ];
  const cases: readonly (readonly [string, (inputs: ReportInputs) => ReportInputs, RegExp])[] = [
    [
      'leave out an endpoint',
      (i) => ({ ...i, states: i.states.slice(1) }),
      /endpoint es-1 entry \d+ is in the ledger and not/,
    ],
    [
      'leave out an incident',
      (i) => ({ ...i, incidents: i.incidents.slice(1) }),
      /incident \S+ entry \d+ is in the ledger and not/,
    ],
    [
      'have another verdict',
      (i) => ({
        ...i,
        states: i.states.map((s) => ({
          ...s,
          posture: {
            ...s.posture,
            verdict: { name: 'protected', shadow: false, confirmed: true, why: 'trust me' } as const,
          },
        })),
      }),
      /endpoint other entry \d+ was recorded as exposed, and is protected in the inputs/,
    ],
    [
      'close an incident that was open',
      (i) => ({
        ...i,
        incidents: i.incidents.map((one) => ({
          ...one,
          status: 'closed' as const,
          closed: { lower: instant(200), upper: instant(201), cause: 'fixed' as const },
        })),
      }),
      /was recorded as open \(\S+ of other\), and is closed \(/,
    ],
    [
      'have an endpoint of which nothing was recorded',
      (i) => ({
        ...i,
        states: [
          ...i.states,
          ...i.states.slice(0, 1).map((s) => ({ ...s, endpoint: { ...s.endpoint, id: 'made up' } })),
        ],
      }),
      /endpoint made up entry undefined is in the inputs, and no entry tells of it/,
    ],
    [
      'have an incident of which nothing was recorded',
      (i) => ({
        ...i,
        incidents: [
          ...i.incidents,
          ...i.incidents.slice(0, 1).map((one) => ({ ...one, id: '00000000-0000-4000-8000-000000000000' })),
        ],
      }),
      /incident 00000000\S+ entry undefined is in the inputs/,
    ],
  ];

  it.each(cases)('%s: found', async (_, doctored, said) => {
    const store = await lived(story);
    const { report, inputs } = await prepareReport(store, query);
    expect((await checkRange(store, report.ledger, inputs, {})).brokenCount).toBe(0);
    const { broken, brokenCount } = await checkRange(store, report.ledger, doctored(inputs), {});
    expect(brokenCount).toBeGreaterThan(0);
    expect(broken.map(({ where, seq, why }) => `${where} entry ${seq} ${why}`).join('\n')).toMatch(said);
  });

  it('may be of either side of an entry that came while they were read, and that is said', async () => {
    const store = await lived(story);
    const { inputs } = await prepareReport(store, query);
    const { seq } = await store.ledgerHead();
    await lived([{ at: 300, ...OPEN }, { at: 360 }], store);
    const { report } = await prepareReport(store, query);
    const { brokenCount, notes } = await checkRange(store, report.ledger, inputs, {});
    expect([brokenCount, notes]).toEqual([
      0,
      [expect.stringContaining(`entries ${seq + 1} to ${report.ledger.lastSeq} were written while`)],
    ]);
  });

  it('name an allowlist of which the ledger says nothing: that is said', async () => {
    const store = await lived(story);
    const { report, inputs } = await prepareReport(store, {
      ...query,
      allowlist: { ...EMPTY_ALLOWLIST, digest: 'd'.repeat(64) },
    });
    expect((await checkRange(store, report.ledger, inputs, {})).notes).toEqual([
      expect.stringContaining('no entry names the allowlist'),
    ]);
  });
});

describe('a ledger that is not the one', () => {
  it('ends too early, begins too late, was made anew, or is another', async () => {
    const store = await lived([{ at: 0 }, { at: 60, ...OPEN }]);
    const { report, inputs } = await prepareReport(store, query);
    const { firstSeq, lastSeq, headHash } = report.ledger;
    const short = await lived([{ at: 0 }]);
    const { missing } = await checkRange(short, report.ledger, inputs, {});
    expect(missing).toBe(
      `the report is of ledger entries ${firstSeq} to ${lastSeq}, and this ledger holds no entry behind ${(await short.ledgerHead()).seq}`,
    );
    const pruned = { ledger: () => store.ledger({ from: 3 }) };
    expect((await checkRange(pruned, report.ledger, inputs, {})).broken).toMatchObject([
      { seq: 1, why: 'expected entry 1, found 3' },
    ]);
    const other = await lived([{ at: 0 }, { at: 61, ...OPEN }, { at: 70 }]);
    expect((await checkRange(other, report.ledger, inputs, {})).broken).toMatchObject([
      { where: 'the ledger', seq: lastSeq, why: /not the entry/ },
    ]);
    const forged = {
      async *ledger() {
        for await (const e of store.ledger()) yield e.seq === 2 ? { ...e, subject: 'es-2' } : e;
      },
    };
    expect((await checkRange(forged, { firstSeq, lastSeq, headHash }, inputs, {})).broken).toMatchObject([
      { seq: 2, why: 'its content does not match its hash' },
    ]);
  });
});
