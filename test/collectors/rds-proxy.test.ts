import {
  type DBProxy,
  type DBProxyEndpoint,
  DescribeDBProxiesCommand,
  DescribeDBProxyEndpointsCommand,
  RDSClient,
} from '@aws-sdk/client-rds';
import { mockClient } from 'aws-sdk-client-mock';
import { afterEach, describe, expect, it } from 'vitest';
import { rdsProxy } from '../../lib/collectors/rds-proxy.ts';
import type { Network } from '../../lib/model/network.ts';
import { awsError, collectWith, levels, testCell, UNREAD_NETWORK } from '../support/aws.ts';
import { databaseInterface, NETWORK, PUBLIC_SUBNET } from '../support/rds.ts';

const aws = mockClient(RDSClient);
afterEach(() => aws.reset());

function proxy(change: Partial<DBProxy> = {}): DBProxy {
  return {
    DBProxyName: 'front',
    DBProxyArn: 'arn:aws:rds:us-east-1:111122223333:db-proxy:prx-1',
    Status: 'available',
    EngineFamily: 'POSTGRESQL',
    VpcId: 'vpc-1',
    VpcSecurityGroupIds: ['sg-world'],
    VpcSubnetIds: [PUBLIC_SUBNET],
    EndpointNetworkType: 'IPV4',
    Auth: [{ AuthScheme: 'SECRETS', IAMAuth: 'REQUIRED' }],
    Endpoint: 'front.proxy-abc.us-east-1.rds.amazonaws.com',
    RequireTLS: true,
    ...change,
  };
}

function further(name: string, change: Partial<DBProxyEndpoint> = {}): DBProxyEndpoint {
  return {
    DBProxyEndpointName: name,
    DBProxyName: 'front',
    DBProxyEndpointArn: `arn:aws:rds:us-east-1:111122223333:db-proxy-endpoint:prx-endpoint-${name}`,
    Endpoint: `${name}.endpoint.proxy-abc.us-east-1.rds.amazonaws.com`,
    VpcSecurityGroupIds: ['sg-world'],
    EndpointNetworkType: 'IPV4',
    ...change,
  };
}

function answer(proxies: readonly DBProxy[], endpoints: readonly DBProxyEndpoint[] = []): void {
  aws.on(DescribeDBProxiesCommand).resolves({ DBProxies: [...proxies] });
  aws.on(DescribeDBProxyEndpointsCommand).resolves({ DBProxyEndpoints: [...endpoints] });
}

const collect = (network: Network = NETWORK) => collectWith(rdsProxy, { network });

/** An interface of the proxy with an address of IPv6 that the internet routes to. */
const dual: Network = {
  ...NETWORK,
  interfaces: [
    databaseInterface({
      Description: 'Network interface for DBProxy front',
      Association: undefined,
      Ipv6Addresses: [{ Ipv6Address: '2600:1f18::5' }],
    }),
  ],
  groups: [{ GroupId: 'sg-world', IpPermissions: [{ IpProtocol: '-1', Ipv6Ranges: [{ CidrIpv6: '::/0' }] }] }],
  nacls: NETWORK.nacls.map((acl) => ({
    ...acl,
    Entries: [true, false].map((Egress) => ({
      RuleNumber: 100,
      Egress,
      Protocol: '-1',
      Ipv6CidrBlock: '::/0',
      RuleAction: 'allow',
    })),
  })),
  routeTables: NETWORK.routeTables.map((table) => ({
    ...table,
    Routes: [{ DestinationIpv6CidrBlock: '::/0', GatewayId: 'igw-1', State: 'active' }],
  })),
};

