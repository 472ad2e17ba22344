/** Stores with an API of their own, and what moves data between them (aws-services.md sections 2.13 to 2.20). */
import { type Row, rowsOf } from '../row.ts';

export const STORES_ROWS: readonly Row[] = [
  ...rowsOf(
    'dynamodb.amazonaws.com',
    ['dynamodb'],
    [
      {
        kind: 'share',
        names: ['PutResourcePolicy', 'DeleteResourcePolicy'],
        paths: ['resourceArn'],
        expand: 'byArn',
        type: 'dynamodb:table',
      },
      {
        kind: 'change',
        names: ['CreateTable', 'UpdateTable', 'UpdateContinuousBackups'],
        paths: ['tableName'],
        expand: 'self',
        type: 'dynamodb:table',
      },
      {
        kind: 'create',
        names: ['RestoreTableFromBackup', 'RestoreTableToPointInTime'],
        paths: ['targetTableName'],
        expand: 'self',
        type: 'dynamodb:table',
      },
      {
        kind: 'share',
        names: ['ExportTableToPointInTime'],
        paths: ['tableArn'],
        expand: 'byArn',
        type: 'dynamodb:table',
      },
    ],
  ),
  ...rowsOf(
    'cassandra.amazonaws.com',
    ['interfaces'],
    [
      {
        kind: 'change',
        names: ['CreateTable', 'UpdateTable', 'CreateKeyspace', 'UpdateKeyspace'],
        paths: ['keyspaceName'],
        expand: 'self',
      },
      { kind: 'create', names: ['RestoreTable'], paths: ['targetKeyspaceName'], expand: 'self' },
    ],
  ),
  ...rowsOf(
    'timestream-influxdb.amazonaws.com',
    ['timestream-influxdb'],
    [
      {
        kind: 'create',
        names: ['CreateDbInstance', 'CreateDbCluster'],
        paths: ['name'],
        expand: 'self',
        response: [
          ['id', 'timestream-influxdb:db-instance'],
          ['dbClusterId', 'timestream-influxdb:db-cluster'],
        ],
      },
      {
        kind: 'change',
        names: ['UpdateDbInstance', 'RebootDbInstance'],
        paths: ['identifier'],
        expand: 'self',
        type: 'timestream-influxdb:db-instance',
      },
      {
        kind: 'change',
        names: ['UpdateDbCluster', 'RebootDbCluster'],
        paths: ['dbClusterId'],
        expand: 'self',
        type: 'timestream-influxdb:db-cluster',
      },
    ],
  ),
  ...rowsOf(
    'dsql.amazonaws.com',
    ['dsql'],
    [
      {
        kind: 'change',
        names: ['UpdateCluster', 'PutClusterPolicy', 'DeleteClusterPolicy'],
        paths: ['identifier'],
        expand: 'self',
        type: 'dsql:cluster',
      },
      {
        kind: 'create',
        names: ['CreateCluster'],
        paths: [],
        expand: 'self',
        response: [['identifier', 'dsql:cluster']],
      },
    ],
  ),
  ...rowsOf(
    'dms.amazonaws.com',
    ['dms'],
    [
      {
        kind: 'create',
        names: ['CreateReplicationInstance'],
        paths: ['replicationInstanceIdentifier'],
        expand: 'self',
        type: 'dms:rep',
      },
      {
        kind: 'change',
        names: ['ModifyReplicationInstance', 'RebootReplicationInstance'],
        paths: ['replicationInstanceArn'],
        expand: 'byArn',
        response: [['replicationInstance.replicationInstanceIdentifier', 'dms:rep']],
      },
      { kind: 'change', names: ['ModifyEndpoint'], paths: ['endpointArn'], expand: 'byArn' },
      { kind: 'create', names: ['CreateEndpoint'], paths: ['endpointIdentifier'], expand: 'self' },
      {
        kind: 'change',
        names: ['ModifyReplicationSubnetGroup'],
        paths: ['replicationSubnetGroupIdentifier'],
        expand: 'usersOfSubnetGroup',
        type: 'dms:subgrp',
      },
      {
        kind: 'change',
        names: ['ModifyInstanceProfile'],
        paths: ['instanceProfileIdentifier'],
        expand: 'self',
        type: 'dms:instance-profile',
      },
      {
        kind: 'create',
        names: ['CreateInstanceProfile'],
        paths: ['instanceProfileName'],
        expand: 'self',
        type: 'dms:instance-profile',
      },
    ],
  ),
  ...rowsOf(
    'lightsail.amazonaws.com',
    ['lightsail'],
    [
      {
        kind: 'change',
        names: [
          'CreateRelationalDatabase',
          'CreateRelationalDatabaseFromSnapshot',
          'UpdateRelationalDatabase',
          'UpdateRelationalDatabaseParameters',
          'RebootRelationalDatabase',
        ],
        paths: ['relationalDatabaseName'],
        expand: 'self',
        type: 'lightsail:relationaldatabase',
      },
      {
        kind: 'net',
        names: ['OpenInstancePublicPorts', 'PutInstancePublicPorts', 'AttachStaticIp'],
        paths: ['instanceName'],
        expand: 'self',
        type: 'lightsail:instance',
      },
      {
        kind: 'create',
        names: ['CreateInstances', 'CreateInstancesFromSnapshot'],
        paths: ['instanceNames'],
        expand: 'self',
        type: 'lightsail:instance',
      },
      { kind: 'net', names: ['SetIpAddressType'], paths: ['resourceName'], expand: 'self', type: 'lightsail:instance' },
    ],
  ),
  ...rowsOf(
    'kafka.amazonaws.com',
    ['msk'],
    [
      {
        kind: 'create',
        names: ['CreateCluster', 'CreateClusterV2'],
        paths: ['clusterName'],
        expand: 'self',
        type: 'kafka:cluster',
      },
      {
        kind: 'change',
        names: [
          'UpdateConnectivity',
          'UpdateSecurity',
          'PutClusterPolicy',
          'DeleteClusterPolicy',
          'UpdateClusterConfiguration',
          'UpdateMonitoring',
          'BatchDisassociateScramSecret',
          'RebootBroker',
        ],
        paths: ['clusterArn'],
        expand: 'byArn',
        type: 'kafka:cluster',
      },
      {
        kind: 'change',
        names: ['UpdateConfiguration'],
        paths: ['arn'],
        expand: 'usersOfConfiguration',
        type: 'kafka:configuration',
      },
      {
        kind: 'share',
        names: ['CreateVpcConnection'],
        paths: ['targetClusterArn'],
        expand: 'byArn',
        type: 'kafka:cluster',
      },
    ],
  ),
  ...rowsOf(
    'amazonmq.amazonaws.com',
    ['mq'],
    [
      {
        kind: 'create',
        names: ['CreateBroker'],
        paths: ['brokerName'],
        expand: 'self',
        response: [['brokerId', 'mq:broker']],
      },
      {
        kind: 'change',
        names: ['UpdateBroker', 'RebootBroker', 'Promote', 'CreateUser', 'UpdateUser', 'DeleteUser'],
        paths: ['brokerId'],
        expand: 'self',
        type: 'mq:broker',
      },
      {
        kind: 'change',
        names: ['UpdateConfiguration'],
        paths: ['configurationId'],
        expand: 'usersOfConfiguration',
        type: 'mq:configuration',
      },
    ],
  ),
];
