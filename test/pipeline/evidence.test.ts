/** What an auditor asks beyond findings, read back from stores that lived through it. */
import { describe, expect, it } from 'vitest';
import { EMPTY_ALLOWLIST } from '../../lib/model/allowlist.ts';
import type { LedgerLine } from '../../lib/model/ledger.ts';
import type { ReportEvidence } from '../../lib/model/report-evidence.ts';
import type { StateStore } from '../../lib/model/store.ts';
import { buildReport, type ReportQuery } from '../../lib/pipeline/report.ts';
import { memoryStore } from '../../lib/stores/memory.ts';
import { BLIND, lived, OPEN, passEnded } from '../support/history.ts';
import { instant } from '../support/readings.ts';

async function evidence(store: StateStore, query: Partial<ReportQuery> = {}): Promise<ReportEvidence> {
  return (await buildReport(store, { toolVersion: '0', allowlist: EMPTY_ALLOWLIST, ...query })).evidence;
}

function line(kind: LedgerLine['kind'], at: number, subject: string, body: LedgerLine['body']): LedgerLine {
  return { kind, runId: 'r', subject, observedAt: instant(at), recordedAt: instant(at), body };
}

describe('coverage', () => {
  it('leaves out the time in which looks concluded nothing, and says what the first look after it saw', async () => {
    const { watch } = await evidence(
      await lived([{ at: 0 }, { at: 60, ...BLIND }, { at: 120, ...BLIND }, { at: 180 }, { at: 240 }]),
    );
    expect(watch).toMatchObject({
      percent: 50,
      endpoints: [{ endpointId: 'es-1', existed: 240, watched: 120 }],
      places: [{ account: '111122223333', region: 'us-east-1', endpoints: 1, percent: 50 }],
      interruptions: [
        { subject: 'es-1', from: instant(60), to: instant(180), seconds: 120, code: 'no-answer', catchUp: 'reachable' },
      ],
    });
  });

  it('has no end where it lasted at the end of the period, also where it ended since', async () => {
    const store = await lived([{ at: 0 }, { at: 60, ...BLIND }, { at: 180 }]);
    const { watch } = await evidence(store, { to: instant(100) });
    expect(watch.interruptions).toMatchObject([{ subject: 'es-1', from: instant(60), seconds: 40 }]);
    expect(watch.interruptions[0]).not.toHaveProperty('to');
    expect(watch.interruptions[0]).not.toHaveProperty('catchUp');
  });

  it('counts a stretch that began before the period only within it', async () => {
    const store = await lived([{ at: 0 }, { at: 60, ...BLIND }, { at: 180 }, { at: 240 }]);
    const { watch } = await evidence(store, { from: instant(120) });
    expect(watch).toMatchObject({ percent: 50, interruptions: [{ from: instant(60), seconds: 60 }] });
  });

  it('is lost by all where no pass ran, once', async () => {
    const store = await lived([{ at: 0 }]);
    for (const minute of [1, 2, 3, 13, 14]) await passEnded(store, minute * 60 + 2);
    const { watch } = await evidence(store, { to: instant(14 * 60 + 2) });
    expect(watch.interruptions).toEqual([
      {
        ...{ subject: 'all', from: instant(182), to: instant(782), seconds: 600 },
        ...{ code: 'not-running', cause: 'nobody looked at anything' },
      },
    ]);
    expect(watch.endpoints[0]).toMatchObject({ existed: 842, watched: 242 });
  });

  it('of an endpoint begins with its first look where others were seen before, and with the period where none was', async () => {
    const store = await lived([{ at: 0 }, { at: 7_200, endpoint: { id: 'new' } }, { at: 7_260 }]);
    const { watch } = await evidence(store, { from: instant(-60) });
    expect(watch.endpoints).toMatchObject([
      { endpointId: 'es-1', existed: 7_320 },
      { endpointId: 'new', existed: 60, watched: 60 },
    ]);
  });

  it('of an endpoint ends with its deletion', async () => {
    const store = await lived([{ at: 0 }, { at: 60, deleted: true, sees: [] }, { at: 600, endpoint: { id: 'other' } }]);
    const { watch } = await evidence(store);
    expect(watch.endpoints).toMatchObject([{ endpointId: 'es-1', existed: 60 }, { endpointId: 'other' }]);
  });

  const MINUTE = { everyMs: 60_000 } as const;
  /** One of two endpoints, visited each minute but for some, while the other is. */
  async function minutes(last: number, isVisited: (minute: number) => boolean): Promise<StateStore> {
    const store = await lived([]);
    for (let minute = 0; minute <= last; minute++) {
      const at = minute * 60;
      await lived(
        [{ at, ...MINUTE, endpoint: { id: 'other' } }, ...(isVisited(minute) ? [{ at, ...MINUTE }] : [])],
        store,
      );
    }
    return store;
  }

  it('leaves out a stretch in which one endpoint was not visited while others were', async () => {
    const { watch } = await evidence(await minutes(100, (minute) => minute <= 20 || minute >= 73));
    expect(watch).toMatchObject({
      percent: 75,
      endpoints: [
        { endpointId: 'es-1', existed: 6_000, watched: 3_000, percent: 50 },
        { endpointId: 'other', existed: 6_000, watched: 6_000, percent: 100 },
      ],
    });
    expect(watch.interruptions).toEqual([
      {
        ...{ subject: 'es-1', from: instant(23 * 60), to: instant(73 * 60), seconds: 3_000, code: 'stale' },
        ...{ cause: `not visited since ${instant(20 * 60)}, and due every 60 s`, catchUp: 'reachable' },
      },
    ]);
  });

  it('leaves out such a stretch also where it lasted at the end of the period, and was over since', async () => {
    const visited = (minute: number): boolean => minute <= 20 || minute >= 73;
    const [running, over] = [await minutes(70, visited), await minutes(100, visited)];
    const at70 = { to: instant(70 * 60) };
    for (const { watch } of [await evidence(running, at70), await evidence(over, at70)]) {
      expect(watch.endpoints[0]).toMatchObject({ existed: 4_200, watched: 1_380 });
      expect(watch.interruptions).toMatchObject([
        { subject: 'es-1', from: instant(23 * 60), seconds: 2_820, code: 'stale' },
      ]);
      expect(watch.interruptions[0]).not.toHaveProperty('to');
    }
  });

  it('says once of all, and not of each, that nobody looked', async () => {
    const store = await minutes(100, () => true);
    const { watch } = await evidence(store, { to: instant(200 * 60) });
    expect(watch.interruptions).toMatchObject([{ subject: 'all', from: instant(6_002), code: 'not-running' }]);
    expect(watch.endpoints[0]).toMatchObject({ existed: 12_000, watched: 6_002 });
  });

  it('tells stretches in which a cell could not be read, which are of no endpoint', async () => {
    const store = await lived([{ at: 0 }]);
    const gap = { stage: 'inventory', code: 'denied', detail: 'rds:DescribeDBInstances is not allowed' } as const;
    await store.append([
      line('gap', 30, '1/eu/rds', { event: 'began', ...gap }),
      line('gap', 40, '1/eu/rds', { event: 'began', ...gap }),
      line('gap', 90, '1/eu/rds', { event: 'ended', ...gap }),
    ]);
    const { watch } = await evidence(await lived([{ at: 120 }], store));
    expect(watch).toMatchObject({
      percent: 100,
      interruptions: [{ subject: '1/eu/rds', from: instant(30), to: instant(90), seconds: 60, code: 'denied' }],
    });
  });
});

