/** lib/reach/routes.ts: which addresses a route table sends to the internet gateway, and which it only may. */
import { describe, expect, it } from 'vitest';
import type { Route } from '../../lib/model/network.ts';
import { blocksOf, EVERYBODY, type Family, FAMILIES, type IpSet } from '../../lib/reach/ipset.ts';
import type { Line } from '../../lib/reach/network-gate.ts';
import { routingOf, unreadRouting } from '../../lib/reach/routes.ts';
import { prefixSources } from '../../lib/reach/rules.ts';
import { route } from './network-doors.ts';

const LISTS = prefixSources({
  'pl-8': ['8.0.0.0/8'],
  'pl-8-too': ['8.0.0.0/8'],
  'pl-both': ['8.8.0.0/16', '2600::/16'],
  'pl-half-read': ['8.0.0.0/8', 'nonsense'],
});

interface Told {
  readonly least: readonly string[];
  readonly most: readonly string[];
  readonly via: readonly string[];
  readonly caveats: readonly string[];
  readonly unread: readonly string[];
}

function told(family: Family, routes: readonly (string | Route)[]): Told {
  const Routes = routes.map((one) => (typeof one === 'string' ? route(one) : one));
  const gate = routingOf({ RouteTableId: 'rtb-1', Routes }, LISTS)[family];
  const shown = (set: IpSet) => blocksOf(set, family, 20).blocks;
  const lines = (list: readonly Line[]) => list.map(({ text, set }) => `${text} for ${shown(set).join(' ')}`);
  return {
    least: shown(gate.least),
    most: shown(gate.most),
    via: lines(gate.via),
    caveats: lines(gate.caveats),
    unread: gate.unread,
  };
}

type Case = readonly [name: string, routes: readonly (string | Route)[], v4: Partial<Told>];

describe('the longest prefix', () => {
  it.each<Case>([
    [
      'gives an inner block to its own route and the rest to the outer one, on both sides',
      ['8.0.0.0/6 igw-1', '9.0.0.0/8 tgw-1'],
      { least: ['8.0.0.0/8', '10.0.0.0/7'], via: ['rtb-1 8.0.0.0/6 -> igw-1 for 8.0.0.0/8 10.0.0.0/7'] },
    ],
    [
      'goes on with the outermost after two inner blocks that end together',
      ['8.0.0.0/6 igw-1', '8.0.0.0/7 tgw-1', '9.0.0.0/8 igw-2'],
      {
        least: ['9.0.0.0/8', '10.0.0.0/7'],
        via: ['rtb-1 8.0.0.0/6 -> igw-1 for 10.0.0.0/7', 'rtb-1 9.0.0.0/8 -> igw-2 for 9.0.0.0/8'],
      },
    ],
    [
      'decides between blocks that begin together, in either order',
      ['8.0.0.0/8 tgw-1', '8.0.0.0/7 igw-1', '8.0.0.0/16 igw-2'],
      { least: ['8.0.0.0/16', '9.0.0.0/8'] },
    ],
    [
      'leaves nothing of a block that two halves cover',
      ['8.0.0.0/7 igw-1', '8.0.0.0/8 tgw-1', '9.0.0.0/8 nat-1'],
      {
        least: [],
        via: [],
      },
    ],
    ['takes the last addresses away', ['0.0.0.0/0 igw-1', '128.0.0.0/1 tgw-1'], { least: ['0.0.0.0/1'] }],
    ['takes the first addresses away', ['0.0.0.0/0 igw-1', '0.0.0.0/1 tgw-1'], { least: ['128.0.0.0/1'] }],
    ['takes one address away', ['8.8.8.8/31 igw-1', '8.8.8.8/32 tgw-1'], { least: ['8.8.8.9/32'] }],
    [
      'leaves gaps between blocks alone',
      ['8.0.0.0/8 igw-1', '16.0.0.0/8 igw-1'],
      { least: ['8.0.0.0/8', '16.0.0.0/8'] },
    ],
  ])('%s', (_name, routes, wanted) => {
    expect(told('v4', routes)).toMatchObject(wanted);
    expect(told('v4', routes).most).toEqual(told('v4', routes).least);
    expect(told('v4', routes.toReversed()).least).toEqual(wanted.least);
  });

  it('reaches to the last address of IPv6', () => {
    expect(told('v6', ['::/0 igw-1', '::/1 tgw-1'])).toMatchObject({ least: ['8000::/1'] });
    const all = routingOf({ Routes: [route('::/0 igw-1')] }, LISTS);
    expect(all.v6.least).toBe(EVERYBODY.v6);
    expect(all.v4).toMatchObject({ least: [], most: [], via: [] });
  });
});

