/**
 * What the EC2 Describe calls say of one region's network, in the shapes they return, reduced to what decides who
 * may connect (aws-services.md section 4.1). Every field may be missing: AWS omits what it does not know, and a
 * missing field is never read as "closed".
 */

/** The parts of a network that are read by one call each. A part that was not answered makes reach unknown. */
export const NETWORK_PARTS = [
  'interfaces',
  'groups',
  'subnets',
  'routeTables',
  'nacls',
  'internetGateways',
  'blockPublicAccess',
  'prefixLists',
  'addresses',
] as const;
export type NetworkPart = (typeof NETWORK_PARTS)[number];

export interface NetworkInterface {
  readonly NetworkInterfaceId?: string | undefined;
  readonly VpcId?: string | undefined;
  readonly SubnetId?: string | undefined;
  readonly OwnerId?: string | undefined;
  readonly Description?: string | undefined;
  readonly RequesterId?: string | undefined;
  readonly RequesterManaged?: boolean | undefined;
  readonly InterfaceType?: string | undefined;
  readonly Status?: string | undefined;
  readonly Groups?: readonly { readonly GroupId?: string | undefined }[] | undefined;
  readonly Attachment?:
    | { readonly InstanceId?: string | undefined; readonly InstanceOwnerId?: string | undefined }
    | undefined;
  readonly Association?: PublicAssociation | undefined;
  readonly PrivateIpAddress?: string | undefined;
  readonly PrivateIpAddresses?:
    | readonly {
        readonly PrivateIpAddress?: string | undefined;
        readonly Association?: PublicAssociation | undefined;
      }[]
    | undefined;
  readonly Ipv6Addresses?: readonly { readonly Ipv6Address?: string | undefined }[] | undefined;
  readonly DenyAllIgwTraffic?: boolean | undefined;
  readonly TagSet?: readonly { readonly Key?: string | undefined; readonly Value?: string | undefined }[] | undefined;
}

export interface PublicAssociation {
  readonly PublicIp?: string | undefined;
  readonly PublicDnsName?: string | undefined;
  readonly AllocationId?: string | undefined;
  /** A telecom path, not the internet. */
  readonly CarrierIp?: string | undefined;
}

export interface SecurityGroup {
  readonly GroupId?: string | undefined;
  readonly GroupName?: string | undefined;
  readonly VpcId?: string | undefined;
  readonly IpPermissions?: readonly IpPermission[] | undefined;
}

/** One inbound rule. `IpProtocol` `-1` is every protocol and port; ports are absent there. */
export interface IpPermission {
  readonly IpProtocol?: string | undefined;
  readonly FromPort?: number | undefined;
  readonly ToPort?: number | undefined;
  readonly IpRanges?: readonly { readonly CidrIp?: string | undefined }[] | undefined;
  readonly Ipv6Ranges?: readonly { readonly CidrIpv6?: string | undefined }[] | undefined;
  readonly PrefixListIds?: readonly { readonly PrefixListId?: string | undefined }[] | undefined;
  readonly UserIdGroupPairs?: readonly { readonly GroupId?: string | undefined }[] | undefined;
}

export interface Subnet {
  readonly SubnetId?: string | undefined;
  readonly VpcId?: string | undefined;
  /** Includes exclusions already, so it outranks the region's switch. */
  readonly BlockPublicAccessStates?: { readonly InternetGatewayBlockMode?: string | undefined } | undefined;
}

export interface RouteTable {
  readonly RouteTableId?: string | undefined;
  readonly VpcId?: string | undefined;
  readonly Associations?:
    | readonly { readonly SubnetId?: string | undefined; readonly Main?: boolean | undefined }[]
    | undefined;
  readonly Routes?: readonly Route[] | undefined;
}

export interface Route {
  readonly DestinationCidrBlock?: string | undefined;
  readonly DestinationIpv6CidrBlock?: string | undefined;
  readonly DestinationPrefixListId?: string | undefined;
  /** `igw-`, `local`, or `vpce-` of a firewall. */
  readonly GatewayId?: string | undefined;
  readonly NatGatewayId?: string | undefined;
  readonly EgressOnlyInternetGatewayId?: string | undefined;
  readonly TransitGatewayId?: string | undefined;
  readonly NetworkInterfaceId?: string | undefined;
  readonly VpcPeeringConnectionId?: string | undefined;
  readonly State?: string | undefined;
}

export interface NetworkAcl {
  readonly NetworkAclId?: string | undefined;
  readonly VpcId?: string | undefined;
  readonly IsDefault?: boolean | undefined;
  readonly Associations?: readonly { readonly SubnetId?: string | undefined }[] | undefined;
  readonly Entries?: readonly NetworkAclEntry[] | undefined;
}

/** `Protocol` is a number as text, `-1` for all; `PortRange` is absent for those without ports. */
export interface NetworkAclEntry {
  readonly RuleNumber?: number | undefined;
  readonly Egress?: boolean | undefined;
  readonly Protocol?: string | undefined;
  readonly CidrBlock?: string | undefined;
  readonly Ipv6CidrBlock?: string | undefined;
  readonly PortRange?: { readonly From?: number | undefined; readonly To?: number | undefined } | undefined;
  readonly RuleAction?: string | undefined;
}

export interface InternetGateway {
  readonly InternetGatewayId?: string | undefined;
  readonly Attachments?:
    | readonly { readonly VpcId?: string | undefined; readonly State?: string | undefined }[]
    | undefined;
}

export interface ElasticAddress {
  readonly PublicIp?: string | undefined;
  readonly AllocationId?: string | undefined;
  readonly NetworkInterfaceId?: string | undefined;
  readonly InstanceId?: string | undefined;
  readonly PrivateIpAddress?: string | undefined;
  readonly Tags?: readonly { readonly Key?: string | undefined; readonly Value?: string | undefined }[] | undefined;
}

/** One account's network in one region. */
export interface Network {
  readonly interfaces: readonly NetworkInterface[];
  readonly groups: readonly SecurityGroup[];
  readonly subnets: readonly Subnet[];
  readonly routeTables: readonly RouteTable[];
  readonly nacls: readonly NetworkAcl[];
  readonly internetGateways: readonly InternetGateway[];
  /** The region's switch: `off`, `block-ingress`, `block-bidirectional`. Absent where the call is not answered. */
  readonly blockMode?: string | undefined;
  /** Entries by prefix list id. A list that is not here could not be read: whoever uses it is unknown. */
  readonly prefixLists: Readonly<Record<string, readonly string[]>>;
  readonly addresses: readonly ElasticAddress[];
  /** Parts that were not answered or not complete. */
  readonly missing: ReadonlySet<NetworkPart>;
}
