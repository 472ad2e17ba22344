/** Did it run the whole period? Coverage, interruptions, and what is not seen at the end (section 1.2, Q2). */
import type { Report } from '../../model/report.ts';
import type { Interruption } from '../../model/report-evidence.ts';
import { count, instant, span } from '../moments.ts';
import { GAP_WORDS, STAGE_WORDS } from '../wording.ts';
import { bold, cell, moment, own, printed, soft, theirs, theRest } from './cells.ts';
import type { Sheet } from './sheet.ts';
import { type Cell, drawTable } from './table.ts';

export function watch(sheet: Sheet, { evidence }: Report): void {
  const { percent, places, interruptions } = evidence.watch;
  sheet.paragraph(
    percent === undefined
      ? [own('No endpoint existed in the period, so there was nothing to watch.')]
      : [
          own('Of the time that endpoints existed in the period, '),
          bold(`${percent} %`),
          own(
            ' was watched: within two intervals after a conclusive observation. The figure of each endpoint is in the table of endpoints.',
          ),
        ],
  );
  drawTable(
    sheet,
    'Coverage by account and region',
    [
      { title: 'Account', share: 40 },
      { title: 'Region', share: 30 },
      { title: 'Endpoints', share: 20 },
      { title: 'Watched', share: 20 },
    ],
    printed(places, ({ account, region, endpoints, percent: part }) => ({
      cells: [
        cell(theirs(account)),
        cell(region === undefined ? soft('all') : theirs(region)),
        cell(own(count(endpoints))),
        cell(part === undefined ? soft('not known') : own(`${part} %`)),
      ],
    })),
  );
  theRest(sheet, places.length, 'places.csv');
  sheet.part('Interruptions');
  sheet.paragraph([
    own(
      interruptions.length === 0
        ? 'No stretch of more than two intervals was unseen.'
        : 'Every stretch of more than two intervals that was not seen.',
    ),
  ]);
  drawTable(
    sheet,
    'Interruptions',
    [
      { title: 'Subject', share: 30 },
      { title: 'From, to, UTC', share: 27 },
      { title: 'Length', share: 15 },
      { title: 'Cause', share: 36 },
      { title: 'Alarmed, acknowledged, caught up', share: 40 },
    ],
    printed(interruptions, (each) => ({
      cells: [
        cell(theirs(each.subject)),
        [[moment(each.from)], [each.to === undefined ? bold('lasted at the end') : moment(each.to)]],
        cell(own(span(each.seconds))),
        [[theirs(each.cause)], [soft(each.code)]],
        followUp(each),
      ],
    })),
  );
  theRest(sheet, interruptions.length, 'interruptions.csv');
}

function followUp({ alarmedAt, alarmSeconds, ackedAt, ackedBy, catchUp }: Interruption): Cell {
  const at = (label: string, instantOf: string | undefined): Cell[number] => [
    soft(`${label} `),
    own(instantOf === undefined ? 'not on record' : instant(instantOf)),
  ];
  return [
    [...at('alarmed', alarmedAt), ...(alarmSeconds === undefined ? [] : [soft(` after ${span(alarmSeconds)}`)])],
    [...at('acknowledged', ackedAt), ...(ackedBy === undefined ? [] : [soft(' by '), theirs(ackedBy)])],
    [soft('first look after: '), catchUp === undefined ? own('not on record') : theirs(catchUp)],
  ];
}

export function gaps(sheet: Sheet, { gaps: all }: Report): void {
  sheet.paragraph([
    own(
      all.length === 0
        ? 'No gap was recorded.'
        : 'What ajar could not see. A gap is never a pass and never closes an incident.',
    ),
  ]);
  drawTable(
    sheet,
    'Coverage gaps',
    [
      { title: 'Subject', share: 34 },
      { title: 'Cause', share: 32 },
      { title: 'Since, UTC', share: 26 },
      { title: 'Detail', share: 36 },
      { title: 'Cure', share: 36 },
    ],
    printed(all, ({ subject, stage, code, detail, since }) => ({
      cells: [
        cell(theirs(subject)),
        [[own(GAP_WORDS[code].cause)], [soft(`${code}, ${STAGE_WORDS[stage]}`)]],
        cell(since === undefined ? soft('not recorded') : moment(since)),
        cell(theirs(detail)),
        cell(own(GAP_WORDS[code].cure)),
      ],
    })),
  );
  theRest(sheet, all.length, 'gaps.csv');
}
