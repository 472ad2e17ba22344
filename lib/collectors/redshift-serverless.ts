/**
 * Redshift Serverless workgroups (aws-services.md section 2.10).
 * Calls: ListWorkgroups; where there are workgroups, namespaces, managed VPC endpoints, snapshots and, of the other
 * Redshift API, data shares once.
 * A workgroup is the door, its namespace holds data, key and logs. `publiclyAccessible` is necessary and not sufficient:
 * security groups, routes and ACLs decide. Passwords or IAM are always asked for; data is always encrypted.
 */
import {
  type EndpointAccess,
  GetWorkgroupCommand,
  ListEndpointAccessCommand,
  type ListEndpointAccessCommandOutput,
  ListNamespacesCommand,
  ListSnapshotsCommand,
  ListWorkgroupsCommand,
  type Namespace,
  RedshiftServerlessClient,
  type Snapshot,
  type Workgroup,
} from '@aws-sdk/client-redshift-serverless';
import type { DataShare } from '@aws-sdk/client-redshift';
import { ABSENT, type Cell } from '../aws/cell.ts';
import type { Collector } from '../aws/collector.ts';
import { ec2Keys, keysOf, kmsKeys, type NetworkKeys, networkKeys } from '../aws/dependencies.ts';
import { type Door, doorOf, hasDoor } from '../aws/doors.ts';
import { awsEndpoint } from '../aws/endpoint.ts';
import { ownInterfaces } from '../aws/own-interfaces.ts';
import { type PageCall, type Pages, pagesOf } from '../aws/pages.ts';
import { DATA_SHARES_ACTION, dataSharesOf, readDataShares } from '../aws/redshift-sharing.ts';
import { logsOf, sharingOf, tlsOf } from '../aws/redshift-workgroup.ts';
import { declaredOn, declaredUnknown } from '../model/declared.ts';
import type { Endpoint } from '../model/endpoint.ts';
import type { Network, NetworkInterface } from '../model/network.ts';
import type { Protection } from '../model/protection.ts';
import { networkProtection } from '../reach/evidence.ts';
import { managedReach } from '../reach/managed.ts';
import { indexNetwork, type NetworkIndex } from '../reach/network-index.ts';

const PAGE = 100;

export const redshiftServerless: Collector = {
  service: 'redshift-serverless',
  scope: 'regional',
  actions: [
    'redshift-serverless:ListWorkgroups',
    'redshift-serverless:GetWorkgroup',
    'redshift-serverless:ListNamespaces',
    'redshift-serverless:ListEndpointAccess',
    'redshift-serverless:ListSnapshots',
    DATA_SHARES_ACTION,
  ],
  cost: { empty: 1, each: 1 },
  async collect(cell) {
    const client = cell.client(RedshiftServerlessClient);
    const workgroups = await cell.list(
      'redshift-serverless:ListWorkgroups',
      (nextToken) => client.send(new ListWorkgroupsCommand({ nextToken, maxResults: PAGE })),
      (page) => page.workgroups,
      (page) => page.nextToken,
    );
    if (workgroups.length === 0) return [];
    const { action, call, items, next } = endpointPages(cell);
    // Doors of workgroups: where they cannot be listed, the list as a whole is in doubt.
    const managed = await cell.list(action, call, items, next);
    const namespaces = await pagesOf(cell, 'redshift-serverless namespaces', {
      action: 'redshift-serverless:ListNamespaces',
      call: (nextToken) => client.send(new ListNamespacesCommand({ nextToken, maxResults: PAGE })),
      items: (page) => page.namespaces,
      next: (page) => page.nextToken,
    });
    const snapshots = await pagesOf(cell, 'redshift-serverless snapshots', {
      action: 'redshift-serverless:ListSnapshots',
      call: (nextToken) => client.send(new ListSnapshotsCommand({ nextToken, maxResults: PAGE })),
      items: (page) => page.snapshots,
      next: (page) => page.nextToken,
    });
    const dataShares = await readDataShares(cell);
    const network = await cell.network();
    const [index, keys] = [indexNetwork(network), networkKeys(network)];
    const lists = { managed, namespaces: namespaces.items, snapshots, dataShares };
    const around: Around = { ...lists, network, index, keys };
    return workgroups.flatMap((workgroup) => endpointsOf(cell, workgroup, around));
  },
  async exists(cell, endpoint) {
    const client = cell.client(RedshiftServerlessClient);
    const { name = '' } = endpoint;
    const call = () => client.send(new GetWorkgroupCommand({ workgroupName: name }));
    const gone = ['ResourceNotFoundException'];
    const answer = await cell.askMaybe('redshift-serverless:GetWorkgroup', call, gone, name);
    if (answer === ABSENT) return false;
    if (answer?.workgroup === undefined) return undefined;
    const { items, whole } = await pagesOf(cell, name, endpointPages(cell));
    return hasDoor(endpoint, doorsOf(answer.workgroup, items)) ? true : whole ? false : undefined;
  },
};

