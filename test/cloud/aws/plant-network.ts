/** moto's default VPC has no way out: a gateway, and a route to it in the main table. */
import {
  AllocateAddressCommand,
  AssociateAddressCommand,
  AttachInternetGatewayCommand,
  CreateInternetGatewayCommand,
  CreateRouteCommand,
  CreateSecurityGroupCommand,
  DescribeRouteTablesCommand,
  DescribeSubnetsCommand,
  DescribeVpcsCommand,
  EC2Client,
  RunInstancesCommand,
} from '@aws-sdk/client-ec2';
import type { Config } from '../account.ts';

export async function connectVpc(config: Config): Promise<void> {
  const ec2 = new EC2Client(config);
  const { Vpcs = [] } = await ec2.send(new DescribeVpcsCommand({}));
  const VpcId = Vpcs[0]?.VpcId;
  const { InternetGateway: gateway } = await ec2.send(new CreateInternetGatewayCommand({}));
  const GatewayId = gateway?.InternetGatewayId;
  await ec2.send(new AttachInternetGatewayCommand({ InternetGatewayId: GatewayId, VpcId }));
  const { RouteTables = [] } = await ec2.send(
    new DescribeRouteTablesCommand({ Filters: [{ Name: 'vpc-id', Values: [VpcId ?? ''] }] }),
  );
  const { RouteTableId } = RouteTables[0] ?? {};
  await ec2.send(new CreateRouteCommand({ RouteTableId, DestinationCidrBlock: '0.0.0.0/0', GatewayId }));
  ec2.destroy();
}

export interface Guarded {
  readonly groupId: string;
  readonly vpcId: string;
}

/** An instance at an address of loopback, behind a group of its own that lets in nobody yet. */
export async function plantGuarded(config: Config, address: string): Promise<Guarded> {
  const ec2 = new EC2Client(config);
  const { Subnets = [] } = await ec2.send(new DescribeSubnetsCommand({}));
  const { VpcId: vpcId = '', SubnetId } = Subnets[0] ?? {};
  const { GroupId: groupId = '' } = await ec2.send(
    new CreateSecurityGroupCommand({ GroupName: `guard-${address}`, Description: 'test', VpcId: vpcId }),
  );
  const { Instances = [] } = await ec2.send(
    new RunInstancesCommand({
      ImageId: 'ami-12c6146b',
      MinCount: 1,
      MaxCount: 1,
      InstanceType: 't3.micro',
      NetworkInterfaces: [{ DeviceIndex: 0, SubnetId, Groups: [groupId], AssociatePublicIpAddress: false }],
    }),
  );
  const { AllocationId } = await ec2.send(new AllocateAddressCommand({ Domain: 'vpc', Address: address }));
  await ec2.send(new AssociateAddressCommand({ AllocationId, InstanceId: Instances[0]?.InstanceId }));
  ec2.destroy();
  return { groupId, vpcId };
}
