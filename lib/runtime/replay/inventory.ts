/**
 * The inventory of a scripted world: an InventorySource that lists what exists as collectors would, each answer as old as its
 * call, and that can be throttled, denied, or find a region that answers nothing.
 */
import { codeOfStatus } from '../../assess/presence.ts';
import { awsEndpoint } from '../../aws/endpoint.ts';
import { partitionOfRegion } from '../../model/partition.ts';
import type { Endpoint } from '../../model/endpoint.ts';
import {
  cellKey,
  type CellReport,
  type CellStatus,
  type InventorySource,
  type Place,
  type ServiceProfile,
} from '../../model/inventory.ts';
import { PROTECTIONS, type Protection, type Protections } from '../../model/protection.ts';
import type { ReplayEndpoint, ReplayFile } from '../../model/replay.ts';
import type { VirtualClock } from './clock.ts';
import type { Being, Declared, World } from './world.ts';

/** A sweep of one place: some list calls, some detail calls. */
const SWEEP_MS = 4_000;
const EXISTS_MS = 300;

export function scriptedInventory(file: ReplayFile, world: World, clock: VirtualClock): InventorySource {
  const services: readonly ServiceProfile[] = [...new Set(file.endpoints.map(({ service }) => service))]
    .toSorted()
    .map((service) => ({ service, scope: 'regional', cost: { empty: 1, each: 1 } }));
  const now = (): string => new Date(clock.now()).toISOString();
  const statusOf = ({ account, region }: Place, service: string): CellStatus => {
    const cell = { account, region, service };
    if (world.fault('region-dark', { region }) !== undefined) return 'failed';
    if (world.fault('denied', cell) !== undefined) return 'denied';
    return world.fault('throttled', cell) === undefined ? 'complete' : 'throttled';
  };
  return {
    services,
    home: 'us-east-1',
    includes: () => true,
    accounts: async () => ({ items: file.accounts.map(({ id }) => ({ account: id })), gaps: [] }),
    regions: async (account) => ({ items: placesOf(file, account), gaps: [] }),
    names: async () => ({ items: [], gaps: [] }),
    async sweep(place, asked) {
      const at = now();
      await clock.sleep(SWEEP_MS / 2);
      const found = asked.map((service) => ({ service, status: statusOf(place, service), beings: world.beings() }));
      await clock.sleep(SWEEP_MS / 2);
      return found.map(({ service, status, beings }) => reportOf(place, service, status, beings, at));
    },
    async exists(place, { name, service = '' }) {
      await clock.sleep(EXISTS_MS);
      if (statusOf(place, service) !== 'complete') return undefined;
      return world.beings().some((being) => isIn(being, place, service) && being.script.id === name);
    },
  };
}

function placesOf({ accounts }: ReplayFile, account: string): readonly Place[] {
  const regions = accounts.find(({ id }) => id === account)?.regions ?? [];
  return regions.map((region) => ({ account, region, partition: partitionOfRegion(region) ?? 'aws' }));
}

function isIn({ script, lives }: Being, { account, region }: Place, service: string): boolean {
  return lives && script.account === account && script.region === region && script.service === service;
}

function reportOf(place: Place, service: string, status: CellStatus, beings: readonly Being[], at: string): CellReport {
  const isWhole = status === 'complete';
  const subject = cellKey(place, service);
  const code = codeOfStatus(status) ?? 'not-answered';
  const mine = isWhole ? beings.filter((being) => isIn(being, place, service)) : [];
  return {
    ...{ place, service, status, at, calls: 1 + mine.length },
    endpoints: mine.map(endpointOf),
    gaps: isWhole ? [] : [{ stage: 'inventory', subject, code, detail: `${service}:List: ${status}, as scripted` }],
  };
}

/** The id that ajar gives it, known from the script alone. */
export function endpointIdOf({ account, region, service, id }: ReplayEndpoint): string {
  return [account, region, service, id].join('/');
}

/** Below a name of the provider, who gives it to nobody else (model/ownership.ts). */
export function hostOf({ id, region, service }: ReplayEndpoint): string {
  return `${id}.${region}.${service}.amazonaws.com`;
}

export function endpointOf({ script, life, declared }: Being): Endpoint {
  const { account, region, service, id, port, engine, dependsOn = [] } = script;
  const place: Place = { account, region, partition: partitionOfRegion(region) ?? 'aws' };
  return awsEndpoint(
    { place, service },
    {
      ...{ name: id, host: hostOf(script), port, engine, declared: protectionsOf(declared) },
      incarnation: String(life),
      dependencies: [ownKeyOf(script), ...dependsOn],
    },
  );
}

const TYPES: Readonly<Record<string, string>> = { opensearch: 'es:domain', rds: 'rds:db', aurora: 'rds:cluster' };

/** Under what name an event touches it. */
function ownKeyOf({ service, id }: ReplayEndpoint): string {
  return `${TYPES[service] ?? service}/${id}`;
}

function protectionsOf(declared: Declared): Protections {
  const entries = PROTECTIONS.flatMap((name): [string, Protection][] => {
    const level = declared[name];
    return level === undefined ? [] : [[name, { level, basis: 'declared', evidence: `${name}=${level}, as scripted` }]];
  });
  return Object.fromEntries(entries);
}
