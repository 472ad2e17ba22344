/** When a visit was, whatever the prober's clock says: by the stamps of the queues on either side of it (decision 0025). */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EMPTY_ALLOWLIST } from '../../lib/model/allowlist.ts';
import type { EndpointState } from '../../lib/model/state.ts';
import type { Reading } from '../../lib/model/reading.ts';
import { decide } from '../../lib/assess/decide.ts';
import { stamped } from '../../lib/assess/stamped.ts';
import { aReading, instant, type ReadingOverrides } from '../support/readings.ts';

/** A visit from 100 to 105, taken at 99 and sent at 105, by a clock that is `off` seconds ahead. */
function visit(off: number, over: ReadingOverrides = {}, [began, at] = [100, 105]): Reading {
  return {
    ...aReading({ ...over, at: at + off }),
    began: instant(began + off),
    takenAt: instant(began - 1),
  };
}

describe('a visit', () => {
  it('is left as it is by a clock that is right', () => {
    expect(stamped(visit(0), instant(105))).toEqual(visit(0));
  });

  it.each([
    ['900 s ahead', 900, 900_000],
    ['900 s behind', -900, -900_000],
    ['3 s ahead', 3, undefined],
    ['30 s behind', -30, undefined],
  ])(
    'by a clock that is %s was when the queue had its reading, and began after the queue was asked',
    (_, off, told) => {
      const { at, began, clockOffMs } = stamped(visit(off), instant(105));
      expect({ at, began, clockOffMs }).toEqual({ at: instant(105), began: instant(99), clockOffMs: told });
    },
  );

  it('during which the clock was set back or forward still ends when it was sent', () => {
    const back = { ...visit(0), began: instant(100 + 900) };
    const forward = { ...visit(0), began: instant(100 - 900) };
    for (const reading of [back, forward]) {
      expect(stamped(reading, instant(105))).toMatchObject({ at: instant(105), began: instant(99) });
    }
  });

  it('began when the configuration was read that it brings, which is of another clock', () => {
    const reading = visit(-900);
    const brings = { ...reading, endpoint: { ...reading.endpoint, declaredAt: instant(80) } };
    expect(stamped(brings, instant(105)).began).toBe(instant(80));
    expect(stamped({ ...brings, remembered: true }, instant(105)).began).toBe(instant(99));
    const right = { ...visit(0), began: instant(80), endpoint: brings.endpoint };
    expect(stamped(right, instant(105)).began).toBe(instant(80));
  });

  it('is not made young by a reading that was sent again out of the dead letters', () => {
    expect(stamped(visit(0), instant(90_000))).toEqual(visit(0));
  });

  it('that nobody says when it was asked for is only never later than it was sent', () => {
    const { takenAt: _, ...reading } = visit(900);
    expect(stamped(reading, instant(105))).toMatchObject({ at: instant(105), began: instant(105) });
    const { takenAt: __, ...behind } = visit(-900);
    expect(stamped(behind, instant(105))).toEqual(behind);
  });
});

it('clocks that are wrong in any way, each visit in another, give the windows that right ones give', () => {
  const sights = fc.constantFrom<ReadingOverrides>(
    { sees: [{ auth: 'open-anonymous' }] },
    { sees: [{}] },
    { sees: [{ l4: 'refused' }] },
  );
  const visits = fc.array(
    fc.record({ over: sights, off: fc.integer({ min: -900, max: 900 }), wait: fc.integer({ min: 10, max: 900 }) }),
    { minLength: 2, maxLength: 12 },
  );
  fc.assert(
    fc.property(visits, (looks) => {
      const windows = (off: (own: number) => number): unknown => {
        let [at, state]: [number, EndpointState | undefined] = [0, undefined];
        const all = new Map<string, unknown>();
        for (const [i, { over, wait, off: own }] of looks.entries()) {
          at += wait;
          const reading = { ...visit(off(own), over, [at, at + 5]), id: `r${i}` };
          const decision = decide(state, stamped(reading, instant(at + 5)), EMPTY_ALLOWLIST, new Date(instant(at + 6)));
          state = decision.state;
          for (const { id, start, closed } of decision.incidents) all.set(id, [start.upper, closed?.upper]);
        }
        return [...all];
      };
      expect(windows((own) => own)).toEqual(windows(() => 0));
    }),
    { numRuns: 1_000 },
  );
});
