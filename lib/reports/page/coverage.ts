/** Did it run the whole period? Coverage by place, drawn and in figures, and every stretch unseen (section 1.2, Q2). */
import { html } from 'hono/html';
import type { Report } from '../../model/report.ts';
import type { Interruption, PlaceWatch } from '../../model/report-evidence.ts';
import { type Markup, shown, theirs } from '../escape.ts';
import { count, span } from '../moments.ts';
import { moment } from './parts.ts';
import { table } from './table.ts';

/** Rows a page shows, the longest; interruptions.csv lists all. */
const MAX_INTERRUPTIONS = 500;
/** Bars drawn, the least watched; places.csv lists all. */
const MAX_PLACES = 40;
const ROW = 34;
const LABEL_LIMIT = 38;

export function coverageSection({ evidence: { watch } }: Report): Markup {
  const { percent, endpoints, places, interruptions } = watch;
  const longest = interruptions.toSorted((a, b) => b.seconds - a.seconds).slice(0, MAX_INTERRUPTIONS);
  const rest = interruptions.length - longest.length;
  return html`<section id="coverage" aria-labelledby="coverage-heading"><h2 id="coverage-heading">Coverage</h2>
<p class="lead">${percent === undefined ? 'No endpoint existed in the period, as far as is known.' : html`<b>${percent} %</b> of the time that ${count(endpoints.length)} endpoints existed in the period was watched: a look that concluded something, and no pause since. What is not on record was not watched.`}</p>
${places.length > 0 && chart(places)}
${interruptions.length === 0 ? html`<p class="nothing">No stretch unseen is on record.</p>` : table('Stretches unseen, longest first', 'interruptions', ['Subject', 'From', 'To', 'In the period', 'Cause', 'Alarmed, acknowledged', 'First look after'], longest.map(row))}
${rest > 0 && html`<p class="more">+${count(rest)} more in interruptions.csv.</p>`}</section>`;
}

function row({ subject, from, to, seconds, code, cause, catchUp, ...acts }: Interruption) {
  return {
    cells: [
      subject === 'all' ? html`everything` : theirs(subject),
      moment(from),
      to === undefined ? html`<b>lasted at the end</b>` : moment(to),
      html`${span(seconds)}`,
      html`${theirs(cause)} <span class="quiet">${code}</span>`,
      followUp(acts),
      catchUp === undefined ? html`<span class="quiet">not on record</span>` : theirs(catchUp),
    ],
  };
}

function followUp({ alarmedAt, alarmSeconds, ackedAt, ackedBy }: Partial<Interruption>): Markup {
  const none = html`<span class="quiet">not on record</span>`;
  const after = alarmSeconds === undefined ? '' : html` <span class="quiet">after ${span(alarmSeconds)}</span>`;
  const by = ackedBy === undefined ? '' : html` <span class="quiet">by</span> ${theirs(ackedBy)}`;
  const alarmed = alarmedAt === undefined ? none : html`${moment(alarmedAt)}${after}`;
  return html`${alarmed}<br>${ackedAt === undefined ? none : html`${moment(ackedAt)}${by}`}`;
}

/** A bar a place: full is watched, hatched is not. The figure beside it says the same. */
function chart(places: readonly PlaceWatch[]): Markup {
  const least = places.toSorted((a, b) => (a.percent ?? 101) - (b.percent ?? 101)).slice(0, MAX_PLACES);
  const more = places.length - least.length;
  return html`<svg class="places" role="img" aria-labelledby="places-title" width="100%" height="${least.length * ROW}">
<title id="places-title">Coverage of ${count(places.length)} places, least watched first; every figure is beside its bar</title>
<defs><pattern id="hatch-unseen" width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><rect class="unseen-tint" width="6" height="6"/><rect class="unseen" width="2" height="6"/></pattern></defs>
${least.map(bar)}</svg>${more > 0 && html`<p class="more">+${count(more)} more in places.csv.</p>`}`;
}

function bar({ account, region, endpoints, percent }: PlaceWatch, at: number): Markup {
  const y = at * ROW;
  const figure = percent === undefined ? 'none existed' : `${percent} %`;
  return html`<g><text x="0" y="${y + 13}"><tspan class="theirs">${shown(account, LABEL_LIMIT)}</tspan>${region !== undefined && html` <tspan class="theirs">${shown(region, LABEL_LIMIT)}</tspan>`}</text><text x="100%" y="${y + 13}" text-anchor="end"><tspan>${figure}</tspan><tspan class="quiet" dx="8">${count(endpoints)} ${endpoints === 1 ? 'endpoint' : 'endpoints'}</tspan></text>
${percent !== undefined && html`<rect x="0" y="${y + 18}" width="100%" height="8" fill="url(#hatch-unseen)"/><rect class="seen" x="0" y="${y + 18}" width="${percent}%" height="8"/>`}</g>
`;
}
