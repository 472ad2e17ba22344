/** The public addresses of an interface (aws-services.md section 4.2, step 1). */
import type { NetworkInterface } from '../model/network.ts';
import { printable } from '../model/text.ts';
import { contains, type Family, parseBlock, parseBlocks } from './ipset.ts';
import { type Gate, NO_ADDRESS, openGate, shutGate, unsureGate } from './network-gate.ts';

const GLOBAL_UNICAST = parseBlocks(['2000::/3']).v6;

export interface Found {
  readonly addresses: readonly string[];
  readonly unread: readonly string[];
}

export function addressesOf(eni: NetworkInterface): Readonly<Record<Family, Found>> {
  return { v4: ipv4Of(eni), v6: ipv6Of(eni) };
}

/** A carrier address (`CarrierIp`) is a telecom path. EC2 lists every address it knows: no field, no address. */
function ipv4Of(eni: NetworkInterface): Found {
  const associations = [eni.Association, ...(eni.PrivateIpAddresses ?? []).map(({ Association }) => Association)];
  return { addresses: shown(associations.flatMap((association) => association?.PublicIp ?? [])), unread: [] };
}

function ipv6Of(eni: NetworkInterface): Found {
  const texts = (eni.Ipv6Addresses ?? []).map(({ Ipv6Address }) => Ipv6Address ?? 'absent');
  const parsed = texts.map((text) => ({ text, block: text.includes('/') ? undefined : parseBlock(text) }));
  const isPublic = (block: ReturnType<typeof parseBlock>): boolean =>
    block?.family === 'v6' && block.set.every(({ first }) => contains(GLOBAL_UNICAST, first));
  return {
    addresses: shown(parsed.filter(({ block }) => isPublic(block)).map(({ text }) => text)),
    unread: parsed
      .filter(({ block }) => block?.family !== 'v6')
      .map(({ text }) => `IPv6 address not understood: ${text}`),
  };
}

function shown(texts: readonly string[]): readonly string[] {
  return [...new Set(texts.map((text) => printable(text)))].toSorted();
}

export function addressGate({ addresses, unread }: Found, family: Family): Gate {
  if (addresses.length > 0) return openGate(family);
  return unread.length > 0 ? unsureGate(family, ...unread) : shutGate(NO_ADDRESS);
}
