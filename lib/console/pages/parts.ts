/** Small pieces that several pages show. */
import { html } from 'hono/html';
import type { ReportIncident } from '../../model/report.ts';
import { type Markup, theirs } from '../../reports/escape.ts';
import { span } from '../../reports/moments.ts';
import { PROTECTION_WORDS } from '../../reports/wording.ts';

/** Rows of one page of a list. */
export const ROWS = 100;
/** What somebody typed into a search field. */
export const MAX_QUERY = 200;

export function nameOf({ name, host, port }: Pick<ReportIncident, 'name' | 'host' | 'port'>): Markup {
  return name === undefined ? html`${theirs(host)}:${port}` : theirs(name);
}

export function placeOf({ host, port, engine, account, region }: ReportIncident): Markup {
  return html`${theirs(engine)} at ${theirs(host)}:${port}${account !== undefined && html`, account ${theirs(account)}`}${region !== undefined && html`, ${theirs(region)}`}`;
}

export function stepOf({ protection, from, to }: ReportIncident): Markup {
  return html`${PROTECTION_WORDS[protection]} ${from === undefined ? 'was found' : `${from} →`} <b>${to}</b>`;
}

/** How long until now, from when it was first seen so: it may be longer. */
export function age(since: string, now: Date): string {
  return span((now.getTime() - Date.parse(since)) / 1_000);
}

/** A share drawn and said; a share of nothing is neither. */
export function share(percent: number | undefined): Markup {
  if (percent === undefined) return html`<span class="quiet">not known</span>`;
  const kind = percent >= 99 ? '' : percent >= 90 ? 'some' : 'little';
  return html`<svg class="bar-track" width="120" height="9" aria-hidden="true"><rect class="${kind}" width="${percent}%" height="9"/></svg> ${percentText(percent)}`;
}

/** Never rounded up: 99.9996 is not all of it. */
export function percentText(percent: number): string {
  return `${Math.floor(percent * 100) / 100} %`;
}

/** The pages before and after, as links that keep what was asked for. */
export function pager(path: string, asked: Readonly<Record<string, string>>, page: number, total: number): Markup {
  const pages = Math.max(1, Math.ceil(total / ROWS));
  if (pages === 1) return html``;
  const link = (to: number, words: string): Markup =>
    html`<a href="${path}?${new URLSearchParams({ ...asked, page: String(to) }).toString()}">${words}</a>`;
  return html`<nav class="pager" aria-label="More rows">${page > 1 && link(page - 1, 'Before')}<span>Page ${page} of ${pages}</span>${page < pages && link(page + 1, 'Next')}</nav>`;
}

export function select(name: string, label: string, values: readonly string[], chosen: string): Markup {
  return html`<div><label for="${name}">${label}</label><select id="${name}" name="${name}"><option value="">any</option>${values.map((value) => html`<option value="${value}"${value === chosen && html` selected`}>${value}</option>`)}</select></div>`;
}

export function search(value: string, what: string): Markup {
  return html`<div><label for="q">${what}</label><input type="search" id="q" name="q" maxlength="${MAX_QUERY}" value="${value}"></div>`;
}
