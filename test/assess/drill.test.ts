/** What came of an opening of the drill: which messages are of it, and how long they took. */
import { describe, expect, it } from 'vitest';
import { type KnownReceipt, mergeReceipts, openingOf, outcomeOf } from '../../lib/assess/drill.ts';
import { drillSchedule, openingAt } from '../../lib/model/drill.ts';

const schedule = drillSchedule('10m/6h');
const at = (clock: string): string => `2019-12-04T${clock}.000Z`;
const opening = openingAt(schedule, new Date(at('06:03:00')));
const receipt = (kind: 'opened' | 'closed', detected: string, came: string): KnownReceipt => ({
  ...{ key: `${kind}-${detected}`, kind, detectedAt: at(detected), at: at(came) },
});
const taken = (key: string, kind: 'opened' | 'closed' | 'other', clock: string) => ({
  ...{ key, kind, detectedAt: at('06:01:00'), at: at(clock), handle: `handle-${clock}` },
});

describe('messages of the drill', () => {
  it('count once, by when the first of them came, oldest first and then by key', () => {
    const known = [receipt('opened', '06:01:00', '06:01:30')];
    const merged = mergeReceipts(known, [
      taken('z', 'closed', '06:12:00'),
      taken('a', 'closed', '06:12:00'),
      taken('opened-06:01:00', 'opened', '06:01:20'),
      taken('late', 'opened', '06:11:00'),
      taken('late', 'opened', '06:11:30'),
      taken('whatever', 'other', '06:01:10'),
    ]);
    expect(merged.map((one) => [one.key, one.at])).toEqual([
      ['opened-06:01:00', at('06:01:20')],
      ['late', at('06:11:00')],
      ['a', at('06:12:00')],
      ['z', at('06:12:00')],
    ]);
    expect(merged[0]).toEqual({
      key: 'opened-06:01:00',
      kind: 'opened',
      detectedAt: at('06:01:00'),
      at: at('06:01:20'),
    });
    expect(mergeReceipts(merged, [])).toEqual(merged);
  });

  it.each([
    ['05:58:59', '00:00:00'],
    // A clock that is a minute behind saw it before it was.
    ['05:59:00', '06:00:00'],
    ['11:58:59', '06:00:00'],
  ])('seen bad at %s are of the opening at %s', (detected, from) => {
    expect(openingOf(receipt('opened', detected, '23:00:00'), schedule).from).toBe(at(from));
  });
});

describe('an opening', () => {
  const outcome = (...receipts: readonly KnownReceipt[]) => outcomeOf(opening, schedule, receipts);
  const opened = receipt('opened', '06:01:00', '06:01:20');
  const closed = receipt('closed', '06:01:00', '06:12:00');

  it('took so many seconds to the alert, and so many from its end to the recovery', () => {
    expect(outcome(closed, opened)).toEqual({ ...opening, alertSeconds: 80, recoverySeconds: 120 });
    expect(outcome({ ...opened, at: '2019-12-04T06:01:20.001Z' })).toEqual({ ...opening, alertSeconds: 81 });
  });

  it('of which nothing came says nothing, and no message of another is its own', () => {
    expect(outcome()).toEqual(opening);
    expect(outcome(receipt('opened', '00:01:00', '06:01:00'), receipt('closed', '12:01:00', '12:12:00'))).toEqual(
      opening,
    );
  });

  it('told to be over before it was is not: that recovery is of something else', () => {
    expect(outcome({ ...closed, at: at('06:08:59') })).toEqual(opening);
    // A minute is what clocks differ by.
    expect(outcome({ ...closed, at: at('06:09:00') })).toEqual({ ...opening, recoverySeconds: 0 });
    expect(outcome({ ...closed, at: at('06:08:59') }, closed)).toEqual({ ...opening, recoverySeconds: 120 });
  });
});
