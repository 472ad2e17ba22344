/** Both inventories put together, door by door: whose it is, who remembers it, and what is said of what nobody knows. */
import { describe, expect, it } from 'vitest';
import { reconcile } from '../../lib/assess/reconcile.ts';
import { declaredOff, declaredOn, declaredPartial, declaredUnknown } from '../../lib/model/declared.ts';
import type { Endpoint } from '../../lib/model/endpoint.ts';
import { DESCRIPTION_TAG, NAMES_TAG, REQUESTER_TAG } from '../../lib/model/second-inventory.ts';
import { door, filed, MADE_BY_RDS, OPEN, rds } from '../support/inventories.ts';

const closed = { declared: { network: declaredOn('private') } };
const open = { declared: { network: OPEN } };
const madeBy = (requester: string, description: string): Partial<Endpoint> => ({
  tags: { [REQUESTER_TAG]: requester, [DESCRIPTION_TAG]: description },
});
const by = (endpoints: readonly Endpoint[]) => endpoints.map(({ id, foundBy }) => [id.split('/').at(-1), foundBy]);
const forgottenOf = (...endpoints: readonly Endpoint[]) => reconcile(endpoints, []).forgotten.map((f) => f.endpointId);

describe('whose a door is', () => {
  const NUMBER = '123456789012';

  it.each([
    ['amazon-rds', '', 'rds'],
    ['amazon-rds', '', 'rds-proxy'],
    ['amazon-rds', '', 'aurora'],
    ['amazon-rds', '', 'documentdb'],
    ['amazon-rds', '', 'neptune'],
    [NUMBER, 'RDSNetworkInterface', 'rds'],
    [NUMBER, 'Network interface for DBProxy p', 'rds-proxy'],
    ['amazon-redshift', '', 'redshift'],
    ['amazon-redshift', '', 'redshift-serverless'],
    [NUMBER, 'RedshiftNetworkInterface', 'redshift'],
    ['amazon-dms', '', 'dms'],
    [NUMBER, 'DMSNetworkInterface', 'dms'],
  ])('made by %s (%s), it is of %s', (requester, description, service) => {
    const { endpoints, merged } = reconcile([door(1, madeBy(requester, description)), rds('a', 1, { service })], []);
    expect(by(endpoints)).toEqual([['a', ['service', 'interface']]]);
    expect([...merged]).toEqual([[door(1).id, rds('a', 1).id]]);
  });

  it.each([
    [NUMBER, 'my RDSNetworkInterface', 'rds'],
    [NUMBER, 'not a RedshiftNetworkInterface', 'redshift'],
    [NUMBER, 'not a DMSNetworkInterface', 'dms'],
    [NUMBER, '', 'rds'],
    ['amazon-rds', '', 'dms'],
    ['amazon-dms', '', 'rds'],
    ['amazon-elasticache', '', 'elasticache'],
  ])('made by %s (%s), it is not of %s', (requester, description, service) => {
    expect(forgottenOf(door(1, madeBy(requester, description)), rds('a', 1, { service }))).toHaveLength(1);
  });

  it('that AWS made without a word of what for is of whom it says asked', () => {
    expect(forgottenOf(door(1, { tags: { [REQUESTER_TAG]: 'amazon-rds' } }), rds('a', 1))).toEqual([]);
    expect(forgottenOf(door(1, { tags: { [REQUESTER_TAG]: NUMBER } }), rds('a', 1))).toHaveLength(1);
  });

  it('is not that of a service where it is in a file, nor of another service', () => {
    const { account = '', region = '' } = door(5432);
    const file = filed('x.example.com', 5432, { service: 'rds', account, region });
    expect(forgottenOf(door(5432, MADE_BY_RDS), file)).toHaveLength(1);
    const { service: _, ...unnamed } = rds('a', 5432);
    expect(forgottenOf(door(5432, MADE_BY_RDS), unnamed)).toHaveLength(1);
  });

  it('is that of the first of several by name, and all are found through it', () => {
    const door1 = door(5432, MADE_BY_RDS);
    for (const all of [
      [rds('b', 5432), rds('a', 5432), door1],
      [rds('a', 5432), rds('b', 5432), door1],
    ]) {
      const { endpoints, merged } = reconcile(all, []);
      expect([...merged.values()]).toEqual([rds('a', 5432).id]);
      expect(by(endpoints)).toEqual([
        ['a', ['service', 'interface']],
        ['b', ['service', 'interface']],
      ]);
    }
  });

  it('is not that of what its own service calls closed, where the door is open, if only partly', () => {
    const service = rds('a', 5432, { ...closed, host: 'db.corp.example' });
    const names = [{ name: service.host, target: '54.1.2.3' }];
    const left = (declared: Endpoint['declared']) => reconcile([door(5432, { declared }), service], names).forgotten;
    for (const network of [declaredOff('x'), declaredPartial('x')]) expect(left({ network })).toHaveLength(1);
    for (const network of [declaredOn('x'), declaredUnknown('x')]) expect(left({ network })).toEqual([]);
    expect(left({})).toEqual([]);
    // A file is somebody's word, and its door is its door however closed it is said to be.
    expect(forgottenOf(door(5432, open), filed('54.1.2.3', 5432, closed))).toEqual([]);
    // At the very address there is one door, which is looked at as the service's.
    expect(forgottenOf(door(5432, open), { ...service, host: '54.1.2.3' })).toEqual([]);
  });

  it('is found through all that know it, and as open as the most open of them', () => {
    const file = filed('db.example.com', 9200);
    const doors = [
      door(9200, { host: '54.1.2.4', foundBy: ['address'], declared: { network: declaredPartial('p') } }),
      door(9200, { host: '54.1.2.3', declared: { network: OPEN } }),
      door(9200, { host: '54.1.2.5', foundBy: ['balancer'], ...closed }),
    ];
    const names = doors.map(({ host }) => ({ name: file.host, target: host }));
    for (const order of [doors, doors.toReversed()]) {
      const [endpoint, ...others] = reconcile([file, ...order], names).endpoints;
      expect(endpoint).toMatchObject({
        foundBy: ['file', 'interface', 'address', 'balancer', 'name'],
        declared: { network: OPEN },
      });
      expect(others).toEqual([]);
    }
  });

  it('says the same of two at one address that are as open as each other', () => {
    const two = ['b', 'a'].map((id) => door(9200, { id, declared: { network: declaredOff(id) } }));
    for (const order of [two, two.toReversed()]) {
      const [endpoint] = reconcile([filed('54.1.2.3', 9200), ...order], []).endpoints;
      expect(endpoint?.declared.network?.evidence).toBe('a');
    }
    const open1 = door(9200, { id: 'z', declared: { network: declaredOff('z') } });
    const half = door(9200, { id: 'a', declared: { network: declaredPartial('a') } });
    for (const order of [
      [open1, half],
      [half, open1],
    ]) {
      const [endpoint] = reconcile([filed('54.1.2.3', 9200), ...order], []).endpoints;
      expect(endpoint?.declared.network?.evidence).toBe('z');
    }
  });

  it('says the same of two that are as open as each other, whichever comes first', () => {
    const file = filed('db.example.com', 9200);
    const doors = ['54.1.2.4', '54.1.2.3'].map((host) =>
      door(9200, { host, declared: { network: declaredOff(host) } }),
    );
    const names = doors.map(({ host }) => ({ name: file.host, target: host }));
    for (const order of [doors, doors.toReversed()]) {
      expect(reconcile([file, ...order], names).endpoints[0]?.declared.network?.evidence).toBe('54.1.2.3');
    }
  });
});

