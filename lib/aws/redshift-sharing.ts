/**
 * Whom a provisioned Redshift cluster's data is shared with besides its own account (aws-services.md sections 2.7 and
 * 2.10): accounts that may restore its snapshots, set up endpoints to it, or read its data shares. Each list is read
 * once for all clusters.
 */
import {
  type Cluster,
  type DataShare,
  DescribeClusterSnapshotsCommand,
  DescribeDataSharesCommand,
  DescribeEndpointAuthorizationCommand,
  type EndpointAuthorization,
  RedshiftClient,
  type Snapshot,
} from '@aws-sdk/client-redshift';
import { declaredOn, declaredPartial, declaredUnknown } from '../model/declared.ts';
import type { Protection } from '../model/protection.ts';
import type { Cell } from './cell.ts';
import { type Pages, pagesOf } from './pages.ts';
import { REDSHIFT_PAGE as MaxRecords } from './redshift.ts';

export const SHARING_ACTIONS = [
  'redshift:DescribeClusterSnapshots',
  'redshift:DescribeEndpointAuthorization',
  'redshift:DescribeDataShares',
] as const;

export interface Shares {
  /** One line per share with another account. */
  readonly found: readonly string[];
  readonly unread: readonly string[];
}

export interface ShareLists {
  readonly snapshots: Pages<Snapshot>;
  readonly authorizations: Pages<EndpointAuthorization>;
  readonly dataShares: Pages<DataShare>;
}

export async function readShareLists(cell: Cell): Promise<ShareLists> {
  const client = cell.client(RedshiftClient);
  return {
    // Automated snapshots cannot be shared.
    snapshots: await pagesOf(cell, 'redshift snapshots', {
      action: 'redshift:DescribeClusterSnapshots',
      call: (Marker) =>
        client.send(new DescribeClusterSnapshotsCommand({ SnapshotType: 'manual', MaxRecords, Marker })),
      items: (page) => page.Snapshots,
      next: (page) => page.Marker,
    }),
    authorizations: await pagesOf(cell, 'redshift endpoint authorizations', {
      action: 'redshift:DescribeEndpointAuthorization',
      call: (Marker) => client.send(new DescribeEndpointAuthorizationCommand({ MaxRecords, Marker })),
      items: (page) => page.EndpointAuthorizationList,
      next: (page) => page.Marker,
    }),
    dataShares: await pagesOf(cell, 'redshift data shares', {
      action: 'redshift:DescribeDataShares',
      call: (Marker) => client.send(new DescribeDataSharesCommand({ MaxRecords, Marker })),
      items: (page) => page.DataShares,
      next: (page) => page.Marker,
    }),
  };
}

export function sharesOf(cluster: Cluster, lists: ShareLists, account: string): Shares {
  const { ClusterIdentifier: name, ClusterNamespaceArn: namespace } = cluster;
  const { snapshots, authorizations, dataShares } = lists;
  const isOurs = (it: { readonly ClusterIdentifier?: string | undefined }): boolean => it.ClusterIdentifier === name;
  return {
    found: [
      ...snapshots.items.filter(isOurs).flatMap(restorers),
      ...authorizations.items.filter(isOurs).map(authorized),
      ...dataShares.items
        .filter(({ ProducerArn: arn }) => arn !== undefined && arn === namespace)
        .flatMap((share) => consumers(share, account)),
    ],
    unread: [
      ...(snapshots.whole ? [] : ['snapshots']),
      ...(authorizations.whole ? [] : ['endpoint authorizations']),
      ...(dataShares.whole && namespace !== undefined ? [] : ['data shares']),
    ],
  };
}

function restorers({ SnapshotIdentifier: id, AccountsWithRestoreAccess: accounts }: Snapshot): readonly string[] {
  const who = (accounts ?? []).map(({ AccountId, AccountAlias }) => AccountId ?? AccountAlias ?? 'unnamed');
  return who.length === 0 ? [] : [`snapshot ${id ?? 'unnamed'}: AccountsWithRestoreAccess=${who.join(' ')}`];
}

function authorized({ Grantee: who, AllowedAllVPCs: all, AllowedVPCs: some }: EndpointAuthorization): string {
  const from = all === true ? 'AllowedAllVPCs=true' : `AllowedVPCs=${(some ?? []).join(' ') || 'absent'}`;
  return `endpoint authorization: ${who ?? 'unnamed'} ${from}`;
}

const ENDED: ReadonlySet<string | undefined> = new Set(['DEAUTHORIZED', 'REJECTED']);

/** Consumers are accounts, namespaces by ARN, or a marketplace. */
function consumers(share: DataShare, account: string): readonly string[] {
  const label = share.DataShareArn?.split('/').at(-1) ?? 'unnamed';
  const associations = share.DataShareAssociations ?? [];
  const others = associations.filter(
    ({ ConsumerIdentifier: who = '', Status }) =>
      !ENDED.has(Status) && who !== account && !who.includes(`:${account}:`),
  );
  return [
    ...others.map(({ ConsumerIdentifier: who }) => `data share ${label}: ${who ?? 'unnamed'}`),
    ...(share.AllowPubliclyAccessibleConsumers === true
      ? [`data share ${label}: AllowPubliclyAccessibleConsumers=true`]
      : []),
  ];
}

/** `policy`: what the namespace's resource policy says, the only share that could be with anybody. */
export function sharingOf({ found, unread }: Shares, policy: Protection): Protection {
  if (policy.level === 'off' || policy.level === 'unknown') return policy;
  const said = policy.level === 'partial' ? [...found, policy.evidence] : found;
  if (said.length > 0) return declaredPartial(said.join('; '));
  return unread.length > 0
    ? declaredUnknown(`not read: ${unread.join(', ')}`)
    : declaredOn('no snapshot, endpoint, data share or policy lets another account in');
}
