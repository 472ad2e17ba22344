/**
 * A ledger of ninety days of five hundred endpoints, the same each time: visits judged by the fold itself, notices settled as a
 * sink would, windows opened and closed, some still open at the end, blind stretches, cells that were not read, a night
 * without a pass, a drill every six hours, an allowlist that changed once and was refused once. Nothing is drawn by lot.
 */
import type { Incident } from '../../lib/model/incident.ts';
import type { LedgerLine } from '../../lib/model/ledger.ts';
import type { Report } from '../../lib/model/report.ts';
import type { StateStore } from '../../lib/model/store.ts';
import { assess } from '../../lib/pipeline/assess.ts';
import { allowlistCheck } from '../../lib/pipeline/guard-allowlist.ts';
import { act } from '../../lib/pipeline/handle.ts';
import { buildReport } from '../../lib/pipeline/report.ts';
import { memoryStore } from '../../lib/stores/memory.ts';
import { aReading, instant, type ObservationOverrides } from './readings.ts';
import { at, DAY, ESTATE, FIRST_LIST, FROM, isPartnered, PLACES, SECOND_LIST, TO, usual } from './year-end-estate.ts';

/** Something that happens at a second of the period. */
type Deed = readonly [second: number, does: () => Promise<void>];

const DAYS = 90;
const RELISTED = at(45, 9 * 3_600);
const PASS = 1_800;

export async function yearEndStore(): Promise<StateStore> {
  const store = memoryStore({ sinks: ['page'], shared: true });
  for (const place of PLACES) await store.inventory.save(place);
  const deeds = [
    ...allowlistDeeds(store),
    ...[visits(store), looks(store), passes(store), cells(store), drills(store)].flat(),
  ];
  for (const [, does] of deeds.toSorted(([a], [b]) => a - b)) await does();
  return store;
}

export async function yearEndReport(): Promise<Report> {
  const store = await yearEndStore();
  return buildReport(store, { from: FROM, to: TO, toolVersion: '0.1.0', allowlist: SECOND_LIST });
}

/** Something that is not as usual, seen `from` the second on and until `to`. */
interface Spell {
  readonly n: number;
  readonly from: number;
  readonly to: number;
  readonly sees: ObservationOverrides;
}

const OPEN: ObservationOverrides = { auth: 'open-anonymous', tls: 'absent' };
const PLAIN: ObservationOverrides = { auth: 'auth-required', tls: 'absent' };
const SILENT: ObservationOverrides = { l4: 'filtered', gap: 'no-answer' };

/** Thirty: one every third day, from ten minutes to four days long. The last three are there at the end. */
const WINDOWS = Array.from({ length: 30 }, (_, k): Spell => {
  const from = at(2 + k * 3 - (k > 27 ? 2 : 0), 3_600 * (5 + (k % 12)) + 17 * k);
  const lasts = 600 + ((k * 7_919) % 11) ** 3 * 330;
  return { n: nth(k * 17, k % 3 !== 0), from, to: k > 26 ? Infinity : from + lasts, sees: k % 5 === 4 ? PLAIN : OPEN };
});

/** Fifteen endpoints do not answer for days; three of them do not at the end. */
const BLIND = Array.from({ length: 15 }, (_, k): Spell => {
  const from = k > 11 ? at(88, k * 600) : at(6 * k + 8, 7_200);
  return { n: nth(k * 23 + 5, false), from, to: k > 11 ? Infinity : from + DAY / 2 + k * 3_600, sees: SILENT };
});

/** The so-manieth that partners reach, or that nobody does. */
function nth(wanted: number, partnered: boolean): number {
  const fitting = ESTATE.flatMap((_, n) => (isPartnered(n) === partnered ? [n] : []));
  return fitting[wanted % fitting.length] ?? 0;
}

/** One look, and whatever it owes is told half a minute later. */
function visit(store: StateStore, n: number, second: number): Deed {
  const does = async (): Promise<void> => {
    const endpoint = ESTATE[n];
    if (endpoint === undefined) throw new Error(`no endpoint ${n}`);
    const spell = [...WINDOWS, ...BLIND].find((each) => each.n === n && each.from <= second && second < each.to);
    const sees = [spell?.sees ?? usual(n)];
    const reading = {
      ...aReading({ at: second, sees, everyMs: DAY * 1_000 }),
      id: `${second}/${endpoint.id}`,
      endpoint,
    };
    const list = second < RELISTED ? FIRST_LIST : SECOND_LIST;
    await assess(reading, store, list, () => new Date(instant(second + 1)));
    for (const entry of await store.outbox.due(instant(second + 30), 50)) {
      await store.outbox.settle(entry, { at: instant(second + 31), id: `page-${second}-${n}`, runId: 'notify' });
    }
  };
  return [second, does];
}

/** Each endpoint once a day; the ledger holds changes alone. */
function visits(store: StateStore): Deed[] {
  const days = Array.from({ length: DAYS }, (_, day) => day);
  return ESTATE.flatMap((_, n) => days.map((day) => visit(store, n, at(day, 60 + n * 3))));
}

