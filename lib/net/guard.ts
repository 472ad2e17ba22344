/**
 * Which addresses may be connected to. Union of probes.md section 9 and evidence-and-alerts.md section 5.5.
 * Metadata and runtime services are refused always; private and loopback ranges unless the run opens them;
 * everything outside `only`, where that is given. Checked when a name is resolved and again at the socket.
 */
import ipaddr from 'ipaddr.js';

export interface AddressPolicy {
  /** Opens private and loopback ranges. Never metadata, link-local, multicast or reserved ones. */
  readonly allowPrivate: boolean;
  /** CIDR blocks; empty means no further restriction. */
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

/** Cloud metadata, container credentials, VPC DNS and time: never, whatever the run says. */
const NEVER = blocks(['169.254.0.0/16', '100.100.100.200/32', 'fd00:ec2::/32', 'fe80::/10']);
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
  '::/128',
  '::/96',
  '64:ff9b::/96',
  '64:ff9b:1::/48',
  '100::/64',
  '2001::/32',
  '2001:db8::/32',
  '2002::/16',
  'fec0::/10',
  'ff00::/8',
]);

function blocks(list: readonly string[]): readonly Range[] {
  return list.map((block) => ipaddr.parseCIDR(block));
}

export function checkAddress(address: string, port: number, policy: AddressPolicy): Verdict {
  const parsed = parseCanonical(address);
  if (parsed === undefined) return { allowed: false, reason: 'malformed', range: 'not a canonical address' };
  const denied = firstDenied(parsed, port, policy);
  if (denied !== undefined) return denied;
  if (policy.only.length === 0 || policy.only.some((block) => within(parsed, ipaddr.parseCIDR(block)))) {
    return { allowed: true };
  }
  return { allowed: false, reason: 'outside-only', range: policy.only.join(' ') };
}

function firstDenied(address: ipaddr.IPv4 | ipaddr.IPv6, port: number, policy: AddressPolicy): Verdict | undefined {
  const deny = (reason: 'never' | 'private' | 'reserved', range: string): Verdict => ({
    allowed: false,
    reason,
    range,
  });
  const never = NEVER.find((r) => within(address, r));
  if (never !== undefined) return deny('never', text(never));
  const priv = PRIVATE.find((r) => within(address, r));
  if (port === LAMBDA_RUNTIME_PORT && address.range() === 'loopback') return deny('never', `loopback port ${port}`);
  if (priv !== undefined && !policy.allowPrivate) return deny('private', text(priv));
  if (priv !== undefined) return undefined;
  // A form that carries an IPv4 address is refused whatever it carries: there is a plain way to write it.
  if (address.kind() === 'ipv6' && (address as ipaddr.IPv6).isIPv4MappedAddress())
    return deny('reserved', '::ffff:0:0/96');
  const reserved = RESERVED.find((r) => within(address, r));
  return reserved === undefined ? undefined : deny('reserved', text(reserved));
}

function within(address: ipaddr.IPv4 | ipaddr.IPv6, [network, bits]: Range): boolean {
  return address.kind() === network.kind() && address.match(network, bits);
}

function text([network, bits]: Range): string {
  return `${network.toString()}/${bits}`;
}

/** ipaddr.js accepts 010.0.0.1, 0x7f.1 and 127.1; resolvers disagree on them, so only the plain form passes. */
export function parseCanonical(address: string): ipaddr.IPv4 | ipaddr.IPv6 | undefined {
  if (address.includes('%')) return undefined; // zone ids name our own interfaces
  if (ipaddr.IPv4.isValidFourPartDecimal(address)) {
    return /(^|\.)0\d/.test(address) ? undefined : ipaddr.IPv4.parse(address);
  }
  return address.includes(':') && ipaddr.IPv6.isValid(address) ? ipaddr.IPv6.parse(address) : undefined;
}
