/**
 * lib/reach/network.ts with all it is made of: network-address.ts, network-bounds.ts, network-door.ts, network-gate.ts,
 * network-index.ts, network-reach.ts, rules.ts, acl.ts and routes.ts. Cases are in test/cases/reach-network.json.
 */
import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it, test } from 'vitest';
import { z } from 'zod';
import { NETWORK_PARTS, type NetworkInterface } from '../../lib/model/network.ts';
import { BREADTHS } from '../../lib/reach/breadth.ts';
import { blocksOf, FAMILIES, type Family } from '../../lib/reach/ipset.ts';
import { type DoorInput, doorOf, reachOf } from '../../lib/reach/network.ts';
import { indexNetwork } from '../../lib/reach/network-index.ts';
import type { FamilyReach, Reach } from '../../lib/reach/network-reach.ts';
import { aDoor, type DoorSketch, networkOf } from './network-doors.ts';

const texts = z.array(z.string());
const familySchema = z.strictObject({
  breadth: z.enum(BREADTHS).optional(),
  addresses: texts.optional(),
  sources: texts.optional(),
  via: texts.optional(),
  blockers: texts.optional(),
  unknown: texts.optional(),
  caveats: texts.optional(),
});
const doorSchema = z.strictObject({
  port: z.number().optional(),
  eni: z.custom<NetworkInterface>((value) => typeof value === 'object').optional(),
  groups: z.record(z.string(), texts.nullable()).optional(),
  nacl: texts.nullable().optional(),
  routes: texts.optional(),
  tables: z
    .array(
      z.strictObject({
        id: z.string(),
        vpc: z.string().optional(),
        subnets: texts.optional(),
        main: z.boolean().optional(),
        routes: texts,
      }),
    )
    .optional(),
  igws: z.record(z.string(), z.string().nullable()).optional(),
  lists: z.record(z.string(), texts).optional(),
  subnetMode: z.string().optional(),
  regionMode: z.string().nullable().optional(),
  subnet: z.null().optional(),
  missing: z.array(z.enum(NETWORK_PARTS)).optional(),
}) satisfies z.ZodType<DoorSketch>;
const caseSchema = z.strictObject({
  name: z.string(),
  door: doorSchema.optional(),
  expect: z.strictObject({ v4: familySchema.optional(), v6: familySchema.optional() }),
});

const file = new URL('../cases/reach-network.json', import.meta.url);
const cases = z
  .array(caseSchema)
  .min(50)
  .parse(JSON.parse(readFileSync(file, 'utf8')));

function readable(reach: FamilyReach, family: Family): unknown {
  return { ...reach, sources: blocksOf(reach.sources, family, 100).blocks };
}

describe('one interface, one port', () => {
  test.each(cases)('$name', ({ door, expect: wanted }) => {
    const reach = reachOf(aDoor(door));
    for (const family of FAMILIES) expect(readable(reach[family], family)).toMatchObject(wanted[family] ?? {});
  });

  test.each(cases)('the same from the index: $name', ({ door }) => {
    const input = aDoor(door);
    expect(doorOf(indexNetwork(networkOf(input)), input.eni, input.port)).toEqual(reachOf(input));
  });

  test('names differ, so that a failure says which', () => {
    expect(new Set(cases.map(({ name }) => name)).size).toBe(cases.length);
  });
});

