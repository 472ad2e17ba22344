/**
 * Clients of Security Hub for the accounts whose findings are imported. Ours as we come; others through a role there that may do
 * nothing but that. STS of the same region is asked: a region that has Security Hub on has that too.
 */
import { SecurityHubClient } from '@aws-sdk/client-securityhub';
import { openSessions, type Sessions } from '../aws/session.ts';
import { AjarError } from '../model/errors.ts';

/** Of accounts times regions; past that all are made anew. */
const MAX_CLIENTS = 500;
/** What is refused is owed still: the outbox tries again, on a clock of its own. */
const TIMES = { maxAttempts: 2, requestTimeoutMs: 3_000 } as const;

export interface FindingsRole {
  readonly role?: string;
  readonly externalId?: string;
}

export function findingsClients({ role, externalId }: FindingsRole) {
  const regions = new Map<string, Sessions>();
  const clients = new Map<string, SecurityHubClient>();
  const sessionsOf = (region: string): Sessions => {
    const settings = { region, role, externalId, sessionName: 'ajar-findings', ...TIMES };
    const sessions = regions.get(region) ?? openSessions(settings, () => new Date());
    regions.set(region, sessions);
    return sessions;
  };
  return async (account: string, region: string): Promise<SecurityHubClient> => {
    const key = `${account}/${region}`;
    const known = clients.get(key);
    if (known !== undefined) return known;
    const sessions = sessionsOf(region);
    const { account: own } = await sessions.caller();
    if (own !== account && role === undefined) throw noRole(account, own);
    // A client of ours holds no connection of its own: those of its calls in flight outlive it.
    if (clients.size >= MAX_CLIENTS) clients.clear();
    const client = sessions.client(SecurityHubClient, own === account ? undefined : account, region);
    clients.set(key, client);
    return client;
  };
}

function noRole(account: string, own: string): AjarError {
  return new AjarError('bad-input', `findings of ${account} cannot be imported by ${own}`, {
    cure: 'give the sink a role that ajar may assume there',
  });
}
