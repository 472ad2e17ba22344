/**
 * RDS instances outside of clusters: MySQL, MariaDB, PostgreSQL, SQL Server, Oracle, Db2 (aws-services.md section 2.4).
 * Calls: DescribeDBInstances, shared with all of the family; each parameter group and each option group that is not a
 * default one once. `PubliclyAccessible` is necessary and not sufficient: security groups, routes and ACLs decide.
 * Doors beside the engine's own port: SQL Server's listener, ports of options (Oracle's TLS, memcached), Db2's TLS port.
 */
import { ABSENT, type Cell } from '../aws/cell.ts';
import type { Collector } from '../aws/collector.ts';
import { sourcesOfInstance } from '../aws/copies.ts';
import { keysOf, kmsKeys, networkKeys } from '../aws/dependencies.ts';
import { doorOf } from '../aws/doors.ts';
import { awsEndpoint, tagsOf } from '../aws/endpoint.ts';
import { isAnother } from '../aws/incarnation.ts';
import { findInstance, INSTANCES_ACTION, readInstances } from '../aws/rds.ts';
import { auditOf } from '../aws/rds-audit.ts';
import { atRestOf, credentialsOf } from '../aws/rds-declared.ts';
import { instanceDoors, type RdsDoor, type Settings, settingsReader } from '../aws/rds-doors.ts';
import { placeFinder, type RdsPlace } from '../aws/rds-network.ts';
import { OPTIONS_ACTION, oracleTls } from '../aws/rds-options.ts';
import { inForce, PARAMETERS_ACTION } from '../aws/rds-parameters.ts';
import { tlsOf } from '../aws/rds-tls.ts';
import { trailOf } from '../aws/rds-trails.ts';
import type { DependencyKey } from '../model/change.ts';
import { declaredOn, withPending } from '../model/declared.ts';
import { doorName, type Endpoint } from '../model/endpoint.ts';
import type { Protection, Protections } from '../model/protection.ts';
import { networkProtection } from '../reach/evidence.ts';
import { managedReach } from '../reach/managed.ts';
import { indexNetwork } from '../reach/network-index.ts';

export const rds: Collector = {
  service: 'rds',
  scope: 'regional',
  actions: [INSTANCES_ACTION, PARAMETERS_ACTION, OPTIONS_ACTION],
  // At most one parameter group and one option group each; most share theirs.
  cost: { empty: 1, each: 2 },
  async collect(cell) {
    const instances = (await readInstances(cell, 'rds')).filter((each) => each.DBClusterIdentifier === undefined);
    if (instances.length === 0) return [];
    const network = await cell.network();
    const index = indexNetwork(network);
    const placeOf = placeFinder(network);
    const read = settingsReader(cell);
    const judge: NetworkJudge = {
      reach: (place, port) => networkProtection(managedReach(index, { ...place, port })),
      keys: networkKeys(network),
    };
    const endpoints = await Promise.all(
      instances.map(async (each) => endpointsOf(cell, await read(each), placeOf(each), judge)),
    );
    return endpoints.flat();
  },
  async exists(cell, endpoint) {
    const instance = await findInstance(cell, endpoint.name ?? '');
    if (instance === undefined) return undefined;
    if (instance === ABSENT || isAnother(endpoint, instance.DbiResourceId)) return false;
    const settings = await settingsReader(cell)(instance);
    const doors = instanceDoors(settings);
    // An instance that shows no door at all is being made: that says nothing of this one.
    if (doors.length === 0 || doors.some(({ door }) => door === doorName(endpoint))) return true;
    // A port that an option or a parameter opens is gone only where these were read.
    return settings.options === undefined || settings.parameters === undefined ? undefined : false;
  },
};

interface NetworkJudge {
  readonly reach: (place: RdsPlace, port: number) => Protection;
  /** Keys of what that is judged by. */
  readonly keys: (place: RdsPlace) => readonly DependencyKey[];
}

function endpointsOf(
  cell: Cell,
  settings: Settings,
  atEngine: RdsPlace,
  { reach, keys }: NetworkJudge,
): readonly Endpoint[] {
  const { instance } = settings;
  const { DBInstanceIdentifier: name, DBInstanceStatus: status } = instance;
  if (name === undefined) {
    cell.gap('incomplete', 'an instance without DBInstanceIdentifier');
    return [];
  }
  const doors = instanceDoors(settings);
  if (!doors.some(({ door }) => door === '')) {
    cell.gap('incomplete', `instance ${name} has no endpoint yet: ${status ?? 'no status'}`, name);
  }
  const declared = declaredOf(settings);
  return doors.map((door) => {
    const place = placeAt(atEngine, door);
    const move = instance.PendingModifiedValues?.DBSubnetGroupName;
    const network = reach(place, door.port);
    return awsEndpoint(cell, {
      name,
      ...doorOf(door),
      engine: door.engine,
      arn: instance.DBInstanceArn,
      tags: tagsOf(instance.TagList),
      declared: {
        ...declared,
        ...ownOf(door),
        network: move === undefined ? network : withPending(network, 'unknown'),
      },
      incarnation: instance.DbiResourceId,
      copyOf: sourcesOfInstance(cell, instance),
      dependencies: [...instanceKeys(name, settings), ...keys(place)],
    });
  });
}

/** An option's port has the groups of the option besides the instance's. */
function placeAt(place: RdsPlace, { option }: RdsDoor): RdsPlace {
  return option === undefined ? place : { ...place, groupIds: [...new Set([...place.groupIds, ...option.groupIds])] };
}

function instanceKeys(name: string, { instance }: Settings): readonly DependencyKey[] {
  const { DBSubnetGroup: subnets, PendingModifiedValues: pending } = instance;
  return [
    ...keysOf('rds:db', name),
    ...keysOf('rds:pg', ...(instance.DBParameterGroups ?? []).map((group) => group.DBParameterGroupName)),
    ...keysOf('rds:og', ...(instance.OptionGroupMemberships ?? []).map((group) => group.OptionGroupName)),
    ...keysOf('rds:subgrp', subnets?.DBSubnetGroupName, pending?.DBSubnetGroupName),
    ...keysOf('rds:secgrp', ...(instance.DBSecurityGroups ?? []).map((group) => group.DBSecurityGroupName)),
    ...kmsKeys(instance.KmsKeyId),
  ];
}

/** What a door says for itself, where it is not the engine's own port. */
function ownOf({ door, engine, option }: RdsDoor): Protections {
  if (option !== undefined) return { authentication: option.authentication, tls: option.tls };
  return door === 'ssl' && engine === 'db2' ? { tls: declaredOn('ssl_svcename: a port for TLS alone') } : {};
}

function declaredOf({ instance, software, parameters, options }: Settings): Protections {
  const states = (instance.DBParameterGroups ?? []).map(({ ParameterApplyStatus }) => ParameterApplyStatus);
  const applied = { field: 'ParameterApplyStatus', states } as const;
  return {
    authentication: credentialsOf(instance),
    tls: software.engine === 'oracle' ? oracleTls(options) : inForce(tlsOf(software, parameters), applied),
    'encryption-at-rest': atRestOf(instance.StorageEncrypted, instance),
    'audit-log': auditOf(instance, trailOf(software, { parameters, applied }, options)),
  };
}
