/** What stands in front, and what can be copied: planted beside the engines of plant.ts. */
import { CreateDistributionCommand, CloudFrontClient } from '@aws-sdk/client-cloudfront';
import {
  CreateSnapshotCommand,
  CreateVolumeCommand,
  DescribeSubnetsCommand,
  EC2Client,
  ModifySnapshotAttributeCommand,
} from '@aws-sdk/client-ec2';
import {
  CreateListenerCommand,
  CreateLoadBalancerCommand,
  CreateTargetGroupCommand,
  ElasticLoadBalancingV2Client,
  RegisterTargetsCommand,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import {
  BatchGetCollectionCommand,
  CreateCollectionCommand,
  CreateSecurityPolicyCommand,
  OpenSearchServerlessClient,
} from '@aws-sdk/client-opensearchserverless';
import { CreateDBProxyCommand, RDSClient } from '@aws-sdk/client-rds';
import type { Config } from './account.ts';
import type { Planted } from './plant.ts';

export async function plantFronts(config: Config): Promise<readonly Planted[]> {
  const subnets = await subnetsOf(config);
  const groups = await Promise.all([
    balancer(config, subnets),
    proxy(config, subnets),
    snapshot(config),
    collection(config),
    ...(config.region === 'us-east-1' ? [distribution(config)] : []),
  ]);
  return groups.flat();
}

async function subnetsOf(config: Config): Promise<readonly { readonly id: string; readonly vpc: string }[]> {
  const ec2 = new EC2Client(config);
  const { Subnets: subnets } = await ec2.send(new DescribeSubnetsCommand({}));
  ec2.destroy();
  return (subnets ?? []).flatMap(({ SubnetId: id, VpcId: vpc }) =>
    id === undefined || vpc === undefined ? [] : [{ id, vpc }],
  );
}

async function balancer(config: Config, subnets: Awaited<ReturnType<typeof subnetsOf>>): Promise<readonly Planted[]> {
  const client = new ElasticLoadBalancingV2Client(config);
  const [first] = subnets;
  const made = await client.send(
    new CreateLoadBalancerCommand({
      Name: 'search',
      Type: 'network',
      Scheme: 'internet-facing',
      Subnets: subnets.slice(0, 2).map((s) => s.id),
    }),
  );
  const group = await client.send(
    new CreateTargetGroupCommand({ Name: 'search', Protocol: 'TCP', Port: 9200, VpcId: first?.vpc, TargetType: 'ip' }),
  );
  const TargetGroupArn = group.TargetGroups?.[0]?.TargetGroupArn;
  await client.send(new RegisterTargetsCommand({ TargetGroupArn, Targets: [{ Id: '172.31.0.50', Port: 9200 }] }));
  await client.send(
    new CreateListenerCommand({
      LoadBalancerArn: made.LoadBalancers?.[0]?.LoadBalancerArn,
      Protocol: 'TCP',
      Port: 9200,
      DefaultActions: [{ Type: 'forward', TargetGroupArn }],
    }),
  );
  client.destroy();
  // moto says neither whether the client's address is kept nor whose interface the target is: not known, and never closed.
  return [{ door: 'load-balancers/search/9200', levels: { network: 'unknown' } }];
}

async function proxy(config: Config, subnets: Awaited<ReturnType<typeof subnetsOf>>): Promise<readonly Planted[]> {
  const client = new RDSClient(config);
  await client.send(
    new CreateDBProxyCommand({
      DBProxyName: 'pool',
      EngineFamily: 'POSTGRESQL',
      RequireTLS: false,
      RoleArn: 'arn:aws:iam::123456789012:role/proxy',
      VpcSubnetIds: subnets.slice(0, 2).map((s) => s.id),
      Auth: [{ AuthScheme: 'SECRETS', IAMAuth: 'DISABLED' }],
    }),
  );
  client.destroy();
  return [{ door: 'rds-proxy/pool', levels: { tls: 'partial' } }];
}

async function snapshot(config: Config): Promise<readonly Planted[]> {
  const client = new EC2Client(config);
  const volume = await client.send(new CreateVolumeCommand({ AvailabilityZone: `${config.region}a`, Size: 1 }));
  const { SnapshotId: id } = await client.send(new CreateSnapshotCommand({ VolumeId: volume.VolumeId }));
  await client.send(
    new ModifySnapshotAttributeCommand({
      SnapshotId: id,
      Attribute: 'createVolumePermission',
      OperationType: 'add',
      GroupNames: ['all'],
    }),
  );
  client.destroy();
  return [{ door: `ebs-snapshots/${id ?? ''}`, levels: { sharing: 'off', 'encryption-at-rest': 'off' } }];
}

/** moto wants a key in the encryption policy, and the collection before its network policy. */
async function collection(config: Config): Promise<readonly Planted[]> {
  const client = new OpenSearchServerlessClient(config);
  const rules = [{ ResourceType: 'collection', Resource: ['collection/events'] }];
  const encryption = { Rules: rules, AWSOwnedKey: false, KmsARN: 'arn:aws:kms:us-east-1:123456789012:key/x' };
  await client.send(
    new CreateSecurityPolicyCommand({ type: 'encryption', name: 'events', policy: JSON.stringify(encryption) }),
  );
  const { createCollectionDetail: made } = await client.send(
    new CreateCollectionCommand({ name: 'events', type: 'SEARCH' }),
  );
  const network = [{ Rules: rules, AllowFromPublic: true }];
  await client.send(
    new CreateSecurityPolicyCommand({ type: 'network', name: 'events', policy: JSON.stringify(network) }),
  );
  await client.send(new BatchGetCollectionCommand({ ids: [made?.id ?? ''] }));
  client.destroy();
  return [
    { door: 'opensearch-serverless/events', levels: { network: 'off', authentication: 'on', tls: 'on' } },
    { door: 'opensearch-serverless/events/dashboard', levels: { network: 'on', authentication: 'on' } },
  ];
}

async function distribution(config: Config): Promise<readonly Planted[]> {
  const client = new CloudFrontClient(config);
  const { Distribution: made } = await client.send(
    new CreateDistributionCommand({
      DistributionConfig: {
        CallerReference: config.credentials.accessKeyId,
        Comment: 'search',
        Enabled: true,
        Origins: {
          Quantity: 1,
          Items: [
            {
              Id: 'search',
              DomainName: 'search-device-analytics-abc.us-east-1.es.amazonaws.com',
              CustomOriginConfig: { HTTPPort: 80, HTTPSPort: 443, OriginProtocolPolicy: 'https-only' },
            },
          ],
        },
        DefaultCacheBehavior: {
          TargetOriginId: 'search',
          ViewerProtocolPolicy: 'allow-all',
          MinTTL: 0,
          ForwardedValues: { QueryString: true, Cookies: { Forward: 'none' } },
        },
      },
    }),
  );
  client.destroy();
  const levels = { network: 'off', tls: 'partial' };
  return [
    { door: `cloudfront/${made?.Id ?? ''}`, levels },
    { door: `cloudfront/${made?.Id ?? ''}/http`, levels },
  ];
}
