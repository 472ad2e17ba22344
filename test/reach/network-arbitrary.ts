/** Random networks that were read completely, over few blocks and ports, so that rules meet and contradict often. */
import fc from 'fast-check';
import ipaddr from 'ipaddr.js';
import type { DoorInput } from '../../lib/reach/network.ts';
import { aDoor } from './network-doors.ts';

const V4_BASES = [
  '0.0.0.0',
  '8.0.0.0',
  '8.8.8.0',
  '8.8.8.128',
  '10.0.0.0',
  '54.1.0.0',
  '128.0.0.0',
  '172.16.0.0',
  '223.255.255.0',
];
const V4_BITS = [0, 1, 2, 4, 8, 9, 16, 24, 25, 32];
const V6_BASES = ['::', '2000::', '2001:db8::', '2600:1f18::', '2600:1f18:8000::', '2a00::', 'fd00::'];
const V6_BITS = [0, 1, 3, 16, 32, 33, 64, 128];
const PORTS = [0, 1, 442, 443, 444, 9199, 9200, 9201, 65_534, 65_535];

const wide = fc.constantFrom('0.0.0.0/0', '::/0', '0.0.0.0/1', '128.0.0.0/1', '2000::/3');
const v4Block = fc.tuple(fc.constantFrom(...V4_BASES), fc.constantFrom(...V4_BITS)).map(canonical);
const v6Block = fc.tuple(fc.constantFrom(...V6_BASES), fc.constantFrom(...V6_BITS)).map(canonical);
const block = fc.oneof({ arbitrary: v4Block, weight: 3 }, v6Block);

/** AWS stores blocks without host bits. */
function canonical([base, bits]: [string, number]): string {
  const address = ipaddr.parse(base);
  const kind = address.kind() === 'ipv4' ? ipaddr.IPv4 : ipaddr.IPv6;
  return `${kind.networkAddressFromCIDR(`${base}/${bits}`).toString()}/${bits}`;
}

const seldom = fc.integer({ min: 0, max: 29 }).map((n) => n === 0);
const mostly = fc.integer({ min: 0, max: 3 }).map((n) => n > 0);

const ports = fc
  .tuple(fc.constantFrom(...PORTS), fc.constantFrom(...PORTS))
  .map(([a, b]) => `${Math.min(a, b)}-${Math.max(a, b)}`);

const list = fc.constantFrom('pl-1', 'pl-2');
const source = fc.oneof({ arbitrary: block, weight: 5 }, { arbitrary: wide, weight: 9 }, list, fc.constant('sg-9'));
const rule = fc
  .tuple(fc.constantFrom('tcp', 'tcp', 'tcp', '6', '-1', '-1', 'udp'), fc.oneof(ports, fc.constant('443-9201')), source)
  .map(([protocol, range, from]) => `${protocol} ${protocol === '-1' ? '-' : range} ${from}`);
const groups = fc
  .array(fc.array(rule, { minLength: 1, maxLength: 6 }), { minLength: 1, maxLength: 3 })
  .map((all) => Object.fromEntries(all.map((rules, i) => [`sg-${i}`, rules])));

const action = fc.constantFrom('allow', 'deny');
const match = fc.oneof(
  fc.constantFrom('-1', '17', '6'),
  ports.map((range) => `6:${range}`),
  ports.map((range) => `17:${range}`),
);
const aclEntry = fc.tuple(action, match, block);
const direction = fc.uniqueArray(fc.integer({ min: 1, max: 99 }), { maxLength: 4 });
const acl = fc
  .tuple(direction, direction, fc.array(aclEntry, { minLength: 10, maxLength: 10 }), mostly, mostly)
  .map(([inward, outward, entries, opensIn, opensOut]) => {
    const write = (numbers: readonly number[], way: string, skip: number): string[] =>
      numbers.map(
        (number, i) =>
          `${number} ${way} ${entries[i + skip]?.map((part, j) => settle(part, j, entries[i + skip])).join(' ')}`,
      );
    const opening = (way: string): string[] => [`100 ${way} allow -1 0.0.0.0/0`, `101 ${way} allow -1 ::/0`];
    return [
      ...(opensIn ? opening('in') : []),
      ...write(inward, 'in', 0),
      ...write(outward, 'out', 5),
      ...(opensOut ? opening('out') : []),
    ];
  });

/** A TCP deny without ports is not a complete reading: see the case table. */
function settle(part: string, place: number, entry: readonly string[] | undefined): string {
  return place === 1 && part === '6' && entry?.[0] === 'deny' ? '6:0-65535' : part;
}

