/** When a visit was by the queue's clock: each bound, at it and a moment beyond. Seconds; taken and sent are the queue's. */
import { describe, expect, it } from 'vitest';
import { LONGEST_VISIT_MS, stamped, WORTH_TELLING_MS } from '../../lib/assess/stamped.ts';
import type { Reading } from '../../lib/model/reading.ts';
import { aReading, instant } from '../support/readings.ts';

interface Visit {
  readonly at: number;
  readonly began?: number;
  readonly taken?: number;
  /** When the configuration was read. */
  readonly read?: number;
}
function visit({ at, began, taken, read }: Visit): Reading {
  return {
    ...aReading({ at, ...(read === undefined ? {} : { endpoint: { declaredAt: instant(read) } }) }),
    ...(began === undefined ? {} : { began: instant(began) }),
    ...(taken === undefined ? {} : { takenAt: instant(taken) }),
  };
}
const SENT = 1_000;

describe('a visit sent at 1000', () => {
  it.each<readonly [string, Visit]>([
    ['that ends as it is sent, and says no more', { at: SENT }],
    ['that ends as it is sent, whenever it says that it began', { at: SENT, began: 1_001 }],
    ['of which nobody knows when it was asked for', { at: 100, began: 90 }],
    ['asked for after it was sent', { at: 999, began: 998, taken: 1_001 }],
    ['asked for longer ago than a visit takes', { at: 800, began: 700, taken: 699.999 }],
  ])('is left as it is: %s', (_, given) => {
    const reading = visit(given);
    expect(stamped(reading, instant(SENT))).toBe(reading);
    expect(LONGEST_VISIT_MS).toBe(300_000);
  });

  it.each<readonly [string, Visit, number | undefined]>([
    ['asked for as it was sent, by a clock behind', { at: 100, began: 90, taken: SENT }, SENT],
    ['asked for five minutes before, by a clock behind', { at: 100, began: 90, taken: 700 }, 700],
    ['by a clock that agrees', { at: 999, began: 998, taken: 990 }, 998],
    ['by a clock that agrees, begun and ended at once', { at: 999, began: 999, taken: 990 }, 999],
    ['by a clock that agrees to the millisecond', { at: SENT, began: 995, taken: 990 }, 995],
    ['by a clock that is a little ahead', { at: 1_005, began: 995, taken: 990 }, 990],
    ['by a clock that agrees but for its beginning', { at: 999, began: 980, taken: 990 }, 990],
    ['by a clock that is not yet wrong', { at: 940.001, began: 935, taken: 930 }, 935],
    ['by a clock that is wrong', { at: 940, began: 935, taken: 930 }, 930],
    ['begun after it ended', { at: 995, began: 996, taken: 990 }, 990],
    ['begun since its configuration was read', { at: 999, began: 985, taken: 990, read: 980 }, 985],
    ['begun as its configuration was read', { at: 999, began: 980, taken: 990, read: 980 }, 980],
    ['begun before its configuration was read', { at: 999, began: 970, taken: 990, read: 980 }, 980],
    [
      'by a wrong clock, of a configuration read after it was asked for',
      { at: 100, began: 90, taken: 990, read: 995 },
      990,
    ],
    ['by a clock ahead, asked for nobody knows when', { at: 1_005, began: 995 }, 995],
    ['by a clock ahead all along, asked for nobody knows when', { at: 1_005, began: 1_001 }, SENT],
    ['by a clock ahead, asked for long ago', { at: 1_005, began: 995, taken: 600 }, 995],
    ['by a clock ahead, asked for after it was sent', { at: 1_005, began: 995, taken: 1_001 }, 995],
    ['without a beginning', { at: 1_005, taken: 990 }, undefined],
  ])('ends then and begins by what can be known: %s', (_, given, began) => {
    const told = stamped(visit(given), instant(SENT));
    expect([told.at, told.began]).toEqual([instant(SENT), began === undefined ? undefined : instant(began)]);
  });

  it('that only remembers its configuration began no earlier for that', () => {
    const reading = visit({ at: 100, began: 90, taken: 990, read: 980 });
    expect(stamped(reading, instant(SENT)).began).toBe(instant(980));
    expect(stamped({ ...reading, remembered: true }, instant(SENT)).began).toBe(instant(990));
  });

  it('tells of a clock that is a minute off, and not of less', () => {
    const off = (at: number) => stamped(visit({ at, began: 990, taken: 990 }), instant(SENT)).clockOffMs;
    expect([off(1_060), off(940), off(1_059.999), off(940.001), off(SENT)]).toEqual([
      ...[60_000, -60_000, undefined, undefined, undefined],
    ]);
    expect(WORTH_TELLING_MS).toBe(60_000);
  });
});
