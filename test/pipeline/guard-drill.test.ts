import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type DrillReceipt, drillSchedule } from '../../lib/model/drill.ts';
import type { Json, LedgerLine } from '../../lib/model/ledger.ts';
import { drillCheck, noDrillCheck } from '../../lib/pipeline/guard-drill.ts';

/** Open from 06:00 to 06:10, and so on. */
const SCHEDULE = drillSchedule('10m/6h');
const at = (time: string): string => new Date(`2026-12-${time.includes('T') ? time : `04T${time}`}Z`).toISOString();
type Told = Pick<DrillReceipt, 'kind' | 'detectedAt' | 'at'>;
const opened = (sent: string, detected = sent): Told => ({ kind: 'opened', detectedAt: at(detected), at: at(sent) });
const closed = (sent: string, detected: string): Told => ({ kind: 'closed', detectedAt: at(detected), at: at(sent) });
/** Told in good time of the opening at 06:00. */
const GOOD = [opened('06:00:40', '06:00:30'), closed('06:10:50', '06:00:30')];

function world() {
  const held = new Map<string, Json>();
  const lines: LedgerLine[] = [];
  const dropped: string[] = [];
  let queue: DrillReceipt[] = [];
  const state = { answers: true, isAll: true, remembers: true, records: true };
  const notes = {
    read: async (key: string) => held.get(key),
    save: async (key: string, value: Json) => {
      if (!state.remembers) throw new Error('the table refuses');
      held.set(key, value);
    },
  };
  let schedule = SCHEDULE;
  let count = 0;
  return {
    ...{ state, lines, dropped, held, notes },
    waiting: () => queue.length,
    change: (text: string) => (schedule = drillSchedule(text)),
    arrive(...told: readonly Told[]) {
      queue.push(...told.map((each) => ({ ...each, key: `k/${each.kind}/${each.detectedAt}`, handle: `h${count++}` })));
    },
    check: () =>
      drillCheck({
        ...{ schedule, notes },
        record: async (more) => {
          if (!state.records) throw new Error('the ledger refuses');
          lines.push(...more);
        },
        receipts: {
          async take() {
            if (!state.answers) throw new Error('SQS does not answer');
            return { receipts: queue, isAll: state.isAll };
          },
          async drop(receipts) {
            dropped.push(...receipts.map(({ handle }) => handle));
            queue = queue.filter((one) => !receipts.includes(one));
          },
        },
      }),
    async look(time: string) {
      const found = await this.check().look(new Date(at(time)));
      return { keys: found?.problems.map(({ key }) => key), ...found };
    },
  };
}

/** A guard that has watched since before the opening at 06:00. */
async function watching() {
  const made = world();
  expect((await made.look('05:59:00')).keys).toEqual([]);
  return made;
}

