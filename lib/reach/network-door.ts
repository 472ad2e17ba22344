/** The gates before one network interface, put together from what was read of its surroundings. */
import type { InternetGateway, NetworkInterface, Subnet } from '../model/network.ts';
import { type Acl, inboundGate } from './acl.ts';
import type { Family } from './ipset.ts';
import { addressesOf, addressGate } from './network-address.ts';
import type { Ports } from './network-bounds.ts';
import { type Gate, openGate, passGates, type Passage, shutGate, unsureGate } from './network-gate.ts';
import { familyReach, type Reach } from './network-reach.ts';
import { type Routing, unreadRouting } from './routes.ts';
import { groupGate, noRules, type SourceRules, unreadRules } from './rules.ts';

/** What surrounds an interface. Undefined is what could not be read. */
export interface Surroundings {
  readonly eni: NetworkInterface;
  readonly subnet: Subnet | undefined;
  readonly groups: readonly SourceRules[];
  readonly acl: Acl | undefined;
  readonly routing: Routing | undefined;
  readonly attachment: Attachment;
  /** The region's block public access switch; the subnet's own state outranks it. */
  readonly blockMode: string | undefined;
}

export interface Door {
  readonly addresses: Readonly<Record<Family, readonly string[]>>;
  /** Address and switches. They do not depend on the port. */
  readonly before: Readonly<Record<Family, readonly Gate[]>>;
  /** The answer for every port where these shut already: no rule matters then. */
  readonly closed: Readonly<Record<Family, Passage | undefined>>;
  readonly rules: SourceRules;
  readonly acl: Acl | undefined;
  /** The way back. It does not depend on the port either. */
  readonly after: Readonly<Record<Family, readonly Gate[]>>;
}

/** Whether a VPC has an internet gateway. */
export type Attachment = 'attached' | 'none' | 'unsure';

const BLOCKING: readonly string[] = ['block-bidirectional', 'block-ingress'];

/** `addressGates` replaces the question whether the interface has a public address, where the service answers it. */
export function doorTo(around: Surroundings, addressGates?: Readonly<Record<Family, Gate>>): Door {
  const found = addressesOf(around.eni);
  const gates = (family: Family): readonly Gate[] => [
    addressGates?.[family] ?? addressGate(found[family], family),
    ...switchGates(around, family),
  ];
  const before = { v4: gates('v4'), v6: gates('v6') };
  const after = (family: Family): readonly Gate[] => [
    around.acl === undefined
      ? unsureGate(family, `nacl of ${subnetName(around)} not readable`)
      : around.acl.outbound[family],
    (around.routing ?? unreadRouting(`route table of ${subnetName(around)} not readable`))[family],
  ];
  return {
    addresses: { v4: found.v4.addresses, v6: found.v6.addresses },
    before,
    closed: { v4: closedBy(before.v4, 'v4'), v6: closedBy(before.v6, 'v6') },
    rules: rulesBefore(around),
    acl: around.acl,
    after: { v4: after('v4'), v6: after('v6') },
  };
}

function closedBy(gates: readonly Gate[], family: Family): Passage | undefined {
  return gates.some(({ most }) => most.length === 0) ? passGates(gates, family) : undefined;
}

export function passDoor(door: Door, ports: Ports, rules: SourceRules = door.rules): Record<Family, Passage> {
  const pass = (family: Family): Passage => {
    const closed = door.closed[family];
    if (closed !== undefined) return closed;
    const inbound = door.acl === undefined ? [] : [inboundGate(door.acl, family, ports)];
    const group = groupGate(rules[family], family, ports);
    return passGates([...door.before[family], group, ...inbound, ...door.after[family]], family);
  };
  return { v4: pass('v4'), v6: pass('v6') };
}

export function reachThrough(passages: Record<Family, Passage>, addresses: Door['addresses'], ports: Ports): Reach {
  const reach = (family: Family) => familyReach(passages[family], family, addresses[family], ports);
  return { v4: reach('v4'), v6: reach('v6') };
}

/** Switches and gateways: all or nothing, the same for every source. */
function switchGates(around: Surroundings, family: Family): readonly Gate[] {
  const denied = shutGate('interface denies internet gateway traffic (DenyAllIgwTraffic)');
  return [
    ...(around.eni.DenyAllIgwTraffic === true ? [denied] : []),
    attachmentGate(around, family),
    blockGate(around, family),
  ];
}

function attachmentGate({ attachment, eni, subnet }: Surroundings, family: Family): Gate {
  const vpc = eni.VpcId ?? subnet?.VpcId ?? 'the VPC';
  if (attachment === 'attached') return openGate(family);
  if (attachment === 'none') return shutGate(`no internet gateway attached to ${vpc}`);
  return unsureGate(family, `internet gateway of ${vpc} not readable`);
}

function blockGate(around: Surroundings, family: Family): Gate {
  const { subnet, blockMode } = around;
  // The subnet's state has the exclusions in it already.
  const own = subnet?.BlockPublicAccessStates?.InternetGatewayBlockMode;
  const mode = own ?? blockMode;
  const who = own === undefined ? 'region' : 'subnet';
  if (mode === 'off') return openGate(family);
  if (mode === undefined) {
    const unread = 'block public access of the region not readable: taken as off';
    return openGate(family, { assumes: [unread] });
  }
  if (!BLOCKING.includes(mode)) return unsureGate(family, `${who} block public access mode not understood: ${mode}`);
  if (subnet === undefined) {
    return unsureGate(family, `${subnetName(around)} not readable: may be excluded from the region's ${mode}`);
  }
  return shutGate(`${who} blocks internet gateway traffic (${mode})`);
}

function subnetName({ eni, subnet }: Surroundings): string {
  return `subnet ${eni.SubnetId ?? subnet?.SubnetId ?? 'of the interface'}`;
}

/** A Network Load Balancer may have no group at all, and then nothing filters. No other interface has none. */
function rulesBefore({ groups, eni }: Surroundings): SourceRules {
  if (groups.length > 0) {
    const of = (family: Family) => groups.flatMap((rules) => rules[family]);
    return { v4: of('v4'), v6: of('v6') };
  }
  return eni.InterfaceType === 'network_load_balancer' && eni.Groups?.length === 0
    ? noRules('no security group on the network load balancer')
    : unreadRules('security groups of the interface not readable');
}

/** `complete` is false where the list of gateways may lack some. */
export function attachmentOf(
  gateways: readonly InternetGateway[],
  vpc: string | undefined,
  complete: boolean,
): Attachment {
  if (vpc === undefined) return 'unsure';
  const states = gateways
    .flatMap(({ Attachments }) => Attachments ?? [])
    .filter(({ VpcId }) => VpcId === vpc)
    .map(({ State }) => State);
  if (states.some((state) => state === undefined || state === 'available' || state === 'attached')) return 'attached';
  return complete && states.every((state) => state === 'detached') ? 'none' : 'unsure';
}
