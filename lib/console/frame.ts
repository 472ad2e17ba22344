/** What every page has around it. */
import { createHash } from 'node:crypto';
import { html } from 'hono/html';
import { type Markup, pageText } from '../reports/escape.ts';
import { mark } from '../reports/page/summary.ts';
import { moment } from '../reports/page/parts.ts';
import { STYLE } from '../reports/page/style.ts';
import { CONSOLE_STYLE } from './style.ts';

export const STYLESHEET = `${STYLE}\n${CONSOLE_STYLE}`;
/** Its name changes with its content, so that a browser may keep it for good. */
export const STYLE_PATH = `/style-${createHash('sha256').update(STYLESHEET).digest('hex').slice(0, 16)}.css`;

export const PAGES = [
  ['/', 'Now'],
  ['/incidents', 'Incidents'],
  ['/endpoints', 'Endpoints'],
  ['/coverage', 'Coverage'],
  ['/allowances', 'Allowances'],
  ['/reports', 'Reports'],
] as const;

export interface Page {
  readonly title: string;
  readonly path: string;
  readonly content: Markup;
  /** Of the newest entry of the ledger: nothing here is younger. */
  readonly asOf?: string;
  /** What was done a moment ago. */
  readonly said?: string;
  /** On a wall: no navigation, and the browser asks again by itself. */
  readonly wall?: boolean;
}

export function frame({ title, path, content, asOf, said, wall = false }: Page): string {
  return pageText(html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title}: ajar</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="${STYLE_PATH}">
</head>
<body class="console${wall && ' wall'}">
<a class="skip" href="#content">Skip to content</a>
<header class="mast"><p class="brand">${mark()}ajar</p>${!wall && navigation(path)}</header>
<main id="content" tabindex="-1">
${said !== undefined && html`<p class="said" role="status">${said}</p>`}${content}
</main>
<footer><p>${asOf === undefined ? 'Nothing is on record yet.' : html`As of ${moment(asOf)} UTC, the newest entry of the ledger.`} ${wall ? html`<a href="/">Leave the wall view</a>` : html`<a href="/?wall=1">Wall view</a>, which asks again every minute.`}</p></footer>
</body>
</html>
`);
}

function navigation(path: string): Markup {
  return html`<nav aria-label="Pages"><ul>${PAGES.map(([href, name]) => html`<li><a href="${href}"${isUnder(path, href) && html` aria-current="page"`}>${name}</a></li>`)}</ul></nav>`;
}

function isUnder(path: string, href: string): boolean {
  return href === '/' ? path === '/' : path === href || path.startsWith(`${href}/`);
}
