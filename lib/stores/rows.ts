/** What every store writes the same way. */
import { AjarError } from '../model/errors.ts';
import type { Incident, OutboxEntry } from '../model/incident.ts';
import type { LedgerLine } from '../model/ledger.ts';
import { type EndpointState, PAGED_SCHEMA, STATE_SCHEMA } from '../model/state.ts';
import type { ConnectionBudgets, IncidentFilter } from '../model/store.ts';

/** As it is stored: visits that were noted apart are samples as any from now on. */
export function nextState({ revisits: _held, ...state }: EndpointState, expected: number): EndpointState {
  return { ...state, version: expected + 1 };
}

/** What a later ajar wrote is not read, and what has no schema is no state. */
export function checkedState(state: EndpointState, corrupt: (message: string) => AjarError): EndpointState {
  const schema: unknown = state.schema;
  if (schema === STATE_SCHEMA || schema === PAGED_SCHEMA) return state;
  if (typeof schema !== 'number' || schema < STATE_SCHEMA)
    throw corrupt('a state in the database has no schema number');
  throw new AjarError('store-newer', `a state in the database has schema ${schema}; this ajar reads ${PAGED_SCHEMA}`, {
    cure: 'use the ajar that wrote it; nothing was overwritten',
  });
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
      ...(notice.also.length === 0 ? {} : { also: notice.also.map(({ id }) => id) }),
      sink,
      receipt: receipt.id,
      attempts: attempts + 1,
    },
  };
}

interface Spent {
  readonly used: number;
  readonly last: string;
}
type Budget = Parameters<ConnectionBudgets['spend']>[2];

/** What a budget becomes with one more connection, or undefined where there may be none now. */
export function spendOne(spent: Spent | undefined, now: string, { stopAt, minIntervalMs }: Budget): Spent | undefined {
  if (spent === undefined) return stopAt > 0 ? { used: 1, last: now } : undefined;
  // Either side of `last`: a clock that was set back must not hold a probe until it has caught up.
  const apart = Math.abs(Date.parse(now) - Date.parse(spent.last));
  return spent.used >= stopAt || apart < minIntervalMs ? undefined : { used: spent.used + 1, last: now };
}

/** More connections than any budget allows. */
export const EXHAUSTED = 1_000_000;

/** The order of SQLite's BINARY collation, UTF-8 bytes; JavaScript's own differs beyond U+FFFF. */
export function compareKeys(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}

/** Whether an incident is of this status and endpoint, and its window touches the period. */
export function touches(incident: Incident, { status, endpointId, from, to }: IncidentFilter): boolean {
  if (status !== undefined && incident.status !== status) return false;
  if (endpointId !== undefined && incident.endpointId !== endpointId) return false;
  if (to !== undefined && (incident.start.lower ?? incident.start.upper) > to) return false;
  return from === undefined || incident.closed === undefined || incident.closed.upper >= from;
}
