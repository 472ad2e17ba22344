/** Each objective over a store in which it is satisfied, one in which it is not, and one that does not suffice to say. */
import { describe, expect, it } from 'vitest';
import { objectivesOf } from '../../lib/assess/objectives/objectives.ts';
import { type Allowlist, EMPTY_ALLOWLIST } from '../../lib/model/allowlist.ts';
import type { CellStatus } from '../../lib/model/inventory.ts';
import type { LedgerEntry, LedgerLine } from '../../lib/model/ledger.ts';
import {
  OBJECTIVE_IDS,
  type ObjectiveId,
  type ObjectiveState,
  type ReportObjective,
} from '../../lib/model/report-evidence.ts';
import type { StateStore } from '../../lib/model/store.ts';
import { buildReport } from '../../lib/pipeline/report.ts';
import { memoryStore } from '../../lib/stores/memory.ts';
import { BLIND, lived, OPEN, passEnded } from '../support/history.ts';
import { anAllowance, anAllowlist, instant, type ReadingOverrides } from '../support/readings.ts';
import { EMPTY_REPORT } from '../support/sample-report.ts';

const HOUR = 3_600;
const CLOSED: ReadingOverrides = { sees: [{ l4: 'refused' }], declared: { network: 'on' } };
const ALL_ON = { 'encryption-at-rest': 'on', 'audit-log': 'on', guardrail: 'on' } as const;

async function objectives(
  store: StateStore,
  allowlist: Allowlist = EMPTY_ALLOWLIST,
): Promise<readonly ReportObjective[]> {
  return (await buildReport(store, { toolVersion: '0', allowlist })).evidence.objectives;
}

async function withLines(store: StateStore, ...lines: readonly Partial<LedgerLine>[]): Promise<StateStore> {
  const blank = {
    kind: 'run',
    runId: 'r',
    subject: 'r',
    observedAt: instant(10),
    recordedAt: instant(10),
    body: {},
  } as const;
  await store.append(lines.map((line) => ({ ...blank, ...line })));
  return store;
}

async function withCell(status: CellStatus, completeAt?: string): Promise<StateStore> {
  const store = await lived([{ at: 0 }, { at: 60 }]);
  const place = { account: '111122223333', region: 'us-east-1', partition: 'aws' } as const;
  const cell = {
    status,
    triedAt: instant(30),
    calls: 1,
    known: {},
    ...(completeAt === undefined ? {} : { completeAt }),
  };
  await store.inventory.save({ place, cells: { opensearch: cell } });
  return store;
}

const drill = (alertSeconds?: number): Partial<LedgerLine> => ({
  kind: 'drill',
  subject: 'ajar/drill',
  body: {
    from: instant(5),
    to: instant(9),
    ...(alertSeconds === undefined ? {} : { alertSeconds }),
    recoverySeconds: 30,
  },
});

/** Every incident of the store told within a second, acknowledged, as the ledger has it. */
async function handled(store: StateStore): Promise<StateStore> {
  const lines: Partial<LedgerLine>[] = [];
  for await (const { id, endpointId, detectedAt } of store.incidents()) {
    const at = new Date(Date.parse(detectedAt) + 1_000).toISOString();
    const common = { subject: endpointId, observedAt: at, recordedAt: at };
    lines.push({
      kind: 'notice',
      ...common,
      body: { incidentId: id, sink: 'stdout', kind: 'opened', key: 'k', receipt: 'r' },
    });
    lines.push({ kind: 'act', ...common, body: { kind: 'ack', by: 'jdoe', incidentId: id } });
  }
  return withLines(store, ...lines);
}

/** With one entry less in its ledger. */
function tampered(store: StateStore): StateStore {
  async function* ledger(): AsyncGenerator<LedgerEntry> {
    for await (const entry of store.ledger()) if (entry.seq !== 2) yield entry;
  }
  return new Proxy(store, {
    get(target, key) {
      if (key === 'ledger') return ledger;
      const value: unknown = Reflect.get(target, key);
      return typeof value === 'function' ? (value as (...args: unknown[]) => unknown).bind(target) : value;
    },
  });
}

type Case = readonly [
  objective: ObjectiveId,
  state: ObjectiveState,
  where: string,
  store: () => Promise<StateStore>,
  allowlist?: Allowlist,
];

