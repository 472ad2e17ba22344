/** The exposure windows, drawn and listed, and how fast each was seen. No instant is printed that nobody observed. */
import type { DataAtRisk } from '../../model/observation.ts';
import type { Report, ReportIncident } from '../../model/report.ts';
import type { Spread } from '../../model/report-evidence.ts';
import { handledLines } from '../handled.ts';
import { boundsText, count, endBounds, size, span, startBounds, timeToDetect } from '../moments.ts';
import { whoLines } from '../who.ts';
import { CLOSE_WORDS, ORIGIN_WORDS, PROTECTION_WORDS, STATUS_WORDS } from '../wording.ts';
import { bold, cell, listed, moment, own, printed, soft, theirs, theirsBold, theirsSoft, theRest } from './cells.ts';
import { SEVERITY_INK } from './ink.ts';
import type { Sheet } from './sheet.ts';
import { type Cell, drawTable, type Fact, type Row } from './table.ts';
import type { Piece } from './text.ts';
import { windows } from './windows.ts';

export function incidents(sheet: Sheet, report: Report): void {
  const all = report.incidents;
  if (all.length === 0) {
    sheet.paragraph([own('No exposure window is on record in this period.')]);
    return;
  }
  windows(sheet, report);
  sheet.part('Every window');
  drawTable(
    sheet,
    'Exposure windows, by their first bad observation',
    [
      { title: 'Incident', share: 14 },
      { title: 'Endpoint', share: 31 },
      { title: 'What changed', share: 22 },
      { title: 'Window, UTC', share: 42 },
      { title: 'Detected after; exposed for', share: 24 },
    ],
    printed(all, rowOf),
  );
  theRest(sheet, all.length, 'incidents.csv');
}

function rowOf(incident: ReportIncident, at: number): Row {
  const { severity, status, score, host, port, name, engine, account, region } = incident;
  const { protection, from, to, origin, basis, verdict, closedLater, exposure } = incident;
  const place = [engine, account, region].filter((each) => each !== undefined);
  const ongoing = closedLater === undefined ? 'and counting' : 'by the end of the period';
  return {
    cells: [
      [
        [soft(`${at + 1} `), bold(severity, SEVERITY_INK[severity])],
        [own(STATUS_WORDS[status])],
        [soft(`score ${score}`)],
      ],
      [
        ...(name === undefined ? [] : [[theirsBold(name)]]),
        [theirs(host), own(`:${port}`)],
        place.flatMap((each, n) => [...(n === 0 ? [] : [soft(', ')]), theirsSoft(each)]),
      ],
      [
        [bold(PROTECTION_WORDS[protection])],
        [own(`${from ?? 'no earlier level'} → ${to}`)],
        [soft(`${ORIGIN_WORDS[origin]}, ${basis}, ${verdict}`)],
      ],
      windowOf(incident),
      [
        [own(boundsText(timeToDetect(incident), 'start unknown'))],
        [own(boundsText(exposure, 'seen once')), soft(status === 'open' ? ` ${ongoing}` : '')],
      ],
    ],
    below: detailsOf(incident),
  };
}

function windowOf({ start, closed, closedLater }: ReportIncident): Cell {
  const bound = (label: string, at: string | undefined): readonly Piece[] => [
    soft(`${label} `),
    at === undefined ? own('never') : moment(at),
  ];
  const end = closed ?? closedLater;
  const ending =
    end === undefined ? [] : [...endBounds(end).map(([label, at]) => bound(label, at)), [soft(CLOSE_WORDS[end.cause])]];
  const still = closedLater === undefined ? 'open' : 'open at the end of the period; later:';
  return [
    ...startBounds(start).map(([label, at]) => bound(label, at)),
    ...(closed === undefined ? [[bold(still)]] : []),
    ...ending,
  ];
}

/** A line has up to six names. */
const WHO_LIMIT = 1_000;

