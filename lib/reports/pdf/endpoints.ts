/** Every endpoint with its verdict and its protections, worst verdict first: declared beside observed, in words and in shape. */
import type { Certificate } from '../../model/observation.ts';
import { BASES } from '../../model/posture.ts';
import { isKnown, type Level, type Protection, PROTECTIONS } from '../../model/protection.ts';
import type { Report, ReportEndpoint } from '../../model/report.ts';
import type { VerdictName } from '../../model/verdict.ts';
import { day, instant } from '../moments.ts';
import { PROTECTION_WORDS } from '../wording.ts';
import { bold, cell, listed, MAX_ROWS, own, printed, soft, theirs, theirsBold, theirsSoft, theRest } from './cells.ts';
import { INK, VERDICT_INK } from './ink.ts';
import type { Sheet } from './sheet.ts';
import { type Cell, drawTable, type Fact, type Row } from './table.ts';
import type { Piece } from './text.ts';

const ORDER: readonly VerdictName[] = ['exposed', 'reachable', 'latent', 'unknown', 'protected'];

export function endpoints(sheet: Sheet, { endpoints: all, evidence }: Report): void {
  if (all.length === 0) {
    sheet.paragraph([own('The inventory held no endpoint.')]);
    return;
  }
  sheet.paragraph([
    own(
      'Each protection as the configuration declares it, then as the network shows it. A protection of which neither is known is not listed.',
    ),
  ]);
  const first = all
    .toSorted((a, b) => rank(a) - rank(b) || (a.endpoint.id < b.endpoint.id ? -1 : 1))
    .slice(0, MAX_ROWS);
  const watched = percentsOf(first, evidence);
  drawTable(
    sheet,
    'Endpoints, worst verdict first',
    [
      { title: 'Endpoint', share: 42 },
      { title: 'Verdict', share: 22 },
      { title: 'Protection: declared, observed', share: 46 },
      { title: 'Last conclusive, UTC', share: 27 },
      { title: 'Watched', share: 14 },
    ],
    printed(first, (each) => rowOf(each, watched.get(each.endpoint.id))),
  );
  theRest(sheet, all.length, 'endpoints.csv');
}

/** Of these alone: of a hundred thousand most are not printed. */
function percentsOf(printed: readonly ReportEndpoint[], { watch }: Report['evidence']): ReadonlyMap<string, number> {
  const ids = new Set(printed.map(({ endpoint }) => endpoint.id));
  const percents = new Map<string, number>();
  for (const { endpointId, percent } of watch.endpoints) {
    if (percent !== undefined && ids.has(endpointId)) percents.set(endpointId, percent);
  }
  return percents;
}

function rank({ posture }: ReportEndpoint): number {
  return ORDER.indexOf(posture.verdict.name);
}

function rowOf(each: ReportEndpoint, percent: number | undefined): Row {
  const { endpoint, posture } = each;
  const { verdict } = posture;
  const { name, host, port, engine, account, region } = endpoint;
  const place = [engine, account, region].filter((part) => part !== undefined);
  const notes = [verdict.shadow ? 'shadow' : '', verdict.confirmed ? '' : 'unconfirmed'].filter(Boolean).join(', ');
  return {
    cells: [
      [
        ...(name === undefined ? [] : [[theirsBold(name)]]),
        [theirs(host), own(`:${port}`)],
        place.flatMap((part, n) => [...(n === 0 ? [] : [soft(', ')]), theirsSoft(part)]),
      ],
      [[bold(verdict.name, VERDICT_INK[verdict.name])], ...(notes === '' ? [] : [[soft(notes)]])],
      levels(posture),
      conclusive(each),
      cell(percent === undefined ? soft('not known') : own(`${percent} %`)),
    ],
    below: detail(posture),
  };
}

/** A shape before each word. */
const LEVEL_WORDS: Readonly<Record<Level, string>> = {
  on: '● on',
  partial: '◐ partial',
  off: '■ off',
  'not-applicable': '– n/a',
  unknown: '◌ unknown',
};

function levels(posture: ReportEndpoint['posture']): Cell {
  const known = PROTECTIONS.filter((name) => BASES.some((basis) => isKnown(posture[basis][name].level)));
  if (known.length === 0) return cell(soft('none known'));
  return known.map((name) => [
    soft(`${PROTECTION_WORDS[name]}  `),
    level(posture.declared[name]),
    own(', '),
    level(posture.observed[name]),
  ]);
}

function level({ level: name, pending }: Protection): Piece {
  const text = `${LEVEL_WORDS[name]}${pending === undefined ? '' : ` (${LEVEL_WORDS[pending].slice(2)} pending)`}`;
  return name === 'off' ? bold(text, VERDICT_INK.exposed) : { text, colour: name === 'on' ? INK.text : INK.soft };
}

/** The ledger holds changes: that a later reading found the same is not in it. */
function conclusive({ lastConclusiveAt, verdictFrom }: ReportEndpoint): Cell {
  const isOnRecord = verdictFrom === 'reading';
  if (lastConclusiveAt === undefined) return cell(bold(isOnRecord ? 'never' : 'not on record'));
  return isOnRecord ? cell(own(instant(lastConclusiveAt))) : [[own(instant(lastConclusiveAt))], [soft('or later')]];
}

/** What our own clock would write; a certificate may say anything. */
const STAMP = /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])T([01]\d|2[0-3]):[0-5]\d:[0-5]\d\.\d{3}Z$/;

/** Why, what it says it is, and whose certificate it shows: all of it a stranger's word. */
function detail({ verdict, product, version, tls }: ReportEndpoint['posture']): readonly Fact[] {
  const seen = [version === undefined ? product : `${product} ${version}`, tls?.version, tls?.cipher];
  const words = seen.filter((each): each is string => each !== undefined);
  return [
    { label: 'Why', value: [theirs(verdict.why)] },
    ...(words.length === 0 ? [] : [{ label: 'It says it is', value: listed(words, 3) }]),
    ...(tls?.certificate === undefined ? [] : [{ label: 'Certificate', value: certificateOf(tls.certificate) }]),
  ];
}

function certificateOf({ subject, issuer, notAfter, selfSigned, matchesHost }: Certificate): readonly Piece[] {
  const flaws = [selfSigned ? 'self-signed' : '', matchesHost ? '' : 'names another host'].filter(Boolean).join(', ');
  const until = STAMP.test(notAfter) ? own(day(notAfter)) : theirs(notAfter);
  const pieces = [theirs(subject), soft(', issued by '), theirs(issuer), soft(', until '), until];
  return flaws === '' ? pieces : [...pieces, bold(`: ${flaws}`)];
}
