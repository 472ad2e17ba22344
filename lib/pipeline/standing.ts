/** How an endpoint and an incident stood at the end of a period, which may be long before their newest state. Pure. */
import type { Incident } from '../model/incident.ts';
import type { Posture } from '../model/posture.ts';
import { type Basis, everyProtection } from '../model/protection.ts';
import type { ReportEndpoint, ReportIncident } from '../model/report.ts';
import type { ReportState } from '../model/report-inputs.ts';
import type { History } from './history.ts';

export interface Standing {
  readonly endpoint: ReportEndpoint;
  readonly gapSince?: string;
}

export function standing(state: ReportState, to: string, history: History): Standing {
  const { endpoint, posture, lastReadingAt, lastConclusiveAt, gapSince } = state;
  if (lastReadingAt <= to) {
    const conclusive = lastConclusiveAt === undefined ? {} : { lastConclusiveAt };
    const now = { endpoint, posture, verdictFrom: 'reading', verdictAt: lastReadingAt, ...conclusive } as const;
    return { endpoint: now, ...(gapSince === undefined ? {} : { gapSince }) };
  }
  const was = history.postureOf(endpoint.id);
  if (was === undefined) {
    const next = history.nextReadingOf(endpoint.id) ?? lastReadingAt;
    return { endpoint: { endpoint, posture: noPosture(next), verdictFrom: 'nothing' } };
  }
  const { verdict, declared } = was.posture;
  const isConclusive = verdict.confirmed && verdict.name !== 'unknown';
  return {
    endpoint: {
      endpoint: { ...endpoint, declared },
      ...{ posture: was.posture, verdictFrom: 'ledger', verdictAt: was.at },
      ...(isConclusive ? { lastConclusiveAt: was.at } : {}),
    },
    ...(was.gapSince === undefined ? {} : { gapSince: was.gapSince }),
  };
}

/** Nobody had looked, or what was recorded cannot be read: unknown, whatever the state says today. */
function noPosture(next: string): Posture {
  const nothing = (basis: Basis): Posture['declared'] =>
    everyProtection(() => ({ level: 'unknown', basis, evidence: 'not on record' }));
  const why = `nothing is on record of it by the end of the period; the first reading after it is of ${next}`;
  return {
    ...{ declared: nothing('declared'), observed: nothing('observed') },
    verdict: { name: 'unknown', shadow: false, confirmed: false, why },
    ...{ silent: false, auth: 'undetermined', proof: 0, rules: [], addresses: [], gaps: [] },
  };
}

/**
 * `was`: as its last change by then left it, where that is on record. Bounds are better known since and stay as they
 * are. A window that may have begun by then, and was first seen bad later, counts as open: unknown is not safe. One that
 * was over by then and began again later (fold.ts) was over: what came after changes no report of before.
 */
export function incidentAt(
  incident: Incident,
  was: Incident | undefined,
  to: string,
): Incident & Pick<ReportIncident, 'closedLater'> {
  const { closed, start, lastBadAt } = incident;
  if (closed !== undefined && closed.upper <= to) return { ...bare(incident), ...handlingAt(incident, to) };
  if (was?.closed !== undefined && was.closed.upper <= to) return { ...bare(was), ...handlingAt(incident, to), start };
  const { closed: _since, ...then } = bare(was ?? incident);
  const later = closed === undefined ? {} : { closedLater: closed };
  return { ...then, ...handlingAt(incident, to), start, lastBadAt, status: 'open', ...later };
}

/** It may have been over before the period began, though it goes on since the period ended. */
export function isOver({ closed }: Pick<Incident, 'closed'>, from: string): boolean {
  return closed !== undefined && closed.upper < from;
}

/** Without what people did, and without what is remembered of reminders: receipts of those are in the ledger. */
function bare({ handling: _acts, ladder: _ladder, ...incident }: Incident): Incident {
  return incident;
}

/** What people had done about it by then. */
function handlingAt({ handling }: Incident, to: string): Pick<Incident, 'handling'> {
  const { acked, assigned, aware, notes } = handling ?? {};
  const then = {
    ...(acked !== undefined && acked.at <= to ? { acked } : {}),
    ...(assigned !== undefined && assigned.at <= to ? { assigned } : {}),
    ...(aware !== undefined && aware.at <= to ? { aware } : {}),
  };
  const written = notes?.filter(({ at }) => at <= to) ?? [];
  const all = { ...then, ...(written.length === 0 ? {} : { notes: written }) };
  return Object.keys(all).length === 0 ? {} : { handling: all };
}
