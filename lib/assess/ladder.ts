/**
 * What is owed of an incident that stays open (evidence-and-alerts.md section 3.5): while nobody acknowledged it, a reminder
 * after 15, 30, 45 and 60 minutes and then every hour, at half an hour to the second contact too; once acknowledged, every
 * four hours. Of what pages: critical and high. Reminders that nobody could send are not made up for: the last one is sent.
 * Pure; each is owed once, by the state's version and the notice's key.
 */
import type { Incident } from '../model/incident.ts';
import { isUnderGlass } from '../model/sink.ts';
import type { EndpointState } from '../model/state.ts';
import { atLeast } from '../model/verdict.ts';
import type { Decision } from './decide.ts';
import { noticesOf } from './owed.ts';

const QUARTER_MS = 15 * 60_000;
const QUARTERS = 4;
const HOUR_MS = 4 * QUARTER_MS;
const ACKED_MS = 4 * HOUR_MS;
/** Reached after half an hour. */
const ESCALATES_AT = 2;

export type Rung = 'reminder' | 'escalated';

/** When somebody was last alerted of it: the first alert, a reopening, or what got worse. */
function alertedAt({ ladder, detectedAt }: Incident): string {
  return ladder?.since ?? detectedAt;
}

/** An acknowledgement is of what was known then. */
export function isAcked(incident: Incident): boolean {
  const acked = incident.handling?.acked;
  return acked !== undefined && acked.at >= alertedAt(incident);
}

export function isDue(incident: Incident, now: Date): Rung | undefined {
  const { status, severity, ladder, handling } = incident;
  // What two approved for these hours wakes nobody.
  if (status !== 'open' || !atLeast(severity, 'high') || isUnderGlass(incident)) return undefined;
  if (isAcked(incident)) {
    const last = [handling?.acked?.at ?? '', ladder?.remindedAt ?? ''].toSorted().at(-1) ?? '';
    return now.getTime() - Date.parse(last) >= ACKED_MS ? 'reminder' : undefined;
  }
  const step = stepAt(now.getTime() - Date.parse(alertedAt(incident)));
  if (step <= (ladder?.step ?? 0)) return undefined;
  return step >= ESCALATES_AT && ladder?.escalated !== true ? 'escalated' : 'reminder';
}

/** Rungs that are behind: four quarters of an hour, then hours. */
function stepAt(ms: number): number {
  if (ms < HOUR_MS) return Math.max(0, Math.floor(ms / QUARTER_MS));
  return QUARTERS + Math.floor((ms - HOUR_MS) / HOUR_MS);
}

/** Reminders of one endpoint that are due: one message of each kind and severity. */
export function remind(before: EndpointState, vantage: string, now: Date): Decision {
  const at = now.toISOString();
  const due = new Map(before.incidents.map((incident) => [incident.id, isDue(incident, now)]));
  const incidents = before.incidents.map((incident): Incident => {
    const rung = due.get(incident.id);
    if (rung === undefined) return incident;
    const since = alertedAt(incident);
    const step = stepAt(now.getTime() - Date.parse(since));
    const escalated = rung === 'escalated' || incident.ladder?.escalated === true;
    return { ...incident, ladder: { since, step, remindedAt: at, ...(escalated ? { escalated: true } : {}) } };
  });
  const changed = incidents.filter((incident, i) => incident !== before.incidents[i]);
  const state = { ...before, incidents };
  const changes = changed.flatMap((incident) => {
    const kind = due.get(incident.id);
    return kind === undefined ? [] : [{ kind, incident }];
  });
  const { notices, ...told } = noticesOf(state, changes, vantage, now);
  return {
    state: { ...state, ...told },
    changed: changed.length > 0,
    transitions: [],
    lines: [],
    notices,
    incidents: changed,
  };
}
