/**
 * Puts the second inventory (network interfaces, addresses, balancers, names in DNS) beside what services and files
 * list. A door that both know becomes one endpoint that says who found it; a door that no service and no file knows
 * is forgotten: that is how the second database of 2019 would have been found before a stranger did.
 * Pure: the same set of endpoints and names gives the same answer in whatever order they come.
 */
import { type Endpoint, FOUND_BY, type FoundBy, isRegistered } from '../model/endpoint.ts';
import { compareOpenness, type Protection } from '../model/protection.ts';
import type { Forgotten } from '../model/inventory.ts';
import { DESCRIPTION_TAG, type NameRecord, NAMES_TAG, REQUESTER_TAG } from '../model/second-inventory.ts';
import { printable } from '../model/text.ts';
import { canonicalHost, indexNames, type Surrounding, surroundingOf } from './name-index.ts';

export interface Reconciled {
  /** Sorted by id. */
  readonly endpoints: readonly Endpoint[];
  readonly forgotten: readonly Forgotten[];
  /** Doors that are registered endpoints: the endpoint's id, by the door's. */
  readonly merged: ReadonlyMap<string, string>;
}

/** What was found before, and whether what it was found by can be relied on now. */
export interface Remembered {
  /** As `merged`. */
  readonly merged: ReadonlyMap<string, string>;
  /** Not all names could be read: a door whose name is missing is still the endpoint that it was. */
  readonly namesInDoubt: boolean;
}
const NOTHING: Remembered = { merged: new Map(), namesInDoubt: false };

/** Services that make interfaces with public addresses, and the collectors that list what is behind them. */
const MAKERS: readonly {
  readonly name: string;
  readonly requester: string;
  readonly description: RegExp;
  readonly services: readonly string[];
}[] = [
  {
    name: 'rds',
    requester: 'amazon-rds',
    description: /^(RDSNetworkInterface|Network interface for DBProxy)/,
    services: ['rds', 'rds-proxy', 'aurora', 'documentdb', 'neptune'],
  },
  {
    name: 'redshift',
    requester: 'amazon-redshift',
    description: /^RedshiftNetworkInterface/,
    services: ['redshift', 'redshift-serverless'],
  },
  { name: 'dms', requester: 'amazon-dms', description: /^DMSNetworkInterface/, services: ['dms'] },
];
const MAX_WHY_CHARS = 400;

export function reconcile(
  endpoints: readonly Endpoint[],
  names: readonly NameRecord[],
  remembered: Remembered = NOTHING,
): Reconciled {
  const around = surroundings(endpoints, names);
  const registered = endpoints.filter(isRegistered);
  const owners = ownersOf(registered, around);
  /** Without those that their own service calls closed: an open door is none of them, whatever a name says. */
  const openOwners = ownersOf(
    registered.filter(({ source, declared }) => source === 'file' || declared.network?.level !== 'on'),
    around,
  );
  const services = ownersOf(
    registered.filter(({ source }) => source === 'aws'),
    around,
  );
  const addresses = new Set(registered.filter(({ source }) => source === 'aws').map(({ host }) => canonicalHost(host)));
  const ids = new Set(registered.map(({ id }) => id));
  const merged = new Map<string, string>();
  /** By key, and by id for what only memory joins. */
  const finds = new Map<string, Find>();
  /** Addresses of interfaces on which a managed service listens. */
  const explained = new Set<string>();
  const left: Endpoint[] = [];
  for (const door of endpoints) {
    if (isRegistered(door)) continue;
    const all = keysOf(door, around);
    const whose = isOpenDoor(door) ? openOwners : owners;
    const keys = all.filter((key) => whose.has(key));
    const before = remembered.namesInDoubt && keys.length === 0 ? remembered.merged.get(door.id) : undefined;
    if (before !== undefined && ids.has(before)) keys.push(before);
    for (const key of keys) finds.set(key, joined(finds.get(key), door));
    const [key] = keys;
    if (key === undefined) left.push(door);
    else merged.set(door.id, whose.get(key) ?? key);
    // By AWS's own word or the very address: what a name says of one port says nothing of the interface.
    const isOwn = makerOf(door) !== undefined || addresses.has(canonicalHost(door.host));
    if (isOwn && all.some((each) => services.has(each))) explained.add(interfaceKey(door));
  }
  // A service listens on its own ports only: whatever else its interface lets through leads nowhere.
  const forgotten = left.filter((door) => !explained.has(interfaceKey(door)));
  const found = registered.map((endpoint) =>
    withFind(endpoint, together([...keysOf(endpoint, around), endpoint.id].map((key) => finds.get(key)))),
  );
  const all = [...found, ...forgotten].map((endpoint) => withNames(endpoint, around)).toSorted(byId);
  return { endpoints: all, forgotten: all.filter((endpoint) => !isRegistered(endpoint)).map(forgottenOf), merged };
}

function isOpenDoor({ declared }: Endpoint): boolean {
  return declared.network?.level === 'off' || declared.network?.level === 'partial';
}

/** The first endpoint by its id that has a key. */
function ownersOf(endpoints: readonly Endpoint[], around: Surroundings): ReadonlyMap<string, string> {
  const map = new Map<string, string>();
  for (const endpoint of endpoints) {
    for (const key of keysOf(endpoint, around)) {
      const first = map.get(key);
      if (first === undefined || endpoint.id < first) map.set(key, endpoint.id);
    }
  }
  return map;
}

