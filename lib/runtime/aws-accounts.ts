/**
 * Whose accounts, which regions, whose organisation: what has to be known before anything of AWS is read. Loads no
 * collector, so that planning stays small.
 */
import { accountRegions, organizationAccounts, organizationId } from '../aws/accounts.ts';
import { type OpenCell, openCell } from '../aws/cell.ts';
import { cellClients } from '../aws/clients.ts';
import { NETWORK_SERVICE } from '../aws/sweep.ts';
import { PARTITION_FACTS } from '../aws/partitions.ts';
import { accountOfArn, type AwsSettings, type Credentials, openSessions, type Sessions } from '../aws/session.ts';
import { AjarError } from '../model/errors.ts';
import { type InventorySource, type Listed, type Place, UNKNOWN_ORGANIZATION } from '../model/inventory.ts';
import type { Network } from '../model/network.ts';
import { ACCOUNTS_MS } from '../pipeline/plan.ts';

export interface AwsAccountsSettings extends AwsSettings {
  /** Only these accounts; otherwise the organisation's, or the caller's own where there is none. */
  readonly accounts?: readonly string[] | undefined;
  /** Only these regions. */
  readonly regions?: readonly string[] | undefined;
}

export interface AwsOptions {
  readonly now: () => Date;
  readonly credentials?: () => Promise<Credentials>;
  readonly onCall?: (action: string, place: Place) => void;
}

export type WithCell = <T>(place: Place, service: string, use: (cell: OpenCell) => Promise<T>) => Promise<T>;

export interface AwsAccounts extends Pick<InventorySource, 'home'> {
  readonly includes: (place: Place) => boolean;
  readonly accounts: () => ReturnType<InventorySource['accounts']>;
  readonly regions: (account: string) => Promise<Listed<Place>>;
  readonly caller: Awaited<ReturnType<Sessions['caller']>>;
  readonly sessions: Sessions;
  /** An account in its partition's home region, with its organisation. */
  readonly homeOf: (account: string) => Promise<Listed<Place>>;
  /** A cell outside of a sweep. */
  readonly withCell: WithCell;
}

export async function openAwsAccounts(
  settings: AwsAccountsSettings,
  options: AwsOptions,
  readNetwork: (cell: OpenCell) => Promise<Network>,
): Promise<AwsAccounts> {
  const { now } = options;
  const sessions = openSessions(settings, now, options.credentials);
  const caller = await sessions.caller();
  const only = onlyAccounts(settings, caller.account);
  const { home } = PARTITION_FACTS[caller.partition];
  const withCell = cellsOf(sessions, options, readNetwork);
  const bare = (account: string): Place => ({ account, region: home, partition: caller.partition });
  // With the credentials we came with: the organisation's list belongs to the account that runs ajar.
  const ours = lasting(now, () => withCell(bare(AS_WE_CAME), 'organizations', organizationOf));
  const theirs = lastingEach(now, (account) => withCell(bare(account), 'organizations', organizationOf));
  const listed = lasting(now, async () =>
    only === undefined ? listAll(caller.account, await ours(), bare(AS_WE_CAME), withCell) : { items: only, gaps: [] },
  );
  const homeOf = async (account: string): Promise<Listed<Place>> => {
    // What the organisation lists is in it; an account that was only named is asked itself.
    const { items, gaps } = await (only === undefined || account === caller.account ? ours() : theirs(account));
    const [organization] = items;
    return { items: [{ ...bare(account), ...(organization === undefined ? {} : { organization }) }], gaps };
  };
  const regions = lastingEach(now, async (account): Promise<Listed<Place>> => {
    const { items, gaps } = await homeOf(account);
    const [place = bare(account)] = items;
    if (settings.regions !== undefined)
      return { items: settings.regions.map((region) => ({ ...place, region })), gaps };
    return withCell(place, 'regions', async (cell) => {
      const open = await accountRegions(cell);
      // That our own organisation did not answer is said once, with its accounts.
      return { items: open.items, gaps: [...(only === undefined ? [] : gaps), ...cell.gaps()] };
    });
  });
  return {
    ...{ home, caller, sessions, homeOf, withCell, accounts: listed, regions },
    includes: ({ account, region }) =>
      (only?.some((each) => each.account === account) ?? true) && (settings.regions?.includes(region) ?? true),
  };
}

