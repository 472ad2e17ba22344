/** What stands in front of stores (aws-services.md sections 2.24 to 2.27), and what runs them. */
import { type Row, rowsOf } from '../row.ts';
import { BALANCERS } from '../services.ts';

export const FRONTS_ROWS: readonly Row[] = [
  ...rowsOf('elasticloadbalancing.amazonaws.com', BALANCERS, [
    {
      kind: 'front',
      names: ['SetSecurityGroups', 'SetSubnets', 'SetIpAddressType', 'ModifyLoadBalancerAttributes', 'CreateListener'],
      paths: ['loadBalancerArn', 'loadBalancerName'],
      expand: 'loadBalancer',
      type: 'elasticloadbalancing:loadbalancer',
    },
    {
      kind: 'front',
      names: ['CreateLoadBalancer'],
      paths: ['name', 'loadBalancerName'],
      expand: 'loadBalancer',
      type: 'elasticloadbalancing:loadbalancer',
    },
    {
      kind: 'front',
      names: ['ModifyListener', 'AddListenerCertificates', 'CreateRule', 'ModifyListenerAttributes'],
      paths: ['listenerArn'],
      expand: 'loadBalancerOfListener',
      type: 'elasticloadbalancing:loadbalancer',
      services: ['load-balancers', 'api-gateway', 'cloudfront'],
    },
    {
      kind: 'front',
      names: ['ModifyRule'],
      paths: ['ruleArn'],
      expand: 'loadBalancerOfRule',
      type: 'elasticloadbalancing:loadbalancer',
      services: ['load-balancers', 'api-gateway', 'cloudfront'],
    },
    {
      kind: 'front',
      names: ['RegisterTargets', 'ModifyTargetGroup'],
      paths: ['targetGroupArn'],
      expand: 'loadBalancersOfTargetGroup',
      type: 'elasticloadbalancing:targetgroup',
      services: ['load-balancers', 'api-gateway', 'cloudfront'],
    },
    {
      kind: 'front',
      names: [
        'CreateLoadBalancerListeners',
        'ApplySecurityGroupsToLoadBalancer',
        'AttachLoadBalancerToSubnets',
        'RegisterInstancesWithLoadBalancer',
        'SetLoadBalancerPoliciesOfListener',
        'SetLoadBalancerListenerSSLCertificate',
      ],
      paths: ['loadBalancerName'],
      expand: 'loadBalancer',
      type: 'elasticloadbalancing:loadbalancer',
      services: ['classic-load-balancers', 'cloudfront'],
    },
  ]),
  ...rowsOf(
    'globalaccelerator.amazonaws.com',
    ['global-accelerator'],
    [
      {
        kind: 'front',
        names: [
          'UpdateAccelerator',
          'CreateListener',
          'UpdateListener',
          'CreateEndpointGroup',
          'UpdateEndpointGroup',
          'AddEndpoints',
        ],
        paths: ['acceleratorArn', 'listenerArn', 'endpointGroupArn'],
        expand: 'accelerator',
        type: 'globalaccelerator:accelerator',
      },
    ],
  ),
  ...rowsOf(
    'cloudfront.amazonaws.com',
    ['cloudfront'],
    [
      {
        kind: 'front',
        names: [
          'CreateDistribution',
          'CreateDistribution2020_05_31',
          'CreateDistributionWithTags',
          'CreateDistributionWithTags2020_05_31',
          'UpdateDistribution',
          'UpdateDistribution2020_05_31',
        ],
        paths: ['id'],
        expand: 'self',
        type: 'cloudfront:distribution',
        response: [['distribution.id', 'cloudfront:distribution']],
      },
    ],
  ),
  ...rowsOf(
    'ecs.amazonaws.com',
    ['interfaces'],
    [
      {
        kind: 'create',
        names: ['CreateService', 'UpdateService'],
        paths: ['serviceName', 'service'],
        expand: 'ecsService',
      },
      { kind: 'create', names: ['RunTask'], paths: ['cluster'], expand: 'ecsTasks' },
    ],
  ),
  ...rowsOf(
    'eks.amazonaws.com',
    ['interfaces'],
    [{ kind: 'front', names: ['CreateCluster', 'UpdateClusterConfig'], paths: ['name'], expand: 'self' }],
  ),
  ...rowsOf(
    'apigateway.amazonaws.com',
    ['api-gateway'],
    [
      {
        kind: 'front',
        names: [
          'UpdateRestApi',
          'UpdateRestApiPolicy',
          'PutRestApi',
          'UpdateMethod',
          'UpdateIntegration',
          'PutIntegration',
          'CreateDeployment',
          'UpdateStage',
        ],
        paths: ['restApiId'],
        expand: 'self',
        type: 'apigateway:restapi',
      },
      {
        kind: 'front',
        names: ['UpdateApi', 'UpdateRoute', 'UpdateIntegration', 'CreateIntegration'],
        paths: ['apiId'],
        expand: 'self',
        type: 'apigateway:api',
      },
    ],
  ),
];
