/**
 * Lightsail databases, and the database ports that instances open (aws-services.md section 2.18).
 * Calls: GetRelationalDatabases, GetRelationalDatabaseParameters of each; GetInstances.
 * A database has no security group: publiclyAccessible is the whole answer. An instance has a firewall of its own; what
 * is installed on it is not known, so each database port that it opens is a door to look at.
 */
import {
  GetInstanceCommand,
  GetInstancesCommand,
  GetRelationalDatabaseCommand,
  GetRelationalDatabaseParametersCommand,
  GetRelationalDatabasesCommand,
  type Instance,
  type InstancePortInfo,
  LightsailClient,
  type RelationalDatabase,
  type Tag,
} from '@aws-sdk/client-lightsail';
import { ABSENT, type Cell } from '../aws/cell.ts';
import type { Collector } from '../aws/collector.ts';
import { keysOf } from '../aws/dependencies.ts';
import { type Door, doorOf, hasDoor } from '../aws/doors.ts';
import { awsEndpoint, tagsOf } from '../aws/endpoint.ts';
import { pagesOf } from '../aws/pages.ts';
import { DATABASE_PORTS, engineOfPort } from '../aws/ports.ts';
import { inForce, switchOf } from '../aws/rds-parameters.ts';
import { declaredOff, declaredOn, declaredPartial, declaredUnknown } from '../model/declared.ts';
import { doorName, type Endpoint, type Engine } from '../model/endpoint.ts';
import type { Protection } from '../model/protection.ts';
import { breadthOf } from '../reach/breadth.ts';
import { FAMILIES, type Family, parseBlocks } from '../reach/ipset.ts';

const GONE = ['NotFoundException'];
/** The engine, and the parameter that refuses connections without TLS. */
const ENGINES: ReadonlyMap<string | undefined, readonly [Engine, string]> = new Map([
  ['mysql', ['mysql', 'require_secure_transport']],
  ['postgres', ['postgres', 'rds.force_ssl']],
]);

export const lightsail: Collector = {
  service: 'lightsail',
  scope: 'regional',
  actions: [
    'lightsail:GetRelationalDatabases',
    'lightsail:GetRelationalDatabase',
    'lightsail:GetRelationalDatabaseParameters',
    'lightsail:GetInstances',
    'lightsail:GetInstance',
  ],
  cost: { empty: 2, each: 5 },
  async collect(cell) {
    const client = cell.client(LightsailClient);
    const databases = await cell.list(
      'lightsail:GetRelationalDatabases',
      (pageToken) => client.send(new GetRelationalDatabasesCommand({ pageToken })),
      (page) => page.relationalDatabases,
      (page) => page.nextPageToken,
    );
    const instances = await cell.list(
      'lightsail:GetInstances',
      (pageToken) => client.send(new GetInstancesCommand({ pageToken })),
      (page) => page.instances,
      (page) => page.nextPageToken,
    );
    cell.watch(instances.length);
    const found = await Promise.all(databases.map((database) => databaseOf(cell, database)));
    return [...found.flat(), ...instances.flatMap((instance) => instanceDoors(cell, instance))];
  },
  async exists(cell, endpoint) {
    const client = cell.client(LightsailClient);
    const { name } = endpoint;
    // Only instances have doors of several kinds.
    if (doorName(endpoint) !== '') {
      const call = () => client.send(new GetInstanceCommand({ instanceName: name }));
      const answer = await cell.askMaybe('lightsail:GetInstance', call, GONE, name);
      if (answer === ABSENT) return false;
      if (answer?.instance?.networking?.ports === undefined) return undefined;
      const doors = doorsOf(answer.instance);
      return doors.length > 0 && hasDoor(endpoint, doors);
    }
    const call = () => client.send(new GetRelationalDatabaseCommand({ relationalDatabaseName: name }));
    const answer = await cell.askMaybe('lightsail:GetRelationalDatabase', call, GONE, name);
    if (answer === ABSENT) return false;
    return answer === undefined ? undefined : true;
  },
};

async function databaseOf(cell: Cell, database: RelationalDatabase): Promise<readonly Endpoint[]> {
  const { name, arn, masterEndpoint: at, publiclyAccessible, state } = database;
  if (name === undefined || at?.address === undefined || at.port === undefined) {
    cell.gap('incomplete', `database ${name ?? 'unnamed'} has no endpoint yet: ${state ?? 'no state'}`, name);
    return [];
  }
  const said = `publiclyAccessible=${String(publiclyAccessible ?? 'absent')}, no security group applies`;
  return [
    awsEndpoint(cell, {
      name,
      host: at.address,
      port: at.port,
      engine: ENGINES.get(database.engine)?.[0] ?? 'unidentified',
      arn,
      tags: tagList(database.tags),
      // The ARN holds an id that no other database ever has.
      incarnation: arn,
      dependencies: keysOf('lightsail:relationaldatabase', name),
      declared: {
        network:
          publiclyAccessible === undefined
            ? declaredUnknown(said)
            : (publiclyAccessible ? declaredOff : declaredOn)(said),
        authentication: declaredOn('password, by design'),
        tls: await tlsOf(cell, name, database),
      },
    }),
  ];
}

