/**
 * What the suite plants on moto in every account and region, and what must be found of it: door, and the levels that
 * its configuration declares. Only services that moto can hold (README.md).
 */
import { CreateClusterCommand as CreateDaxCluster, DAXClient } from '@aws-sdk/client-dax';
import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { CreateReplicationGroupCommand, ElastiCacheClient } from '@aws-sdk/client-elasticache';
import { CreateClusterCommand as CreateMemoryDbCluster, MemoryDBClient } from '@aws-sdk/client-memorydb';
import { CreateBrokerCommand, MqClient } from '@aws-sdk/client-mq';
import { CreateDomainCommand, OpenSearchClient } from '@aws-sdk/client-opensearch';
import {
  CreateDBClusterCommand,
  CreateDBInstanceCommand,
  CreateDBSnapshotCommand,
  ModifyDBSnapshotAttributeCommand,
  RDSClient,
} from '@aws-sdk/client-rds';
import { CreateClusterCommand as CreateRedshiftCluster, RedshiftClient } from '@aws-sdk/client-redshift';
import { CreateDbInstanceCommand, TimestreamInfluxDBClient } from '@aws-sdk/client-timestream-influxdb';
import type { Config } from './account.ts';

/** `door` is the end of the endpoint's id after `account/region/`. */
export interface Planted {
  readonly door: string;
  readonly levels: Readonly<Record<string, string>>;
}

const WORLD = JSON.stringify({
  Statement: [{ Sid: 'everyone', Effect: 'Allow', Principal: '*', Action: 'es:*', Resource: '*' }],
});

export async function plant(config: Config): Promise<readonly Planted[]> {
  const groups = await Promise.all([search(config), relational(config), caches(config), others(config)]);
  return groups.flat();
}

async function search(config: Config): Promise<readonly Planted[]> {
  const client = new OpenSearchClient(config);
  await client.send(
    new CreateDomainCommand({
      DomainName: 'device-analytics',
      EngineVersion: 'OpenSearch_2.5',
      AccessPolicies: WORLD,
      DomainEndpointOptions: { EnforceHTTPS: false, TLSSecurityPolicy: 'Policy-Min-TLS-1-0-2019-07' },
      EncryptionAtRestOptions: { Enabled: false },
      AdvancedSecurityOptions: { Enabled: false },
    }),
  );
  await client.send(
    new CreateDomainCommand({
      DomainName: 'logs',
      EngineVersion: 'Elasticsearch_7.10',
      DomainEndpointOptions: { EnforceHTTPS: true, TLSSecurityPolicy: 'Policy-Min-TLS-1-2-2019-07' },
      EncryptionAtRestOptions: { Enabled: true },
      AdvancedSecurityOptions: { Enabled: true, InternalUserDatabaseEnabled: true },
      LogPublishingOptions: {
        AUDIT_LOGS: { Enabled: true, CloudWatchLogsLogGroupArn: 'arn:aws:logs:us-east-1:1:log-group:x' },
      },
    }),
  );
  const open = {
    network: 'off',
    authentication: 'off',
    'access-policy': 'off',
    tls: 'partial',
    'encryption-at-rest': 'off',
    'audit-log': 'off',
  };
  return [
    { door: 'opensearch/device-analytics', levels: open },
    { door: 'opensearch/device-analytics/http', levels: open },
    {
      door: 'opensearch/logs',
      levels: {
        network: 'off',
        authentication: 'on',
        'access-policy': 'on',
        tls: 'on',
        'encryption-at-rest': 'on',
        'audit-log': 'on',
      },
    },
  ];
}

async function relational(config: Config): Promise<readonly Planted[]> {
  const client = new RDSClient(config);
  const instance = {
    AllocatedStorage: 20,
    DBInstanceClass: 'db.t3.micro',
    MasterUsername: 'admin1',
    MasterUserPassword: 'not-a-secret',
  };
  await client.send(
    new CreateDBInstanceCommand({
      ...instance,
      DBInstanceIdentifier: 'orders',
      Engine: 'postgres',
      PubliclyAccessible: false,
      StorageEncrypted: true,
    }),
  );
  await client.send(
    new CreateDBInstanceCommand({
      ...instance,
      DBInstanceIdentifier: 'legacy',
      Engine: 'mysql',
      PubliclyAccessible: true,
      StorageEncrypted: false,
    }),
  );
  await client.send(
    new CreateDBSnapshotCommand({ DBInstanceIdentifier: 'legacy', DBSnapshotIdentifier: 'legacy-copy' }),
  );
  await client.send(
    new ModifyDBSnapshotAttributeCommand({
      DBSnapshotIdentifier: 'legacy-copy',
      AttributeName: 'restore',
      ValuesToAdd: ['all'],
    }),
  );
  const cluster = { MasterUsername: 'admin1', MasterUserPassword: 'not-a-secret', StorageEncrypted: true };
  await client.send(new CreateDBClusterCommand({ ...cluster, DBClusterIdentifier: 'graph', Engine: 'neptune' }));
  await client.send(
    new CreateDBClusterCommand({ ...cluster, DBClusterIdentifier: 'accounts', Engine: 'aurora-postgresql' }),
  );
  const warehouse = new RedshiftClient(config);
  await warehouse.send(
    new CreateRedshiftCluster({
      ClusterIdentifier: 'warehouse',
      NodeType: 'ra3.large',
      MasterUsername: 'admin1',
      MasterUserPassword: 'Not-a-secret1',
      PubliclyAccessible: false,
      Encrypted: true,
    }),
  );
  return [
    { door: 'rds/orders', levels: { network: 'on', authentication: 'on', 'encryption-at-rest': 'on' } },
    { door: 'rds/legacy', levels: { authentication: 'on', 'encryption-at-rest': 'off' } },
    { door: 'rds-snapshots/legacy-copy', levels: { sharing: 'off' } },
    ...['neptune/graph', 'neptune/graph/reader'].map((door) => ({
      door,
      levels: { authentication: 'off', 'encryption-at-rest': 'on' },
    })),
    ...['aurora/accounts', 'aurora/accounts/reader'].map((door) => ({
      door,
      levels: { authentication: 'on', 'encryption-at-rest': 'on' },
    })),
    { door: 'redshift/warehouse', levels: { network: 'on', 'encryption-at-rest': 'on' } },
  ];
}

