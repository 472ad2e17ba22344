/** Control objectives: what each demands, what its checks found, what it supports (evidence-and-alerts.md section 1.5). */
import { html } from 'hono/html';
import type { Report } from '../../model/report.ts';
import {
  FRAMEWORK_IDS,
  type ObjectiveState,
  type ReportCheck,
  type ReportMapping,
  type ReportObjective,
} from '../../model/report-evidence.ts';
import { type Markup, theirs } from '../escape.ts';
import { count } from '../moments.ts';
import { STATE_WORDS } from '../wording.ts';
import { table } from './table.ts';

/** Named at a check; checks.csv lists up to a hundred. */
const MAX_SUBJECTS = 3;

export function objectiveSection({ evidence: { objectives, mapping } }: Report): Markup {
  const rows = objectives.map((objective) => ({
    cells: [
      html`<span class="name">${objective.id}</span> ${objective.title}`,
      state(objective.state),
      html`<ul class="checks">${objective.checks.map(checkLine)}</ul>`,
    ],
    below: supports(objective, mapping),
  }));
  return html`<section id="objectives" aria-labelledby="objectives-heading"><h2 id="objectives-heading">Control objectives</h2>
<p class="lead">Each is as good as the worst of its checks. Not determined: the evidence does not suffice to say either; it is no pass. What an objective supports is evidence toward a requirement, never a statement that it is met. An id in brackets was not checked against a list of its publisher.</p>
${table('Control objectives', 'objectives', ['Objective', 'State', 'Checks'], rows)}</section>`;
}

/** A word and a shape. */
export function state(name: ObjectiveState): Markup {
  return html`<span class="state s-${name}">${STATE_WORDS[name]}</span>`;
}

function checkLine({ state: found, text, subjects, count: all }: ReportCheck): Markup {
  const named = subjects.slice(0, MAX_SUBJECTS);
  return html`<li>${state(found)} <div>${theirs(text)}${named.length > 0 && html` <span class="quiet">${named.map((subject, at) => html`${at > 0 && ', '}${theirs(subject)}`)}${all > named.length && ` +${count(all - named.length)} more`}</span>`}</div></li>`;
}

function supports({ requirements }: ReportObjective, { frameworks }: ReportMapping): Markup {
  if (requirements.length === 0) return html`<p class="quiet">Supports no requirement of the mapping.</p>`;
  const lines = FRAMEWORK_IDS.flatMap((framework) => {
    const mine = requirements.filter((each) => each.framework === framework);
    const title = frameworks.find(({ id }) => id === framework)?.title ?? framework;
    const ids = mine.map(({ id, verified }) => (verified ? id : `[${id}]`)).join(' ');
    return mine.length === 0 ? [] : [html`<div><dt>${title}</dt><dd>${ids}</dd></div>`];
  });
  return html`<details class="supports"><summary>Supports ${count(requirements.length)} requirements</summary><dl>${lines}</dl></details>`;
}

export function mappingSection({ evidence: { mapping } }: Report): Markup {
  const { version, reviewer, reviewedOn, frameworks } = mapping;
  const rows = frameworks.map(({ title, version: edition, source, verified }) => ({
    cells: [
      html`${title}`,
      html`${edition}`,
      html`${verified ? 'all mapped ids' : html`<b>not all</b>`}`,
      html`${source}`,
    ],
  }));
  return html`<section id="mapping" aria-labelledby="mapping-heading"><h2 id="mapping-heading">Frameworks</h2>
<p class="lead">Mapping ${version}, reviewed ${reviewedOn} by ${reviewer}.</p>
${table('Frameworks of the mapping', 'frameworks', ['Framework', 'Version', 'Checked against the publisher', 'Source of the list of ids'], rows)}</section>`;
}
