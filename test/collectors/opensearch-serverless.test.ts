import {
  BatchGetCollectionCommand,
  type CollectionDetail,
  GetAccessPolicyCommand,
  GetSecurityPolicyCommand,
  ListAccessPoliciesCommand,
  ListCollectionsCommand,
  ListSecurityPoliciesCommand,
  OpenSearchServerlessClient,
} from '@aws-sdk/client-opensearchserverless';
import { mockClient } from 'aws-sdk-client-mock';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { opensearchServerless } from '../../lib/collectors/opensearch-serverless.ts';
import { awsError, collectWith, levels, testCell } from '../support/aws.ts';

const aws = mockClient(OpenSearchServerlessClient);
beforeEach(() => answer([], {}));
afterEach(() => aws.reset());

const HOST = 'a1b2c3.us-east-1.aoss.amazonaws.com';
type Json = string | number | boolean | null | Json[] | { [key: string]: Json };

function collection(change: Partial<CollectionDetail> = {}): CollectionDetail {
  return {
    id: 'a1b2c3',
    name: 'events',
    status: 'ACTIVE',
    arn: 'arn:aws:aoss:us-east-1:111122223333:collection/a1b2c3',
    kmsKeyArn: 'auto',
    collectionEndpoint: `https://${HOST}`,
    dashboardEndpoint: `https://${HOST}/_dashboards`,
    ...change,
  };
}

const network = (collectionPublic: boolean, dashboardPublic: boolean): Json => [
  { Rules: [{ ResourceType: 'collection', Resource: ['collection/ev*'] }], AllowFromPublic: collectionPublic },
  { Rules: [{ ResourceType: 'dashboard', Resource: ['collection/ev*'] }], AllowFromPublic: dashboardPublic },
];
const READERS: Json = [
  {
    Rules: [{ ResourceType: 'index', Resource: ['index/events/*'], Permission: ['aoss:ReadDocument'] }],
    Principal: ['arn:aws:iam::111122223333:role/app'],
  },
];

/** Policies by kind and name. */
function answer(collections: readonly CollectionDetail[], policies: Record<string, Record<string, Json>>): void {
  aws.on(ListCollectionsCommand).resolves({ collectionSummaries: collections.map(({ id, name }) => ({ id, name })) });
  aws.on(BatchGetCollectionCommand).callsFake(({ names }: { names: string[] }) => ({
    collectionDetails: collections.filter((c) => names.includes(c.name ?? '')),
  }));
  const names = (type: string) => Object.keys(policies[type] ?? {}).map((name) => ({ type, name }));
  aws.on(ListSecurityPoliciesCommand).callsFake(({ type }: { type: string }) => ({
    securityPolicySummaries: names(type),
  }));
  aws.on(ListAccessPoliciesCommand).callsFake(({ type }: { type: string }) => ({
    accessPolicySummaries: names(type),
  }));
  aws.on(GetSecurityPolicyCommand).callsFake(({ type, name }: { type: string; name: string }) => ({
    securityPolicyDetail: { type, name, policy: policies[type]?.[name] },
  }));
  aws.on(GetAccessPolicyCommand).callsFake(({ type, name }: { type: string; name: string }) => ({
    accessPolicyDetail: { type, name, policy: policies[type]?.[name] },
  }));
}