interface Around {
  readonly managed: readonly EndpointAccess[];
  readonly namespaces: readonly Namespace[];
  readonly snapshots: Pages<Snapshot>;
  readonly dataShares: Pages<DataShare>;
  readonly network: Network;
  readonly index: NetworkIndex;
  readonly keys: NetworkKeys;
}

function endpointPages(cell: Cell): PageCall<ListEndpointAccessCommandOutput, EndpointAccess> {
  const client = cell.client(RedshiftServerlessClient);
  return {
    action: 'redshift-serverless:ListEndpointAccess',
    call: (nextToken) => client.send(new ListEndpointAccessCommand({ nextToken, maxResults: PAGE })),
    items: (page) => page.endpoints,
    next: (page) => page.nextToken,
  };
}

function endpointsOf(cell: Cell, workgroup: Workgroup, around: Around): readonly Endpoint[] {
  const { workgroupName: name, workgroupArn: arn, workgroupId, status } = workgroup;
  const doors = doorsOf(workgroup, around.managed);
  if (name === undefined || doors.length === 0) {
    cell.gap('incomplete', `workgroup ${name ?? 'unnamed'} has no endpoint yet: ${status ?? 'no status'}`, name);
    return [];
  }
  const namespace = around.namespaces.find(({ namespaceName }) => namespaceName === workgroup.namespaceName);
  const id = namespace?.namespaceId;
  // By the id that ends it: the rest of the ARN is written in more than one way.
  const isProducer = id === undefined || id === '' ? undefined : (producer: string) => producer.endsWith(id);
  const shares = dataSharesOf(around.dataShares, isProducer, cell.place.account);
  const common = {
    authentication: declaredOn('password or IAM, by design'),
    sharing: sharingOf(workgroup, around.snapshots, shares),
    tls: tlsOf(workgroup),
    'encryption-at-rest': declaredOn(`always encrypted, kmsKeyId=${namespace?.kmsKeyId ?? 'not read'}`),
    'audit-log': logsOf(namespace),
  };
  const enis = interfacesOf(workgroup, around.network);
  const { namespaceName, securityGroupIds: groupIds, subnetIds } = workgroup;
  const own = [
    ...keysOf('redshift-serverless:workgroup', name),
    ...keysOf('redshift-serverless:namespace', namespaceName),
    ...kmsKeys(namespace?.kmsKeyId),
  ];
  return doors.map(({ isPrivate, groups = [], ...door }) =>
    awsEndpoint(cell, {
      name,
      ...doorOf(door),
      engine: 'redshift',
      arn,
      incarnation: workgroupId,
      declared: {
        network: isPrivate
          ? declaredOn('managed VPC endpoint: private addresses only')
          : networkOf(workgroup, door.port, enis, around),
        ...common,
      },
      dependencies: [...own, ...(isPrivate ? ec2Keys(...groups) : around.keys({ groupIds, subnetIds, enis }))],
    }),
  );
}

interface WorkgroupDoor extends Door {
  readonly isPrivate: boolean;
  /** Of a private one: they decide what a front before it may lead to. */
  readonly groups?: readonly (string | undefined)[];
}

function doorsOf(workgroup: Workgroup, managed: readonly EndpointAccess[]): readonly WorkgroupDoor[] {
  const { endpoint: at, customDomainName: custom, workgroupName: name } = workgroup;
  const port = at?.port ?? workgroup.port;
  if (at?.address === undefined || port === undefined) return [];
  return [
    { door: '', host: at.address, port, isPrivate: false },
    ...(custom === undefined ? [] : [{ door: 'custom', host: custom, port, isPrivate: false }]),
    ...managed
      .filter(({ workgroupName }) => workgroupName === name)
      .flatMap(({ endpointName: own, address: host, port: other = port, vpcSecurityGroups: memberships = [] }) => {
        const groups = memberships.map(({ vpcSecurityGroupId }) => vpcSecurityGroupId);
        const door = `endpoint-${own ?? 'unnamed'}`;
        return host === undefined ? [] : [{ door, host, port: other, isPrivate: true, groups }];
      }),
  ];
}

function interfacesOf({ endpoint }: Workgroup, network: Network): readonly NetworkInterface[] | undefined {
  const ids = (endpoint?.vpcEndpoints ?? []).flatMap(({ networkInterfaces = [] }) =>
    networkInterfaces.map(({ networkInterfaceId }) => networkInterfaceId),
  );
  return ownInterfaces(network, { ids, within: () => false });
}

function networkOf(
  workgroup: Workgroup,
  port: number,
  enis: readonly NetworkInterface[] | undefined,
  { index }: Around,
): Protection {
  const { publiclyAccessible, securityGroupIds: groupIds = [], subnetIds = [], ipAddressType: type } = workgroup;
  if (publiclyAccessible !== false && groupIds.length === 0) return declaredUnknown('securityGroupIds absent');
  return networkProtection(
    managedReach(index, {
      port,
      publiclyAccessible,
      groupIds,
      subnetIds,
      enis,
      dualStack: type === undefined ? undefined : type !== 'ipv4',
    }),
  );
}
