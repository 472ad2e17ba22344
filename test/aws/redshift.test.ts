import type { Snapshot, Workgroup } from '@aws-sdk/client-redshift-serverless';
import { describe, expect, it } from 'vitest';
import { restOf, tlsOf } from '../../lib/aws/redshift.ts';
import type { Pages } from '../../lib/aws/pages.ts';
import { type ShareLists, type Shares, sharesOf, sharingOf } from '../../lib/aws/redshift-sharing.ts';
import { logsOf, sharingOf as workgroupSharing, tlsOf as workgroupTls } from '../../lib/aws/redshift-workgroup.ts';
import { declaredOff, declaredOn, declaredPartial, declaredUnknown } from '../../lib/model/declared.ts';

const NAMESPACE = 'arn:aws:redshift:us-east-1:111122223333:namespace:n-1';
const CLUSTER = { ClusterIdentifier: 'sales', ClusterNamespaceArn: NAMESPACE };
const whole = <T>(...items: readonly T[]) => ({ items, whole: true });
const lists = (over: Partial<ShareLists> = {}): ShareLists => ({
  snapshots: whole(),
  authorizations: whole(),
  dataShares: whole(),
  ...over,
});
const shares = (over: Partial<ShareLists>) => sharesOf(CLUSTER, lists(over), '111122223333');

describe('require_ssl of a cluster', () => {
  const group = (value: string | undefined, own: string | undefined, all = 'in-sync') =>
    tlsOf(
      {
        ...CLUSTER,
        ClusterParameterGroups: [
          {
            ParameterGroupName: 'g',
            ParameterApplyStatus: all,
            ClusterParameterStatusList:
              own === undefined ? [] : [{ ParameterName: 'require_ssl', ParameterApplyStatus: own }],
          },
        ],
      },
      async () => new Map(value === undefined ? [] : [['require_ssl', value]]),
    );

  it.each([
    ['true', 'in-sync', 'on', undefined],
    ['TRUE', undefined, 'on', undefined],
    ['false', 'in-sync', 'partial', undefined],
    ['true', 'pending-reboot', 'unknown', 'on'],
    ['false', 'pending-reboot', 'partial', undefined],
    ['true', 'apply-deferred', 'unknown', 'on'],
    ['true', 'apply-error', 'unknown', undefined],
    ['true', 'invalid-parameter', 'unknown', undefined],
    [undefined, 'in-sync', 'unknown', undefined],
    ['perhaps', 'in-sync', 'unknown', undefined],
  ])('%s, %s', async (value, status, level, pending) => {
    const found = await group(value, status);
    expect([found.level, found.pending]).toEqual([level, pending]);
  });

  it('takes the state of the group where it says none of its own', async () => {
    expect(await group('true', undefined, 'pending-reboot')).toMatchObject({ level: 'unknown', pending: 'on' });
    expect(await group('true', 'in-sync', 'pending-reboot')).toMatchObject({ level: 'on' });
  });

  it('is not known where the group could not be read', async () => {
    expect((await tlsOf(CLUSTER, async () => undefined)).level).toBe('unknown');
  });
});

describe('encryption of a cluster', () => {
  it.each([
    [true, 'None', 'on', 'off'],
    [false, 'KMS', 'off', 'on'],
    [true, undefined, 'on', undefined],
    [undefined, undefined, 'unknown', undefined],
  ])('Encrypted=%s, then %s', (Encrypted, EncryptionType, level, pending) => {
    const found = restOf({ Encrypted, PendingModifiedValues: { EncryptionType } });
    expect([found.level, found.pending]).toEqual([level, pending]);
  });
});

