/** Rules of security groups by themselves; what they do to a door is in network.test.ts and its cases. */
import { describe, expect, it } from 'vitest';
import type { IpPermission } from '../../lib/model/network.ts';
import { blocksOf, EVERYBODY, parseBlock } from '../../lib/reach/ipset.ts';
import { groupGate, noRules, prefixSources, rulesOf, unreadRules } from '../../lib/reach/rules.ts';

const LISTS = prefixSources({ 'pl-1': ['8.8.8.0/24', '2600::/16'], 'pl-2': ['8.0.0.0/8', 'office'] });
const tcp = (over: IpPermission = {}): IpPermission => ({
  IpProtocol: 'tcp',
  FromPort: 80,
  ToPort: 90,
  IpRanges: [{ CidrIp: '9.0.0.0/8' }],
  ...over,
});
const rules = (...permissions: readonly IpPermission[]) =>
  rulesOf({ GroupId: 'sg-1', IpPermissions: [...permissions] }, LISTS);
const blocks = (permission: IpPermission) =>
  rules(permission).v4.map(({ from, to, least, most, text, unread }) => [
    `${from}-${to}`,
    blocksOf(least, 'v4', 9).blocks.join(),
    blocksOf(most, 'v4', 9).blocks.join(),
    text,
    unread,
  ]);
const ALL = '0.0.0.0/0';

describe('a rule', () => {
  it.each<[string, IpPermission, readonly unknown[]]>([
    ['of ports', tcp(), ['80-90', '9.0.0.0/8', '9.0.0.0/8', 'sg-1 tcp/80-90 from 9.0.0.0/8', undefined]],
    [
      'by number',
      tcp({ IpProtocol: '6', ToPort: 80 }),
      ['80-80', '9.0.0.0/8', '9.0.0.0/8', 'sg-1 tcp/80 from 9.0.0.0/8', undefined],
    ],
    [
      'of everything',
      tcp({ IpProtocol: '-1' }),
      ['0-65535', '9.0.0.0/8', '9.0.0.0/8', 'sg-1 all traffic from 9.0.0.0/8', undefined],
    ],
    [
      'without a protocol',
      { IpRanges: [{ CidrIp: '9.0.0.0/8' }] },
      ['0-65535', '', '9.0.0.0/8', 'sg-1 traffic from 9.0.0.0/8', 'sg-1: a rule without a protocol'],
    ],
    ...[{ FromPort: -1 }, { ToPort: 65_536 }, { FromPort: 1.5 }].map(
      (over): [string, IpPermission, readonly unknown[]] => [
        `of ports that are none: ${JSON.stringify(over)}`,
        tcp(over),
        ['0-65535', '', '9.0.0.0/8', 'sg-1 tcp from 9.0.0.0/8', 'sg-1: a tcp rule without ports'],
      ],
    ),
    [
      'for what is no block',
      tcp({ IpRanges: [{ CidrIp: 'office' }] }),
      ['80-90', '', ALL, 'sg-1 tcp/80-90 from a source', 'sg-1: a source that is no block: office'],
    ],
    [
      'for nothing that is said',
      tcp({ IpRanges: [{}] }),
      ['80-90', '', ALL, 'sg-1 tcp/80-90 from a source', 'sg-1: a source that is no block: absent'],
    ],
    [
      'for a list',
      tcp({ IpRanges: [], PrefixListIds: [{ PrefixListId: 'pl-1' }] }),
      ['80-90', '8.8.8.0/24', '8.8.8.0/24', 'sg-1 tcp/80-90 from pl-1', undefined],
    ],
    [
      'for a list that was not understood whole',
      tcp({ IpRanges: [], PrefixListIds: [{ PrefixListId: 'pl-2' }] }),
      [
        '80-90',
        '8.0.0.0/8',
        ALL,
        'sg-1 tcp/80-90 from pl-2',
        'sg-1: prefix list pl-2 has an entry that is no block: office',
      ],
    ],
    [
      'for a list that nobody read',
      tcp({ IpRanges: [], PrefixListIds: [{ PrefixListId: 'pl-3' }] }),
      ['80-90', '', ALL, 'sg-1 tcp/80-90 from pl-3', 'sg-1: prefix list pl-3 not readable'],
    ],
    [
      'for a list without a name',
      tcp({ IpRanges: [], PrefixListIds: [{}] }),
      ['80-90', '', ALL, 'sg-1 tcp/80-90 from a prefix list', 'sg-1: prefix list without an id not readable'],
    ],
  ])('%s', (_name, permission, rule) => {
    expect(blocks(permission)).toEqual([rule]);
  });

  it('may be of the first port and of the last', () => {
    expect(blocks(tcp({ FromPort: 0, ToPort: 65_535 }))[0]?.[3]).toBe('sg-1 tcp/0-65535 from 9.0.0.0/8');
    const { FromPort: _, ...half } = tcp();
    expect(blocks(half)[0]?.[4]).toBe('sg-1: a tcp rule without ports');
  });

  it('for a list has the blocks of it that were understood', () => {
    expect(LISTS.get('pl-1')?.blocks).toEqual([parseBlock('8.8.8.0/24'), parseBlock('2600::/16')]);
    expect(LISTS.get('pl-2')?.blocks).toEqual([parseBlock('8.0.0.0/8')]);
  });

  it('of another protocol, for groups, or for nobody of the internet is none', () => {
    expect(blocks(tcp({ IpProtocol: 'udp' }))).toEqual([]);
    expect(blocks({ IpProtocol: 'tcp', FromPort: 80, ToPort: 80, UserIdGroupPairs: [{ GroupId: 'sg-2' }] })).toEqual(
      [],
    );
    expect(blocks(tcp({ IpRanges: [{ CidrIp: '10.0.0.0/8' }] }))).toEqual([]);
  });

  it('is of the family of its block', () => {
    const both = rules(tcp({ Ipv6Ranges: [{ CidrIpv6: '2600::/16' }] }));
    expect([both.v4.map(({ text }) => text), both.v6.map(({ text }) => text)]).toEqual([
      ['sg-1 tcp/80-90 from 9.0.0.0/8'],
      ['sg-1 tcp/80-90 from 2600::/16'],
    ]);
  });

  it('of a group without a name is told as of the security group', () => {
    expect(rulesOf({ IpPermissions: [tcp()] }, LISTS).v4[0]?.text).toBe('security group tcp/80-90 from 9.0.0.0/8');
    expect(rulesOf({}, LISTS)).toEqual(unreadRules('rules of security group not readable'));
    expect(unreadRules('why').v6).toEqual([
      { from: 0, to: 65_535, least: [], most: EVERYBODY.v6, text: '', unread: 'why' },
    ]);
    expect(unreadRules('why').v4).toEqual([
      { from: 0, to: 65_535, least: [], most: EVERYBODY.v4, text: '', unread: 'why' },
    ]);
  });
});

