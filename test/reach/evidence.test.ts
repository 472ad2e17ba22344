import { describe, expect, it, test } from 'vitest';
import { networkProtection } from '../../lib/reach/evidence.ts';
import { NOBODY, parseBlocks } from '../../lib/reach/ipset.ts';
import { reachOf } from '../../lib/reach/network.ts';
import type { FamilyReach } from '../../lib/reach/network-reach.ts';
import { aDoor, type DoorSketch } from './network-doors.ts';

const V6 = { Ipv6Addresses: [{ Ipv6Address: '2600:1f18::5' }] };
const BOTH = ['tcp 9200 0.0.0.0/0', 'tcp 9200 ::/0'];

const cases: readonly (readonly [name: string, door: DoorSketch, level: string, evidence: string])[] = [
  ['open to the world is off', {}, 'off', 'open to WORLD: IPv4 rtb-1 0.0.0.0/0 -> igw-1, sg-1 tcp/9200 from 0.0.0.0/0'],
  [
    'half of the world is off too',
    { groups: { 'sg-1': ['tcp 9200 0.0.0.0/1'] } },
    'off',
    'open to BROAD: IPv4 rtb-1 0.0.0.0/0 -> igw-1, sg-1 tcp/9200 from 0.0.0.0/1',
  ],
  [
    'an office is partial',
    { groups: { 'sg-1': ['tcp 9200 8.8.8.0/24'] } },
    'partial',
    'open to LIMITED: IPv4 rtb-1 0.0.0.0/0 -> igw-1, sg-1 tcp/9200 from 8.8.8.0/24',
  ],
  [
    'IPv6 alone is enough',
    { eni: { ...V6, Association: undefined }, groups: { 'sg-1': BOTH } },
    'off',
    'open to WORLD: IPv6 rtb-1 ::/0 -> igw-1, sg-1 tcp/9200 from ::/0',
  ],
  [
    'the wider family speaks, both are named',
    { eni: V6, groups: { 'sg-1': ['tcp 9200 8.8.8.0/24', 'tcp 9200 ::/0'] } },
    'off',
    'open to WORLD: IPv4 rtb-1 0.0.0.0/0 -> igw-1, sg-1 tcp/9200 from 8.8.8.0/24; IPv6 rtb-1 ::/0 -> igw-1, sg-1 tcp/9200 from ::/0',
  ],
  [
    'closed is on and says why',
    { port: 1 },
    'on',
    'closed to the internet: IPv4 no security group rule for tcp/1 from the internet; IPv6 no public address',
  ],
  [
    'closed for one reason says it once',
    { eni: { Association: undefined } },
    'on',
    'closed to the internet: no public address',
  ],
  ['an unread part is unknown, not on', { nacl: null }, 'unknown', 'not known: IPv4 nacl of subnet sn-1 not readable'],
  [
    'an unread part of one family is enough',
    { eni: { ...V6, Association: undefined }, groups: { 'sg-1': ['tcp 9200 pl-1'] } },
    'unknown',
    'not known: IPv6 sg-1: prefix list pl-1 not readable',
  ],
  [
    'what is proven open is off whatever else is unread',
    { regionMode: null },
    'off',
    'open to WORLD: IPv4 rtb-1 0.0.0.0/0 -> igw-1, sg-1 tcp/9200 from 0.0.0.0/0; not known: IPv4 block public access of the region not readable: taken as off',
  ],
  [
    'the unread part beside an office is told',
    { groups: { 'sg-1': ['tcp 9200 8.8.8.0/24', 'tcp 9200 pl-1'] } },
    'partial',
    'open to LIMITED: IPv4 rtb-1 0.0.0.0/0 -> igw-1, sg-1 tcp/9200 from 8.8.8.0/24; not known: IPv4 sg-1: prefix list pl-1 not readable',
  ],
  [
    'a caveat is told',
    { routes: ['0.0.0.0/0 vpce-1'] },
    'off',
    'open to WORLD: IPv4 rtb-1 0.0.0.0/0 -> vpce-1, sg-1 tcp/9200 from 0.0.0.0/0; IPv4 via firewall endpoint vpce-1: not evaluated',
  ],
];

describe('the protection network', () => {
  test.each(cases)('%s', (_, door, level, evidence) => {
    expect(networkProtection(reachOf(aDoor(door)))).toMatchObject({ level, basis: 'declared', evidence });
  });

  it('names a few rules of many, the first in order, in one short line', () => {
    const rules = Array.from({ length: 50 }, (_, i) => `tcp 9200 ${128 + i}.0.0.0/24`);
    const { evidence } = networkProtection(reachOf(aDoor({ groups: { 'sg-1': rules } })));
    expect(evidence).toContain('sg-1 tcp/9200 from 128.0.0.0/24, sg-1 tcp/9200 from 129.0.0.0/24');
    expect(evidence).toContain('and 47 more');
    expect(evidence.length).toBeLessThanOrEqual(200);
  });
});

