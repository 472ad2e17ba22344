import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { DRILL_ID } from '../../lib/model/drill.ts';
import type { Incident, OutboxEntry } from '../../lib/model/incident.ts';
import type { Json } from '../../lib/model/ledger.ts';
import type { ExplainMessage, RemindMessage } from '../../lib/model/messages.ts';
import type { EndpointState } from '../../lib/model/state.ts';
import type { IncidentFilter } from '../../lib/model/store.ts';
import type { Notes } from '../../lib/pipeline/guard.ts';
import { crossed, explainCheck, outboxCheck, visitsCheck } from '../../lib/pipeline/guard-work.ts';
import { memoryStore } from '../../lib/stores/memory.ts';
import { anIncident, aNotice, aState, AT } from '../support/builders.ts';

const START = Date.parse(AT);
const MINUTE = 60_000;
const after = (minutes: number): Date => new Date(START + minutes * MINUTE);

function someNotes(): Notes & { readonly held: Map<string, Json> } {
  const held = new Map<string, Json>();
  return { held, read: async (key) => held.get(key), save: async (key, value) => void held.set(key, value) };
}

/** One of which its last visit could tell how it stands. */
function seeing(over: Parameters<typeof aState>[0]): EndpointState {
  const { gapSince: _, ...state } = aState(over);
  return state;
}

describe('visits', () => {
  const check = (states: readonly EndpointState[]) =>
    visitsCheck(
      async function* roster() {
        yield* states;
      },
      (engine) => engine !== 'mysql',
    );

  it('are in time, or one problem that counts and names those that are not', async () => {
    const states = [
      seeing({ id: 'a' }),
      seeing({ id: 'b' }),
      seeing({ id: 'm', engine: 'mysql' }),
      seeing({ id: 's', shared: true }),
    ];
    expect(await check(states).look(after(3))).toEqual({
      problems: [],
      counts: { OverdueProbes: 0, SilentVantages: 0, BlindEndpoints: 0 },
    });
    const late = await check([...states, { ...seeing({ id: 'c' }), lastReadingAt: 'never' }]).look(after(5));
    expect(late?.counts).toEqual({ OverdueProbes: 3, SilentVantages: 0, BlindEndpoints: 0 });
    expect(late?.problems).toEqual([
      {
        key: 'overdue-probes',
        severity: 'critical',
        subject: '3 endpoints not visited in time',
        detail: 'Last seen for two intervals and a minute or more: c: an unknown time ago; a: 5 min ago; b: 5 min ago',
        affected: ['a', 'b', 'c'],
      },
    ]);
  });

  it('are told of where they conclude nothing for longer than two intervals and a minute', async () => {
    const blind = (id: string, since: number, over: Partial<EndpointState['endpoint']> = {}): EndpointState => ({
      ...seeing({ id, ...over }),
      lastReadingAt: after(20).toISOString(),
      gapSince: after(since).toISOString(),
    });
    const states = [blind('a', 10), blind('b', 17), blind('c', 18), blind('s', 0, { shared: true })];
    const found = await check([...states, blind(DRILL_ID, 0, { drill: true })]).look(after(20.5));
    expect(found?.counts).toMatchObject({ OverdueProbes: 0, BlindEndpoints: 2 });
    expect(found?.problems).toEqual([
      {
        ...{ key: 'blind-endpoints', severity: 'warning', daily: true },
        subject: '2 endpoints of which visits conclude nothing',
        detail: 'How they stand is unknown, not safe. a: for 10 min; b: for 3 min',
        affected: ['a', 'b'],
      },
    ]);
  });

  it('are told of a vantage that no longer looks while others do, once for all it leaves unseen', async () => {
    const views = (last: number) => ({
      us: { at: after(20).toISOString(), prior: after(19).toISOString(), alive: true, looks: [] },
      eu: { at: after(last).toISOString(), prior: after(last - 1).toISOString(), alive: true, looks: [] },
    });
    const seen = (id: string, last: number) => ({
      ...seeing({ id }),
      lastReadingAt: after(20).toISOString(),
      views: views(last),
    });
    const found = await check([seen('a', 5), seen('b', 8), seen('c', 15)]).look(after(21));
    expect(found?.counts).toEqual({ OverdueProbes: 0, SilentVantages: 1, BlindEndpoints: 0 });
    expect(found?.problems).toEqual([
      {
        key: 'silent-vantages',
        severity: 'critical',
        subject: '1 vantage no longer looks',
        detail: 'Others still do; what is open to these alone is not seen. eu: 2 endpoints, the first 16 min ago',
        affected: ['eu'],
      },
    ]);
  });

  it('names a bounded number of them', async () => {
    const found = await check(Array.from({ length: 900 }, (_, i) => seeing({ id: `endpoint-${i}`.repeat(30) }))).look(
      after(5),
    );
    expect(found?.counts).toEqual({ OverdueProbes: 900, SilentVantages: 0, BlindEndpoints: 0 });
    expect(found?.problems[0]?.affected).toHaveLength(500);
    expect(found?.problems[0]?.detail.length).toBeLessThan(1_100);
  });
});