function detailsOf(incident: ReportIncident): readonly Fact[] {
  const { evidence, reasons, id, allowances, glass, wasAccepted = [], reopened, data } = incident;
  const said = (label: string, ...value: readonly Piece[]): Fact => ({ label, value });
  const broken =
    glass?.isOver === true ? 'open longer than was approved' : 'approved by two for its hours; nobody was woken';
  return [
    said('Incident id', own(id)),
    said('Evidence', theirs(evidence)),
    ...whoLines(incident.attribution).map((line, at) => said(at === 0 ? 'Who' : '', theirs(line, WHO_LIMIT))),
    said('Why this severity', ...reasons.flatMap((reason, at) => [own(at === 0 ? '' : '; '), theirs(reason)])),
    ...dataLines(data).map((pieces, at) => said(at === 0 ? 'Data at risk' : '', ...pieces)),
    ...(allowances.length === 0 ? [] : [said('Allowance in force', ...listed(allowances, 20))]),
    ...(glass === undefined ? [] : [said('Break-glass', ...listed(glass.entries, 20), own(`: ${broken}`))]),
    ...wasAccepted.map(({ id: past, until, reason, ticket }) => {
      const under = [own('under '), theirs(past), own(` until ${until}: `)];
      return said('Was accepted', ...under, theirs(reason), own(' ('), theirs(ticket), own(')'));
    }),
    ...(reopened === undefined
      ? []
      : [
          said(
            'Reopened',
            own(
              `${reopened.count} times: repaired, and it did not hold within half an hour; all of it counts as exposed`,
            ),
          ),
        ]),
    ...handledLines(incident.handling).map((line, at) => said(at === 0 ? 'Handled' : '', theirs(line))),
  ];
}

/** Classes with the words that gave them away; never a record, names only where they were asked for. */
function dataLines(data: DataAtRisk | undefined): readonly (readonly Piece[])[] {
  if (data === undefined) return [];
  const { objects, records, bytes, classes, samples, truncated, ransomMarkers, takenFrom } = data;
  const amount = `${records === undefined ? '' : `about ${count(records)} records in `}${count(objects)} ${objects === 1 ? 'object' : 'objects'}${truncated ? ' or more' : ''}${bytes === undefined ? '' : `, ${size(bytes)}`}`;
  const found = classes.flatMap((hit) => [own('; '), bold(hit.class), own(' '), ...listed(hit.because, 12)]);
  return [
    [own(amount), ...found],
    ...(takenFrom === undefined ? [] : [[own('not read here: taken from what it is a copy of, '), theirs(takenFrom)]]),
    ...(samples.length === 0 ? [] : [[own('names: '), ...listed(samples, 20)]]),
    ...(ransomMarkers === 0
      ? []
      : [[bold(`${ransomMarkers} ${ransomMarkers === 1 ? 'name looks' : 'names look'} like a ransom note`)]]),
  ];
}

export function metrics(sheet: Sheet, { evidence, incidents: all }: Report): void {
  const { detect, alert, acknowledge, recover, censored } = evidence.metrics;
  sheet.paragraph([
    own(
      'Each figure is of the upper bound of what it measures, so that nothing looks faster than it may have been. What has no upper bound is counted apart and is in no figure.',
    ),
  ]);
  drawTable(
    sheet,
    'How fast',
    [
      { title: 'From, to', share: 50 },
      { title: 'Measured', share: 13 },
      { title: 'Half within', share: 17 },
      { title: '95 % within', share: 17 },
      { title: 'All within', share: 17 },
      { title: 'Unbounded', share: 14 },
    ],
    [
      spread('Detection', 'from the start of the window to the first bad verdict on record', detect),
      spread('Alert', 'from there to the receipt of the first alert', alert),
      spread('Acknowledgement', 'from the receipt to the first acknowledgement', acknowledge),
      spread('Recovery', 'from the start of the window to its end', recover),
    ],
  );
  if (censored.length === 0) return;
  const open = new Map(all.map(({ id, exposure }) => [id, exposure.least]));
  sheet.paragraph([
    bold(`${count(censored.length)} open at the end of the period, and in no figure of recovery: `),
    ...censored.slice(0, 20).flatMap((id, at) => {
      const least = open.get(id);
      return [own(at === 0 ? '' : ', '), theirs(id), soft(least === undefined ? '' : ` (at least ${span(least)})`)];
    }),
    soft(censored.length > 20 ? ` and ${count(censored.length - 20)} more` : ''),
  ]);
}

function spread(name: string, what: string, { n, p50, p95, max, unbounded }: Spread): Row {
  const figure = (seconds: number | undefined): Cell => cell(seconds === undefined ? soft('none') : own(span(seconds)));
  return {
    cells: [
      [[bold(name)], [soft(what)]],
      cell(own(count(n))),
      ...[figure(p50), figure(p95), figure(max)],
      cell(own(count(unbounded))),
    ],
  };
}
