/** Composition root of the AWS inventory: sessions, accounts, regions, collectors. The caller's credentials, read only. */
import { ACCOUNT_ACTIONS, accountRegions, organizationAccounts, organizationId } from '../aws/accounts.ts';
import { type OpenCell, openCell } from '../aws/cell.ts';
import { cellClients } from '../aws/clients.ts';
import { NAMES_ACTIONS, NAMES_SERVICE, readNames } from '../aws/names.ts';
import { NETWORK_ACTIONS, readNetwork } from '../aws/network.ts';
import { PARTITION_FACTS } from '../aws/partitions.ts';
import { type AwsSettings, type Credentials, openSessions, type Sessions } from '../aws/session.ts';
import { NETWORK_SERVICE, sweepPlace } from '../aws/sweep.ts';
import type { Collector } from '../aws/collector.ts';
import { COLLECTORS } from '../collectors/catalogue.ts';
import { AjarError } from '../model/errors.ts';
import type { InventorySource, Listed, Place, ServiceProfile } from '../model/inventory.ts';
import type { NameRecord } from '../model/second-inventory.ts';
import { ACCOUNTS_MS } from '../pipeline/plan.ts';

export interface AwsInventorySettings extends AwsSettings {
  /** Only these accounts; otherwise the organisation's, or the caller's own where there is none. */
  readonly accounts?: readonly string[] | undefined;
  /** Only these regions. */
  readonly regions?: readonly string[] | undefined;
  /** Only these services. */
  readonly services?: readonly string[] | undefined;
}

export interface AwsInventory extends InventorySource {
  readonly caller: Awaited<ReturnType<Sessions['caller']>>;
  /** Every IAM action that its calls may need. */
  readonly actions: readonly string[];
}

export interface AwsOptions {
  readonly now: () => Date;
  readonly credentials?: () => Promise<Credentials>;
  readonly onCall?: (action: string, place: Place) => void;
}

export async function openAwsInventory(settings: AwsInventorySettings, options: AwsOptions): Promise<AwsInventory> {
  const collectors = chosen(settings.services);
  const sessions = openSessions(settings, options.now, options.credentials);
  const caller = await sessions.caller();
  const { home } = PARTITION_FACTS[caller.partition];
  const withCell = cellsOf(sessions, options);
  const asWeCame: Place = { account: AS_WE_CAME, region: home, partition: caller.partition };
  const organization = await withCell(asWeCame, 'organizations', organizationId);
  const homeOf = (account: string): Place => ({
    account,
    region: home,
    partition: caller.partition,
    ...(organization === undefined ? {} : { organization }),
  });
  const listRegions = (account: string): Promise<Listed<Place>> =>
    withCell(homeOf(account), 'regions', async (cell) => {
      const { items } = await accountRegions(cell);
      return { items, gaps: cell.gaps() };
    });
  const listNames = (account: string): Promise<Listed<NameRecord>> =>
    withCell(homeOf(account), NAMES_SERVICE, async (cell) => ({ items: await readNames(cell), gaps: cell.gaps() }));
  const [regions, names] = [lastingEach(options.now, listRegions), lastingEach(options.now, listNames)];
  // Names matter where doors are found that no service lists.
  const wantsNames = collectors.some((c) => c.service === 'interfaces');
  return {
    home,
    caller,
    actions: actionsOf(collectors),
    services: collectors.map(profileOf),
    includes: ({ account, region }) =>
      (settings.accounts?.includes(account) ?? true) && (settings.regions?.includes(region) ?? true),
    names: async (account) => (wantsNames ? names(account) : { items: [], gaps: [] }),
    accounts: lasting(options.now, () =>
      // With the credentials we came with: the organisation's list belongs to the account that runs ajar.
      withCell(asWeCame, 'organizations', (cell) => accountsOf(settings, caller.account, cell)),
    ),
    async regions(account) {
      if (settings.regions === undefined) return regions(account);
      return { items: settings.regions.map((region) => ({ ...homeOf(account), region })), gaps: [] };
    },
    sweep: (place, services, signal) =>
      sweepPlace(place, {
        collectors: collectors.filter((c) => services.includes(c.service)),
        client: (make, account, region) => sessions.client(make, account, region),
        readNetwork,
        now: options.now,
        signal,
        ...(options.onCall === undefined ? {} : { onCall: options.onCall }),
      }),
    async exists(place, endpoint) {
      const collector = collectors.find((c) => c.service === endpoint.service);
      if (collector === undefined) return undefined;
      const region = collector.homeRegion ?? place.region;
      return withCell({ ...place, region }, collector.service, (cell) => collector.exists(cell, endpoint));
    },
  };
}

