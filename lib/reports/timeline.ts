/**
 * The exposure windows of a period as one SVG: a lane for each endpoint, a row for each window. A bar is solid
 * where the exposure is certain and hatched where it lies between two observations (evidence-and-alerts.md
 * section 1.4); a window open at its end, in an arrow. Widths are percentages, so the drawing fits any page without
 * a script, and colours come from the stylesheet. The table says everything the drawing does.
 */
import { scaleUtc } from 'd3-scale';
import { html } from 'hono/html';
import type { Report, ReportIncident } from '../model/report.ts';
import { SEVERITIES } from '../model/verdict.ts';
import { type Markup, shown } from './escape.ts';
import { instant, tickLabel } from './moments.ts';
import { PROTECTION_WORDS } from './wording.ts';

export const MAX_LANES = 40;
export const MAX_ROWS_A_LANE = 6;
/** Characters of a lane's label: what a 360 px page holds. */
export const LABEL_LIMIT = 38;

const AXIS = 30;
const LANE_HEAD = 30;
const ROW = 31;
const LANE_FOOT = 9;
const TICKS = 7;
/** With more than these a narrow page shows each third label, and not each second. */
const MAX_NARROW_TICKS = 8;
/** Percent: what was seen bad is seen, however short it was. */
const LEAST_BAR = 0.15;

export interface Lane {
  readonly label: string;
  readonly windows: readonly Numbered[];
}

/** `number` is the row of the incident table. */
export interface Numbered {
  readonly number: number;
  readonly incident: ReportIncident;
}

interface Tick {
  readonly x: number;
  readonly label: string;
}

type Scale = (at: string | Date) => number;

export function timeline({ period, incidents }: Report): Markup {
  const lanes = lanesOf(incidents);
  const drawn = gravest(lanes);
  const heights = drawn.map(({ windows }) => LANE_HEAD + LANE_FOOT + ROW * Math.min(windows.length, MAX_ROWS_A_LANE));
  const height = heights.reduce((sum, each) => sum + each, AXIS);
  const tops = heights.map((_, at) => heights.slice(0, at).reduce((sum, each) => sum + each, AXIS));
  const { x, ticks } = scaleOf(period);
  const more = lanes.length - drawn.length;
  return html`<svg class="timeline" role="img" aria-labelledby="timeline-title timeline-desc" width="100%" height="${height}">
<title id="timeline-title">Exposure windows over the period</title>
<desc id="timeline-desc">${incidents.length} windows on ${lanes.length} endpoints from ${instant(period.from)} to ${instant(period.to)} UTC. Every window is a row of the incident table, under the same number.</desc>
<defs>${SEVERITIES.map(hatch)}</defs>
${ticks.map((tick, at) => axisTick(tick, height, at % (ticks.length > MAX_NARROW_TICKS ? 3 : 2) > 0))}
${drawn.map((lane, at) => laneMarkup(lane, tops[at] ?? AXIS, x))}
</svg>
${more > 0 && html`<p class="more">+${more} more in the table, none graver than these.</p>`}`;
}

export function lanesOf(incidents: readonly ReportIncident[]): readonly Lane[] {
  const lanes = new Map<string, Numbered[]>();
  incidents.forEach((incident, at) => {
    const windows = lanes.get(incident.endpointId) ?? [];
    windows.push({ number: at + 1, incident });
    lanes.set(incident.endpointId, windows);
  });
  return [...lanes.values()].map((windows) => ({ label: labelOf(windows), windows }));
}

/** As many as are drawn: of more, what is open at the end and then what scored highest, in the order of their first windows. */
export function gravest(lanes: readonly Lane[]): readonly Lane[] {
  if (lanes.length <= MAX_LANES) return lanes;
  const drawn = new Set(lanes.toSorted((a, b) => gravity(b) - gravity(a)).slice(0, MAX_LANES));
  return lanes.filter((lane) => drawn.has(lane));
}

function gravity({ windows }: Lane): number {
  return windows.reduce(
    (most, { incident: { score, status } }) => Math.max(most, score + (status === 'open' ? OPEN : 0)),
    0,
  );
}
/** More than any score. */
const OPEN = 1_000;

export function labelOf(windows: readonly Numbered[]): string {
  const first = windows[0]?.incident;
  return first === undefined ? '' : (first.name ?? `${first.host}:${first.port}`);
}

