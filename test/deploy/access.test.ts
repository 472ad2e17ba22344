/** Who and what reaches what deploy/storage.yml, keys.yml, topics.yml, bus.yml and vantage.yml make. */
import { beforeAll, describe, expect, it } from 'vitest';
import { dynamoTable } from '../../lib/stores/dynamodb-table.ts';
import { attributesOf } from '../../lib/sinks/sns-attributes.ts';
import { aNotice } from '../support/builders.ts';
import { decided, everyTemplate, ofType, packagedTemplate, type Template, variablesOf } from './packaged.ts';
import { attribute, statementsOf } from './statements.ts';
import { refOf, refsOf, refusesPlainText, policiesOf, isPublic } from './wiring.ts';

/** Actions on a key that neither use it nor let anybody use it. */
const ADMINISTERS =
  /^kms:(Describe|Get|List)\*$|^kms:(Enable|Disable|Put|Tag|Untag|Update|Schedule|Cancel)\w+$|^kms:(Create|Delete)Alias$/;

let alone: Template;
let organization: Template;
let vantage: Template;
beforeAll(async () => ({ alone, organization, vantage } = await everyTemplate()), 120_000);
const each = () => [alone, organization, vantage];

describe('what is kept', () => {
  it('is a table with the keys, index, stream and lifetime that the store expects', () => {
    const { create, timeToLive } = dynamoTable('any');
    const table = alone.Resources['Table'];
    expect(table?.DeletionPolicy).toBe('Retain');
    expect(table?.Properties).toEqual({
      AttributeDefinitions: create.AttributeDefinitions,
      KeySchema: create.KeySchema,
      GlobalSecondaryIndexes: create.GlobalSecondaryIndexes,
      BillingMode: create.BillingMode,
      StreamSpecification: { StreamViewType: create.StreamSpecification?.StreamViewType },
      TimeToLiveSpecification: timeToLive.TimeToLiveSpecification,
      DeletionProtectionEnabled: true,
      PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
      SSESpecification: { SSEEnabled: true, SSEType: 'KMS', KMSMasterKeyId: attribute('DataKey', 'Arn') },
    });
    expect(vantage.Resources['Table']?.Properties).toMatchObject({
      KeySchema: create.KeySchema,
      TimeToLiveSpecification: timeToLive.TimeToLiveSpecification,
    });
  });

  it('is evidence that nobody can delete for 400 days', () => {
    const bucket = alone.Resources['EvidenceBucket'];
    expect(bucket).toMatchObject({
      DeletionPolicy: 'Retain',
      Properties: {
        ObjectLockEnabled: true,
        ObjectLockConfiguration: { Rule: { DefaultRetention: { Mode: 'COMPLIANCE', Days: 400 } } },
        VersioningConfiguration: { Status: 'Enabled' },
      },
    });
  });

  it('is every version of the allowlist', () => {
    const bucket = alone.Resources['AllowlistBucket'];
    expect(bucket).toMatchObject({
      DeletionPolicy: 'Retain',
      Properties: { VersioningConfiguration: { Status: 'Enabled' } },
    });
    const denied = statementsOf(alone.Resources['AllowlistBucketPolicy']).filter((s) => s.Effect === 'Deny');
    expect(denied.flatMap((s) => s.Action)).toContain('s3:DeleteObjectVersion');
  });

  it('is encrypted with keys that rotate, and their administration alone decrypts nothing', () => {
    for (const template of each()) {
      for (const [name, resource] of ofType(template, 'AWS::KMS::Key')) {
        // KMS rotates no key that signs: whoever checks would need each of them.
        const signs = resource.Properties['KeyUsage'] === 'SIGN_VERIFY';
        expect(resource.Properties['EnableKeyRotation'], name).toBe(signs ? undefined : true);
        for (const { Sid, Action, Condition, Principal } of statementsOf(resource, 'KeyPolicy')) {
          const uses = [Action ?? []].flat().some((action) => !ADMINISTERS.test(action));
          if (uses && typeof Principal === 'object' && 'AWS' in Principal) {
            const limit = signs ? ':role/ajar-prod-seal' : 'kms:ViaService';
            expect(JSON.stringify(Condition), `${name} ${Sid}`).toContain(limit);
          }
        }
      }
    }
  });
});

