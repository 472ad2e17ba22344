/** Network ACLs by themselves; what they do to a door is in network.test.ts and its cases. */
import { describe, expect, it } from 'vitest';
import type { NetworkAclEntry } from '../../lib/model/network.ts';
import { type Acl, aclOf, inboundGate, MAX_ACL_ENTRIES } from '../../lib/reach/acl.ts';
import { blocksOf, EVERYBODY, type IpSet } from '../../lib/reach/ipset.ts';

const WORLD = '0.0.0.0/0';
const allow = (over: NetworkAclEntry = {}): NetworkAclEntry => ({
  RuleNumber: 100,
  Egress: false,
  RuleAction: 'allow',
  Protocol: '6',
  PortRange: { From: 0, To: 65_535 },
  CidrBlock: WORLD,
  ...over,
});
const deny = (over: NetworkAclEntry = {}): NetworkAclEntry => allow({ RuleNumber: 50, RuleAction: 'deny', ...over });
const at = (from: number, to = from): NetworkAclEntry => ({ PortRange: { From: from, To: to } });

function read(...entries: readonly NetworkAclEntry[]): Acl {
  const acl = aclOf({ NetworkAclId: 'acl-1', Entries: [...entries] });
  if (acl === undefined) throw new Error('not read');
  return acl;
}
const blocks = (set: IpSet): readonly string[] => blocksOf(set, 'v4', 9).blocks;
/** Each piece of the ports, with who passes for certain and who may. */
const pieces = (acl: Acl) =>
  acl.inbound.v4.map(({ from, to, least, most }) => [from, to, blocks(least), blocks(most)] as const);
const [ALL, NONE] = [[WORLD], []] as const;

describe('the ports of an ACL', () => {
  it('are split where an entry begins or ends, in order and without a gap', () => {
    expect(pieces(read(allow(at(443)), deny(at(80, 90))))).toEqual([
      [0, 79, NONE, NONE],
      [80, 90, NONE, NONE],
      [91, 442, NONE, NONE],
      [443, 443, ALL, ALL],
      [444, 65_535, NONE, NONE],
    ]);
    // In the order of the ports, whatever that of the entries.
    expect(pieces(read(allow({ RuleNumber: 1, ...at(443, 444) }), allow({ RuleNumber: 2, ...at(80) })))).toEqual([
      [0, 79, NONE, NONE],
      [80, 80, ALL, ALL],
      [81, 442, NONE, NONE],
      [443, 444, ALL, ALL],
      [445, 65_535, NONE, NONE],
    ]);
    expect(pieces(read(allow(), deny(at(0))))).toEqual([
      [0, 0, NONE, NONE],
      [1, 65_535, ALL, ALL],
    ]);
    expect(pieces(read(allow(), deny(at(65_535))))).toEqual([
      [0, 65_534, ALL, ALL],
      [65_535, 65_535, NONE, NONE],
    ]);
    expect(pieces(read())).toEqual([[0, 65_535, NONE, NONE]]);
  });

  it('are all of them under "every protocol", whatever range stands beside it', () => {
    expect(pieces(read(allow({ Protocol: '-1', ...at(443) })))).toEqual([[0, 65_535, ALL, ALL]]);
  });

  it('are of TCP, by number or by name; other protocols have none', () => {
    expect(pieces(read(allow({ Protocol: 'tcp', ...at(0, 79) })))).toEqual([
      [0, 79, ALL, ALL],
      [80, 65_535, NONE, NONE],
    ]);
    for (const Protocol of ['17', 'udp', '58', '']) {
      expect(pieces(read(allow({ Protocol })))).toEqual([[0, 65_535, NONE, NONE]]);
    }
  });
});

