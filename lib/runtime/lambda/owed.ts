/** To whom a notice is owed: the topics, and the sinks that are in force (model/sinks-in-force.ts). */
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { sinkId } from '../../model/sink-entry.ts';
import { SINKS_NOTE, type SinksInForce, sinksInForceOf } from '../../model/sinks-in-force.ts';
import { openTable } from '../../stores/dynamodb-access.ts';
import { type DynamoNotes, openNotes } from '../../stores/dynamodb-notes.ts';
import { logger, metrics } from './telemetry.ts';

/** Each notice is owed to each of these, whatever else there is. */
export const TOPICS = ['sns:page', 'sns:chat', 'sns:machine'] as const;

/** So long after guard wrote it down a change may go unheeded. */
const FRESH_MS = 30_000;

/** Rejects where the table cannot be read: a commit that does not know to whom it owes is made again. */
export function owedTo(client: DynamoDBClient, table: string): () => Promise<readonly string[]> {
  const notes = openNotes(openTable(client, table));
  let kept: { readonly until: number; readonly ids: readonly string[] } | undefined;
  return async () => {
    if (kept !== undefined && Date.now() < kept.until) return kept.ids;
    const { entries } = await readSinks(notes);
    kept = { until: Date.now() + FRESH_MS, ids: [...TOPICS, ...entries.map(sinkId)] };
    return kept.ids;
  };
}

const NONE: SinksInForce = { version: 1, entries: [], removed: [], at: '' };

/** What another version wrote stops nobody from being paged: until guard has written it anew there are the topics. */
export async function readSinks(notes: Pick<DynamoNotes, 'read'>): Promise<SinksInForce> {
  const note = await notes.read(SINKS_NOTE);
  const is = sinksInForceOf(note);
  if (is === undefined && note !== undefined) {
    metrics.addMetric('SinksUnknown', 'Count', 1);
    logger.error('the sinks in force are written in a form that this version does not read: only topics are told');
  }
  return is ?? NONE;
}
