/**
 * OpenSearch Serverless collections (aws-services.md section 2.2).
 * Calls: ListCollections, BatchGetCollection; where there are collections, all network and data policies once.
 * A collection has no security group: network policies open its API and its dashboards apart from each other. Every
 * request is signed or comes with a login, so nobody is anonymous; TLS and encryption cannot be switched off.
 */
import {
  BatchGetCollectionCommand,
  type CollectionDetail,
  type CollectionSummary,
  ListCollectionsCommand,
  type ListCollectionsCommandOutput,
  OpenSearchServerlessClient,
} from '@aws-sdk/client-opensearchserverless';
import { addressOf } from '../aws/address.ts';
import {
  encryptionOf,
  dataAccessOf,
  type DoorKind,
  networkOf,
  type Policies,
  readPolicies,
} from '../aws/aoss-policies.ts';
import type { Cell } from '../aws/cell.ts';
import type { Collector } from '../aws/collector.ts';
import { keysOf, kmsKeys } from '../aws/dependencies.ts';
import { doorOf } from '../aws/doors.ts';
import { awsEndpoint } from '../aws/endpoint.ts';
import { isListed } from '../aws/listed.ts';
import { type PageCall, pagesOf } from '../aws/pages.ts';
import { declaredOn, notApplicable } from '../model/declared.ts';
import type { Endpoint, Engine } from '../model/endpoint.ts';

/** The most that BatchGetCollection takes. */
const CHUNK = 100;

export const opensearchServerless: Collector = {
  service: 'opensearch-serverless',
  scope: 'regional',
  actions: [
    'aoss:ListCollections',
    'aoss:BatchGetCollection',
    'aoss:ListSecurityPolicies',
    'aoss:GetSecurityPolicy',
    'aoss:ListAccessPolicies',
    'aoss:GetAccessPolicy',
  ],
  cost: { empty: 1, each: 4 },
  async collect(cell) {
    const { action, call, items, next } = collectionPages(cell);
    const details = await describe(cell, await cell.list(action, call, items, next));
    if (details.length === 0) return [];
    const policies = {
      network: await readPolicies(cell, 'network'),
      data: await readPolicies(cell, 'data'),
      // Only for the key of a collection that does not show it.
      encryption: details.every(({ kmsKeyArn }) => kmsKeyArn !== undefined)
        ? { entries: [], unread: [] }
        : await readPolicies(cell, 'encryption'),
    };
    return details.flatMap((detail) => endpointsOf(cell, detail, policies));
  },
  async exists(cell, { name }) {
    if (name === undefined) return undefined;
    return isListed(await pagesOf(cell, name, collectionPages(cell)), (collection) => collection.name === name);
  },
};

function collectionPages(cell: Cell): PageCall<ListCollectionsCommandOutput, CollectionSummary> {
  const client = cell.client(OpenSearchServerlessClient);
  return {
    action: 'aoss:ListCollections',
    call: (nextToken) => client.send(new ListCollectionsCommand({ nextToken, maxResults: CHUNK })),
    items: (page) => page.collectionSummaries,
    next: (page) => page.nextToken,
  };
}

async function describe(cell: Cell, listed: readonly CollectionSummary[]): Promise<readonly CollectionDetail[]> {
  const client = cell.client(OpenSearchServerlessClient);
  const names = listed.flatMap(({ name }) => (name === undefined ? [] : [name]));
  if (names.length < listed.length) cell.gap('incomplete', 'a collection without a name');
  const details: CollectionDetail[] = [];
  for (let i = 0; i < names.length; i += CHUNK) {
    const chunk = names.slice(i, i + CHUNK);
    const answer = await cell.ask('aoss:BatchGetCollection', () =>
      client.send(new BatchGetCollectionCommand({ names: chunk })),
    );
    if (answer === undefined) continue;
    const { collectionDetails: found = [], collectionErrorDetails: errors = [] } = answer;
    details.push(...found);
    for (const name of chunk) {
      if (found.some((detail) => detail.name === name)) continue;
      const error = errors.find((e) => e.name === name)?.errorCode ?? 'no code';
      cell.gap('incomplete', `collection ${name} is listed, but not described: ${error}`);
    }
  }
  return details;
}

interface AllPolicies {
  readonly network: Policies<'network'>;
  readonly data: Policies<'data'>;
  readonly encryption: Policies<'encryption'>;
}

function endpointsOf(cell: Cell, collection: CollectionDetail, policies: AllPolicies): readonly Endpoint[] {
  const { name, id, arn, status, kmsKeyArn } = collection;
  const doors = doorsOf(collection);
  if (name === undefined || doors.length === 0) {
    const detail = `collection ${name ?? 'unnamed'} has no endpoint yet: ${status ?? 'no status'}`;
    cell.gap('incomplete', detail, name);
    return [];
  }
  const common = {
    authentication: declaredOn('every request is signed or comes from a SAML or Identity Center login'),
    'access-policy': dataAccessOf(policies.data, name, cell.place.account),
    tls: declaredOn('HTTPS only, by design'),
    'encryption-at-rest': encryptionOf(policies.encryption, name, kmsKeyArn),
    'audit-log': notApplicable('no audit log besides CloudTrail'),
  };
  return doors.map(({ kind, ...door }) =>
    awsEndpoint(cell, {
      name,
      ...doorOf(door),
      engine: ENGINE[kind],
      arn,
      declared: { network: networkOf(policies.network, kind, name), ...common },
      incarnation: id,
      dependencies: [...keysOf('aoss:collection', id, name), ...(kmsKeyArn === 'auto' ? [] : kmsKeys(kmsKeyArn))],
      // One host per region, for all customers: a probe of it would say nothing of this collection.
      ...(door.host.startsWith('dashboards.') ? { shared: true } : {}),
    }),
  );
}

const ENGINE: Readonly<Record<DoorKind, Engine>> = { collection: 'opensearch', dashboard: 'http' };

function doorsOf({ collectionEndpoint, dashboardEndpoint, fipsEndpoints: fips }: CollectionDetail) {
  const urls = [
    { door: '', kind: 'collection', url: collectionEndpoint },
    { door: 'dashboard', kind: 'dashboard', url: dashboardEndpoint },
    { door: 'fips', kind: 'collection', url: fips?.collectionEndpoint },
    { door: 'fips-dashboard', kind: 'dashboard', url: fips?.dashboardEndpoint },
  ] as const;
  return urls.flatMap(({ door, kind, url }) => {
    const at = addressOf(url, 443);
    return at === undefined ? [] : [{ door, kind, ...at }];
  });
}
