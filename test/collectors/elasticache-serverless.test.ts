import {
  DescribeServerlessCachesCommand,
  DescribeUserGroupsCommand,
  DescribeUsersCommand,
  ElastiCacheClient,
  type ServerlessCache,
} from '@aws-sdk/client-elasticache';
import { mockClient } from 'aws-sdk-client-mock';
import { afterEach, describe, expect, it } from 'vitest';
import { elasticacheServerless } from '../../lib/collectors/elasticache-serverless.ts';
import { awsError, collectWith, levels, testCell } from '../support/aws.ts';

const aws = mockClient(ElastiCacheClient);
afterEach(() => aws.reset());

function cache(change: Partial<ServerlessCache> = {}): ServerlessCache {
  return {
    ServerlessCacheName: 'carts',
    ARN: 'arn:aws:elasticache:us-east-1:111122223333:serverlesscache:carts',
    Engine: 'valkey',
    CreateTime: new Date('2026-01-02T03:04:05.000Z'),
    Endpoint: { Address: 'carts.serverless.use1.cache.amazonaws.com', Port: 6379 },
    ReaderEndpoint: { Address: 'carts.serverless.use1.cache.amazonaws.com', Port: 6380 },
    SecurityGroupIds: ['sg-1'],
    UserGroupId: 'staff',
    ...change,
  };
}

function answer(...caches: readonly ServerlessCache[]): void {
  aws.on(DescribeServerlessCachesCommand).resolves({ ServerlessCaches: [...caches] });
  aws.on(DescribeUserGroupsCommand).resolves({ UserGroups: [{ UserGroupId: 'staff', UserIds: ['ada'] }] });
  aws.on(DescribeUsersCommand).resolves({ Users: [{ UserId: 'ada', Authentication: { Type: 'iam' } }] });
}

describe('ElastiCache Serverless', () => {
  it('finds nothing, and says that the list is whole, where there is nothing', async () => {
    answer();
    const { endpoints, status, cell } = await collectWith(elasticacheServerless);
    expect([endpoints, status, cell.asked]).toEqual([[], 'complete', ['elasticache:DescribeServerlessCaches']]);
  });

  it('reads both doors of a cache', async () => {
    answer(cache());
    const { endpoints, door } = await collectWith(elasticacheServerless);
    expect(endpoints.map((e) => e.port)).toEqual([6379, 6380]);
    expect(levels(door('/carts/reader'))).toEqual({
      network: 'on',
      authentication: 'on',
      tls: 'on',
      'encryption-at-rest': 'on',
    });
  });

  it.each([
    ['a cache without a user group', { UserGroupId: undefined }, 'off'],
    ['memcached', { Engine: 'memcached', UserGroupId: undefined }, 'off'],
    ['a group that is not listed', { UserGroupId: 'gone' }, 'unknown'],
  ] as const)('says what authentication %s has', async (_, change, level) => {
    answer(cache(change));
    const { endpoints } = await collectWith(elasticacheServerless);
    expect(endpoints[0]?.declared.authentication?.level).toBe(level);
  });

  it('keeps the list whole and one protection unknown where the groups are denied', async () => {
    answer(cache());
    aws.on(DescribeUserGroupsCommand).rejects(awsError('AccessDenied', 403));
    const { endpoints, status, cell } = await collectWith(elasticacheServerless);
    expect([status, endpoints[0]?.declared.authentication?.level]).toEqual(['complete', 'unknown']);
    expect(cell.gaps()).toMatchObject([{ subject: 'elasticache user groups', code: 'denied' }]);
  });

  it('reads every page, doubts a repeated token, and is denied as a whole', async () => {
    answer();
    aws
      .on(DescribeServerlessCachesCommand)
      .resolvesOnce({ ServerlessCaches: [cache()], NextToken: '1' })
      .resolvesOnce({ ServerlessCaches: [cache({ ServerlessCacheName: 'other' })] })
      .resolvesOnce({ ServerlessCaches: [cache()], NextToken: '1' })
      .resolvesOnce({ ServerlessCaches: [cache()], NextToken: '1' })
      .rejects(awsError('AccessDenied', 403));
    const first = await collectWith(elasticacheServerless);
    expect([first.status, first.endpoints.length]).toEqual(['complete', 4]);
    expect((await collectWith(elasticacheServerless)).status).toBe('partial');
    expect((await collectWith(elasticacheServerless)).status).toBe('denied');
  });

  it('does not lose a cache without an endpoint or a name silently', async () => {
    answer(cache({ Endpoint: undefined, ReaderEndpoint: undefined, Status: 'CREATING' }), { Engine: 'valkey' });
    const { endpoints, cell } = await collectWith(elasticacheServerless);
    expect([endpoints, cell.gaps().length]).toEqual([[], 2]);
  });

  it('bounds and cleans a hostile name', async () => {
    answer(cache({ ServerlessCacheName: `a\u202e\n${'x'.repeat(5_000)}` }));
    const { endpoints } = await collectWith(elasticacheServerless);
    expect(endpoints[0]?.id.length).toBeLessThanOrEqual(256);
    expect(endpoints[0]?.id).not.toMatch(/[\u202e\n]/u);
  });

  it('confirms a deletion only on the word of the API', async () => {
    answer(cache());
    const { door } = await collectWith(elasticacheServerless);
    const ask = (ending: string) => elasticacheServerless.exists(testCell('elasticache-serverless'), door(ending));
    aws.reset();
    aws
      .on(DescribeServerlessCachesCommand)
      .rejectsOnce(awsError('ServerlessCacheNotFoundFault', 404))
      .rejectsOnce(awsError('Throttling'))
      .resolves({ ServerlessCaches: [cache({ ReaderEndpoint: undefined })] });
    expect([await ask('/carts'), await ask('/carts'), await ask('/carts'), await ask('/reader')]).toEqual([
      false,
      undefined,
      true,
      false,
    ]);
  });
});