describe('what a file says of a door', () => {
  const unread = door(9200, { declared: {} });
  const file = (network?: NonNullable<Endpoint['declared']['network']>) =>
    filed('54.1.2.3', 9200, network === undefined ? {} : { declared: { network, tls: declaredOn('t') } });
  const networkOf = (...endpoints: readonly Endpoint[]) =>
    reconcile(endpoints, []).endpoints[0]?.declared.network?.level;

  it.each([
    ['closed', declaredOn('x'), undefined],
    ['open in part', declaredPartial('x'), undefined],
    ['open', declaredOff('x'), 'off'],
  ])('%s: while the interface cannot be read it does not take its place', (_, network, level) => {
    expect(networkOf(file(network), unread)).toBe(level);
    expect(reconcile([file(network), unread], []).endpoints[0]?.declared.tls?.level).toBe('on');
  });

  it('stands beside an interface that was read, and one of several that could not be leaves it in doubt', () => {
    expect(networkOf(file(declaredOn('x')), door(9200, closed))).toBe('on');
    const other = door(9200, { id: 'other', ...closed });
    expect(networkOf(file(declaredOn('x')), unread, other)).toBeUndefined();
    expect(networkOf(file(declaredOn('x')), other, unread)).toBeUndefined();
    expect(networkOf(file(declaredOn('x')), unread, door(9200, { id: 'other', ...open }))).toBe('off');
  });

  it('is in doubt as well where one of the addresses that its name leads to cannot be read', () => {
    const name = filed('db.example.com', 9200, { declared: { network: declaredOn('x') } });
    const names = ['54.1.2.3', '54.1.2.4'].map((target) => ({ name: name.host, target }));
    const level = (...doors: readonly Endpoint[]) =>
      reconcile([name, ...doors], names).endpoints[0]?.declared.network?.level;
    const at = (host: string, declared: Endpoint['declared']) => door(9200, { host, declared });
    expect(level(at('54.1.2.3', closed.declared), at('54.1.2.4', closed.declared))).toBe('on');
    expect(level(at('54.1.2.3', {}), at('54.1.2.4', closed.declared))).toBeUndefined();
    expect(level(at('54.1.2.3', closed.declared), at('54.1.2.4', {}))).toBeUndefined();
  });

  it('is left as it is where nothing was found, and a service keeps its own word', () => {
    expect(reconcile([file(declaredOn('x'))], []).endpoints).toEqual([file(declaredOn('x'))]);
    const service = rds('a', 5432, { declared: { network: declaredPartial('own') }, host: '54.1.2.3' });
    expect(networkOf(service, door(5432, open))).toBe('partial');
  });

  it('of nothing at all stays nothing where the interface says nothing either', () => {
    expect(reconcile([file(), unread], []).endpoints[0]?.declared).toEqual({});
  });
});