describe('what was not understood', () => {
  it.each([
    ['a deny of half a range', { PortRange: { From: 0 } }],
    ['a deny of another half', { PortRange: { To: 65_535 } }],
    ['a deny without ports', { PortRange: undefined }],
    ['a deny of no block', { CidrBlock: undefined }],
    ['a deny of a block that is none', { CidrBlock: 'office' }],
    ['a deny of two blocks, one of which is none', { Ipv6CidrBlock: 'office' }],
    ['an action that is none', { RuleAction: 'DENY' }],
    ['a protocol that is not said', { Protocol: undefined }],
  ] as const)('%s closes nothing for certain', (_name, over) => {
    const acl = read(allow(), deny(over as NetworkAclEntry));
    expect(pieces(acl)).toEqual([[0, 65_535, NONE, ALL]]);
    expect(acl.inbound.v4[0]?.unread).toEqual(['nacl acl-1 entry 50 not understood']);
  });

  it('opens nothing for certain either', () => {
    const acl = read(allow({ CidrBlock: 'office' }));
    expect(pieces(acl)).toEqual([[0, 65_535, NONE, ALL]]);
    expect(pieces(read(allow({ PortRange: undefined })))).toEqual([[0, 65_535, ALL, ALL]]);
  });

  it('of replies leaves open who can be answered, on that port alone', () => {
    const maybe = { RuleAction: 'maybe', Egress: true, CidrBlock: '0.0.0.0/1' } as const;
    const unsure = read(allow({ Egress: true, CidrBlock: '128.0.0.0/1', ...at(80) }), deny({ ...maybe, ...at(443) }));
    const { least, most, unread } = unsure.outbound.v4;
    expect([blocks(least), blocks(most)]).toEqual([['128.0.0.0/1'], [WORLD]]);
    expect(unread).toEqual(['nacl acl-1 entry 50 not understood']);
    const { v4 } = read(allow({ Egress: true }), deny({ Egress: true, RuleAction: 'maybe', ...at(443) })).outbound;
    expect([v4.least, v4.most]).toEqual([EVERYBODY.v4, EVERYBODY.v4]);
  });

  it('is all of it where its entries have no order or no direction, or are too many', () => {
    const many = (count: number): NetworkAclEntry[] =>
      Array.from({ length: count }, (_, i) => allow({ RuleNumber: i + 1 }));
    expect(aclOf({ Entries: many(2 * MAX_ACL_ENTRIES) })).toBeDefined();
    expect(aclOf({ Entries: many(2 * MAX_ACL_ENTRIES + 1) })).toBeUndefined();
    for (const entry of [allow({ RuleNumber: undefined }), allow({ Egress: undefined })]) {
      expect(aclOf({ Entries: [entry] })).toBeUndefined();
    }
    expect(aclOf({})).toBeUndefined();
    expect(aclOf(undefined)).toBeUndefined();
  });

  it('of an ACL without a name is told of the ACL of the subnet', () => {
    const unnamed = aclOf({ Entries: [allow({ RuleAction: 'maybe' })] });
    expect(unnamed?.inbound.v4[0]?.unread).toEqual(['nacl of the subnet entry 100 not understood']);
  });
});

describe('the gate of a range of ports', () => {
  const acl = read(
    allow({ CidrBlock: '8.0.0.0/7', ...at(80) }),
    allow({ RuleNumber: 101, CidrBlock: '9.0.0.0/8', ...at(81) }),
  );
  const passing = (from: number, to: number) => {
    const { least, most, unread } = inboundGate(acl, 'v4', { from, to });
    return [blocks(least), blocks(most), unread];
  };

  it('is the one of its piece', () => {
    expect(passing(80, 80)).toEqual([['8.0.0.0/7'], ['8.0.0.0/7'], []]);
    expect(passing(0, 79)).toEqual([NONE, NONE, []]);
  });

  it('over several pieces lets by for certain whom all of them do, and perhaps whom any does', () => {
    const unread = ['too many rules to tell these ports apart'];
    expect(passing(80, 81)).toEqual([['9.0.0.0/8'], ['8.0.0.0/7'], unread]);
    expect(passing(79, 81)).toEqual([NONE, ['8.0.0.0/7'], unread]);
    expect(passing(0, 65_535)).toEqual([NONE, ['8.0.0.0/7'], unread]);
  });

  it('is not known for what is no port', () => {
    for (const port of [-1, 65_536]) {
      expect(passing(port, port)).toEqual([NONE, [WORLD], [`${port} is no TCP port`]]);
    }
  });
});
