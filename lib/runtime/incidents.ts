/** Incidents of a state directory, or of the table of a deployment: listed, shown, acknowledged. */
import { randomUUID } from 'node:crypto';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { Act } from '../assess/handling.ts';
import type { Allowlist } from '../model/allowlist.ts';
import type { Incident } from '../model/incident.ts';
import type { StateStore } from '../model/store.ts';
import { act } from '../pipeline/handle.ts';
import { openDynamoStore } from '../stores/dynamodb.ts';
import { openSqliteStore } from '../stores/sqlite.ts';
import { loadAllowlist } from './allowlist-load.ts';
import { badInput } from './config.ts';
import { hasState } from './local.ts';
import type { Stack } from './stack.ts';
import { nameOfUser } from './user.ts';

/** Where the record is: a state directory, or the DynamoDB table of a deployment, named itself or by its stack. */
export interface Place {
  readonly state: string;
  readonly table?: string;
  readonly stack?: string;
  /** Of a stack: who may read it, and its allowlist. */
  readonly credentials?: NonNullable<Stack['credentials']>;
  readonly allowlist?: string;
  /** Bucket of its sealed ledger. */
  readonly evidence?: string;
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
async function open(place: Place, readOnly: boolean) {
  const now = (): Date => new Date();
  const { state, table, region, credentials } = await located(place);
  if (table !== undefined) {
    const client = new DynamoDBClient({
      maxAttempts: AWS_ATTEMPTS,
      ...(region === undefined ? {} : { region }),
      // An auditor reads; what people say is said with credentials of their own.
      ...(credentials === undefined || !readOnly ? {} : { credentials }),
    });
    return { client, store: await openDynamoStore({ client, table, sinks: [], now, readOnly }) };
  }
  // A store that nobody scanned into must not be made by asking.
  if (!hasState(state)) throw badInput([`${state}: no state there`], 'pass --state DIR, or scan first');
  return { client: undefined, store: await openSqliteStore({ dir: state, sinks: [], now, readOnly }) };
}

/** A stack as the place that it names; asked once by whoever goes there often. The SDK is loaded only where it is asked for. */
export async function located(place: Place): Promise<Place> {
  if (place.stack === undefined) return place;
  const { findStack } = await import('./stack.ts');
  return { state: place.state, ...(await findStack(place.stack, place.region)) };
}

/** What is accepted there: as named, else the stack's own. */
export async function allowlistOf(place: Place, named: string | undefined): Promise<Allowlist> {
  const { allowlist, region, credentials } = await located(place);
  if (named !== undefined || allowlist === undefined) return loadAllowlist(named);
  return loadAllowlist(allowlist, {
    ...(region === undefined ? {} : { region }),
    ...(credentials === undefined ? {} : { credentials }),
  });
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

export function osUser(): string {
  const name = nameOfUser();
  if (name === undefined) throw badInput(['who are you? This user has no name on this machine'], 'pass --by NAME');
  return name;
}
