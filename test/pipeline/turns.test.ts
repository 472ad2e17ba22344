import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { AjarError } from '../../lib/model/errors.ts';
import type { Notice } from '../../lib/model/incident.ts';
import type { Sink } from '../../lib/model/sink.ts';
import type { StateStore } from '../../lib/model/store.ts';
import { notify } from '../../lib/pipeline/notify.ts';
import { PATIENCE } from '../../lib/pipeline/turns.ts';
import { memoryStore } from '../../lib/stores/memory.ts';
import { aNotice, anIncident, aState } from '../support/builders.ts';

const calm = new AbortController().signal;
const START = Date.UTC(2027, 0, 1);
const KINDS = ['opened', 'worsened', 'attributed', 'closed'] as const;

function clock() {
  let ms = START;
  return { now: () => new Date(ms), forward: (by: number) => (ms += by) };
}

/** The `n`th message of an incident, after all those before it. */
function message(incident: string, n: number, createdAt = START): Notice {
  const keyOf = (i: number): string => `${incident}/${KINDS[i % KINDS.length] ?? 'opened'}/${i}`;
  return aNotice({
    key: keyOf(n),
    kind: KINDS[n % KINDS.length] ?? 'opened',
    createdAt: new Date(createdAt).toISOString(),
    incident: anIncident({ id: incident }),
    ...(n === 0 ? {} : { after: Array.from({ length: n }, (_, i) => keyOf(i)) }),
    lines: ['subject', 'WHAT'],
  });
}

async function owing(store: StateStore, notices: readonly Notice[]): Promise<void> {
  const before = await store.read(aState().endpoint.id);
  await store.commit({ state: aState(), expected: before?.version ?? 0, lines: [], notices, incidents: [] });
}

/** Refuses what `refuses` says; `several` takes all at once. */
function sink(id: string, refuses: (notice: Notice) => boolean, several = false): Sink & { got: Notice[] } {
  const got: Notice[] = [];
  const take = (notice: Notice) => {
    if (refuses(notice)) return { error: 'answered 503' };
    got.push(notice);
    return { id: notice.key };
  };
  const deliver: Sink['deliver'] = async (notice) => {
    const outcome = take(notice);
    if ('error' in outcome) throw new AjarError('sink-refused', outcome.error);
    return outcome;
  };
  return { id, got, deliver, ...(several ? { deliverAll: async (notices) => notices.map(take) } : {}) };
}

const isMarked = ({ lines }: Notice): boolean => lines[1]?.startsWith('EARLIER  ') === true;
const keysOf = (notices: readonly Notice[]): string[] => notices.map(({ key }) => key);