describe('the population', () => {
  it('is every cell with how it answered last, and what inventories disagree on', async () => {
    const found = { source: 'aws', foundBy: ['interface'], id: '1/eu/interfaces/eni-1' } as const;
    const store = await lived([{ at: 0 }, { at: 60, endpoint: found }]);
    const known = {
      a: { misses: 0, hot: false },
      b: { misses: 2, hot: false },
      c: { misses: 3, hot: false, gone: true as const },
    };
    const cell = {
      status: 'denied',
      triedAt: instant(50),
      completeAt: instant(20),
      calls: 3,
      known,
      detail: 'no',
    } as const;
    await store.inventory.save({ place: { account: '1', region: 'eu', partition: 'aws' }, cells: { rds: cell } });
    const { population } = await evidence(store);
    expect(population).toEqual({
      cells: [
        {
          ...{ account: '1', region: 'eu', service: 'rds', status: 'denied', listed: 2, calls: 3, detail: 'no' },
          ...{ triedAt: instant(50), completeAt: instant(20) },
        },
      ],
      sources: [
        { source: 'file', endpoints: 1 },
        { source: 'found by interface', endpoints: 1 },
      ],
      differences: [
        { endpointId: '1/eu/interfaces/eni-1', disposition: 'forgotten', detail: expect.stringContaining('interface') },
        { endpointId: 'b', disposition: 'unseen', detail: expect.stringContaining('2 whole lists') },
      ],
    });
  });

  it('says where a cell answered after the end of the period', async () => {
    const store = await lived([{ at: 0 }, { at: 60 }]);
    const cell = { status: 'complete', triedAt: instant(90), completeAt: instant(90), calls: 1, known: {} } as const;
    await store.inventory.save({ place: { account: '1', region: 'eu', partition: 'aws' }, cells: { rds: cell } });
    expect((await evidence(store)).population.cells[0]?.detail).toBe('as it answered after the end of the period');
  });
});