const soon = anAllowlist(anAllowance({ expires: '2020-01-31' }));
const CASES: readonly Case[] = [
  ['EXP-1', 'satisfied', 'every cell was read in full', () => withCell('complete', instant(30))],
  ['EXP-1', 'not-satisfied', 'a cell is denied', () => withCell('denied')],
  ['EXP-1', 'not-determined', 'the inventory is of files alone', () => lived([{ at: 0 }, { at: 60 }])],
  [
    'EXP-2',
    'satisfied',
    'the door is closed',
    () =>
      lived([
        { at: 0, ...CLOSED },
        { at: 60, ...CLOSED },
      ]),
  ],
  [
    'EXP-2',
    'not-satisfied',
    'it is open to anybody',
    () =>
      lived([
        { at: 0, ...CLOSED },
        { at: 60, ...OPEN },
      ]),
  ],
  [
    'EXP-2',
    'not-determined',
    'nothing could be concluded',
    () =>
      lived([
        { at: 0, ...BLIND },
        { at: 60, ...BLIND },
      ]),
  ],
  ['EXP-3', 'satisfied', 'a password is demanded', () => lived([{ at: 0 }, { at: 60 }])],
  [
    'EXP-3',
    'not-satisfied',
    'none is',
    () =>
      lived([
        { at: 0, ...OPEN },
        { at: 60, ...OPEN },
      ]),
  ],
  ['EXP-3', 'not-satisfied', 'none was for a minute', () => lived([{ at: 0 }, { at: 60, ...OPEN }, { at: 120 }])],
  [
    'EXP-3',
    'not-determined',
    'nothing could be concluded',
    () =>
      lived([
        { at: 0, ...BLIND },
        { at: 60, ...BLIND },
      ]),
  ],
  ['EXP-4', 'satisfied', 'TLS is required', () => lived([{ at: 0 }, { at: 60 }])],
  [
    'EXP-4',
    'not-satisfied',
    'TLS is not offered',
    () =>
      lived([
        { at: 0, sees: [{ tls: 'absent' }] },
        { at: 60, sees: [{ tls: 'absent' }] },
      ]),
  ],
  [
    'EXP-4',
    'not-determined',
    'nothing could be concluded',
    () =>
      lived([
        { at: 0, ...BLIND },
        { at: 60, ...BLIND },
      ]),
  ],
  ['EXP-5', 'satisfied', 'it is declared on', () => lived([{ at: 0, declared: ALL_ON }])],
  ['EXP-5', 'not-satisfied', 'it is declared off', () => lived([{ at: 0, declared: { 'encryption-at-rest': 'off' } }])],
  ['EXP-5', 'not-determined', 'nobody declares it', () => lived([{ at: 0 }])],
  ['EXP-6', 'satisfied', 'it is declared on', () => lived([{ at: 0, declared: ALL_ON }])],
  ['EXP-6', 'not-satisfied', 'it is declared off', () => lived([{ at: 0, declared: { 'audit-log': 'off' } }])],
  ['EXP-6', 'not-determined', 'nobody declares it', () => lived([{ at: 0 }])],
  [
    'EXP-7',
    'satisfied',
    'a removal was found within a minute and the drill was told',
    async () => withLines(await lived([{ at: 0 }, { at: 60, ...OPEN }, { at: 120 }]), drill(40)),
  ],
  [
    'EXP-7',
    'not-satisfied',
    'a removal may be older than five minutes',
    () => lived([{ at: 0 }, { at: 1_200, ...OPEN }]),
  ],
  ['EXP-7', 'not-determined', 'nothing was removed', () => lived([{ at: 0 }, { at: 60 }])],
  [
    'EXP-8',
    'satisfied',
    'nothing was missed, the drill was told, a guard rail stands',
    async () =>
      withLines(
        await lived([
          { at: 0, declared: ALL_ON },
          { at: 60, declared: ALL_ON },
        ]),
        drill(40),
      ),
  ],
  [
    'EXP-8',
    'not-satisfied',
    'nobody saw it for half the time',
    () => lived([{ at: 0 }, { at: 60, ...BLIND }, { at: 120 }]),
  ],
  [
    'EXP-8',
    'not-satisfied',
    'the drill was told to nobody',
    async () =>
      withLines(
        await lived([
          { at: 0, declared: ALL_ON },
          { at: 60, declared: ALL_ON },
        ]),
        drill(),
      ),
  ],
  [
    'EXP-8',
    'not-determined',
    'there was no drill',
    () =>
      lived([
        { at: 0, declared: ALL_ON },
        { at: 60, declared: ALL_ON },
      ]),
  ],
  ['EXP-9', 'satisfied', 'an exception is approved, bounded and used', () => lived([{ at: 0 }]), soon],
  [
    'EXP-9',
    'not-satisfied',
    'an exception has expired',
    () => lived([{ at: 0 }, { at: 48 * HOUR }]),
    anAllowlist(anAllowance({ expires: '2019-12-04' })),
  ],
  [
    'EXP-9',
    'not-satisfied',
    'its owner approved it',
    () => lived([{ at: 0 }]),
    anAllowlist(anAllowance({ approvedBy: ['search-team'] })),
  ],
  [
    'EXP-9',
    'not-determined',
    'the list was another one before',
    async () =>
      withLines(
        await lived([{ at: 0 }, { at: 60 }]),
        { body: { event: 'start', allowlist: 'a', vantage: 'v', toolVersion: '0' } },
        { body: { event: 'start', allowlist: 'b', vantage: 'v', toolVersion: '0' } },
      ),
  ],
  [
    'EXP-10',
    'satisfied',
    'every incident was told, acknowledged and closed',
    async () =>
      handled(
        await lived([
          { at: 0, ...CLOSED },
          { at: 60, ...OPEN },
          { at: 120, ...CLOSED },
        ]),
      ),
  ],
  ['EXP-10', 'not-satisfied', 'nobody was told', () => lived([{ at: 0 }, { at: 60, ...OPEN }])],
  [
    'EXP-10',
    'not-determined',
    'there was no incident',
    () =>
      lived([
        { at: 0, ...CLOSED },
        { at: 60, ...CLOSED },
      ]),
  ],
  [
    'EXP-11',
    'not-satisfied',
    'an entry of the ledger is gone',
    async () => tampered(await lived([{ at: 0 }, { at: 60 }])),
  ],
  ['EXP-11', 'not-determined', 'no checkpoint was read', () => lived([{ at: 0 }, { at: 60 }])],
];

