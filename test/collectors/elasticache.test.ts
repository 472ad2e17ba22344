/** Also of lib/aws/elasticache.ts. */
import {
  DescribeReplicationGroupsCommand,
  DescribeUserGroupsCommand,
  DescribeUsersCommand,
  ElastiCacheClient,
  type ReplicationGroup,
  type User,
} from '@aws-sdk/client-elasticache';
import { mockClient } from 'aws-sdk-client-mock';
import { afterEach, describe, expect, it } from 'vitest';
import { elasticache } from '../../lib/collectors/elasticache.ts';
import { awsError, collectWith, levels, testCell } from '../support/aws.ts';

const aws = mockClient(ElastiCacheClient);
afterEach(() => aws.reset());

const at = (Address: string, Port = 6379) => ({ Address: `${Address}.abc.use1.cache.amazonaws.com`, Port });

function group(change: Partial<ReplicationGroup> = {}): ReplicationGroup {
  return {
    ReplicationGroupId: 'sessions',
    ARN: 'arn:aws:elasticache:us-east-1:111122223333:replicationgroup:sessions',
    Status: 'available',
    Engine: 'valkey',
    ReplicationGroupCreateTime: new Date('2026-01-02T03:04:05.000Z'),
    AuthTokenEnabled: true,
    UserGroupIds: [],
    TransitEncryptionEnabled: true,
    TransitEncryptionMode: 'required',
    AtRestEncryptionEnabled: true,
    StorageEncryptionType: 'sse-kms',
    LogDeliveryConfigurations: [{ LogType: 'engine-log', Status: 'active' }],
    NodeGroups: [
      {
        NodeGroupId: '0001',
        PrimaryEndpoint: at('master.sessions'),
        ReaderEndpoint: at('replica.sessions'),
        NodeGroupMembers: [
          { CacheClusterId: 'sessions-001', ReadEndpoint: at('sessions-001') },
          { CacheClusterId: 'sessions-002', ReadEndpoint: at('sessions-002') },
        ],
      },
    ],
    ...change,
  };
}

function answer(...groups: readonly ReplicationGroup[]): void {
  aws.on(DescribeReplicationGroupsCommand).resolves({ ReplicationGroups: [...groups] });
}

function withUsers(...users: readonly User[]): void {
  const UserIds = users.map(({ UserId = '' }) => UserId);
  aws.on(DescribeUserGroupsCommand).resolves({ UserGroups: [{ UserGroupId: 'staff', UserIds }] });
  aws.on(DescribeUsersCommand).resolves({ Users: [...users] });
}

const user = (
  UserId: string,
  Type: NonNullable<User['Authentication']>['Type'],
  AccessString = 'on ~* +@all',
): User => ({
  UserId,
  UserGroupIds: ['staff'],
  AccessString,
  Authentication: { Type },
});

async function authenticationOf(change: Partial<ReplicationGroup>) {
  answer(group(change));
  const { endpoints, status } = await collectWith(elasticache);
  return { ...endpoints[0]?.declared.authentication, status };
}