describe('an opening', () => {
  it('that was told in time, and its closing, are no problem; seconds are measured once, and one line says it', async () => {
    const drill = await watching();
    drill.arrive(GOOD[0] as Told);
    expect(await drill.look('06:01:00')).toMatchObject({ keys: [], counts: { DrillAlertSeconds: 40 } });
    expect(await drill.look('06:02:00')).toMatchObject({ keys: [], counts: {} });
    drill.arrive(GOOD[1] as Told);
    expect(await drill.look('06:11:00')).toMatchObject({ keys: [], counts: { DrillRecoverySeconds: 50 } });
    expect(drill.lines).toEqual([]);
    for (const time of ['06:18:00', '06:19:00', '11:59:00']) expect((await drill.look(time)).keys).toEqual([]);
    expect(drill.lines).toEqual([
      {
        ...{ kind: 'drill', runId: 'guard', subject: 'ajar/drill' },
        ...{ observedAt: at('06:10:00'), recordedAt: at('06:18:00') },
        body: { from: at('06:00:00'), to: at('06:10:00'), alertSeconds: 40, recoverySeconds: 50 },
      },
    ]);
    expect([drill.waiting(), drill.dropped]).toEqual([0, ['h0', 'h1']]);
  });

  it('of which nothing came is critical, but not before it may count as missing, and until one is told in time', async () => {
    const drill = await watching();
    expect((await drill.look('06:05:00')).keys).toEqual([]);
    expect((await drill.look('06:06:59')).keys).toEqual([]);
    const late = await drill.look('06:07:00');
    expect(late.problems).toMatchObject([
      {
        key: 'drill/alert',
        severity: 'critical',
        subject: 'drill: no alert within 5 min of the opening at 2026-12-04T06:00Z',
        detail: expect.stringMatching(/opened on purpose at 2026-12-04T06:00.*did not come/) as string,
      },
    ]);
    expect((await drill.look('06:16:59')).keys).toEqual(['drill/alert']);
    expect((await drill.look('06:17:00')).keys).toEqual(['drill/alert', 'drill/recovery']);
    expect(drill.lines.map(({ body }) => body)).toEqual([{ from: at('06:00:00'), to: at('06:10:00') }]);
    expect((await drill.look('11:59:00')).keys).toEqual(['drill/alert', 'drill/recovery']);
    drill.arrive(opened('12:00:50'));
    expect((await drill.look('12:01:00')).keys).toEqual(['drill/recovery']);
    drill.arrive(closed('12:11:00', '12:00:50'));
    expect((await drill.look('12:12:00')).keys).toEqual([]);
  });

  it('that was told late is critical too, and says how late', async () => {
    const drill = await watching();
    drill.arrive(opened('06:05:01', '06:00:30'));
    expect(await drill.look('06:06:00')).toMatchObject({
      problems: [{ key: 'drill/alert', detail: expect.stringContaining('came after 301 s') as string }],
      counts: { DrillAlertSeconds: 301 },
    });
    drill.arrive(closed('06:15:01', '06:00:30'));
    expect(await drill.look('06:16:00')).toMatchObject({
      problems: [{ key: 'drill/alert' }, { key: 'drill/recovery', severity: 'warning' }],
      counts: { DrillRecoverySeconds: 301 },
    });
    await drill.look('06:20:00');
    expect(drill.lines[0]?.body).toMatchObject({ alertSeconds: 301, recoverySeconds: 301 });
  });

  it('is told by its own alert, never by one of another opening that came meanwhile', async () => {
    const drill = await watching();
    await drill.look('06:30:00');
    // What SNS held back for six hours.
    drill.arrive(opened('12:00:10', '06:00:30'));
    expect((await drill.look('12:08:00')).problems?.[0]?.subject).toContain('T12:00Z');
  });

  it('is not closed by what was told before it closed', async () => {
    const drill = await watching();
    drill.arrive(opened('06:00:40'), closed('06:03:00', '06:00:40'));
    await drill.look('06:04:00');
    expect((await drill.look('06:18:00')).keys).toEqual(['drill/recovery']);
  });

  it('counts from the first look on: what was before nobody waited for', async () => {
    const drill = world();
    for (const time of ['06:04:00', '06:20:00', '11:59:00']) expect((await drill.look(time)).keys).toEqual([]);
    expect(drill.lines).toEqual([]);
    expect((await drill.look('12:08:00')).keys).toEqual(['drill/alert']);
  });

  it('of another schedule begins anew', async () => {
    const drill = await watching();
    expect((await drill.look('06:08:00')).keys).toEqual(['drill/alert']);
    drill.change('5m/1h');
    expect((await drill.look('06:20:00')).keys).toEqual([]);
    expect((await drill.look('07:08:00')).keys).toEqual(['drill/alert']);
  });
});

describe('messages', () => {
  it('that come twice, in whatever order, change nothing: the earliest counts', async () => {
    const drill = await watching();
    drill.arrive(opened('06:06:00', '06:00:30'), ...GOOD, opened('06:00:45', '06:00:30'), ...GOOD);
    await drill.look('06:11:00');
    drill.arrive(...GOOD);
    expect((await drill.look('06:18:00')).keys).toEqual([]);
    drill.arrive(...GOOD);
    expect((await drill.look('06:19:00')).keys).toEqual([]);
    expect(drill.lines.map(({ body }) => [body['alertSeconds'], body['recoverySeconds']])).toEqual([[40, 50]]);
    expect(drill.waiting()).toBe(0);
  });

  it('are found in any order and split over any looks, to the same end', async () => {
    const all = [
      ...GOOD,
      opened('06:00:55', '06:00:30'),
      closed('06:11:20', '06:00:30'),
      { ...GOOD[0], kind: 'other' },
    ];
    await fc.assert(
      fc.asyncProperty(
        fc.shuffledSubarray(all as Told[], { minLength: all.length }),
        fc.array(fc.integer({ min: 1, max: 17 }), { minLength: all.length, maxLength: all.length }),
        async (told, minutes) => {
          const drill = await watching();
          for (let minute = 1; minute <= 18; minute++) {
            drill.arrive(...told.filter((_, i) => minutes[i] === minute));
            await drill.look(`06:${String(minute).padStart(2, '0')}:00`);
          }
          expect(drill.lines.map(({ body }) => [body['alertSeconds'], body['recoverySeconds']])).toEqual([[40, 50]]);
          expect((await drill.look('06:19:00')).keys).toEqual([]);
        },
      ),
      { numRuns: 200 },
    );
  });

  it('are remembered before the queue forgets them: where they are not, they come again', async () => {
    const drill = await watching();
    drill.arrive(GOOD[0] as Told);
    drill.state.remembers = false;
    await expect(drill.look('06:01:00')).rejects.toThrow('the table refuses');
    expect([drill.waiting(), drill.dropped]).toEqual([1, []]);
    drill.state.remembers = true;
    expect((await drill.look('06:09:00')).keys).toEqual([]);
    expect(drill.waiting()).toBe(0);
  });

  it('stay few in memory', async () => {
    const drill = await watching();
    drill.arrive(
      ...Array.from({ length: 900 }, (_, i) => opened('06:00:40', `06:0${i % 10}:${10 + (i % 50)}.${100 + i}`)),
    );
    await drill.look('06:11:00');
    expect(JSON.stringify(drill.held.get('guard/drill')).length).toBeLessThan(50_000);
  });
});

