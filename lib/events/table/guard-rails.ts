/** What exposures are kept from, and what ajar sees and keeps them by (aws-services.md sections 5.4 and 8). */
import { type Row, rowsOf } from '../row.ts';
import { KEY_READERS, LOG_READERS, NETWORK_READERS } from '../services.ts';

export const GUARD_RAILS_ROWS: readonly Row[] = [
  ...rowsOf(
    'cloudtrail.amazonaws.com',
    ['guardrails'],
    [
      {
        kind: 'guardrail',
        names: ['StopLogging', 'DeleteTrail', 'UpdateTrail', 'PutEventSelectors'],
        paths: ['name', 'trailName'],
        expand: 'trail',
        guardrail: true,
      },
    ],
  ),
  ...rowsOf(
    'events.amazonaws.com',
    ['guardrails'],
    [
      {
        kind: 'guardrail',
        names: [
          'DisableRule',
          'DeleteRule',
          'PutRule',
          'RemoveTargets',
          'PutTargets',
          'DeleteEventBus',
          'RemovePermission',
        ],
        paths: ['name', 'rule', 'ruleName', 'eventBusName'],
        expand: 'rule',
        guardrail: true,
      },
    ],
  ),
  ...rowsOf(
    'scheduler.amazonaws.com',
    ['guardrails'],
    [
      {
        kind: 'guardrail',
        names: ['UpdateSchedule', 'DeleteSchedule', 'DeleteScheduleGroup'],
        paths: ['name', 'groupName'],
        expand: 'schedule',
        guardrail: true,
      },
    ],
  ),
  ...rowsOf(
    'sns.amazonaws.com',
    ['guardrails'],
    [
      {
        kind: 'guardrail',
        names: ['DeleteTopic', 'SetTopicAttributes', 'RemovePermission', 'Unsubscribe', 'SetSubscriptionAttributes'],
        paths: ['topicArn', 'subscriptionArn'],
        expand: 'topic',
        guardrail: true,
      },
    ],
  ),
  ...rowsOf(
    'config.amazonaws.com',
    ['guardrails'],
    [
      {
        kind: 'guardrail',
        names: [
          'StopConfigurationRecorder',
          'DeleteConfigurationRecorder',
          'DeleteDeliveryChannel',
          'DeleteConfigurationAggregator',
        ],
        paths: [],
        expand: 'region',
        guardrail: true,
      },
    ],
  ),
  ...rowsOf(
    'iam.amazonaws.com',
    ['guardrails'],
    [
      {
        kind: 'guardrail',
        names: [
          'DeleteRole',
          'UpdateAssumeRolePolicy',
          'DetachRolePolicy',
          'DeleteRolePolicy',
          'PutRolePolicy',
          'PutRolePermissionsBoundary',
        ],
        paths: ['roleName'],
        expand: 'scannerRole',
        guardrail: true,
      },
    ],
  ),
  ...rowsOf(
    'organizations.amazonaws.com',
    ['guardrails'],
    [
      {
        kind: 'guardrail',
        names: [
          'LeaveOrganization',
          'RemoveAccountFromOrganization',
          'MoveAccount',
          'AttachPolicy',
          'DetachPolicy',
          'UpdatePolicy',
          'DisablePolicyType',
          'DeregisterDelegatedAdministrator',
          'DisableAWSServiceAccess',
        ],
        paths: ['accountId', 'targetId', 'policyId', 'rootId', 'servicePrincipal'],
        expand: 'account',
        guardrail: true,
      },
    ],
  ),
  ...rowsOf(
    'account.amazonaws.com',
    ['guardrails'],
    [
      {
        kind: 'guardrail',
        names: ['EnableRegion', 'DisableRegion'],
        paths: ['regionName'],
        expand: 'account',
        guardrail: true,
      },
    ],
  ),
  ...rowsOf(
    'kms.amazonaws.com',
    ['guardrails'],
    [
      {
        kind: 'guardrail',
        names: ['DisableKey', 'ScheduleKeyDeletion', 'PutKeyPolicy', 'RevokeGrant', 'DeleteAlias'],
        paths: ['keyId'],
        expand: 'usersOfKey',
        guardrail: true,
        type: 'kms:key',
        services: KEY_READERS,
      },
    ],
  ),
  ...rowsOf(
    'logs.amazonaws.com',
    ['guardrails'],
    [
      {
        kind: 'guardrail',
        names: ['DeleteLogGroup', 'DeleteResourcePolicy', 'PutResourcePolicy', 'PutRetentionPolicy'],
        paths: ['logGroupName', 'logGroupIdentifier', 'policyName'],
        expand: 'usersOfLogGroup',
        guardrail: true,
        named: [
          ['logGroupName', 'logs:log-group'],
          ['logGroupIdentifier', 'logs:log-group'],
        ],
        services: LOG_READERS,
      },
    ],
  ),
  ...rowsOf(
    'cognito-idp.amazonaws.com',
    ['guardrails'],
    [
      {
        kind: 'auth',
        names: ['UpdateUserPool'],
        paths: ['userPoolId'],
        expand: 'domainsUsingPool',
        guardrail: true,
        services: ['opensearch'],
      },
    ],
  ),
  ...rowsOf(
    'cognito-identity.amazonaws.com',
    ['guardrails'],
    [
      {
        kind: 'auth',
        names: ['UpdateIdentityPool', 'SetIdentityPoolRoles'],
        paths: ['identityPoolId'],
        expand: 'domainsUsingPool',
        guardrail: true,
        services: ['opensearch'],
      },
    ],
  ),
  ...rowsOf(
    'wafv2.amazonaws.com',
    ['guardrails'],
    [
      {
        kind: 'guardrail',
        names: ['DisassociateWebACL', 'UpdateWebACL', 'DeleteWebACL'],
        paths: ['resourceArn', 'id', 'name'],
        expand: 'front',
        guardrail: true,
        services: ['load-balancers', 'api-gateway', 'cloudfront'],
      },
    ],
  ),
  ...rowsOf(
    'network-firewall.amazonaws.com',
    ['guardrails'],
    [
      {
        kind: 'guardrail',
        names: [
          'UpdateFirewallPolicy',
          'AssociateFirewallPolicy',
          'DeleteFirewall',
          'DisassociateSubnets',
          'UpdateRuleGroup',
        ],
        paths: ['firewallName', 'firewallArn'],
        expand: 'vpc',
        guardrail: true,
        services: NETWORK_READERS,
      },
    ],
  ),
  ...rowsOf(
    'ram.amazonaws.com',
    ['guardrails'],
    [
      {
        kind: 'share',
        names: ['CreateResourceShare', 'AssociateResourceShare', 'UpdateResourceShare'],
        paths: ['resourceShareArn'],
        expand: 'region',
        guardrail: true,
        services: NETWORK_READERS,
      },
    ],
  ),
];