describe('where a route leads', () => {
  const open = '0.0.0.0/0 igw-1';
  it.each<Case>([
    ['the gateway, which is active', ['8.0.0.0/8 igw-1 active'], { least: ['8.0.0.0/8'], unread: [] }],
    ['the gateway', ['8.0.0.0/8 igw-1'], { least: ['8.0.0.0/8'], most: ['8.0.0.0/8'], unread: [], caveats: [] }],
    [
      'the network itself',
      [open, '8.0.0.0/5 local'],
      { unread: [], most: ['0.0.0.0/5', '16.0.0.0/4', '32.0.0.0/3', '64.0.0.0/2', '128.0.0.0/1'] },
    ],
    ['a virtual private gateway', ['8.0.0.0/8 vgw-1'], { least: [], most: [], unread: [] }],
    ['a NAT gateway', ['8.0.0.0/8 nat-1'], { least: [], most: [], unread: [] }],
    ['a transit gateway', ['8.0.0.0/8 tgw-1'], { least: [], most: [], unread: [] }],
    ['a peering', ['8.0.0.0/8 pcx-1'], { least: [], most: [], unread: [] }],
    ['a blackhole', ['8.0.0.0/8 igw-1 blackhole'], { least: [], most: [], unread: [] }],
    ['a blackhole that was an appliance', ['8.0.0.0/8 eni-1 blackhole'], { least: [], most: [], unread: [] }],
    [
      'a firewall endpoint',
      ['8.0.0.0/8 vpce-1'],
      {
        least: ['8.0.0.0/8'],
        via: ['rtb-1 8.0.0.0/8 -> vpce-1 for 8.0.0.0/8'],
        caveats: ['via firewall endpoint vpce-1: not evaluated for 8.0.0.0/8'],
        unread: [],
      },
    ],
    [
      'an endpoint of a prefix list',
      ['pl-8 vpce-1'],
      {
        least: ['8.0.0.0/8'],
        via: ['rtb-1 pl-8 -> vpce-1 for 8.0.0.0/8'],
        caveats: ['pl-8 via endpoint vpce-1: not evaluated for 8.0.0.0/8'],
      },
    ],
    [
      'an appliance',
      ['8.0.0.0/8 eni-9'],
      { least: [], most: ['8.0.0.0/8'], unread: ['rtb-1 8.0.0.0/8 -> eni-9: not evaluated'], via: [] },
    ],
    [
      'a kind of gateway that is not known',
      ['8.0.0.0/8 xgw-1'],
      { least: [], most: ['8.0.0.0/8'], unread: ['rtb-1 8.0.0.0/8 -> xgw-1: not evaluated'] },
    ],
    [
      'nothing that is told',
      ['8.0.0.0/8 nothing'],
      { least: [], most: ['8.0.0.0/8'], unread: ['rtb-1 8.0.0.0/8 -> an unknown target: not evaluated'] },
    ],
    [
      'the gateway, in a state that is not known',
      ['8.0.0.0/8 igw-1 resting'],
      { least: [], most: ['8.0.0.0/8'], unread: ['rtb-1 8.0.0.0/8 -> igw-1 (resting): not evaluated'] },
    ],
    [
      'an appliance beside the gateway',
      ['8.0.0.0/8 igw-1', '9.0.0.0/8 eni-9'],
      { least: ['8.0.0.0/8'], most: ['8.0.0.0/7'], unread: ['rtb-1 9.0.0.0/8 -> eni-9: not evaluated'] },
    ],
    [
      'an appliance whose block all goes elsewhere',
      ['8.0.0.0/7 eni-9', '8.0.0.0/8 tgw-1', '9.0.0.0/8 tgw-1'],
      { most: [], unread: [] },
    ],
  ])('%s', (_name, routes, wanted) => {
    expect(told('v4', routes)).toMatchObject(wanted);
  });

  it('is one answer for each family of a prefix list', () => {
    expect(told('v4', ['pl-both igw-1']).least).toEqual(['8.8.0.0/16']);
    expect(told('v6', ['pl-both igw-1']).least).toEqual(['2600::/16']);
  });

  it('by an egress-only gateway is not out', () => {
    expect(told('v6', ['2600::/16 eigw-1'])).toMatchObject({ least: [], most: [], unread: [] });
  });
});

