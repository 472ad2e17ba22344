import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { clocksOf } from '../../lib/assess/clocks.ts';
import { type Act, handle } from '../../lib/assess/handling.ts';
import { isDue, remind } from '../../lib/assess/ladder.ts';
import { MAX_NOTES } from '../../lib/model/handling.ts';
import type { Incident } from '../../lib/model/incident.ts';
import type { EndpointState } from '../../lib/model/state.ts';
import { sinksFor } from '../../lib/model/sink.ts';
import { SIGHTS } from '../support/histories.ts';
import { aReading, anAllowance, anAllowlist, instant, openOf, play } from '../support/readings.ts';

const ALLOWED = anAllowlist(anAllowance());
const MINUTE = 60;
const JDOE = { by: 'jdoe', runId: 'r' };

/** Authentication removed at 60 s. */
function opened(): EndpointState {
  return play([aReading({}), aReading({ at: 60, sees: SIGHTS.anonymous })], ALLOWED).state;
}
function only(state: EndpointState): Incident {
  const [incident] = openOf(state);
  if (incident === undefined) throw new Error('nothing is open');
  return incident;
}
function later(seconds: number): Date {
  return new Date(instant(seconds));
}
function acting(state: EndpointState, act: Act, at: number, by = JDOE): EndpointState {
  return handle(state, only(state), act, by, later(at)).state;
}

describe('what people say of an incident', () => {
  test('is a line of the ledger with their name, and part of the incident', () => {
    const state = opened();
    const decision = handle(state, only(state), { kind: 'ack' }, JDOE, later(120));
    expect(decision.lines).toMatchObject([
      { kind: 'act', subject: state.endpoint.id, body: { kind: 'ack', by: 'jdoe', incidentId: only(state).id } },
    ]);
    expect(only(decision.state).handling).toEqual({ acked: { by: 'jdoe', at: instant(120), severity: 'critical' } });
    expect(decision.incidents).toEqual([only(decision.state)]);
    expect(decision.notices).toEqual([]);
  });

  test.each<Act>([
    { kind: 'ack' },
    { kind: 'note', text: 'seen' },
    { kind: 'assign', to: 'dba' },
    { kind: 'aware', since: instant(100) },
  ])('said twice is said once: %j', (act) => {
    const state = opened();
    const once = handle(state, only(state), act, JDOE, later(120));
    const twice = handle(
      once.state,
      only(once.state),
      act,
      { ...JDOE, by: act.kind === 'note' ? 'jdoe' : 'other' },
      later(180),
    );
    expect(twice).toMatchObject({ changed: false, lines: [], incidents: [] });
    expect(twice.state).toEqual(once.state);
  });

  test('outlives later looks, and the end', () => {
    const acked = acting(opened(), { kind: 'ack' }, 120);
    const { state } = play([aReading({ at: 180, sees: SIGHTS.anonymous }), aReading({ at: 240 })], ALLOWED, acked);
    expect(state.incidents).toMatchObject([{ status: 'closed', handling: { acked: { by: 'jdoe' } } }]);
  });

  test('may be said of one whose window the state holds no more', () => {
    const { state, stored } = play(
      [
        aReading({}),
        ...[60, 120, 3_000, 4_000, 5_000].map((at) => aReading({ at, sees: at === 60 ? SIGHTS.anonymous : [{}] })),
      ],
      ALLOWED,
    );
    const [incident] = stored.values();
    if (incident === undefined) throw new Error('none');
    expect(state.incidents).toEqual([]);
    const decision = handle(state, incident, { kind: 'note', text: 'post mortem' }, JDOE, later(6_000));
    expect(decision.incidents).toMatchObject([{ id: incident.id, handling: { notes: [{ text: 'post mortem' }] } }]);
    expect(decision.state.incidents).toEqual([]);
  });

  test('property: whatever they write is one printable, bounded line, and the last notes are kept', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'binary', maxLength: 900 }), { minLength: 1, maxLength: 30 }), (texts) => {
        let state = opened();
        for (const text of texts) state = acting(state, { kind: 'note', text }, 120, { by: text, runId: 'r' });
        const notes = only(state).handling?.notes ?? [];
        expect(notes.length).toBeLessThanOrEqual(MAX_NOTES);
        for (const { by, text } of notes) {
          expect(by.length).toBeLessThanOrEqual(128);
          expect(text.length).toBeLessThanOrEqual(500);
          expect(`${by}${text}`).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e]/u);
        }
      }),
      { numRuns: 100 },
    );
  });

  test('awareness said again without a moment moves no clock; with one it corrects it', () => {
    const aware = acting(opened(), { kind: 'aware', since: instant(100) }, 120);
    expect(only(acting(aware, { kind: 'aware', since: instant(300) }, 300)).handling?.aware?.since).toBe(instant(100));
    const corrected = acting(aware, { kind: 'aware', since: instant(90), exact: true }, 300);
    expect(only(corrected).handling?.aware).toEqual({ by: 'jdoe', at: instant(300), since: instant(90) });
  });
});

