/** Change: looks at what an event touched; and, where no event came with an alert, searches for the one that explains it. */
import * as z from 'zod/mini';
import { partitionOfRegion } from '../../model/partition.ts';
import { EMPTY_ALLOWLIST } from '../../model/allowlist.ts';
import { type ExplainMessage, explainMessage, remindMessage } from '../../model/messages.ts';
import { remindEndpoint } from '../../pipeline/handle.ts';
import { type ChangeRun, explainEndpoint, handleChange } from '../../pipeline/change.ts';
import type { DynamoStore } from '../../stores/dynamodb.ts';
import { listSetting } from './environment.ts';
import { lookUpChanges } from './lookup.ts';
import { changeQueue, collectQueue, state } from './state.ts';
import { logger, metrics } from './telemetry.ts';
import type { Work } from './worker.ts';

/** A search that finds nothing is made again after this, so often: an hour in all. */
const SEARCH_AGAIN_SECONDS = 900;
const MAX_SEARCHES = 4;

export async function change(body: unknown, { runId, signal }: Work): Promise<void> {
  const store = await state();
  const run: ChangeRun = {
    ...{ store, collect: collectQueue(), runId, signal, vantage: 'aws-events', now: () => new Date() },
    // Nothing is judged here: an allowance decides nothing about who did what.
    allowlist: EMPTY_ALLOWLIST,
    placeOf: (account, region) => placeOf(account, region, store),
  };
  // What bears a name of ours and is none of ours, of another version perhaps, is no event to be ignored: it fails.
  const kind = kindOf(body);
  if (kind === 'explain') return search(z.parse(explainMessage, body), run);
  if (kind === 'remind') {
    const { endpointId } = z.parse(remindMessage, body);
    const owed = await remindEndpoint(endpointId, store, run.vantage, run.now);
    metrics.addMetric('Reminders', 'Count', owed);
    return;
  }
  const handled = await handleChange(body, run);
  metrics.addMetric(handled.kind === 'change' ? 'Changes' : 'EventsIgnored', 'Count', 1);
  if (handled.kind === 'malformed') logger.warn('not an event that CloudTrail writes', { why: handled.why });
  if (handled.kind !== 'change') return;
  const { name, account, region, touched } = handled.change;
  logger.info('change', { name, account, region, touched, explained: handled.explained });
}

function kindOf(body: unknown): unknown {
  return typeof body === 'object' && body !== null && 'kind' in body ? body.kind : undefined;
}

/** `undefined` where the place is none of those that ajar was told to watch. */
async function placeOf(account: string, region: string, store: DynamoStore): ReturnType<ChangeRun['placeOf']> {
  const isLeftOut = (listed: readonly string[] | undefined, name: string) => listed?.includes(name) === false;
  if (isLeftOut(listSetting('AJAR_ACCOUNTS'), account) || isLeftOut(listSetting('AJAR_REGIONS'), region))
    return undefined;
  const known = await store.inventory.read(account, region);
  const partition = partitionOfRegion(region);
  return known?.place ?? (partition === undefined ? undefined : { account, region, partition });
}

/** That no event explains it is said only where every search could be made. */
async function search({ endpointId, isLast, attempt }: ExplainMessage, run: ChangeRun): Promise<void> {
  const isWhole = await lookUpChanges(endpointId, run.store);
  const explained = await explainEndpoint(endpointId, run, isLast && isWhole);
  logger.info('searched who did it', { endpointId, isLast, isWhole, explained });
  if (explained > 0 || attempt === undefined || attempt + 1 >= MAX_SEARCHES) return;
  const next = { kind: 'explain', endpointId, isLast: attempt + 2 >= MAX_SEARCHES, attempt: attempt + 1 } as const;
  await changeQueue().send([{ body: next, delaySeconds: SEARCH_AGAIN_SECONDS }]);
}