describe('metrics and changes', () => {
  it('take the first receipt and the first acknowledgement, of every incident that a message told of', async () => {
    const store = await lived([{ at: 0 }, { at: 60, ...OPEN }, { at: 120, ...OPEN }]);
    const ids: string[] = [];
    for await (const { id } of store.incidents()) ids.push(id);
    const [first = '', ...also] = ids;
    const notice = (at: number) => ({
      ...line('notice', 61, 'es-1', { incidentId: first, also, sink: 's', kind: 'opened', key: 'k', receipt: 'r' }),
      recordedAt: instant(at),
    });
    const ack = (at: number) => line('act', at, 'es-1', { kind: 'ack', by: 'jdoe', incidentId: first });
    await store.append([notice(71), notice(70), ack(90), ack(100)]);
    const { metrics, changes } = await evidence(store, { to: instant(120) });
    expect(metrics.alert).toMatchObject({ n: ids.length, unbounded: 0 });
    expect(metrics.acknowledge).toMatchObject({ n: 1, max: 20, unbounded: ids.length - 1 });
    expect(changes.map(({ kind, by, text }) => [kind, by, text])).toEqual([
      ['silence', 'jdoe', 'ack: reminders every four hours alone'],
      ['silence', 'jdoe', 'ack: reminders every four hours alone'],
    ]);
  });

  it('tell what of the watch itself was changed, by whom where the record names somebody', async () => {
    const store = await lived([{ at: 0 }]);
    const start = { event: 'start', vantage: 'v', toolVersion: '1' } as const;
    const entry = {
      id: 'a',
      owner: 'o',
      approvedBy: ['ciso'],
      approvedOn: '2019-11-01',
      expires: '2019-12-31',
      ticket: 'T',
    };
    await store.append([
      line('run', 10, 'r1', { ...start, allowlist: 'x' }),
      line('run', 20, 'r2', { ...start, allowlist: 'y', toolVersion: '2' }),
      line('run', 25, 'r3', { ...start, allowlist: 'y', toolVersion: '2' }),
      line('allowlist', 30, 'list', {
        event: 'loaded',
        digest: 'y',
        counts: { added: 1, changed: 0, removed: 0 },
        added: [entry],
        changed: [],
        removed: [],
      }),
      line('allowlist', 40, 'list', { event: 'refused', problems: 1, said: ['a slip'], inForce: 'y' }),
      line('drill', 50, 'ajar/drill', { from: instant(40), to: instant(45) }),
    ]);
    const { changes, exceptions } = await evidence(await lived([{ at: 60 }], store));
    expect(changes.map(({ kind, subject, by, text }) => [kind, subject, by, text])).toEqual([
      ['run', 'r2', undefined, 'allowlist x to y; ajar 1 to 2'],
      ['allowlist', 'list', 'ciso', 'in force: 1 added, 0 changed, 0 removed; added a'],
      ['allowlist', 'list', undefined, 'a list with 1 mistakes was refused, the last good one stayed: a slip'],
      ['drill', 'ajar/drill', undefined, `the opening of ${instant(40)} was told to nobody`],
    ]);
    // Gone from the list at hand, and in the register all the same.
    expect(exceptions.map(({ id, reason }) => [id, reason])).toEqual([['a', 'not on record']]);
  });
});

