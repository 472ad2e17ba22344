/**
 * Where an instance of the RDS family stands in the network, as far as the API shows it (aws-services.md sections 2.4
 * and 4.3). It does not name the instance's interface, so interfaces are matched by what they share with it.
 */
import type { DBCluster, DBInstance } from '@aws-sdk/client-rds';
import type { Network, NetworkInterface } from '../model/network.ts';

/** What decides who may connect, but for the port. */
export interface RdsPlace {
  readonly publiclyAccessible: boolean | undefined;
  readonly groupIds: readonly string[];
  readonly subnetIds: readonly string[];
  readonly vpcId: string | undefined;
  readonly enis: readonly NetworkInterface[] | undefined;
  readonly dualStack: boolean | undefined;
}

export type FindPlace = (instance: DBInstance, cluster?: DBCluster) => RdsPlace;

export function placeFinder({ interfaces, missing }: Network): FindPlace {
  const bySubnet = new Map<string, NetworkInterface[]>();
  for (const eni of missing.has('interfaces') ? [] : interfaces.filter(isDatabase)) {
    bySubnet.set(eni.SubnetId ?? '', [...(bySubnet.get(eni.SubnetId ?? '') ?? []), eni]);
  }
  return (instance, cluster) => {
    const memberships = [...(instance.VpcSecurityGroups ?? []), ...(cluster?.VpcSecurityGroups ?? [])];
    // A group on its way out still lets in, and one on its way in soon will.
    const groupIds = idsOf(memberships.map(({ VpcSecurityGroupId }) => VpcSecurityGroupId));
    const subnetIds = subnetsOf(instance);
    const settled = memberships.every(({ Status }) => Status === 'active');
    const candidates = settled ? subnetIds.flatMap((subnet) => bySubnet.get(subnet) ?? []) : [];
    return {
      publiclyAccessible: eitherPublic(instance, cluster),
      groupIds,
      subnetIds,
      vpcId: instance.DBSubnetGroup?.VpcId,
      enis: recognised(candidates, groupIds),
      dualStack: dualStack(instance.NetworkType ?? cluster?.NetworkType),
    };
  };
}

/** Of Multi-AZ clusters the cluster has the flag too; of Aurora's only the instances. */
function eitherPublic(instance: DBInstance, cluster: DBCluster | undefined): boolean | undefined {
  return cluster?.PubliclyAccessible === true ? true : instance.PubliclyAccessible;
}

export function subnetsOf({ DBSubnetGroup: group }: Pick<DBInstance, 'DBSubnetGroup'>): readonly string[] {
  return idsOf((group?.Subnets ?? []).map(({ SubnetIdentifier }) => SubnetIdentifier));
}

export function dualStack(type: string | undefined): boolean | undefined {
  return type === undefined ? undefined : type !== 'IPV4';
}

function idsOf(ids: readonly (string | undefined)[]): readonly string[] {
  return [...new Set(ids.flatMap((id) => id ?? []))].toSorted();
}

function isDatabase({ Description, RequesterId }: NetworkInterface): boolean {
  return Description === 'RDSNetworkInterface' && (RequesterId === undefined || RequesterId === 'amazon-rds');
}

/**
 * The interfaces that may be the instance's: they lie in its subnets and have its groups. Where several fit, all count
 * as its own, so that the union is open where any is. Where none has a public address the match has failed, for a
 * publicly accessible instance has one: then nothing is known of its interface, and every subnet must be assumed.
 */
function recognised(
  candidates: readonly NetworkInterface[],
  groupIds: readonly string[],
): readonly NetworkInterface[] | undefined {
  const fitting = candidates.filter(({ Groups }) => {
    const own = new Set((Groups ?? []).map(({ GroupId }) => GroupId));
    return groupIds.length > 0 && groupIds.every((id) => own.has(id));
  });
  return fitting.some(hasPublicAddress) ? fitting : undefined;
}

function hasPublicAddress({ Association, PrivateIpAddresses }: NetworkInterface): boolean {
  return [Association, ...(PrivateIpAddresses ?? []).map((address) => address.Association)].some(
    (association) => association?.PublicIp !== undefined,
  );
}
