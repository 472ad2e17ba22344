/** Alarms as guard raises them, over a store that lived through gaps: what a report says of each, and of those of which none was. */
import { describe, expect, it } from 'vitest';
import { EMPTY_ALLOWLIST } from '../../lib/model/allowlist.ts';
import type { LedgerLine } from '../../lib/model/ledger.ts';
import type { Interruption, ReportCheck } from '../../lib/model/report-evidence.ts';
import type { StateStore } from '../../lib/model/store.ts';
import { ackAlarm } from '../../lib/pipeline/alarms.ts';
import { guard, type GuardRun } from '../../lib/pipeline/guard.ts';
import { pulseCheck } from '../../lib/pipeline/guard-evidence.ts';
import { visitsCheck } from '../../lib/pipeline/guard-work.ts';
import { buildReport } from '../../lib/pipeline/report.ts';
import { recordGaps } from '../../lib/pipeline/scan-alarms.ts';
import { memoryStore } from '../../lib/stores/memory.ts';
import { BLIND, lived } from '../support/history.ts';
import { instant, type ReadingOverrides, T0 } from '../support/readings.ts';

const EVERY = { everyMs: 60_000 } as const;
const MINUTE = 60;

/** Minutes of a deployment: visits as told, and guard at the end of each, where it runs. */
async function deployed(
  minutes: number,
  visitsAt: (minute: number) => readonly ReadingOverrides[],
  {
    isGuarded = () => true,
    acks = {},
  }: { isGuarded?: (minute: number) => boolean; acks?: Record<number, string> } = {},
): Promise<StateStore> {
  const store = memoryStore({ sinks: [] });
  const kept: GuardRun['kept'] = {};
  for (let minute = 0; minute <= minutes; minute++) {
    await lived(
      visitsAt(minute).map((visit) => ({ at: minute * MINUTE, ...EVERY, ...visit })),
      store,
    );
    const now = new Date(T0 + (minute * MINUTE + 30) * 1_000);
    if (isGuarded(minute)) {
      await guard({
        checks: [
          visitsCheck(
            () => store.states(),
            () => true,
          ),
          pulseCheck((lines) => store.append(lines), '0'),
        ],
        ...{ records: store.records, kept, now: () => now, signal: new AbortController().signal },
        publish: async () => undefined,
      });
    }
    const key = acks[minute];
    if (key !== undefined) await ackAlarm(store.records, key, { by: 'jdoe', runId: 'r' }, now);
  }
  return store;
}

async function told(
  store: StateStore,
): Promise<{ readonly interruptions: readonly Interruption[]; readonly check: ReportCheck | undefined }> {
  const { evidence } = await buildReport(store, { toolVersion: '0', allowlist: EMPTY_ALLOWLIST });
  const objective = evidence.objectives.find(({ id }) => id === 'EXP-8');
  return {
    interruptions: evidence.watch.interruptions,
    check: objective?.checks.find(({ id }) => id === 'EXP-8/alarmed'),
  };
}

/** However often: of a vantage that reaches nothing else either. */
const DEAF: ReadingOverrides = { ...BLIND, alive: false };
const other = { endpoint: { id: 'other' } };

describe('a gap that guard alarmed', () => {
  it('has the moment, how long that took, and who acknowledged it when: where nobody came', async () => {
    const store = await deployed(60, (minute) => (minute < 10 || minute > 40 ? [{}, other] : [other]), {
      acks: { 20: 'overdue-probes' },
    });
    const { interruptions, check } = await told(store);
    expect(interruptions).toMatchObject([
      {
        ...{ subject: 'es-1', from: instant(12 * MINUTE), to: instant(41 * MINUTE), code: 'stale' },
        ...{ alarmedAt: instant(12 * MINUTE + 30), alarmSeconds: 30 },
        ...{ ackedAt: instant(20 * MINUTE + 30), ackedBy: 'jdoe', catchUp: 'reachable' },
      },
    ]);
    expect(check).toMatchObject({ state: 'satisfied', text: expect.stringContaining('alarmed in time (1)') });
  });

  it('has them where visits concluded nothing', async () => {
    const store = await deployed(60, (minute) => [minute < 10 || minute > 40 ? {} : DEAF]);
    const { interruptions, check } = await told(store);
    expect(interruptions).toMatchObject([
      { subject: 'es-1', from: instant(10 * MINUTE), code: 'no-answer', alarmedAt: instant(13 * MINUTE + 30) },
    ]);
    expect(interruptions[0]).not.toHaveProperty('ackedAt');
    expect(check?.state).toBe('satisfied');
  });

  it('was alarmed again where the alarm was over in between, and from its beginning where it stood and named it', async () => {
    const isBlind = (minute: number): boolean => (minute >= 10 && minute < 25) || (minute >= 40 && minute < 55);
    const twice = await deployed(60, (minute) => [isBlind(minute) ? DEAF : {}]);
    expect((await told(twice)).interruptions.map(({ alarmedAt }) => alarmedAt)).toEqual([
      instant(13 * MINUTE + 30),
      instant(43 * MINUTE + 30),
    ]);
    const standing = await deployed(60, (minute) => [isBlind(minute) ? DEAF : {}, { ...other, ...DEAF }]);
    const mine = (await told(standing)).interruptions.filter(({ subject }) => subject === 'es-1');
    expect(mine.map(({ alarmSeconds }) => alarmSeconds)).toEqual([210, 0]);
  });

  it('was alarmed too late where guard did not run at first', async () => {
    const blind = (minute: number): readonly ReadingOverrides[] => [minute < 10 ? {} : DEAF];
    const { interruptions, check } = await told(
      await deployed(60, blind, { isGuarded: (minute) => minute < 9 || minute > 30 }),
    );
    expect(interruptions).toMatchObject([{ alarmSeconds: 21 * MINUTE + 30 }]);
    expect(check).toMatchObject({
      state: 'not-satisfied',
      subjects: ['es-1'],
      text: expect.stringContaining('1 were'),
    });
  });
});