/** The whole period between the margins; what lies outside is drawn at its edge. */
export function scaleOf({ from, to }: Report['period']): { x: Scale; ticks: readonly Tick[] } {
  const start = Date.parse(from);
  const end = Math.max(Date.parse(to), start + 1000);
  const scale = scaleUtc()
    .domain([new Date(start), new Date(end)])
    .range([2, 98])
    .clamp(true);
  const x: Scale = (at) => Math.round(scale(new Date(at)) * 100) / 100;
  const ticks = scale.ticks(TICKS).map((at) => ({ x: x(at), label: tickLabel(at, end - start) }));
  // Within one second neighbours would read the same.
  return { x, ticks: ticks.filter(({ label }, at) => label !== ticks[at - 1]?.label) };
}

function hatch(severity: string): Markup {
  return html`<pattern id="hatch-${severity}" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><rect class="tint ${severity}" width="6" height="6"/><rect class="bar ${severity}" width="2" height="6"/></pattern>`;
}

function axisTick({ x, label }: Tick, height: number, isMinor: boolean): Markup {
  const anchor = x < 7 ? 'start' : x > 93 ? 'end' : 'middle';
  return html`<g class="tick${isMinor && ' minor'}"><line x1="${x}%" x2="${x}%" y1="${AXIS - 8}" y2="${height}"/><text x="${x}%" y="14" text-anchor="${anchor}">${label}</text></g>
`;
}

function laneMarkup({ label, windows }: Lane, top: number, x: Scale): Markup {
  const rows = windows.slice(0, MAX_ROWS_A_LANE);
  const more = windows.length - rows.length;
  return html`<g><line class="lane" x1="0" x2="100%" y1="${top}" y2="${top}"/><text class="lane-label" x="2%" y="${top + 20}"><tspan class="theirs">${shown(label, LABEL_LIMIT)}</tspan>${more > 0 && html`<tspan dx="8" class="quiet">+${more} more in the table</tspan>`}</text>
${rows.map((window, at) => windowMarkup(window, top + LANE_HEAD + at * ROW, x))}</g>
`;
}

function windowMarkup({ number, incident }: Numbered, top: number, x: Scale): Markup {
  const { severity, protection, start, closed, lastBadAt, status } = incident;
  const left = start.lower === undefined ? 0 : x(start.lower);
  const certain = x(start.upper);
  const certainEnd = Math.max(certain, x(closed?.lower ?? lastBadAt));
  const open = closed === undefined;
  const right = open ? 98 : Math.max(certainEnd, x(closed.upper));
  const late = certain > 55;
  const bar = top + 14;
  return html`<g><title>${number}. ${severity}, ${PROTECTION_WORDS[protection]}: ${spoken(incident)}</title>
<text class="row-label" x="${late ? right : Math.max(2, left)}%" y="${top + 9}" text-anchor="${late ? 'end' : 'start'}"><tspan class="${severity}">${number} ${severity}</tspan><tspan class="detail" dx="6">${PROTECTION_WORDS[protection]} ${change(incident)}, ${status}</tspan></text>
<rect class="unsure" x="${left}%" y="${bar}" width="${gap(left, certain)}%" height="9" fill="url(#hatch-${severity})"/>
<rect class="bar sure ${severity}" x="${certain}%" y="${bar}" width="${Math.max(LEAST_BAR, gap(certain, certainEnd))}%" height="9"/>
<rect class="unsure" x="${certainEnd}%" y="${bar}" width="${gap(certainEnd, right)}%" height="9" fill="url(#hatch-${severity})"/>
${open && html`<svg class="arrow" x="98%" y="${bar - 3}" width="6" height="15"><path class="bar ${severity}" d="M0 0 6 7.5 0 15Z"/></svg>`}</g>
`;
}

function gap(from: number, to: number): number {
  return Math.round(Math.max(0, to - from) * 100) / 100;
}

function change({ from, to }: ReportIncident): string {
  return from === undefined ? `found ${to}` : `${from} → ${to}`;
}

function spoken({ start, closed }: ReportIncident): string {
  const begun = start.lower === undefined ? 'begun at or before' : `begun between ${instant(start.lower)} and`;
  const ended = closed === undefined ? 'open' : `ended between ${instant(closed.lower)} and ${instant(closed.upper)}`;
  return `${begun} ${instant(start.upper)}, ${ended}`;
}
