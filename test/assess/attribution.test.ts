import { describe, expect, it } from 'vitest';
import { explained, isUnexplained, mayBeNamed, toAttribute, withAttributions } from '../../lib/assess/attribution.ts';
import { decide } from '../../lib/assess/decide.ts';
import { EMPTY_ALLOWLIST } from '../../lib/model/allowlist.ts';
import type { Attribution } from '../../lib/model/change.ts';
import { declaredOff, declaredOn } from '../../lib/model/declared.ts';
import type { EndpointState } from '../../lib/model/state.ts';
import { anEndpoint } from '../support/builders.ts';

const minute = (m: number): string => new Date(Date.UTC(2026, 11, 4, 10, m)).toISOString();
const run = { runId: 'run', vantage: 'v' };
const JDOE: Attribution = {
  changes: [
    {
      id: '7f3c',
      at: minute(1),
      source: 'ec2.amazonaws.com',
      name: 'AuthorizeSecurityGroupIngress',
      actor: {
        who: 'arn:aws:iam::111122223333:role/dev',
        type: 'AssumedRole',
        human: 'jdoe',
        from: '198.51.100.7',
        channel: 'console',
      },
    },
  ],
};

function read(before: EndpointState | undefined, level: 'on' | 'off', m: number) {
  const network = level === 'on' ? declaredOn('sg') : declaredOff('sg-1 tcp/9200 from 0.0.0.0/0');
  const endpoint = anEndpoint({ id: 'db', declared: { network } });
  const at = minute(m);
  const reading = { ...run, id: `${m}`, at, endpoint, observations: [], vantageAlive: true };
  return decide(before, reading, EMPTY_ALLOWLIST, new Date(at));
}

/** The network was closed and is open. */
function opened() {
  const decision = read(read(undefined, 'on', 0).state, 'off', 2);
  const [incident] = toAttribute(decision);
  if (incident === undefined) throw new Error('nothing opened');
  return { decision, incident };
}
const who = (lines: readonly string[] | undefined) => lines?.find((line) => line.startsWith('WHO'));

describe('who did it, on the first alert', () => {
  it('names the person, the role, from where, by which channel, and the event', () => {
    const { decision, incident } = opened();
    const { notices, incidents, state, lines } = withAttributions(decision, new Map([[incident.id, JDOE]]));
    expect(who(notices[0]?.lines)).toBe(
      'WHO      AuthorizeSecurityGroupIngress by jdoe (arn:aws:iam::111122223333:role/dev) from 198.51.100.7, console, ' +
        '2026-12-04T10:01:00.000Z, event 7f3c',
    );
    expect([notices[0]?.incident, incidents[0], state.incidents[0]].map((i) => i?.attribution)).toEqual([
      JDOE,
      JDOE,
      JDOE,
    ]);
    expect(lines.find((l) => l.kind === 'transition')?.body.incident).toMatchObject({ attribution: JDOE });
    expect(notices.map((n) => n.key)).toEqual(decision.notices.map((n) => n.key));
  });

  it('cites both where a restart made an older change effective', () => {
    const { decision, incident } = opened();
    const reboot = { ...JDOE.changes[0]!, id: 'r', name: 'RebootDBInstance' };
    const both = { changes: [reboot, { ...JDOE.changes[0]!, name: 'ModifyDBParameterGroup' }] };
    const { notices } = withAttributions(decision, new Map([[incident.id, both]]));
    expect(who(notices[0]?.lines)).toMatch(/RebootDBInstance by .*; it made effective ModifyDBParameterGroup by /);
  });

  it('is left as it is where nothing was found', () => {
    const { decision } = opened();
    expect(withAttributions(decision, new Map())).toBe(decision);
    expect(who(decision.notices[0]?.lines)).toContain('not attributed');
  });

  it('is asked also for a door that was not there before, and searched for only where something was lost', () => {
    const { incident: lost } = opened();
    const made = { ...lost, origin: 'adoption' as const };
    expect([lost, made].map((i) => [mayBeNamed(i), isUnexplained(i)])).toEqual([
      [true, true],
      [true, false],
    ]);
    expect(mayBeNamed({ ...lost, origin: 'no-longer-allowed' })).toBe(false);
  });

  it('gives way to who did it within the window, where only what came before it was known', () => {
    const { incident } = opened();
    const at = (m: number) => ({ ...incident, attribution: { changes: [{ ...JDOE.changes[0]!, at: minute(m) }] } });
    expect([mayBeNamed(at(-5)), mayBeNamed(at(1))]).toEqual([true, false]);
    // An event's time is a whole second: it may lie a moment before the last good look.
    expect(mayBeNamed(at(-1 / 60))).toBe(false);
  });
});

describe('who did it, learned later', () => {
  it('is one update under a key of its own, a line of the ledger, and stays with the incident', () => {
    const { decision, incident } = opened();
    const later = explained(decision.state, new Map([[incident.id, JDOE]]), run, EMPTY_ALLOWLIST, new Date(minute(9)));
    expect(later.notices.map((n) => [n.kind, n.key])).toEqual([['attributed', `${incident.id}/attributed/1`]]);
    expect(who(later.notices[0]?.lines)).toContain('by jdoe');
    expect(later.lines.map((l) => [l.kind, l.body.kind])).toEqual([['transition', 'attributed']]);
    const [after] = read(later.state, 'off', 10).state.incidents;
    expect(after?.attribution).toEqual(JDOE);
    const recovery = read(later.state, 'on', 11);
    expect(recovery.notices.map((n) => [n.kind, n.incident.attribution])).toEqual([['closed', JDOE]]);
  });

  it('changes nothing a second time, nor for what is closed, nor for another incident', () => {
    const { decision, incident } = opened();
    const found = new Map([[incident.id, JDOE]]);
    const at = new Date(minute(9));
    const once = explained(decision.state, found, run, EMPTY_ALLOWLIST, at);
    expect(explained(once.state, found, run, EMPTY_ALLOWLIST, at).changed).toBe(false);
    const closed = read(decision.state, 'on', 3).state;
    expect(closed.incidents.map(isUnexplained)).toEqual([false]);
    expect(explained(closed, found, run, EMPTY_ALLOWLIST, at).changed).toBe(false);
    expect(explained(decision.state, new Map([['x', JDOE]]), run, EMPTY_ALLOWLIST, at).changed).toBe(false);
  });

  it('says so plainly where no event explains it', () => {
    const { decision, incident } = opened();
    const found = new Map([[incident.id, { changes: [] }]]);
    const at = new Date(minute(60));
    const { notices, state } = explained(decision.state, found, run, EMPTY_ALLOWLIST, at);
    expect(who(notices[0]?.lines)).toContain('no API event explains this');
    expect(explained(state, found, run, EMPTY_ALLOWLIST, at).changed).toBe(false);
    // An event that comes later still is believed.
    const named = explained(state, new Map([[incident.id, JDOE]]), run, EMPTY_ALLOWLIST, at);
    expect(named.notices.map((n) => [n.kind, n.key])).toEqual([['attributed', `${incident.id}/attributed/2`]]);
  });
});
