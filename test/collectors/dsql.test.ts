import {
  DSQLClient,
  GetClusterCommand,
  type GetClusterCommandOutput,
  GetClusterPolicyCommand,
  ListClustersCommand,
} from '@aws-sdk/client-dsql';
import { mockClient } from 'aws-sdk-client-mock';
import { afterEach, describe, expect, it } from 'vitest';
import { dsql } from '../../lib/collectors/dsql.ts';
import { awsError, collectWith, levels, testCell } from '../support/aws.ts';

const aws = mockClient(DSQLClient);
afterEach(() => aws.reset());

const ID = 'abcdefghijklmnopqrstuvwxyz';
const ARN = `arn:aws:dsql:us-east-1:111122223333:cluster/${ID}`;
const CONNECT = ['dsql:DbConnect', 'dsql:DbConnectAdmin'];
/** The example of the AWS guide. */
const OUTSIDE = { Null: { 'aws:SourceVpc': 'true' } };
const deny = (over: object = {}): object => ({
  Effect: 'Deny',
  Principal: { AWS: '*' },
  Resource: '*',
  Action: CONNECT,
  Condition: OUTSIDE,
  ...over,
});

function cluster(change: Partial<GetClusterCommandOutput> = {}): GetClusterCommandOutput {
  return {
    $metadata: {},
    identifier: ID,
    arn: ARN,
    status: 'ACTIVE',
    creationTime: new Date(0),
    deletionProtectionEnabled: true,
    endpoint: `${ID}.dsql.us-east-1.on.aws`,
    encryptionDetails: { encryptionType: 'AWS_OWNED_KMS_KEY', encryptionStatus: 'ENABLED' },
    tags: { Name: 'ledger' },
    ...change,
  };
}

function answer(change: Partial<GetClusterCommandOutput> = {}, policy?: string): void {
  aws.on(ListClustersCommand).resolves({ clusters: [{ identifier: ID, arn: ARN }] });
  aws.on(GetClusterCommand).resolves(cluster(change));
  const asked = aws.on(GetClusterPolicyCommand);
  if (policy === undefined) asked.rejects(awsError('ResourceNotFoundException', 404));
  else asked.resolves({ policy, policyVersion: '1' });
}
const policyOf = (...Statement: readonly object[]): string => JSON.stringify({ Version: '2012-10-17', Statement });