/** As a list, so that it is kept and asked again like the others: none where there is no organisation. */
async function organizationOf(cell: OpenCell): Promise<Listed<string>> {
  const id = await organizationId(cell);
  return { items: id === undefined ? [] : [id], gaps: cell.gaps() };
}

/** Those that the settings name; without a role no other account than our own can be read. */
function onlyAccounts(
  { accounts, role }: AwsAccountsSettings,
  own: string,
): readonly { readonly account: string }[] | undefined {
  const literal = role?.includes('{account}') === true ? undefined : accountOfArn(role);
  const alone = literal ?? (role === undefined ? own : undefined);
  const other = alone === undefined ? undefined : accounts?.find((account) => account !== alone);
  if (other !== undefined) {
    throw new AjarError(
      'bad-input',
      role === undefined
        ? `account ${other} cannot be read without a role`
        : `--role ${role} is of ${alone ?? ''} alone`,
      { cure: `pass --role with the name of a role that is deployed in ${other}, or an ARN with {account} in it` },
    );
  }
  return accounts?.map((account) => ({ account })) ?? (alone === undefined ? undefined : [{ account: alone }]);
}

async function listAll(
  own: string,
  organization: Listed<string>,
  place: Place,
  withCell: WithCell,
): Promise<Listed<{ readonly account: string; readonly name?: string }>> {
  const [id] = organization.items;
  const { items, gaps } =
    id === undefined
      ? { items: [], gaps: [] }
      : await withCell(place, 'organizations', async (cell) => ({
          items: await organizationAccounts(cell),
          gaps: cell.gaps(),
        }));
  // The caller's own account is always ours, whatever the organisation says or does not say.
  const all = items.some(({ account }) => account === own) ? items : [{ account: own }, ...items];
  return { items: all, gaps: [...(id === UNKNOWN_ORGANIZATION ? organization.gaps : []), ...gaps] };
}

/** An account and its regions are asked for again after this: a new one is swept within 15 minutes. */
export function lasting<T>(now: () => Date, load: () => Promise<Listed<T>>): () => Promise<Listed<T>> {
  let kept: { readonly until: number; readonly listed: Listed<T> } | undefined;
  return async () => {
    if (kept !== undefined && kept.until > now().getTime()) return kept.listed;
    const listed = await load();
    // What was not whole is asked again at once.
    kept = listed.gaps.length > 0 ? undefined : { until: now().getTime() + ACCOUNTS_MS, listed };
    return listed;
  };
}

export function lastingEach<T>(now: () => Date, load: (account: string) => Promise<Listed<T>>) {
  const kept = new Map<string, () => Promise<Listed<T>>>();
  return (account: string): Promise<Listed<T>> => {
    const one = kept.get(account) ?? lasting(now, () => load(account));
    kept.set(account, one);
    return one();
  };
}

/** Stands for no account: no role is assumed. */
const AS_WE_CAME = '';

/** Cells outside of a sweep: for lists of accounts, regions and names, and for questions about one resource. */
function cellsOf(
  sessions: Sessions,
  { now, onCall }: AwsOptions,
  readNetwork: (cell: OpenCell) => Promise<Network>,
): WithCell {
  return async (place, service, use) => {
    const account = place.account === AS_WE_CAME ? undefined : place.account;
    const clients = cellClients((make) => sessions.client(make, account, place.region));
    const open = (name: string): OpenCell =>
      openCell({
        place,
        service: name,
        now,
        signal: new AbortController().signal,
        memo: new Map(),
        run: async (action, call) => {
          onCall?.(action, place);
          return call();
        },
        client: (make) => clients.of(make),
        network: () => readNetwork(open(NETWORK_SERVICE)),
      });
    try {
      return await use(open(service));
    } finally {
      clients.destroy();
    }
  };
}