describe('ElastiCache replication groups', () => {
  it('finds nothing, and says that the list is whole, where there is nothing', async () => {
    answer();
    const { endpoints, status, cell } = await collectWith(elasticache);
    expect([endpoints, status, cell.asked]).toEqual([[], 'complete', ['elasticache:DescribeReplicationGroups']]);
  });

  it('reads a group with all its protections and all its doors', async () => {
    answer(group());
    const { endpoints, status } = await collectWith(elasticache);
    expect(status).toBe('complete');
    expect(endpoints.map((e) => e.id.slice('111122223333/us-east-1/elasticache/'.length))).toEqual([
      'sessions',
      'sessions/reader',
      'sessions/sessions-001',
      'sessions/sessions-002',
    ]);
    expect(endpoints[0]).toMatchObject({
      host: 'master.sessions.abc.use1.cache.amazonaws.com',
      port: 6379,
      engine: 'valkey',
      incarnation: '2026-01-02T03:04:05.000Z',
      foundBy: ['service'],
    });
    expect(levels(endpoints[0]!)).toEqual({
      network: 'on',
      authentication: 'on',
      tls: 'on',
      'encryption-at-rest': 'on',
      'audit-log': 'partial',
    });
    expect(endpoints[0]?.declared.network?.evidence).toContain('never public by design');
  });

  it('gives clients of a sharded group its configuration endpoint first', async () => {
    answer(
      group({
        ConfigurationEndpoint: at('clustercfg.sessions'),
        NodeGroups: [
          { NodeGroupId: '0001', PrimaryEndpoint: at('one') },
          { NodeGroupId: '0002', PrimaryEndpoint: at('two') },
        ],
      }),
    );
    const { endpoints } = await collectWith(elasticache);
    expect(endpoints.map((e) => [e.id.split('/').slice(3).join('/'), e.host.split('.', 1)[0]])).toEqual([
      ['sessions', 'clustercfg'],
      ['sessions/primary', 'one'],
      ['sessions/shard-0002-primary', 'two'],
    ]);
  });

  it.each([
    ['TLS that still takes plaintext', { TransitEncryptionMode: 'preferred' }, 'tls', 'partial'],
    ['no TLS', { TransitEncryptionEnabled: false, TransitEncryptionMode: undefined }, 'tls', 'off'],
    ['TLS whose mode is not said', { TransitEncryptionMode: undefined }, 'tls', 'unknown'],
    ['TLS that is not said', { TransitEncryptionEnabled: undefined }, 'tls', 'unknown'],
    ['no token and no users', { AuthTokenEnabled: false }, 'authentication', 'off'],
    ['a token that is not said', { AuthTokenEnabled: undefined, UserGroupIds: undefined }, 'authentication', 'unknown'],
    [
      'nothing encrypted',
      { StorageEncryptionType: 'none', AtRestEncryptionEnabled: false },
      'encryption-at-rest',
      'off',
    ],
    [
      'a flag that does not decide',
      { StorageEncryptionType: undefined, AtRestEncryptionEnabled: false },
      'encryption-at-rest',
      'unknown',
    ],
    ['a flag that is enough', { StorageEncryptionType: undefined }, 'encryption-at-rest', 'on'],
    ['no logs', { LogDeliveryConfigurations: [] }, 'audit-log', 'off'],
    ['a log that fails', { LogDeliveryConfigurations: [{ LogType: 'slow-log', Status: 'error' }] }, 'audit-log', 'off'],
    ['logs that are not said', { LogDeliveryConfigurations: undefined }, 'audit-log', 'unknown'],
  ] as const)('says what %s is worth', async (_, change, protection, level) => {
    answer(group(change as Partial<ReplicationGroup>));
    const { endpoints } = await collectWith(elasticache);
    expect(endpoints[0]?.declared[protection]?.level).toBe(level);
  });

  it.each([
    ['TLS to be relaxed', { PendingModifiedValues: { TransitEncryptionMode: 'preferred' } }, 'tls', 'partial'],
    ['TLS to be taken off', { PendingModifiedValues: { TransitEncryptionEnabled: false } }, 'tls', 'off'],
    [
      'the last log to be taken off',
      { LogDeliveryConfigurations: [{ LogType: 'slow-log', Status: 'disabling' }] },
      'audit-log',
      'off',
    ],
    [
      'a first log to be written',
      { LogDeliveryConfigurations: [{ Status: 'error' }, { Status: 'enabling' }] },
      'audit-log',
      'partial',
    ],
    [
      'a first token to be set',
      { AuthTokenEnabled: false, PendingModifiedValues: { AuthTokenStatus: 'SETTING' } },
      'authentication',
      'on',
    ],
  ] as const)('shows %s before it happens', async (_, change, protection, pending) => {
    answer(group(change as Partial<ReplicationGroup>));
    const { endpoints } = await collectWith(elasticache);
    expect(endpoints[0]?.declared[protection]?.pending).toBe(pending);
  });

  it('reads every page, and doubts a list whose token comes twice', async () => {
    aws
      .on(DescribeReplicationGroupsCommand)
      .resolvesOnce({ ReplicationGroups: [group({ ReplicationGroupId: 'a' })], Marker: '1' })
      .resolvesOnce({ ReplicationGroups: [group({ ReplicationGroupId: 'c' })] })
      .resolves({ ReplicationGroups: [group()], Marker: 'again' });
    const whole = await collectWith(elasticache);
    expect([whole.status, new Set(whole.endpoints.map((e) => e.name)).size]).toEqual(['complete', 2]);
    expect((await collectWith(elasticache)).status).toBe('partial');
  });

  it('is denied as a whole when the list is denied', async () => {
    aws.on(DescribeReplicationGroupsCommand).rejects(awsError('AccessDenied', 403));
    expect((await collectWith(elasticache)).status).toBe('denied');
  });

  it('does not lose a group without an endpoint silently', async () => {
    answer(group({ NodeGroups: undefined, Status: 'creating' }));
    const { endpoints, status, cell } = await collectWith(elasticache);
    expect([endpoints, status]).toEqual([[], 'complete']);
    expect(cell.gaps()).toMatchObject([{ subject: 'sessions', code: 'incomplete' }]);
  });

  it('bounds and cleans a hostile name', async () => {
    answer(group({ ReplicationGroupId: `a\u202e\n${'x'.repeat(5_000)}` }));
    const { endpoints } = await collectWith(elasticache);
    expect(endpoints[0]?.id.length).toBeLessThanOrEqual(256);
    expect(endpoints[0]?.id).not.toMatch(/[\u202e\n]/u);
  });

  it('confirms a deletion, or the loss of one door, only on the word of the API', async () => {
    answer(group());
    const { endpoints, door } = await collectWith(elasticache);
    const ask = (endpoint = endpoints[0]!) => elasticache.exists(testCell('elasticache'), endpoint);
    aws.reset();
    aws
      .on(DescribeReplicationGroupsCommand)
      .rejectsOnce(awsError('ReplicationGroupNotFoundFault', 404))
      .rejectsOnce(awsError('Throttling'))
      .resolves({ ReplicationGroups: [group({ NodeGroups: [{ PrimaryEndpoint: at('new') }] })] });
    expect([await ask(), await ask(), await ask(), await ask(door('/reader'))]).toEqual([
      false,
      undefined,
      true,
      false,
    ]);
  });
});