describe('a queue that does not answer', () => {
  it('is no look: nothing is found well, and nothing missing', async () => {
    const drill = await watching();
    drill.state.answers = false;
    for (const time of ['06:01:00', '06:08:00', '06:20:00', '09:00:00'])
      await expect(drill.look(time)).rejects.toThrow('SQS does not answer');
    expect(drill.lines).toEqual([]);
    // What came meanwhile is there still, and says itself when it came.
    drill.arrive(...GOOD);
    drill.state.answers = true;
    expect((await drill.look('09:01:00')).keys).toEqual([]);
    expect(drill.lines.map(({ body }) => body['alertSeconds'])).toEqual([40]);
  });

  it('or that has not shown all that it holds, proves nothing missing', async () => {
    const drill = await watching();
    drill.state.isAll = false;
    for (const time of ['06:08:00', '06:20:00']) expect((await drill.look(time)).keys).toEqual([]);
    expect(drill.lines).toEqual([]);
    drill.state.isAll = true;
    expect((await drill.look('06:21:00')).keys).toEqual(['drill/alert', 'drill/recovery']);
  });
});

describe('a guard', () => {
  it('that was dead for a day says of each opening what came of it, and of what the queue has forgotten nothing', async () => {
    const drill = await watching();
    drill.arrive(...GOOD, opened('12:00:20'), closed('12:10:20', '12:00:20'));
    await drill.look('05T06:30:00');
    expect(drill.lines.map(({ observedAt, body }) => [observedAt.slice(8, 13), body['alertSeconds']])).toEqual([
      ['04T06', 40],
      ['04T12', 20],
      ['04T18', undefined],
      ['05T00', undefined],
      ['05T06', undefined],
    ]);
    const [before] = [drill.lines.length];
    await drill.look('31T12:30:00');
    await drill.look('31T12:31:00');
    const [oldest] = drill.lines.slice(before).map(({ observedAt }) => observedAt);
    expect(oldest).toBe(at('18T18:10:00'));
  });

  it('that cannot write to the ledger has not looked, and writes it a minute later', async () => {
    const drill = await watching();
    drill.arrive(...GOOD);
    await drill.look('06:12:00');
    drill.state.records = false;
    await expect(drill.look('06:18:00')).rejects.toThrow('the ledger refuses');
    drill.state.records = true;
    await drill.look('06:19:00');
    expect(drill.lines).toHaveLength(1);
  });
});

describe('where the drill is switched off', () => {
  it('nothing is waited for, and openings of that time are none when it is there again', async () => {
    const drill = await watching();
    await drill.look('06:08:00');
    const off = noDrillCheck(drill.notes);
    expect(await off.look(new Date(at('06:09:00')))).toEqual({ problems: [] });
    const kept = drill.held.get('guard/drill');
    await off.look(new Date(at('12:30:00')));
    expect(drill.held.get('guard/drill')).toBe(kept);
    expect((await drill.look('18:30:00')).keys).toEqual([]);
    expect((await drill.look('05T00:08:00')).keys).toEqual(['drill/alert']);
    expect(off.name).toBe(drill.check().name);
  });
});
