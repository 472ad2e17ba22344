/**
 * Reach of a managed service's endpoint (aws-services.md section 4.3). Its interfaces are often in the service's own
 * account; then it is open where any of its subnets would let a public address be reached, and the answer says that
 * this was assumed. Services that have neither groups nor subnets (section 9, trap 11) are filtered by nothing here.
 */
import type { NetworkInterface } from '../model/network.ts';
import { EVERYBODY, type Family } from './ipset.ts';
import { type Door, doorTo, passDoor, reachThrough } from './network-door.ts';
import { type Gate, NO_ADDRESS, openGate, passGates, shutGate, unsureGate } from './network-gate.ts';
import { familyReach, type Reach, uniteDoors } from './network-reach.ts';
import { type NetworkIndex, surroundingsOf } from './network-index.ts';
import { noRules } from './rules.ts';

export interface ManagedDoor {
  readonly port: number;
  readonly publiclyAccessible: boolean | undefined;
  readonly groupIds: readonly string[];
  readonly subnetIds: readonly string[];
  readonly vpcId?: string | undefined;
  /** Interfaces known to be this endpoint's. */
  readonly enis?: readonly NetworkInterface[] | undefined;
  /** The service has no security groups by design. */
  readonly noGroups?: boolean | undefined;
  /** Whether the endpoint has an IPv6 address where it has a public one. Undefined: not known. */
  readonly dualStack?: boolean | undefined;
}

export function managedReach(index: NetworkIndex, door: ManagedDoor): Reach {
  const ports = { from: door.port, to: door.port };
  if (door.publiclyAccessible === false) return closed('PubliclyAccessible=false', ports);
  const known = (door.enis ?? []).map((eni) => doorTo(surroundingsOf(index, eni)));
  const addresses = {
    v4: addressesOf(known, 'v4'),
    v6: addressesOf(known, 'v6'),
  };
  const located = addresses.v4.length + addresses.v6.length > 0;
  const assumed = located && door.publiclyAccessible === true ? [] : assumedDoors(index, door, doubtOf(door));
  const passages = [...(located ? known : []), ...assumed].map((each) => passDoor(each, ports));
  const united = {
    v4: uniteDoors(passages.map(({ v4 }) => v4)),
    v6: uniteDoors(passages.map(({ v6 }) => v6)),
  };
  return reachThrough(united, addresses, ports);
}

function closed(blocker: string, ports: { from: number; to: number }): Reach {
  const reach = (family: Family) => familyReach(passGates([shutGate(blocker)], family), family, [], ports);
  return { v4: reach('v4'), v6: reach('v6') };
}

function addressesOf(doors: readonly Door[], family: Family): readonly string[] {
  return [...new Set(doors.flatMap(({ addresses }) => addresses[family]))].toSorted();
}

/** Why it is not certain that there is a public address at all. */
function doubtOf({ publiclyAccessible, enis = [] }: ManagedDoor): string | undefined {
  if (publiclyAccessible === undefined) return 'PubliclyAccessible absent';
  return enis.length > 0 ? 'PubliclyAccessible=true, but no interface of it has a public address' : undefined;
}

function assumedDoors(index: NetworkIndex, door: ManagedDoor, doubt: string | undefined): readonly Door[] {
  const { groupIds, vpcId: VpcId, noGroups = false } = door;
  const gates = addressGates(door, doubt);
  const Groups = groupIds.map((GroupId) => ({ GroupId }));
  const subnets =
    door.subnetIds.length > 0 ? door.subnetIds : (door.enis ?? []).flatMap(({ SubnetId }) => SubnetId ?? []);
  if (subnets.length === 0 && noGroups) return [serviceDoor(gates)];
  const places = subnets.length > 0 ? subnets : [undefined];
  return places.map((SubnetId) => {
    const built = doorTo(surroundingsOf(index, { VpcId, SubnetId, Groups }), gates);
    return noGroups ? { ...built, rules: noRules('no security group on this service') } : built;
  });
}

/** In the service's own network: nothing of ours stands before it. */
function serviceDoor(gates: Readonly<Record<Family, Gate>>): Door {
  return {
    addresses: { v4: [], v6: [] },
    before: { v4: [gates.v4], v6: [gates.v6] },
    closed: { v4: undefined, v6: undefined },
    rules: noRules('no security group on this service'),
    acl: undefined,
    after: { v4: [], v6: [] },
  };
}

function addressGates(
  { dualStack, subnetIds }: ManagedDoor,
  doubt: string | undefined,
): Readonly<Record<Family, Gate>> {
  const caveat = subnetIds.length > 0 ? 'subnet: assumed' : 'network of the service: not evaluated';
  const present = (family: Family): Gate =>
    doubt === undefined
      ? openGate(family, { caveats: [{ text: caveat, set: EVERYBODY[family] }] })
      : unsureGate(family, doubt);
  if (dualStack === true) return { v4: present('v4'), v6: present('v6') };
  const v6 = dualStack === false ? shutGate(NO_ADDRESS) : unsureGate('v6', 'IPv6 address not known');
  return { v4: present('v4'), v6 };
}
