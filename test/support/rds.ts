/** A VPC with one public and one private subnet, and RDS resources in it as the API describes them. */
import type { DBCluster, DBInstance } from '@aws-sdk/client-rds';
import type { Network, NetworkInterface, SecurityGroup } from '../../lib/model/network.ts';
import { EMPTY_NETWORK } from './aws.ts';

const VPC = 'vpc-1';
export const PUBLIC_SUBNET = 'subnet-public';
export const PRIVATE_SUBNET = 'subnet-private';

function group(GroupId: string, ...blocks: readonly string[]): SecurityGroup {
  const IpPermissions = blocks.map((CidrIp) => ({
    IpProtocol: 'tcp',
    FromPort: 0,
    ToPort: 65_535,
    IpRanges: [{ CidrIp }],
  }));
  return { GroupId, VpcId: VPC, IpPermissions };
}

/** `sg-world`, `sg-office` and `sg-shut` let in what they are called. */
export const NETWORK: Network = {
  ...EMPTY_NETWORK,
  groups: [group('sg-world', '0.0.0.0/0'), group('sg-office', '198.41.0.4/32'), group('sg-shut')],
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
      Routes: [{ DestinationCidrBlock: '0.0.0.0/0', GatewayId: 'igw-1', State: 'active' }],
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
      Entries: [true, false].map((Egress) => ({
        RuleNumber: 100,
        Egress,
        Protocol: '-1',
        CidrBlock: '0.0.0.0/0',
        RuleAction: 'allow',
      })),
    },
  ],
  internetGateways: [{ InternetGatewayId: 'igw-1', Attachments: [{ VpcId: VPC, State: 'available' }] }],
};

export function databaseInterface(change: Partial<NetworkInterface> = {}): NetworkInterface {
  return {
    NetworkInterfaceId: 'eni-1',
    VpcId: VPC,
    SubnetId: PUBLIC_SUBNET,
    Description: 'RDSNetworkInterface',
    RequesterId: 'amazon-rds',
    Status: 'in-use',
    Groups: [{ GroupId: 'sg-world' }],
    Association: { PublicIp: '52.0.0.1' },
    ...change,
  };
}

export const groupsOf = (...ids: readonly string[]): NonNullable<DBInstance['VpcSecurityGroups']> =>
  ids.map((VpcSecurityGroupId) => ({ VpcSecurityGroupId, Status: 'active' }));

export const subnetGroup = (...ids: readonly string[]): NonNullable<DBInstance['DBSubnetGroup']> => ({
  DBSubnetGroupName: 'subnets',
  VpcId: VPC,
  Subnets: ids.map((SubnetIdentifier) => ({ SubnetIdentifier })),
});

/** A private PostgreSQL instance that demands TLS, encrypts, and exports an audit log. */
export function anInstance(change: Partial<DBInstance> = {}): DBInstance {
  const DBInstanceIdentifier = change.DBInstanceIdentifier ?? 'orders';
  return {
    DBInstanceIdentifier,
    DBInstanceArn: `arn:aws:rds:us-east-1:111122223333:db:${DBInstanceIdentifier}`,
    DbiResourceId: `db-${DBInstanceIdentifier.toUpperCase()}`,
    DBInstanceStatus: 'available',
    Engine: 'postgres',
    EngineVersion: '16.4',
    Endpoint: { Address: `${DBInstanceIdentifier}.abc.us-east-1.rds.amazonaws.com`, Port: 5432 },
    PubliclyAccessible: false,
    NetworkType: 'IPV4',
    VpcSecurityGroups: groupsOf('sg-world'),
    DBSubnetGroup: subnetGroup(PUBLIC_SUBNET),
    DBParameterGroups: [{ DBParameterGroupName: 'orders-16', ParameterApplyStatus: 'in-sync' }],
    OptionGroupMemberships: [{ OptionGroupName: 'default:postgres-16', Status: 'in-sync' }],
    StorageEncrypted: true,
    IAMDatabaseAuthenticationEnabled: true,
    EnabledCloudwatchLogsExports: ['postgresql'],
    ...change,
  };
}

/** A cluster whose members are `<name>-1` and `<name>-2`, the first of them the writer. */
export function aCluster(change: Partial<DBCluster> = {}): DBCluster {
  const name = change.DBClusterIdentifier ?? 'shop';
  return {
    DBClusterIdentifier: name,
    DBClusterArn: `arn:aws:rds:us-east-1:111122223333:cluster:${name}`,
    DbClusterResourceId: `cluster-${name.toUpperCase()}`,
    Status: 'available',
    Engine: 'aurora-postgresql',
    EngineVersion: '16.4',
    Endpoint: `${name}.cluster-abc.us-east-1.rds.amazonaws.com`,
    ReaderEndpoint: `${name}.cluster-ro-abc.us-east-1.rds.amazonaws.com`,
    Port: 5432,
    DBClusterParameterGroup: `${name}-group`,
    DBClusterMembers: [1, 2].map((i) => ({
      DBInstanceIdentifier: `${name}-${i}`,
      IsClusterWriter: i === 1,
      DBClusterParameterGroupStatus: 'in-sync',
    })),
    VpcSecurityGroups: groupsOf('sg-world'),
    NetworkType: 'IPV4',
    StorageEncrypted: true,
    IAMDatabaseAuthenticationEnabled: true,
    HttpEndpointEnabled: false,
    EnabledCloudwatchLogsExports: ['postgresql'],
    ...change,
  };
}

export function aMember(name: string, change: Partial<DBInstance> = {}): DBInstance {
  return anInstance({
    DBInstanceIdentifier: name,
    DBClusterIdentifier: 'shop',
    Engine: 'aurora-postgresql',
    ...change,
  });
}
