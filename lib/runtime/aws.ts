/** Composition root of the AWS inventory: accounts, regions, collectors. The caller's credentials, read only. */
import { ACCOUNT_ACTIONS } from '../aws/accounts.ts';
import { LOOKUP_ACTION } from '../aws/lookup-events.ts';
import { NAMES_ACTIONS, NAMES_SERVICE, readNames } from '../aws/names.ts';
import { NETWORK_ACTIONS, readNetwork } from '../aws/network.ts';
import { sweepPlace } from '../aws/sweep.ts';
import type { Collector } from '../aws/collector.ts';
import { COLLECTORS } from '../collectors/catalogue.ts';
import type { CoverageGap } from '../model/endpoint.ts';
import { AjarError } from '../model/errors.ts';
import type { InventorySource, Listed, ServiceProfile } from '../model/inventory.ts';
import type { NameRecord } from '../model/second-inventory.ts';
import { type AwsAccounts, type AwsAccountsSettings, type AwsOptions, openAwsAccounts } from './aws-accounts.ts';
import { lastingEach } from './lasting.ts';

export interface AwsInventorySettings extends AwsAccountsSettings {
  /** Only these services. */
  readonly services?: readonly string[] | undefined;
}

export interface AwsInventory extends InventorySource {
  readonly caller: AwsAccounts['caller'];
  /** Every IAM action that its calls may need. */
  readonly actions: readonly string[];
  /** An account in its partition's home region, with its organisation. */
  readonly homeOf: AwsAccounts['homeOf'];
}

export async function openAwsInventory(settings: AwsInventorySettings, options: AwsOptions): Promise<AwsInventory> {
  const collectors = chosen(settings.services);
  const aws = await openAwsAccounts(settings, options, readNetwork);
  const { home, caller, sessions, withCell } = aws;
  const listNames = async (account: string): Promise<Listed<NameRecord>> => {
    const [place = { account, region: home, partition: caller.partition }] = (await aws.homeOf(account)).items;
    return withCell(place, NAMES_SERVICE, async (cell) => ({ items: await readNames(cell), gaps: cell.gaps() }));
  };
  const names = lastingEach(options.now, listNames);
  const leftOut = options.listsOnly === true ? [] : globalGap(collectors, settings, home);
  // Names matter where doors are found that no service lists.
  const wantsNames = collectors.some((c) => c.service === 'interfaces');
  return {
    ...{ home, caller, homeOf: aws.homeOf, includes: aws.includes, regions: aws.regions },
    async accounts() {
      const listed = await aws.accounts();
      return { ...listed, gaps: [...listed.gaps, ...leftOut] };
    },
    actions: actionsOf(collectors),
    services: collectors.map(profileOf),
    names: async (account) => (wantsNames ? names(account) : { items: [], gaps: [] }),
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

/** Subject of the gap that stands for all services without a region. */
export const GLOBAL_SERVICES = 'global services';

/** Services without a region are read with the partition's home region: without it nobody would miss them. */
function globalGap(
  collectors: typeof COLLECTORS,
  { regions }: AwsInventorySettings,
  home: string,
): readonly CoverageGap[] {
  const names = collectors.filter((c) => c.scope === 'global').map((c) => c.service);
  if (regions === undefined || regions.includes(home) || names.length === 0) return [];
  const detail = `not read, since --regions leaves out ${home}: ${names.join(', ')}; add it, or leave them out by --services`;
  return [{ stage: 'inventory', subject: GLOBAL_SERVICES, code: 'incomplete', detail }];
}

/** What planning needs to know of a collector. */
export function profileOf({ service, scope, cost, accompanies }: Collector): ServiceProfile {
  return { service, scope, cost, ...(accompanies === undefined ? {} : { accompanies }) };
}

/** What the collectors declare, and what is read beside them; sorted. */
export function actionsOf(collectors: typeof COLLECTORS): readonly string[] {
  const all = [
    ...collectors.flatMap((c) => c.actions),
    ...NETWORK_ACTIONS,
    ...NAMES_ACTIONS,
    ...ACCOUNT_ACTIONS,
    LOOKUP_ACTION,
  ];
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
