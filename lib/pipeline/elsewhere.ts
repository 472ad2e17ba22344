/**
 * A name that leads to addresses which the inventory does not give its endpoint (probes.md section 5: recycled addresses,
 * wildcards, split horizons): somebody is to look. What is seen there is judged as it is; this adds a gap and takes nothing.
 */
import ipaddr from 'ipaddr.js';
import type { CoverageGap, Endpoint } from '../model/endpoint.ts';
import { printable } from '../model/text.ts';
import type { Resolution } from '../net/resolve.ts';

const SHOWN = 4;

export function elsewhere(
  { id, host, addresses }: Endpoint,
  { dns, allowed, denied }: Pick<Resolution, 'dns' | 'allowed' | 'denied'>,
): readonly CoverageGap[] {
  if (addresses === undefined || addresses.length === 0 || dns === 'literal') return [];
  const listed = new Set(addresses.map(canonical));
  const strange = [...allowed, ...denied].map(({ address }) => address).filter((one) => !listed.has(canonical(one)));
  if (strange.length === 0) return [];
  const more = strange.length > SHOWN ? ` and ${strange.length - SHOWN} more` : '';
  const detail = `${host} leads to ${strange.slice(0, SHOWN).join(', ')}${more}, which the inventory does not list for it`;
  return [{ stage: 'inventory', subject: id, code: 'elsewhere', detail: printable(detail) }];
}

function canonical(address: string): string {
  return ipaddr.isValid(address) ? ipaddr.parse(address).toNormalizedString() : address;
}