describe('Aurora DSQL clusters', () => {
  it('finds nothing, and says that the list is whole, where there is nothing', async () => {
    aws.on(ListClustersCommand).resolves({ clusters: [] });
    const { endpoints, status, cell } = await collectWith(dsql);
    expect([endpoints, status, cell.asked]).toEqual([[], 'complete', ['dsql:ListClusters']]);
  });

  it('names what it was judged by', async () => {
    const kmsKeyArn = 'arn:aws:kms:us-east-1:111122223333:key/k-1';
    const encryptionType = 'CUSTOMER_MANAGED_KMS_KEY';
    answer({ encryptionDetails: { encryptionType, encryptionStatus: 'ENABLED', kmsKeyArn } });
    const { endpoints } = await collectWith(dsql);
    expect(endpoints[0]?.dependencies).toEqual([`dsql:cluster/${ID}`, 'kms:key/k-1']);
  });

  it('is on the internet by default, behind IAM', async () => {
    answer();
    const { endpoints, status, cell } = await collectWith(dsql);
    expect([status, cell.gaps()]).toEqual(['complete', []]);
    expect(endpoints).toMatchObject([
      {
        id: `111122223333/us-east-1/dsql/${ID}`,
        host: `${ID}.dsql.us-east-1.on.aws`,
        port: 5432,
        engine: 'postgres',
        tags: { Name: 'ledger' },
      },
    ]);
    expect(levels(endpoints[0]!)).toEqual({
      network: 'off',
      authentication: 'on',
      'access-policy': 'on',
      tls: 'on',
      'encryption-at-rest': 'on',
      'audit-log': 'not-applicable',
    });
  });

  it.each([
    ['refuses whoever comes from outside a VPC', [deny()], 'on'],
    ['refuses all VPCs but one', [deny({ Condition: { StringNotEquals: { 'aws:SourceVpc': 'vpc-1' } } })], 'on'],
    ['refuses by action wildcard', [deny({ Action: 'dsql:*' })], 'on'],
    ['refuses every connection', [deny({ Condition: undefined })], 'on'],
    ['refuses its own account by name', [deny({ Principal: { AWS: '111122223333' } })], 'on'],
    ['refuses its own root', [deny({ Principal: { AWS: 'arn:aws:iam::111122223333:root' } })], 'on'],
    [
      'lets an office in besides',
      [deny({ Condition: { Null: { 'aws:SourceVpc': 'true' }, NotIpAddress: { 'aws:SourceIp': '198.41.0.4/32' } } })],
      'partial',
    ],
    [
      'makes exceptions for a role',
      [
        deny({
          Condition: { ...OUTSIDE, StringNotEquals: { 'aws:PrincipalArn': ['arn:aws:iam::111122223333:role/x'] } },
        }),
      ],
      'partial',
    ],
    [
      'refuses by organization only',
      [deny({ Condition: { StringNotEquals: { 'aws:PrincipalOrgID': 'o-1' } } })],
      'off',
    ],
    ['refuses administrators only', [deny({ Action: 'dsql:DbConnectAdmin' })], 'off'],
    ['refuses one role only', [deny({ Principal: { AWS: 'arn:aws:iam::111122223333:role/x' } })], 'off'],
    ['refuses another cluster', [deny({ Resource: 'arn:aws:dsql:us-east-1:111122223333:cluster/other' })], 'off'],
    ['refuses whoever comes from inside a VPC', [deny({ Condition: { Null: { 'aws:SourceVpc': 'false' } } })], 'off'],
    ['holds a condition nobody understands', [deny({ Condition: { ...OUTSIDE, Odd: 'text' } })], 'partial'],
    ['holds a condition that is none', [deny({ Condition: 'text' })], 'off'],
    ['only allows', [{ Effect: 'Allow', Principal: { AWS: '111122223333' }, Action: 'dsql:*', Resource: '*' }], 'off'],
  ])('judges a policy that %s', async (_, statements, level) => {
    answer({}, policyOf(...statements));
    expect((await collectWith(dsql)).endpoints[0]?.declared.network?.level).toBe(level);
  });

  it('reads one statement as well as a list, and never widens a refusal by its own keys', async () => {
    answer({}, JSON.stringify({ Statement: deny() }));
    expect((await collectWith(dsql)).endpoints[0]?.declared.network?.level).toBe('on');
    answer(
      {},
      '{"Statement":[{"Effect":"Deny","Principal":"*","Action":"dsql:*","Resource":"*","Condition":{"__proto__":{"aws:SourceIp":"198.41.0.4"}}}]}',
    );
    expect((await collectWith(dsql)).endpoints[0]?.declared.network?.level).toBe('off');
  });

  it('sees a policy that lets any AWS account connect', async () => {
    answer({}, policyOf({ Effect: 'Allow', Principal: '*', Action: CONNECT, Resource: ARN }));
    expect(levels((await collectWith(dsql)).endpoints[0]!)).toMatchObject({ network: 'off', 'access-policy': 'off' });
  });

  it.each([
    ['denied', () => aws.on(GetClusterPolicyCommand).rejects(awsError('AccessDeniedException', 403))],
    ['no JSON', () => aws.on(GetClusterPolicyCommand).resolves({ policy: '{"Statement":', policyVersion: '1' })],
    ['absent', () => aws.on(GetClusterPolicyCommand).resolves({})],
  ])('knows neither network nor policy where the policy is %s', async (_, on) => {
    answer();
    on();
    const { endpoints, status } = await collectWith(dsql);
    expect(status).toBe('complete');
    expect(levels(endpoints[0]!)).toMatchObject({
      network: 'unknown',
      'access-policy': 'unknown',
      authentication: 'on',
    });
  });

  it('follows every page, and doubts a token that comes twice', async () => {
    answer();
    aws.on(ListClustersCommand).callsFake(({ nextToken }: { nextToken?: string }) => ({
      clusters: [{ identifier: nextToken ?? 'a', arn: ARN }],
      ...(nextToken === undefined ? { nextToken: 'b' } : {}),
    }));
    expect((await collectWith(dsql)).endpoints.map((e) => e.name)).toEqual(['a', 'b']);
    aws.on(ListClustersCommand).resolves({ clusters: [{ identifier: ID, arn: ARN }], nextToken: 'same' });
    expect((await collectWith(dsql)).status).toBe('partial');
  });

  it('is in doubt as a whole where list or host is denied', async () => {
    aws.on(ListClustersCommand).rejects(awsError('AccessDeniedException', 403));
    expect((await collectWith(dsql)).status).toBe('denied');
    answer();
    aws.on(GetClusterCommand).rejects(awsError('AccessDeniedException', 403));
    expect(await collectWith(dsql)).toMatchObject({ endpoints: [], status: 'denied' });
  });

  it('calls nothing safe that AWS did not say, has a gap for what is being made, leaves out what is deleted', async () => {
    answer({ encryptionDetails: undefined });
    expect((await collectWith(dsql)).endpoints[0]?.declared['encryption-at-rest']?.level).toBe('unknown');
    answer({ endpoint: undefined, status: 'CREATING' });
    expect((await collectWith(dsql)).cell.gaps()).toMatchObject([{ subject: ID, code: 'incomplete' }]);
    answer({ status: 'DELETED' });
    expect(await collectWith(dsql)).toMatchObject({ endpoints: [], status: 'complete' });
  });

  it('bounds and cleans a hostile name', async () => {
    answer({ tags: { 'a\u202e': 'y'.repeat(9_000) } });
    aws.on(ListClustersCommand).resolves({ clusters: [{ identifier: `a\u202e${'x'.repeat(5_000)}`, arn: ARN }] });
    const { endpoints } = await collectWith(dsql);
    expect(endpoints[0]?.id.length).toBeLessThanOrEqual(256);
    expect(JSON.stringify(endpoints[0])).not.toMatch(/\u202e/u);
  });

  it('confirms a deletion only on the word of the API', async () => {
    answer();
    const [endpoint] = (await collectWith(dsql)).endpoints;
    const ask = () => dsql.exists(testCell('dsql'), endpoint!);
    aws.reset();
    aws
      .on(GetClusterCommand)
      .rejectsOnce(awsError('ResourceNotFoundException', 404))
      .resolvesOnce(cluster({ status: 'DELETED' }))
      .rejectsOnce(awsError('ThrottlingException'))
      .resolves(cluster());
    expect([await ask(), await ask(), await ask(), await ask()]).toEqual([false, false, undefined, true]);
  });
});