describe.each(OBJECTIVE_IDS)('%s', (id) => {
  it.each(CASES.filter(([each]) => each === id).map(([...each]) => each))('%s is %s where %s', async (...each) => {
    const [, state, , store, allowlist] = each as unknown as Case;
    const objective = (await objectives(await store(), allowlist)).find((each) => each.id === id);
    expect(objective?.checks.map((check) => [check.id, check.state, check.text])).not.toEqual([]);
    expect(`${objective?.state}: ${JSON.stringify(objective?.checks)}`).toMatch(new RegExp(`^${state}:`));
  });

  it('has a case for each state that its checks can have', () => {
    const states = new Set(CASES.filter(([each]) => each === id).map(([, state]) => state));
    expect([...states].sort()).toEqual(
      id === 'EXP-11' ? ['not-determined', 'not-satisfied'] : ['not-determined', 'not-satisfied', 'satisfied'],
    );
  });

  it('is not satisfied by a record that says nothing', () => {
    const facts = {
      ...EMPTY_REPORT,
      ...EMPTY_REPORT.evidence,
      toldOf: () => undefined,
      lastReceiptOf: () => undefined,
    };
    const objective = objectivesOf(facts).find((each) => each.id === id);
    // Without exceptions none can be wrong.
    expect(objective?.state).toBe(id === 'EXP-9' ? 'satisfied' : 'not-determined');
  });
});

it.each([
  ['verified', 'satisfied'],
  ['incomplete', 'not-determined'],
  ['not-read', 'not-determined'],
  ['broken', 'not-satisfied'],
] as const)('EXP-11 of a whole chain whose sealed hours are %s is %s', (state, is) => {
  const { evidence, ledger, ...empty } = EMPTY_REPORT;
  const facts = {
    ...{ ...empty, ...evidence, toldOf: () => undefined, lastReceiptOf: () => undefined },
    ledger: { ...ledger, entries: 3 },
    sealed: { ...evidence.sealed, state },
  };
  expect(objectivesOf(facts).at(-1)?.state).toBe(is);
});

it('less than 99 % of coverage is insufficient evidence for whatever rests on looks', async () => {
  // Two hours of a hundred in which the look concluded nothing.
  const store = await lived([{ at: 0, ...CLOSED }]);
  for (let hour = 1; hour <= 100; hour++) {
    if (hour === 98 || hour === 99) await lived([{ at: hour * HOUR, ...BLIND }], store);
    else {
      await lived([{ at: hour * HOUR, ...CLOSED }], store);
      if (hour < 100) await passEnded(store, hour * HOUR + 2);
    }
  }
  const found = await objectives(store);
  const state = (id: ObjectiveId): string | undefined => found.find((each) => each.id === id)?.state;
  expect([state('EXP-2'), state('EXP-3'), state('EXP-4'), state('EXP-8')]).toEqual([
    ...['not-determined', 'not-determined', 'not-determined', 'not-satisfied'],
  ]);
  const watched = found.flatMap(({ checks }) => checks).find((check) => check.id === 'EXP-2/watched');
  expect(watched?.text).toMatch(/^Insufficient evidence: 98 % of the time/);
});

it('every check is of one objective, every objective has checks, and no check is named twice', async () => {
  const found = await objectives(await lived([{ at: 0 }], memoryStore({ sinks: [] })));
  const ids = found.flatMap(({ id, checks }) => {
    expect(checks.length).toBeGreaterThan(0);
    return checks.map((check) => [id, check.id] as const);
  });
  for (const [objective, check] of ids) expect(check.startsWith(`${objective}/`)).toBe(true);
  expect(new Set(ids.map(([, check]) => check)).size).toBe(ids.length);
  expect(ids.length).toBeGreaterThanOrEqual(27);
});
