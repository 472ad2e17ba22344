/** Interfaces of a managed endpoint, found by addresses or ids that its service shows (aws-services.md section 4.3). */
import type { Network, NetworkInterface, PublicAssociation } from '../model/network.ts';

export interface Marks {
  /** Addresses of the endpoint, private ones included. */
  readonly addresses?: readonly (string | undefined)[];
  readonly ids?: readonly (string | undefined)[];
  /** Private addresses are only its own here: another VPC may use the same. */
  readonly within: (eni: NetworkInterface) => boolean;
}

/**
 * Undefined where none with a public address is found: the match has failed then, for whoever asks does so of an
 * endpoint that has one, and every subnet must be assumed.
 */
export function ownInterfaces({ interfaces, missing }: Network, marks: Marks): readonly NetworkInterface[] | undefined {
  if (missing.has('interfaces')) return undefined;
  const addresses = new Set(marks.addresses);
  const ids = new Set(marks.ids);
  const known = (value: string | undefined, set: ReadonlySet<string | undefined>) =>
    value !== undefined && set.has(value);
  const found = interfaces.filter(
    (eni) =>
      known(eni.NetworkInterfaceId, ids) ||
      publicAddresses(eni).some((address) => known(address, addresses)) ||
      (marks.within(eni) && known(eni.PrivateIpAddress, addresses)),
  );
  return found.some((eni) => publicAddresses(eni).length > 0) ? found : undefined;
}

function publicAddresses({ Association, PrivateIpAddresses }: NetworkInterface): readonly string[] {
  const all: readonly (PublicAssociation | undefined)[] = [
    Association,
    ...(PrivateIpAddresses ?? []).map((address) => address.Association),
  ];
  return all.flatMap((association) => association?.PublicIp ?? []);
}
