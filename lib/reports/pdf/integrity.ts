/** Can it be trusted, can it be done again, and what does it not prove (section 1.2: Q7, Q8, Q9). */
import type { Report } from '../../model/report.ts';
import type { ReportSealed } from '../../model/report-evidence.ts';
import { count } from '../moments.ts';
import { SEALED_WORDS } from '../wording.ts';
import { bold, cell, own, theirs } from './cells.ts';
import { BODY_WIDTH, MARGIN, TYPE } from './ink.ts';
import type { Sheet } from './sheet.ts';
import { drawTable, type Row } from './table.ts';
import type { Piece } from './text.ts';

function facts(sheet: Sheet, title: string, rows: readonly (readonly [string, Piece])[]): void {
  const columns = [
    { title: 'What', share: 30 },
    { title: 'Value', share: 100 },
  ];
  drawTable(
    sheet,
    title,
    columns,
    rows.map(([name, value]): Row => ({ cells: [cell(own(name)), cell(value)] })),
  );
}

export function integrity(sheet: Sheet, { ledger, id, evidence }: Report, digest: string): void {
  const { entries, firstSeq, lastSeq, headHash, headAt } = ledger;
  sheet.paragraph([
    own('Every statement above rests on ledger entries that are chained by hash. '),
    bold('ajar verify'),
    own(' checks chain and report against each other, offline.'),
  ]);
  facts(sheet, 'Integrity', [
    ['Report', theirs(id)],
    ['SHA-256 of report.json', own(digest)],
    [
      'Ledger entries',
      own(entries === 0 ? 'none' : `${count(entries)}, number ${count(firstSeq)} to ${count(lastSeq)}`),
    ],
    ['Head of the chain', theirs(headHash)],
    ['Written up to', own(headAt ?? 'no entry')],
    ...sealedFacts(evidence.sealed),
  ]);
  sheet.paragraph([
    own(
      'The foot of every page carries the digest of report.json, which holds the whole report as data: who has that file can check that this document is of it. The manifest beside them lists this file too, so its own digest cannot stand in here.',
    ),
  ]);
}

function sealedFacts({ state, text, checkpoints, last, key, hoursMissing, problems }: ReportSealed) {
  const rows: [string, Piece][] = [
    ['Sealed hours', theirs(`${SEALED_WORDS[state]}: ${text}`, 1_000)],
    ['Signed checkpoints', own(`${count(checkpoints)}; hours without one: ${count(hoursMissing)}`)],
  ];
  if (last !== undefined)
    rows.push(
      ['Last checkpoint', own(`hour of ${last.hour}, to entry ${count(last.lastSeq)}`)],
      ['SHA-256 of its file', theirs(last.sha256)],
    );
  if (key !== undefined) rows.push(['Signed with key', theirs(key)]);
  for (const problem of problems) rows.push(['Does not hold', theirs(problem)]);
  return rows;
}

export function reproduction(sheet: Sheet, { evidence, coverage }: Report): void {
  const { tool, mapping, classifier, allowlist, evidence: range, command } = evidence.reproduction;
  sheet.paragraph([
    own('The same evidence gives this file again, byte for byte, on any machine, in any time zone and language.'),
  ]);
  facts(sheet, 'How to do it again', [
    ['Command', theirs(command, 1_000)],
    ['Tool', theirs(tool)],
    ['Control mapping', theirs(mapping)],
    ['Classifier of names', theirs(classifier)],
    ['Allowlist, SHA-256', theirs(allowlist)],
    ['Ledger entries read', own(`${count(range.firstSeq)} to ${count(range.lastSeq)}`)],
    ['Head that was read', theirs(range.headHash)],
    ['First and last reading', own(`${coverage.firstReadingAt ?? 'none'} to ${coverage.lastReadingAt ?? 'none'}`)],
  ]);
}

export function limits(sheet: Sheet, { limits: all }: Report): void {
  if (all.length === 0) sheet.paragraph([own('No limit was recorded.')]);
  const list = sheet.tag('L');
  const { lead } = TYPE.body;
  for (const limit of all) {
    const lines = sheet.lines([theirs(limit)], 'body', BODY_WIDTH - 14);
    sheet.room(lines.length * lead);
    const item = sheet.tag('LI', list);
    sheet.tag('Lbl', item).add(() => sheet.draw(sheet.lines([own('–')], 'body', 14), MARGIN.side, sheet.y, 'body'));
    sheet.tag('LBody', item).add(() => sheet.draw(lines, MARGIN.side + 14, sheet.y, 'body'));
    item.end();
    sheet.y += lines.length * lead + 4;
  }
  list.end();
}
