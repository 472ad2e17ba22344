import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, describe, expect, it } from 'vitest';
import { AjarError } from '../../lib/model/errors.ts';
import { findStack } from '../../lib/runtime/stack.ts';
import { awsError } from '../support/aws.ts';

const cloudFormation = mockClient(CloudFormationClient);
const OUTPUTS = {
  TableName: 'ajar-prod-Table-1A2B',
  AllowlistUri: 's3://allowlists/allowlist/allowlist.yaml',
  EvidenceBucketName: 'evidence',
};

function answers(outputs: Readonly<Record<string, string>>): void {
  const Outputs = Object.entries(outputs).map(([OutputKey, OutputValue]) => ({ OutputKey, OutputValue }));
  cloudFormation.on(DescribeStacksCommand, { StackName: 'ajar-prod' }).resolves({
    Stacks: [{ StackName: 'ajar-prod', CreationTime: new Date(0), StackStatus: 'UPDATE_COMPLETE', Outputs }],
  });
}

describe('a stack', () => {
  beforeEach(() => cloudFormation.reset());

  it('says where its record is', async () => {
    answers(OUTPUTS);
    expect(await findStack('ajar-prod', 'eu-west-1')).toEqual({
      ...{ table: OUTPUTS.TableName, allowlist: OUTPUTS.AllowlistUri, evidence: 'evidence', region: 'eu-west-1' },
    });
  });

  it('is read as its auditor, where it has one', async () => {
    answers({ ...OUTPUTS, AuditorRoleArn: 'arn:aws:iam::111122223333:role/ajar-prod-auditor' });
    expect((await findStack('ajar-prod', undefined)).credentials).toBeTypeOf('function');
  });

  it('of somebody else, or of an older release, is refused in words', async () => {
    answers({ TableName: 'x' });
    const refused = await findStack('ajar-prod', undefined).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(AjarError);
    expect(refused).toMatchObject({ code: 'bad-input', message: expect.stringContaining("not one of ajar's") });
  });

  it('that is not there, or that one may not see, is refused in words', async () => {
    cloudFormation.on(DescribeStacksCommand).rejects(awsError('ValidationError', 400));
    await expect(findStack('ajar-prod', undefined)).rejects.toMatchObject({
      ...{ code: 'bad-input', message: expect.stringContaining('--stack ajar-prod: ValidationError') },
    });
  });
});
