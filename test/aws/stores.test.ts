/** Also of lib/aws/balancer-targets.ts: both say what a target is by what it is called, on which port, and who holds it. */
import { describe, expect, it } from 'vitest';
import { storeAt } from '../../lib/aws/balancer-targets.ts';
import { engineOfInterface, kindOfHost } from '../../lib/aws/stores.ts';
import { networkWith, privateInterface, VPC } from '../support/fronts.ts';

describe('what a host name says', () => {
  it.each([
    ['search-users-abc.us-east-1.es.amazonaws.com', 443, 'store', 'opensearch'],
    ['VPC-users-abc.cn-north-1.es.AMAZONAWS.com.cn', 443, 'store', 'opensearch'],
    ['search-users.aos.us-east-1.on.aws', 443, 'store', 'opensearch'],
    ['abc.us-east-1.aoss.amazonaws.com', 443, 'store', 'opensearch'],
    ['doc-d-abc.us-east-1.cloudsearch.amazonaws.com', 443, 'store', 'cloudsearch'],
    ['db.abc.us-east-1.rds.amazonaws.com', 5432, 'store', 'postgres'],
    ['db.abc.us-east-1.rds.amazonaws.com', 443, 'store', 'unidentified'],
    ['sessions.abc.use1.cache.amazonaws.com', 6379, 'store', 'redis'],
    ['c.node.us-east-1.docdb.amazonaws.com', 27_017, 'store', 'documentdb'],
    ['front-1.us-east-1.elb.amazonaws.com', 443, 'balancer', 'http'],
    ['front-1.elb.us-east-1.amazonaws.com', 9200, 'balancer', 'elasticsearch'],
    ['ec2-52-0-0-1.eu-west-1.compute.amazonaws.com', 80, 'instance', 'http'],
  ])('%s on %i is a %s of %s', (host, port, kind, engine) => {
    expect(kindOfHost(host, port)).toEqual({ kind, engine });
  });

  it.each([
    'www.example.com',
    'assets.s3.amazonaws.com',
    'es.amazonaws.com.example.org',
    'es.us-east-1.amazonaws.com.evil.example',
    'amazonaws.com',
    '',
    `${'a.'.repeat(5_000)}es.amazonaws.com`,
  ])('says nothing of %s', (host) => {
    expect(kindOfHost(host, 443)).toBeUndefined();
  });
});

describe('what an interface says', () => {
  it.each([
    [{ RequesterId: 'amazon-rds', Description: 'RDSNetworkInterface' }, 3306, 'mysql'],
    [{ RequesterId: 'amazon-rds' }, 443, 'unidentified'],
    [{ RequesterId: 'amazon-elasticsearch', Description: 'ES users' }, 443, 'opensearch'],
    [{ Description: 'ElastiCache sessions-001' }, 11_211, 'memcached'],
    [{ RequesterId: 'amazon-redshift' }, 5439, 'redshift'],
    [{ RequesterId: 'amazon-elb', Description: 'ELB app/web/1' }, 443, undefined],
    [{ RequesterManaged: false, Description: 'ES by hand' }, 443, undefined],
    [{}, 5432, undefined],
  ])('%j on %i leads to %s', (change, port, engine) => {
    expect(engineOfInterface(privateInterface('10.0.0.5', change), port)).toBe(engine);
  });
});

describe('which targets are data stores', () => {
  const ip = { TargetType: 'ip', VpcId: VPC, Port: 443 } as const;
  const database = privateInterface('10.0.0.5', { RequesterId: 'amazon-rds' });

  it('are those on a port of the catalogue, or behind one', () => {
    const network = networkWith();
    expect(storeAt(network, ip, { Id: '10.0.0.5', Port: 5432 }, 443)).toMatchObject([{ engine: 'postgres' }]);
    expect(storeAt(network, ip, { Id: '10.0.0.5', Port: 15_432 }, 5432)).toMatchObject([{ engine: 'postgres' }]);
    expect(storeAt(network, ip, { Id: '10.0.0.5' }, 443)).toEqual([]);
    expect(storeAt(network, { TargetType: 'ip' }, { Id: '10.0.0.5' }, 443)).toEqual([]);
    expect(storeAt(network, ip, { Id: undefined, Port: 5432 }, 443)).toEqual([]);
  });

  it('are those at an address that a managed store holds, in the same VPC', () => {
    const network = networkWith(database);
    expect(storeAt(network, ip, { Id: '10.0.0.5' }, 443)).toMatchObject([
      { engine: 'unidentified', interfaces: [database] },
    ]);
    expect(storeAt(network, { ...ip, VpcId: 'vpc-2' }, { Id: '10.0.0.5' }, 443)).toEqual([]);
    const six = privateInterface('10.0.0.6', {
      RequesterId: 'amazon-rds',
      PrivateIpAddresses: [{ PrivateIpAddress: '10.0.0.6' }, { PrivateIpAddress: '10.0.0.16' }],
      Ipv6Addresses: [{ Ipv6Address: '2600::4' }, { Ipv6Address: '2600::5' }],
    });
    expect(storeAt(networkWith(six), ip, { Id: '2600::5' }, 443)).toHaveLength(1);
    expect(storeAt(networkWith(six), ip, { Id: '10.0.0.16' }, 443)).toHaveLength(1);
    expect(storeAt(networkWith(six), ip, { Id: '10.0.0.17' }, 443)).toEqual([]);
  });

  it('bring the interfaces of an instance along', () => {
    const own = privateInterface('10.0.0.7', { Attachment: { InstanceId: 'i-1' } });
    const found = storeAt(networkWith(own, database), { TargetType: 'instance', Port: 9200 }, { Id: 'i-1' }, 443);
    expect(found).toMatchObject([{ target: 'i-1', port: 9200, interfaces: [own] }]);
  });
});