describe('the public', () => {
  it('may do nothing: every policy of a resource names this account, a service with its source, or the organisation', () => {
    for (const template of each()) {
      const open = policiesOf(template).filter(([, statement]) => isPublic(statement));
      expect(open).toEqual([]);
    }
    expect(policiesOf(organization).length).toBe(22);
  });

  it('would be seen by this test', () => {
    const anybody = { Effect: 'Allow', Principal: '*', Action: 'sns:Publish', Resource: '*' } as const;
    expect(isPublic(anybody)).toBe(true);
    expect(isPublic({ ...anybody, Principal: { AWS: '*' } })).toBe(true);
    expect(isPublic({ ...anybody, Principal: { AWS: ['*'] } })).toBe(true);
    expect(isPublic({ ...anybody, Principal: { Service: 'sns.amazonaws.com' } })).toBe(true);
    expect(isPublic({ ...anybody, Condition: { StringEquals: { 'aws:PrincipalOrgID': 'o-0123456789' } } })).toBe(false);
  });

  it('reaches no bucket', () => {
    for (const template of each()) {
      for (const [name, { Properties }] of ofType(template, 'AWS::S3::Bucket')) {
        expect(Object.values(Properties['PublicAccessBlockConfiguration'] ?? {}), name).toEqual([
          true,
          true,
          true,
          true,
        ]);
        expect(Properties['BucketEncryption'], name).toBeDefined();
        const policy = ofType(template, 'AWS::S3::BucketPolicy').find(
          ([, p]) => refOf(p.Properties['Bucket']) === name,
        );
        expect(statementsOf(policy?.[1]).some(refusesPlainText), name).toBe(true);
      }
    }
  });

  it('finds one URL of a function: the drill, which is there for strangers to reach', () => {
    const ways = (template: Template) =>
      Object.entries(template.Resources).filter(([, { Type }]) =>
        /Lambda::(Url|Permission)|ApiGateway|CloudFront|LoadBalancing/.test(Type),
      );
    for (const template of [alone, organization]) {
      const open = ways(template).filter(([name]) => !name.startsWith('Console'));
      expect(Object.fromEntries(open.map(([name, { Properties }]) => [name, Properties]))).toEqual({
        DrillLambdaFunctionUrl: { AuthType: 'NONE', TargetFunctionArn: DRILL },
        DrillLambdaPermissionFnUrl: {
          ...{ FunctionName: DRILL, Action: 'lambda:InvokeFunctionUrl' },
          ...{ Principal: '*', FunctionUrlAuthType: 'NONE' },
        },
        // By its URL and by no other way.
        DrillLambdaPermissionFn: {
          ...{ FunctionName: DRILL, Action: 'lambda:InvokeFunction' },
          ...{ Principal: '*', InvokedViaFunctionUrl: true },
        },
      });
    }
    expect(ways(vantage)).toEqual([]);
  });

  it('finds a gateway only where an issuer of tokens was given, and there no path that asks for none', () => {
    expect(Object.keys(alone.Resources).filter((name) => name.startsWith('Console'))).toEqual([]);
    const routes = ofType(organization, 'AWS::ApiGatewayV2::Route').map(([, { Properties }]) => Properties);
    expect(routes).toEqual([
      expect.objectContaining({
        RouteKey: '$default',
        AuthorizationType: 'JWT',
        AuthorizerId: { Ref: 'ConsoleAuthorizer' },
      }),
    ]);
    expect(organization.Resources['ConsoleAuthorizer']?.Properties).toMatchObject({
      AuthorizerType: 'JWT',
      JwtConfiguration: { Issuer: 'https://login.example.org', Audience: { 'Fn::Split': [',', 'ajar,ajar-audit'] } },
    });
    expect(organization.Resources['ConsolePermission']?.Properties).toMatchObject({
      Principal: 'apigateway.amazonaws.com',
      SourceArn: { 'Fn::Sub': expect.stringMatching(/:\$\{ConsoleApi\}\/\*$/) as string },
    });
  });

  it('finds nothing at all where the drill is switched off', async () => {
    const off = decided(await packagedTemplate(['--param=drill=no']), { given: true });
    expect(Object.keys(off.Resources).filter((name) => name.startsWith('Drill'))).toEqual([]);
    const left = JSON.stringify(off.Resources).match(/"(?:Ref|Fn::GetAtt)":\[?"Drill\w*/g);
    expect(left).toBeNull();
    for (const name of ['PlanLambdaFunction', 'GuardLambdaFunction']) {
      expect(Object.keys(variablesOf(off, name)).filter((variable) => variable.includes('DRILL'))).toEqual([]);
    }
  }, 120_000);
});

const DRILL = attribute('DrillLambdaFunction', 'Arn');

describe('topics', () => {
  it('are one for each audience, encrypted, over TLS only', () => {
    const topics = ofType(alone, 'AWS::SNS::Topic');
    expect(topics.map(([, { Properties }]) => String(Properties['TopicName'])).toSorted()).toEqual(
      ['chat', 'digest', 'health', 'machine', 'page'].map((audience) => `ajar-prod-${audience}`),
    );
    for (const template of each()) {
      const covered = ofType(template, 'AWS::SNS::TopicPolicy')
        .filter(([, resource]) => statementsOf(resource).some(refusesPlainText))
        .flatMap(([, { Properties }]) => refsOf(Properties['Topics']));
      for (const [name, { Properties }] of ofType(template, 'AWS::SNS::Topic')) {
        expect(Properties['KmsMasterKeyId'], name).toEqual({ Ref: 'MessageKey' });
        expect(covered).toContain(name);
      }
    }
  });

  it('are subscribed to by the address that was given, and by nobody otherwise but for the drill', () => {
    expect(ofType(alone, 'AWS::SNS::Subscription').map(([name]) => name)).toEqual(['DrillReceipts']);
    const subscriptions = ofType(organization, 'AWS::SNS::Subscription').filter(([name]) => name !== 'DrillReceipts');
    expect(subscriptions.map(([, { Properties }]) => refOf(Properties['TopicArn'])).toSorted()).toEqual([
      'HealthTopic',
      'PageTopic',
    ]);
    for (const [name, { Properties }] of subscriptions) {
      expect(Properties, name).toMatchObject({
        Endpoint: 'somebody@example.org',
        RedrivePolicy: { deadLetterTargetArn: attribute('UndeliveredMessages', 'Arn') },
      });
    }
  });
});

describe('what the machine topic says of the drill', () => {
  it('and nothing else comes to guard, raw as it was published', () => {
    expect(alone.Resources['DrillReceipts']?.Properties).toEqual({
      ...{ TopicArn: { Ref: 'MachineTopic' }, Protocol: 'sqs', Endpoint: attribute('DrillQueue', 'Arn') },
      ...{ RawMessageDelivery: true, FilterPolicy: { isDrill: ['true'] } },
      RedrivePolicy: { deadLetterTargetArn: attribute('UndeliveredMessages', 'Arn') },
    });
  });

  it('passes that filter, and no other notice does', () => {
    const drill = attributesOf(aNotice({ endpoint: { ...aNotice().endpoint, drill: true } }));
    expect([drill['isDrill']?.StringValue, attributesOf(aNotice())['isDrill']]).toEqual(['true', undefined]);
  });
});

describe('the bus', () => {
  it('takes events from the forwarding role of the organisation only', () => {
    expect(organization.Resources['BusPolicy']?.Properties['Statement']).toMatchObject({
      Action: 'events:PutEvents',
      Condition: {
        StringEquals: { 'aws:PrincipalOrgID': 'o-0123456789' },
        ArnLike: { 'aws:PrincipalArn': { 'Fn::Sub': 'arn:${AWS::Partition}:iam::*:role/security/ajar-forwarder' } },
      },
    });
  });

  it('takes events from this account only where there is no organisation', () => {
    expect(alone.Resources['BusPolicy']?.Properties['Statement']).toMatchObject({
      Principal: { AWS: { 'Fn::Sub': 'arn:${AWS::Partition}:iam::${AWS::AccountId}:root' } },
    });
  });

  it('hands what matches one of six rules to the change queue, or to the undelivered', () => {
    const rules = ofType(alone, 'AWS::Events::Rule').filter(
      ([name]) => !name.startsWith('Own') && name !== 'HeartbeatRule',
    );
    expect(rules).toHaveLength(6);
    for (const [name, { Properties }] of rules) {
      expect(Properties, name).toMatchObject({
        EventBusName: { Ref: 'Bus' },
        Targets: [
          {
            Arn: attribute('ChangeQueue', 'Arn'),
            DeadLetterConfig: { Arn: attribute('UndeliveredEvents', 'Arn') },
            RetryPolicy: { MaximumRetryAttempts: 185 },
          },
        ],
      });
    }
  });
});