const target = fc.constantFrom('igw-1', 'igw-1', 'vpce-1', 'local', 'nat-1', 'tgw-1', 'pcx-1', 'igw-1 blackhole');
const destination = fc.oneof({ arbitrary: block, weight: 6 }, fc.constant('pl-1'));
const routes = fc
  .tuple(fc.uniqueArray(fc.tuple(destination, target), { maxLength: 5, selector: ([to]) => to }), fc.boolean())
  .map(([some, opens]) => {
    const all = some.map(([to, through]) => `${to} ${through}`);
    const defaults = ['0.0.0.0/0 igw-1', '::/0 igw-1'].filter((r) => !some.some(([to]) => r.startsWith(`${to} `)));
    return opens ? [...all, ...defaults] : all;
  });

/** A subnet blocks only where the region does. */
const modes = fc.oneof(
  { arbitrary: fc.constant({ regionMode: 'off' }), weight: 12 },
  { arbitrary: fc.constant({ regionMode: 'off', subnetMode: 'off' }), weight: 2 },
  { arbitrary: fc.constant({ regionMode: 'block-ingress', subnetMode: 'off' }), weight: 4 },
  fc.constant({ regionMode: 'block-bidirectional' }),
  fc.constant({ regionMode: 'block-bidirectional', subnetMode: 'block-bidirectional' }),
);

/** A door and the networks it names; everything in it was read. */
export const readDoor: fc.Arbitrary<DoorInput> = fc
  .record({
    port: fc.constantFrom(443, 9200, 9200, 9200, 9201),
    groups,
    acl,
    routes,
    lists: fc.record({ 'pl-1': fc.array(block, { maxLength: 3 }), 'pl-2': fc.array(block, { maxLength: 3 }) }),
    main: fc.boolean(),
    secondary: fc.boolean(),
    v6: mostly,
    bare: seldom,
    denies: seldom,
    detached: seldom,
    modes,
  })
  .map((it) => {
    const main = { id: 'rtb-1', main: true, routes: it.routes };
    const foreign = { id: 'rtb-0', vpc: 'vpc-2', main: true, routes: ['0.0.0.0/0 igw-2', '::/0 igw-2'] };
    const named = { id: 'rtb-2', subnets: ['sn-1'], routes: it.routes };
    const publicly = { PublicIp: '54.1.2.3' };
    return aDoor({
      port: it.port,
      groups: it.groups,
      nacl: it.acl,
      lists: it.lists,
      tables: it.main ? [foreign, main] : [foreign, { ...main, routes: ['0.0.0.0/0 igw-1'] }, named],
      igws: { 'vpc-2': 'available', ...(!it.detached && { 'vpc-1': 'available' }) },
      ...it.modes,
      eni: {
        Association: it.secondary || it.bare ? undefined : publicly,
        PrivateIpAddresses: it.secondary && !it.bare ? [{ Association: publicly }] : [],
        Ipv6Addresses: it.v6 ? [{ Ipv6Address: '2600:1f18::5' }] : [],
        DenyAllIgwTraffic: it.denies,
      },
    });
  });

/** Both sides of every edge in the network, and the special ranges around them. */
export function addressesToTry(door: DoorInput): readonly string[] {
  const values = new Map<string, { kind: 'ipv4' | 'ipv6'; value: bigint }>();
  for (const text of JSON.stringify(door).match(/"[0-9a-f:.]+\/\d+"/g) ?? []) {
    const [address, bits] = ipaddr.parseCIDR(text.slice(1, -1));
    const width = address.kind() === 'ipv4' ? 32 : 128;
    const first = address.toByteArray().reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
    const size = 1n << BigInt(width - bits);
    for (const value of [first - 1n, first, first + size / 2n, first + size - 1n, first + size]) {
      if (value >= 0n && value < 1n << BigInt(width)) values.set(`${width} ${value}`, { kind: address.kind(), value });
    }
  }
  for (const fixed of [
    '1.1.1.1',
    '9.9.9.9',
    '100.64.0.1',
    '198.51.100.7',
    '224.0.0.1',
    '2600::1',
    '2002::1',
    '4000::1',
  ]) {
    const address = ipaddr.parse(fixed);
    const value = address.toByteArray().reduce((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
    values.set(`${address.kind()} ${value}`, { kind: address.kind(), value });
  }
  return [...values.values()].map(({ kind, value }) => textOf(kind, value));
}

function textOf(kind: 'ipv4' | 'ipv6', value: bigint): string {
  const count = kind === 'ipv4' ? 4 : 16;
  const bytes = Array.from({ length: count }, (_, i) => Number((value >> BigInt(8 * (count - 1 - i))) & 255n));
  return ipaddr.fromByteArray(bytes).toString();
}
