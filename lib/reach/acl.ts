/**
 * Network ACLs: the first entry that matches an address and a port decides, and no entry is a deny
 * (aws-services.md section 4.2, step 4). Entries apply in the order of their numbers, inbound on the door's port.
 * Replies go to the port the caller called from, which the caller picks: one open port of 1-65535 is enough.
 */
import type { NetworkAcl, NetworkAclEntry } from '../model/network.ts';
import { printable } from '../model/text.ts';
import { EVERYBODY, type Family, intersect, type IpSet, parseBlock, subtract, union } from './ipset.ts';
import { ALL_PORTS, type Bounds, type Ports, settled } from './network-bounds.ts';
import { BLURRED, BLOCKS, type Gate, openGate, PORT, unsureGate } from './network-gate.ts';

interface Entry extends Ports {
  readonly number: number;
  readonly block: Readonly<Record<Family, IpSet>>;
  /** Undefined where the action was not understood. */
  readonly allows: boolean | undefined;
  /** False where it is not known whether the entry matches all of its block and ports. */
  readonly certain: boolean;
}

type PortBounds = Bounds & Ports;
type PortGate = Gate & Ports;

export interface Acl {
  /** Who may come in, for consecutive port ranges from 0 to 65535. */
  readonly inbound: Readonly<Record<Family, readonly PortGate[]>>;
  /** Who can be answered on some port. */
  readonly outbound: Readonly<Record<Family, Gate>>;
}

/** AWS allows 40 entries per direction. */
export const MAX_ACL_ENTRIES = 256;
const CALLER_PORTS: Ports = { from: 1, to: 65_535 };

/** Undefined where the entries cannot be put in order: then nothing is known of the ACL. */
export function aclOf(acl: NetworkAcl | undefined): Acl | undefined {
  const entries = acl?.Entries;
  if (entries === undefined || entries.length > 2 * MAX_ACL_ENTRIES) return undefined;
  if (entries.some((e) => e.RuleNumber === undefined || e.Egress === undefined)) return undefined;
  const read = (egress: boolean): readonly Entry[] =>
    entries
      .filter((e) => e.Egress === egress)
      .flatMap((e) => entryOf(e) ?? [])
      .toSorted((a, b) => a.number - b.number);
  const [inward, outward] = [read(false), read(true)];
  const name = printable(`nacl ${acl?.NetworkAclId ?? 'of the subnet'}`);
  return {
    inbound: perFamily((family) => inboundGates(name, inward, family)),
    outbound: perFamily((family) => outboundGate(name, outward, family)),
  };
}

function inboundGates(name: string, entries: readonly Entry[], family: Family): readonly PortGate[] {
  const narrows = {
    lost: `${name} denies ${PORT} from ${BLOCKS}`,
    left: `${name} allows ${PORT} only from ${BLOCKS}`,
  };
  const blocker = `${name} denies ${PORT} from the internet`;
  const unread = unclear(name, entries);
  return byPort(entries, family, ALL_PORTS).map(({ from, to, ...bounds }) => ({
    ...openGate(family, { ...bounds, blocker, narrows, unread }),
    from,
    to,
  }));
}

function outboundGate(name: string, entries: readonly Entry[], family: Family): Gate {
  return openGate(family, {
    ...eitherOf(byPort(entries, family, CALLER_PORTS), family),
    blocker: `${name} denies every reply to the internet`,
    narrows: {
      lost: `${name} denies replies to ${BLOCKS}`,
      left: `${name} allows replies only to ${BLOCKS}`,
    },
    unread: unclear(name, entries),
  });
}

function perFamily<T>(make: (family: Family) => T): Readonly<Record<Family, T>> {
  return { v4: make('v4'), v6: make('v6') };
}

function unclear(name: string, entries: readonly Entry[]): readonly string[] {
  return entries
    .filter((e) => !e.certain || e.allows === undefined)
    .map((e) => `${name} entry ${e.number} not understood`);
}

