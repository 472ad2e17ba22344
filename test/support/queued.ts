/** One account whose stages are joined by queues: what the collect Lambda would send, judged as the assess Lambda would. */
import { EMPTY_ALLOWLIST } from '../../lib/model/allowlist.ts';
import { declaredOff, declaredOn } from '../../lib/model/declared.ts';
import type { Endpoint } from '../../lib/model/endpoint.ts';
import type { InventorySource } from '../../lib/model/inventory.ts';
import type { CollectMessage, ProbeMessage } from '../../lib/model/messages.ts';
import type { Reading } from '../../lib/model/reading.ts';
import type { StateStore } from '../../lib/model/store.ts';
import { assess } from '../../lib/pipeline/assess.ts';
import { collectPlace } from '../../lib/pipeline/collect-place.ts';
import { withInventory } from '../../lib/pipeline/listed.ts';
import { memoryStore } from '../../lib/stores/memory.ts';
import { Organisation } from './organisation.ts';

export const [A, B, REGION] = ['111122223333', '222233334444', 'eu-west-1'];
export const PLACE = { account: A, region: REGION, partition: 'aws' } as const;
export const NEVER = new AbortController().signal;
export const at = (ms: number): string => new Date(Date.parse('2026-12-04T10:00:00.000Z') + ms).toISOString();

let readings = 0;
/** As the assess queue would have it judged. */
export async function judge(
  message: ProbeMessage,
  store: StateStore,
  now: Date,
  over: Partial<Reading> = {},
): Promise<void> {
  const { endpoint, since, gaps = [] } = message;
  const reading: Reading = {
    ...{ id: `${readings++}/${endpoint.id}`, runId: 'r', at: now.toISOString(), endpoint, vantage: 'v' },
    ...{ observations: [], vantageAlive: true, ...over },
  };
  await assess(withInventory({ since, gaps })(reading), store, EMPTY_ALLOWLIST, () => now);
}

/** One account with one domain behind nothing, listed and judged once. */
export async function settledWorld() {
  const organisation = new Organisation([A], [REGION]);
  organisation.services = [{ service: 'opensearch', scope: 'regional', cost: { empty: 1, each: 0 } }];
  const planted = organisation.plant(A, REGION, 'opensearch', 'vpc-search');
  const good: Endpoint = {
    ...planted,
    dependencies: ['es:domain/vpc-search'],
    declared: { network: declaredOn('VPC'), tls: declaredOn('EnforceHTTPS') },
  };
  const bad: Endpoint = { ...good, declared: { ...good.declared, tls: declaredOff('EnforceHTTPS false') } };
  organisation.replace(planted, good);
  const store = memoryStore({ sinks: ['page'] });
  let runs = 0;
  const collect = (message: CollectMessage, over: Partial<StateStore> = {}, source: InventorySource = organisation) =>
    collectPlace(message, {
      ...{ source, store: { ...store, ...over }, now: () => organisation.now, signal: NEVER },
      ...{ runId: `c${runs++}`, vantage: 'aws-api' },
    });
  const wait = (seconds: number): void => {
    organisation.now = new Date(organisation.now.getTime() + seconds * 1_000);
  };
  const first = await collect({ kind: 'collect', place: PLACE, services: [] });
  for (const probe of first?.probes ?? []) await judge(probe, store, organisation.now);
  return { organisation, store, collect, wait, good, bad };
}

/** UpdateDomainConfig by a user of this name, as EventBridge delivers it. */
export function event(id: string, time: string) {
  return {
    ...{ version: '0', 'detail-type': 'AWS API Call via CloudTrail', source: 'aws.es', account: A, region: REGION },
    detail: {
      ...{ eventVersion: '1.09', eventID: id, eventTime: time, eventSource: 'es.amazonaws.com' },
      ...{ eventName: 'UpdateDomainConfig', awsRegion: REGION, recipientAccountId: A, sourceIPAddress: '198.51.100.7' },
      ...{ userAgent: 'aws-cli', readOnly: false },
      userIdentity: { type: 'IAMUser', arn: `arn:aws:iam::${A}:user/${id}`, accountId: A },
      requestParameters: { domainName: 'vpc-search' } as unknown,
    },
  };
}