describe('users of a replication group', () => {
  const attached = { AuthTokenEnabled: false, UserGroupIds: ['staff'] };

  it('is authentication where each user has to prove who he is', async () => {
    withUsers(user('ada', 'password'), user('role', 'iam'));
    expect(await authenticationOf(attached)).toMatchObject({ level: 'on', status: 'complete' });
  });

  it('is none where one user needs no password', async () => {
    withUsers(user('ada', 'password'), user('default', 'no-password'));
    const { level, evidence } = await authenticationOf(attached);
    expect([level, evidence]).toEqual(['off', 'UserGroupIds=staff: Authentication.Type=no-password for default']);
  });

  it('stands where the user without a password is switched off', async () => {
    withUsers(user('ada', 'password'), user('default', 'no-password', 'off ~* -@all'));
    expect((await authenticationOf(attached)).level).toBe('on');
    withUsers(user('default', 'no-password', 'off ~* +@all on'));
    expect((await authenticationOf(attached)).level).toBe('off');
  });

  it('reads the users once for many groups', async () => {
    withUsers(user('ada', 'password'));
    answer(...Array.from({ length: 5 }, (_, i) => group({ ...attached, ReplicationGroupId: `g${i}` })));
    const { cell } = await collectWith(elasticache);
    expect(cell.asked.filter((action) => action === 'elasticache:DescribeUsers')).toHaveLength(1);
  });

  it('is unknown, with the list of groups whole, where the users are denied', async () => {
    withUsers(user('ada', 'password'));
    aws.on(DescribeUsersCommand).rejects(awsError('AccessDenied', 403));
    answer(
      group(attached),
      group({ ...attached, ReplicationGroupId: 'other' }),
      group({ ReplicationGroupId: 'token' }),
    );
    const { endpoints, status, cell } = await collectWith(elasticache);
    expect(status).toBe('complete');
    expect(new Map(endpoints.map((e) => [e.name, e.declared.authentication?.level]))).toEqual(
      new Map([
        ['sessions', 'unknown'],
        ['other', 'unknown'],
        ['token', 'on'],
      ]),
    );
    expect(cell.gaps()).toMatchObject([{ subject: 'elasticache users', code: 'denied' }]);
  });

  it('is unknown where a group is missing or a type is not said', async () => {
    withUsers(user('ada', undefined));
    expect((await authenticationOf(attached)).level).toBe('unknown');
    withUsers(user('ada', 'password'));
    expect((await authenticationOf({ ...attached, UserGroupIds: ['staff', 'gone'] })).level).toBe('unknown');
  });

  it('shows what becomes of it when the users are on their way out, or a loose one on his way in', async () => {
    withUsers(user('ada', 'password'));
    const leaving = { PendingModifiedValues: { UserGroups: { UserGroupIdsToRemove: ['staff'] } } };
    expect(await authenticationOf({ ...attached, ...leaving })).toMatchObject({ level: 'on', pending: 'off' });
    aws.on(DescribeUserGroupsCommand).resolves({
      UserGroups: [{ UserGroupId: 'staff', UserIds: ['ada'], PendingChanges: { UserIdsToAdd: ['loose'] } }],
    });
    aws.on(DescribeUsersCommand).resolves({
      Users: [user('ada', 'password'), { ...user('loose', 'no-password'), UserGroupIds: [] }],
    });
    expect(await authenticationOf(attached)).toMatchObject({ level: 'on', pending: 'off' });
  });
});
