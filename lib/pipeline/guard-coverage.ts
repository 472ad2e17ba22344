/**
 * Cells that nobody reads any more, and cells that are read and do not answer in full (evidence-and-alerts.md section
 * 5.3, I3). One problem for the former, one for each way of not answering; each names the places it is about.
 */
import { overdueCells } from '../assess/overdue.ts';
import { codeOfStatus } from '../assess/presence.ts';
import type { CoverageGap } from '../model/endpoint.ts';
import type { Problem } from '../model/health.ts';
import { type Place, placeKey, type PlaceRecord } from '../model/inventory.ts';
import type { InventoryRecords, ToldGap } from '../model/store.ts';
import { printable } from '../model/text.ts';
import type { Check } from './guard.ts';
import { affectedBy, ageText, counted, detailOf, type Named } from './guard-words.ts';
import { intervalOf } from './plan.ts';

/** What is wrong with a place. */
interface Trouble extends Named {
  readonly cells: number;
}

export function coverageCheck(
  records: Pick<InventoryRecords, 'all'>,
  /** Whether somebody wants this place to be read. */
  includes: (place: Place) => boolean,
  /** Accounts and organisations that cannot be listed. */
  accounts: () => Promise<readonly ToldGap[]> = async () => [],
): Check {
  return {
    name: 'coverage',
    async look(now) {
      const overdue: Trouble[] = [];
      const gaps = new Map<CoverageGap['code'], Trouble[]>();
      for await (const record of records.all()) {
        if (!includes(record.place)) continue;
        const late = overdueOf(record, now);
        if (late !== undefined) overdue.push(late);
        for (const [code, trouble] of gapsOf(record)) gaps.set(code, [...(gaps.get(code) ?? []), trouble]);
      }
      const unlisted = Map.groupBy(await accounts(), ({ code }) => code);
      const byCode = [...gaps].toSorted(([a], [b]) => (a < b ? -1 : 1));
      return {
        problems: [
          ...(overdue.length === 0 ? [] : [overdueProblem(overdue)]),
          ...byCode.map(([code, places]) => gapProblem(code, places)),
          ...[...unlisted].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([code, gaps]) => unlistedProblem(code, gaps)),
        ],
        counts: { OverdueCells: cellsIn(overdue), CoverageGaps: cellsIn(byCode.flatMap(([, places]) => places)) },
      };
    },
  };
}

function overdueOf(record: PlaceRecord, now: Date): Trouble | undefined {
  const late = overdueCells(record, intervalOf, now);
  if (late.length === 0) return undefined;
  const age = Math.max(...late.map(({ ageMs }) => ageMs));
  const services = late.map(({ subject }) => subject.slice(subject.lastIndexOf('/') + 1)).toSorted();
  const named = services.slice(0, MAX_SERVICES).join(', ') + (services.length > MAX_SERVICES ? ', ...' : '');
  const text = `${counted(late.length, 'cell')} (${named}), tried ${ageText(age)} ago`;
  return { name: placeKey(record.place), weight: age, text, cells: late.length };
}
const MAX_SERVICES = 4;

function overdueProblem(places: readonly Trouble[]): Problem {
  return {
    key: 'overdue-cells',
    severity: 'critical',
    subject: `${counted(cellsIn(places), 'cell')} in ${counted(places.length, 'place')} not read in time`,
    detail: `Nobody tried to read these for two intervals and a minute. ${detailOf(places)}`,
    ...affectedBy(places.map(({ name }) => name)),
  };
}

function gapsOf({ place, cells }: PlaceRecord): readonly (readonly [CoverageGap['code'], Trouble])[] {
  const codes = new Map<CoverageGap['code'], string[]>();
  for (const [service, { status, detail = status }] of Object.entries(cells)) {
    const code = codeOfStatus(status);
    if (code !== undefined) codes.set(code, [...(codes.get(code) ?? []), `${service}: ${detail}`]);
  }
  return [...codes].map(([code, said]) => {
    const text = `${counted(said.length, 'cell')}, ${printable(said.toSorted()[0] ?? '', MAX_SAID)}`;
    return [code, { name: placeKey(place), weight: said.length, text, cells: said.length }];
  });
}
const MAX_SAID = 120;

function gapProblem(code: CoverageGap['code'], places: readonly Trouble[]): Problem {
  return {
    key: `coverage/${code}`,
    severity: 'warning',
    subject: `coverage gap: ${counted(cellsIn(places), 'cell')} in ${counted(places.length, 'place')} ${code}`,
    detail: `What is there is unknown, not safe. ${detailOf(places)}`,
    ...affectedBy(places.map(({ name }) => name)),
  };
}

function cellsIn(places: readonly Trouble[]): number {
  return places.reduce((sum, { cells }) => sum + cells, 0);
}

function unlistedProblem(code: ToldGap['code'], gaps: readonly ToldGap[]): Problem {
  const named = gaps.map(({ subject }) => ({ name: subject, weight: 0, text: code }));
  return {
    key: `accounts/${code}`,
    severity: 'warning',
    subject: `coverage gap: ${counted(gaps.length, 'list')} of accounts or regions not read: ${code}`,
    detail: `What is there is unknown, not safe. ${detailOf(named)}`,
    ...affectedBy(gaps.map(({ subject }) => subject)),
  };
}