/** What the second inventory says of one key. */
interface Find {
  readonly by: ReadonlySet<FoundBy>;
  readonly network: Protection | undefined;
  /** A door of it is known and could not be read: it may be as open as it was. */
  readonly inDoubt: boolean;
}

function joined(before: Find | undefined, { foundBy = [], declared }: Endpoint): Find {
  return {
    by: new Set([...(before?.by ?? []), ...foundBy]),
    network: weakest(before?.network, declared.network),
    inDoubt: before?.inDoubt === true || declared.network === undefined,
  };
}

function together(finds: readonly (Find | undefined)[]): Find | undefined {
  return finds.reduce((a, b) =>
    a === undefined || b === undefined
      ? (a ?? b)
      : {
          by: new Set([...a.by, ...b.by]),
          network: weakest(a.network, b.network),
          inDoubt: a.inDoubt || b.inDoubt,
        },
  );
}

function weakest(a: Protection | undefined, b: Protection | undefined): Protection | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  const order = compareOpenness(a.level, b.level);
  return order < 0 || (order === 0 && a.evidence <= b.evidence) ? a : b;
}

type Surroundings = ReadonlyMap<string, Surrounding>;

function surroundings(endpoints: readonly Endpoint[], names: readonly NameRecord[]): Surroundings {
  const index = indexNames(names);
  return new Map([...new Set(endpoints.map(({ host }) => host))].map((host) => [host, surroundingOf(host, index)]));
}

/** Two endpoints that share a key are the same door, as far as can be told. */
function keysOf(endpoint: Endpoint, around: Surroundings): readonly string[] {
  const { host, port, account = '', region = '' } = endpoint;
  if (endpoint.shared === true) return [];
  const maker = isRegistered(endpoint) ? explainerOf(endpoint) : makerOf(endpoint);
  return [
    ...(around.get(host)?.hosts ?? []).map((known) => `${known} ${port}`),
    ...(maker === undefined ? [] : [`${maker} ${account} ${region} ${port}`]),
  ];
}

/** Which service made an interface, on AWS's own word. */
function makerOf({ tags }: Endpoint): string | undefined {
  const requester = tags[REQUESTER_TAG];
  if (requester === undefined) return undefined;
  const description = tags[DESCRIPTION_TAG] ?? '';
  return MAKERS.find((maker) => maker.requester === requester || maker.description.test(description))?.name;
}

/** Whose interfaces this endpoint explains. One that its service calls closed explains no open interface. */
function explainerOf({ source, service = '', declared }: Endpoint): string | undefined {
  if (source !== 'aws' || declared.network?.level === 'on') return undefined;
  return MAKERS.find((maker) => maker.services.includes(service))?.name;
}

/**
 * What a file says of the network is somebody's word, what was read of the interface is the configuration. While that
 * cannot be read the word does not take its place: it would close what is open.
 */
function withFind(endpoint: Endpoint, find: Find | undefined): Endpoint {
  if (find === undefined) return endpoint;
  const found = foundToo(endpoint, find.by);
  if (endpoint.source !== 'file') return found;
  const network = weakest(endpoint.declared.network, find.network);
  if (find.inDoubt && network?.level !== 'off') {
    const { network: _word, ...declared } = found.declared;
    return { ...found, declared };
  }
  return network === undefined ? found : { ...found, declared: { ...found.declared, network } };
}

function foundToo(endpoint: Endpoint, found: ReadonlySet<FoundBy>): Endpoint {
  const before = endpoint.foundBy ?? [endpoint.source === 'file' ? 'file' : 'service'];
  return { ...endpoint, foundBy: FOUND_BY.filter((by) => found.has(by) || before.includes(by)) };
}

function withNames(endpoint: Endpoint, around: Surroundings): Endpoint {
  const names = around.get(endpoint.host)?.names ?? [];
  // All customers share the provider's hosts: their names say nothing of this resource.
  if (endpoint.shared === true || names.length === 0) return endpoint;
  const tags = { ...endpoint.tags, [NAMES_TAG]: printable(names.join(' '), 256) };
  return { ...foundToo(endpoint, new Set(['name'])), tags };
}

function forgottenOf({
  id,
  arn,
  name = 'unknown',
  service = 'balancer',
  foundBy = [],
  declared,
  tags,
}: Endpoint): Forgotten {
  const requester = tags[REQUESTER_TAG];
  const made = requester === undefined ? '' : ` of ${requester} (${tags[DESCRIPTION_TAG] ?? ''})`;
  const through = [
    foundBy.includes('interface') ? `network interface ${arn?.split('/').at(-1) ?? name}${made}` : '',
    foundBy.includes('address') ? 'an Elastic IP' : '',
    foundBy.includes('balancer') ? `${service} ${name}` : '',
    foundBy.includes('name') ? `DNS name ${tags[NAMES_TAG] ?? 'unknown'}` : '',
  ].filter((part) => part !== '');
  const opened = declared.network === undefined ? '' : `, ${declared.network.evidence}`;
  const why = `no service inventory knows it: found through ${through.join(' and ')}${opened}`;
  return { endpointId: id, why: printable(why, MAX_WHY_CHARS) };
}

function interfaceKey({ account, region, arn, host }: Endpoint): string {
  return JSON.stringify([account, region, arn, host]);
}

function byId(a: Endpoint, b: Endpoint): number {
  return a.id < b.id ? -1 : 1;
}
