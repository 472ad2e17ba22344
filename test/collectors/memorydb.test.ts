import {
  type ACL,
  type Cluster,
  DescribeACLsCommand,
  DescribeClustersCommand,
  DescribeUsersCommand,
  MemoryDBClient,
  type User,
} from '@aws-sdk/client-memorydb';
import { mockClient } from 'aws-sdk-client-mock';
import { afterEach, describe, expect, it } from 'vitest';
import { memorydb } from '../../lib/collectors/memorydb.ts';
import { awsError, collectWith, levels, testCell } from '../support/aws.ts';
import { NETWORK } from '../support/fronts.ts';

const aws = mockClient(MemoryDBClient);
afterEach(() => aws.reset());

function cluster(change: Partial<Cluster> = {}): Cluster {
  return {
    Name: 'ledger',
    ARN: 'arn:aws:memorydb:us-east-1:111122223333:cluster/ledger',
    ClusterEndpoint: { Address: 'clustercfg.ledger.abc.memorydb.us-east-1.amazonaws.com', Port: 6379 },
    Engine: 'valkey',
    ACLName: 'staff',
    TLSEnabled: true,
    KmsKeyId: 'key-1',
    SecurityGroups: [{ SecurityGroupId: 'sg-1' }],
    ...change,
  };
}

const ADA: User = { Name: 'ada', ACLNames: ['staff'], Authentication: { Type: 'password' } };

function answer(clusters: readonly Cluster[], acl: Partial<ACL> = {}, users: readonly User[] = [ADA]): void {
  aws.on(DescribeClustersCommand).resolves({ Clusters: [...clusters] });
  aws
    .on(DescribeACLsCommand)
    .resolves({ ACLs: [{ Name: 'staff', UserNames: users.map((u) => u.Name ?? ''), ...acl }] });
  aws.on(DescribeUsersCommand).resolves({ Users: [...users] });
}

async function authentication() {
  const { endpoints } = await collectWith(memorydb);
  return endpoints[0]?.declared.authentication;
}

describe('MemoryDB clusters', () => {
  it('finds nothing, and says that the list is whole, where there is nothing', async () => {
    answer([]);
    const { endpoints, status, cell } = await collectWith(memorydb);
    expect([endpoints, status, cell.asked]).toEqual([[], 'complete', ['memorydb:DescribeClusters']]);
  });

  it('reads a cluster with all its protections', async () => {
    answer([cluster()]);
    const { endpoints, status } = await collectWith(memorydb);
    expect(status).toBe('complete');
    expect(endpoints[0]).toMatchObject({
      id: '111122223333/us-east-1/memorydb/ledger',
      host: 'clustercfg.ledger.abc.memorydb.us-east-1.amazonaws.com',
      port: 6379,
      engine: 'valkey',
    });
    expect(levels(endpoints[0]!)).toEqual({
      network: 'on',
      authentication: 'on',
      tls: 'on',
      'encryption-at-rest': 'on',
    });
  });

  it('knows that open-access is no authentication, and asks for no users then', async () => {
    answer([cluster({ ACLName: 'open-access', TLSEnabled: false })]);
    const { endpoints, cell } = await collectWith(memorydb);
    expect(levels(endpoints[0]!)).toMatchObject({ authentication: 'off', tls: 'off' });
    expect(cell.asked).toEqual(['memorydb:DescribeClusters']);
  });

  it('finds a user without a password on either side', async () => {
    answer([cluster()], {}, [ADA, { Name: 'guest', Authentication: { Type: 'no-password' } }]);
    expect(await authentication()).toMatchObject({ level: 'off' });
    answer([cluster()], { UserNames: ['ada'] }, [
      ADA,
      { Name: 'guest', ACLNames: ['staff'], Authentication: { Type: 'no-password' } },
    ]);
    expect(await authentication()).toMatchObject({ level: 'off' });
  });

  it('shows an ACL that is about to be applied, and a member on his way in', async () => {
    answer([cluster({ PendingUpdates: { ACLs: { ACLToApply: 'open-access' } } })]);
    expect(await authentication()).toMatchObject({ level: 'on', pending: 'off' });
    answer([cluster()], { UserNames: ['ada'], PendingChanges: { UserNamesToAdd: ['guest'] } }, [
      ADA,
      { Name: 'guest', Authentication: { Type: 'no-password' } },
    ]);
    expect(await authentication()).toMatchObject({ level: 'on', pending: 'off' });
  });

  it('calls nothing safe that AWS did not say', async () => {
    answer([cluster({ ACLName: undefined, TLSEnabled: undefined, Engine: undefined })]);
    const { endpoints } = await collectWith(memorydb);
    expect(endpoints[0]?.engine).toBe('redis');
    expect(levels(endpoints[0]!)).toMatchObject({ authentication: 'unknown', tls: 'unknown' });
    answer([cluster()], { UserNames: undefined });
    expect(await authentication()).toMatchObject({ level: 'unknown' });
  });

  it('keeps the list whole and one protection unknown where users are denied', async () => {
    answer([cluster()]);
    aws.on(DescribeUsersCommand).rejects(awsError('AccessDeniedException', 403));
    const { endpoints, status, cell } = await collectWith(memorydb);
    expect([status, levels(endpoints[0]!)['authentication']]).toEqual(['complete', 'unknown']);
    expect(cell.gaps()).toMatchObject([{ subject: 'memorydb users', code: 'denied' }]);
  });

  it('reads every page, doubts a repeated token, and is denied as a whole', async () => {
    answer([]);
    aws
      .on(DescribeClustersCommand)
      .resolvesOnce({ Clusters: [cluster()], NextToken: '1' })
      .resolvesOnce({ Clusters: [cluster({ Name: 'other' })] })
      .resolvesOnce({ Clusters: [cluster()], NextToken: '1' })
      .resolvesOnce({ Clusters: [cluster()], NextToken: '1' })
      .rejects(awsError('AccessDeniedException', 403));
    const first = await collectWith(memorydb);
    expect([first.status, first.endpoints.length]).toEqual(['complete', 2]);
    expect((await collectWith(memorydb)).status).toBe('partial');
    expect((await collectWith(memorydb)).status).toBe('denied');
  });

  it('does not lose a cluster without an endpoint silently', async () => {
    answer([cluster({ ClusterEndpoint: undefined, Status: 'creating' })]);
    const { endpoints, cell } = await collectWith(memorydb);
    expect(endpoints).toEqual([]);
    expect(cell.gaps()).toMatchObject([{ subject: 'ledger', detail: 'cluster ledger has no endpoint yet: creating' }]);
  });

  it('bounds and cleans a hostile name', async () => {
    answer([cluster({ Name: `a\u202e\n${'x'.repeat(5_000)}` })]);
    const { endpoints } = await collectWith(memorydb);
    expect(endpoints[0]?.id.length).toBeLessThanOrEqual(256);
    expect(endpoints[0]?.id).not.toMatch(/[\u202e\n]/u);
  });

  it('confirms a deletion only on the word of the API', async () => {
    answer([cluster()]);
    const [endpoint] = (await collectWith(memorydb)).endpoints;
    const ask = () => memorydb.exists(testCell('memorydb'), endpoint!);
    aws.reset();
    aws
      .on(DescribeClustersCommand)
      .rejectsOnce(awsError('ClusterNotFoundFault', 404))
      .rejectsOnce(awsError('ThrottlingException'))
      .resolves({ Clusters: [cluster()] });
    expect([await ask(), await ask(), await ask()]).toEqual([false, undefined, true]);
  });
});