describe('a route whose destination is not known', () => {
  const lost = 'destination not understood';
  const all = ['0.0.0.0/0'];
  const beside = '8.0.0.0/8 igw-1';
  it.each<Case>([
    [
      'out may send anybody out and takes nobody away',
      [beside, 'nonsense igw-2'],
      { least: ['8.0.0.0/8'], most: all, unread: [`rtb-1 nonsense -> igw-2: ${lost}`] },
    ],
    ['past an endpoint may do so too', [beside, 'nonsense vpce-2'], { least: ['8.0.0.0/8'], most: all }],
    [
      'elsewhere may take anybody away and sends nobody out',
      [beside, 'nonsense tgw-2'],
      { least: [], most: ['8.0.0.0/8'], unread: [`rtb-1 nonsense -> tgw-2: ${lost}`] },
    ],
    [
      'to an appliance may do either',
      [beside, 'nonsense eni-2'],
      { least: [], most: all, unread: [`rtb-1 nonsense -> eni-2: ${lost}`] },
    ],
    [
      'and whose target is gone may take anybody away',
      [beside, 'nonsense igw-2 blackhole'],
      { least: [], most: ['8.0.0.0/8'], unread: [`rtb-1 nonsense -> igw-2 (blackhole): ${lost}`] },
    ],
    [
      'that stays inside may take anybody away',
      [beside, 'pl-gone local'],
      { least: [], most: ['8.0.0.0/8'], unread: ['prefix list pl-gone not readable'] },
    ],
    [
      'is not there at all',
      [beside, { GatewayId: 'igw-2' }],
      { least: ['8.0.0.0/8'], most: all, unread: [`rtb-1 without a destination -> igw-2: ${lost}`] },
    ],
    [
      'is a prefix list that was not read',
      [beside, 'pl-gone tgw-2'],
      { least: [], most: ['8.0.0.0/8'], unread: ['prefix list pl-gone not readable'] },
    ],
    [
      'is a prefix list read in part, whose rest may be anybody',
      ['pl-half-read igw-2'],
      { least: ['8.0.0.0/8'], most: all, unread: ['prefix list pl-half-read has an entry that is no block: nonsense'] },
    ],
  ])('%s', (_name, routes, wanted) => {
    expect(told('v4', routes)).toMatchObject(wanted);
  });
});

describe('two routes of one block', () => {
  const unsure = (a: string, b: string) => `rtb-1 ${a} or rtb-1 ${b}: which one wins is not known`;
  it.each<Case>([
    [
      'static and from a prefix list: the static one',
      ['pl-8 tgw-1', '8.0.0.0/8 igw-1'],
      { least: ['8.0.0.0/8'], unread: [] },
    ],
    [
      'static and to a virtual private gateway: the static one',
      ['8.0.0.0/8 vgw-1', '8.0.0.0/8 igw-1'],
      { least: ['8.0.0.0/8'], unread: [] },
    ],
    [
      'from two prefix lists that disagree: unclear',
      ['pl-8 igw-1', 'pl-8-too tgw-1'],
      { least: [], most: ['8.0.0.0/8'], unread: [unsure('pl-8 -> igw-1', 'pl-8-too -> tgw-1')], via: [] },
    ],
    [
      'from two prefix lists that agree: the first',
      ['pl-8 igw-1', 'pl-8-too igw-2'],
      { least: ['8.0.0.0/8'], unread: [], via: ['rtb-1 pl-8 -> igw-1 for 8.0.0.0/8'] },
    ],
    [
      'from a prefix list and to a virtual private gateway, which may be static: unclear',
      ['pl-8 igw-1', '8.0.0.0/8 vgw-1'],
      { least: [], most: ['8.0.0.0/8'], unread: [unsure('pl-8 -> igw-1', '8.0.0.0/8 -> vgw-1')] },
    ],
    [
      'unclear, and a static one beside them: the static one',
      ['pl-8 igw-1', 'pl-8-too tgw-1', '8.0.0.0/8 igw-9'],
      { least: ['8.0.0.0/8'], unread: [], via: ['rtb-1 8.0.0.0/8 -> igw-9 for 8.0.0.0/8'] },
    ],
  ])('%s', (_name, routes, wanted) => {
    expect(told('v4', routes)).toMatchObject(wanted);
    expect(told('v4', routes.toReversed())).toMatchObject({ least: wanted.least });
  });

  it('that begin or end together are two', () => {
    expect(told('v4', ['8.0.0.0/8 igw-1', '8.0.0.0/7 tgw-1', '9.0.0.0/8 igw-1']).least).toEqual(['8.0.0.0/7']);
  });
});

describe('a route table', () => {
  it('says under its name what it does not lead to', () => {
    const gate = routingOf({ RouteTableId: 'rtb-\n1', Routes: [] }, LISTS).v4;
    expect(gate).toMatchObject({
      blocker: 'route table rtb- 1 has no route to an internet gateway',
      narrows: {
        lost: 'route table rtb- 1 has no route to an internet gateway for {blocks}',
        left: 'route table rtb- 1 routes only {blocks} to an internet gateway',
      },
      most: [],
    });
  });

  it('without a name is that of the subnet', () => {
    const named = routingOf({ Routes: [route('0.0.0.0/0 igw-1'), route('8.0.0.0/8 eni-1')] }, LISTS).v4;
    expect(named.blocker).toBe('route table of the subnet has no route to an internet gateway');
    expect(named.via.map(({ text }) => text)).toEqual(['route table 0.0.0.0/0 -> igw-1']);
    expect(named.unread).toEqual(['route table 8.0.0.0/8 -> eni-1: not evaluated']);
  });

  it('whose routes were not read may let anybody in', () => {
    for (const [routing, why] of [
      [routingOf({ RouteTableId: 'rtb-1' }, LISTS), 'routes of route table rtb-1 not readable'],
      [unreadRouting('not read'), 'not read'],
    ] as const) {
      for (const family of FAMILIES) {
        expect(routing[family]).toMatchObject({ least: [], most: EVERYBODY[family], unread: [why] });
      }
    }
  });
});