describe('the outbox', () => {
  const entry = (minutes: number, over: Partial<OutboxEntry> = {}): OutboxEntry => ({
    ...{ notice: aNotice({ createdAt: after(-minutes).toISOString() }), sink: 'sns:page', attempts: 0, dueAt: AT },
    ...over,
  });
  const check = (entries: readonly OutboxEntry[]) => outboxCheck({ due: async (_, limit) => entries.slice(0, limit) });

  it('may owe a notice for a minute', async () => {
    expect(await check([]).look(after(0))).toEqual({ problems: [], counts: { OutboxAge: 0 } });
    expect(await check([entry(1)]).look(after(0))).toEqual({ problems: [], counts: { OutboxAge: 60 } });
  });

  it('owes for too long what is older, with who does not take it and why', async () => {
    const refused = entry(4, { attempts: 3, lastError: 'AuthorizationError', sink: 'sns:chat' });
    const found = await check([entry(2), refused, entry(0)]).look(after(0));
    expect(found?.counts).toEqual({ OutboxAge: 240 });
    expect(found?.problems).toMatchObject([
      {
        key: 'outbox',
        severity: 'critical',
        subject: '2 notices owed for more than a minute',
        affected: ['sns:chat', 'sns:page'],
      },
    ]);
    expect(found?.problems[0]?.detail).toMatch(
      /^No topic took them yet: sns:chat: \S+ for 4 min, 3 attempts, AuthorizationError; sns:page/,
    );
  });

  it('also owes what was refused and is put off for longer, in a real store', async () => {
    const store = memoryStore({ sinks: ['sns:page'] });
    const state = aState();
    await store.commit({ state, expected: 0, lines: [], notices: [aNotice()], incidents: [] });
    const [owed] = await store.outbox.due(AT, 1);
    if (owed === undefined) throw new Error('nothing owed');
    await store.outbox.defer(owed, after(15).toISOString(), 'SNS is down');
    const found = await outboxCheck(store.outbox).look(after(2));
    expect(found?.problems[0]?.detail).toContain('1 attempt, SNS is down');
    await store.outbox.settle(owed, { at: AT, id: 'm', runId: 'r' });
    expect((await outboxCheck(store.outbox).look(after(3)))?.problems).toEqual([]);
  });

  it('says that there may be more', async () => {
    const found = await check(Array.from({ length: 300 }, () => entry(2))).look(after(0));
    expect(found?.problems[0]?.subject).toBe('200 notices or more owed for more than a minute');
  });
});