describe('the surroundings of a MemoryDB cluster', () => {
  it('are what it depends on: its lists and their users, its groups and its key', async () => {
    answer(
      [
        cluster({
          KmsKeyId: 'arn:aws:kms:us-east-1:111122223333:key/k-1',
          ParameterGroupName: 'params',
          SubnetGroupName: 'subnets',
          PendingUpdates: { ACLs: { ACLToApply: 'next' } },
        }),
      ],
      { PendingChanges: { UserNamesToAdd: ['eve'] } },
    );
    const { endpoints } = await collectWith(memorydb);
    expect(endpoints[0]?.dependencies).toEqual([
      'ec2:sg-1',
      'kms:key/k-1',
      'memorydb:acl/next',
      'memorydb:acl/staff',
      'memorydb:cluster/ledger',
      'memorydb:parametergroup/params',
      'memorydb:subnetgroup/subnets',
      'memorydb:user/ada',
      'memorydb:user/eve',
    ]);
  });

  it('ask for no user where everybody is let in', async () => {
    answer([cluster({ ACLName: 'open-access', KmsKeyId: undefined })]);
    const { endpoints, cell } = await collectWith(memorydb);
    expect([endpoints[0]?.dependencies, cell.asked]).toEqual([
      ['ec2:sg-1', 'memorydb:acl/open-access', 'memorydb:cluster/ledger'],
      ['memorydb:DescribeClusters'],
    ]);
  });

  it.each([
    ['ipv4', 'sg-world', 'on'],
    ['dual_stack', 'sg-shut', 'on'],
    ['dual_stack', 'sg-world', 'unknown'],
    ['ipv6', 'sg-gone', 'unknown'],
  ] as const)('say whether it is closed: NetworkType=%s, group %s', async (NetworkType, SecurityGroupId, level) => {
    answer([cluster({ NetworkType, SecurityGroups: [{ SecurityGroupId }] })]);
    const { endpoints } = await collectWith(memorydb, { network: NETWORK });
    expect(endpoints[0]?.declared.network?.level).toBe(level);
    expect(endpoints[0]?.dependencies).toContain(`ec2:${SecurityGroupId}`);
  });
});
