/**
 * ElastiCache clusters outside of replication groups: memcached, and Redis on one node (aws-services.md section 2.11).
 * Calls: DescribeCacheClusters with their nodes. memcached asks nobody who he is: reaching the port is all it takes.
 * Never public over IPv4 by design, and never judged by subnets, which it does not show.
 */
import { type CacheCluster, DescribeCacheClustersCommand, ElastiCacheClient } from '@aws-sdk/client-elasticache';
import { ABSENT, type Cell } from '../aws/cell.ts';
import type { Collector } from '../aws/collector.ts';
import { ec2Keys, keysOf, networkKeys } from '../aws/dependencies.ts';
import { addressedDoors, type Door, doorOf, hasDoor } from '../aws/doors.ts';
import { PAGE, cacheEngine, logsOf, neverPublic, transitOf, withFirstToken } from '../aws/elasticache.ts';
import { awsEndpoint } from '../aws/endpoint.ts';
import { declaredOff, declaredSwitch, notApplicable } from '../model/declared.ts';
import { doorName, type Endpoint, type Engine } from '../model/endpoint.ts';
import type { Protection } from '../model/protection.ts';
import { insideProtection, speaksIpv6 } from '../reach/inside-vpc.ts';
import { indexNetwork } from '../reach/network-index.ts';

const ACTION = 'elasticache:DescribeCacheClusters';

export const elasticacheClusters: Collector = {
  service: 'elasticache-clusters',
  scope: 'regional',
  actions: [ACTION],
  cost: { empty: 1, each: 0 },
  async collect(cell) {
    const client = cell.client(ElastiCacheClient);
    const clusters = await cell.list(
      ACTION,
      (Marker) =>
        client.send(
          new DescribeCacheClustersCommand({
            MaxRecords: PAGE,
            Marker,
            ShowCacheNodeInfo: true,
            ShowCacheClustersNotInReplicationGroups: true,
          }),
        ),
      (page) => page.CacheClusters,
      (page) => page.Marker,
    );
    const endpoints = await Promise.all(clusters.map((cluster) => endpointsOf(cell, cluster)));
    return endpoints.flat();
  },
  async exists(cell, endpoint) {
    const client = cell.client(ElastiCacheClient);
    const { name } = endpoint;
    const call = () => client.send(new DescribeCacheClustersCommand({ CacheClusterId: name, ShowCacheNodeInfo: true }));
    const answer = await cell.askMaybe(ACTION, call, ['CacheClusterNotFoundFault'], name);
    if (answer === ABSENT) return false;
    const cluster = answer?.CacheClusters?.[0];
    if (cluster === undefined) return undefined;
    // Left out, its nodes are not gone.
    if (cluster.CacheNodes === undefined && doorName(endpoint) !== '') return undefined;
    return hasDoor(endpoint, doorsOf(cluster));
  },
};

async function endpointsOf(cell: Cell, cluster: CacheCluster): Promise<readonly Endpoint[]> {
  const { CacheClusterId: name, CacheClusterStatus: status } = cluster;
  if (name === undefined) {
    cell.gap('incomplete', 'a cache cluster without CacheClusterId');
    return [];
  }
  const doors = doorsOf(cluster);
  const [first] = doors;
  if (first === undefined) {
    cell.gap('incomplete', `cache cluster ${name} has no endpoint yet: ${status ?? 'no status'}`, name);
    return [];
  }
  const engine = cacheEngine(cluster.Engine);
  const memcached = engine === 'memcached';
  const groupIds = (cluster.SecurityGroups ?? []).flatMap(({ SecurityGroupId: id }) => id ?? []);
  const { NetworkType: networkType } = cluster;
  const around = speaksIpv6(networkType) ? { networkType, network: await cell.network() } : undefined;
  const declared = {
    network:
      around === undefined
        ? neverPublic(groupIds)
        : insideProtection(indexNetwork(around.network), {
            port: first.port,
            groupIds,
            subnetIds: [],
            said: `NetworkType=${around.networkType}`,
          }),
    authentication: authenticationOf(engine, cluster),
    tls: transitOf(engine, cluster, cluster.PendingModifiedValues),
    'encryption-at-rest': memcached
      ? notApplicable('memcached on nodes keeps nothing on disk')
      : declaredSwitch('AtRestEncryptionEnabled', cluster.AtRestEncryptionEnabled),
    'audit-log': memcached ? notApplicable('memcached has no log delivery') : logsOf(cluster.LogDeliveryConfigurations),
  };
  return doors.map((door) =>
    awsEndpoint(cell, {
      name,
      ...doorOf(door),
      engine,
      arn: cluster.ARN,
      declared,
      incarnation: cluster.CacheClusterCreateTime?.toISOString(),
      dependencies: [
        ...keysOf('elasticache:cluster', name),
        ...keysOf('elasticache:parametergroup', cluster.CacheParameterGroup?.CacheParameterGroupName),
        ...keysOf('elasticache:subnetgroup', cluster.CacheSubnetGroupName),
        ...(around === undefined ? ec2Keys(...groupIds) : networkKeys(around.network)({ groupIds })),
      ],
    }),
  );
}

/** memcached has a configuration endpoint and each node its own name; Redis on one node has only that. */
function doorsOf({ ConfigurationEndpoint: config, CacheNodes: nodes }: CacheCluster): readonly Door[] {
  return addressedDoors([
    { door: '', at: config },
    ...(nodes ?? []).map((node, i) => ({
      door: i === 0 && config === undefined ? '' : (node.CacheNodeId ?? `node-${i + 1}`),
      at: node.Endpoint,
    })),
  ]);
}

function authenticationOf(engine: Engine, cluster: CacheCluster): Protection {
  if (engine === 'memcached') return declaredOff('memcached on nodes has no authentication');
  return withFirstToken(
    declaredSwitch('AuthTokenEnabled', cluster.AuthTokenEnabled),
    cluster.PendingModifiedValues?.AuthTokenStatus,
  );
}