describe.each([false, true])('notices of one incident (a sink that takes several at once: %s)', (several) => {
  it('wait for the earlier one that was refused, and leave after it', async () => {
    const [store, time] = [memoryStore({ sinks: ['a'] }), clock()];
    let refusals = 1;
    const only = sink('a', ({ kind }) => kind === 'opened' && refusals-- > 0, several);
    await owing(store, [message('i', 0), message('i', 1)]);
    expect(await notify(store, [only], 'r', time.now, calm)).toMatchObject({ delivered: 0, postponed: 1, overtook: 0 });
    time.forward(3_000);
    expect(await notify(store, [only], 'r', time.now, calm)).toMatchObject({ delivered: 2 });
    expect([keysOf(only.got), only.got.some(isMarked)]).toEqual([['i/opened/0', 'i/worsened/1'], false]);
  });

  it('leave one after the other where all are due at once', async () => {
    const [store, time] = [memoryStore({ sinks: ['a'] }), clock()];
    const only = sink('a', () => false, several);
    await owing(store, [message('i', 3), message('i', 2), message('i', 1), message('i', 0)]);
    expect(await notify(store, [only], 'r', time.now, calm)).toMatchObject({ delivered: 4, postponed: 0 });
    expect(keysOf(only.got)).toEqual(['i/opened/0', 'i/worsened/1', 'i/attributed/2', 'i/closed/3']);
  });

  it('wait for no other incident and for no other sink', async () => {
    const [store, time] = [memoryStore({ sinks: ['a', 'b'] }), clock()];
    const bad = sink('a', ({ incident }) => incident.id === 'i', several);
    const good = sink('b', () => false, several);
    await owing(store, [message('i', 0), message('i', 1), message('other', 0)]);
    await notify(store, [bad, good], 'r', time.now, calm);
    expect(keysOf(bad.got)).toEqual(['other/opened/0']);
    expect(good.got).toHaveLength(3);
  });

  it('do not hold back what opens another incident and tells of theirs besides', async () => {
    const [store, time] = [memoryStore({ sinks: ['a'] }), clock()];
    const only = sink('a', ({ incident }) => incident.id === 'i', several);
    const opens = { ...message('new', 0), key: 'new/opened/1', after: ['i/opened/0'], also: [anIncident({ id: 'i' })] };
    await owing(store, [message('i', 0), opens]);
    expect(await notify(store, [only], 'r', time.now, calm)).toMatchObject({ delivered: 1, overtook: 1 });
    expect([keysOf(only.got), only.got.every(isMarked)]).toEqual([['new/opened/1'], true]);
  });

  it('go past one that is never accepted when their patience ends, and say so below the subject', async () => {
    const [store, time] = [memoryStore({ sinks: ['a'] }), clock()];
    const only = sink('a', ({ kind }) => kind === 'opened', several);
    await owing(store, [message('i', 0), message('i', 3)]);
    let waited = 0;
    while ((await notify(store, [only], 'r', time.now, calm)).overtook === 0) {
      expect(only.got).toEqual([]);
      waited += 1_000;
      time.forward(1_000);
    }
    const [refused] = await store.outbox.owed(['i/opened/0'], 'a');
    expect(refused?.attempts === PATIENCE.attempts || waited === PATIENCE.ms).toBe(true);
    expect(only.got).toHaveLength(1);
    expect(only.got[0]?.lines).toEqual([
      'subject',
      'EARLIER  an earlier message of this incident was not delivered: opened 0; it may come after this one',
      'WHAT',
    ]);
    expect((await store.outbox.owed(['i/opened/0'], 'a')).length).toBe(1);
  });
});

describe('any pattern of refusals', () => {
  /** Whether each message is there once its own place in line is known: in order, or marked. */
  function inOrder(got: readonly Notice[], incident: string): boolean {
    const seen = new Set<string>();
    return got
      .filter((n) => n.incident.id === incident)
      .every((notice) => {
        const isLate = (notice.after ?? []).some((key) => !seen.has(key));
        seen.add(notice.key);
        return isLate === isMarked(notice);
      });
  }

  it('leaves each incident in order at each sink, or marked, and loses nothing', async () => {
    const step = fc.record({ wait: fc.nat(400_000), commits: fc.array(fc.nat(2), { maxLength: 3 }) });
    const plan = fc.record({
      steps: fc.array(step, { minLength: 1, maxLength: 25 }),
      refusals: fc.array(fc.boolean(), { maxLength: 80 }),
      poison: fc.option(fc.constantFrom('0/opened/0', '1/worsened/1', '2/opened/0')),
    });
    await fc.assert(
      fc.asyncProperty(plan, async ({ steps, refusals, poison }) => {
        const [store, time] = [memoryStore({ sinks: ['one', 'many'] }), clock()];
        const left = [...refusals];
        let isOver = false;
        const refuses = ({ key }: Notice): boolean => !isOver && (key === poison || left.pop() === true);
        const sinks = [sink('one', refuses), sink('many', refuses, true)];
        const owed = [0, 0, 0];
        for (const { wait, commits } of steps) {
          const notices = commits.map((i) => message(String(i), owed[i]!++, time.now().getTime()));
          await owing(store, notices);
          await notify(store, sinks, 'r', time.now, calm);
          time.forward(wait);
        }
        isOver = true;
        for (let i = 0; i < 40; i++) {
          await notify(store, sinks, 'r', time.now, calm);
          time.forward(60_000);
        }
        expect(await store.outbox.pending()).toBe(0);
        for (const { got } of sinks) {
          expect(got).toHaveLength(owed[0]! + owed[1]! + owed[2]!);
          expect(new Set(keysOf(got)).size).toBe(got.length);
          for (const incident of ['0', '1', '2']) expect(inOrder(got, incident)).toBe(true);
        }
      }),
      { numRuns: 300 },
    );
  });
});
