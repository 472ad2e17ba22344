import type { Report, ReportIncident } from '../model/report.ts';
import { count, span, timeToDetect } from './moments.ts';

/** The figures at the top of a report, each with its label. A removal of which no good look is on record has no bound. */
export function keyFigures({ totals, incidents }: Report): readonly (readonly [string, string])[] {
  const removals = incidents.filter(({ origin }) => origin === 'removed').map(timeToDetect);
  const slowest = removals.reduce((most, each) => Math.max(most, each.most ?? Number.POSITIVE_INFINITY), 0);
  const detection = removals.length === 0 ? 'none' : Number.isFinite(slowest) ? span(slowest) : 'unbounded';
  return [
    ['Endpoints watched', count(totals.endpoints)],
    ['Incidents in the period', count(totals.incidents)],
    ['Open at the end', count(totals.open)],
    ['Critical or high', count(totals.bySeverity.critical + totals.bySeverity.high)],
    ['Slowest detection of a removal, at most', detection],
    ['Coverage gaps', count(totals.gaps)],
  ];
}

/** What is open at the end, worst first: a summary names the first ones. */
export function openWorstFirst(incidents: readonly ReportIncident[]): readonly ReportIncident[] {
  return incidents.filter(({ status }) => status === 'open').toSorted((a, b) => b.score - a.score);
}
