/** Incidents of a state directory, or of the table of a deployment: listed, shown, acknowledged. */
import { randomUUID } from 'node:crypto';
import { userInfo } from 'node:os';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { Act } from '../assess/handling.ts';
import type { Incident } from '../model/incident.ts';
import type { StateStore } from '../model/store.ts';
import { act } from '../pipeline/handle.ts';
import { openDynamoStore } from '../stores/dynamodb.ts';
import { openSqliteStore } from '../stores/sqlite.ts';
import { badInput } from './config.ts';
import { hasState } from './local.ts';

/** Where incidents are: a state directory, or the DynamoDB table of a deployment. */
export interface Place {
  readonly state: string;
  readonly table?: string;
  readonly region?: string;
}

const AWS_ATTEMPTS = 5;

export async function withIncidents<T>(
  place: Place,
  use: (store: StateStore) => Promise<T>,
  readOnly = true,
): Promise<T> {
  const { client, store } = await open(place, readOnly);
  try {
    return await use(store);
  } finally {
    await store.close();
    client?.destroy();
  }
}

/** An act owes no notice, so no sink is named; what was owed before stays so. */
async function open({ state, table, region }: Place, readOnly: boolean) {
  const now = (): Date => new Date();
  if (table !== undefined) {
    const client = new DynamoDBClient({ maxAttempts: AWS_ATTEMPTS, ...(region === undefined ? {} : { region }) });
    return { client, store: await openDynamoStore({ client, table, sinks: [], now, readOnly }) };
  }
  // A store that nobody scanned into must not be made by asking.
  if (!hasState(state)) throw badInput([`${state}: no state there`], 'pass --state DIR, or scan first');
  return { client: undefined, store: await openSqliteStore({ dir: state, sinks: [], now, readOnly }) };
}

export async function actOn(
  place: Place,
  id: string,
  what: Act,
  by: string | undefined,
): Promise<{ readonly changed: boolean; readonly incident: Incident }> {
  const actor = { by: by ?? osUser(), runId: randomUUID() };
  return withIncidents(place, (store) => act(store, id, what, actor, () => new Date()), false);
}

function osUser(): string {
  try {
    return userInfo().username;
  } catch {
    // Of a container whose user has no entry.
    throw badInput(['who are you? This user has no name on this machine'], 'pass --by NAME');
  }
}