describe('searches for who did it', () => {
  function world(incidents: readonly Incident[]) {
    const sent: (ExplainMessage | RemindMessage)[] = [];
    const notes = someNotes();
    let refuses = false;
    async function* all({ status }: IncidentFilter = {}) {
      yield* incidents.filter((i) => status === undefined || i.status === status);
    }
    const queue = {
      async send(messages: readonly { readonly body: ExplainMessage | RemindMessage }[]) {
        if (refuses) throw new Error('the queue refuses');
        sent.push(...messages.map((m) => m.body));
      },
    };
    const check = explainCheck(all, queue, notes);
    return {
      ...{ sent, notes },
      refuse: (is: boolean) => void (refuses = is),
      look: async (minutes: number) => {
        sent.length = 0;
        await check.look(after(minutes));
        return sent.flatMap((m) => (m.kind === 'explain' ? [`${m.endpointId} ${m.isLast}`] : []));
      },
      reminders: async (minutes: number) => {
        sent.length = 0;
        await check.look(after(minutes));
        return sent.flatMap((m) => (m.kind === 'remind' ? [m.endpointId] : []));
      },
    };
  }
  const open = anIncident({ detectedAt: AT, endpointId: 'e' });

  it('come with reminders, asked for every minute from when one is due, once for each endpoint', async () => {
    const medium = anIncident({ detectedAt: AT, endpointId: 'm', severity: 'medium' });
    const w = world([open, { ...open, id: 'other' }, medium, { ...open, endpointId: DRILL_ID }]);
    expect(await w.reminders(14)).toEqual([]);
    expect(await w.reminders(15)).toEqual(['e']);
    expect(await w.reminders(16)).toEqual(['e']);
  });

  it('are asked for at 15, 30 and 45 minutes, and the last at 60, 65 and 70', async () => {
    const w = world([open]);
    const asked: [number, readonly string[]][] = [];
    for (let minute = 0; minute < 120; minute++) {
      // A schedule is never on the second.
      const found = await w.look(minute + ((minute * 7) % 10) / 11);
      if (found.length > 0) asked.push([minute, found]);
    }
    expect(asked).toEqual([...[15, 30, 45].map((m) => [m, ['e false']]), ...[60, 65, 70].map((m) => [m, ['e true']])]);
  });

  it('are made up for where guard stood still, once', async () => {
    const w = world([open]);
    await w.look(10);
    expect(await w.look(47)).toEqual(['e false']);
    expect(await w.look(48)).toEqual([]);
    expect(await w.look(90)).toEqual(['e true']);
    expect(await w.look(91)).toEqual([]);
  });

  it('are not asked for twice in one minute', async () => {
    const w = world([open]);
    expect(await w.look(15)).toEqual(['e false']);
    expect(await w.look(15.9)).toEqual([]);
  });

  it('are asked for a minute later where the queue did not take them', async () => {
    const w = world([open]);
    await w.look(14);
    w.refuse(true);
    await expect(w.look(15)).rejects.toThrow('the queue refuses');
    w.refuse(false);
    expect(await w.look(16)).toEqual(['e false']);
  });

  it('are one for each endpoint, the last where one of its incidents is due for that', async () => {
    const older = anIncident({ id: 'o', detectedAt: after(-45).toISOString(), endpointId: 'e' });
    const other = anIncident({ id: 'p', detectedAt: AT, endpointId: 'f' });
    expect(await world([open, older, other]).look(15)).toEqual(['e true', 'f false']);
    expect(await world([older, open, other]).look(15)).toEqual(['e true', 'f false']);
  });

  it('are for what is open, was removed and names nobody', async () => {
    const change = { id: 'c', at: AT, source: 's', name: 'n', actor: { who: 'w', type: 't', channel: 'cli' } } as const;
    const w = world([
      anIncident({ endpointId: 'closed', status: 'closed' }),
      anIncident({ endpointId: 'adopted', origin: 'adoption' }),
      anIncident({ endpointId: 'named', attribution: { changes: [change] } }),
      anIncident({ endpointId: 'told that nobody is known', attribution: { changes: [] } }),
    ]);
    expect(await w.look(15)).toEqual(['told that nobody is known false']);
  });

  it('are not for the drill, whose door ajar opens itself', async () => {
    expect(await world([open, { ...open, id: 'd', endpointId: 'ajar/drill' }]).look(15)).toEqual(['e false']);
  });

  it('go on where the note is nonsense or of the future', async () => {
    for (const note of ['x', { minute: 'x' }, { minute: 1e15 }, { minute: Number.NaN }] as const) {
      const w = world([open]);
      w.notes.held.set('guard/explained', note);
      expect(await w.look(15)).toEqual(['e false']);
      expect(await w.look(15.5)).toEqual([]);
    }
  });

  it('whatever minutes guard ran in: each that was due by the last run is asked for in some run, and none twice', () => {
    const due = [15, 30, 45, 60, 65, 70];
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 59_999 }),
        fc.uniqueArray(fc.integer({ min: 1, max: 120 }), { minLength: 1 }),
        (offset, runs) => {
          const detected = new Date(START + offset).toISOString();
          const base = Math.floor((START + offset) / MINUTE);
          const minutes = [0, ...runs.toSorted((a, b) => a - b)];
          const last = minutes.at(-1) ?? 0;
          const asked = minutes
            .slice(1)
            .flatMap((to, i) => crossed(detected, base + (minutes[i] ?? 0), base + to) ?? []);
          const covered = minutes.slice(1).filter((to, i) => due.some((d) => (minutes[i] ?? 0) < d && d <= to));
          expect(asked).toHaveLength(covered.length);
          expect(asked.some((isLast) => isLast)).toBe(last >= 60);
        },
      ),
    );
  });
});
