/** lib/reach/ports.ts: where ranges of ports begin and end, and the limit beyond which they are not told apart. */
import { describe, expect, it } from 'vitest';
import { blocksOf } from '../../lib/reach/ipset.ts';
import { indexNetwork } from '../../lib/reach/network-index.ts';
import { MAX_LOOKS, openPorts, type OpenPorts } from '../../lib/reach/ports.ts';
import { aDoor, type DoorSketch, networkOf } from './network-doors.ts';

function portsOf(sketch: DoorSketch): readonly OpenPorts[] {
  const door = aDoor(sketch);
  return openPorts(indexNetwork(networkOf(door)), door.eni);
}
const rules = (...texts: readonly string[]): DoorSketch => ({ groups: { 'sg-1': texts } });
const BOTH = { Association: { PublicIp: '54.1.2.3' }, Ipv6Addresses: [{ Ipv6Address: '2600:1f18::5' }] };

/** `80-81 8.8.8.0/24 ::/0`: ports and from where; with what is not known after a question mark. */
function shown({ from, to, reach }: OpenPorts): string {
  const blocks = [...blocksOf(reach.v4.sources, 'v4', 9).blocks, ...blocksOf(reach.v6.sources, 'v6', 9).blocks];
  const unknown = [...new Set([...reach.v4.unknown, ...reach.v6.unknown])];
  return [`${from}-${to}`, ...blocks, ...(unknown.length > 0 ? [`? ${unknown.join(', ')}`] : [])].join(' ');
}

const ACL = [
  '100 in allow -1 0.0.0.0/0',
  '100 out allow -1 0.0.0.0/0',
  '101 in allow -1 ::/0',
  '101 out allow -1 ::/0',
];

describe('ranges of ports', () => {
  it.each<[string, DoorSketch, readonly string[]]>([
    ['none without a rule', rules(), []],
    ['none by a rule for addresses that are not routed', rules('tcp 80 10.0.0.0/8'), []],
    ['from the first port to the last', rules('tcp 0-65535 8.8.8.0/24'), ['0-65535 8.8.8.0/24']],
    [
      'the first port and the last',
      rules('tcp 0 8.8.8.0/24', 'tcp 65535 8.8.8.0/24'),
      ['0-0 8.8.8.0/24', '65535-65535 8.8.8.0/24'],
    ],
    [
      'up to the last port',
      rules('tcp 65534-65535 8.8.8.0/24', 'tcp 65535 9.9.9.9/32'),
      ['65534-65534 8.8.8.0/24', '65535-65535 8.8.8.0/24 9.9.9.9/32'],
    ],
    [
      'one inside another',
      rules('tcp 10-40 8.8.8.0/24', 'tcp 20-30 9.9.9.0/24'),
      ['10-19 8.8.8.0/24', '20-30 8.8.8.0/24 9.9.9.0/24', '31-40 8.8.8.0/24'],
    ],
    [
      'two that begin together',
      rules('tcp 10-20 8.8.8.0/24', 'tcp 10-15 9.9.9.0/24'),
      ['10-15 8.8.8.0/24 9.9.9.0/24', '16-20 8.8.8.0/24'],
    ],
    [
      'two that end together',
      rules('tcp 10-20 8.8.8.0/24', 'tcp 15-20 9.9.9.0/24'),
      ['10-14 8.8.8.0/24', '15-20 8.8.8.0/24 9.9.9.0/24'],
    ],
    [
      'two that meet in one port',
      rules('tcp 10-20 8.8.8.0/24', 'tcp 20-30 9.9.9.0/24'),
      ['10-19 8.8.8.0/24', '20-20 8.8.8.0/24 9.9.9.0/24', '21-30 9.9.9.0/24'],
    ],
    [
      'with a gap of one port',
      rules('tcp 10-19 8.8.8.0/24', 'tcp 21-30 8.8.8.0/24'),
      ['10-19 8.8.8.0/24', '21-30 8.8.8.0/24'],
    ],
    [
      'one that a rule within it does not widen',
      rules('tcp 10-30 8.8.8.0/24', 'tcp 20 10.0.0.0/8'),
      ['10-30 8.8.8.0/24'],
    ],
    [
      'one that an idle entry of the ACL does not split',
      { ...rules('tcp 10-30 8.8.8.0/24'), nacl: [...ACL, '90 in deny 6:15-20 9.0.0.0/8'] },
      ['10-30 8.8.8.0/24'],
    ],
    [
      'one of which the ACL takes the end',
      { ...rules('tcp 10-30 8.8.8.0/24'), nacl: [...ACL, '90 in deny 6:20-65535 0.0.0.0/0'] },
      ['10-19 8.8.8.0/24'],
    ],
    [
      'one of which the ACL takes the beginning',
      { ...rules('tcp 10-30 8.8.8.0/24'), nacl: [...ACL, '90 in deny 6:0-20 0.0.0.0/0'] },
      ['21-30 8.8.8.0/24'],
    ],
    [
      'two, of one rule, where the ACL takes the middle',
      { ...rules('tcp 10-30 8.8.8.0/24'), nacl: [...ACL, '90 in deny 6:15-20 0.0.0.0/0'] },
      ['10-14 8.8.8.0/24', '21-30 8.8.8.0/24'],
    ],
    [
      'two, where another rule opens a part of the same addresses once more',
      rules('tcp 10-30 8.8.8.0/24', 'tcp 21-30 8.8.8.0/25'),
      ['10-20 8.8.8.0/24', '21-30 8.8.8.0/24'],
    ],
    [
      'all where the ACL is not read',
      { ...rules('tcp 10-30 8.8.8.0/24'), nacl: null },
      ['10-30 ? nacl of subnet sn-1 not readable'],
    ],
    [
      'for both families',
      { eni: BOTH, ...rules('tcp 10-30 8.8.8.0/24', 'tcp 20-40 2600::/32') },
      ['10-19 8.8.8.0/24', '20-30 8.8.8.0/24 2600::/32', '31-40 2600::/32'],
    ],
    [
      'for IPv6 alone where there is no other address',
      { eni: { ...BOTH, Association: undefined }, ...rules('tcp 10-30 8.8.8.0/24', 'tcp 20-40 2600::/32') },
      ['20-40 2600::/32'],
    ],
    [
      'none for IPv6 where there is no such address',
      rules('tcp 10-30 8.8.8.0/24', 'tcp 20-40 2600::/32'),
      ['10-30 8.8.8.0/24'],
    ],
    [
      'side by side where what is not known of them differs',
      rules('tcp 10-20 pl-1', 'tcp 21-30 pl-2'),
      ['10-20 ? sg-1: prefix list pl-1 not readable', '21-30 ? sg-1: prefix list pl-2 not readable'],
    ],
  ])('%s', (_name, sketch, wanted) => {
    expect(portsOf(sketch).map(shown)).toEqual(wanted);
  });

  it('tell each port that was asked about in what is closed to some', () => {
    const nacl = [...ACL, '90 in deny 6:15-20 8.8.8.0/25'];
    const open = portsOf({ ...rules('tcp 10-30 8.8.8.0/24'), nacl });
    expect(open.map(shown)).toEqual(['10-14 8.8.8.0/24', '15-20 8.8.8.128/25', '21-30 8.8.8.0/24']);
    expect(open[1]?.reach.v4).toMatchObject({
      addresses: ['54.1.2.3'],
      blockers: ['nacl acl-1 denies tcp/15-20 from 8.8.8.0/25'],
    });
  });
});