describe('shares of a cluster', () => {
  it.each([
    [
      'a snapshot',
      {
        snapshots: whole({
          ...CLUSTER,
          SnapshotIdentifier: 's',
          AccountsWithRestoreAccess: [{ AccountId: '999988887777' }],
        }),
      },
      'snapshot s: AccountsWithRestoreAccess=999988887777',
    ],
    [
      'endpoints from all VPCs',
      { authorizations: whole({ ...CLUSTER, Grantee: '999988887777', AllowedAllVPCs: true }) },
      'endpoint authorization: 999988887777 AllowedAllVPCs=true',
    ],
    [
      'endpoints from one VPC',
      { authorizations: whole({ ...CLUSTER, Grantee: '999988887777', AllowedAllVPCs: false, AllowedVPCs: ['vpc-9'] }) },
      'endpoint authorization: 999988887777 AllowedVPCs=vpc-9',
    ],
    [
      'a data share',
      {
        dataShares: whole({
          DataShareArn: `${NAMESPACE}/orders`,
          ProducerArn: NAMESPACE,
          DataShareAssociations: [{ ConsumerIdentifier: '999988887777', Status: 'ACTIVE' as const }],
        }),
      },
      'data share orders: 999988887777',
    ],
    [
      'a data share for public clusters',
      {
        dataShares: whole({
          DataShareArn: `${NAMESPACE}/orders`,
          ProducerArn: NAMESPACE,
          AllowPubliclyAccessibleConsumers: true,
        }),
      },
      'data share orders: AllowPubliclyAccessibleConsumers=true',
    ],
  ])('%s', (_, over, line) => {
    expect(shares(over)).toEqual({ found: [line], unread: [], coming: [] });
  });

  it('are not yet what only waits to be authorized: that is pending', () => {
    const DataShareAssociations = [{ ConsumerIdentifier: '999988887777', Status: 'PENDING_AUTHORIZATION' as const }];
    const share = { DataShareArn: `${NAMESPACE}/orders`, ProducerArn: NAMESPACE, DataShareAssociations };
    const waiting = shares({ dataShares: whole(share) });
    expect(waiting).toEqual({ found: [], unread: [], coming: ['data share orders: 999988887777'] });
    expect(sharingOf(waiting, declaredOn('p'))).toMatchObject({ level: 'on', pending: 'partial' });
    expect(sharingOf(waiting, declaredPartial('p'))).not.toHaveProperty('pending');
  });

  it('leave out what is not shared, is of others, is over, or stays in the account', () => {
    const found = shares({
      snapshots: whole({ ...CLUSTER }, { ClusterIdentifier: 'other', AccountsWithRestoreAccess: [{ AccountId: '9' }] }),
      authorizations: whole({ ClusterIdentifier: 'other', Grantee: '9', AllowedAllVPCs: true }),
      dataShares: whole(
        { ProducerArn: 'another', DataShareAssociations: [{ ConsumerIdentifier: '9' }] },
        {
          ProducerArn: NAMESPACE,
          DataShareAssociations: [
            { ConsumerIdentifier: '999988887777', Status: 'DEAUTHORIZED' },
            { ConsumerIdentifier: '111122223333', Status: 'ACTIVE' },
            { ConsumerIdentifier: 'arn:aws:redshift:us-east-1:111122223333:namespace:n-2', Status: 'ACTIVE' },
          ],
        },
      ),
    });
    expect(found).toEqual({ found: [], unread: [], coming: [] });
  });

  it.each([
    ['nothing', [], [], declaredOn('p'), 'on'],
    ['something', ['x'], [], declaredOn('p'), 'partial'],
    ['something, and a list not read', ['x'], ['snapshots'], declaredOn('p'), 'partial'],
    ['a list not read', [], ['snapshots'], declaredOn('p'), 'unknown'],
    ['another account by policy', [], [], declaredPartial('p'), 'partial'],
    ['anybody by policy', ['x'], [], declaredOff('p'), 'off'],
    ['a policy not read', ['x'], [], declaredUnknown('p'), 'unknown'],
  ])('with %s', (_, found, unread, policy, level) => {
    expect(sharingOf({ found, unread, coming: [] }, policy).level).toBe(level);
  });
});

describe('a workgroup', () => {
  it.each([
    ['true', 'on'],
    ['false', 'partial'],
    [undefined, 'unknown'],
  ])('with require_ssl=%s', (parameterValue, level) => {
    expect(workgroupTls({ configParameters: [{ parameterKey: 'require_ssl', parameterValue }] }).level).toBe(level);
  });

  it.each([
    [['userlog', 'connectionlog', 'useractivitylog'], 'on'],
    [['userlog'], 'partial'],
    [[], 'off'],
    [undefined, 'unknown'],
  ] as const)('with logExports=%s', (logExports, level) => {
    expect(logsOf(logExports === undefined ? {} : { logExports: [...logExports] }).level).toBe(level);
  });

  it('is shared with whom its VPCs, snapshots and data shares let in', () => {
    const own = { namespaceName: 'n', crossAccountVpcs: [] };
    const snapshot = (over: object) => ({ namespaceName: 'n', snapshotName: 's', ...over });
    const nobody = { found: [], unread: [], coming: [] };
    const level = (workgroup: Workgroup, snapshots: Pages<Snapshot>, shared: Partial<Shares> = {}) =>
      workgroupSharing(workgroup, snapshots, { ...nobody, ...shared }).level;
    expect(level(own, whole(snapshot({})))).toBe('on');
    expect(level({ ...own, crossAccountVpcs: ['*'] }, whole())).toBe('partial');
    expect(level(own, whole(snapshot({ accountsWithRestoreAccess: ['9'] })))).toBe('partial');
    expect(level(own, whole(snapshot({ accountsWithProvisionedRestoreAccess: ['9'] })))).toBe('partial');
    expect(level(own, whole(snapshot({ namespaceName: 'm', accountsWithRestoreAccess: ['9'] })))).toBe('on');
    expect(level(own, { items: [], whole: false })).toBe('unknown');
    expect(level({ namespaceName: 'n' }, whole())).toBe('unknown');
    expect(level(own, whole(), { found: ['data share orders: 9'] })).toBe('partial');
    expect(level(own, whole(), { unread: ['data shares'] })).toBe('unknown');
    expect(workgroupSharing(own, whole(), { ...nobody, coming: ['data share orders: 9'] })).toMatchObject({
      level: 'on',
      pending: 'partial',
    });
  });
});
