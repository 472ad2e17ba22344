import { type Cluster, DAXClient, DescribeClustersCommand } from '@aws-sdk/client-dax';
import { mockClient } from 'aws-sdk-client-mock';
import { afterEach, describe, expect, it } from 'vitest';
import { dax } from '../../lib/collectors/dax.ts';
import { awsError, collectWith, levels, testCell } from '../support/aws.ts';
import { NETWORK } from '../support/fronts.ts';

const aws = mockClient(DAXClient);
afterEach(() => aws.reset());

function cluster(change: Partial<Cluster> = {}): Cluster {
  return {
    ClusterName: 'hot',
    ClusterArn: 'arn:aws:dax:us-east-1:111122223333:cache/hot',
    ClusterDiscoveryEndpoint: { Address: 'hot.abc.dax-clusters.us-east-1.amazonaws.com', Port: 9111 },
    ClusterEndpointEncryptionType: 'TLS',
    SSEDescription: { Status: 'ENABLED' },
    SecurityGroups: [{ SecurityGroupIdentifier: 'sg-1' }],
    ...change,
  };
}

function answer(...clusters: readonly Cluster[]): void {
  aws.on(DescribeClustersCommand).resolves({ Clusters: [...clusters] });
}

describe('DAX clusters', () => {
  it('finds nothing, and says that the list is whole, where there is nothing', async () => {
    answer();
    const { endpoints, status, cell } = await collectWith(dax);
    expect([endpoints, status, cell.asked]).toEqual([[], 'complete', ['dax:DescribeClusters']]);
  });

  it('reads a cluster with all its protections', async () => {
    answer(cluster());
    const { endpoints } = await collectWith(dax);
    expect(endpoints[0]).toMatchObject({ id: '111122223333/us-east-1/dax/hot', port: 9111, engine: 'dax' });
    expect(levels(endpoints[0]!)).toEqual({
      network: 'on',
      authentication: 'on',
      tls: 'on',
      'encryption-at-rest': 'on',
    });
  });

  it.each([
    ['no TLS', { ClusterEndpointEncryptionType: 'NONE' }, 'tls', { level: 'off' }],
    ['TLS that is not said', { ClusterEndpointEncryptionType: undefined }, 'tls', { level: 'unknown' }],
    ['nothing encrypted', { SSEDescription: { Status: 'DISABLED' } }, 'encryption-at-rest', { level: 'off' }],
    [
      'encryption coming',
      { SSEDescription: { Status: 'ENABLING' } },
      'encryption-at-rest',
      { level: 'off', pending: 'on' },
    ],
    [
      'encryption going',
      { SSEDescription: { Status: 'DISABLING' } },
      'encryption-at-rest',
      { level: 'on', pending: 'off' },
    ],
    ['encryption that is not said', { SSEDescription: undefined }, 'encryption-at-rest', { level: 'unknown' }],
  ] as const)('says what %s is worth', async (_, change, protection, expected) => {
    answer(cluster(change));
    const { endpoints } = await collectWith(dax);
    expect(endpoints[0]?.declared[protection]).toMatchObject(expected);
  });

  it('reads every page, doubts a repeated token, and is denied as a whole', async () => {
    aws
      .on(DescribeClustersCommand)
      .resolvesOnce({ Clusters: [cluster()], NextToken: '1' })
      .resolvesOnce({ Clusters: [cluster({ ClusterName: 'other' })] })
      .resolvesOnce({ Clusters: [cluster()], NextToken: '1' })
      .resolvesOnce({ Clusters: [cluster()], NextToken: '1' })
      .rejects(awsError('AccessDeniedException', 403));
    const first = await collectWith(dax);
    expect([first.status, first.endpoints.length]).toEqual(['complete', 2]);
    expect((await collectWith(dax)).status).toBe('partial');
    expect((await collectWith(dax)).status).toBe('denied');
  });

  it('does not lose a cluster without an endpoint silently', async () => {
    answer(cluster({ ClusterDiscoveryEndpoint: undefined, Status: 'creating' }));
    const { endpoints, status, cell } = await collectWith(dax);
    expect([endpoints, status]).toEqual([[], 'complete']);
    expect(cell.gaps()).toMatchObject([{ subject: 'hot', code: 'incomplete' }]);
  });

  it('bounds and cleans a hostile name', async () => {
    answer(cluster({ ClusterName: `a\u202e\n${'x'.repeat(5_000)}` }));
    const { endpoints } = await collectWith(dax);
    expect(endpoints[0]?.id.length).toBeLessThanOrEqual(256);
    expect(endpoints[0]?.id).not.toMatch(/[\u202e\n]/u);
  });

  it('confirms a deletion only on the word of the API', async () => {
    answer(cluster());
    const [endpoint] = (await collectWith(dax)).endpoints;
    const ask = () => dax.exists(testCell('dax'), endpoint!);
    aws.reset();
    aws
      .on(DescribeClustersCommand)
      .rejectsOnce(awsError('ClusterNotFoundFault', 404))
      .rejectsOnce(awsError('ThrottlingException'))
      .resolves({ Clusters: [cluster()] });
    expect([await ask(), await ask(), await ask()]).toEqual([false, undefined, true]);
  });
});

describe('the surroundings of a DAX cluster', () => {
  it('are what it depends on', async () => {
    answer(cluster({ ParameterGroup: { ParameterGroupName: 'params' }, SubnetGroup: 'subnets' }));
    expect((await collectWith(dax)).endpoints[0]?.dependencies).toEqual([
      'dax:cache/hot',
      'dax:parametergroup/params',
      'dax:subnetgroup/subnets',
      'ec2:sg-1',
    ]);
  });

  it.each([
    ['ipv4', 'sg-world', 'on'],
    ['dual_stack', 'sg-shut', 'on'],
    ['dual_stack', 'sg-world', 'unknown'],
    ['ipv6', 'sg-gone', 'unknown'],
  ] as const)('say whether it is closed: NetworkType=%s, group %s', async (NetworkType, group, level) => {
    answer(cluster({ NetworkType, SecurityGroups: [{ SecurityGroupIdentifier: group }] }));
    const { endpoints } = await collectWith(dax, { network: NETWORK });
    expect(endpoints[0]?.declared.network?.level).toBe(level);
    expect(endpoints[0]?.dependencies).toContain(`ec2:${group}`);
  });
});