describe('more rules than are looked at one by one', () => {
  /** One rule over all ports in every segment, and `count` rules of one port each in theirs. */
  const many = (count: number, ...others: readonly string[]) =>
    portsOf(
      rules(
        ...others,
        'tcp 0-65535 8.8.8.0/24',
        ...Array.from({ length: count }, (_, i) => `tcp ${2 * i + 1} 9.${i >> 8}.${i & 255}.0/24`),
      ),
    );
  const blurred = (open: readonly OpenPorts[]) => open.filter((one) => shown(one).includes('too many rules')).length;

  it('are those that cost more than the limit', () => {
    // Of each: one look at the wide rule and four at the segment, in two segments; and one at the rule itself.
    const most = (MAX_LOOKS - 5) / 11;
    expect(most).toBe(1489);
    const exact = many(most);
    expect([exact.length, blurred(exact)]).toEqual([2 * most + 1, 0]);
    const coarse = many(most + 1);
    expect(blurred(coarse)).toBe(coarse.length - 1);
    // Neighbouring segments by two: what only one of both ports lets in is unknown, what both do is not.
    expect(coarse.slice(0, 2).map(shown)).toEqual([
      '0-1 8.8.8.0/24 ? too many rules to tell these ports apart',
      '2-3 8.8.8.0/24 ? too many rules to tell these ports apart',
    ]);
    expect(coarse.at(-1)).toMatchObject({ from: 2980, to: 65_535 });
  });

  it('are not rules for addresses that the interface has not', () => {
    expect(blurred(many((MAX_LOOKS - 5) / 11, 'tcp 50000 2600::/32', 'tcp 50002 2600::/32'))).toBe(0);
  });

  it('are taken by four where two are too many still', () => {
    const first = (count: number) =>
      many(count)
        .slice(0, 1)
        .map(({ from, to }) => [from, to]);
    expect([first(2729), first(2730)]).toEqual([[[0, 1]], [[0, 3]]]);
  });
});
