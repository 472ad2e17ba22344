/**
 * Credentials and clients. One AssumeRole per account per 55 minutes, at a regional STS endpoint (tokens of the global
 * one are refused in opt-in regions), with an ExternalId and a session name that the account's own log shows.
 * aws-services.md sections 1 and 5.2. Holds read-only permissions and never a way to reach an endpoint.
 */
import { AssumeRoleCommand, GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { fromNodeProviderChain } from '@aws-sdk/credential-providers';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { AjarError } from '../model/errors.ts';
import type { Partition } from '../model/inventory.ts';
import type { ClientMaker } from './cell.ts';
import { accountOfArn, partitionOfArn } from './partitions.ts';

export interface AwsSettings {
  /** Where STS and global calls go first. */
  readonly region: string;
  /**
   * Role assumed in every account: a name, or an ARN with `{account}` in it; a whole ARN is that account's alone. Without
   * one only the caller's account can be read.
   */
  readonly role?: string | undefined;
  readonly externalId?: string | undefined;
  readonly sessionName: string;
  /** All services at this URL, for a stand-in of AWS. */
  readonly endpoint?: string | undefined;
  readonly maxAttempts: number;
  readonly requestTimeoutMs: number;
}

export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
  readonly expiration?: Date;
}
type Provider = () => Promise<Credentials>;

export interface Caller {
  /** How far our clock is ahead of AWS's, in milliseconds; AWS refuses signatures that are 5 minutes off. */
  readonly clockAheadMs?: number;
  readonly account: string;
  readonly arn: string;
  readonly partition: Partition;
}

export interface Sessions {
  /** Who we are. Throws AjarError `bad-input` with the cure when nobody: without that nothing can be read. */
  caller(): Promise<Caller>;
  /** Credentials in an account; asked anew when they are 55 minutes old. */
  credentials(account: string): Provider;
  /** A client for one account and region; without an account, with the credentials we came with. The caller destroys it. */
  client<C>(make: ClientMaker<C>, account: string | undefined, region: string): C;
}

/** Role chaining caps a session at an hour; five minutes are left for calls in flight. */
const SESSION_MS = 55 * 60_000;
const CONNECT_TIMEOUT_MS = 5_000;

/** In the word of a call that was refused because of it, before the role and AWS's own word. */
export const ASSUMING = 'sts:AssumeRole';

/** One pool of connections for all clients. A client that is done must not take it with it; idle sockets hold nothing up. */
class SharedHandler extends NodeHttpHandler {
  override destroy(): void {
    // The pool outlives every client.
  }
}

export function openSessions(
  settings: AwsSettings,
  now: () => Date,
  base: Provider = fromNodeProviderChain(),
): Sessions {
  const cached = new Map<string, { readonly until: number; readonly value: Promise<Credentials> }>();
  let who: Promise<Caller> | undefined;
  const handler = new SharedHandler({
    connectionTimeout: CONNECT_TIMEOUT_MS,
    requestTimeout: settings.requestTimeoutMs,
    throwOnRequestTimeout: true,
  });
  const config = (region: string, credentials: Provider) => ({
    region,
    credentials,
    maxAttempts: settings.maxAttempts,
    retryMode: 'adaptive',
    requestHandler: handler,
    ...(settings.endpoint === undefined ? {} : { endpoint: settings.endpoint }),
  });
  const sessions: Sessions = {
    async caller() {
      if (who === undefined) {
        who = callerOf(new STSClient(config(settings.region, base)), now);
        // One that lives on, as a sink does, asks again.
        who.catch(() => (who = undefined));
      }
      return who;
    },
    credentials(account) {
      const { role } = settings;
      if (role === undefined) return async () => ownOnly(await sessions.caller(), account, base);
      return async () => {
        const known = cached.get(account);
        if (known !== undefined && known.until > now().getTime()) return known.value;
        const value = sessions.caller().then(async ({ partition, account: own }) => {
          const arn = roleArn(role, partition, account);
          const taken = assume(new STSClient(config(settings.region, base)), arn, account, settings);
          // Our own account often has no such role (StackSets skip the management account): then we go as we came.
          if (account !== own) return taken;
          return taken.catch(async () => {
            cached.delete(account);
            return base();
          });
        });
        cached.set(account, { until: now().getTime() + SESSION_MS, value });
        // A refusal is asked again next time: the role may exist by then.
        value.catch(() => cached.delete(account));
        return value;
      };
    },
    client: (make, account, region) =>
      new make(config(region, account === undefined ? base : sessions.credentials(account)) as never),
  };
  return sessions;
}

