/**
 * From a CloudTrail event to a change, or to why it is none (aws-services.md section 5.4). Never throws, whatever it is
 * given, and says the same of the same event: order and duplicates are the store's to forget, by the event's id.
 */
import type { Change } from '../model/change.ts';
import { printable } from '../model/text.ts';
import { actorOf } from './actor.ts';
import { cellsOf, isNamedIn, namesOf, touchedBy } from './expand.ts';
import { saysTrue, requestOf } from './parameters.ts';
import { readRecord, type TrailRecord } from './record.ts';
import type { Row } from './row.ts';
import { rowsOfEvent } from './table.ts';

const MAX_ERROR_CODE = 100;

export type Normalised =
  | { readonly kind: 'change'; readonly change: Change }
  /** Of AWS and of no consequence. */
  | { readonly kind: 'ignored'; readonly why: string }
  /** Not what CloudTrail writes, or not from AWS at all. */
  | { readonly kind: 'malformed'; readonly why: string };

/** `event`: an EventBridge envelope, a record, or the text of either. `now` bounds its time. */
export function normalise(event: unknown, now: Date): Normalised {
  const read = readRecord(event, now);
  if (read.kind !== 'record') return read;
  const { record } = read;
  const rows = rowsOfEvent(record.eventSource, record.eventName);
  const row = rows.find((each) => isNamedIn(each, record)) ?? rows[0];
  if (row === undefined) return ignored(record, 'not in the event table');
  if (record.readOnly === true) return ignored(record, 'read-only');
  if (saysTrue(requestOf(record.requestParameters, record.eventName), 'dryRun')) return ignored(record, 'a dry run');
  if (record.errorCode !== undefined && row.guardrail !== true) {
    return ignored(record, `refused: ${printable(record.errorCode, MAX_ERROR_CODE)}`);
  }
  return { kind: 'change', change: changeOf(record, row) };
}

function changeOf(record: TrailRecord, row: Row): Change {
  const names = row.guardrail === true ? namesOf(row, record) : [];
  return {
    id: record.eventID,
    at: record.at,
    account: record.account,
    ...cellsOf(row, record.awsRegion),
    source: record.eventSource,
    name: record.eventName,
    kind: row.kind,
    ...(record.errorCode === undefined ? {} : { errorCode: printable(record.errorCode, MAX_ERROR_CODE) }),
    touched: touchedBy(row, record),
    ...(names.length === 0 ? {} : { names }),
    actor: actorOf(record),
  };
}

function ignored({ eventSource, eventName }: TrailRecord, why: string): Normalised {
  return { kind: 'ignored', why: `${eventSource} ${eventName}: ${why}` };
}
