/** Who allowed what and until when, who changed the watch itself, and whether what should alert did (section 1.2: Q5, Q6, Q10). */
import { type DrillOutcome, isInTime, PROMISED_SECONDS } from '../../model/drill.ts';
import type { Report, ReportDrill } from '../../model/report.ts';
import type { ReportException } from '../../model/report-evidence.ts';
import { count } from '../moments.ts';
import { bold, cell, listed, moment, own, printed, soft, theirs, theirsBold, theRest } from './cells.ts';
import { STATE_INK } from './ink.ts';
import type { Sheet } from './sheet.ts';
import { type Cell, drawTable, type Fact, type Row } from './table.ts';
import type { Piece } from './text.ts';

const MAX_MATCHES = 10;
/** Characters of a scope as it is written. exceptions.csv has it whole. */
const MAX_SCOPE = 1_000;

export function exceptions(sheet: Sheet, { evidence, allowlist }: Report): void {
  const all = evidence.exceptions;
  sheet.paragraph(
    all.length === 0
      ? [own('No allowance was in force in the period: everything alerts.')]
      : [
          own(
            'Every allowance that was in force at some time of the period. An allowance approves a posture, not a resource.',
          ),
        ],
  );
  sheet.paragraph([soft('Allowlist '), theirs(allowlist.file), soft('  SHA-256 '), theirs(allowlist.digest)], 'small');
  drawTable(
    sheet,
    'Exceptions',
    [
      { title: 'Allowance', share: 30 },
      { title: 'Owner; approved by', share: 36 },
      { title: 'Reason, ticket', share: 36 },
      { title: 'Approved; ends', share: 20 },
      { title: 'Flags', share: 20 },
    ],
    printed(all, exceptionRow),
  );
  theRest(sheet, all.length, 'exceptions.csv');
}

function exceptionRow(each: ReportException): Row {
  const { id, owner, author, approvedBy, reason, ticket, approvedOn, expires } = each;
  return {
    cells: [
      cell(theirsBold(id)),
      [
        [theirs(owner)],
        [soft('approved by '), ...listed(approvedBy, MAX_MATCHES)],
        ...(author === undefined ? [] : [[soft('written by '), theirs(author)]]),
      ],
      [[theirs(reason)], [theirs(ticket)]],
      [[theirs(approvedOn)], [soft('ends '), theirs(expires)]],
      each.flags.length === 0
        ? cell(soft('none'))
        : each.flags.map((flag) => [bold(flag, STATE_INK['not-determined'])]),
    ],
    below: matches(each),
  };
}

function matches({ scope, permits, endpoints, incidents }: ReportException): readonly Fact[] {
  const ids = (all: readonly string[]): readonly Piece[] =>
    all.length === 0 ? [own('none')] : listed(all, MAX_MATCHES);
  return [
    { label: 'Scope', value: [theirs(scope, MAX_SCOPE)] },
    { label: 'Permits', value: [theirs(permits, MAX_SCOPE)] },
    { label: 'Matched at the end', value: ids(endpoints) },
    { label: 'Incidents', value: ids(incidents) },
  ];
}

export function changes(sheet: Sheet, { evidence }: Report): void {
  const all = evidence.changes;
  sheet.paragraph([
    own(
      all.length === 0
        ? 'No change is on record.'
        : 'Allowlist, settings, silences, guard rails, the drill, and acts of people. Oldest first.',
    ),
  ]);
  drawTable(
    sheet,
    'Changes of what watches',
    [
      { title: 'At, UTC', share: 24 },
      { title: 'Kind', share: 15 },
      { title: 'Subject', share: 36 },
      { title: 'By', share: 28 },
      { title: 'What', share: 44 },
    ],
    printed(all, ({ at, seq, kind, subject, by, text }) => ({
      cells: [
        [[moment(at)], [soft(`entry ${count(seq)}`)]],
        cell(own(kind)),
        cell(theirs(subject)),
        cell(by === undefined ? soft('not on record') : theirs(by)),
        cell(theirs(text)),
      ],
    })),
  );
  theRest(sheet, all.length, 'changes.csv');
}

export function drill(sheet: Sheet, { totals, openings }: ReportDrill): void {
  const { due, alerted, late, missed, recovered, slowestSeconds } = totals;
  sheet.paragraph([
    own(
      "A door of ajar's own is opened on purpose and closed again, looked at, judged and told as any other. No exposure: it holds nothing, and is counted nowhere else.",
    ),
  ]);
  sheet.paragraph([
    own(
      `${count(due)} openings: ${count(alerted)} alerted within ${PROMISED_SECONDS} s, ${count(late)} late, ${count(missed)} never; `,
    ),
    own(`${count(recovered)} closings told within ${PROMISED_SECONDS} s.`),
    own(slowestSeconds === undefined ? '' : ` Slowest alert ${count(slowestSeconds)} s.`),
  ]);
  drawTable(
    sheet,
    'Drill',
    [
      { title: 'Opened, UTC', share: 30 },
      { title: 'Alert after', share: 20 },
      { title: 'Closed, UTC', share: 30 },
      { title: 'Recovery told after', share: 20 },
    ],
    printed(openings, opening),
  );
  theRest(sheet, openings.length, 'drill.csv');
}

function opening({ from, to, alertSeconds, recoverySeconds }: DrillOutcome): Row {
  const took = (seconds: number | undefined): Cell => {
    if (seconds === undefined) return cell(bold('never'));
    return cell(isInTime(seconds) ? own(`${count(seconds)} s`) : bold(`${count(seconds)} s`));
  };
  return { cells: [cell(moment(from)), took(alertSeconds), cell(moment(to)), took(recoverySeconds)] };
}
