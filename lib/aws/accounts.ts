/**
 * Which accounts are ours, and which regions each has open (aws-services.md section 5.1). What cannot be listed is a
 * gap: an organisation that does not answer is never an organisation of one account.
 */
import { AccountClient, ListRegionsCommand } from '@aws-sdk/client-account';
import { DescribeRegionsCommand, EC2Client } from '@aws-sdk/client-ec2';
import { DescribeOrganizationCommand, ListAccountsCommand, OrganizationsClient } from '@aws-sdk/client-organizations';
import { type Listed, type Place, UNKNOWN_ORGANIZATION } from '../model/inventory.ts';
import { printable } from '../model/text.ts';
import { ABSENT, type Cell } from './cell.ts';
import { pagesOf } from './pages.ts';
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

/** The API's own word that the account is in no organisation. */
const IN_NONE = 'AWSOrganizationsNotInUseException';

/** The organisation's accounts; `undefined` where the caller's account is in none. `cell` is that of a caller who may list them. */
export async function organizationAccounts(cell: Cell): Promise<readonly ListedAccount[] | undefined> {
  const client = cell.client(OrganizationsClient);
  let isInNone = false;
  const ask = async <T>(action: string, call: () => Promise<T>): Promise<T | undefined> => {
    const page = await cell.askMaybe(action, call, [IN_NONE]);
    if (page !== ABSENT) return page;
    isInNone = true;
    return undefined;
  };
  const { items: listed } = await pagesOf({ ask, gap: cell.gap.bind(cell) }, undefined, {
    action: 'organizations:ListAccounts',
    call: (NextToken) => client.send(new ListAccountsCommand({ MaxResults: 20, NextToken })),
    items: (page) => page.Accounts,
    next: (page) => page.NextToken,
  });
  if (isInNone) return undefined;
  return listed.flatMap(({ Id, Name, State, Status }) => {
    const state: string = State ?? Status ?? 'unknown';
    if (Id === undefined || CLOSED.has(state)) return [];
    return [{ account: Id, state, ...(Name === undefined ? {} : { name: printable(Name) }) }];
  });
}

/**
 * The organisation of the cell's account, which any account may ask for. `undefined`: it is in none.
 * UNKNOWN_ORGANIZATION, and a gap: nobody answered.
 */
export async function organizationId(cell: Cell): Promise<string | undefined> {
  const client = cell.client(OrganizationsClient);
  const answer = await cell.askMaybe(
    'organizations:DescribeOrganization',
    () => client.send(new DescribeOrganizationCommand({})),
    [IN_NONE],
  );
  return answer === ABSENT ? undefined : (answer?.Organization?.Id ?? UNKNOWN_ORGANIZATION);
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

/** `account:ListRegions`; half a list would hide regions: then the other call is asked. */
async function regionsByAccount(cell: Cell): Promise<readonly string[]> {
  const client = cell.client(AccountClient);
  const quiet = { ask: cell.quietly.bind(cell), gap: () => undefined };
  const { items, whole } = await pagesOf(quiet, undefined, {
    action: 'account:ListRegions',
    call: (NextToken) =>
      client.send(new ListRegionsCommand({ MaxResults: 50, NextToken, RegionOptStatusContains: [...OPEN] })),
    items: (page) => page.Regions,
    next: (page) => page.NextToken,
  });
  return whole ? items.flatMap(({ RegionName }) => (RegionName === undefined ? [] : [RegionName])) : [];
}

/** A region that is being opened or shut may hold what was there before. */
const OPEN = ['ENABLED', 'ENABLED_BY_DEFAULT', 'ENABLING', 'DISABLING'] as const;

async function regionsByEc2(cell: Cell): Promise<readonly string[]> {
  const client = cell.client(EC2Client);
  const answer = await cell.ask('ec2:DescribeRegions', () =>
    client.send(new DescribeRegionsCommand({ AllRegions: false })),
  );
  return (answer?.Regions ?? []).flatMap(({ RegionName }) => (RegionName === undefined ? [] : [RegionName]));
}