describe('what makes ajar say less', () => {
  const said = async (...lines: readonly LedgerLine[]) => {
    const store = await lived([{ at: 0 }]);
    await store.append(lines);
    const { changes } = await evidence(await lived([{ at: 600 }], store));
    return changes.map(({ kind, subject, by, text }) => [kind, subject, by, text]);
  };
  const start = { event: 'start', vantage: 'v1', toolVersion: '1', allowlist: 'x', by: 'jdoe' };

  it('is an acknowledgement of an alarm, by whoever said so', async () => {
    const ack = { kind: 'ack', by: 'jdoe', alarm: 'overdue-probes', since: instant(10), text: '3 endpoints' };
    expect(await said(line('act', 20, 'overdue-probes', ack))).toEqual([
      ['silence', 'overdue-probes', 'jdoe', 'ack: it is said again less often'],
    ]);
  });

  it('is a sink that a pass is run without, by whoever runs it; one that is new is none', async () => {
    expect(
      await said(
        line('run', 10, 'r1', { ...start, sinks: ['stdout', 'slack'] }),
        line('run', 20, 'r2', { ...start, sinks: ['stdout', 'slack'] }),
        line('run', 30, 'r3', { ...start, sinks: ['stdout', 'teams'] }),
        // Of an early release, which does not say.
        line('run', 40, 'r4', start),
        line('run', 50, 'r5', { ...start, sinks: [] }),
      ),
    ).toEqual([
      ['silence', 'r3', 'jdoe', 'no longer told: slack'],
      ['run', 'r3', 'jdoe', 'told from here on: teams'],
    ]);
  });

  it('is a sink that is taken out of the settings of a deployment', async () => {
    const body = { event: 'sinks', removed: ['slack', 'teams'], added: [], changed: ['pagerduty'] };
    expect(await said(line('run', 10, 's3://b/sinks.yaml', body))).toEqual([
      ['silence', 's3://b/sinks.yaml', undefined, 'no longer told: slack, teams'],
      ['run', 's3://b/sinks.yaml', undefined, 'told otherwise: pagerduty'],
    ]);
  });

  it('is a topic to which nobody listens; and who touched what ajar rests on is named', async () => {
    const raised = {
      of: 'guard',
      check: 'c',
      event: 'alarmed',
      severity: 'critical',
      since: instant(10),
      subjects: [],
    };
    expect(
      await said(
        line('gap', 10, 'deaf/page', { ...raised, text: 'nobody listens to page', detail: 'none', deafens: 'page' }),
        line('gap', 20, 'tampering/e1', { ...raised, text: 'x', detail: 'DeleteRule', by: 'role/ops', once: true }),
        line('gap', 30, 'outbox', { ...raised, text: 'owed', detail: 'late' }),
      ),
    ).toEqual([
      ['silence', 'page', undefined, 'nobody listens to page: none'],
      ['guardrail', 'tampering/e1', 'role/ops', 'DeleteRule'],
    ]);
  });

  it('is break-glass: that it came into force, by its approvers, and each incident that wakes nobody for it', async () => {
    const permit = { reachable: 'from-internet', authentication: 'none', breakGlass: { secondApprover: 'cto' } };
    const entry = {
      ...{ id: 'glass', owner: 'o', approvedBy: ['ciso'], second: 'cto', approvedOn: '2019-12-04' },
      ...{ expires: '2019-12-05', ticket: 'T', permits: JSON.stringify(permit) },
    };
    const counts = { added: 1, changed: 0, removed: 0 };
    const loaded = { event: 'loaded', digest: 'y', counts, added: [entry], changed: [], removed: [] };
    const incident = { id: 'i1', glass: { entries: ['glass'], isOver: false } };
    const opened = { kind: 'opened', incident };
    const over = { kind: 'worsened', incident: { ...incident, glass: { entries: ['glass'], isOver: true } } };
    const found = await said(
      line('allowlist', 10, 'list', loaded),
      line('transition', 20, 'es-9', opened),
      line('transition', 30, 'es-9', over),
    );
    expect(found.filter(([kind]) => kind === 'silence')).toEqual([
      ['silence', 'glass', 'ciso, cto', 'break-glass glass until 2019-12-05: what it covers wakes nobody'],
      ['silence', 'i1', 'ciso, cto', 'under break-glass glass: nobody is woken'],
    ]);
  });
});

it.each([
  [undefined, ''],
  ['Noto.ttc', ' --pdf-font Noto.ttc'],
  ["it's; rm -rf", " --pdf-font 'it'\\''s; rm -rf'"],
  ['--state', ' --pdf-font ./--state'],
])('says how to make it again, safely for a shell: font %s', async (font, flag) => {
  const store = await lived([{ at: 0 }, { at: 60 }], memoryStore({ sinks: [] }));
  const { reproduction } = await evidence(store, font === undefined ? {} : { font });
  expect(reproduction.command).toBe(`ajar report reproduce manifest.json${flag}`);
  expect(reproduction.evidence.lastSeq).toBe((await store.ledgerHead()).seq);
});
