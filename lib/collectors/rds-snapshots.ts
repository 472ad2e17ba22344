/**
 * Our manual snapshots of RDS, Aurora, DocumentDB and Neptune, and who may restore them (aws-services.md section 2.7).
 * No host of ours serves one, but a public one hands all of its data to anybody.
 * Calls: DescribeDBSnapshots and DescribeDBClusterSnapshots of type `manual` (`public` would list strangers'), then the
 * attributes of each. Encrypted ones cannot be public, but can be shared with accounts that may use the key.
 */
import { DescribeDBClusterSnapshotsCommand, DescribeDBSnapshotsCommand, RDSClient } from '@aws-sdk/client-rds';
import { ABSENT, type Cell } from '../aws/cell.ts';
import type { Collector } from '../aws/collector.ts';
import { keysOf, kmsKeys } from '../aws/dependencies.ts';
import { awsEndpoint, tagsOf } from '../aws/endpoint.ts';
import { PARTITION_FACTS } from '../aws/partitions.ts';

import {
  CLUSTER,
  CLUSTER_SNAPSHOTS,
  clusterSnapshots,
  instanceSnapshots,
  NO_SNAPSHOT,
  restorersOf,
  type Snapshot,
  SNAPSHOT_ACTIONS,
  SNAPSHOTS,
} from '../aws/rds-snapshots.ts';
import { declaredOff, declaredOn, declaredPartial, declaredUnknown } from '../model/declared.ts';
import { doorName, type Endpoint } from '../model/endpoint.ts';
import type { Protection } from '../model/protection.ts';

const EVERYBODY = 'all';

export const rdsSnapshots: Collector = {
  service: 'rds-snapshots',
  scope: 'regional',
  actions: SNAPSHOT_ACTIONS,
  cost: { empty: 2, each: 1 },
  async collect(cell) {
    const snapshots = [...(await instanceSnapshots(cell)), ...(await clusterSnapshots(cell))];
    const endpoints = await Promise.all(snapshots.map((each) => endpointOf(cell, each)));
    return endpoints.flatMap((endpoint) => endpoint ?? []);
  },
  async exists(cell, endpoint) {
    const client = cell.client(RDSClient);
    const { name } = endpoint;
    if (doorName(endpoint) === CLUSTER) {
      const request = { DBClusterSnapshotIdentifier: name };
      const call = () => client.send(new DescribeDBClusterSnapshotsCommand(request));
      const answer = await cell.askMaybe(CLUSTER_SNAPSHOTS, call, NO_SNAPSHOT, name);
      return answer === ABSENT ? false : isThere(answer?.DBClusterSnapshots);
    }
    const call = () => client.send(new DescribeDBSnapshotsCommand({ DBSnapshotIdentifier: name }));
    const answer = await cell.askMaybe(SNAPSHOTS, call, NO_SNAPSHOT, name);
    return answer === ABSENT ? false : isThere(answer?.DBSnapshots);
  },
};

function isThere(found: readonly unknown[] | undefined): true | undefined {
  return found !== undefined && found.length > 0 ? true : undefined;
}

async function endpointOf(cell: Cell, snapshot: Snapshot): Promise<Endpoint | undefined> {
  const { door, name, arn, created, tags, atRest, key, copyOf } = snapshot;
  if (name === undefined) {
    cell.gap('incomplete', 'a snapshot without a name');
    return undefined;
  }
  const restorers = await restorersOf(cell, door, name);
  // Deleted since it was listed.
  if (restorers === ABSENT) return undefined;
  const { region, partition } = cell.place;
  return awsEndpoint(cell, {
    name,
    ...(door === '' ? {} : { door }),
    host: `rds.${region}.${PARTITION_FACTS[partition].dnsSuffix}`,
    port: 443,
    engine: 'provider-api',
    arn,
    tags: tagsOf(tags),
    declared: { sharing: sharingOf(restorers), 'encryption-at-rest': atRest },
    // Several may be taken at the same moment, and one name may be given again. No time is shown while one is made.
    incarnation: created === undefined ? undefined : `${created.toISOString()} ${arn ?? name}`,
    copyOf,
    dependencies: [...keysOf(door === CLUSTER ? 'rds:cluster-snapshot' : 'rds:snapshot', name), ...kmsKeys(key)],
    shared: true,
  });
}

function sharingOf(restorers: readonly string[] | undefined): Protection {
  if (restorers === undefined) return declaredUnknown('attribute restore not read');
  const evidence = `restore=${restorers.toSorted().join(',')}`;
  if (restorers.includes(EVERYBODY)) return declaredOff(evidence);
  return restorers.length === 0 ? declaredOn('restore names no account') : declaredPartial(evidence);
}
