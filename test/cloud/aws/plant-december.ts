/** What is closed on 3 December, all of it on moto: two domains, a database and its parameter group, a snapshot, a collection. */
import {
  CreateSecurityGroupCommand,
  DescribeSubnetsCommand,
  EC2Client,
  AuthorizeSecurityGroupIngressCommand,
} from '@aws-sdk/client-ec2';
import { CreateDomainCommand, OpenSearchClient } from '@aws-sdk/client-opensearch';
import {
  CreateCollectionCommand,
  CreateSecurityPolicyCommand,
  OpenSearchServerlessClient,
} from '@aws-sdk/client-opensearchserverless';
import {
  CreateDBInstanceCommand,
  CreateDBParameterGroupCommand,
  CreateDBSnapshotCommand,
  CreateDBSubnetGroupCommand,
  ModifyDBParameterGroupCommand,
  RDSClient,
} from '@aws-sdk/client-rds';
import type { Config } from '../account.ts';

export const DOMAIN = {
  EngineVersion: 'OpenSearch_2.5',
  EncryptionAtRestOptions: { Enabled: true },
  AccessPolicies: policy('Deny'),
  DomainEndpointOptions: { EnforceHTTPS: true, TLSSecurityPolicy: 'Policy-Min-TLS-1-2-2019-07' },
  AdvancedSecurityOptions: { Enabled: true, InternalUserDatabaseEnabled: true },
} as const;

/** moto takes an empty policy for "leave it as it is": nobody is let in by a denial. */
export function policy(Effect: 'Allow' | 'Deny'): string {
  return JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Sid: Effect, Effect, Principal: { AWS: '*' }, Action: 'es:*', Resource: '*' }],
  });
}

export async function plantDomains(config: Config, names: readonly string[]): Promise<void> {
  const client = new OpenSearchClient(config);
  for (const DomainName of names) await client.send(new CreateDomainCommand({ ...DOMAIN, DomainName }));
  client.destroy();
}

export const GROUP = 'orders-pg16';

/** Closed to the internet by one switch alone: their security group lets everybody in. `grouped` has the parameter group. */
export async function plantDatabases(config: Config, grouped: string, other: string): Promise<void> {
  const { groupId, SubnetIds } = await openGroup(config);
  const rds = new RDSClient(config);
  await rds.send(
    new CreateDBSubnetGroupCommand({ DBSubnetGroupName: 'public', DBSubnetGroupDescription: 'test', SubnetIds }),
  );
  await rds.send(
    new CreateDBParameterGroupCommand({
      DBParameterGroupName: GROUP,
      DBParameterGroupFamily: 'postgres16',
      Description: 'test',
    }),
  );
  await rds.send(new ModifyDBParameterGroupCommand({ DBParameterGroupName: GROUP, Parameters: [forceSsl('1')] }));
  for (const DBInstanceIdentifier of [grouped, other]) {
    await rds.send(
      new CreateDBInstanceCommand({
        DBInstanceIdentifier,
        Engine: 'postgres',
        EngineVersion: '16.3',
        AllocatedStorage: 20,
        DBInstanceClass: 'db.t3.micro',
        MasterUsername: 'admin1',
        MasterUserPassword: 'not-a-secret',
        PubliclyAccessible: false,
        StorageEncrypted: false,
        VpcSecurityGroupIds: [groupId],
        ...(DBInstanceIdentifier === grouped ? { DBParameterGroupName: GROUP } : {}),
        DBSubnetGroupName: 'public',
      }),
    );
  }
  const copy = { DBInstanceIdentifier: grouped, DBSnapshotIdentifier: `${grouped}-copy` };
  await rds.send(new CreateDBSnapshotCommand(copy));
  rds.destroy();
}

export const forceSsl = (ParameterValue: '0' | '1') =>
  ({ ParameterName: 'rds.force_ssl', ParameterValue, ApplyMethod: 'pending-reboot' }) as const;

async function openGroup(config: Config): Promise<{ readonly groupId: string; readonly SubnetIds: string[] }> {
  const ec2 = new EC2Client(config);
  const { Subnets = [] } = await ec2.send(new DescribeSubnetsCommand({}));
  const { GroupId = '' } = await ec2.send(
    new CreateSecurityGroupCommand({ GroupName: 'databases', Description: 'test', VpcId: Subnets[0]?.VpcId }),
  );
  const IpPermissions = [{ IpProtocol: 'tcp', FromPort: 5432, ToPort: 5432, IpRanges: [{ CidrIp: '0.0.0.0/0' }] }];
  await ec2.send(new AuthorizeSecurityGroupIngressCommand({ GroupId, IpPermissions }));
  ec2.destroy();
  return { groupId: GroupId, SubnetIds: Subnets.flatMap(({ SubnetId }) => SubnetId ?? []) };
}

const COLLECTION = [{ ResourceType: 'collection', Resource: ['collection/analytics'] }];
export const NETWORK_POLICY = 'analytics-net';
export const networkPolicy = (AllowFromPublic: boolean): string =>
  JSON.stringify([
    { Rules: COLLECTION, AllowFromPublic, ...(AllowFromPublic ? {} : { SourceVPCEs: ['vpce-0123456789abcdef0'] }) },
  ]);

/** moto wants a key in the encryption policy, and the collection before its network policy. */
export async function plantCollection(config: Config): Promise<string> {
  const client = new OpenSearchServerlessClient(config);
  const KmsARN = 'arn:aws:kms:eu-west-1:111122223333:key/0a1b2c3d-0000-4000-8000-000000000001';
  const encryption = JSON.stringify({ Rules: COLLECTION, AWSOwnedKey: false, KmsARN });
  await client.send(new CreateSecurityPolicyCommand({ type: 'encryption', name: 'analytics-key', policy: encryption }));
  await client.send(new CreateCollectionCommand({ name: 'analytics', type: 'SEARCH' }));
  const { securityPolicyDetail: detail } = await client.send(
    new CreateSecurityPolicyCommand({ type: 'network', name: NETWORK_POLICY, policy: networkPolicy(false) }),
  );
  client.destroy();
  return detail?.policyVersion ?? '';
}
