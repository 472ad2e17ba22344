/** A VPC with a public and a private subnet over both address families, and what stands in it behind fronts. */
import type { Network, NetworkInterface, SecurityGroup } from '../../lib/model/network.ts';
import { EMPTY_NETWORK } from './aws.ts';

export const VPC = 'vpc-1';
export const PUBLIC_SUBNET = 'subnet-public';
export const PRIVATE_SUBNET = 'subnet-private';

function group(GroupId: string, v4: readonly string[] = [], v6: readonly string[] = []): SecurityGroup {
  return {
    GroupId,
    VpcId: VPC,
    IpPermissions: [
      {
        IpProtocol: '-1',
        IpRanges: v4.map((CidrIp) => ({ CidrIp })),
        Ipv6Ranges: v6.map((CidrIpv6) => ({ CidrIpv6 })),
      },
    ],
  };
}

/** `sg-world`, `sg-office`, `sg-shut` and `sg-inside` let in what they are called; `sg-balanced` what comes from `sg-office`. */
export const NETWORK: Network = {
  ...EMPTY_NETWORK,
  groups: [
    group('sg-world', ['0.0.0.0/0'], ['::/0']),
    group('sg-office', ['198.41.0.4/32']),
    group('sg-shut'),
    group('sg-inside', ['10.0.0.0/8']),
    {
      GroupId: 'sg-balanced',
      VpcId: VPC,
      IpPermissions: [
        { IpProtocol: 'tcp', FromPort: 9200, ToPort: 9200, UserIdGroupPairs: [{ GroupId: 'sg-office' }] },
      ],
    },
  ],
  subnets: [PUBLIC_SUBNET, PRIVATE_SUBNET].map((SubnetId) => ({
    SubnetId,
    VpcId: VPC,
    BlockPublicAccessStates: { InternetGatewayBlockMode: 'off' },
  })),
  routeTables: [
    {
      RouteTableId: 'rtb-public',
      VpcId: VPC,
      Associations: [{ SubnetId: PUBLIC_SUBNET }],
      Routes: [
        { DestinationCidrBlock: '0.0.0.0/0', GatewayId: 'igw-1', State: 'active' },
        { DestinationIpv6CidrBlock: '::/0', GatewayId: 'igw-1', State: 'active' },
      ],
    },
    {
      RouteTableId: 'rtb-private',
      VpcId: VPC,
      Associations: [{ SubnetId: PRIVATE_SUBNET, Main: true }],
      Routes: [{ DestinationCidrBlock: '10.0.0.0/16', GatewayId: 'local', State: 'active' }],
    },
  ],
  nacls: [
    {
      NetworkAclId: 'acl-1',
      VpcId: VPC,
      IsDefault: true,
      Associations: [{ SubnetId: PUBLIC_SUBNET }, { SubnetId: PRIVATE_SUBNET }],
      Entries: [true, false].flatMap((Egress) => [
        { RuleNumber: 100, Egress, Protocol: '-1', CidrBlock: '0.0.0.0/0', RuleAction: 'allow' },
        { RuleNumber: 101, Egress, Protocol: '-1', Ipv6CidrBlock: '::/0', RuleAction: 'allow' },
      ]),
    },
  ],
  internetGateways: [{ InternetGatewayId: 'igw-1', Attachments: [{ VpcId: VPC, State: 'available' }] }],
};

export function networkWith(...interfaces: readonly NetworkInterface[]): Network {
  return { ...NETWORK, interfaces };
}

/** An interface in the private subnet, without a public address. */
export function privateInterface(PrivateIpAddress: string, change: Partial<NetworkInterface> = {}): NetworkInterface {
  return {
    NetworkInterfaceId: `eni-${PrivateIpAddress}`,
    VpcId: VPC,
    SubnetId: PRIVATE_SUBNET,
    Status: 'in-use',
    InterfaceType: 'interface',
    PrivateIpAddress,
    PrivateIpAddresses: [{ PrivateIpAddress }],
    Groups: [{ GroupId: 'sg-inside' }],
    Ipv6Addresses: [],
    ...change,
  };
}

/** The same in the public subnet, with an address on the internet. */
export function publicInterface(PublicIp: string, change: Partial<NetworkInterface> = {}): NetworkInterface {
  return privateInterface('10.0.0.9', {
    NetworkInterfaceId: `eni-${PublicIp}`,
    SubnetId: PUBLIC_SUBNET,
    Association: { PublicIp },
    Groups: [{ GroupId: 'sg-world' }],
    ...change,
  });
}
