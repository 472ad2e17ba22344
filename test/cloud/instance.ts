/** A forgotten engine: an instance nobody registered, with an Elastic IP, and a security group that lets the world in. */
import {
  AllocateAddressCommand,
  AssociateAddressCommand,
  AuthorizeSecurityGroupIngressCommand,
  CreateSecurityGroupCommand,
  DescribeInternetGatewaysCommand,
  AttachInternetGatewayCommand,
  CreateInternetGatewayCommand,
  CreateRouteCommand,
  DescribeRouteTablesCommand,
  DescribeSubnetsCommand,
  EC2Client,
  RunInstancesCommand,
} from '@aws-sdk/client-ec2';
import type { Config } from './account.ts';

export interface Instance {
  readonly instanceId: string;
  readonly groupId: string;
  readonly address: string;
}

/** `address` lies in 127.0.0.0/8, where a real engine listens: the prober never sees another. */
export async function plantInstance(config: Config, address: string, port: number): Promise<Instance> {
  const ec2 = new EC2Client(config);
  const { Subnets: subnets } = await ec2.send(new DescribeSubnetsCommand({}));
  const [subnet] = subnets ?? [];
  const vpc = required(subnet?.VpcId, 'a default VPC');
  await connect(ec2, vpc);
  const group = await ec2.send(
    new CreateSecurityGroupCommand({ GroupName: `forgotten-${port}`, Description: 'test', VpcId: vpc }),
  );
  const groupId = required(group.GroupId, 'a group');
  await ec2.send(
    new AuthorizeSecurityGroupIngressCommand({
      GroupId: groupId,
      IpPermissions: [{ IpProtocol: 'tcp', FromPort: port, ToPort: port, IpRanges: [{ CidrIp: '0.0.0.0/0' }] }],
    }),
  );
  const run = await ec2.send(
    new RunInstancesCommand({
      ImageId: 'ami-12c6146b',
      MinCount: 1,
      MaxCount: 1,
      InstanceType: 't3.micro',
      NetworkInterfaces: [
        {
          DeviceIndex: 0,
          SubnetId: required(subnet?.SubnetId, 'a subnet'),
          Groups: [groupId],
          AssociatePublicIpAddress: false,
        },
      ],
    }),
  );
  const [instance] = run.Instances ?? [];
  const instanceId = required(instance?.InstanceId, 'an instance');
  const given = await ec2.send(new AllocateAddressCommand({ Domain: 'vpc', Address: address }));
  await ec2.send(
    new AssociateAddressCommand({ AllocationId: required(given.AllocationId, 'an address'), InstanceId: instanceId }),
  );
  ec2.destroy();
  return { instanceId, groupId, address: required(given.PublicIp, 'a public address') };
}

/** moto's default VPC has no way out: a gateway, and a route to it in the main table. */
async function connect(ec2: EC2Client, vpc: string): Promise<void> {
  const { InternetGateways: gateways } = await ec2.send(
    new DescribeInternetGatewaysCommand({ Filters: [{ Name: 'attachment.vpc-id', Values: [vpc] }] }),
  );
  if ((gateways ?? []).length > 0) return;
  const { InternetGateway: gateway } = await ec2.send(new CreateInternetGatewayCommand({}));
  const id = required(gateway?.InternetGatewayId, 'a gateway');
  await ec2.send(new AttachInternetGatewayCommand({ InternetGatewayId: id, VpcId: vpc }));
  const { RouteTables: tables } = await ec2.send(
    new DescribeRouteTablesCommand({ Filters: [{ Name: 'vpc-id', Values: [vpc] }] }),
  );
  const table = required(tables?.[0]?.RouteTableId, 'a route table');
  await ec2.send(new CreateRouteCommand({ RouteTableId: table, DestinationCidrBlock: '0.0.0.0/0', GatewayId: id }));
}

function required<T>(value: T | undefined, what: string): T {
  if (value === undefined) throw new Error(`moto did not give ${what}`);
  return value;
}
