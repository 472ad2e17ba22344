/**
 * Puts who did it beside what was decided: on the alert itself where an event is at hand, as an update of it where one
 * comes later, and as the plain word that no event explains it where every search is over. Pure.
 */
import type { Allowlist } from '../model/allowlist.ts';
import type { Attribution } from '../model/change.ts';
import type { Incident } from '../model/incident.ts';
import type { LedgerLine } from '../model/ledger.ts';
import type { Reading } from '../model/reading.ts';
import type { EndpointState } from '../model/state.ts';
import type { Decision } from './decide.ts';
import { noticesOf, retold, transitionLine } from './owed.ts';

/** Incidents that this decision opened and that an event may explain. */
export function toAttribute({ transitions, state }: Decision): readonly Incident[] {
  const opened = new Set(transitions.filter((t) => t.kind === 'opened').map((t) => t.incidentId));
  return state.incidents.filter((i) => opened.has(i.id) && mayBeNamed(i));
}

/** Open, lost by somebody's doing, and nobody named: not yet, or after every search. An event may come later still. */
export function isUnexplained({ origin, status, attribution }: Incident): boolean {
  return origin === 'removed' && status === 'open' && (attribution?.changes.length ?? 0) === 0;
}

/** Event times are whole seconds, and clocks differ. */
export const EVENT_SLACK_MS = 5_000;

/**
 * Open, and an event may say who did it: nobody is named, or only by what happened before it was last seen good. A door that
 * was made since the last sweep is `adoption` and somebody's doing all the same.
 */
export function mayBeNamed({ origin, status, attribution, start }: Incident): boolean {
  const [newest] = attribution?.changes ?? [];
  const earliest = start.lower === undefined ? undefined : Date.parse(start.lower) - EVENT_SLACK_MS;
  const isNamed = newest !== undefined && (earliest === undefined || Date.parse(newest.at) >= earliest);
  return origin !== 'no-longer-allowed' && status === 'open' && !isNamed;
}

/** The same decision, its alerts naming who did it. */
export function withAttributions(decision: Decision, found: ReadonlyMap<string, Attribution>): Decision {
  if (found.size === 0) return decision;
  const named = (incident: Incident): Incident => {
    const attribution = found.get(incident.id);
    return attribution === undefined ? incident : { ...incident, attribution };
  };
  const incidents = decision.state.incidents.map(named);
  const byId = new Map(incidents.map((incident) => [incident.id, incident]));
  return {
    ...decision,
    state: { ...decision.state, incidents },
    incidents: decision.incidents.map(named),
    lines: decision.lines.map((line) => withAttribution(line, byId)),
    notices: decision.notices.map((notice) => retold(notice, byId)),
  };
}

function withAttribution(line: LedgerLine, byId: ReadonlyMap<string, Incident>): LedgerLine {
  const { incident } = line.body;
  if (line.kind !== 'transition' || typeof incident !== 'object' || incident === null || !('id' in incident))
    return line;
  const attribution = typeof incident.id === 'string' ? byId.get(incident.id)?.attribution : undefined;
  if (attribution === undefined) return line;
  return { ...line, body: { ...line.body, incident: { ...incident, attribution: jsonOf(attribution) } } };
}

function jsonOf(attribution: Attribution): LedgerLine['body'][string] {
  return JSON.parse(JSON.stringify(attribution)) as LedgerLine['body'][string];
}

/** What is learned of an endpoint's open incidents after they were told: an update for each, and a line of the ledger. */
export function explained(
  before: EndpointState,
  found: ReadonlyMap<string, Attribution>,
  run: Pick<Reading, 'runId' | 'vantage'>,
  allowlist: Allowlist,
  now: Date,
): Decision {
  const at = now.toISOString();
  const incidents = before.incidents.map((incident) => {
    const attribution = mayBeNamed(incident) ? found.get(incident.id) : undefined;
    const isKnown = JSON.stringify(attribution) === JSON.stringify(incident.attribution);
    const isLess = attribution?.changes.length === 0 && incident.attribution !== undefined;
    return attribution === undefined || isKnown || isLess ? incident : { ...incident, attribution };
  });
  const changed = incidents.filter((incident, i) => incident !== before.incidents[i]);
  const state = { ...before, incidents };
  const changes = changed.map((incident) => ({ kind: 'attributed' as const, incident }));
  const { notices, ...told } = noticesOf(state, changes, run.vantage, now);
  const reading = { ...run, id: `${run.runId}/${before.endpoint.id}`, at, endpoint: before.endpoint };
  return {
    state: { ...state, ...told },
    changed: changed.length > 0,
    transitions: changed.map(({ id, protection }) => ({ kind: 'attributed', at, incidentId: id, protection })),
    lines: changes.map((change) => transitionLine(change, reading, allowlist, now)),
    notices,
    incidents: changed,
  };
}
