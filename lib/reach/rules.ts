/** Inbound security group rules: which sources each lets in on which TCP ports (aws-services.md section 4.2, step 3). */
import type { IpPermission, SecurityGroup } from '../model/network.ts';
import { printable } from '../model/text.ts';
import { PUBLIC } from './breadth.ts';
import { EVERYBODY, FAMILIES, type Family, parseBlock, parseBlocks, union } from './ipset.ts';
import { ALL_PORTS, type Bounds, overlaps, type Ports, portText, settled } from './network-bounds.ts';
import { BLURRED, type Gate, PORT } from './network-gate.ts';

/** One source of one rule, for one family. Sources that no packet from the internet can have are left out. */
export interface SourceRule extends Bounds, Ports {
  readonly text: string;
  /** Why `least` is less than `most`. */
  readonly unread?: string | undefined;
}
export type SourceRules = Readonly<Record<Family, readonly SourceRule[]>>;

/** A block, or what a prefix list holds. */
interface Source {
  readonly label: string;
  /** As written: the longest prefix decides among routes. */
  readonly blocks: readonly Block[];
  readonly v4: Bounds;
  readonly v6: Bounds;
  readonly unread?: string;
}
export type Block = NonNullable<ReturnType<typeof parseBlock>>;
export type PrefixSources = ReadonlyMap<string, Source>;

export function prefixSources(lists: Readonly<Record<string, readonly string[]>>): PrefixSources {
  return new Map(Object.entries(lists).map(([id, entries]) => [id, listSource(id, entries)]));
}

function listSource(id: string, entries: readonly string[]): Source {
  const { v4, v6, unread } = parseBlocks(entries);
  const blocks = entries.flatMap((entry) => parseBlock(entry) ?? []);
  if (unread.length > 0) {
    return {
      label: id,
      blocks,
      v4: { least: v4, most: EVERYBODY.v4 },
      v6: { least: v6, most: EVERYBODY.v6 },
      unread: `prefix list ${id} has an entry that is no block: ${unread[0]}`,
    };
  }
  return { label: id, blocks, v4: { least: v4, most: v4 }, v6: { least: v6, most: v6 } };
}

export function prefixSource(lists: PrefixSources, id: string | undefined): Source {
  const found = id === undefined ? undefined : lists.get(id);
  return found ?? unreadSource(id ?? 'a prefix list', `prefix list ${id ?? 'without an id'} not readable`);
}

function unreadSource(label: string, unread: string): Source {
  return { label, blocks: [], v4: { least: [], most: EVERYBODY.v4 }, v6: { least: [], most: EVERYBODY.v6 }, unread };
}

export function rulesOf(group: SecurityGroup, lists: PrefixSources): SourceRules {
  const name = group.GroupId ?? 'security group';
  if (group.IpPermissions === undefined) return unreadRules(`rules of ${name} not readable`);
  const rules: Record<Family, SourceRule[]> = { v4: [], v6: [] };
  for (const permission of group.IpPermissions) {
    const ports = portsOf(permission);
    if (ports === undefined) continue;
    for (const source of sourcesOf(permission, lists)) {
      for (const family of FAMILIES) {
        const { least, most } = source[family];
        if (!overlaps(most, PUBLIC[family])) continue;
        const unread = [source.unread, ports.unread].find((text) => text !== undefined);
        rules[family].push({
          from: ports.from,
          to: ports.to,
          least: ports.unread === undefined ? least : [],
          most,
          text: printable(`${name} ${ports.label} from ${source.label}`),
          unread: unread === undefined ? undefined : printable(`${name}: ${unread}`),
        });
      }
    }
  }
  return rules;
}

/** Rules that may hold anything. */
export function unreadRules(text: string): SourceRules {
  const rule = { ...ALL_PORTS, least: [], text: '', unread: printable(text) };
  return { v4: [{ ...rule, most: EVERYBODY.v4 }], v6: [{ ...rule, most: EVERYBODY.v6 }] };
}

/** What stands before an endpoint that has no security group by design. */
export function noRules(text: string): SourceRules {
  const rule = (family: Family): SourceRule => ({
    ...ALL_PORTS,
    least: EVERYBODY[family],
    most: EVERYBODY[family],
    text: printable(text),
  });
  return { v4: [rule('v4')], v6: [rule('v6')] };
}

/** The TCP ports of a rule; undefined where it is about another protocol. */
function portsOf(permission: IpPermission): (Ports & { label: string; unread?: string }) | undefined {
  const { IpProtocol: protocol, FromPort: from, ToPort: to } = permission;
  if (protocol === '-1') return { ...ALL_PORTS, label: 'all traffic' };
  if (protocol === undefined) return { ...ALL_PORTS, label: 'traffic', unread: 'a rule without a protocol' };
  if (protocol !== 'tcp' && protocol !== '6') return undefined;
  if (!isPort(from) || !isPort(to)) return { ...ALL_PORTS, label: 'tcp', unread: 'a tcp rule without ports' };
  return { from, to, label: portText(from, to) };
}

function isPort(port: number | undefined): port is number {
  return port !== undefined && Number.isInteger(port) && port >= ALL_PORTS.from && port <= ALL_PORTS.to;
}

/** Groups as sources (`UserIdGroupPairs`) hold private addresses only: nothing from the internet. */
function sourcesOf(permission: IpPermission, lists: PrefixSources): readonly Source[] {
  return [
    ...(permission.IpRanges ?? []).map(({ CidrIp }) => blockSource(CidrIp)),
    ...(permission.Ipv6Ranges ?? []).map(({ CidrIpv6 }) => blockSource(CidrIpv6)),
    ...(permission.PrefixListIds ?? []).map(({ PrefixListId }) => prefixSource(lists, PrefixListId)),
  ];
}

function blockSource(text: string | undefined): Source {
  const parsed = text === undefined ? undefined : parseBlock(text);
  if (text === undefined || parsed === undefined) {
    return unreadSource('a source', `a source that is no block: ${text ?? 'absent'}`);
  }
  const none = { least: [], most: [] };
  const exact = { least: parsed.set, most: parsed.set };
  const [v4, v6] = parsed.family === 'v4' ? [exact, none] : [none, exact];
  return { label: text, blocks: [parsed], v4, v6 };
}

/** A rule that holds for only some of the ports asked about may let its sources in; one that holds for all does. */
export function groupGate(rules: readonly SourceRule[], family: Family, ports: Ports): Gate {
  const met = rules.filter(({ from, to }) => from <= ports.to && to >= ports.from);
  const certain = met.filter(({ from, to }) => from <= ports.from && to >= ports.to);
  const exact = certain.length === met.length && met.every(({ least, most }) => least === most);
  const least = settled(union(...certain.map((rule) => rule.least)), family);
  const unread = met.flatMap((rule) => (rule.unread === undefined ? [] : [rule.unread]));
  return {
    least,
    most: exact ? least : settled(union(...met.map(({ most }) => most)), family),
    blocker: `no security group rule for ${PORT} from the internet`,
    unread: certain.length === met.length ? unread : [...unread, BLURRED],
    assumes: [],
    via: certain.map(({ text, least }) => ({ text, set: least })),
    caveats: [],
  };
}
