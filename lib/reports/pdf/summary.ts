/** The first page: what was open at the end, what nobody watched, the figures, the verdicts, and where the rest is. */
import type { Report, ReportIncident, Unwatched } from '../../model/report.ts';
import type { VerdictName } from '../../model/verdict.ts';
import { count, instant } from '../moments.ts';
import { headline } from '../page/summary.ts';
import { keyFigures, openWorstFirst } from '../figures.ts';
import { PROTECTION_WORDS, VERDICT_WORDS } from '../wording.ts';
import { bold, own, soft, theirs } from './cells.ts';
import { BODY_WIDTH, INK, MARGIN, SEVERITY_INK, TYPE, VERDICT_INK } from './ink.ts';
import type { Sheet } from './sheet.ts';
import type { Piece } from './text.ts';

const MAX_NAMED = 5;

export function summary(sheet: Sheet, report: Report): void {
  const { period, incidents, coverage } = report;
  masthead(sheet);
  sheet.y = 132;
  sheet.text('P', [soft(`${instant(period.from)} to ${instant(period.to)} UTC`)], 'body');
  sheet.y += 4;
  sheet.text('H1', [bold(headline(report))], 'title', BODY_WIDTH * 0.86);
  sheet.y += 10;
  lines(sheet, coverage.unwatched.map(unwatched), 'stretches in summary.csv');
  lines(sheet, openWorstFirst(incidents).map(open), 'in the table of exposure windows');
  sheet.y += 8;
  figures(sheet, report);
  sheet.y += 16;
  verdicts(sheet, report);
}

/** A door left ajar, the name beside it. */
function masthead(sheet: Sheet): void {
  const { paper } = sheet;
  sheet.artifact(() => {
    paper.save().translate(MARGIN.side, 52).scale(0.92);
    paper.lineWidth(1.5).strokeColor(INK.text).path('M2 22V2h16v20').stroke();
    paper.fillColor(SEVERITY_INK.critical).path('M5 22V2l9 3.5v19.5z').fill();
    paper.restore();
  });
  const name = sheet.lines([bold('ajar'), own('  Exposure report')], 'part', BODY_WIDTH);
  const tag = sheet.tag('P');
  tag.add(() => sheet.draw(name, MARGIN.side + 24, 56, 'part'));
  tag.end();
}

function lines(sheet: Sheet, all: readonly (readonly Piece[])[], where: string): void {
  for (const line of all.slice(0, MAX_NAMED)) sheet.text('P', line, 'body');
  if (all.length > MAX_NAMED) sheet.text('P', [soft(`+${count(all.length - MAX_NAMED)} more ${where}`)], 'body');
  if (all.length > 0) sheet.y += 6;
}

function unwatched({ from, to, why }: Unwatched): readonly Piece[] {
  if (why === 'before') return [own(`Nothing is known before ${instant(to)}, the first reading on record.`)];
  if (why === 'after') return [own(`Nothing is known after ${instant(from)}: nobody has looked since.`)];
  return [own(`Nothing is known from ${instant(from)} to ${instant(to)}: nobody looked.`)];
}

function open({ severity, name, host, port, protection, from, to, start }: ReportIncident): readonly Piece[] {
  const place = name === undefined ? [theirs(host), own(`:${port}`)] : [theirs(name)];
  const change = from === undefined ? `found ${to}` : `${from} → ${to}`;
  return [
    bold(severity, SEVERITY_INK[severity]),
    ...[own('  '), ...place.map((each): Piece => ({ ...each, bold: true }))],
    soft(`  ${PROTECTION_WORDS[protection]} ${change}, seen so since ${instant(start.upper)}`),
  ];
}

/** Large numbers, three in a row; in the structure a table of two columns. */
function figures(sheet: Sheet, report: Report): void {
  const { evidence } = report;
  const { percent } = evidence.watch;
  const rows: readonly (readonly [string, string])[] = [
    ...keyFigures(report),
    ['Watched, of the time they existed', percent === undefined ? 'not known' : `${percent} %`],
    ...states(evidence.objectives),
  ];
  const step = 58;
  const width = BODY_WIDTH / 3;
  const top = sheet.y;
  const table = sheet.tag('Table', undefined, { title: 'Key figures' });
  rows.forEach(([label, value], at) => {
    const [x, y] = [MARGIN.side + (at % 3) * width, top + Math.floor(at / 3) * step];
    sheet.artifact(() => sheet.rule(x, y, width - 18));
    const tr = sheet.tag('TR', table);
    const heading = sheet.lines([soft(label)], 'table', width - 18);
    const number = sheet.lines([bold(value)], 'figure', width - 18);
    sheet.tag('TH', tr, { scope: 'Row' }).add(() => sheet.draw(heading, x, y + 7 + TYPE.figure.lead, 'table'));
    sheet.tag('TD', tr).add(() => sheet.draw(number, x, y + 6, 'figure'));
  });
  table.end();
  sheet.y = top + Math.ceil(rows.length / 3) * step;
}

function states(objectives: Report['evidence']['objectives']): readonly (readonly [string, string])[] {
  const having = (state: string): string => count(objectives.filter((each) => each.state === state).length);
  const whole = count(objectives.length);
  return [
    [`Objectives not satisfied, of ${whole}`, having('not-satisfied')],
    [`Objectives not determined, of ${whole}`, having('not-determined')],
  ];
}

/** Worst first, the unseen before the safe. */
const STRIP: readonly VerdictName[] = ['exposed', 'reachable', 'latent', 'unknown', 'protected'];

function verdicts(sheet: Sheet, { totals }: Report): void {
  sheet.text('H2', [bold('Verdicts at the end of the period')], 'part');
  sheet.y += 6;
  const whole = STRIP.reduce((sum, name) => sum + totals.verdicts[name], 0);
  sheet.artifact(() => {
    let x: number = MARGIN.side;
    for (const name of STRIP) {
      const width = whole === 0 ? 0 : (totals.verdicts[name] / whole) * BODY_WIDTH;
      if (width > 0) sheet.paper.rect(x, sheet.y, Math.max(0.6, width - 1.2), 7).fill(VERDICT_INK[name]);
      x += width;
    }
  });
  sheet.y += 15;
  const top = sheet.y;
  const width = BODY_WIDTH / STRIP.length;
  const table = sheet.tag('Table', undefined, { title: 'Verdicts at the end of the period' });
  STRIP.forEach((name, at) => {
    const x = MARGIN.side + at * width;
    const tr = sheet.tag('TR', table);
    const heading = sheet.lines([bold(name, VERDICT_INK[name])], 'body', width - 12);
    const value = sheet.lines([bold(count(totals.verdicts[name]))], 'body', width - 12);
    const words = sheet.lines([soft(VERDICT_WORDS[name])], 'small', width - 12);
    sheet.tag('TH', tr, { scope: 'Row' }).add(() => sheet.draw(heading, x, top, 'body'));
    const td = sheet.tag('TD', tr);
    td.add(() => sheet.draw(value, x, top + TYPE.body.lead, 'body'));
    td.add(() => sheet.draw(words, x, top + 2 * TYPE.body.lead + 1, 'small'));
  });
  table.end();
  sheet.y = top + 2 * TYPE.body.lead + 3 * TYPE.small.lead + 8;
}