describe('OpenSearch Serverless collections', () => {
  it('asks for no policy where there is no collection', async () => {
    const { endpoints, status, cell } = await collectWith(opensearchServerless);
    expect([endpoints, status, cell.asked]).toEqual([[], 'complete', ['aoss:ListCollections']]);
  });

  it('reads a private collection', async () => {
    answer([collection()], { network: { net: network(false, false) }, data: { readers: READERS } });
    const { endpoints, status, cell, door } = await collectWith(opensearchServerless);
    expect([status, cell.gaps()]).toEqual(['complete', []]);
    expect(endpoints.map((e) => [e.id, e.host, e.port, e.engine])).toEqual([
      ['111122223333/us-east-1/opensearch-serverless/events', HOST, 443, 'opensearch'],
      ['111122223333/us-east-1/opensearch-serverless/events/dashboard', HOST, 443, 'http'],
    ]);
    expect(levels(door('/events'))).toEqual({
      network: 'on',
      authentication: 'on',
      'access-policy': 'on',
      tls: 'on',
      'encryption-at-rest': 'on',
      'audit-log': 'not-applicable',
    });
  });

  it('is open without an anonymous caller: public network, authentication on', async () => {
    answer([collection()], { network: { net: network(true, true) } });
    const { door } = await collectWith(opensearchServerless);
    expect(levels(door('/events'))).toMatchObject({ network: 'off', authentication: 'on' });
  });

  it('keeps the API and the dashboards apart', async () => {
    answer([collection()], { network: { net: network(false, true) } });
    const { door } = await collectWith(opensearchServerless);
    expect([door('/events'), door('/dashboard')].map((e) => e.declared.network?.level)).toEqual(['on', 'off']);
  });

  it('sends no probe to the dashboards host that all customers share', async () => {
    answer(
      [collection({ dashboardEndpoint: 'https://dashboards.us-east-1.aoss.amazonaws.com/_login/?collectionId=x' })],
      {},
    );
    const { door } = await collectWith(opensearchServerless);
    expect([door('/events').shared, door('/dashboard').shared]).toEqual([undefined, true]);
  });

  it('keeps FIPS names as doors of their own', async () => {
    const fips = 'https://a1b2c3.us-east-1.aoss-fips.amazonaws.com';
    answer([collection({ fipsEndpoints: { collectionEndpoint: fips, dashboardEndpoint: `${fips}/_dashboards` } })], {});
    const { endpoints } = await collectWith(opensearchServerless);
    expect(endpoints.map((e) => e.id.split('/').slice(4).join('/'))).toEqual([
      '',
      'dashboard',
      'fips',
      'fips-dashboard',
    ]);
  });

  it('follows every page of collections and describes a hundred at a time', async () => {
    const all = Array.from({ length: 150 }, (_, i) => collection({ name: `c${i}` }));
    answer(all, {});
    aws
      .on(ListCollectionsCommand)
      .callsFake(({ nextToken }: { nextToken?: string }) =>
        nextToken === undefined
          ? { collectionSummaries: all.slice(0, 75), nextToken: 'more' }
          : { collectionSummaries: all.slice(75) },
      );
    const { endpoints, cell } = await collectWith(opensearchServerless);
    expect(endpoints).toHaveLength(300);
    expect(cell.asked.filter((a) => a === 'aoss:BatchGetCollection')).toHaveLength(2);
  });

  it('doubts a list whose page token comes twice', async () => {
    aws.on(ListCollectionsCommand).resolves({ collectionSummaries: [{ name: 'events' }], nextToken: 'same' });
    expect((await collectWith(opensearchServerless)).status).toBe('partial');
  });

  it('is denied where the list is denied', async () => {
    aws.on(ListCollectionsCommand).rejects(awsError('AccessDeniedException', 403));
    expect((await collectWith(opensearchServerless)).status).toBe('denied');
  });

  it.each([
    ['the list of policies', () => aws.on(ListSecurityPoliciesCommand)],
    ['one policy', () => aws.on(GetSecurityPolicyCommand)],
  ])('does not know the network where %s is denied, and still has the whole list', async (_, on) => {
    answer([collection()], { network: { net: network(false, false) }, data: { readers: READERS } });
    on().rejects(awsError('AccessDeniedException', 403));
    const { door, status, cell } = await collectWith(opensearchServerless);
    expect(status).toBe('complete');
    expect(cell.gaps()).toMatchObject([{ code: 'denied' }]);
    expect(levels(door('/events'))).toMatchObject({ network: 'unknown', 'access-policy': 'on' });
  });

  it('does not know what a policy of another form says', async () => {
    answer([collection()], { network: { net: { Rules: [] } }, data: { readers: 'text' } });
    const { door } = await collectWith(opensearchServerless);
    expect(levels(door('/events'))).toMatchObject({ network: 'unknown', 'access-policy': 'unknown' });
  });

  it('forgets a policy that is deleted while it reads', async () => {
    answer([collection()], { network: { net: network(true, true) } });
    aws.on(GetSecurityPolicyCommand).rejects(awsError('ResourceNotFoundException'));
    const { door, cell } = await collectWith(opensearchServerless);
    expect([door('/events').declared.network?.level, cell.gaps()]).toEqual(['on', []]);
  });

  it('asks for encryption policies only where a collection does not show its key', async () => {
    const keys = { keys: { Rules: [{ ResourceType: 'collection', Resource: ['collection/*'] }], AWSOwnedKey: true } };
    answer([collection({ kmsKeyArn: undefined })], { encryption: keys });
    const { door } = await collectWith(opensearchServerless);
    expect(door('/events').declared['encryption-at-rest']?.evidence).toContain('AWSOwnedKey=true');
  });

  it('has a gap for a collection that has no endpoint yet', async () => {
    answer([collection({ status: 'CREATING', collectionEndpoint: undefined, dashboardEndpoint: undefined })], {});
    const { endpoints, cell, status } = await collectWith(opensearchServerless);
    expect([endpoints, status]).toEqual([[], 'complete']);
    expect(cell.gaps()).toMatchObject([{ subject: 'events', code: 'incomplete' }]);
  });

  it('doubts the list where a collection is not described', async () => {
    answer([collection()], {});
    aws.on(BatchGetCollectionCommand).resolves({ collectionErrorDetails: [{ name: 'events', errorCode: 'X' }] });
    expect((await collectWith(opensearchServerless)).status).toBe('partial');
  });

  it('doubts the list where a collection is left out of the answer without a word', async () => {
    answer([collection()], {});
    aws.on(ListCollectionsCommand).resolves({ collectionSummaries: [{ name: 'events' }, { name: 'lost' }] });
    const { endpoints, status, cell } = await collectWith(opensearchServerless);
    expect([endpoints.length, status]).toEqual([2, 'partial']);
    expect(cell.gaps()).toMatchObject([{ code: 'incomplete', detail: expect.stringContaining('lost') }]);
  });

  it('depends on the collection, by id and by name, and on its key', async () => {
    answer([collection({ kmsKeyArn: 'arn:aws:kms:us-east-1:111122223333:key/k-1' })], {});
    const { endpoints } = await collectWith(opensearchServerless);
    expect(endpoints.map((e) => e.dependencies)).toEqual(
      Array(2).fill(['aoss:collection/a1b2c3', 'aoss:collection/events', 'kms:key/k-1']),
    );
    answer([collection()], {});
    const own = (await collectWith(opensearchServerless)).endpoints[0];
    // `auto` is a key of AWS: nobody can change it.
    expect(own?.dependencies).toEqual(['aoss:collection/a1b2c3', 'aoss:collection/events']);
  });

  it('bounds and cleans a hostile name', async () => {
    answer([collection({ name: `a\u202e\n${'x'.repeat(5_000)}` })], {});
    const { endpoints } = await collectWith(opensearchServerless);
    expect(endpoints[0]?.id.length).toBeLessThanOrEqual(256);
    expect(endpoints[0]?.id).not.toMatch(/[\u202e\n]/u);
  });

  it('confirms a deletion only on the word of the API', async () => {
    answer([collection()], {});
    const [endpoint] = (await collectWith(opensearchServerless)).endpoints;
    const ask = () => opensearchServerless.exists(testCell('opensearch-serverless'), endpoint!);
    aws.reset();
    aws
      .on(ListCollectionsCommand)
      .resolvesOnce({ collectionSummaries: [{ name: 'events-2' }] })
      .rejectsOnce(awsError('ThrottlingException'))
      .resolves({ collectionSummaries: [{ name: 'events' }] });
    expect([await ask(), await ask(), await ask()]).toEqual([false, undefined, true]);
  });
});
