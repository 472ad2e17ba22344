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
import { declaredOn, declaredPartial, declaredUnknown, withPending } from '../model/declared.ts';
import type { Protection } from '../model/protection.ts';
import { printable } from '../model/text.ts';
import type { Cell } from './cell.ts';
import { type Pages, pagesOf } from './pages.ts';
import { REDSHIFT_PAGE as MaxRecords } from './redshift.ts';

export const DATA_SHARES_ACTION = 'redshift:DescribeDataShares';
export const SHARING_ACTIONS = [
  'redshift:DescribeClusterSnapshots',
  'redshift:DescribeEndpointAuthorization',
  DATA_SHARES_ACTION,
] as const;

export interface Shares {
  /** One line per share with another account. */
  readonly found: readonly string[];
  readonly unread: readonly string[];
  /** Shares that only wait for somebody here to authorize them. */
  readonly coming: readonly string[];
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
    dataShares: await readDataShares(cell),
  };
}

/** Those of provisioned clusters and of serverless namespaces. */
export async function readDataShares(cell: Cell): Promise<Pages<DataShare>> {
  return cell.shared(DATA_SHARES_ACTION, (own) => {
    const client = own.client(RedshiftClient);
    return pagesOf(own, 'redshift data shares', {
      action: DATA_SHARES_ACTION,
      call: (Marker) => client.send(new DescribeDataSharesCommand({ MaxRecords, Marker })),
      items: (page) => page.DataShares,
      next: (page) => page.Marker,
    });
  });
}

/** What is shared of the namespace that these share from. `isOurs`: undefined where it is not known which that is. */
export function dataSharesOf(
  { items, whole }: Pages<DataShare>,
  isOurs: ((producer: string) => boolean) | undefined,
  account: string,
): Shares {
  const ours = items.filter(({ ProducerArn: arn }) => arn !== undefined && isOurs?.(arn) === true);
  return {
    found: ours.flatMap((share) => [...consumers(share, account, IN_FORCE), ...publicConsumers(share)]),
    unread: whole && isOurs !== undefined ? [] : ['data shares'],
    coming: ours.flatMap((share) => consumers(share, account, WAITING)),
  };
}

export function sharesOf(cluster: Cluster, lists: ShareLists, account: string): Shares {
  const { ClusterIdentifier: name, ClusterNamespaceArn: namespace } = cluster;
  const { snapshots, authorizations, dataShares } = lists;
  const isOurs = (it: { readonly ClusterIdentifier?: string | undefined }): boolean => it.ClusterIdentifier === name;
  const isProducer = namespace === undefined ? undefined : (arn: string) => arn === namespace;
  const { found, unread, coming } = dataSharesOf(dataShares, isProducer, account);
  return {
    found: [
      ...snapshots.items.filter(isOurs).flatMap(restorers),
      ...authorizations.items.filter(isOurs).map(authorized),
      ...found,
    ],
    unread: [
      ...(snapshots.whole ? [] : ['snapshots']),
      ...(authorizations.whole ? [] : ['endpoint authorizations']),
      ...unread,
    ],
    coming,
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

type Standing = (status: string | undefined) => boolean;
const OVER: ReadonlySet<string | undefined> = new Set(['DEAUTHORIZED', 'REJECTED']);
const WAITING: Standing = (status) => status === 'PENDING_AUTHORIZATION';
const IN_FORCE: Standing = (status) => !OVER.has(status) && !WAITING(status);

/** Consumers are accounts, namespaces by ARN, or a marketplace. */
function consumers(share: DataShare, account: string, stands: Standing): readonly string[] {
  const others = (share.DataShareAssociations ?? []).filter(
    ({ ConsumerIdentifier: who = '', Status }) => stands(Status) && who !== account && !who.includes(`:${account}:`),
  );
  return others.map(({ ConsumerIdentifier: who }) => `data share ${labelOf(share)}: ${who ?? 'unnamed'}`);
}

function publicConsumers(share: DataShare): readonly string[] {
  const open = share.AllowPubliclyAccessibleConsumers === true;
  return open ? [`data share ${labelOf(share)}: AllowPubliclyAccessibleConsumers=true`] : [];
}

function labelOf({ DataShareArn: arn }: DataShare): string {
  return arn?.split('/').at(-1) ?? 'unnamed';
}

/** `policy`: what the namespace's resource policy says, the only share that could be with anybody. */
export function sharingOf({ found, unread, coming }: Shares, policy: Protection): Protection {
  if (policy.level === 'off' || policy.level === 'unknown') return policy;
  const said = policy.level === 'partial' ? [...found, policy.evidence] : found;
  if (said.length > 0) return declaredPartial(said.join('; '));
  if (unread.length > 0) return declaredUnknown(`not read: ${unread.join(', ')}`);
  return withComing(declaredOn('no snapshot, endpoint, data share or policy lets another account in'), coming);
}

/** The same, where no share is in force, with what waits to be authorized. */
export function withComing(protection: Protection, coming: Shares['coming']): Protection {
  if (coming.length === 0) return protection;
  const evidence = printable(`${protection.evidence}; PENDING_AUTHORIZATION: ${coming.join('; ')}`);
  return withPending({ ...protection, evidence }, 'partial');
}
