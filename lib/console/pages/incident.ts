/** One window: what is known of it, how it came to be known, what people did; and, where they may, two things to say. */
import { html } from 'hono/html';
import { MAX_NOTE } from '../../model/handling.ts';
import type { Moment } from '../../model/moment.ts';
import type { ReportIncident } from '../../model/report.ts';
import { type Markup, theirs } from '../../reports/escape.ts';
import { boundsText, endBounds, gdprDue, startBounds, timeToDetect } from '../../reports/moments.ts';
import { badge, dataAtRisk, moment } from '../../reports/page/parts.ts';
import { whoLines } from '../../reports/who.ts';
import { CLOSE_WORDS, ORIGIN_WORDS, STATUS_WORDS } from '../../reports/wording.ts';
import { nameOf, placeOf, stepOf } from './parts.ts';

export function incidentPage(incident: ReportIncident, history: readonly Moment[], mayAct: boolean): Markup {
  const { id, severity, score, status, reasons } = incident;
  return html`<h1>${nameOf(incident)}</h1>
<p>${badge(severity)} <b>${STATUS_WORDS[status]}</b>, score ${score} of 100. ${stepOf(incident)}. ${placeOf(incident)}.</p>
<div class="two">
<div>
<section aria-labelledby="window"><h2 id="window">The window</h2>${windowFacts(incident)}</section>
<section aria-labelledby="why"><h2 id="why">Why ${severity}</h2><ul>${reasons.map((reason) => html`<li>${theirs(reason)}</li>`)}</ul></section>
<section aria-labelledby="data"><h2 id="data">Data at risk, from names alone</h2>${dataAtRisk(incident.data)}</section>
</div>
<div>
${mayAct && forms(incident)}
<section aria-labelledby="history"><h2 id="history">What happened</h2>${history.length === 0 ? html`<p class="nothing">The ledger has nothing of it yet.</p>` : html`<ol class="moments">${history.map(momentLine)}</ol>`}</section>
</div>
</div>
<p class="quiet">Incident <code>${id}</code>. On the command line: <code>ajar incidents show ${id.slice(0, 8)}</code>, <code>ajar explain</code>.</p>`;
}

function windowFacts(incident: ReportIncident): Markup {
  const { start, closed, origin, basis, evidence, exposure, attribution, allowances, lastBadAt, handling } = incident;
  const facts: readonly (readonly [string, Markup | string])[] = [
    ['Began', bounds(startBounds(start))],
    [
      'Ended',
      closed === undefined
        ? html`not seen closed; last seen bad ${moment(lastBadAt)}`
        : html`${bounds(endBounds(closed))} <span class="quiet">${CLOSE_WORDS[closed.cause]}</span>`,
    ],
    ['Exposed for', `${boundsText(exposure, 'seen once')}${closed === undefined ? ', and counting' : ''}`],
    ['Detected after', boundsText(timeToDetect(incident), 'the start is not known')],
    ['How found', `${ORIGIN_WORDS[origin]}, ${basis}`],
    ['Who', html`${whoLines(attribution).map((line, at) => html`${at > 0 && html`<br>`}${theirs(line)}`)}`],
    ['Evidence', theirs(evidence)],
    ...(allowances.length === 0 ? [] : [['Allowance', theirs(allowances.join(', '))] as const]),
    ...(handling?.assigned === undefined ? [] : [['Assigned to', theirs(handling.assigned.to)] as const]),
    ...(handling?.aware === undefined
      ? []
      : [
          [
            'Aware since',
            html`${moment(handling.aware.since)}; GDPR article 33 due ${moment(gdprDue(handling.aware.since))}`,
          ] as const,
        ]),
  ];
  return html`<dl class="facts">${facts.map(([label, value]) => html`<dt>${label}</dt><dd>${value}</dd>`)}</dl>`;
}

function bounds(rows: readonly (readonly [string, string | undefined])[]): Markup {
  return html`${rows.map(([label, at]) => html`<span class="quiet">${label}</span> ${at === undefined ? 'never' : moment(at)}<br>`)}`;
}

function momentLine({ at, kind, what, by, text, sink, receipt }: Moment): Markup {
  const words = {
    transition: html`ajar decided: <b>${theirs(what)}</b>`,
    notice: html`message <b>${theirs(what)}</b> accepted by ${theirs(sink ?? 'a sink')}${receipt !== undefined && html` <span class="quiet">receipt ${theirs(receipt, 60)}</span>`}`,
    act: html`<b>${theirs(by ?? 'somebody')}</b>: ${theirs(what)}${text !== undefined && html`, ${theirs(text)}`}`,
  }[kind];
  return html`<li class="${kind}">${moment(at)} ${words}</li>`;
}

function forms({ id, status, handling }: ReportIncident): Markup {
  return html`<section aria-labelledby="say"><h2 id="say">Say something</h2>
<p class="quiet">Kept in the ledger with your name. Nothing here closes an incident.</p>
${
  status === 'open' &&
  handling?.acked === undefined &&
  html`<form class="form" action="/incidents/${id}/ack" method="post"><button>Acknowledge</button></form>`
}
<form class="form" action="/incidents/${id}/note" method="post"><div><label for="text">Note, at most ${MAX_NOTE} characters; no secrets</label><textarea id="text" name="text" maxlength="${MAX_NOTE}" required></textarea></div><button class="second">Add the note</button></form></section>`;
}
