/** What was read of a configuration counts by when it was read, in whatever order the visits that carry it arrive. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decide } from '../../lib/assess/decide.ts';
import { EMPTY_ALLOWLIST } from '../../lib/model/allowlist.ts';
import type { Endpoint } from '../../lib/model/endpoint.ts';
import type { Level } from '../../lib/model/protection.ts';
import type { Reading } from '../../lib/model/reading.ts';
import { aReading, anEndpoint, declaredLevels, instant, play, windowsOf } from '../support/readings.ts';

/** A visit of a few seconds long that carries what was read at `read`. */
function visit(read: number, over: number, level: Level, change: Partial<Reading> = {}): Reading {
  const declared = level === 'unknown' ? {} : declaredLevels({ network: level });
  const endpoint: Endpoint = anEndpoint({ source: 'aws', declaredAt: instant(read), declared });
  return {
    ...{ id: `${read}-${over}-${level}`, runId: 'r', at: instant(over), began: instant(read), endpoint, vantage: 'v1' },
    ...{ observations: [], vantageAlive: true, ...change },
  };
}
const statuses = (readings: readonly Reading[]) => [...play(readings).stored.values()].map((i) => [i.to, i.status]);

describe('two sweeps whose visits overtake each other', () => {
  const closed = visit(0, 5, 'on');
  const stale = visit(20, 90, 'on');
  const open = visit(40, 60, 'off');

  it.each([
    ['in their order', [closed, open, stale]],
    ['the older one first', [closed, stale, open]],
  ])('close nothing that the newer one saw open: %s', (_, readings) => {
    expect(statuses(readings)).toEqual([['off', 'open']]);
    expect(play(readings).state.endpoint.declared.network?.level).toBe('off');
  });

  it('open nothing that the newer one saw closed', () => {
    const wasOpen = visit(20, 90, 'off');
    const isClosed = visit(40, 60, 'on');
    expect(statuses([closed, isClosed, wasOpen])).toEqual([]);
  });

  it('open nothing of what was deleted since: a visit that waited in a queue brings what was read of it alive', () => {
    // The API's word comes with the configuration as it was judged last.
    const gone = visit(0, 45, 'on', { deleted: true, vantageAlive: false });
    expect(statuses([closed, gone, visit(20, 300, 'off')])).toEqual([]);
  });

  it('open what is made again after it was deleted', () => {
    const gone = visit(0, 45, 'on', { deleted: true, vantageAlive: false });
    expect(statuses([closed, gone, visit(60, 65, 'off')])).toEqual([['off', 'open']]);
  });

  it('make nothing else too late, though one comes late and the clock of who judges it is a quarter of an hour ahead', () => {
    const [before, last] = [visit(-1_300, -1_295, 'on'), visit(-1_300, -690, 'on', { remembered: true })];
    const visits = [before, last, visit(-1_300, 0, 'on', { remembered: true })];
    const late = visit(-720, -700, 'on', { id: 'late' });
    const ahead = new Date(instant(900));
    const { state } = decide(play(visits).state, late, EMPTY_ALLOWLIST, ahead);
    const open = aReading({ at: -20, id: 'overtaken', sees: [{ auth: 'open-anonymous' }] });
    expect(decide(state, open, EMPTY_ALLOWLIST, ahead).transitions.map(({ kind }) => kind)).toContain('opened');
  });

  it('property: end as the newest reading of the configuration says, in any order, with any repeats', () => {
    const level = fc.constantFrom<Level>('on', 'partial', 'off');
    const visits = fc.uniqueArray(fc.record({ read: fc.nat(500), took: fc.nat(60), level }), {
      selector: ({ read }) => read,
      minLength: 2,
      maxLength: 12,
    });
    const order = visits.chain((all) =>
      fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length })),
    );
    fc.assert(
      fc.property(order, ([all, mixed]) => {
        const readings = (list: typeof all) => list.map(({ read, took, level: l }) => visit(read, read + took, l));
        const one = play(readings(all.toSorted((a, b) => a.read + a.took - (b.read + b.took))));
        const other = play([...readings(mixed), ...readings(all)]);
        expect(windowsOf(other.state.incidents)).toEqual(windowsOf(one.state.incidents));
        const newest = all.toSorted((a, b) => b.read - a.read)[0]?.level;
        for (const { state } of [one, other]) expect(state.endpoint.declared.network?.level).toBe(newest);
      }),
      { numRuns: 1_000 },
    );
  });
});

describe('a visit with the configuration as it was remembered', () => {
  it('does not bring back what a sweep has read since', () => {
    const minute = visit(0, 70, 'on', { remembered: true });
    const { state, stored } = play([visit(0, 5, 'on'), visit(40, 60, 'off'), minute]);
    expect([state.endpoint.declared.network?.level, state.posture.declared.network.level]).toEqual(['off', 'off']);
    expect([...stored.values()].map((i) => i.status)).toEqual(['open']);
  });

  it('does not bring back what can no longer be read', () => {
    const unread = visit(0, 60, 'unknown', { remembered: true });
    const minute = visit(0, 70, 'on', { remembered: true });
    for (const readings of [
      [visit(0, 5, 'on'), unread, minute],
      [visit(0, 5, 'on'), unread, minute, minute],
    ]) {
      expect(play(readings).state.posture.declared.network.level).toBe('unknown');
    }
    expect(play([visit(0, 5, 'on'), unread, visit(80, 90, 'on')]).state.posture.declared.network.level).toBe('on');
  });
});
