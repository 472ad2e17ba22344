/** Where a replication instance is on the network (aws-services.md sections 2.17 and 4.3). */
import type { ReplicationInstance } from '@aws-sdk/client-database-migration-service';
import type { NetworkInterface } from '../model/network.ts';

/** Public ones first. */
export function addressesOf(instance: ReplicationInstance): readonly string[] {
  return [
    ...publicOf(instance),
    ...(instance.ReplicationInstanceIpv6Addresses ?? []),
    ...(instance.ReplicationInstancePrivateIpAddresses ?? []),
  ].filter((address) => address !== '');
}

export function publicOf({ ReplicationInstancePublicIpAddresses: addresses }: ReplicationInstance): readonly string[] {
  return (addresses ?? []).filter((address) => address !== '');
}

/** The instance's own interfaces, by their public addresses. */
export function interfacesOf(
  instance: ReplicationInstance,
  interfaces: readonly NetworkInterface[],
): readonly NetworkInterface[] {
  const own = new Set(addressesOf(instance));
  return interfaces.filter((eni) => heldBy(eni).some((address) => own.has(address)));
}

/** Public addresses, because private ones of another VPC may be the same; IPv6 ones are public. */
function heldBy({
  Association: main,
  PrivateIpAddresses: more,
  Ipv6Addresses: six,
}: NetworkInterface): readonly string[] {
  const associations = [main, ...(more ?? []).map(({ Association }) => Association)];
  return [
    ...associations.flatMap((association) => association?.PublicIp ?? []),
    ...(six ?? []).flatMap(({ Ipv6Address }) => Ipv6Address ?? []),
  ];
}

/** As if it stood in each of its subnets: for interfaces that are hidden in the service's own account. */
export function assumedInterfaces(instance: ReplicationInstance): readonly NetworkInterface[] {
  const { VpcId, Subnets } = instance.ReplicationSubnetGroup ?? {};
  const [PublicIp] = publicOf(instance);
  const subnets = (Subnets ?? []).map(({ SubnetIdentifier }) => SubnetIdentifier);
  return (subnets.length === 0 ? [undefined] : subnets).map((SubnetId) => ({
    VpcId,
    SubnetId,
    Groups: (instance.VpcSecurityGroups ?? []).map(({ VpcSecurityGroupId: GroupId }) => ({ GroupId })),
    ...(PublicIp === undefined ? {} : { Association: { PublicIp } }),
    Ipv6Addresses: (instance.ReplicationInstanceIpv6Addresses ?? []).map((Ipv6Address) => ({ Ipv6Address })),
  }));
}