describe('RDS proxies', () => {
  it('finds nothing, and says that the list is whole, where there is nothing', async () => {
    answer([]);
    const { endpoints, status, cell } = await collect();
    expect([endpoints, status, cell.asked]).toEqual([[], 'complete', ['rds:DescribeDBProxies']]);
  });

  it('is gone where another proxy or endpoint has its name now', async () => {
    answer([proxy()], [further('bi')]);
    const { endpoints } = await collect();
    const ask = () => Promise.all(endpoints.map((endpoint) => rdsProxy.exists(testCell('rds-proxy'), endpoint)));
    expect(await ask()).toEqual([true, true]);
    answer([proxy({ DBProxyArn: 'arn:other' })], [further('bi', { DBProxyEndpointArn: 'arn:other' })]);
    expect(await ask()).toEqual([false, false]);
  });

  it('names what it was judged by', async () => {
    answer([proxy()], [further('bi', { VpcSecurityGroupIds: ['sg-office'], VpcSubnetIds: [PUBLIC_SUBNET] })]);
    const { door } = await collect(dual);
    const around = ['ec2:acl-1', 'ec2:eni-1', 'ec2:rtb-public'];
    const place = ['ec2:sg-world', 'ec2:subnet-public', 'ec2:vpc-1', 'rds:db-proxy/front'];
    expect(door('/front').dependencies).toEqual([...around, ...place]);
    expect(door('/endpoint-bi').dependencies).toEqual([...around, 'ec2:sg-office', ...place]);
  });

  it('reads a proxy that insists on TLS and IAM', async () => {
    answer([proxy()]);
    const { endpoints } = await collect();
    expect(endpoints).toHaveLength(1);
    expect(endpoints[0]).toMatchObject({
      id: '111122223333/us-east-1/rds-proxy/front',
      port: 5432,
      engine: 'postgres',
      incarnation: proxy().DBProxyArn,
    });
    expect(levels(endpoints[0]!)).toEqual({ network: 'on', authentication: 'on', 'access-policy': 'on', tls: 'on' });
  });

  it.each<[string, Partial<DBProxy>, object]>([
    ['takes plain text', { RequireTLS: false }, { tls: 'partial' }],
    ['says nothing of TLS', { RequireTLS: undefined }, { tls: 'unknown' }],
    ['takes passwords', { Auth: [{ IAMAuth: 'DISABLED' }] }, { 'access-policy': 'partial', authentication: 'on' }],
    [
      'takes passwords of one user',
      { Auth: [{ IAMAuth: 'REQUIRED' }, { IAMAuth: 'ENABLED' }] },
      { 'access-policy': 'partial' },
    ],
    ['asks for IAM by default', { Auth: [], DefaultAuthScheme: 'IAM_AUTH' }, { 'access-policy': 'on' }],
    ['says nothing of how it asks', { Auth: undefined }, { 'access-policy': 'partial' }],
  ])('reads a proxy that %s', async (_, change, expected) => {
    answer([proxy(change)]);
    expect(levels((await collect()).endpoints[0]!)).toMatchObject(expected);
  });

  it.each([
    ['MYSQL', 'mysql', 3306],
    ['SQLSERVER', 'sqlserver', 1433],
  ])('listens where %s does', async (EngineFamily, engine, port) => {
    answer([proxy({ EngineFamily })]);
    expect((await collect()).endpoints[0]).toMatchObject({ engine, port });
  });

  it('says so where it does not know the engine family', async () => {
    answer([proxy({ EngineFamily: 'DB2' })]);
    const { endpoints, cell } = await collect();
    expect(endpoints).toEqual([]);
    expect(cell.gaps()).toMatchObject([{ subject: 'front', code: 'incomplete' }]);
  });

  it('has further endpoints as doors, and its own only once', async () => {
    answer(
      [proxy()],
      [further('default', { IsDefault: true }), further('reader'), further('x', { DBProxyName: 'other' })],
    );
    const { endpoints, door } = await collect();
    expect(endpoints).toHaveLength(2);
    expect(door('/endpoint-reader')).toMatchObject({ host: 'reader.endpoint.proxy-abc.us-east-1.rds.amazonaws.com' });
  });

  it('is open over IPv6 where its interface has an address and a way out', async () => {
    answer([proxy({ EndpointNetworkType: 'DUAL' })]);
    expect((await collect(dual)).endpoints[0]?.declared.network?.level).toBe('off');
  });

  it('does not know what IPv6 lets in where its interfaces are not seen', async () => {
    answer([proxy({ EndpointNetworkType: 'DUAL' })]);
    expect((await collect(UNREAD_NETWORK)).endpoints[0]?.declared.network?.level).toBe('unknown');
    expect((await collect({ ...dual, interfaces: [] })).endpoints[0]?.declared.network?.level).toBe('unknown');
  });

  it('is closed over IPv4 even where its interfaces are not seen', async () => {
    answer([proxy()]);
    expect((await collect(UNREAD_NETWORK)).endpoints[0]?.declared.network?.level).toBe('on');
  });

  it('says that a proxy has no endpoint yet, and keeps the list whole', async () => {
    answer([proxy({ Endpoint: undefined, Status: 'creating' })]);
    const { endpoints, status, cell } = await collect();
    expect([endpoints, status]).toEqual([[], 'complete']);
    expect(cell.gaps()).toMatchObject([{ subject: 'front', code: 'incomplete' }]);
  });

  it('keeps the list in doubt when further endpoints are denied, and when a page comes twice', async () => {
    answer([proxy()]);
    aws.on(DescribeDBProxyEndpointsCommand).rejects(awsError('AccessDenied', 403));
    const { endpoints, status } = await collect();
    expect([endpoints.length, status]).toEqual([1, 'partial']);
    aws.on(DescribeDBProxiesCommand).resolves({ DBProxies: [], Marker: 'm' });
    expect((await collect()).status).toBe('partial');
  });

  it('confirms a deletion of each door only on the word of the API', async () => {
    answer([proxy()], [further('reader')]);
    const { door } = await collect();
    const ask = (ending: string) => rdsProxy.exists(testCell('rds-proxy'), door(ending));
    expect([await ask('/front'), await ask('/endpoint-reader')]).toEqual([true, true]);
    aws.on(DescribeDBProxiesCommand).rejects(awsError('Throttling'));
    aws.on(DescribeDBProxyEndpointsCommand).rejects(awsError('DBProxyEndpointNotFoundFault', 404));
    expect([await ask('/front'), await ask('/endpoint-reader')]).toEqual([undefined, false]);
    aws.on(DescribeDBProxiesCommand).rejects(awsError('DBProxyNotFoundFault', 404));
    expect(await ask('/front')).toBe(false);
  });
});