describe('what a case cannot show', () => {
  it('gives the same answer however rules, groups, tables and addresses are ordered', () => {
    const sketch = {
      groups: { 'sg-2': ['tcp 9200 9.0.0.0/8', 'tcp 9200 8.0.0.0/8'], 'sg-1': ['tcp 1-9999 9.9.0.0/16'] },
      eni: {
        PrivateIpAddresses: [{ Association: { PublicIp: '54.9.9.9' } }, { Association: { PublicIp: '3.9.9.9' } }],
      },
    };
    const door = aDoor(sketch);
    const turned: DoorInput = {
      ...door,
      eni: { ...door.eni, PrivateIpAddresses: door.eni.PrivateIpAddresses?.toReversed() },
      groups: door.groups.map((group) => ({ ...group, IpPermissions: group.IpPermissions?.toReversed() })).toReversed(),
      nacl: { ...door.nacl, Entries: door.nacl?.Entries?.toReversed() },
      routeTables: door.routeTables.map((table) => ({ ...table, Routes: table.Routes?.toReversed() })),
    };
    expect(reachOf(turned)).toEqual(reachOf(door));
  });

  it('makes hostile text printable and short', () => {
    const { v4 } = reachOf(aDoor({ groups: { 'sg-\u202e\n1': ['tcp 9200 pl-1'] }, lists: { 'pl-1': ['8.8.8.0/24'] } }));
    expect(v4.via).toContain('sg-U+202E 1 tcp/9200 from pl-1');
    const long = reachOf(
      aDoor({ eni: { Ipv6Addresses: [{ Ipv6Address: 'x'.repeat(10_000) }] }, groups: { s: ['-1 - ::/0'] } }),
    );
    expect(long.v6.unknown.map((text) => text.length)).toEqual([200]);
  });

  it('does not take an inherited property for a prefix list', () => {
    const door = aDoor({ groups: { 'sg-1': ['tcp 9200 pl-1'] } });
    const named = { PrefixListIds: [{ PrefixListId: 'constructor' }], IpProtocol: '-1' };
    const reach = reachOf({ ...door, groups: [{ GroupId: 'sg-1', IpPermissions: [named] }] });
    expect(reach.v4.unknown).toEqual(['sg-1: prefix list constructor not readable']);
  });

  it('reads an ACL of more entries than AWS allows as not read', () => {
    const entries = Array.from({ length: 513 }, (_, i) => `${i + 1} in allow -1 0.0.0.0/0`);
    expect(reachOf(aDoor({ nacl: entries })).v4.unknown).toEqual(['nacl of subnet sn-1 not readable']);
  });

  it('reads a table without routes and an interface without a VPC as not read', () => {
    const door = aDoor();
    const tables = door.routeTables.map((table) => ({ ...table, Routes: undefined }));
    expect(reachOf({ ...door, routeTables: tables }).v4.unknown).toEqual(['routes of route table rtb-1 not readable']);
    const adrift = { ...door, eni: { ...door.eni, VpcId: undefined }, subnet: undefined, routeTables: [] };
    expect(reachOf(adrift).v4.unknown).toEqual([
      'internet gateway of the VPC not readable',
      'route table of subnet sn-1 not readable',
    ]);
    expect(doorOf(indexNetwork(networkOf(adrift)), adrift.eni, 9200)).toEqual(reachOf(adrift));
  });

  it('closes a port that does not exist', () => {
    for (const port of [-1, 65_536, Number.NaN]) {
      expect(reachOf(aDoor({ port, groups: { 'sg-1': ['-1 - 0.0.0.0/0'] } })).v4.breadth).toBe('NONE');
    }
  });
});

const VECTORS = new URL('../../../shared/data/reachability-vectors.json', import.meta.url);
const present = existsSync(VECTORS);
if (!present) console.log(`reachability vectors skipped: no ${VECTORS.pathname}`);

describe.skipIf(!present)('shared vectors', () => {
  interface Vector {
    readonly name: string;
    readonly input: DoorInput;
    readonly expect: { readonly v4: string; readonly v6: string };
  }
  const read = present
    ? (JSON.parse(readFileSync(VECTORS, 'utf8')) as { vectors: readonly Vector[] })
    : { vectors: [] };

  test.each(read.vectors)('$name', ({ input, expect: wanted }) => {
    const reach: Reach = reachOf(input);
    expect({ v4: reach.v4.breadth, v6: reach.v6.breadth }).toEqual(wanted);
  });

  test('there are some', () => expect(read.vectors.length).toBeGreaterThanOrEqual(18));
});
