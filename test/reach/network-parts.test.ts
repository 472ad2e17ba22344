/** What EC2 leaves out of its answers, and doors put together: parts of lib/reach/network*.ts that no single door shows. */
import { describe, expect, it } from 'vitest';
import type { NetworkInterface, RouteTable } from '../../lib/model/network.ts';
import { NOBODY, parseBlocks } from '../../lib/reach/ipset.ts';
import { doorOf, reachOf } from '../../lib/reach/network.ts';
import { attachmentOf } from '../../lib/reach/network-door.ts';
import type { Passage } from '../../lib/reach/network-gate.ts';
import { indexNetwork, surroundingsOf, tableFor } from '../../lib/reach/network-index.ts';
import { uniteDoors } from '../../lib/reach/network-reach.ts';
import { aDoor, networkOf } from './network-doors.ts';

const bothWays = (door: ReturnType<typeof aDoor>) => {
  const reach = reachOf(door);
  expect(doorOf(indexNetwork(networkOf(door)), door.eni, door.port)).toEqual(reach);
  return reach;
};

describe('fields that EC2 leaves out', () => {
  const open = aDoor({ groups: { 'sg-1': ['tcp 9200 0.0.0.0/0', 'tcp 9200 ::/0'] } });

  it('are no addresses, no groups that were read, no subnets and no gateways', () => {
    const { PrivateIpAddresses: _, Ipv6Addresses: __, ...bare } = open.eni;
    const { v4, v6 } = bothWays({ ...open, eni: bare });
    expect([v4.addresses, v4.breadth, v4.unknown]).toEqual([['54.1.2.3'], 'WORLD', []]);
    expect([v6.addresses, v6.blockers, v6.unknown]).toEqual([[], ['no public address'], []]);

    const { Groups: ___, ...ungrouped } = open.eni;
    expect(reachOf({ ...open, eni: ungrouped, groups: [] }).v4.unknown).toEqual([
      'security groups of the interface not readable',
    ]);
    const tables = open.routeTables.map(({ Associations: ____, ...table }): RouteTable => table);
    expect(bothWays({ ...open, routeTables: tables }).v4.unknown).toEqual(['route table of subnet sn-1 not readable']);
    const gateways = open.igws.map(({ Attachments: _____, ...gateway }) => gateway);
    expect(bothWays({ ...open, igws: gateways }).v4.blockers).toEqual(['no internet gateway attached to vpc-1']);
    const { Associations: ______, ...nacl } = open.nacl ?? {};
    expect(doorOf(indexNetwork(networkOf({ ...open, nacl })), open.eni, 9200).v4.unknown).toEqual([
      'nacl of subnet sn-1 not readable',
    ]);
  });

  it('are names that are told as absent', () => {
    const eni = { ...open.eni, Ipv6Addresses: [{}], Groups: [{}] };
    const { v4, v6 } = bothWays({ ...open, groups: [], eni });
    expect(v6.unknown).toContain('IPv6 address not understood: absent');
    expect(v4.unknown).toEqual(['group without an id not readable']);
    const { SubnetId: _, ...adrift } = open.eni;
    expect(reachOf({ ...open, eni: adrift, subnet: undefined, nacl: undefined }).v4.unknown).toContain(
      'nacl of subnet of the interface not readable',
    );
  });

  it('are taken from the subnet where the interface lacks them', () => {
    const { SubnetId: _, VpcId: __, ...adrift } = open.eni;
    const door = { ...open, eni: adrift, igws: [] };
    expect(reachOf({ ...door, nacl: undefined }).v4).toMatchObject({
      blockers: ['no internet gateway attached to vpc-1'],
    });
    expect(reachOf({ ...open, eni: adrift }).v4.breadth).toBe('WORLD');
    expect(reachOf({ ...open, eni: adrift, nacl: undefined }).v4.unknown).toEqual(['nacl of subnet sn-1 not readable']);
    // What the interface says of itself comes first.
    const subnet = { SubnetId: 'sn-2', VpcId: 'vpc-2' };
    expect(reachOf({ ...open, igws: [], subnet }).v4.blockers).toEqual(['no internet gateway attached to vpc-1']);
  });

  it('of an interface with two groups make only the unread one unknown', () => {
    const eni = { ...open.eni, Groups: [{ GroupId: 'sg-1' }, { GroupId: 'sg-2' }] };
    const other = { GroupId: 'sg-2', IpPermissions: [] };
    expect(reachOf({ ...open, eni, groups: [...open.groups, other] }).v4.unknown).toEqual([]);
    const closed = open.groups.map((group) => ({ ...group, IpPermissions: [] }));
    expect(bothWays({ ...open, eni, groups: closed }).v4.unknown).toEqual(['group sg-2 not readable']);
  });
});