describe('who may connect', () => {
  const sources = (groups: readonly string[]) =>
    networkProtection(reachOf(aDoor({ groups: { 'sg-1': groups } }))).sources;

  it('is kept as blocks where it is a few networks and known to the last address', () => {
    expect(sources(['tcp 9200 8.8.8.0/25', 'tcp 9200 8.8.8.128/25', 'tcp 9200 9.9.9.9/32'])).toEqual([
      '8.8.8.0/24',
      '9.9.9.9/32',
    ]);
    // Nothing comes from there over the internet.
    expect(sources(['tcp 9200 8.8.8.0/24', 'tcp 9200 10.0.0.0/8'])).toEqual(['8.8.8.0/24']);
  });

  it('is not where anything of it was not read, where it is most of the internet, and where it is too much to keep', () => {
    expect(sources(['tcp 9200 8.8.8.0/24', 'tcp 9200 pl-1'])).toBeUndefined();
    expect(sources(['tcp 9200 0.0.0.0/0'])).toBeUndefined();
    expect(sources(Array.from({ length: 65 }, (_, i) => `tcp 9200 8.${i}.0.0/24`))).toBeUndefined();
    expect(sources(Array.from({ length: 64 }, (_, i) => `tcp 9200 8.${i}.0.0/24`))).toHaveLength(64);
  });
});

describe('what is said of each family', () => {
  const family = (over: Partial<FamilyReach> = {}): FamilyReach => ({
    addresses: [],
    sources: [],
    breadth: 'NONE',
    via: [],
    blockers: [],
    unknown: [],
    caveats: [],
    ...over,
  });
  const said = (v4: Partial<FamilyReach>, v6: Partial<FamilyReach> = {}) => {
    const { level, evidence } = networkProtection({ v4: family(v4), v6: family(v6) });
    return `${level}: ${evidence}`;
  };
  const letters = (count: number) => Array.from('abcdefgh', (letter) => letter).slice(0, count);

  it('is up to four texts, and how many are left', () => {
    expect(said({ blockers: letters(4) })).toBe('on: closed to the internet: IPv4 a, b, c, d');
    expect(said({ blockers: letters(5) })).toBe('on: closed to the internet: IPv4 a, b, c, d, and 1 more');
  });

  it('has nothing about doors and caveats of a family that is closed', () => {
    const shut = { via: ['a route'], caveats: ['a caveat'] };
    const open = { breadth: 'WORLD', via: ['a rule'], caveats: ['its caveat'] } as const;
    expect(said(shut, open)).toBe('off: open to WORLD: IPv6 a rule; IPv6 its caveat');
    expect(said(open, shut)).toBe('off: open to WORLD: IPv4 a rule; IPv4 its caveat');
    expect(said({ ...open, unknown: ['u'] }, shut)).toBe(
      'off: open to WORLD: IPv4 a rule; IPv4 its caveat; not known: IPv4 u',
    );
  });

  it('is one text where both say the same, and two where they do not', () => {
    expect(said({ unknown: ['u'] }, { unknown: ['u'] })).toBe('unknown: not known: u');
    expect(said({ unknown: ['u'] }, { unknown: ['v'] })).toBe('unknown: not known: IPv4 u; IPv6 v');
    expect(said({}, { unknown: ['v'], blockers: ['shut'] })).toBe('unknown: not known: IPv6 v');
  });

  it('counts blocks of both families together, of what the internet routes', () => {
    const some = (count: number, v4 = true) =>
      parseBlocks(
        Array.from({ length: count }, (_, i) => (v4 ? `8.${i}.0.0/24` : `2600:${(2 * i).toString(16)}::/32`)),
      );
    const kept = (v4: number, v6: number, unknown: readonly string[] = []) =>
      networkProtection({
        v4: family({ breadth: 'LIMITED', sources: some(v4).v4 }),
        v6: family({ breadth: 'LIMITED', sources: some(v6, false).v6, unknown }),
      }).sources?.length;
    expect([kept(32, 32), kept(32, 33), kept(0, 64), kept(0, 65), kept(1, 1, ['u'])]).toEqual([
      64,
      undefined,
      64,
      undefined,
      undefined,
    ]);
    const v6 = parseBlocks(['2600::/32', 'fd00::/8', '2001:db8::/32']).v6;
    expect(networkProtection({ v4: family(), v6: family({ breadth: 'LIMITED', sources: v6 }) }).sources).toEqual([
      '2600::/32',
    ]);
    expect(networkProtection({ v4: family({ sources: NOBODY.v4 }), v6: family() })).not.toHaveProperty('sources');
  });
});
