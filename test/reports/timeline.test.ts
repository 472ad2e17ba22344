import { expect, test } from 'vitest';
import type { Report, ReportIncident } from '../../lib/model/report.ts';
import { pageText } from '../../lib/reports/escape.ts';
import { MAX_LANES, MAX_ROWS_A_LANE, timeline } from '../../lib/reports/timeline.ts';
import { attribute, elements, text } from '../support/read-page.ts';
import { SAMPLE_REPORT } from '../support/sample-report.ts';

const [ADOPTED, REMOVED, , , OPEN] = SAMPLE_REPORT.incidents as [
  ReportIncident,
  ReportIncident,
  ReportIncident,
  ReportIncident,
  ReportIncident,
];
const PERIOD = { from: '2019-12-04T00:00:00.000Z', to: '2019-12-05T00:00:00.000Z' };

function draw(incidents: readonly ReportIncident[], period: Report['period'] = PERIOD): string {
  return pageText(timeline({ ...SAMPLE_REPORT, period, incidents }));
}

interface Zone {
  readonly from: number;
  readonly to: number;
}

function zones(page: string, name: string): readonly Zone[] {
  const rects = elements(
    page,
    (each) => each.tagName === 'rect' && (attribute(each, 'class') ?? '').split(' ').includes(name),
  );
  return rects.map((rect) => {
    const [x, width] = ['x', 'width'].map((each) => Number.parseFloat(attribute(rect, each) ?? '')) as [number, number];
    return { from: x, to: Math.round((x + width) * 100) / 100 };
  });
}

function arrows(page: string): number {
  return elements(page, (each) => attribute(each, 'class') === 'arrow').length;
}

test('a closed window is solid between the inner bounds and hatched out to the outer ones', () => {
  const start = { lower: '2019-12-04T06:00:00.000Z', upper: '2019-12-04T12:00:00.000Z' };
  const closed = { lower: '2019-12-04T15:00:00.000Z', upper: '2019-12-04T18:00:00.000Z', cause: 'fixed' as const };
  const page = draw([{ ...REMOVED, start, closed }]);
  expect(zones(page, 'sure')).toEqual([{ from: 50, to: 62 }]);
  expect(zones(page, 'unsure')).toEqual([
    { from: 26, to: 50 },
    { from: 62, to: 74 },
  ]);
  expect(arrows(page)).toBe(0);
});

test('an open window is solid to the last bad observation, hatched to the end, and ends in an arrow', () => {
  const start = { lower: '2019-12-04T06:00:00.000Z', upper: '2019-12-04T06:00:00.000Z' };
  const page = draw([{ ...OPEN, start, lastBadAt: '2019-12-04T18:00:00.000Z' }]);
  expect(zones(page, 'sure')).toEqual([{ from: 26, to: 74 }]);
  expect(zones(page, 'unsure').at(-1)).toEqual({ from: 74, to: 98 });
  expect(arrows(page)).toBe(1);
});

test('a window without a lower bound is hatched from beyond the start of the period', () => {
  expect(zones(draw([ADOPTED], SAMPLE_REPORT.period), 'unsure')[0]?.from).toBe(0);
});

test('ten minutes of ninety days are a bar, and so is an instant', () => {
  const days = { from: '2019-10-01T00:00:00.000Z', to: '2019-12-30T00:00:00.000Z' };
  const once = { ...OPEN, lastBadAt: OPEN.start.upper };
  for (const incident of [REMOVED, once]) {
    const [bar] = zones(draw([incident], days), 'sure');
    expect((bar?.to ?? 0) - (bar?.from ?? 0)).toBeGreaterThan(0.1);
  }
});

test('every bar carries its number, its severity and its status in words', () => {
  const labels = elements(draw(SAMPLE_REPORT.incidents), (each) => attribute(each, 'class') === 'row-label').map(text);
  expect(labels).toEqual([
    '1 mediumNetwork found off, closed',
    '2 criticalAuthentication on → off, closed',
    '3 highTLS on → off, closed',
    '4 lowNetwork on → off, accepted',
    '5 criticalAuthentication on → off, open',
  ]);
});

test('one lane an endpoint, and a note where lanes or rows are left out', () => {
  const lanes = Array.from({ length: MAX_LANES + 3 }, (_, at) => ({ ...OPEN, endpointId: `endpoint-${at}` }));
  const many = Array.from({ length: MAX_ROWS_A_LANE + 2 }, () => OPEN);
  expect(zones(draw(lanes), 'sure')).toHaveLength(MAX_LANES);
  expect(draw(lanes)).toContain('+3 more in the table, none graver than these.');
  expect(zones(draw(many), 'sure')).toHaveLength(MAX_ROWS_A_LANE);
  expect(draw(many)).toContain('+2 more in the table');
});

test('of more lanes than are drawn, what is open or grave is not what is left out', () => {
  const closed = Array.from({ length: MAX_LANES + 5 }, (_, at) => ({
    ...REMOVED,
    endpointId: `e-${at}`,
    name: `e-${at}`,
    score: 50,
  }));
  const grave = { ...REMOVED, endpointId: 'grave', name: 'grave', score: 98 };
  const open = { ...OPEN, endpointId: 'open', name: 'open', score: 10 };
  const labels = elements(draw([...closed, grave, open]), (each) => attribute(each, 'class') === 'lane-label').map(
    text,
  );
  expect(labels).toHaveLength(MAX_LANES);
  expect(labels.slice(-2)).toEqual(['grave', 'open']);
});

test.each([
  ['no time', { from: PERIOD.from, to: PERIOD.from }],
  ['half a second', { from: PERIOD.from, to: '2019-12-04T00:00:00.500Z' }],
  ['a minute', { from: PERIOD.from, to: '2019-12-04T00:01:00.000Z' }],
  ['eleven months', { from: '2019-01-01T00:00:00.000Z', to: '2019-12-01T00:00:00.000Z' }],
  ['ten years', { from: '2010-01-01T00:00:00.000Z', to: '2020-01-01T00:00:00.000Z' }],
])('a period of %s draws inside the page, with ticks that differ', (_name, period) => {
  const page = draw([ADOPTED, REMOVED, OPEN], period);
  const ticks = elements(page, (each) => (attribute(each, 'class') ?? '').startsWith('tick')).map(text);
  expect(ticks.length).toBeGreaterThan(0);
  expect(new Set(ticks).size).toBe(ticks.length);
  for (const { from, to } of [...zones(page, 'sure'), ...zones(page, 'unsure')]) {
    expect(from).toBeGreaterThanOrEqual(0);
    expect(to).toBeLessThanOrEqual(100);
  }
});

test('the drawing has a title and a description for who cannot see it', () => {
  const [svg] = elements(draw(SAMPLE_REPORT.incidents), ({ tagName }) => tagName === 'svg');
  expect(svg && attribute(svg, 'role')).toBe('img');
  expect(svg && attribute(svg, 'aria-labelledby')).toBe('timeline-title timeline-desc');
});
