/** OpenSearch in its three forms, CloudSearch and Kendra (aws-services.md sections 2.1 to 2.3, 2.21, 2.22). */
import { type Row, rowsOf } from '../row.ts';

export const SEARCH_ROWS: readonly Row[] = [
  ...rowsOf(
    'es.amazonaws.com',
    ['opensearch'],
    [
      {
        kind: 'change',
        names: ['UpdateDomainConfig', 'UpdateElasticsearchDomainConfig'],
        paths: ['domainName'],
        expand: 'self',
        type: 'es:domain',
      },
      {
        kind: 'create',
        names: ['CreateDomain', 'CreateElasticsearchDomain'],
        paths: ['domainName'],
        expand: 'self',
        type: 'es:domain',
      },
      {
        kind: 'change',
        names: ['UpgradeDomain', 'UpgradeElasticsearchDomain', 'CancelDomainConfigChange'],
        paths: ['domainName'],
        expand: 'self',
        type: 'es:domain',
      },
      {
        kind: 'share',
        names: ['AuthorizeVpcEndpointAccess'],
        paths: ['domainName'],
        expand: 'self',
        type: 'es:domain',
      },
      {
        kind: 'share',
        names: ['AcceptInboundConnection', 'AcceptInboundCrossClusterSearchConnection'],
        paths: ['connectionId', 'crossClusterSearchConnectionId'],
        expand: 'allDomains',
      },
      {
        kind: 'change',
        names: ['UpdateVpcEndpoint'],
        paths: ['vpcEndpointId'],
        expand: 'domainOfVpcEndpoint',
        response: [['vpcEndpoint.domainArn', 'es:domain']],
      },
      { kind: 'create', names: ['CreateVpcEndpoint'], paths: ['domainArn'], expand: 'domainByArn', type: 'es:domain' },
      {
        kind: 'front',
        names: ['CreateApplication', 'UpdateApplication', 'RegisterCapability', 'AttachDataSource'],
        paths: ['name', 'id', 'applicationId', 'applicationArn'],
        expand: 'application',
      },
      {
        kind: 'change',
        names: ['DeleteDomain', 'DeleteElasticsearchDomain'],
        paths: ['domainName'],
        expand: 'gone',
        type: 'es:domain',
      },
    ],
  ),
  ...rowsOf(
    'aoss.amazonaws.com',
    ['opensearch-serverless'],
    [
      {
        kind: 'change',
        names: [
          'CreateSecurityPolicy',
          'UpdateSecurityPolicy',
          'DeleteSecurityPolicy',
          'CreateAccessPolicy',
          'UpdateAccessPolicy',
          'DeleteAccessPolicy',
        ],
        paths: ['name'],
        expand: 'collectionsMatchedByPolicy',
      },
      {
        kind: 'auth',
        names: ['CreateSecurityConfig', 'UpdateSecurityConfig', 'DeleteSecurityConfig'],
        paths: ['id', 'name'],
        expand: 'allCollections',
      },
      {
        kind: 'create',
        names: ['CreateCollection'],
        paths: ['name'],
        expand: 'collectionByName',
        type: 'aoss:collection',
        response: [['createCollectionDetail.id', 'aoss:collection']],
      },
      {
        kind: 'change',
        names: ['CreateVpcEndpoint', 'UpdateVpcEndpoint', 'DeleteVpcEndpoint'],
        paths: ['id', 'name'],
        expand: 'allCollections',
      },
    ],
  ),
  ...rowsOf(
    'osis.amazonaws.com',
    ['opensearch-ingestion'],
    [
      {
        kind: 'create',
        names: ['CreatePipeline', 'UpdatePipeline'],
        paths: ['pipelineName'],
        expand: 'self',
        type: 'osis:pipeline',
      },
      {
        kind: 'share',
        names: ['PutResourcePolicy', 'DeleteResourcePolicy', 'CreatePipelineEndpoint'],
        paths: ['pipelineArn', 'resourceArn'],
        expand: 'self',
        type: 'osis:pipeline',
      },
    ],
  ),
  ...rowsOf(
    'cloudsearch.amazonaws.com',
    ['cloudsearch'],
    [
      {
        kind: 'change',
        names: ['CreateDomain', 'UpdateServiceAccessPolicies', 'UpdateDomainEndpointOptions'],
        paths: ['domainName'],
        expand: 'self',
        type: 'cloudsearch:domain',
      },
    ],
  ),
  ...rowsOf(
    'kendra.amazonaws.com',
    ['kendra'],
    [
      { kind: 'change', names: ['UpdateIndex'], paths: ['id'], expand: 'self', type: 'kendra:index' },
      {
        kind: 'front',
        names: ['CreateExperience', 'UpdateExperience', 'AssociateEntitiesToExperience'],
        paths: ['indexId'],
        expand: 'self',
        type: 'kendra:index',
      },
      { kind: 'create', names: ['CreateIndex'], paths: ['name'], expand: 'self', response: [['id', 'kendra:index']] },
    ],
  ),
];
