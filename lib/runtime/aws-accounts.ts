/**
 * Whose accounts, which regions, whose organisation: what has to be known before anything of AWS is read. Loads no
 * collector, so that planning stays small.
 */
import { accountRegions, organizationAccounts, organizationId } from '../aws/accounts.ts';
import { type OpenCell, openCell } from '../aws/cell.ts';
import { cellClients } from '../aws/clients.ts';
import { NETWORK_SERVICE } from '../aws/sweep.ts';
import { accountOfArn, PARTITION_FACTS } from '../aws/partitions.ts';
import { type AwsSettings, type Credentials, openSessions, type Sessions } from '../aws/session.ts';
import { AjarError } from '../model/errors.ts';
import { type InventorySource, type Listed, type Place, UNKNOWN_ORGANIZATION } from '../model/inventory.ts';
import type { Network } from '../model/network.ts';
import { lasting, lastingEach } from './lasting.ts';

/** Within one pass nobody who did not answer is asked twice. */
const UNANSWERED_MS = 30_000;

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
  /** A call that was refused where another could answer instead. */
  readonly onRefusal?: (action: string, detail: string) => void;
  /** Nothing will be read of these places, no policy judged: nobody is asked which organisation they are in. */
  readonly listsOnly?: true;
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
  const withCell = cellsOf((account) => account, sessions, options, readNetwork);
  // With the credentials we came with: the organisation's list belongs to the account that runs ajar.
  const asWeCame = cellsOf(() => undefined, sessions, options, readNetwork);
  const bare = (account: string): Place => ({ account, region: home, partition: caller.partition });
  const ours = lasting(now, () => asWeCame(bare(caller.account), 'organizations', organizationOf), UNANSWERED_MS);
  const theirs = lastingEach(now, (account) => withCell(bare(account), 'organizations', organizationOf), UNANSWERED_MS);
  const isOurs = (account: string): boolean => only === undefined || account === caller.account;
  const organization = async (account: string): Promise<Listed<string>> => {
    if (options.listsOnly === true) return { items: [UNKNOWN_ORGANIZATION], gaps: [] };
    // What the organisation lists is in it; an account that was only named is asked itself.
    return isOurs(account) ? ours() : theirs(account);
  };
  const listed = lasting(now, async () => {
    if (only !== undefined) return { items: only, gaps: [] };
    const { items } = await organization(caller.account);
    if (items.length === 0) return { items: [{ account: caller.account }], gaps: [] };
    return asWeCame(bare(caller.account), 'organizations', (cell) => listAll(caller.account, cell));
  });
  const open = lastingEach(now, (account) =>
    withCell(bare(account), 'regions', async (cell) => {
      const { items } = await accountRegions(cell);
      return { items: items.map(({ region }) => region), gaps: cell.gaps() };
    }),
  );
  const homeOf = async (account: string): Promise<Listed<Place>> => {
    const { items, gaps } = await organization(account);
    const [id] = items;
    return { items: [{ ...bare(account), ...(id === undefined ? {} : { organization: id }) }], gaps };
  };
  return {
    ...{ home, caller, sessions, homeOf, withCell },
    async accounts() {
      const { items, gaps } = await listed();
      // That our own organisation did not answer is said once, however many accounts are in it.
      const unsaid = items.some(({ account }) => isOurs(account)) ? (await organization(caller.account)).gaps : [];
      // That we do not know which organisation it is puts none of its accounts in doubt.
      return { items, gaps: [...unsaid, ...gaps], ...(gaps.length > 0 ? { partial: true } : {}) };
    },
    async regions(account) {
      const { items, gaps } = await homeOf(account);
      const { items: names, gaps: unlisted } =
        settings.regions === undefined ? await open(account) : { items: settings.regions, gaps: [] };
      return {
        items: items.flatMap((place) => names.map((region) => ({ ...place, region }))),
        gaps: [...(isOurs(account) ? [] : gaps), ...unlisted],
        ...(unlisted.length > 0 ? { partial: true } : {}),
      };
    },
    // An account that only could not be read this time was not left out: what is known of it is missed.
    includes: ({ account, region }) =>
      (settings.accounts?.includes(account) ?? true) && (settings.regions?.includes(region) ?? true),
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

async function listAll(own: string, cell: OpenCell): ReturnType<InventorySource['accounts']> {
  const items: Listed<{ account: string; name?: string }>['items'] = (await organizationAccounts(cell)) ?? [];
  // The caller's own account is always ours, whatever the organisation says or does not say.
  return {
    items: items.some(({ account }) => account === own) ? items : [{ account: own }, ...items],
    gaps: cell.gaps(),
  };
}

/** Cells outside of a sweep: for lists of accounts, regions and names, and for questions about one resource. */
function cellsOf(
  /** Whose credentials: `undefined` for those that we came with. */
  as: (account: string) => string | undefined,
  sessions: Sessions,
  { now, onCall, onRefusal }: AwsOptions,
  readNetwork: (cell: OpenCell) => Promise<Network>,
): WithCell {
  return async (place, service, use) => {
    const clients = cellClients((make) => sessions.client(make, as(place.account), place.region));
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
        ...(onRefusal === undefined ? {} : { onRefusal }),
      });
    try {
      return await use(open(service));
    } finally {
      clients.destroy();
    }
  };
}