describe('an interface without groups', () => {
  const nlb = (Groups?: NetworkInterface['Groups']) => {
    const door = aDoor({ groups: {}, eni: { InterfaceType: 'network_load_balancer' } });
    const { Groups: _, ...eni } = door.eni;
    return reachOf({ ...door, eni: Groups === undefined ? eni : { ...eni, Groups } }).v4;
  };

  it('is unfiltered where it is a network load balancer that says so, and not where it does not say', () => {
    expect(nlb([])).toMatchObject({ breadth: 'WORLD', unknown: [] });
    expect(nlb()).toMatchObject({ breadth: 'NONE', unknown: ['security groups of the interface not readable'] });
  });
});

describe('the gateway of a VPC', () => {
  const igw = (State?: string, VpcId = 'vpc-1') => ({
    Attachments: [State === undefined ? { VpcId } : { VpcId, State }],
  });

  it.each([
    ['attached', [igw('available')], 'vpc-1', true, 'attached'],
    ['attached, in another word', [igw('attached')], 'vpc-1', false, 'attached'],
    ['attached, without a word', [igw()], 'vpc-1', true, 'attached'],
    ['one of two attached', [igw('detached'), igw('available')], 'vpc-1', true, 'attached'],
    ['none, of a whole list', [igw('available', 'vpc-2')], 'vpc-1', true, 'none'],
    ['detached, of a whole list', [igw('detached')], 'vpc-1', true, 'none'],
    ['none, of a part of the list', [], 'vpc-1', false, 'unsure'],
    ['on its way', [igw('detaching')], 'vpc-1', true, 'unsure'],
    ['of no VPC that is known', [igw('available')], undefined, true, 'unsure'],
  ] as const)('%s', (_name, gateways, vpc, complete, attachment) => {
    expect(attachmentOf(gateways, vpc, complete)).toBe(attachment);
  });

  it('that is known to no list is not known to the index', () => {
    const door = aDoor({ igws: {}, tables: [] });
    expect(surroundingsOf(indexNetwork(networkOf(door)), door.eni).attachment).toBe('unsure');
    expect(surroundingsOf(indexNetwork({ ...networkOf(door), subnets: [] }), {}).attachment).toBe('unsure');
  });
});

describe('the route table of a subnet', () => {
  const main: RouteTable = { RouteTableId: 'main', VpcId: 'vpc-1', Associations: [{ Main: true }] };
  const own: RouteTable = { RouteTableId: 'own', VpcId: 'vpc-1', Associations: [{ SubnetId: 'sn-1' }] };
  const nowhere: RouteTable = { RouteTableId: 'nowhere', Associations: [{ Main: true }] };
  const idFor = (...[tables, subnet, vpc, complete]: Parameters<typeof tableFor>) =>
    tableFor(tables, subnet, vpc, complete)?.RouteTableId;

  it('is the one that names it, or the main one of its own VPC where all were read', () => {
    expect(idFor([main, own], 'sn-1', 'vpc-1', true)).toBe('own');
    expect(idFor([main, own], 'sn-2', 'vpc-1', true)).toBe('main');
    expect(idFor([main, own], 'sn-2', 'vpc-2', true)).toBeUndefined();
    expect(idFor([main, own], 'sn-2', 'vpc-1', false)).toBeUndefined();
    expect(idFor([own], 'sn-2', 'vpc-1', true)).toBeUndefined();
  });

  it('of a subnet or a VPC that is not known is not known: a main table names no subnet', () => {
    expect(idFor([main], undefined, 'vpc-2', true)).toBeUndefined();
    expect(idFor([nowhere], 'sn-1', undefined, true)).toBeUndefined();
  });
});

describe('several doors to one endpoint', () => {
  const door = (over: Partial<Passage>): Passage => ({
    reached: [],
    possible: [],
    via: [],
    blockers: [],
    unknown: [],
    caveats: [],
    ...over,
  });
  const [eight, nine] = [parseBlocks(['8.0.0.0/8']).v4, parseBlocks(['9.0.0.0/8']).v4];

  it('let in whom any of them does, by every way there is, each told once', () => {
    const a = door({ reached: eight, possible: eight, via: ['z', 'b'], unknown: ['u'], caveats: ['c'] });
    const b = door({ possible: nine, via: ['a', 'b'], unknown: ['u', 'v'], caveats: ['d', 'c'] });
    expect(uniteDoors([a, b])).toEqual({
      reached: eight,
      possible: parseBlocks(['8.0.0.0/7']).v4,
      via: ['a', 'b', 'z'],
      blockers: [],
      unknown: ['u', 'v'],
      caveats: ['c', 'd'],
    });
  });

  it('are blocked by what blocks those that somebody may pass, or by all of it where nobody can', () => {
    const shut = door({ blockers: ['shut', 'twice'] });
    const narrow = door({ possible: eight, blockers: ['narrow'] });
    expect(uniteDoors([shut, narrow]).blockers).toEqual(['narrow']);
    expect(uniteDoors([shut, door({ blockers: ['twice', 'too'] })]).blockers).toEqual(['shut', 'twice', 'too']);
    expect(uniteDoors([]).reached).toEqual(NOBODY.v4);
  });
});
