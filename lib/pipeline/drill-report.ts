/** The drill in a report: what the ledger says came of each opening (docs/decisions/0015). Pure. */
import { z } from 'zod';
import { type DrillOutcome, isInTime } from '../model/drill.ts';
import type { LedgerEntry } from '../model/ledger.ts';
import type { Report } from '../model/report.ts';

const instant = z.iso.datetime({ precision: 3 });
const seconds = z.int().min(0).exactOptional();
const body = z.object({ from: instant, to: instant, alertSeconds: seconds, recoverySeconds: seconds });

/** Each opening once, as it was found first: guard may have died between writing a line and noting that it had. */
export function drillOutcomes(lines: readonly LedgerEntry[]): readonly DrillOutcome[] {
  const found = new Map<string, DrillOutcome>();
  for (const line of lines) {
    const { success, data } = body.safeParse(line.body);
    if (success && !found.has(data.from)) found.set(data.from, data);
  }
  return [...found.values()].toSorted((a, b) => (a.from < b.from ? -1 : 1));
}

/** Absent where none was over in the period. */
export function drillOf(outcomes: readonly DrillOutcome[], from: string): Pick<Report, 'drill'> {
  const openings = outcomes.filter(({ to }) => to >= from);
  if (openings.length === 0) return {};
  const alerts = openings.flatMap(({ alertSeconds }) => alertSeconds ?? []);
  const alerted = alerts.filter(isInTime).length;
  const totals = {
    ...{ due: openings.length, alerted, late: alerts.length - alerted, missed: openings.length - alerts.length },
    recovered: openings.filter(({ recoverySeconds }) => isInTime(recoverySeconds)).length,
    ...(alerts.length === 0 ? {} : { slowestSeconds: Math.max(...alerts) }),
  };
  return { drill: { totals, openings } };
}
