/**
 * The exposure windows of the period as a drawing: a lane for each endpoint, a bar for each window. Solid where the exposure
 * is certain, hatched where it lies between two observations (evidence-and-alerts.md section 1.4), with an arrow where it was
 * open at the end. The table says everything that the drawing does.
 */
import type { Report } from '../../model/report.ts';
import { instant } from '../moments.ts';
import {
  gravest,
  labelOf,
  type Lane,
  lanesOf,
  MAX_LANES,
  MAX_ROWS_A_LANE,
  type Numbered,
  scaleOf,
} from '../timeline.ts';
import { PROTECTION_WORDS } from '../wording.ts';
import { bold, own, soft, theirs } from './cells.ts';
import { BODY_WIDTH, INK, MARGIN, SEVERITY_INK } from './ink.ts';
import type { Sheet } from './sheet.ts';

const AXIS = 20;
const LANE_HEAD = 17;
const ROW = 21;
const LANE_FOOT = 7;
const BAR = 6.5;

type Scale = (at: string) => number;

export function windows(sheet: Sheet, { incidents, period }: Report): void {
  if (incidents.length === 0) return;
  const lanes = lanesOf(incidents);
  const { x: percent, ticks } = scaleOf(period);
  const x: Scale = (at) => across(percent(at));
  sheet.part('Timeline');
  sheet.paragraph([
    own(
      'Solid where the exposure is certain; hatched between two observations, where the change lies; an arrow where it was open at the end. Numbers are those of the table below.',
    ),
  ]);
  let rest = gravest(lanes);
  while (rest.length > 0) {
    sheet.room(AXIS + heightOf(rest[0]));
    const now = fitting(rest, sheet.left - AXIS);
    const height = now.reduce((sum, lane) => sum + heightOf(lane), AXIS);
    const alt = `Timeline from ${instant(period.from)} to ${instant(period.to)} UTC of ${now.length} endpoints, each with its exposure windows. Every window is a row of the table that follows, under the same number.`;
    const top = sheet.y;
    const figure = sheet.tag('Figure', undefined, {
      alt,
      bbox: [MARGIN.side, top, MARGIN.side + BODY_WIDTH, top + height],
    });
    figure.add(() => {
      for (const tick of ticks) drawTick(sheet, across(tick.x), tick.label, top, height);
      let y = top + AXIS;
      for (const lane of now) {
        drawLane(sheet, lane, y, x);
        y += heightOf(lane);
      }
    });
    figure.end();
    sheet.y = top + height + 6;
    rest = rest.slice(now.length);
  }
  if (lanes.length > MAX_LANES)
    sheet.paragraph([
      soft(`${lanes.length - MAX_LANES} more endpoints are in the table alone, none graver than these.`),
    ]);
}

function across(percent: number): number {
  return MARGIN.side + (percent / 100) * BODY_WIDTH;
}

function heightOf(lane: Lane | undefined): number {
  return LANE_HEAD + LANE_FOOT + ROW * Math.min(lane?.windows.length ?? 0, MAX_ROWS_A_LANE);
}

/** As many as a page holds, one at least. */
function fitting(lanes: readonly Lane[], height: number): readonly Lane[] {
  let used = 0;
  const over = lanes.findIndex((lane) => (used += heightOf(lane)) > height);
  return over === -1 ? lanes : lanes.slice(0, Math.max(1, over));
}

function drawTick(sheet: Sheet, x: number, text: string, top: number, height: number): void {
  const [line] = sheet.lines([soft(text)], 'small', BODY_WIDTH);
  const wide = line?.at(-1) === undefined ? 0 : (line.at(-1)?.x ?? 0) + (line.at(-1)?.width ?? 0);
  const left = Math.min(Math.max(x - wide / 2, MARGIN.side), MARGIN.side + BODY_WIDTH - wide);
  sheet.draw(line === undefined ? [] : [line], left, top, 'small');
  sheet.paper
    .lineWidth(0.4)
    .strokeColor(INK.rule)
    .moveTo(x, top + AXIS - 6)
    .lineTo(x, top + height)
    .stroke();
}

function drawLane(sheet: Sheet, lane: Lane, top: number, x: Scale): void {
  sheet.rule(MARGIN.side, top, BODY_WIDTH);
  const more = lane.windows.length - MAX_ROWS_A_LANE;
  const label = [{ ...theirs(labelOf(lane.windows), 60), bold: true as const }];
  const [line] = sheet.lines(more > 0 ? [...label, soft(`  +${more} more in the table`)] : label, 'table', BODY_WIDTH);
  if (line !== undefined) sheet.draw([line], MARGIN.side, top + 4, 'table');
  lane.windows.slice(0, MAX_ROWS_A_LANE).forEach((window, at) => {
    drawWindow(sheet, window, top + LANE_HEAD + at * ROW, x);
  });
}

function drawWindow(sheet: Sheet, { number, incident }: Numbered, top: number, x: Scale): void {
  const { severity, protection, start, closed, lastBadAt, status, from, to } = incident;
  const ink = SEVERITY_INK[severity];
  const end = across(98);
  const left = start.lower === undefined ? MARGIN.side : x(start.lower);
  const certain = x(start.upper);
  const certainEnd = Math.max(certain, x(closed?.lower ?? lastBadAt));
  const right = closed === undefined ? end : Math.max(certainEnd, x(closed.upper));
  const change = from === undefined ? `found ${to}` : `${from} → ${to}`;
  const [line = []] = sheet.lines(
    [bold(`${number} ${severity}`, ink), soft(`  ${PROTECTION_WORDS[protection]} ${change}, ${status}`)],
    'small',
    BODY_WIDTH,
  );
  const wide = (line.at(-1)?.x ?? 0) + (line.at(-1)?.width ?? 0);
  sheet.draw([line], Math.min(Math.max(left, MARGIN.side), MARGIN.side + BODY_WIDTH - wide), top, 'small');
  const y = top + 10;
  hatch(sheet, left, certain, y, ink);
  sheet.paper.rect(certain, y, Math.max(1.2, certainEnd - certain), BAR).fill(ink);
  hatch(sheet, certainEnd, right, y, ink);
  if (closed === undefined) sheet.paper.polygon([end, y - 2], [end + 5, y + BAR / 2], [end, y + BAR + 2]).fill(ink);
}

/** Strokes at a slant, a tint behind them. */
function hatch(sheet: Sheet, left: number, right: number, y: number, ink: string): void {
  if (right - left < 0.4) return;
  const { paper } = sheet;
  paper
    .save()
    .rect(left, y, right - left, BAR)
    .clip();
  paper.lineWidth(0.9).strokeColor(ink);
  for (let at = left - BAR; at < right; at += 2.8) paper.moveTo(at, y + BAR).lineTo(at + BAR, y);
  paper.stroke().restore();
  paper
    .lineWidth(0.4)
    .strokeColor(ink)
    .rect(left, y, right - left, BAR)
    .stroke();
}