/** Undefined where the entry is about another protocol. */
function entryOf(entry: NetworkAclEntry): Entry | undefined {
  const { Protocol: protocol, PortRange: range, RuleAction: action } = entry;
  if (protocol !== undefined && protocol !== '-1' && protocol !== '6' && protocol !== 'tcp') return undefined;
  const allows = action === 'allow' ? true : action === 'deny' ? false : undefined;
  const { blocks, readable } = blocksOf(entry);
  const ports = protocol === '-1' ? ALL_PORTS : { from: range?.From ?? 0, to: range?.To ?? 65_535 };
  // Ports are required for TCP. Where they are absent, a deny is not taken at its widest.
  const halfRead = protocol === '6' && allows === false && (range?.From === undefined || range.To === undefined);
  return {
    ...ports,
    number: entry.RuleNumber ?? 0,
    block: blocks,
    allows,
    certain: readable && protocol !== undefined && !halfRead,
  };
}

function blocksOf({ CidrBlock, Ipv6CidrBlock }: NetworkAclEntry): {
  readonly blocks: Readonly<Record<Family, IpSet>>;
  readonly readable: boolean;
} {
  const texts = [CidrBlock, Ipv6CidrBlock].filter((text) => text !== undefined);
  const parsed = texts.flatMap((text) => parseBlock(text) ?? []);
  if (texts.length === 0 || parsed.length < texts.length) return { blocks: EVERYBODY, readable: false };
  const of = (family: Family): IpSet => union(...parsed.filter((p) => p.family === family).map((p) => p.set));
  return { blocks: perFamily(of), readable: true };
}

/** Splits the ports where an entry begins or ends, and walks the entries once for each piece. */
function byPort(entries: readonly Entry[], family: Family, within: Ports): readonly PortBounds[] {
  const edges = entries.flatMap(({ from, to }) => [from, to + 1]).filter((p) => p > within.from && p <= within.to);
  const starts = [within.from, ...new Set(edges)].toSorted((a, b) => a - b);
  return starts.map((from, i) => {
    const matching = entries.filter((e) => e.from <= from && from <= e.to && e.block[family].length > 0);
    const least = walk(matching, family, false);
    const exact = matching.every((e) => e.certain && e.allows !== undefined);
    return {
      from,
      to: (starts[i + 1] ?? within.to + 1) - 1,
      least,
      most: exact ? least : walk(matching, family, true),
    };
  });
}

/** `hopeful` says whether entries that are not understood are read as letting by. */
function walk(entries: readonly Entry[], family: Family, hopeful: boolean): IpSet {
  let remaining: IpSet = EVERYBODY[family];
  const allowed: IpSet[] = [];
  for (const { block, allows, certain } of entries) {
    const lets = allows ?? hopeful;
    if (!certain && lets !== hopeful) continue;
    if (lets) allowed.push(intersect(remaining, block[family]));
    remaining = subtract(remaining, block[family], family);
    if (remaining.length === 0) break;
  }
  return settled(union(...allowed), family);
}

function eitherOf(pieces: readonly PortBounds[], family: Family): Bounds {
  const least = settled(union(...pieces.map((piece) => piece.least)), family);
  const exact = pieces.every((piece) => piece.least === piece.most);
  return { least, most: exact ? least : settled(union(...pieces.map((piece) => piece.most)), family) };
}

/** The gate for these ports: where they do not all have the same, who passes all of them and who passes any. */
export function inboundGate(acl: Acl, family: Family, ports: Ports): Gate {
  const gates = acl.inbound[family].filter(({ from, to }) => from <= ports.to && to >= ports.from);
  const [first, ...others] = gates;
  if (first === undefined) return unsureGate(family, `${ports.from} is no TCP port`);
  if (others.length === 0) return first;
  return {
    ...first,
    least: others.reduce((set, gate) => intersect(set, gate.least), first.least),
    most: settled(union(...gates.map(({ most }) => most)), family),
    unread: [...first.unread, BLURRED],
  };
}
