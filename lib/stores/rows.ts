/** What every store writes the same way. */
import type { Incident, OutboxEntry } from '../model/incident.ts';
import type { LedgerLine } from '../model/ledger.ts';
import type { EndpointState } from '../model/state.ts';
import type { IncidentFilter } from '../model/store.ts';

export function nextState(state: EndpointState, expected: number): EndpointState {
  return { ...state, version: expected + 1 };
}

/** The sink's receipt as evidence, written in the transaction that settles the notice. */
export function noticeLine(
  { notice, sink, attempts }: OutboxEntry,
  receipt: { readonly at: string; readonly id: string; readonly runId: string },
): LedgerLine {
  return {
    kind: 'notice',
    runId: receipt.runId,
    subject: notice.endpoint.id,
    observedAt: notice.createdAt,
    recordedAt: receipt.at,
    body: {
      key: notice.key,
      kind: notice.kind,
      incidentId: notice.incident.id,
      sink,
      receipt: receipt.id,
      attempts: attempts + 1,
    },
  };
}

/** Whether an incident is of this status and endpoint, and its window touches the period. */
export function touches(incident: Incident, { status, endpointId, from, to }: IncidentFilter): boolean {
  if (status !== undefined && incident.status !== status) return false;
  if (endpointId !== undefined && incident.endpointId !== endpointId) return false;
  if (to !== undefined && (incident.start.lower ?? incident.start.upper) > to) return false;
  return from === undefined || incident.closed === undefined || incident.closed.upper >= from;
}
