import { type CacheCluster, DescribeCacheClustersCommand, ElastiCacheClient } from '@aws-sdk/client-elasticache';
import { mockClient } from 'aws-sdk-client-mock';
import { afterEach, describe, expect, it } from 'vitest';
import { elasticacheClusters } from '../../lib/collectors/elasticache-clusters.ts';
import { awsError, collectWith, levels, testCell } from '../support/aws.ts';

const aws = mockClient(ElastiCacheClient);
afterEach(() => aws.reset());

const at = (Address: string, Port: number) => ({ Address: `${Address}.cache.amazonaws.com`, Port });

const memcached: CacheCluster = {
  CacheClusterId: 'pages',
  ARN: 'arn:aws:elasticache:us-east-1:111122223333:cluster:pages',
  Engine: 'memcached',
  CacheClusterCreateTime: new Date('2026-01-02T03:04:05.000Z'),
  ConfigurationEndpoint: at('pages.cfg', 11_211),
  CacheNodes: [
    { CacheNodeId: '0001', Endpoint: at('pages.0001', 11_211) },
    { CacheNodeId: '0002', Endpoint: at('pages.0002', 11_211) },
  ],
  SecurityGroups: [{ SecurityGroupId: 'sg-1' }],
  TransitEncryptionEnabled: true,
};
const redis: CacheCluster = {
  CacheClusterId: 'lone',
  Engine: 'redis',
  CacheNodes: [{ CacheNodeId: '0001', Endpoint: at('lone.0001', 6_379) }],
  AuthTokenEnabled: false,
  TransitEncryptionEnabled: false,
  AtRestEncryptionEnabled: false,
  LogDeliveryConfigurations: [],
};

function answer(...clusters: readonly CacheCluster[]): void {
  aws.on(DescribeCacheClustersCommand).resolves({ CacheClusters: [...clusters] });
}

describe('ElastiCache clusters outside of replication groups', () => {
  it('finds nothing, and says that the list is whole, where there is nothing', async () => {
    answer();
    const { endpoints, status, cell } = await collectWith(elasticacheClusters);
    expect([endpoints, status, cell.asked]).toEqual([[], 'complete', ['elasticache:DescribeCacheClusters']]);
    expect(aws.commandCalls(DescribeCacheClustersCommand)[0]?.args[0].input).toMatchObject({
      ShowCacheNodeInfo: true,
      ShowCacheClustersNotInReplicationGroups: true,
    });
  });

  it('reads memcached: every node a door, and nobody asked who he is', async () => {
    answer(memcached);
    const { endpoints, door } = await collectWith(elasticacheClusters);
    expect(endpoints.map((e) => [e.id.split('/').slice(3).join('/'), e.port, e.engine])).toEqual([
      ['pages', 11_211, 'memcached'],
      ['pages/0001', 11_211, 'memcached'],
      ['pages/0002', 11_211, 'memcached'],
    ]);
    expect(levels(door('/0002'))).toEqual({
      network: 'on',
      authentication: 'off',
      tls: 'on',
      'encryption-at-rest': 'not-applicable',
      'audit-log': 'not-applicable',
    });
    expect(door('/pages').declared.network?.evidence).toContain('sg-1');
  });

  it('reads Redis on one node with everything off', async () => {
    answer(redis);
    const { endpoints } = await collectWith(elasticacheClusters);
    expect(endpoints.map((e) => e.id)).toEqual(['111122223333/us-east-1/elasticache-clusters/lone']);
    expect(levels(endpoints[0]!)).toEqual({
      network: 'on',
      authentication: 'off',
      tls: 'off',
      'encryption-at-rest': 'off',
      'audit-log': 'off',
    });
  });

  it('shows a token and TLS on their way', async () => {
    answer({
      ...redis,
      PendingModifiedValues: {
        AuthTokenStatus: 'ROTATING',
        TransitEncryptionEnabled: true,
        TransitEncryptionMode: 'preferred',
      },
    });
    const { endpoints } = await collectWith(elasticacheClusters);
    expect(endpoints[0]?.declared).toMatchObject({
      authentication: { level: 'off', pending: 'partial' },
      tls: { level: 'off', pending: 'partial' },
    });
  });

  it('does not mistake the rotation of a token for its removal', async () => {
    answer({ ...redis, AuthTokenEnabled: true, PendingModifiedValues: { AuthTokenStatus: 'ROTATING' } });
    const { endpoints } = await collectWith(elasticacheClusters);
    expect(endpoints[0]?.declared.authentication).toEqual({
      level: 'on',
      basis: 'declared',
      evidence: 'AuthTokenEnabled=true',
    });
  });

  it('calls nothing safe that AWS did not say', async () => {
    answer({ CacheClusterId: 'bare', CacheNodes: redis.CacheNodes });
    const { endpoints } = await collectWith(elasticacheClusters);
    expect(endpoints[0]?.engine).toBe('unidentified');
    expect(levels(endpoints[0]!)).toEqual({
      network: 'on',
      authentication: 'unknown',
      tls: 'unknown',
      'encryption-at-rest': 'unknown',
      'audit-log': 'unknown',
    });
  });

  it('reads every page, doubts a repeated token, and is denied as a whole', async () => {
    aws
      .on(DescribeCacheClustersCommand)
      .resolvesOnce({ CacheClusters: [redis], Marker: '1' })
      .resolvesOnce({ CacheClusters: [memcached] })
      .resolvesOnce({ CacheClusters: [redis], Marker: '1' })
      .resolvesOnce({ CacheClusters: [redis], Marker: '1' })
      .rejects(awsError('AccessDenied', 403));
    const first = await collectWith(elasticacheClusters);
    expect([first.status, first.endpoints.length]).toEqual(['complete', 4]);
    expect((await collectWith(elasticacheClusters)).status).toBe('partial');
    expect((await collectWith(elasticacheClusters)).status).toBe('denied');
  });

  it('does not lose a cluster without an endpoint or a name silently', async () => {
    answer({ CacheClusterId: 'new', CacheClusterStatus: 'creating', Engine: 'redis' }, { Engine: 'redis' });
    const { endpoints, cell } = await collectWith(elasticacheClusters);
    expect(endpoints).toEqual([]);
    expect(cell.gaps().map((g) => g.detail)).toEqual([
      'cache cluster new has no endpoint yet: creating',
      'a cache cluster without CacheClusterId',
    ]);
  });

  it('bounds and cleans a hostile name', async () => {
    answer({ ...redis, CacheClusterId: `a\u202e\n${'x'.repeat(5_000)}` });
    const { endpoints } = await collectWith(elasticacheClusters);
    expect(endpoints[0]?.id.length).toBeLessThanOrEqual(256);
    expect(endpoints[0]?.id).not.toMatch(/[\u202e\n]/u);
  });

  it('confirms a deletion, or the loss of one node, only on the word of the API', async () => {
    answer(memcached);
    const { door } = await collectWith(elasticacheClusters);
    const ask = (ending: string) => elasticacheClusters.exists(testCell('elasticache-clusters'), door(ending));
    aws.reset();
    aws
      .on(DescribeCacheClustersCommand)
      .rejectsOnce(awsError('CacheClusterNotFoundFault', 404))
      .rejectsOnce(awsError('Throttling'))
      .resolves({ CacheClusters: [{ ...memcached, CacheNodes: memcached.CacheNodes?.slice(0, 1) }] });
    expect([await ask('/pages'), await ask('/pages'), await ask('/0001'), await ask('/0002')]).toEqual([
      false,
      undefined,
      true,
      false,
    ]);
  });
});
