/** Redshift, provisioned and serverless (aws-services.md section 2.10). */
import { type Row, rowsOf } from '../row.ts';

export const WAREHOUSES_ROWS: readonly Row[] = [
  ...rowsOf(
    'redshift.amazonaws.com',
    ['redshift'],
    [
      {
        kind: 'change',
        names: ['CreateCluster', 'ModifyCluster', 'RestoreFromClusterSnapshot', 'DisableLogging', 'ResumeCluster'],
        paths: ['clusterIdentifier'],
        expand: 'self',
        type: 'redshift:cluster',
        also: [['newClusterIdentifier', 'redshift:cluster']],
      },
      {
        kind: 'apply',
        names: ['RebootCluster'],
        paths: ['clusterIdentifier'],
        expand: 'self',
        type: 'redshift:cluster',
      },
      {
        kind: 'change',
        names: ['ModifyClusterParameterGroup', 'ResetClusterParameterGroup'],
        paths: ['parameterGroupName'],
        expand: 'usersOfParameterGroup',
        type: 'redshift:parametergroup',
      },
      {
        kind: 'share',
        names: ['AuthorizeSnapshotAccess'],
        paths: ['snapshotIdentifier', 'snapshotArn'],
        expand: 'self',
        type: 'redshift:snapshot',
        also: [['snapshotClusterIdentifier', 'redshift:cluster']],
        services: ['redshift', 'redshift-serverless'],
      },
      {
        kind: 'share',
        names: ['AuthorizeEndpointAccess', 'CreateEndpointAccess', 'CreateCustomDomainAssociation'],
        paths: ['clusterIdentifier'],
        expand: 'self',
        type: 'redshift:cluster',
      },
      {
        kind: 'change',
        names: ['ModifyEndpointAccess'],
        paths: ['endpointName'],
        expand: 'endpointAccess',
        response: [['clusterIdentifier', 'redshift:cluster']],
      },
      {
        kind: 'share',
        names: ['AuthorizeDataShare'],
        paths: ['dataShareArn'],
        expand: 'self',
        services: ['redshift', 'redshift-serverless'],
      },
      {
        kind: 'share',
        names: ['PutResourcePolicy', 'DeleteResourcePolicy'],
        paths: ['resourceArn'],
        expand: 'byArn',
        services: ['redshift', 'redshift-serverless'],
      },
      {
        kind: 'change',
        names: ['AuthorizeClusterSecurityGroupIngress'],
        paths: ['clusterSecurityGroupName'],
        expand: 'usersOfClusterSecurityGroup',
      },
      {
        kind: 'change',
        names: ['ModifyClusterSubnetGroup'],
        paths: ['clusterSubnetGroupName'],
        expand: 'usersOfSubnetGroup',
        type: 'redshift:subnetgroup',
      },
    ],
  ),
  ...rowsOf(
    'redshift-serverless.amazonaws.com',
    ['redshift-serverless'],
    [
      {
        kind: 'change',
        names: ['CreateWorkgroup', 'UpdateWorkgroup', 'CreateEndpointAccess', 'CreateCustomDomainAssociation'],
        paths: ['workgroupName'],
        expand: 'self',
        type: 'redshift-serverless:workgroup',
      },
      {
        kind: 'change',
        names: ['CreateNamespace', 'UpdateNamespace', 'RestoreFromSnapshot', 'RestoreFromRecoveryPoint'],
        paths: ['namespaceName'],
        expand: 'self',
        type: 'redshift-serverless:namespace',
      },
      {
        kind: 'change',
        names: ['UpdateEndpointAccess'],
        paths: ['endpointName'],
        expand: 'endpointAccess',
        response: [['endpoint.workgroupName', 'redshift-serverless:workgroup']],
      },
      { kind: 'share', names: ['PutResourcePolicy', 'DeleteResourcePolicy'], paths: ['resourceArn'], expand: 'byArn' },
    ],
  ),
];