async function caches(config: Config): Promise<readonly Planted[]> {
  const elasticache = new ElastiCacheClient(config);
  await elasticache.send(
    new CreateReplicationGroupCommand({
      ReplicationGroupId: 'sessions',
      ReplicationGroupDescription: 'open',
      Engine: 'redis',
      TransitEncryptionEnabled: false,
    }),
  );
  await elasticache.send(
    new CreateReplicationGroupCommand({
      ReplicationGroupId: 'tokens',
      ReplicationGroupDescription: 'closed',
      Engine: 'redis',
      TransitEncryptionEnabled: true,
      AtRestEncryptionEnabled: true,
      AuthToken: 'not-a-secret-not-a-secret',
    }),
  );
  const memorydb = new MemoryDBClient(config);
  await memorydb.send(
    new CreateMemoryDbCluster({
      ClusterName: 'carts',
      NodeType: 'db.t4g.small',
      ACLName: 'open-access',
      TLSEnabled: true,
    }),
  );
  const dax = new DAXClient(config);
  await dax.send(
    new CreateDaxCluster({
      ClusterName: 'front',
      NodeType: 'dax.t3.small',
      ReplicationFactor: 1,
      IamRoleArn: 'arn:aws:iam::123456789012:role/dax',
    }),
  );
  return [
    { door: 'elasticache/sessions', levels: { network: 'on', authentication: 'off', tls: 'off' } },
    { door: 'elasticache/sessions/sessions-001', levels: { network: 'on', authentication: 'off', tls: 'off' } },
    // moto leaves TransitEncryptionMode out, so whether plaintext is refused is not known.
    ...['elasticache/tokens', 'elasticache/tokens/tokens-001'].map((door) => ({
      door,
      levels: { network: 'on', authentication: 'on', tls: 'unknown', 'encryption-at-rest': 'on' },
    })),
    { door: 'memorydb/carts', levels: { network: 'on', authentication: 'off', tls: 'on' } },
    { door: 'dax/front', levels: { network: 'on', tls: 'off' } },
  ];
}

async function others(config: Config): Promise<readonly Planted[]> {
  const table = { TableName: 'devices', BillingMode: 'PAY_PER_REQUEST' } as const;
  await new DynamoDBClient(config).send(
    new CreateTableCommand({
      ...table,
      KeySchema: [{ AttributeName: 'id', KeyType: 'HASH' }],
      AttributeDefinitions: [{ AttributeName: 'id', AttributeType: 'S' }],
    }),
  );
  await new MqClient(config).send(
    new CreateBrokerCommand({
      BrokerName: 'events',
      EngineType: 'RABBITMQ',
      EngineVersion: '3.13',
      HostInstanceType: 'mq.t3.micro',
      DeploymentMode: 'SINGLE_INSTANCE',
      PubliclyAccessible: true,
      Users: [{ Username: 'admin', Password: 'not-a-secret-1' }],
    }),
  );
  await new TimestreamInfluxDBClient(config).send(
    new CreateDbInstanceCommand({
      name: 'metrics',
      password: 'not-a-secret',
      dbInstanceType: 'db.influx.medium',
      vpcSubnetIds: ['subnet-1'],
      vpcSecurityGroupIds: ['sg-1'],
      allocatedStorage: 20,
      publiclyAccessible: false,
    }),
  );
  return [
    { door: 'dynamodb/devices', levels: { 'access-policy': 'on' } },
    { door: 'mq/events/amqp', levels: { network: 'off', tls: 'on' } },
    { door: 'mq/events/console', levels: { network: 'off', tls: 'on' } },
    { door: 'timestream-influxdb/metrics', levels: { network: 'on', authentication: 'on' } },
  ];
}
