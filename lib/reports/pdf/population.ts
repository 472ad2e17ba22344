/** Is the population complete? What was listed where, and where independent sources do not agree (section 1.2, Q1). */
import type { Report } from '../../model/report.ts';
import type { PopulationDifference } from '../../model/report-evidence.ts';
import { count, instant } from '../moments.ts';
import { bold, cell, own, printed, soft, theirs, theRest } from './cells.ts';
import { STATE_INK } from './ink.ts';
import type { Sheet } from './sheet.ts';
import { drawTable } from './table.ts';

const DISPOSITIONS: Readonly<Record<PopulationDifference['disposition'], string>> = {
  forgotten: 'forgotten: found, and listed by no service',
  unseen: 'unseen: listed once, and nobody said that it is gone',
  shadow: 'shadow: open where its configuration says closed',
};

export function population(sheet: Sheet, { evidence }: Report): void {
  const { sources, cells, differences } = evidence.population;
  const known = sources.reduce((sum, { endpoints }) => sum + endpoints, 0);
  sheet.paragraph([own(`${count(known)} endpoints are known, by where they were listed:`)]);
  drawTable(
    sheet,
    'Endpoints by source',
    [
      { title: 'Source', share: 70 },
      { title: 'Endpoints', share: 30 },
    ],
    sources.map(({ source, endpoints }) => ({ cells: [cell(theirs(source)), cell(own(count(endpoints)))] })),
  );
  sheet.part('Accounts, regions and services');
  if (cells.length === 0) sheet.paragraph([own('Endpoints come from files alone: no account was read.')]);
  drawTable(
    sheet,
    'Accounts, regions and services',
    [
      { title: 'Account, region, service', share: 44 },
      { title: 'Read', share: 20 },
      { title: 'Listed', share: 12 },
      { title: 'Calls', share: 11 },
      { title: 'Tried last; whole last, UTC', share: 34 },
    ],
    printed(cells, ({ account, region, service, status, listed, calls, triedAt, completeAt, detail }) => ({
      cells: [
        [[theirs(service)], [soft('in '), theirs(region), soft(' of '), theirs(account)]],
        cell(status === 'complete' ? own('complete') : bold(status, STATE_INK['not-satisfied'])),
        cell(own(count(listed))),
        cell(own(count(calls))),
        [
          [own(triedAt === undefined ? 'never' : instant(triedAt))],
          ...(completeAt === triedAt ? [] : [[soft(completeAt === undefined ? 'never whole' : instant(completeAt))]]),
        ],
      ],
      ...(detail === undefined ? {} : { below: [{ label: 'Why', value: [theirs(detail)] }] }),
    })),
  );
  theRest(sheet, cells.length, 'cells.csv');
  sheet.part('Where sources do not agree');
  if (differences.length === 0) sheet.paragraph([own('No difference was found.')]);
  drawTable(
    sheet,
    'Where sources do not agree',
    [
      { title: 'Endpoint', share: 40 },
      { title: 'Disposition', share: 34 },
      { title: 'Detail', share: 44 },
    ],
    printed(differences, ({ endpointId, disposition, detail }) => ({
      cells: [cell(theirs(endpointId)), cell(own(DISPOSITIONS[disposition])), cell(theirs(detail))],
    })),
  );
  theRest(sheet, differences.length, 'differences.csv');
}
