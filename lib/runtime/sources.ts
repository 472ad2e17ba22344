/** `--source`: addresses of this machine to look from, each a vantage of its own. */
import { networkInterfaces } from 'node:os';
import ipaddr from 'ipaddr.js';
import { AjarError } from '../model/errors.ts';

const MAX_SOURCES = 8;

export interface SourceAddress {
  readonly name: string;
  readonly localAddress: string;
}

/** `ADDRESS` or `NAME=ADDRESS`; without a name the address is the name. All wrong ones are told at once. */
export function sourcesOf(given: readonly string[], own: readonly string[] = ownAddresses()): readonly SourceAddress[] {
  const sources = given.map((text) => {
    const [before, after] = text.split('=', 2);
    const localAddress = after ?? before ?? '';
    return { text, name: after === undefined ? localAddress.replaceAll(':', '-') : (before ?? ''), localAddress };
  });
  const problems = sources.flatMap(({ text, name, localAddress }) => {
    if (!isAddress(localAddress)) return [`--source ${text}: not an IP address, or NAME=ADDRESS`];
    if (!/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/u.test(name)) return [`--source ${text}: a name is a word like office-1`];
    return isOwn(localAddress, own) ? [] : [`--source ${text}: this machine has no such address`];
  });
  const names = new Set(sources.map(({ name }) => name));
  if (names.size < sources.length) problems.push('--source: two vantages of one name');
  if (sources.length > MAX_SOURCES) problems.push(`--source: at most ${MAX_SOURCES} vantages`);
  if (problems.length > 0)
    throw new AjarError('bad-input', problems.join('\n'), { cure: 'nothing was probed and nothing was written' });
  return sources.map(({ name, localAddress }) => ({ name, localAddress }));
}

function isAddress(text: string): boolean {
  return ipaddr.IPv4.isValidFourPartDecimal(text) || ipaddr.IPv6.isValid(text);
}

/** Every address of 127/8 is this machine's, whether an interface lists it or not. */
function isOwn(address: string, own: readonly string[]): boolean {
  return own.includes(address) || ipaddr.parse(address).range() === 'loopback';
}

function ownAddresses(): readonly string[] {
  return Object.values(networkInterfaces()).flatMap((list) => (list ?? []).map(({ address }) => address));
}