/** Where something changes it is looked at five minutes before, then, five minutes after, and when it is over. */
function looks(store: StateStore): Deed[] {
  return [...WINDOWS, ...BLIND].flatMap(({ n, from, to, sees }, k): readonly Deed[] => {
    const seconds = [from - 300, from, from + 300, ...(to === Infinity ? [] : [to - 60, to])];
    const isToldOf = sees !== SILENT && k !== 28;
    return [
      ...seconds.map((second) => visit(store, n, second)),
      ...(isToldOf ? acknowledged(store, n, from + 340 + k * 11) : []),
    ];
  });
}

function acknowledged(store: StateStore, n: number, second: number): readonly Deed[] {
  const does = async (): Promise<void> => {
    const opened: Incident[] = [];
    for await (const each of store.incidents({ status: 'open' })) {
      if (each.endpointId === ESTATE[n]?.id && each.severity !== 'info') opened.push(each);
    }
    const now = (): Date => new Date(instant(second));
    for (const { id } of opened) {
      await act(store, id, { kind: 'ack' }, { by: `oncall-${n % 4}`, runId: 'console' }, now);
      if (n % 2 === 0) {
        const text = 'a security group was widened for a test';
        await act(store, id, { kind: 'note', text }, { by: `oncall-${n % 4}`, runId: 'console' }, now);
      }
    }
  };
  return [[second, does]];
}

function line(kind: LedgerLine['kind'], second: number, subject: string, body: LedgerLine['body']): LedgerLine {
  return { kind, runId: 'watch', subject, observedAt: instant(second), recordedAt: instant(second), body };
}

function told(store: StateStore, second: number, ...what: readonly LedgerLine[]): Deed {
  return [second, () => store.append(what)];
}

/** Every half hour but for a night of six hours and a noon of two; each morning says what it runs with. */
function passes(store: StateStore): Deed[] {
  const paused = (s: number): boolean =>
    (s > at(33, 0) && s < at(33, 21_600)) || (s > at(61, 43_200) && s < at(61, 50_400));
  return Array.from({ length: (DAYS * DAY) / PASS - 1 }, (_, k) => at(0, (k + 1) * PASS - 5))
    .filter((second) => !paused(second))
    .map((second, k) => {
      const start = {
        ...{ event: 'start', vantage: 'aws-eu-west-1', toolVersion: second < at(40) ? '0.0.9' : '0.1.0' },
        allowlist: (second < RELISTED ? FIRST_LIST : SECOND_LIST).digest,
      };
      const end = line('run', second, `pass-${k}`, { event: 'end', probed: 500 });
      return told(store, second, ...(k % 48 === 0 ? [line('run', second - 4, `pass-${k}`, start)] : []), end);
    });
}

function cells(store: StateStore): Deed[] {
  const stage = { stage: 'inventory' } as const;
  const denied = { ...stage, code: 'denied', detail: 'rds:DescribeDBInstances is not allowed' };
  const throttled = { ...stage, code: 'throttled', detail: 'kafka:ListClustersV2 was throttled five times' };
  const regionOf = (n: number): string => ESTATE[n]?.id.split('/').slice(0, 2).join('/') ?? '';
  return [0, 10, 20, 30, 40].flatMap((r): Deed[] => {
    const [rds, msk] = [`${regionOf(2 + r)}/rds`, `${regionOf(8 + r)}/msk`];
    return [
      told(store, at(87, 36_000 + r), line('gap', at(87, 36_000 + r), rds, { event: 'began', ...denied })),
      told(store, at(20 + r, 600), line('gap', at(20 + r, 600), msk, { event: 'began', ...throttled })),
      told(store, at(20 + r, 9_600), line('gap', at(20 + r, 9_600), msk, { event: 'ended', ...throttled })),
    ];
  });
}

/** A door of ajar's own, opened every six hours; one alert came late, one never. */
function drills(store: StateStore): Deed[] {
  return Array.from({ length: DAYS * 4 - 1 }, (_, k) => {
    const [from, to] = [at(0, k * 21_600 + 3_600), at(0, k * 21_600 + 4_200)];
    const alert = k === 200 ? {} : { alertSeconds: k === 77 ? 412 : 38 + (k % 29) };
    const outcome = { from: instant(from), to: instant(to), ...alert, recoverySeconds: 44 + (k % 31) };
    return told(store, to + 120, line('drill', to + 120, 'ajar/drill', outcome));
  });
}

/** Guard's own check reads the list, and leaves the lines that it leaves. */
function allowlistDeeds(store: StateStore): Deed[] {
  let note: Parameters<Parameters<typeof allowlistCheck>[0]['notes']['save']>[1] | undefined;
  const notes = {
    read: async () => note,
    save: async (_: string, next: NonNullable<typeof note>) => {
      note = next;
    },
  };
  const look = (second: number, entries: typeof FIRST_LIST, mistakes: readonly string[] = []): Deed => {
    const problems = mistakes.map((message) => ({ file: entries.file, line: 12, column: 5, message }));
    const read = async () => ({ allowlist: entries, problems });
    const check = allowlistCheck({ read, place: entries.file, notes, record: (lines) => store.append(lines) });
    return [
      second,
      async () => {
        await check.look(new Date(instant(second)));
      },
    ];
  };
  return [
    look(at(0, 30), FIRST_LIST),
    look(RELISTED, SECOND_LIST),
    look(at(52), SECOND_LIST, ['expires must be a day like 2026-01-31']),
    look(at(53), SECOND_LIST),
  ];
}