describe('a gap that was alarmed to nobody', () => {
  const blind = (minute: number): readonly ReadingOverrides[] => [minute < 10 || minute > 40 ? {} : DEAF];

  it('is an exception where alarms were on record by then', async () => {
    const { interruptions, check } = await told(await deployed(60, blind, { isGuarded: (minute) => minute < 9 }));
    expect(interruptions[0]).not.toHaveProperty('alarmedAt');
    expect(check).toMatchObject({
      state: 'not-satisfied',
      subjects: ['es-1'],
      text: expect.stringContaining('1 never'),
    });
  });

  it('is not known to be one in a ledger from before alarms were on record', async () => {
    const { check } = await told(await deployed(60, blind, { isGuarded: () => false }));
    expect(check).toMatchObject({ state: 'not-determined', subjects: ['es-1'] });
  });

  it('is none where it was too short to be alarmed', async () => {
    const short = (minute: number): readonly ReadingOverrides[] => [minute < 10 || minute > 14 ? {} : DEAF];
    expect((await told(await deployed(30, short, { isGuarded: () => false }))).check?.state).toBe('satisfied');
  });
});

describe('alarms on record', () => {
  const line = (at: number, subject: string, body: LedgerLine['body']): LedgerLine => ({
    ...{ kind: 'gap', runId: 'guard', subject, observedAt: instant(at), recordedAt: instant(at), body },
  });
  const raised = (at: number, key: string, over: object = {}): LedgerLine =>
    line(at, key, {
      ...{ of: 'guard', check: 'c', event: 'alarmed', severity: 'warning', text: 't', detail: 'd', since: instant(at) },
      ...{ subjects: [], ...over },
    });
  const gap = { stage: 'inventory', code: 'denied', detail: 'no' } as const;
  const cellDenied = async (...lines: readonly LedgerLine[]): Promise<Interruption | undefined> => {
    const store = await lived([{ at: 0 }]);
    await store.append([
      line(100, '1/eu/rds', { event: 'began', ...gap }),
      line(900, '1/eu/rds', { event: 'ended', ...gap }),
      ...lines,
    ]);
    return (await told(await lived([{ at: 1_000 }], store))).interruptions.find(
      ({ subject }) => subject === '1/eu/rds',
    );
  };

  it('are of a cell where they name its place for the same cause', async () => {
    expect(await cellDenied(raised(160, 'coverage/denied', { subjects: ['1/eu'] }))).toMatchObject({
      alarmSeconds: 60,
    });
    for (const other of [
      raised(160, 'coverage/throttled', { subjects: ['1/eu'] }),
      raised(160, 'coverage/denied', { subjects: ['1/us'] }),
      raised(160, 'outbox', { subjects: ['1/eu'] }),
      raised(950, 'coverage/denied', { subjects: ['1/eu'] }),
    ]) {
      expect(await cellDenied(other)).not.toHaveProperty('alarmedAt');
    }
  });

  it('are of what they count and have no room to name, where they were raised while it lasted', async () => {
    expect(await cellDenied(raised(160, 'coverage/denied', { subjects: ['9/eu'], more: 3 }))).toMatchObject({
      alarmedAt: instant(160),
    });
    expect(await cellDenied(raised(50, 'coverage/denied', { subjects: ['9/eu'], more: 3 }))).not.toHaveProperty(
      'alarmedAt',
    );
  });

  it('say nothing of what began after they were over', async () => {
    const over = line(90, 'coverage/denied', { of: 'guard', check: 'c', event: 'cleared', since: instant(50) });
    expect(await cellDenied(raised(50, 'coverage/denied', { subjects: ['1/eu'] }), over)).not.toHaveProperty(
      'alarmedAt',
    );
  });
});

describe('on one machine', () => {
  const GAP = { stage: 'probe', subject: 'es-1', code: 'no-answer', detail: 'silence' } as const;
  const pass = (gaps: readonly (typeof GAP)[], cancelled = 0) => ({ gaps, cancelled, runId: 'r' });

  it('the alarm is what a pass said: on record once when it begins and when it is over', async () => {
    const store = await lived([{ at: 0 }, { at: 60, ...BLIND }]);
    await recordGaps(pass([GAP, GAP]), store.records, new Date(T0 + 63_000));
    await recordGaps(pass([GAP]), store.records, new Date(T0 + 120_000));
    // Cut short: what it did not see is not over.
    await recordGaps(pass([], 1), store.records, new Date(T0 + 150_000));
    await lived([{ at: 900 }], store);
    await recordGaps(pass([]), store.records, new Date(T0 + 903_000));
    await recordGaps(pass([]), store.records, new Date(T0 + 960_000));
    const { interruptions } = await told(store);
    expect(interruptions.find(({ subject }) => subject === 'es-1')).toMatchObject({
      alarmSeconds: 3,
      to: instant(900),
    });
    const events: unknown[] = [];
    for await (const { kind, body } of store.ledger()) if (body['of'] === 'guard') events.push([kind, body['event']]);
    expect(events).toEqual([
      ['gap', 'alarmed'],
      ['gap', 'cleared'],
    ]);
  });
});
