/** Who did it, at the edges: what is left as it was, and what a decision tells and keeps besides. */
import { describe, expect, it } from 'vitest';
import { EVENT_SLACK_MS, explained, mayBeNamed, toAttribute, withAttributions } from '../../lib/assess/attribution.ts';
import { decide } from '../../lib/assess/decide.ts';
import { EMPTY_ALLOWLIST } from '../../lib/model/allowlist.ts';
import type { Attribution } from '../../lib/model/change.ts';
import type { EndpointState } from '../../lib/model/state.ts';
import { aReading, instant } from '../support/readings.ts';

const OPEN = [{ auth: 'open-anonymous', tls: 'absent' }] as const;
const now = new Date(instant(600));
const run = { runId: 'run', vantage: 'aws-api' };
const by = (at: number): Attribution => ({
  changes: [
    {
      id: 'e',
      at: instant(at),
      source: 'es.amazonaws.com',
      name: 'UpdateDomainConfig',
      actor: { who: 'dev', type: 'IAMUser', channel: 'console' },
    },
  ],
});

function decided(before: EndpointState | undefined, at: number, sees?: typeof OPEN) {
  const reading = aReading({ at, ...(sees === undefined ? {} : { sees }) });
  return decide(before, reading, EMPTY_ALLOWLIST, new Date(instant(at + 1)));
}
/** Behind a password and TLS, then open to strangers: three windows in one decision. */
function opened() {
  const decision = decided(decided(undefined, 0).state, 60, OPEN);
  return { decision, incidents: toAttribute(decision) };
}

describe('a decision', () => {
  it('is asked about what it opened, and about nothing that was open before', () => {
    const { decision, incidents } = opened();
    expect(incidents.map(({ protection }) => protection).toSorted()).toEqual(['authentication', 'tls']);
    expect(toAttribute(decided(decision.state, 120, OPEN))).toEqual([]);
    expect(toAttribute(decided(decision.state, 120))).toEqual([]);
  });

  it('names whoever did it where one is known, and leaves the others as they are', () => {
    const { decision, incidents } = opened();
    const [first, second] = incidents;
    if (first === undefined || second === undefined) throw new Error('nothing opened');
    const named = withAttributions(decision, new Map([[first.id, by(30)]]));
    const attributions = (all: readonly { readonly id: string; readonly attribution?: Attribution }[]) =>
      Object.fromEntries(all.filter(({ id }) => [first.id, second.id].includes(id)).map((i) => [i.id, i.attribution]));
    const expected = { [first.id]: by(30), [second.id]: undefined };
    expect(attributions(named.incidents)).toEqual(expected);
    expect(attributions(named.state.incidents)).toEqual(expected);
    for (const [i, line] of named.lines.entries()) {
      const { incident } = line.body as { incident?: { id?: string; attribution?: unknown } };
      if (incident?.id === first.id) expect(incident.attribution).toEqual(by(30));
      else expect(line).toBe(decision.lines[i]);
    }
    expect(named.lines.some(({ kind }) => kind !== 'transition')).toBe(true);
  });
});

describe('an event', () => {
  const { incidents } = opened();
  const [incident] = incidents;
  if (incident === undefined) throw new Error('nothing opened');
  const slack = EVENT_SLACK_MS / 1_000;

  it.each([
    ['of the window', 30, false],
    ['of a moment before it, by clocks that differ', -slack, false],
    ['of before it', -slack - 1, true],
  ])('%s names it; another may: %s', (_when, at, may) => {
    expect(mayBeNamed({ ...incident, attribution: by(at) })).toBe(may);
  });

  it('names what was so when it was first seen, whenever it was; and nothing that is over', () => {
    const { lower: _, ...start } = incident.start;
    expect(mayBeNamed({ ...incident, start, attribution: by(-9_999) })).toBe(false);
    expect(mayBeNamed({ ...incident, status: 'closed' })).toBe(false);
    expect(mayBeNamed(incident)).toBe(true);
  });
});

describe('what is learned later', () => {
  const { decision, incidents } = opened();
  const ids = incidents.map(({ id }) => id);
  const learn = (state: EndpointState, found: Attribution) =>
    explained(state, new Map(ids.map((id) => [id, found])), run, EMPTY_ALLOWLIST, now);

  it('is a transition, a line and an incident for each that it names', () => {
    const told = learn(decision.state, by(30));
    expect(told.changed).toBe(true);
    expect(told.transitions).toEqual(
      told.incidents.map(({ id, protection }) => ({
        kind: 'attributed',
        at: now.toISOString(),
        incidentId: id,
        protection,
      })),
    );
    expect(told.incidents.map(({ id }) => id)).toEqual(ids);
    expect(told.lines.map(({ body }) => body['readingId'] ?? body['reading'] ?? body['id'])).toEqual(
      ids.map(() => 'run/es-1'),
    );
  });

  it('that no event explains it is told once, and takes nothing back', () => {
    const before = learn(decision.state, by(-60));
    expect(learn(before.state, { changes: [] }).changed).toBe(false);
    expect(learn(before.state, by(-60)).changed).toBe(false);
    expect(learn(before.state, by(30)).changed).toBe(true);
    const nobody = learn(decision.state, { changes: [] });
    expect([nobody.changed, learn(nobody.state, { changes: [] }).changed]).toEqual([true, false]);
  });

  it('of nothing leaves the state as it was', () => {
    const told = explained(decision.state, new Map(), run, EMPTY_ALLOWLIST, now);
    expect([told.changed, told.transitions, told.lines, told.notices, told.incidents]).toEqual([false, [], [], [], []]);
    expect(told.state.incidents).toEqual(decision.state.incidents);
  });
});