/** One account read under another's name would be the other's deletion: it is refused, whatever else is known. */
async function ownOnly({ account: own }: Caller, account: string, base: Provider): Promise<Credentials> {
  if (account === own) return base();
  throw new AjarError(
    'bad-input',
    `account ${account} cannot be read without a role: these credentials are of ${own}`,
    {
      cure: `pass --role NAME, deployed in ${account} and trusting ${own}`,
    },
  );
}

/** Throws AjarError `bad-input` where a whole ARN is another account's. */
export function roleArn(role: string, partition: Partition, account: string): string {
  if (!role.startsWith('arn:')) return `arn:${partition}:iam::${account}:role/${role.replace(/^\//, '')}`;
  const arn = role.replaceAll('{account}', account);
  if (accountOfArn(arn) === account) return arn;
  throw new AjarError('bad-input', `--role ${role} is a role of one account, and ${account} is another`, {
    cure: 'pass the role’s name, or an ARN with {account} in the place of the account id',
  });
}

async function callerOf(sts: STSClient, now: () => Date): Promise<Caller> {
  let clockAheadMs: number | undefined;
  sts.middlewareStack.add(
    (next) => async (args) => {
      const out = await next(args);
      const date = Date.parse(dateOf(out.response) ?? '');
      if (!Number.isNaN(date)) clockAheadMs = now().getTime() - date;
      return out;
    },
    { step: 'deserialize', name: 'clock' },
  );
  try {
    const { Account: account, Arn: arn } = await sts.send(new GetCallerIdentityCommand({}));
    const partition = partitionOfArn(arn);
    if (account === undefined || arn === undefined || partition === undefined) {
      throw new AjarError(
        'bad-input',
        `AWS names the caller as ${arn ?? 'nobody'}, which is no identity in a partition ajar knows`,
      );
    }
    return { account, arn, partition, ...(clockAheadMs === undefined ? {} : { clockAheadMs }) };
  } catch (error) {
    if (error instanceof AjarError) throw error;
    throw new AjarError('bad-input', `no AWS identity: ${error instanceof Error ? error.message : String(error)}`, {
      cause: error,
      cure: 'sign in first (aws sso login, or AWS_PROFILE, or AWS_ACCESS_KEY_ID), then check with: aws sts get-caller-identity',
    });
  } finally {
    sts.destroy();
  }
}

/** The date that an answer carries; its shape is the SDK's own affair. */
function dateOf(response: unknown): string | undefined {
  if (typeof response !== 'object' || response === null || !('headers' in response)) return undefined;
  const { headers } = response;
  return typeof headers === 'object' && headers !== null && 'date' in headers ? String(headers.date) : undefined;
}

async function assume(
  sts: STSClient,
  arn: string,
  account: string,
  { externalId, sessionName }: AwsSettings,
): Promise<Credentials> {
  try {
    const { Credentials: given, AssumedRoleUser: user } = await sts.send(
      new AssumeRoleCommand({
        RoleArn: arn,
        RoleSessionName: sessionName,
        DurationSeconds: 3_600,
        ExternalId: externalId,
      }),
    );
    if (given?.AccessKeyId === undefined || given.SecretAccessKey === undefined || given.SessionToken === undefined) {
      throw new AjarError('invariant', `AssumeRole ${arn} answered without credentials`);
    }
    const assumed = accountOfArn(user?.Arn);
    if (assumed !== account) {
      throw new AjarError(
        'invariant',
        `AssumeRole ${arn} gave a session of ${assumed ?? 'no account'}, not of ${account}`,
      );
    }
    return {
      accessKeyId: given.AccessKeyId,
      secretAccessKey: given.SecretAccessKey,
      sessionToken: given.SessionToken,
      ...(given.Expiration === undefined ? {} : { expiration: given.Expiration }),
    };
  } catch (error) {
    // It comes out of whichever call needed credentials first, and is not that call's.
    if (error instanceof Error && !(error instanceof AjarError)) error.message = `${ASSUMING} ${arn}: ${error.message}`;
    throw error;
  } finally {
    sts.destroy();
  }
}
