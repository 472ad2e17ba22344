/**
 * Which accounts are ours, and which regions each has open (aws-services.md section 5.1). What cannot be listed is a
 * gap: an organisation that does not answer is never an organisation of one account.
 */
import { AccountClient, ListRegionsCommand } from '@aws-sdk/client-account';
import { DescribeRegionsCommand, EC2Client } from '@aws-sdk/client-ec2';
import { DescribeOrganizationCommand, ListAccountsCommand, OrganizationsClient } from '@aws-sdk/client-organizations';
import type { Listed, Place } from '../model/inventory.ts';
import { printable } from '../model/text.ts';
import { ABSENT, type Cell } from './cell.ts';
import { PARTITION_FACTS } from './partitions.ts';

export const ACCOUNT_ACTIONS = [
  'organizations:ListAccounts',
  'organizations:DescribeOrganization',
  'account:ListRegions',
  'ec2:DescribeRegions',
] as const;

export interface ListedAccount {
  readonly account: string;
  readonly name?: string;
  /** Suspended or closing ones may still run what they ran. */
  readonly state: string;
}

/** Where nothing runs any more. All others are swept: a suspended account's doors can stand open for weeks. */
const CLOSED = new Set(['CLOSED', 'PENDING_ACTIVATION']);

/** The organisation's accounts; `undefined` where the caller's account is in none. `cell` is the organisation's own. */
export async function organizationAccounts(cell: Cell): Promise<readonly ListedAccount[] | undefined> {
  const client = cell.client(OrganizationsClient);
  const first = await cell.askMaybe(
    'organizations:ListAccounts',
    () => client.send(new ListAccountsCommand({ MaxResults: 20 })),
    ['AWSOrganizationsNotInUseException'],
  );
  if (first === ABSENT) return undefined;
  if (first === undefined) return [];
  const rest =
    first.NextToken === undefined
      ? []
      : await cell.list(
          'organizations:ListAccounts',
          (token) => client.send(new ListAccountsCommand({ MaxResults: 20, NextToken: token ?? first.NextToken })),
          (page) => page.Accounts,
          (page) => page.NextToken,
        );
  return [...(first.Accounts ?? []), ...rest].flatMap(({ Id, Name, State, Status }) => {
    const state: string = State ?? Status ?? 'unknown';
    if (Id === undefined || CLOSED.has(state)) return [];
    return [{ account: Id, state, ...(Name === undefined ? {} : { name: printable(Name) }) }];
  });
}

/** Any account may ask which organisation it is in. Where that is not answered, what lets only ours in counts as shared. */
export async function organizationId(cell: Cell): Promise<string | undefined> {
  const client = cell.client(OrganizationsClient);
  const answer = await cell.askMaybe(
    'organizations:DescribeOrganization',
    () => client.send(new DescribeOrganizationCommand({})),
    ['AWSOrganizationsNotInUseException'],
  );
  return answer === ABSENT ? undefined : answer?.Organization?.Id;
}

/** The account's open regions. `cell` lies in the partition's home region. */
export async function accountRegions(cell: Cell): Promise<Listed<Place>> {
  const { partition } = cell.place;
  const place = (region: string): Place => ({ ...cell.place, region });
  const listed = await regionsByAccount(cell);
  const names = listed.length > 0 ? listed : await regionsByEc2(cell);
  const known = names.filter((name) => PARTITION_FACTS[partition].regions.test(name)).toSorted();
  for (const name of names.filter((n) => !known.includes(n))) {
    cell.gap('incomplete', `region ${name} does not look like one of partition ${partition}`);
  }
  return { items: known.map(place), gaps: [] };
}

/** `account:ListRegions`; a refusal is no gap yet, the fallback may know. */
async function regionsByAccount(cell: Cell): Promise<readonly string[]> {
  const client = cell.client(AccountClient);
  const names: string[] = [];
  let token: string | undefined;
  do {
    const current = token;
    const page = await quietly(() =>
      client.send(
        new ListRegionsCommand({
          MaxResults: 50,
          NextToken: current,
          RegionOptStatusContains: ['ENABLED', 'ENABLED_BY_DEFAULT', 'ENABLING', 'DISABLING'],
        }),
      ),
    );
    // Half a list would hide regions: then the other call is asked.
    if (page === undefined) return [];
    names.push(...(page.Regions ?? []).flatMap(({ RegionName }) => (RegionName === undefined ? [] : [RegionName])));
    token = page.NextToken === current ? undefined : page.NextToken;
  } while (token !== undefined && names.length < 500);
  return names;
}

async function quietly<T>(call: () => Promise<T>): Promise<T | undefined> {
  return call().catch((error: unknown) => {
    if (error instanceof Error) return undefined;
    throw error;
  });
}

async function regionsByEc2(cell: Cell): Promise<readonly string[]> {
  const client = cell.client(EC2Client);
  const answer = await cell.ask('ec2:DescribeRegions', () =>
    client.send(new DescribeRegionsCommand({ AllRegions: false })),
  );
  return (answer?.Regions ?? []).flatMap(({ RegionName }) => (RegionName === undefined ? [] : [RegionName]));
}
