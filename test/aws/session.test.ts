import { AssumeRoleCommand, GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { mockClient } from 'aws-sdk-client-mock';
import { afterEach, describe, expect, it } from 'vitest';
import { failureOf } from '../../lib/aws/errors.ts';
import { type AwsSettings, openSessions, roleArn } from '../../lib/aws/session.ts';
import { AjarError } from '../../lib/model/errors.ts';
import { awsError } from '../support/aws.ts';

const sts = mockClient(STSClient);
afterEach(() => sts.reset());

const OWN = '999988887777';
const settings: AwsSettings = {
  region: 'eu-west-1',
  role: 'security/ajar-reader',
  externalId: 'x-1',
  sessionName: 'ajar',
  maxAttempts: 1,
  requestTimeoutMs: 1_000,
};
const base = async () => ({ accessKeyId: 'base', secretAccessKey: 's' });

function caller(arn = `arn:aws:sts::${OWN}:assumed-role/scanner/s`): void {
  sts.on(GetCallerIdentityCommand).resolves({ Account: OWN, Arn: arn });
}
function grant(): void {
  sts.on(AssumeRoleCommand).callsFake(({ RoleArn }: { RoleArn: string }) => ({
    Credentials: {
      AccessKeyId: RoleArn,
      SecretAccessKey: 's',
      SessionToken: 't',
      Expiration: new Date('2026-11-25T13:00:00Z'),
    },
    AssumedRoleUser: { AssumedRoleId: 'x', Arn: RoleArn.replace(':iam:', ':sts:').replace(':role/', ':assumed-role/') },
  }));
}

describe('AWS sessions', () => {
  it('assumes the role of an account once in 55 minutes, whoever asks and however often', async () => {
    caller();
    grant();
    let now = Date.parse('2026-11-25T12:00:00Z');
    const sessions = openSessions(settings, () => new Date(now), base);
    const ask = sessions.credentials('111122223333');
    const [first, again] = await Promise.all([ask(), sessions.credentials('111122223333')()]);
    expect(first.accessKeyId).toBe('arn:aws:iam::111122223333:role/security/ajar-reader');
    expect(again).toBe(first);
    now += 54 * 60_000;
    await ask();
    expect(sts.commandCalls(AssumeRoleCommand)).toHaveLength(1);
    now += 2 * 60_000;
    await ask();
    expect(sts.commandCalls(AssumeRoleCommand)).toHaveLength(2);
    expect(sts.commandCalls(AssumeRoleCommand)[0]?.args[0].input).toMatchObject({
      ExternalId: 'x-1',
      RoleSessionName: 'ajar',
    });
  });

  it('asks again after a refusal: the role may exist by then', async () => {
    caller();
    sts.on(AssumeRoleCommand).rejectsOnce(awsError('AccessDenied', 403));
    const ask = openSessions(settings, () => new Date(), base).credentials('111122223333');
    await expect(ask()).rejects.toThrow('AccessDenied');
    grant();
    expect((await ask()).secretAccessKey).toBe('s');
  });

  it.each([
    ['an external id that is not the role’s', 'is not authorized to perform: sts:AssumeRole on resource: R'],
    [
      'a service control policy',
      'is not authorized to perform: sts:AssumeRole with an explicit deny in a service control policy',
    ],
    ['an account that is suspended', 'is not authorized to perform: sts:AssumeRole because the account is suspended'],
  ])('kept out of one account by %s goes into the others, and says which action was refused', async (_, why) => {
    caller();
    grant();
    const isOut = { RoleArn: 'arn:aws:iam::111122223333:role/security/ajar-reader' };
    sts.on(AssumeRoleCommand, isOut).rejects(awsError('AccessDenied', 403, why));
    const sessions = openSessions(settings, () => new Date(), base);
    const refused = await sessions
      .credentials('111122223333')()
      .catch((error: unknown) => failureOf(error));
    expect(refused).toMatchObject({
      code: 'denied',
      detail: `AccessDenied (HTTP 403): sts:AssumeRole ${isOut.RoleArn}: ${why}`,
    });
    expect((await sessions.credentials('444455556666')()).secretAccessKey).toBe('s');
  });

  it('goes into its own account as it came, where that has no such role', async () => {
    caller();
    sts.on(AssumeRoleCommand).rejects(awsError('AccessDenied', 403));
    const sessions = openSessions(settings, () => new Date(), base);
    expect((await sessions.credentials(OWN)()).accessKeyId).toBe('base');
    await expect(sessions.credentials('111122223333')()).rejects.toThrow('AccessDenied');
  });

  it('assumes nothing without a role, and then reads its own account alone', async () => {
    caller();
    const sessions = openSessions({ ...settings, role: undefined }, () => new Date(), base);
    expect((await sessions.credentials(OWN)()).accessKeyId).toBe('base');
    await expect(sessions.credentials('111122223333')()).rejects.toThrow(
      `account 111122223333 cannot be read without a role: these credentials are of ${OWN}`,
    );
    expect(sts.commandCalls(AssumeRoleCommand)).toHaveLength(0);
  });

  it('never reads one account under the name of another: a whole ARN is of its own account alone', async () => {
    caller();
    grant();
    const role = 'arn:aws:iam::111122223333:role/x';
    const sessions = openSessions({ ...settings, role }, () => new Date(), base);
    expect((await sessions.credentials('111122223333')()).accessKeyId).toBe(role);
    const error = await sessions
      .credentials('444455556666')()
      .catch((e: unknown) => e);
    expect(error).toMatchObject({ code: 'bad-input', cure: expect.stringContaining('{account}') });
    expect(sts.commandCalls(AssumeRoleCommand)).toHaveLength(1);
  });

  it.each([
    ['of another account', 'arn:aws:sts::444455556666:assumed-role/x/ajar'],
    ['of no account', undefined],
    ['of something that is no ARN', 'x'],
  ])('refuses a session %s', async (_, Arn) => {
    caller();
    const Credentials = { AccessKeyId: 'a', SecretAccessKey: 's', SessionToken: 't', Expiration: new Date() };
    sts.on(AssumeRoleCommand).resolves({
      Credentials,
      ...(Arn === undefined ? {} : { AssumedRoleUser: { AssumedRoleId: 'x', Arn } }),
    });
    await expect(openSessions(settings, () => new Date(), base).credentials('111122223333')()).rejects.toThrow(
      /not of 111122223333/,
    );
  });

  it('writes role ARNs in the partition it is in', async () => {
    caller(`arn:aws-us-gov:sts::${OWN}:assumed-role/scanner/s`);
    grant();
    const sessions = openSessions(settings, () => new Date(), base);
    expect((await sessions.caller()).partition).toBe('aws-us-gov');
    expect((await sessions.credentials('111122223333')()).accessKeyId).toMatch(/^arn:aws-us-gov:iam::/);
    expect(roleArn('arn:aws:iam::{account}:role/x', 'aws', '111122223333')).toBe('arn:aws:iam::111122223333:role/x');
  });

  it('refuses credentials that are none', async () => {
    caller();
    sts.on(AssumeRoleCommand).resolves({});
    await expect(openSessions(settings, () => new Date(), base).credentials('111122223333')()).rejects.toThrow(
      /without credentials/,
    );
  });

  it('says how to sign in when there is no identity', async () => {
    sts.on(GetCallerIdentityCommand).rejects(awsError('CredentialsProviderError'));
    const error = await openSessions(settings, () => new Date(), base)
      .caller()
      .catch((e: unknown) => e);
    expect(error).toBeInstanceOf(AjarError);
    expect(error).toMatchObject({ code: 'bad-input', cure: expect.stringContaining('sign in') });
  });
});
