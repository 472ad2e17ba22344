import { describe, expect, test } from 'vitest';
import { boundsText, count, instant, size, span, tickLabel, timeToDetect } from '../../lib/reports/moments.ts';
import { SAMPLE_REPORT } from '../support/sample-report.ts';

const DAY = 86_400_000;

test.each([
  [0, '0 s'],
  [0.9, '0 s'],
  [59.999, '59 s'],
  [60, '1 min'],
  [70, '1 min 10 s'],
  [3_600, '1 h'],
  [3_601, '1 h'],
  [86_399, '23 h 59 min'],
  [22 * 86_400 + 3 * 3_600, '22 d 3 h'],
  [-5, '0 s'],
])('a span of %d seconds reads %s', (seconds, expected) => {
  expect(span(seconds)).toBe(expected);
});

test.each([
  [{ least: 0 }, 'nothing known'],
  [{ least: 90 }, 'at least 1 min 30 s'],
  [{ least: 0.5, most: 60 }, 'at most 1 min'],
  [{ least: 60, most: 60 }, '1 min'],
  [{ least: 60, most: 125 }, '1 min to 2 min 5 s'],
])('bounds %o read %s', (bounds, expected) => {
  expect(boundsText(bounds, 'nothing known')).toBe(expected);
});

describe('time to detect', () => {
  const incident = SAMPLE_REPORT.incidents[1] as (typeof SAMPLE_REPORT.incidents)[number];
  const detectedAt = '2019-12-04T15:03:11.000Z';
  const [lower, upper, exact] = ['2019-12-04T15:02:10.000Z', '2019-12-04T15:03:10.000Z', '2019-12-04T15:02:51.000Z'];

  test.each([
    ['counts from the event where a change is attributed', { lower, upper, exact }, { least: 20, most: 20 }],
    ['lies between the bounds of the start', { lower, upper }, { least: 1, most: 61 }],
    ['has no upper bound where no good observation came before', { upper }, { least: 1 }],
    ['is never negative', { upper: '2019-12-04T15:04:00.000Z' }, { least: 0 }],
  ])('%s', (_name, start, expected) => {
    expect(timeToDetect({ ...incident, start, detectedAt })).toEqual(expected);
  });
});

test.each([
  ['2019-12-04T00:00:00.000Z', 7 * DAY, '4 Dec'],
  ['2019-12-04T06:00:00.000Z', 2 * DAY, '06:00'],
  ['2019-12-04T06:00:05.000Z', 60_000, '06:00:05'],
  ['2019-04-01T00:00:00.000Z', 400 * DAY, 'Apr 2019'],
])('a tick at %s in a period of %d ms reads %s', (at, period, expected) => {
  expect(tickLabel(new Date(at), period)).toBe(expected);
});

test('times are UTC and independent of the host', () => {
  expect(instant('2019-12-04T23:59:59.999Z')).toBe('4 Dec 2019 23:59:59');
});

test.each([
  [0, '0'],
  [999, '999'],
  [1_000, '1,000'],
  [2_418_233, '2,418,233'],
])('%d is written %s', (value, expected) => {
  expect(count(value)).toBe(expected);
});

test.each([
  [0, '0 B'],
  [999, '999 B'],
  [1_000, '1.0 kB'],
  [41_207_114_900, '41.2 GB'],
  [9e20, '900000.0 PB'],
])('%d bytes are written %s', (value, expected) => {
  expect(size(value)).toBe(expected);
});
