/**
 * RDS Proxies and their further endpoints (aws-services.md section 2.6).
 * Calls: DescribeDBProxies; DescribeDBProxyEndpoints where there is a proxy.
 * A proxy cannot be made publicly accessible, and over IPv4 it never has a public address. Over IPv6 its interfaces may
 * have addresses that the internet routes to, so they are looked at like any other's.
 */
import {
  type DBProxy,
  type DBProxyEndpoint,
  DescribeDBProxiesCommand,
  DescribeDBProxyEndpointsCommand,
  RDSClient,
} from '@aws-sdk/client-rds';
import { ABSENT, type Cell } from '../aws/cell.ts';
import type { Collector } from '../aws/collector.ts';
import { keysOf, type NetworkKeys, networkKeys } from '../aws/dependencies.ts';
import { doorOf } from '../aws/doors.ts';
import { awsEndpoint } from '../aws/endpoint.ts';
import { isAnother } from '../aws/incarnation.ts';
import { RDS_PAGE } from '../aws/rds.ts';
import { FURTHER, type ProxyDoor, proxyDeclared, proxyDoors, proxySpeaks } from '../aws/rds-proxies.ts';
import { declaredOn, declaredUnknown } from '../model/declared.ts';
import { doorName, type Endpoint } from '../model/endpoint.ts';
import type { Network, NetworkInterface } from '../model/network.ts';
import { mostOpen, type Protection } from '../model/protection.ts';
import { networkProtection } from '../reach/evidence.ts';
import { managedReach } from '../reach/managed.ts';
import { doorOf as reachOfDoor } from '../reach/network.ts';
import { indexNetwork, type NetworkIndex } from '../reach/network-index.ts';

const PROXIES = 'rds:DescribeDBProxies';
const ENDPOINTS = 'rds:DescribeDBProxyEndpoints';

export const rdsProxy: Collector = {
  service: 'rds-proxy',
  scope: 'regional',
  actions: [PROXIES, ENDPOINTS],
  cost: { empty: 1, each: 0.1 },
  async collect(cell) {
    const client = cell.client(RDSClient);
    const proxies = await cell.list(
      PROXIES,
      (Marker) => client.send(new DescribeDBProxiesCommand({ MaxRecords: RDS_PAGE, Marker })),
      (page) => page.DBProxies,
      (page) => page.Marker,
    );
    if (proxies.length === 0) return [];
    const further = await cell.list(
      ENDPOINTS,
      (Marker) => client.send(new DescribeDBProxyEndpointsCommand({ MaxRecords: RDS_PAGE, Marker })),
      (page) => page.DBProxyEndpoints,
      (page) => page.Marker,
    );
    const network = await cell.network();
    const around: Around = { network, index: indexNetwork(network), keys: networkKeys(network) };
    return proxies.flatMap((proxy) => endpointsOf(cell, proxy, further, around));
  },
  async exists(cell, endpoint) {
    const client = cell.client(RDSClient);
    const { name } = endpoint;
    const door = doorName(endpoint);
    if (door === '') {
      const call = () => client.send(new DescribeDBProxiesCommand({ DBProxyName: name }));
      const answer = await cell.askMaybe(PROXIES, call, ['DBProxyNotFoundFault'], name);
      return answer === ABSENT ? false : isThere(endpoint, answer?.DBProxies?.[0], (found) => found.DBProxyArn);
    }
    const request = { DBProxyName: name, DBProxyEndpointName: door.slice(FURTHER.length) };
    const call = () => client.send(new DescribeDBProxyEndpointsCommand(request));
    const answer = await cell.askMaybe(ENDPOINTS, call, ['DBProxyNotFoundFault', 'DBProxyEndpointNotFoundFault'], name);
    return answer === ABSENT
      ? false
      : isThere(endpoint, answer?.DBProxyEndpoints?.[0], (found) => found.DBProxyEndpointArn);
  },
};

function isThere<T>(
  endpoint: Endpoint,
  found: T | undefined,
  arnOf: (found: T) => string | undefined,
): boolean | undefined {
  return found === undefined ? undefined : !isAnother(endpoint, arnOf(found));
}

interface Around {
  readonly network: Network;
  readonly index: NetworkIndex;
  readonly keys: NetworkKeys;
}

function endpointsOf(
  cell: Cell,
  proxy: DBProxy,
  further: readonly DBProxyEndpoint[],
  around: Around,
): readonly Endpoint[] {
  const { DBProxyName: name, EngineFamily: family } = proxy;
  const known = proxySpeaks(proxy);
  if (name === undefined || known === undefined) {
    cell.gap('incomplete', `proxy ${name ?? 'without a name'} of engine family ${family ?? 'absent'}`, name);
    return [];
  }
  const declared = proxyDeclared(proxy);
  return proxyDoors(name, proxy, further).flatMap((door) => {
    const { Endpoint: host, arn } = door;
    if (host === undefined) {
      cell.gap('incomplete', `proxy ${name} ${door.door} has no endpoint yet: ${door.status ?? 'no status'}`, name);
      return [];
    }
    const enis = interfacesOf(name, around.network);
    const { VpcSecurityGroupIds: groupIds, VpcSubnetIds: subnetIds, VpcId: vpcId } = door;
    return awsEndpoint(cell, {
      name,
      ...doorOf({ door: door.door, host, port: known.port }),
      engine: known.engine,
      arn,
      declared: { ...declared, network: networkOf(door, known.port, enis, around) },
      // Ends in an id that is made anew with it.
      incarnation: arn,
      dependencies: [...keysOf('rds:db-proxy', name), ...around.keys({ groupIds, subnetIds, vpcId, enis })],
    });
  });
}

function interfacesOf(name: string, { interfaces }: Network): readonly NetworkInterface[] {
  return interfaces.filter((eni) => eni.Description === `Network interface for DBProxy ${name}`);
}

function networkOf(
  door: ProxyDoor,
  port: number,
  enis: readonly NetworkInterface[],
  { network, index }: Around,
): Protection {
  const { EndpointNetworkType: type, VpcSubnetIds: subnetIds = [], VpcSecurityGroupIds: groupIds = [] } = door;
  if (enis.length > 0 && !network.missing.has('interfaces')) {
    const reached = enis.map((eni) => networkProtection(reachOfDoor(index, eni, port)));
    return mostOpen(reached) ?? declaredUnknown('no interface');
  }
  if (type === 'IPV4') return declaredOn('EndpointNetworkType=IPV4: a proxy has no public IPv4 address');
  const place = { port, publiclyAccessible: undefined, groupIds, subnetIds, vpcId: door.VpcId, dualStack: true };
  return networkProtection(managedReach(index, place));
}
