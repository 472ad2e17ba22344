/**
 * ElastiCache Serverless (aws-services.md section 2.11).
 * Calls: DescribeServerlessCaches; users and user groups once, where a cache has one.
 * TLS and encryption at rest cannot be turned off. Without a user group everybody who gets to the port is let in.
 * The reader endpoint listens on a port of its own. Never public over IPv4; with IPv6 its groups and subnets decide.
 */
import { DescribeServerlessCachesCommand, ElastiCacheClient, type ServerlessCache } from '@aws-sdk/client-elasticache';
import { ABSENT, type Cell } from '../aws/cell.ts';
import type { Collector } from '../aws/collector.ts';
import { ec2Keys, keysOf, kmsKeys, networkKeys } from '../aws/dependencies.ts';
import { addressedDoors, type Door, doorOf, hasDoor } from '../aws/doors.ts';
import {
  cacheEngine,
  groupAuthentication,
  neverPublic,
  readUserGroups,
  USER_ACTIONS,
  type UserGroups,
  userKeys,
} from '../aws/elasticache.ts';
import { awsEndpoint } from '../aws/endpoint.ts';
import { lazily } from '../aws/lazily.ts';
import type { DependencyKey } from '../model/change.ts';
import { declaredOff, declaredOn } from '../model/declared.ts';
import type { Endpoint } from '../model/endpoint.ts';
import type { Protection } from '../model/protection.ts';
import { insideProtection, speaksIpv6 } from '../reach/inside-vpc.ts';
import { indexNetwork } from '../reach/network-index.ts';

const ACTION = 'elasticache:DescribeServerlessCaches';
/** The most that this call returns per page. */
const PAGE = 50;

export const elasticacheServerless: Collector = {
  service: 'elasticache-serverless',
  scope: 'regional',
  actions: [ACTION, ...USER_ACTIONS],
  cost: { empty: 1, each: 0.1 },
  async collect(cell) {
    const client = cell.client(ElastiCacheClient);
    const caches = await cell.list(
      ACTION,
      (NextToken) => client.send(new DescribeServerlessCachesCommand({ MaxResults: PAGE, NextToken })),
      (page) => page.ServerlessCaches,
      (page) => page.NextToken,
    );
    const users = lazily(() => readUserGroups(cell));
    const endpoints = await Promise.all(caches.map((cache) => endpointsOf(cell, cache, users)));
    return endpoints.flat();
  },
  async exists(cell, endpoint) {
    const client = cell.client(ElastiCacheClient);
    const { name } = endpoint;
    const call = () => client.send(new DescribeServerlessCachesCommand({ ServerlessCacheName: name }));
    const answer = await cell.askMaybe(ACTION, call, ['ServerlessCacheNotFoundFault'], name);
    if (answer === ABSENT) return false;
    const cache = answer?.ServerlessCaches?.[0];
    return cache === undefined ? undefined : hasDoor(endpoint, doorsOf(cache));
  },
};

async function endpointsOf(
  cell: Cell,
  cache: ServerlessCache,
  users: () => Promise<UserGroups>,
): Promise<readonly Endpoint[]> {
  const { ServerlessCacheName: name, Status: status } = cache;
  if (name === undefined) {
    cell.gap('incomplete', 'a serverless cache without ServerlessCacheName');
    return [];
  }
  const doors = doorsOf(cache);
  if (doors.length === 0) {
    cell.gap('incomplete', `serverless cache ${name} has no endpoint yet: ${status ?? 'no status'}`, name);
    return [];
  }
  const { networkOf, keys } = await surroundingsOf(cell, cache);
  const declared = {
    authentication: await authenticationOf(cache, users),
    tls: declaredOn('ElastiCache Serverless accepts TLS only'),
    'encryption-at-rest': declaredOn(
      `always encrypted, StorageEncryptionType=${cache.StorageEncryptionType ?? 'absent'}, KmsKeyId=${cache.KmsKeyId ?? 'absent'}`,
    ),
  };
  const { UserGroupId: userGroup = '' } = cache;
  const dependencies = [
    ...keysOf('elasticache:serverlesscache', name),
    ...kmsKeys(cache.KmsKeyId),
    ...keys,
    ...(userGroup === '' ? [] : userKeys([userGroup], await users())),
  ];
  return doors.map((door) =>
    awsEndpoint(cell, {
      name,
      ...doorOf(door),
      engine: cacheEngine(cache.Engine),
      arn: cache.ARN,
      declared: { network: networkOf(door.port), ...declared },
      incarnation: cache.CreateTime?.toISOString(),
      dependencies,
    }),
  );
}

interface Surroundings {
  readonly networkOf: (port: number) => Protection;
  readonly keys: readonly DependencyKey[];
}

async function surroundingsOf(
  cell: Cell,
  { SecurityGroupIds: groupIds = [], SubnetIds: subnetIds = [], NetworkType: networkType }: ServerlessCache,
): Promise<Surroundings> {
  if (!speaksIpv6(networkType)) {
    return { networkOf: () => neverPublic(groupIds), keys: ec2Keys(...groupIds, ...subnetIds) };
  }
  const network = await cell.network();
  const index = indexNetwork(network);
  return {
    networkOf: (port) => insideProtection(index, { port, groupIds, subnetIds, said: `NetworkType=${networkType}` }),
    keys: networkKeys(network)({ groupIds, subnetIds }),
  };
}

function doorsOf({ Endpoint: main, ReaderEndpoint: reader }: ServerlessCache): readonly Door[] {
  return addressedDoors([
    { door: '', at: main },
    { door: 'reader', at: reader },
  ]);
}

async function authenticationOf(
  { Engine: engine, UserGroupId: group }: ServerlessCache,
  users: () => Promise<UserGroups>,
): Promise<Protection> {
  if (engine === 'memcached') return declaredOff('memcached on serverless has no user groups');
  // The default is none, as documented: absent is an answer here.
  if (group === undefined || group === '') return declaredOff('UserGroupId=none');
  return groupAuthentication([group], await users());
}
