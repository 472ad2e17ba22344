/**
 * Which addresses may be connected to. Union of probes.md section 9 and evidence-and-alerts.md section 5.5.
 * Metadata and runtime services are refused always; private and loopback ranges unless the run opens them;
 * everything outside `only`, where that is given. Checked when a name is resolved and again at the socket.
 */
import ipaddr from 'ipaddr.js';

export interface AddressPolicy {
  /** Opens private and loopback ranges. Never metadata, link-local, multicast or reserved ones. */
  readonly allowPrivate: boolean;
  /** CIDR blocks; empty means no further restriction. A block that does not parse holds no address. */
  readonly only: readonly string[];
}

export type Verdict =
  | { readonly allowed: true }
  | {
      readonly allowed: false;
      readonly reason: 'never' | 'private' | 'reserved' | 'outside-only' | 'malformed';
      readonly range: string;
    };

type Range = [address: ipaddr.IPv4 | ipaddr.IPv6, bits: number];

/** Cloud metadata, container credentials, VPC DNS and time, of AWS and its neighbours: whatever the run says. */
const NEVER = blocks([
  '169.254.0.0/16',
  '100.100.100.200/32',
  '168.63.129.16/32',
  'fd00:ec2::/32',
  'fd20:ce::254/128',
  'fe80::/10',
]);
/** The Lambda Runtime API, which would hand out this function's own events. */
const LAMBDA_RUNTIME_PORT = 9001;
export const NEVER_HOSTS: readonly string[] = ['metadata.google.internal', 'metadata', 'instance-data'];

const PRIVATE = blocks([
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '172.16.0.0/12',
  '192.168.0.0/16',
  '::1/128',
  'fc00::/7',
]);
const RESERVED = blocks([
  '0.0.0.0/8',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.88.99.0/24',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/4',
  '240.0.0.0/4',
  '2001::/23',
  '2001:db8::/32',
  '2002::/16',
  '3fff::/20',
]);
/** All of IPv6 that is handed out to networks. What lies outside is refused without being listed. */
const GLOBAL_UNICAST: Range = ipaddr.parseCIDR('2000::/3');

function blocks(list: readonly string[]): readonly Range[] {
  return list.map((block) => ipaddr.parseCIDR(block));
}

export function checkAddress(address: string, port: number, policy: AddressPolicy): Verdict {
  const parsed = parseCanonical(address);
  if (parsed === undefined) return { allowed: false, reason: 'malformed', range: 'not a canonical address' };
  const denied = firstDenied(parsed, port, policy);
  if (denied !== undefined) return denied;
  if (policy.only.length === 0 || rangesOf(policy.only).some((range) => within(parsed, range)))
    return { allowed: true };
  return { allowed: false, reason: 'outside-only', range: policy.only.join(' ') };
}

/** RFC 5737: documentation, so nobody's. Denied like its block; the self-test alone dials it (dialTestNet), where `only` lets it. */
export const TEST_NET = '192.0.2.1';
export function mayAskTestNet(only: readonly string[]): boolean {
  const testNet = ipaddr.parse(TEST_NET);
  return only.length === 0 || rangesOf(only).some((range) => within(testNet, range));
}

/** What is connected to there never leaves this machine. */
export function isLoopback(address: string): boolean {
  return parseCanonical(address)?.range() === 'loopback';
}

function firstDenied(address: ipaddr.IPv4 | ipaddr.IPv6, port: number, policy: AddressPolicy): Verdict | undefined {
  const deny = (reason: 'never' | 'private' | 'reserved', range: string): Verdict => ({
    allowed: false,
    reason,
    range,
  });
  const never = NEVER.find((r) => within(address, r));
  if (never !== undefined) return deny('never', text(never));
  if (port === LAMBDA_RUNTIME_PORT && address.range() === 'loopback') return deny('never', `loopback port ${port}`);
  const inside = PRIVATE.find((r) => within(address, r));
  if (inside !== undefined) return policy.allowPrivate ? undefined : deny('private', text(inside));
  // A form that carries an IPv4 address is refused whatever it carries: there is a plain way to write it.
  const carried = carriedIPv4(address);
  if (carried !== undefined) return deny(isNever(carried) ? 'never' : 'reserved', `carries ${carried.toString()}`);
  const reserved = RESERVED.find((r) => within(address, r));
  if (reserved !== undefined) return deny('reserved', text(reserved));
  return address.kind() === 'ipv4' || within(address, GLOBAL_UNICAST) ? undefined : deny('reserved', 'not 2000::/3');
}

