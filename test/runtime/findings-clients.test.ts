import { BatchImportFindingsCommand, SecurityHubClient } from '@aws-sdk/client-securityhub';
import { AssumeRoleCommand, GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { mockClient } from 'aws-sdk-client-mock';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { findingsClients } from '../../lib/runtime/findings-clients.ts';
import { sinkFor } from '../../lib/runtime/sinks.ts';
import { awsError } from '../support/aws.ts';
import { aNotice } from '../support/builders.ts';

const [OWN, OTHER] = ['999988887777', '111122223333'];
const sts = mockClient(STSClient);
const hub = mockClient(SecurityHubClient);
const { signal } = new AbortController();

beforeEach(() => {
  for (const mock of [sts, hub]) mock.reset();
  vi.stubEnv('AWS_ACCESS_KEY_ID', 'ours');
  vi.stubEnv('AWS_SECRET_ACCESS_KEY', 's');
  sts
    .on(GetCallerIdentityCommand)
    .resolves({ Account: OWN, Arn: `arn:aws:sts::${OWN}:assumed-role/ajar-prod-notify/x` });
  sts.on(AssumeRoleCommand).callsFake(({ RoleArn }: { RoleArn: string }) => ({
    Credentials: { AccessKeyId: RoleArn, SecretAccessKey: 's', SessionToken: 't' },
    AssumedRoleUser: { AssumedRoleId: 'x', Arn: RoleArn.replace(':iam:', ':sts:').replace(':role/', ':assumed-role/') },
  }));
});
afterEach(() => vi.unstubAllEnvs());

const keyOf = async (client: SecurityHubClient) => (await client.config.credentials()).accessKeyId;

describe('a client for findings', () => {
  it('of our own account comes as we are, and asks for no role', async () => {
    const client = await findingsClients({ role: 'security/ajar-findings' })(OWN, 'eu-west-1');
    expect(await keyOf(client)).toBe('ours');
    expect(sts.commandCalls(AssumeRoleCommand)).toEqual([]);
  });

  it('of another account comes by the role there, with the external id, once for a region', async () => {
    const clientFor = findingsClients({ role: 'security/ajar-findings', externalId: 'x-1' });
    const client = await clientFor(OTHER, 'eu-west-1');
    expect(await keyOf(client)).toBe(`arn:aws:iam::${OTHER}:role/security/ajar-findings`);
    expect(await client.config.region()).toBe('eu-west-1');
    expect(await clientFor(OTHER, 'eu-west-1')).toBe(client);
    expect(await clientFor(OTHER, 'us-east-1')).not.toBe(client);
    expect(sts.commandCalls(AssumeRoleCommand)[0]?.args[0].input).toMatchObject({
      ExternalId: 'x-1',
      RoleSessionName: 'ajar-findings',
    });
  });

  it('of another account without a role is none, and the reader is told what to do', async () => {
    await expect(findingsClients({})(OTHER, 'eu-west-1')).rejects.toMatchObject({
      message: `findings of ${OTHER} cannot be imported by ${OWN}`,
      cure: 'give the sink a role that ajar may assume there',
    });
  });

  it('is asked for again after nobody said who we are', async () => {
    const clientFor = findingsClients({});
    sts
      .on(GetCallerIdentityCommand)
      .rejectsOnce(awsError('ThrottlingException', 400, 'slow'))
      .resolves({
        Account: OWN,
        Arn: `arn:aws:sts::${OWN}:assumed-role/ajar-prod-notify/x`,
      });
    await expect(clientFor(OWN, 'eu-west-1')).rejects.toThrow('slow');
    expect(await keyOf(await clientFor(OWN, 'eu-west-1'))).toBe('ours');
  });
});

it('the sink that the settings name imports through it', async () => {
  hub.on(BatchImportFindingsCommand).resolves({ SuccessCount: 1, FailedCount: 0 });
  const sink = sinkFor({ type: 'securityhub', id: 'securityhub', role: 'security/ajar-findings' });
  const notice = aNotice({ endpoint: { ...aNotice().endpoint, account: OTHER, region: 'eu-west-1' } });
  expect(await sink.deliver(notice, signal)).toEqual({ id: `1 imported ${OTHER}/eu-west-1 ${notice.key}` });
});
