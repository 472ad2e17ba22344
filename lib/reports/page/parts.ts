/** Small pieces that several sections of the page show. */
import { html } from 'hono/html';
import type { DataAtRisk } from '../../model/observation.ts';
import type { Severity } from '../../model/verdict.ts';
import { type Markup, theirs } from '../escape.ts';
import { count, instant, size } from '../moments.ts';

/** Seconds are shown, milliseconds stay in `datetime`. */
export function moment(at: string): Markup {
  return html`<time datetime="${at}">${instant(at)}</time>`;
}

export function badge(severity: Severity): Markup {
  return html`<span class="badge ${severity}">${severity}</span>`;
}

export interface Named {
  readonly host: string;
  readonly port: number;
  readonly engine: string;
  readonly name?: string;
  readonly account?: string;
  readonly region?: string;
}

export function endpointName({ host, port, engine, name, account, region }: Named): Markup {
  return html`${name !== undefined && html`<span class="name">${theirs(name)}</span>`}
<span class="host">${theirs(host)}:${port}</span>
<span class="quiet">${theirs(engine)}${account !== undefined && html`, ${theirs(account)}`}${region !== undefined && html`, ${theirs(region)}`}</span>`;
}

/** Classes with the words that gave them away; never a record, names only where they were asked for. */
export function dataAtRisk(data: DataAtRisk | undefined): Markup {
  if (data === undefined) return html`<span class="quiet">not read</span>`;
  const { objects, records, bytes, classes, samples, truncated, ransomMarkers, takenFrom } = data;
  return html`<p class="quiet">${records !== undefined && `about ${count(records)} records in `}${count(objects)} ${objects === 1 ? 'object' : 'objects'}${truncated && ' or more'}${bytes !== undefined && `, ${size(bytes)}`}</p>
<ul class="classes">${classes.map((hit) => html`<li><b>${hit.class}</b> ${hit.because.map((word, at) => html`${at > 0 && ', '}${theirs(word)}`)}</li>`)}</ul>
${takenFrom !== undefined && html`<p class="quiet">Not read here: taken from what it is a copy of, ${theirs(takenFrom)}</p>`}${samples.length > 0 && html`<p class="quiet">Names: ${samples.map((name, at) => html`${at > 0 && ', '}${theirs(name)}`)}</p>`}
${ransomMarkers > 0 && html`<p><b>${ransomMarkers} ${ransomMarkers === 1 ? 'name looks' : 'names look'} like a ransom note</b></p>`}`;
}