describe('a door whose name is missing', () => {
  const [own, other] = [filed('db.example.com', 9200), filed('other.example.com', 9200)];
  const remembering = (id: string, namesInDoubt = true) => ({ merged: new Map([[door(9200).id, id]]), namesInDoubt });

  it('is still the endpoint that it was, while not all names could be read', () => {
    const { endpoints, forgotten, merged } = reconcile([own, other, door(9200)], [], remembering(own.id));
    expect(by(endpoints)).toEqual([
      ['file-db.example.com', ['file', 'interface']],
      ['file-other.example.com', undefined],
    ]);
    expect(endpoints[0]?.declared.network).toEqual(OPEN);
    expect([forgotten, [...merged]]).toEqual([[], [[door(9200).id, own.id]]]);
  });

  it('is forgotten where all names were read, and where the endpoint that it was is no more', () => {
    expect(reconcile([own, door(9200)], [], remembering(own.id, false)).forgotten).toHaveLength(1);
    expect(reconcile([other, door(9200)], [], remembering(own.id)).forgotten).toHaveLength(1);
    expect(reconcile([own, door(9300)], [], remembering(own.id)).forgotten).toHaveLength(1);
  });

  it('is of whom a name says now, whatever was remembered', () => {
    const names = [{ name: other.host, target: '54.1.2.3' }];
    const { merged, endpoints } = reconcile([own, other, door(9200)], names, remembering(own.id));
    expect([...merged.values()]).toEqual([other.id]);
    expect(endpoints.find(({ id }) => id === own.id)).toEqual(own);
  });
});

