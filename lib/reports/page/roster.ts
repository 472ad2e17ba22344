/** Every endpoint with its verdict and its protections: declared above observed, in words as well as in shape. */
import { html } from 'hono/html';
import type { Certificate } from '../../model/observation.ts';
import { BASES } from '../../model/posture.ts';
import { isKnown, type Level, type Protection, PROTECTIONS, type ProtectionName } from '../../model/protection.ts';
import type { Report, ReportEndpoint } from '../../model/report.ts';
import type { VerdictName } from '../../model/verdict.ts';
import { type Markup, theirs } from '../escape.ts';
import { count, day } from '../moments.ts';
import { PROTECTION_WORDS } from '../wording.ts';
import { endpointName, moment } from './parts.ts';
import { made, table, tablePieces, type TableRow } from './table.ts';

/** Rows a page shows, worst verdicts first; endpoints.csv lists all. */
export const MAX_ROSTER = 2_000;

const ORDER: readonly VerdictName[] = ['exposed', 'reachable', 'latent', 'unknown', 'protected'];

export function* rosterSection({ endpoints }: Report): Generator<Markup> {
  yield html`<section id="endpoints" aria-labelledby="endpoints-heading"><h2 id="endpoints-heading">Endpoints</h2>
`;
  if (endpoints.length === 0) yield html`<p class="nothing">The inventory held no endpoint.</p>`;
  else {
    const known = knownOf(endpoints);
    const blank = PROTECTIONS.filter((name) => !known.includes(name));
    yield html`<p class="lead">Each protection as the configuration declares it, and below that as the network shows it.${blank.length > 0 && ` Known for no endpoint: ${blank.map((name) => PROTECTION_WORDS[name].toLowerCase()).join(', ')}.`}</p>
`;
    const shown = endpoints.toSorted(worstFirst).slice(0, MAX_ROSTER);
    yield* tablePieces(CAPTION, 'roster', columnsOf(known), rowsOf(shown, known));
  }
  yield html`
${endpoints.length > MAX_ROSTER && html`<p class="more">+${count(endpoints.length - MAX_ROSTER)} more in endpoints.csv.</p>`}</section>`;
}

/** Some of them, with a column for every protection that is known for any of `all`. */
export function rosterTable(rows: readonly ReportEndpoint[], all: readonly ReportEndpoint[]): Markup {
  const known = knownOf(all);
  return table(CAPTION, 'roster', columnsOf(known), rowsOf(rows, known));
}

const CAPTION = 'Endpoints, worst verdict first';

function columnsOf(known: readonly ProtectionName[]): readonly string[] {
  return ['Endpoint', 'Verdict', ...known.map((name) => PROTECTION_WORDS[name]), 'Last conclusive', 'TLS version'];
}

function rowsOf(endpoints: readonly ReportEndpoint[], known: readonly ProtectionName[]): Iterable<TableRow> {
  return made(endpoints, (each) => rowOf(each, known));
}

function knownOf(endpoints: readonly ReportEndpoint[]): readonly ProtectionName[] {
  return PROTECTIONS.filter((name) => endpoints.some((each) => isKnownAtAll(each, name)));
}

export function worstFirst(a: ReportEndpoint, b: ReportEndpoint): number {
  return rank(a) - rank(b) || (a.endpoint.id < b.endpoint.id ? -1 : 1);
}

function rank({ posture }: ReportEndpoint): number {
  return ORDER.indexOf(posture.verdict.name);
}

function isKnownAtAll({ posture }: ReportEndpoint, name: ProtectionName): boolean {
  return BASES.some((basis) => isKnown(posture[basis][name].level));
}

function rowOf(each: ReportEndpoint, known: readonly ProtectionName[]): TableRow {
  const { endpoint, posture } = each;
  const { verdict, tls } = posture;
  const notes = [verdict.shadow && 'shadow', !verdict.confirmed && 'unconfirmed'].filter(Boolean).join(', ');
  return {
    cells: [
      endpointName(endpoint),
      html`<span class="verdict v-${verdict.name}">${verdict.name}</span>${notes !== '' && html` <span class="quiet">${notes}</span>`}`,
      ...known.map((name) => html`${BASES.map((basis) => levelMark(basis, posture[basis][name]))}`),
      conclusive(each),
      tls === undefined
        ? html`<span class="quiet">${isOnRecord(each) ? 'none seen' : 'not on record'}</span>`
        : theirs(tls.version),
    ],
    below: detail(posture),
  };
}

/** The ledger holds changes: that a later reading found the same is not in it, and TLS never was. */
function isOnRecord({ verdictFrom }: ReportEndpoint): boolean {
  return verdictFrom === 'reading';
}

function conclusive(each: ReportEndpoint): Markup {
  const { lastConclusiveAt } = each;
  if (lastConclusiveAt === undefined) return isOnRecord(each) ? html`<b>never</b>` : html`<b>not on record</b>`;
  return html`${moment(lastConclusiveAt)}${!isOnRecord(each) && html` <span class="quiet">or later</span>`}`;
}

const LEVEL_WORDS: Readonly<Record<Level, string>> = {
  on: 'on',
  partial: 'partial',
  off: 'off',
  'not-applicable': 'n/a',
  unknown: 'unknown',
};

function levelMark(basis: string, { level, pending }: Protection): Markup {
  return html`<span class="level l-${level}"><span class="say">${basis} </span>${LEVEL_WORDS[level]}${pending !== undefined && ` (${LEVEL_WORDS[pending]} pending)`}</span>`;
}

/** Why, what it says it is, and whose certificate it shows: all of it a stranger's word. */
function detail({ verdict, product, version, tls }: ReportEndpoint['posture']): Markup {
  return html`<p class="quiet">${theirs(verdict.why)}${product !== undefined && html`<span class="dot">${theirs(product)}${version !== undefined && html` ${theirs(version)}`}</span>`}${tls !== undefined && html`<span class="dot">${theirs(tls.cipher)}</span>`}</p>
${tls?.certificate !== undefined && certificateLine(tls.certificate)}`;
}

/** What our own clock would write; a certificate may say anything. */
const STAMP = /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])T([01]\d|2[0-3]):[0-5]\d:[0-5]\d\.\d{3}Z$/;

function certificateLine({ subject, issuer, notAfter, selfSigned, matchesHost }: Certificate): Markup {
  const flaws = [selfSigned && 'self-signed', !matchesHost && 'names another host'].filter(Boolean).join(', ');
  return html`<p class="quiet">Certificate ${theirs(subject)}, issued by ${theirs(issuer)}, until ${STAMP.test(notAfter) ? html`<time datetime="${notAfter}">${day(notAfter)}</time>` : theirs(notAfter)}${flaws !== '' && html`: <b>${flaws}</b>`}</p>`;
}