async function tlsOf(cell: Cell, name: string, database: RelationalDatabase): Promise<Protection> {
  const [, parameter] = ENGINES.get(database.engine) ?? [];
  if (parameter === undefined) return declaredUnknown(`engine ${database.engine ?? 'absent'} not known`);
  const client = cell.client(LightsailClient);
  const { items, whole } = await pagesOf(cell, name, {
    action: 'lightsail:GetRelationalDatabaseParameters',
    call: (pageToken) =>
      client.send(new GetRelationalDatabaseParametersCommand({ relationalDatabaseName: name, pageToken })),
    items: (page) => page.parameters,
    next: (page) => page.nextPageToken,
  });
  const found = items.find(({ parameterName }) => parameterName === parameter);
  if (found === undefined) return declaredUnknown(`${parameter} ${whole ? 'absent' : 'not read'}`);
  const said = `${parameter}=${found.parameterValue ?? 'absent'}`;
  const required = switchOf(found.parameterValue);
  if (required === undefined) return declaredUnknown(said);
  const configured = required ? declaredOn(said) : declaredPartial(said);
  const { parameterApplyStatus: all } = database;
  // One that applies at once is not what a reboot is waited for.
  const state = found.applyMethod === 'immediate' && all === 'pending-reboot' ? 'in-sync' : all;
  return inForce(configured, { field: 'ParameterApplyStatus', states: [state] });
}

function instanceDoors(cell: Cell, instance: Instance): readonly Endpoint[] {
  const { name, arn, networking, tags } = instance;
  if (name === undefined || networking?.ports === undefined) {
    cell.gap('incomplete', `instance ${name ?? 'unnamed'}: networking.ports absent`, name);
    return [];
  }
  return doorsOf(instance).map(({ network, ...door }) =>
    awsEndpoint(cell, {
      name,
      ...doorOf(door),
      engine: engineOfPort(door.port) ?? 'unidentified',
      arn,
      tags: tagList(tags),
      incarnation: arn,
      dependencies: keysOf('lightsail:instance', name),
      declared: { network },
    }),
  );
}

/** Database ports that somebody on the internet can reach, per address family. */
function doorsOf(instance: Instance): readonly (Door & { readonly network: Protection })[] {
  const hosts = { v4: instance.publicIpAddress, v6: instance.ipv6Addresses?.[0] };
  return DATABASE_PORTS.flatMap((port) =>
    FAMILIES.flatMap((family) => {
      const host = hosts[family];
      const network = firewallOf(instance.networking?.ports ?? [], port, family);
      return host === undefined || network === undefined
        ? []
        : [{ door: `${port}${family === 'v6' ? '-v6' : ''}`, host, port, network }];
    }),
  );
}

/** Undefined where nobody from the internet gets in. */
function firewallOf(rules: readonly InstancePortInfo[], port: number, family: Family): Protection | undefined {
  const met = rules.filter((rule) => isAbout(rule, port));
  const blocks = parseBlocks(met.flatMap(({ cidrs = [], ipv6Cidrs = [] }) => [...cidrs, ...ipv6Cidrs]));
  const breadth = breadthOf(blocks[family], family);
  const aliases = met.flatMap(({ cidrListAliases = [] }) => cidrListAliases);
  const said = `no security group; firewall opens ${port} to ${breadth}: ${met.map(textOf).join(', ')}`;
  if (breadth === 'WORLD' || breadth === 'BROAD') return declaredOff(said);
  const silent = met.filter(
    (r) => r.cidrs === undefined && r.ipv6Cidrs === undefined && r.cidrListAliases === undefined,
  );
  if (silent.length + blocks.unread.length > 0) return declaredUnknown(`${said}; sources not understood`);
  return breadth === 'LIMITED' || aliases.length > 0 ? declaredPartial(said) : undefined;
}

/** A rule with a missing port, protocol or direction may be about any. */
function isAbout(rule: InstancePortInfo, port: number): boolean {
  const { fromPort = 0, toPort = 65_535, protocol = 'all', accessType, accessDirection } = rule;
  if (accessDirection === 'outbound' || accessType === 'Private') return false;
  return (protocol === 'tcp' || protocol === 'all') && fromPort <= port && port <= toPort;
}

function textOf({ fromPort, toPort, protocol, cidrs = [], ipv6Cidrs = [], cidrListAliases = [] }: InstancePortInfo) {
  return `${protocol ?? 'any'}/${fromPort ?? 0}-${toPort ?? 65_535} from ${[...cidrs, ...ipv6Cidrs, ...cidrListAliases].join(' ')}`;
}

function tagList(tags: readonly Tag[] | undefined): Readonly<Record<string, string>> {
  return tagsOf(tags?.map(({ key: Key, value: Value }) => ({ Key, Value })));
}