describe('other ports of an interface on which a service listens', () => {
  const listens = door(5432, MADE_BY_RDS);

  it.each([
    ['in another account', { account: '444455556666' }],
    ['in another region', { region: 'eu-west-1' }],
    ['of another interface', { arn: 'arn:aws:ec2:us-east-1:111122223333:network-interface/eni-2' }],
  ])('lead nowhere, unlike those %s', (_, change) => {
    expect(forgottenOf(rds('a', 5432), listens, door(3306, MADE_BY_RDS))).toEqual([]);
    const elsewhere = door(3306, { ...MADE_BY_RDS, ...change, id: 'elsewhere' });
    expect(forgottenOf(rds('a', 5432), listens, elsewhere)).toEqual(['elsewhere']);
  });

  it('lead nowhere also where its own address is listed, and somewhere where a file lists it', () => {
    expect(forgottenOf(rds('a', 5432, { host: '54.1.2.3' }), door(5432), door(3306))).toEqual([]);
    expect(forgottenOf(filed('54.1.2.3', 5432), door(5432), door(3306))).toEqual([door(3306).id]);
  });

  it('lead somewhere where a service is there by its name alone, though a file lists the address', () => {
    const service = rds('a', 5432, { host: 'db.corp.example' });
    const names = [{ name: service.host, target: '54.1.2.3' }];
    const { forgotten } = reconcile([service, filed('54.1.2.3', 5432), door(5432), door(3306)], names);
    expect(forgotten.map((f) => f.endpointId)).toEqual([door(3306).id]);
  });

  it('lead nowhere where the service says that its own is closed and the door on it is', () => {
    const service = rds('a', 5432, { ...closed, host: '54.1.2.3' });
    expect(forgottenOf(service, door(5432, closed), door(3306))).toEqual([]);
  });
});

describe('what is told', () => {
  it('comes in the order of ids, whatever is found', () => {
    const all = [rds('b', 1), door(9200), filed('a', 1), rds('a', 1)];
    const ids = reconcile(all, []).endpoints.map(({ id }) => id);
    expect(ids).toEqual([door(9200).id, rds('a', 1).id, rds('b', 1).id, 'file-a']);
  });

  it('of a door without a name of its own says so much', () => {
    const { arn: _arn, name: _name, service: _service, foundBy: _by, ...bare } = door(9200);
    const why = (change: Partial<Endpoint>) => reconcile([{ ...bare, ...change }], []).forgotten[0]?.why;
    const OF = 'no service inventory knows it: found through ';
    expect(why({ foundBy: ['interface'], declared: {} })).toBe(`${OF}network interface unknown`);
    expect(why({ foundBy: ['interface'], name: 'i-1', declared: {} })).toBe(`${OF}network interface i-1`);
    expect(why({ foundBy: ['balancer'], declared: {} })).toBe(`${OF}balancer unknown`);
    expect(why({ foundBy: ['name'], declared: {} })).toBe(`${OF}DNS name unknown`);
    expect(why({ declared: {} })).toBe(OF.trim());
    const made = { foundBy: ['interface'] as const, name: 'i-1', tags: { [REQUESTER_TAG]: 'amazon-x' } };
    expect(why({ ...made, declared: {} })).toBe(`${OF}network interface i-1 of amazon-x ()`);
    expect(why({ foundBy: ['address'], ...open })).toBe(`${OF}an Elastic IP, ${OPEN.evidence}`);
  });

  it('of its names is as much as fits, and who found it stays told', () => {
    const names = Array.from({ length: 32 }, (_, i) => ({
      name: `a-rather-long-name-${i}.example.com`,
      target: '54.1.2.3',
    }));
    const [endpoint] = reconcile([door(9200)], names).endpoints;
    expect(endpoint?.tags[NAMES_TAG]).toHaveLength(256);
    const [service] = reconcile(
      [{ ...rds('a', 5432, { host: '54.1.2.3' }), foundBy: ['service', 'address'] }],
      names,
    ).endpoints;
    expect(service?.foundBy).toEqual(['service', 'address', 'name']);
  });
});
