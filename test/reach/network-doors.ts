/** Networks in shorthand, so that a case shows what it is about and nothing else. */
import type {
  IpPermission,
  Network,
  NetworkAclEntry,
  NetworkInterface,
  NetworkPart,
  Route,
  RouteTable,
  Subnet,
} from '../../lib/model/network.ts';
import type { DoorInput } from '../../lib/reach/network.ts';

export interface DoorSketch {
  readonly port?: number | undefined;
  readonly eni?: NetworkInterface | undefined;
  /** `tcp 9200 0.0.0.0/0`, `tcp 0-65535 pl-1`, `-1 - sg-9`; null: rules not readable. */
  readonly groups?: Readonly<Record<string, readonly string[] | null>> | undefined;
  /** `100 in allow -1 0.0.0.0/0`, `90 out deny 6:443-444 ::/0`; null: not readable. */
  readonly nacl?: readonly string[] | null | undefined;
  /** `0.0.0.0/0 igw-1`, `pl-1 tgw-1 blackhole`. */
  readonly routes?: readonly string[] | undefined;
  /** In place of one table that names the subnet. */
  readonly tables?: readonly TableSketch[] | undefined;
  /** VPC id to attachment state. */
  readonly igws?: Readonly<Record<string, string | null>> | undefined;
  readonly lists?: Readonly<Record<string, readonly string[]>> | undefined;
  /** Block public access: of the subnet, of the region (`off` unless said; null: not readable). */
  readonly subnetMode?: string | undefined;
  readonly regionMode?: string | null | undefined;
  readonly subnet?: null | undefined;
  readonly missing?: readonly NetworkPart[] | undefined;
}

export interface TableSketch {
  readonly id: string;
  readonly vpc?: string | undefined;
  readonly subnets?: readonly string[] | undefined;
  readonly main?: boolean | undefined;
  readonly routes: readonly string[];
}

export const OPEN_ACL = [
  '100 in allow -1 0.0.0.0/0',
  '101 in allow -1 ::/0',
  '100 out allow -1 0.0.0.0/0',
  '101 out allow -1 ::/0',
];
export const OPEN_ROUTES = ['10.0.0.0/16 local', '0.0.0.0/0 igw-1', '::/0 igw-1'];

/** Open to all of IPv4 on 9200 unless the sketch says otherwise. */
export function aDoor(sketch: DoorSketch = {}): DoorInput {
  const { port = 9200, groups = { 'sg-1': ['tcp 9200 0.0.0.0/0'] }, nacl = OPEN_ACL } = sketch;
  const { routes = OPEN_ROUTES, igws = { 'vpc-1': 'available' }, regionMode = 'off', subnetMode } = sketch;
  const ids = Object.keys(groups).map((GroupId) => ({ GroupId }));
  const mode = { InternetGatewayBlockMode: subnetMode };
  const subnet: Subnet = { SubnetId: 'sn-1', VpcId: 'vpc-1', ...(subnetMode && { BlockPublicAccessStates: mode }) };
  return {
    eni: anInterface({ Groups: ids, ...sketch.eni }),
    port,
    subnet: sketch.subnet === null ? undefined : subnet,
    groups: Object.entries(groups).map(([GroupId, rules]) => ({ GroupId, IpPermissions: rules?.map(permission) })),
    nacl:
      nacl === null
        ? undefined
        : { NetworkAclId: 'acl-1', Associations: [{ SubnetId: 'sn-1' }], Entries: nacl.map(aclEntry) },
    routeTables: (sketch.tables ?? [{ id: 'rtb-1', subnets: ['sn-1'], routes }]).map(routeTable),
    igws: Object.entries(igws).map(([VpcId, State]) => ({
      InternetGatewayId: 'igw-1',
      Attachments: [{ VpcId, ...(State !== null && { State }) }],
    })),
    prefixLists: sketch.lists ?? {},
    vpcBpa: regionMode === null ? undefined : { InternetGatewayBlockMode: regionMode },
    missing: new Set(sketch.missing),
  };
}

export function anInterface(over: NetworkInterface = {}): NetworkInterface {
  return {
    NetworkInterfaceId: 'eni-1',
    VpcId: 'vpc-1',
    SubnetId: 'sn-1',
    Association: { PublicIp: '54.1.2.3' },
    PrivateIpAddresses: [],
    Ipv6Addresses: [],
    ...over,
  };
}

/** The same network as one account-region's. */
export function networkOf(door: DoorInput): Network {
  return {
    interfaces: [door.eni],
    groups: door.groups,
    subnets: door.subnet === undefined ? [] : [door.subnet],
    routeTables: door.routeTables,
    nacls: door.nacl === undefined ? [] : [door.nacl],
    internetGateways: door.igws,
    blockMode: door.vpcBpa?.InternetGatewayBlockMode,
    prefixLists: door.prefixLists,
    addresses: [],
    missing: door.missing ?? new Set(),
  };
}

function permission(text: string): IpPermission {
  const [IpProtocol = '', ports = '', source = ''] = text.split(' ');
  const [FromPort, ToPort = FromPort] = ports.split('-').map(Number);
  return {
    ...(IpProtocol !== 'absent' && { IpProtocol }),
    ...(/^\d/.test(ports) && { FromPort, ToPort }),
    IpRanges: source.includes('.') || source === 'nonsense' ? [{ CidrIp: source }] : [],
    Ipv6Ranges: source.includes(':') ? [{ CidrIpv6: source }] : [],
    PrefixListIds: source.startsWith('pl-') ? [{ PrefixListId: source }] : [],
    UserIdGroupPairs: source.startsWith('sg-') ? [{ GroupId: source }] : [],
  };
}

function aclEntry(text: string): NetworkAclEntry {
  const [number = '', direction, RuleAction, match = '', block = ''] = text.split(' ');
  const [Protocol, ports] = match.split(':');
  const [From, To = From] = ports?.split('-').map(Number) ?? [];
  return {
    ...(number !== 'absent' && { RuleNumber: Number(number) }),
    Egress: direction === 'out',
    RuleAction,
    ...(Protocol !== 'absent' && { Protocol }),
    ...(ports !== undefined && { PortRange: { From, To } }),
    ...(block.includes(':') ? { Ipv6CidrBlock: block } : { CidrBlock: block }),
  };
}

function routeTable({ id, vpc = 'vpc-1', subnets = [], main, routes }: TableSketch): RouteTable {
  const named = subnets.map((SubnetId) => ({ SubnetId, Main: false }));
  return {
    RouteTableId: id,
    VpcId: vpc,
    Associations: main === true ? [...named, { Main: true }] : named,
    Routes: routes.map(route),
  };
}

const TARGETS: readonly (readonly [prefix: string, field: keyof Route])[] = [
  ['nat-', 'NatGatewayId'],
  ['eigw-', 'EgressOnlyInternetGatewayId'],
  ['tgw-', 'TransitGatewayId'],
  ['eni-', 'NetworkInterfaceId'],
  ['pcx-', 'VpcPeeringConnectionId'],
];

export function route(text: string): Route {
  const [destination = '', target = '', State] = text.split(' ');
  const field = TARGETS.find(([prefix]) => target.startsWith(prefix))?.[1] ?? 'GatewayId';
  return {
    ...(destination.startsWith('pl-')
      ? { DestinationPrefixListId: destination }
      : destination.includes(':')
        ? { DestinationIpv6CidrBlock: destination }
        : { DestinationCidrBlock: destination }),
    ...(target !== 'nothing' && { [field]: target }),
    ...(State !== undefined && { State }),
  };
}