describe('clocks of the law', () => {
  test('run from the moment when a human was aware', () => {
    expect(clocksOf('2027-01-29T10:00:00.000Z').map(({ law, dueAt }) => `${law} ${dueAt}`)).toEqual([
      'DORA 2027-01-29T14:00:00.000Z',
      'NIS2 2027-01-30T10:00:00.000Z',
      'GDPR 2027-02-01T10:00:00.000Z',
      'NIS2 2027-02-01T10:00:00.000Z',
      'DORA 2027-02-01T10:00:00.000Z',
      'SEC 2027-02-04T10:00:00.000Z', // a Friday, so the Thursday after
      'NIS2 2027-02-28T10:00:00.000Z', // the last day that February has
      'DORA 2027-02-28T10:00:00.000Z',
      'HIPAA 2027-03-30T10:00:00.000Z',
    ]);
  });

  test('are started by no reading, however grave', () => {
    expect(only(opened())).not.toHaveProperty('handling');
  });
});

describe('the ladder', () => {
  /** Every minute for so long: the minutes, from the alert, at which something was owed. */
  function ladder(from: EndpointState, minutes: number, each = 1): { told: string[]; state: EndpointState } {
    let state = from;
    const told: string[] = [];
    const start = Date.parse(only(from).ladder?.since ?? only(from).detectedAt);
    for (let minute = 0; minute <= minutes; minute += each) {
      const decision = remind(state, 'test', new Date(start + minute * MINUTE * 1_000));
      state = decision.state;
      for (const { kind, key } of decision.notices) told.push(`${minute} ${kind} ${key.split('/').at(-1)}`);
    }
    return { told, state };
  }

  test('reminds at 15, 30, 45 and 60 minutes, then hourly; at 30 the second contact hears of it', () => {
    expect(ladder(opened(), 250).told).toEqual([
      '15 reminder 1',
      '30 escalated 1',
      '45 reminder 2',
      '60 reminder 3',
      '120 reminder 4',
      '180 reminder 5',
      '240 reminder 6',
    ]);
  });

  test('what nobody could send is not made up for', () => {
    expect(ladder(opened(), 300, 100).told).toEqual(['100 escalated 1', '200 reminder 1', '300 reminder 2']);
  });

  test('acknowledged: every four hours, for as long as it is open', () => {
    const acked = acting(opened(), { kind: 'ack' }, 60 + 10 * MINUTE);
    expect(ladder(acked, 800).told).toEqual(['250 reminder 1', '490 reminder 2', '730 reminder 3']);
  });

  test('one look twice at the same moment owes it once', () => {
    const state = opened();
    const now = new Date(Date.parse(only(state).detectedAt) + 15 * MINUTE * 1_000);
    const once = remind(state, 'test', now);
    expect(once.notices).toHaveLength(1);
    expect(remind(once.state, 'test', now)).toMatchObject({ changed: false, notices: [] });
    // Who reads the same state owes the same message, under the same key.
    expect(remind(state, 'test', now).notices[0]?.key).toBe(once.notices[0]?.key);
  });

  test('what gets worse pages at once though it is acknowledged, and begins the ladder anew', () => {
    const before = play([aReading({}), aReading({ at: 60, sees: SIGHTS['anonymous session'] })], ALLOWED).state;
    const acked = acting(before, { kind: 'ack' }, 90);
    const { state, decisions } = play([aReading({ at: 120, sees: SIGHTS.anonymous })], ALLOWED, acked);
    expect(decisions[0]?.notices.map((n) => n.kind)).toEqual(['worsened']);
    expect(ladder(state, 60).told).toEqual(['15 reminder 1', '30 escalated 1', '45 reminder 2', '60 reminder 3']);
    // And may be acknowledged again.
    expect(only(acting(state, { kind: 'ack' }, 150)).handling?.acked?.at).toBe(instant(150));
  });

  test('a class of data that nobody was told of pages at once, though nothing else is worse', () => {
    const holding = (...classes: readonly ('contact' | 'device' | 'operational')[]) => ({
      objects: 1,
      records: 10,
      classes: classes.map((name) => ({ class: name, count: 1, because: [] })),
      samples: [],
      truncated: false,
      ransomMarkers: 0,
    });
    const see = (at: number, ...classes: readonly ('contact' | 'device' | 'operational')[]) =>
      aReading({ at, sees: [{ auth: 'open-anonymous', data: holding(...classes) }] });
    const first = play([aReading({}), see(60, 'contact')], ALLOWED);
    const acked = acting(first.state, { kind: 'ack' }, 90);
    const { decisions, state } = play(
      [see(120, 'operational'), see(180, 'device'), see(240, 'contact')],
      ALLOWED,
      acked,
    );
    expect(decisions.map((d) => d.notices.map((n) => n.kind))).toEqual([[], ['worsened'], []]);
    expect(only(state).data?.classes.map((hit) => hit.class)).toEqual(['contact', 'operational', 'device']);
  });

  test('names that come after a look that showed none may be part of what there is, and lower nothing', () => {
    const seen = (...names: readonly 'device'[]) => ({
      ...{ objects: 1, records: 0, samples: [], truncated: false, ransomMarkers: 0 },
      classes: names.map((name) => ({ class: name, count: 1, because: [] })),
    });
    const see = (at: number, ...names: readonly 'device'[]) =>
      aReading({ at, sees: [{ auth: 'open-anonymous', data: seen(...names) }] });
    const { decisions } = play([aReading({}), see(60), see(120, 'device'), see(180)], ALLOWED);
    const [before, ...after] = decisions.slice(1).map((d) => only(d.state).score);
    expect(after).toEqual([before, before]);
  });

  test('property: whatever is seen of the data while it is open, the score never falls and no class is lost', () => {
    const held = fc.record({
      names: fc.uniqueArray(fc.constantFrom('contact' as const, 'device' as const, 'credential' as const), {
        maxLength: 3,
      }),
      records: fc.option(fc.nat(2_000_000), { nil: undefined }),
      truncated: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(fc.option(held, { nil: undefined }), { minLength: 1, maxLength: 8 }), (looks) => {
        const readings = looks.map((look, i) => {
          if (look === undefined) return aReading({ at: 60 + i * 60, sees: SIGHTS.anonymous });
          const { names, records, truncated } = look;
          const classes = names.map((name) => ({ class: name, count: 1, because: [] }));
          const some = { objects: 1, classes, samples: [], truncated, ransomMarkers: 0 };
          const data = records === undefined ? some : { ...some, records };
          return aReading({ at: 60 + i * 60, sees: [{ auth: 'open-anonymous', data }] });
        });
        const seen = play([aReading({}), ...readings], ALLOWED)
          .decisions.slice(1)
          .map((d) => only(d.state));
        seen.slice(1).forEach((incident, i) => {
          const before = seen[i];
          expect(incident.score).toBeGreaterThanOrEqual(before?.score ?? 0);
          const names = incident.data?.classes.map((hit) => hit.class) ?? [];
          expect(names).toEqual(expect.arrayContaining(before?.data?.classes.map((hit) => hit.class) ?? []));
        });
      }),
      { numRuns: 1000 },
    );
  });

  test('only what pages climbs it: a medium or low finding is for the digest', () => {
    const { state } = play([aReading({}), aReading({ at: 60, sees: [{ tls: 'absent' }] })], ALLOWED);
    for (const incident of openOf(state))
      expect(isDue(incident, later(100_000))).toBe(
        incident.severity === 'critical' || incident.severity === 'high' ? 'escalated' : undefined,
      );
    expect(openOf(state).length).toBeGreaterThan(0);
  });

  test('the second contact hears what was escalated and how it ended, and nothing else', () => {
    const sinks = ['stdout', 'escalation:slack'];
    const state = opened();
    const first = play([aReading({}), aReading({ at: 60, sees: SIGHTS.anonymous })], ALLOWED).decisions.at(-1)
      ?.notices[0];
    if (first === undefined) throw new Error('no notice');
    expect(sinksFor(first, sinks)).toEqual(['stdout']);
    const { state: escalated } = ladder(state, 31);
    const closing = play([aReading({ at: 4_000 })], ALLOWED, escalated).decisions[0]?.notices[0];
    if (closing === undefined) throw new Error('no notice');
    expect(sinksFor(closing, sinks)).toEqual(sinks);
    const notEscalated = play([aReading({ at: 4_000 })], ALLOWED, state).decisions[0]?.notices[0];
    if (notEscalated === undefined) throw new Error('no notice');
    expect(sinksFor(notEscalated, sinks)).toEqual(['stdout']);
  });

  test('a message says who acknowledged it, and what is due', () => {
    let state = acting(opened(), { kind: 'ack' }, 120);
    state = acting(state, { kind: 'aware', since: instant(100) }, 130);
    const [notice] = remind(state, 'test', later(120 + 4 * 3_600)).notices;
    expect(notice?.subject).toContain('STILL OPEN');
    expect(notice?.lines.join('\n')).toMatch(
      /STATUS {3}acknowledged by jdoe at .*; jdoe aware since .*: GDPR notification due /,
    );
  });
});