describe('the gate of the rules', () => {
  const gate = (from: number, to: number) => {
    const group = rules(tcp(), tcp({ FromPort: 85, ToPort: 85, IpRanges: [{ CidrIp: '8.0.0.0/8' }] }));
    const { least, most, unread, via, blocker } = groupGate(group.v4, 'v4', { from, to });
    expect(blocker).toBe('no security group rule for {port} from the internet');
    return [blocksOf(least, 'v4', 9).blocks, blocksOf(most, 'v4', 9).blocks, unread, via.map(({ text }) => text)];
  };
  const nine = 'sg-1 tcp/80-90 from 9.0.0.0/8';

  it('lets by whom a rule for all of the ports names, and perhaps whom one for some of them does', () => {
    expect(gate(80, 84)).toEqual([['9.0.0.0/8'], ['9.0.0.0/8'], [], [nine]]);
    expect(gate(85, 85)).toEqual([['8.0.0.0/7'], ['8.0.0.0/7'], [], [nine, 'sg-1 tcp/85 from 8.0.0.0/8']]);
    const unread = ['too many rules to tell these ports apart'];
    expect(gate(80, 90)).toEqual([['9.0.0.0/8'], ['8.0.0.0/7'], unread, [nine]]);
    expect(gate(90, 91)).toEqual([[], ['9.0.0.0/8'], unread, []]);
    expect(gate(79, 80)).toEqual([[], ['9.0.0.0/8'], unread, []]);
    expect(gate(91, 99)).toEqual([[], [], [], []]);
    expect(gate(1, 79)).toEqual([[], [], [], []]);
  });

  it('is perhaps open to everybody where one of its rules may be, beside one that is not', () => {
    const list = { IpRanges: [], PrefixListIds: [{ PrefixListId: 'pl-3' }] };
    const { least, most, unread } = groupGate(rules(tcp(), tcp(list)).v4, 'v4', { from: 80, to: 80 });
    expect([blocksOf(least, 'v4', 9).blocks, most]).toEqual([['9.0.0.0/8'], EVERYBODY.v4]);
    expect(unread).toEqual(['sg-1: prefix list pl-3 not readable']);
  });

  it('is as open as can be where there are no rules by design, and unsure where none were read', () => {
    const ports = { from: 80, to: 80 };
    expect(groupGate(noRules('by design').v4, 'v4', ports)).toMatchObject({ least: EVERYBODY.v4, most: EVERYBODY.v4 });
    expect(groupGate(noRules('by design').v6, 'v6', ports)).toMatchObject({
      least: EVERYBODY.v6,
      most: EVERYBODY.v6,
      unread: [],
      via: [{ text: 'by design' }],
    });
    expect(groupGate(unreadRules('why').v4, 'v4', ports)).toMatchObject({
      least: [],
      most: EVERYBODY.v4,
      unread: ['why'],
    });
  });
});