function isNever(address: ipaddr.IPv4): boolean {
  return NEVER.some((r) => within(address, r));
}

/** Where each transition form keeps its IPv4 address: first byte of it, and whether its bits are turned over. */
const CARRIERS: readonly { readonly block: Range; readonly at: number; readonly turned?: true }[] = [
  { block: ipaddr.parseCIDR('::/96'), at: 12 },
  { block: ipaddr.parseCIDR('::ffff:0:0/96'), at: 12 },
  { block: ipaddr.parseCIDR('::ffff:0:0:0/96'), at: 12 },
  { block: ipaddr.parseCIDR('64:ff9b::/96'), at: 12 },
  { block: ipaddr.parseCIDR('64:ff9b:1::/48'), at: 12 },
  { block: ipaddr.parseCIDR('2002::/16'), at: 2 },
  { block: ipaddr.parseCIDR('2001::/32'), at: 12, turned: true },
];

function carriedIPv4(address: ipaddr.IPv4 | ipaddr.IPv6): ipaddr.IPv4 | undefined {
  const carrier = CARRIERS.find(({ block }) => within(address, block));
  if (carrier === undefined) return undefined;
  const bytes = address.toByteArray().slice(carrier.at, carrier.at + 4);
  return new ipaddr.IPv4(carrier.turned === true ? bytes.map((b) => b ^ 0xff) : bytes);
}

/** Read once per list, as every connection asks: reading them anew cost a tenth of a visit. */
const READ = new WeakMap<readonly string[], readonly Range[]>();
function rangesOf(only: readonly string[]): readonly Range[] {
  const known =
    READ.get(only) ?? only.filter((block) => ipaddr.isValidCIDR(block)).map((block) => ipaddr.parseCIDR(block));
  READ.set(only, known);
  return known;
}

function within(address: ipaddr.IPv4 | ipaddr.IPv6, [network, bits]: Range): boolean {
  return address.kind() === network.kind() && address.match(network, bits);
}

function text([network, bits]: Range): string {
  return `${network.toString()}/${bits}`;
}

/** A visit asks for the same address half a dozen times. Bounded; what it holds depends on the text alone. */
const PARSED = new Map<string, ipaddr.IPv4 | ipaddr.IPv6 | undefined>();
const MAX_PARSED = 2_048;

export function parseCanonical(address: string): ipaddr.IPv4 | ipaddr.IPv6 | undefined {
  if (PARSED.has(address)) return PARSED.get(address);
  const parsed = parse(address);
  if (PARSED.size >= MAX_PARSED) PARSED.clear();
  if (address.length <= 64) PARSED.set(address, parsed);
  return parsed;
}

const QUAD = /^(0|[1-9]\d{0,2})\.(0|[1-9]\d{0,2})\.(0|[1-9]\d{0,2})\.(0|[1-9]\d{0,2})$/;

/** ipaddr.js accepts 010.0.0.1, 0x7f.1 and 127.1; resolvers disagree on them, so only the plain form passes. */
function parse(address: string): ipaddr.IPv4 | ipaddr.IPv6 | undefined {
  if (address.includes('%')) return undefined; // zone ids name our own interfaces
  const quad = QUAD.exec(address)?.slice(1).map(Number);
  if (quad !== undefined) return quad.every((byte) => byte <= 255) ? new ipaddr.IPv4(quad) : undefined;
  return address.includes(':') && ipaddr.IPv6.isValid(address) ? ipaddr.IPv6.parse(address) : undefined;
}
