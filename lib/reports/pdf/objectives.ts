/** The control objectives, each with its checks and what it supports. "Supports", never "compliant". */
import type { Report } from '../../model/report.ts';
import type {
  FrameworkId,
  ObjectiveState,
  ReportCheck,
  ReportMapping,
  ReportObjective,
  ReportRequirement,
} from '../../model/report-evidence.ts';
import { count } from '../moments.ts';
import { STATE_WORDS } from '../wording.ts';
import { bold, cell, listed, own, soft, theirs } from './cells.ts';
import { STATE_INK } from './ink.ts';
import type { Sheet } from './sheet.ts';
import { type Column, drawTable, heightOfStart, type Row } from './table.ts';
import type { Piece } from './text.ts';

/** Beside the word: colour is only the third. */
const SHAPES: Readonly<Record<ObjectiveState, string>> = {
  satisfied: '✓',
  'not-satisfied': '✕',
  'not-determined': '?',
};

/** Subjects of a check that are named; checks.csv has more. */
const MAX_SUBJECTS = 8;

function stateOf(state: ObjectiveState): Piece {
  return bold(`${SHAPES[state]} ${STATE_WORDS[state]}`, STATE_INK[state]);
}

export function objectives(sheet: Sheet, { evidence }: Report): void {
  sheet.paragraph([
    own(
      'Each is judged by checks that ran over the evidence of the period. Not determined means that the evidence does not suffice to say either: it is no pass. What an objective supports is listed under it; that is no statement of compliance.',
    ),
  ]);
  drawTable(
    sheet,
    'Control objectives',
    [
      { title: 'Objective', share: 12 },
      { title: 'Statement', share: 60 },
      { title: 'State', share: 24 },
      { title: 'Checks', share: 10 },
    ],
    evidence.objectives.map(({ id, title, state, checks }) => ({
      cells: [cell(bold(id)), cell(own(title)), cell(stateOf(state)), cell(own(count(checks.length)))],
    })),
  );
  for (const objective of evidence.objectives) one(sheet, objective, evidence.mapping);
}

function one(sheet: Sheet, { id, title, checks, requirements }: ReportObjective, mapping: ReportMapping): void {
  const rows = checks.map(rowOf);
  const [first] = rows;
  sheet.part(`${id}  ${title}`, first === undefined ? undefined : heightOfStart(sheet, COLUMNS, first));
  drawTable(sheet, `Checks of ${id}`, COLUMNS, rows);
  if (requirements.length === 0) return;
  sheet.text('P', [bold('Supports  '), ...supported(requirements, mapping)], 'small');
  sheet.y += 4;
}

const COLUMNS: readonly Column[] = [
  { title: 'Check', share: 26 },
  { title: 'State', share: 20 },
  { title: 'Finding', share: 64 },
];

function rowOf({ id, state, text, subjects, count: all }: ReportCheck): Row {
  const named = subjects.length === 0 ? [] : [listed(subjects, MAX_SUBJECTS, all).map(quiet)];
  return { cells: [cell(own(id)), cell(stateOf(state)), [[theirs(text)], ...named]] };
}

function quiet(piece: Piece): Piece {
  return { ...piece, ...soft(piece.text) };
}

/** By framework; what was not found in a list of the publisher's own says so. */
function supported(requirements: readonly ReportRequirement[], { frameworks }: ReportMapping): readonly Piece[] {
  const groups = new Map<FrameworkId, ReportRequirement[]>();
  for (const each of requirements) groups.set(each.framework, [...(groups.get(each.framework) ?? []), each]);
  return [...groups].flatMap(([framework, all], at) => {
    const title = frameworks.find(({ id }) => id === framework)?.title ?? framework;
    const ids = all.map(({ id, verified }) => (verified ? id : `${id}*`)).join(', ');
    return [soft(`${at === 0 ? '' : '  ·  '}${title} `), own(ids)];
  });
}

export function mapping(sheet: Sheet, { evidence }: Report): void {
  const { version, reviewer, reviewedOn, frameworks } = evidence.mapping;
  sheet.paragraph([
    own(
      `Mapping ${version}, reviewed by ${reviewer} on ${reviewedOn}. An asterisk marks an id that was not checked against a list of the publisher's own.`,
    ),
  ]);
  drawTable(
    sheet,
    'Frameworks',
    [
      { title: 'Framework', share: 30 },
      { title: 'Version', share: 18 },
      { title: 'Ids checked', share: 18 },
      { title: 'Source of the ids', share: 50 },
    ],
    frameworks.map(({ title, version: of, source, verified }) => ({
      cells: [cell(bold(title)), cell(own(of)), cell(own(verified ? 'yes' : 'unverified')), cell(own(source))],
    })),
  );
}
