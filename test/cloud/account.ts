/** Clients for one account and region of the stand-in: moto keeps accounts apart by the role that was assumed. */
import {
  CreateAccountCommand,
  CreateOrganizationCommand,
  ListAccountsCommand,
  OrganizationsClient,
} from '@aws-sdk/client-organizations';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';

export const ROLE = 'ajar-reader';

export interface Config {
  readonly endpoint: string;
  readonly region: string;
  readonly credentials: {
    readonly accessKeyId: string;
    readonly secretAccessKey: string;
    readonly sessionToken?: string;
  };
  readonly maxAttempts: number;
}

const UNSIGNED = { accessKeyId: 'AKIAAJARTEST', secretAccessKey: 'x' };

/** An organisation of so many accounts, the management account among them. */
export async function createOrganisation(url: string, accounts: number): Promise<readonly string[]> {
  const client = new OrganizationsClient({ endpoint: url, region: 'us-east-1', credentials: UNSIGNED });
  await client.send(new CreateOrganizationCommand({ FeatureSet: 'ALL' }));
  for (let i = 1; i < accounts; i++) {
    await client.send(new CreateAccountCommand({ AccountName: `member-${i}`, Email: `member-${i}@example.com` }));
  }
  const { Accounts: listed } = await client.send(new ListAccountsCommand({}));
  client.destroy();
  return (listed ?? []).flatMap(({ Id }) => (Id === undefined ? [] : [Id]));
}

export async function configOf(url: string, account: string, region: string): Promise<Config> {
  const base = { endpoint: url, region, maxAttempts: 1 };
  const sts = new STSClient({ ...base, credentials: UNSIGNED });
  const { Credentials: given } = await sts.send(
    new AssumeRoleCommand({ RoleArn: `arn:aws:iam::${account}:role/${ROLE}`, RoleSessionName: 'planting' }),
  );
  sts.destroy();
  if (given?.AccessKeyId === undefined || given.SecretAccessKey === undefined)
    throw new Error('moto gave no credentials');
  const { AccessKeyId: accessKeyId, SecretAccessKey: secretAccessKey, SessionToken: sessionToken } = given;
  return {
    ...base,
    credentials: { accessKeyId, secretAccessKey, ...(sessionToken === undefined ? {} : { sessionToken }) },
  };
}