/** An account and its regions are asked for again after this: a new one is swept within 15 minutes. */
function lasting<T>(now: () => Date, load: () => Promise<Listed<T>>): () => Promise<Listed<T>> {
  let kept: { readonly until: number; readonly listed: Listed<T> } | undefined;
  return async () => {
    if (kept !== undefined && kept.until > now().getTime()) return kept.listed;
    const listed = await load();
    // What was not whole is asked again at once.
    kept = listed.gaps.length > 0 ? undefined : { until: now().getTime() + ACCOUNTS_MS, listed };
    return listed;
  };
}

function lastingEach<T>(now: () => Date, load: (account: string) => Promise<Listed<T>>) {
  const kept = new Map<string, () => Promise<Listed<T>>>();
  return (account: string): Promise<Listed<T>> => {
    const one = kept.get(account) ?? lasting(now, () => load(account));
    kept.set(account, one);
    return one();
  };
}

/** What planning needs to know of a collector. */
export function profileOf({ service, scope, cost, accompanies }: Collector): ServiceProfile {
  return { service, scope, cost, ...(accompanies === undefined ? {} : { accompanies }) };
}

/** What the collectors declare, and what is read beside them; sorted. */
export function actionsOf(collectors: typeof COLLECTORS): readonly string[] {
  const all = [...collectors.flatMap((c) => c.actions), ...NETWORK_ACTIONS, ...NAMES_ACTIONS, ...ACCOUNT_ACTIONS];
  return [...new Set(all)].toSorted();
}

function chosen(services: readonly string[] | undefined): typeof COLLECTORS {
  const names = COLLECTORS.map((c) => c.service);
  const wrong = services?.filter((s) => !names.includes(s)) ?? [];
  if (wrong.length > 0) {
    throw new AjarError('bad-input', `--services: no such service: ${wrong.join(', ')}`, {
      cure: `known: ${names.join(' ')}`,
    });
  }
  return services === undefined ? COLLECTORS : COLLECTORS.filter((c) => services.includes(c.service));
}

async function accountsOf(
  settings: AwsInventorySettings,
  own: string,
  cell: OpenCell,
): ReturnType<InventorySource['accounts']> {
  if (settings.accounts !== undefined) return { items: settings.accounts.map((account) => ({ account })), gaps: [] };
  // Without a role no other account can be read, so the organisation need not be asked.
  if (settings.role === undefined) return { items: [{ account: own }], gaps: [] };
  const listed = await organizationAccounts(cell);
  const items: Listed<{ account: string; name?: string }>['items'] = listed ?? [];
  // The caller's own account is always ours, whatever the organisation says or does not say.
  return { items: items.some((a) => a.account === own) ? items : [{ account: own }, ...items], gaps: cell.gaps() };
}

/** Stands for no account: no role is assumed. */
const AS_WE_CAME = '';

/** Cells outside of a sweep: for lists of accounts, regions and names, and for questions about one resource. */
function cellsOf(sessions: Sessions, { now, onCall }: AwsOptions) {
  return async <T>(place: Place, service: string, use: (cell: OpenCell) => Promise<T>): Promise<T> => {
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
