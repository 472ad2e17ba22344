/**
 * Reads one region's network: what decides who may connect to what (aws-services.md section 4.1). One call after the
 * other, so that what a call left unsaid is known to be that call's. A part that was not answered, or not to its end,
 * is `missing`: whoever needs it does not know. An API that a partition does not have is missing too, never `off`.
 */
import {
  DescribeAddressesCommand,
  DescribeInternetGatewaysCommand,
  DescribeNetworkAclsCommand,
  DescribeNetworkInterfacesCommand,
  DescribeRouteTablesCommand,
  DescribeSecurityGroupsCommand,
  DescribeSubnetsCommand,
  DescribeVpcBlockPublicAccessOptionsCommand,
  EC2Client,
  GetManagedPrefixListEntriesCommand,
} from '@aws-sdk/client-ec2';
import type { Network, NetworkPart, RouteTable, SecurityGroup } from '../model/network.ts';
import type { OpenCell } from './cell.ts';
import { pagesOf } from './pages.ts';

export const NETWORK_ACTIONS = [
  'ec2:DescribeNetworkInterfaces',
  'ec2:DescribeSecurityGroups',
  'ec2:DescribeSubnets',
  'ec2:DescribeRouteTables',
  'ec2:DescribeNetworkAcls',
  'ec2:DescribeInternetGateways',
  'ec2:DescribeVpcBlockPublicAccessOptions',
  'ec2:DescribeAddresses',
  'ec2:GetManagedPrefixListEntries',
] as const;

/** The most that EC2 returns per page of interfaces, groups, subnets, ACLs and gateways. */
const PAGE = 1_000;
/** Of route tables and prefix list entries. */
const SMALL_PAGE = 100;

export async function readNetwork(cell: OpenCell): Promise<Network> {
  const ec2 = cell.client(EC2Client);
  const missing = new Set<NetworkPart>();
  /** Runs one part's calls; a problem recorded meanwhile is a part not read whole. */
  const part = async <T>(name: NetworkPart, read: () => Promise<T>): Promise<T> => {
    const before = cell.problems.length;
    const value = await read();
    if (cell.problems.length > before) missing.add(name);
    return value;
  };
  const pages = async <O extends { readonly NextToken?: string | undefined }, T>(
    name: NetworkPart,
    action: (typeof NETWORK_ACTIONS)[number],
    call: (NextToken: string | undefined) => Promise<O>,
    items: (page: O) => readonly T[] | undefined,
  ): Promise<readonly T[]> => part(name, () => cell.list(action, call, items, (page) => page.NextToken));

  const interfaces = await pages(
    'interfaces',
    'ec2:DescribeNetworkInterfaces',
    (NextToken) => ec2.send(new DescribeNetworkInterfacesCommand({ MaxResults: PAGE, NextToken })),
    (page) => page.NetworkInterfaces,
  );
  const groups = await pages(
    'groups',
    'ec2:DescribeSecurityGroups',
    (NextToken) => ec2.send(new DescribeSecurityGroupsCommand({ MaxResults: PAGE, NextToken })),
    (page) => page.SecurityGroups,
  );
  const subnets = await pages(
    'subnets',
    'ec2:DescribeSubnets',
    (NextToken) => ec2.send(new DescribeSubnetsCommand({ MaxResults: PAGE, NextToken })),
    (page) => page.Subnets,
  );
  const routeTables = await pages(
    'routeTables',
    'ec2:DescribeRouteTables',
    (NextToken) => ec2.send(new DescribeRouteTablesCommand({ MaxResults: SMALL_PAGE, NextToken })),
    (page) => page.RouteTables,
  );
  const nacls = await pages(
    'nacls',
    'ec2:DescribeNetworkAcls',
    (NextToken) => ec2.send(new DescribeNetworkAclsCommand({ MaxResults: PAGE, NextToken })),
    (page) => page.NetworkAcls,
  );
  const internetGateways = await pages(
    'internetGateways',
    'ec2:DescribeInternetGateways',
    (NextToken) => ec2.send(new DescribeInternetGatewaysCommand({ MaxResults: PAGE, NextToken })),
    (page) => page.InternetGateways,
  );
  const addresses = await part('addresses', () =>
    cell.ask('ec2:DescribeAddresses', () => ec2.send(new DescribeAddressesCommand({}))),
  );
  return {
    interfaces,
    groups,
    subnets,
    routeTables,
    nacls,
    internetGateways,
    blockMode: await part('blockPublicAccess', () => readBlockMode(cell, ec2)),
    prefixLists: await part('prefixLists', () => readPrefixLists(cell, ec2, groups, routeTables)),
    addresses: addresses?.Addresses ?? [],
    missing,
  };
}

async function readBlockMode(cell: OpenCell, ec2: EC2Client): Promise<string | undefined> {
  const action = 'ec2:DescribeVpcBlockPublicAccessOptions';
  const answer = await cell.ask(action, () => ec2.send(new DescribeVpcBlockPublicAccessOptionsCommand({})));
  const mode = answer?.VpcBlockPublicAccessOptions?.InternetGatewayBlockMode;
  if (answer !== undefined && mode === undefined) cell.gap('incomplete', `${action}: no InternetGatewayBlockMode`);
  return mode;
}

/** Only the lists that a rule or a route names. One not read to its end is left out: half a list would hide sources. */
async function readPrefixLists(
  cell: OpenCell,
  ec2: EC2Client,
  groups: readonly SecurityGroup[],
  routeTables: readonly RouteTable[],
): Promise<Network['prefixLists']> {
  const named = [
    ...groups.flatMap(({ IpPermissions: rules }) => rules ?? []).flatMap(({ PrefixListIds: lists }) => lists ?? []),
    ...routeTables
      .flatMap(({ Routes: routes }) => routes ?? [])
      .map(({ DestinationPrefixListId: PrefixListId }) => ({ PrefixListId })),
  ].flatMap(({ PrefixListId }) => (PrefixListId === undefined ? [] : [PrefixListId]));
  const lists: [string, readonly string[]][] = [];
  for (const id of new Set(named.toSorted())) {
    const { items, whole } = await pagesOf(cell, id, {
      action: 'ec2:GetManagedPrefixListEntries',
      call: (NextToken) =>
        ec2.send(new GetManagedPrefixListEntriesCommand({ PrefixListId: id, MaxResults: SMALL_PAGE, NextToken })),
      items: (page) => page.Entries,
      next: (page) => page.NextToken,
    });
    // An entry without a block stays in as text that is none: whoever uses the list then does not know.
    if (whole) lists.push([id, items.map(({ Cidr }) => Cidr ?? 'absent')]);
  }
  return Object.fromEntries(lists);
}
