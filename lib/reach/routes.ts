/**
 * The way back to the caller: whose addresses a route table sends to the internet gateway (aws-services.md section
 * 4.2, step 5). The longest prefix decides for each address, so a /24 to the gateway reaches that /24 only, and a
 * blackhole that is more specific than the default route takes its block away.
 */
import type { Route, RouteTable } from '../model/network.ts';
import { printable } from '../model/text.ts';
import { BITS, EVERYBODY, type Family, type IpSet, parseBlock, type Range, union } from './ipset.ts';
import { settled } from './network-bounds.ts';
import { BLOCKS, type Gate, type Line, openGate, unsureGate } from './network-gate.ts';
import { type Block, prefixSource, type PrefixSources } from './rules.ts';

/** Where a route leads: out, out past something that is not evaluated, perhaps out, or nowhere a stranger is. */
type Way = 'gateway' | 'endpoint' | 'unclear' | 'elsewhere';

export type Routing = Readonly<Record<Family, Gate>>;

interface Leg {
  readonly way: Way;
  readonly text: string;
  /** Lower wins where two routes have the same block. */
  readonly rank: number;
  readonly note: string | undefined;
}

interface Hop {
  readonly leg: Leg;
  readonly block: Range;
}

export function routingOf(table: RouteTable, lists: PrefixSources): Routing {
  const name = printable(`route table ${table.RouteTableId ?? 'of the subnet'}`);
  if (table.Routes === undefined) return unreadRouting(`routes of ${name} not readable`);
  const hops: Record<Family, Hop[]> = { v4: [], v6: [] };
  const lost: Leg[] = [];
  for (const route of table.Routes) {
    const { leg, blocks, unread } = readRoute(route, table.RouteTableId ?? 'route table', lists);
    for (const { family, set } of blocks) for (const block of set) hops[family].push({ leg, block });
    if (unread !== undefined) lost.push({ ...leg, note: unread });
  }
  return { v4: gateOf(hops.v4, lost, name, 'v4'), v6: gateOf(hops.v6, lost, name, 'v6') };
}

export function unreadRouting(text: string): Routing {
  return { v4: unsureGate('v4', text), v6: unsureGate('v6', text) };
}

function readRoute(
  route: Route,
  table: string,
  lists: PrefixSources,
): { leg: Leg; blocks: readonly Block[]; unread: string | undefined } {
  const { DestinationCidrBlock: v4, DestinationIpv6CidrBlock: v6, DestinationPrefixListId: list } = route;
  const destination = v4 ?? v6 ?? list;
  const { way, target } = wayOf(route);
  const text = printable(`${table} ${destination ?? 'without a destination'} -> ${target}`);
  // A static route wins; one to a virtual private gateway beside it is propagated. See `decided` for the others.
  const rank = list !== undefined || target.startsWith('vgw-') ? 1 : 0;
  const note =
    way === 'endpoint' ? endpointNote(target, list) : way === 'unclear' ? `${text}: not evaluated` : undefined;
  const leg = { way, text, rank, note };
  const parsed = list === undefined && destination !== undefined ? parseBlock(destination) : undefined;
  if (parsed !== undefined) return { leg, blocks: [parsed], unread: undefined };
  if (list === undefined) return { leg, blocks: [], unread: `${text}: destination not understood` };
  const { blocks, unread } = prefixSource(lists, list);
  return { leg, blocks, unread };
}

/** Prefix lists lead to the gateway endpoints of S3 and DynamoDB as well as to firewalls. */
function endpointNote(target: string, list: string | undefined): string {
  return list === undefined
    ? `via firewall endpoint ${target}: not evaluated`
    : `${list} via endpoint ${target}: not evaluated`;
}

function wayOf(route: Route): { readonly way: Way; readonly target: string } {
  const { GatewayId: gateway, NetworkInterfaceId: appliance, State: state } = route;
  const elsewhere =
    route.NatGatewayId ?? route.EgressOnlyInternetGatewayId ?? route.TransitGatewayId ?? route.VpcPeeringConnectionId;
  const target = gateway ?? elsewhere ?? appliance ?? 'an unknown target';
  if (state === 'blackhole') return { way: 'elsewhere', target: `${target} (blackhole)` };
  if (state !== undefined && state !== 'active') return { way: 'unclear', target: `${target} (${state})` };
  if (elsewhere !== undefined) return { way: 'elsewhere', target };
  // An appliance may pass packets on to the gateway; what kind of target is not understood may too.
  if (gateway === undefined) return { way: 'unclear', target };
  if (gateway === 'local' || gateway.startsWith('vgw-')) return { way: 'elsewhere', target };
  if (gateway.startsWith('igw-')) return { way: 'gateway', target };
  return { way: gateway.startsWith('vpce-') ? 'endpoint' : 'unclear', target };
}

function gateOf(hops: readonly Hop[], lost: readonly Leg[], name: string, family: Family): Gate {
  const shares = longestPrefix(decided(hops));
  const out = shares.filter(({ leg }) => leg.way === 'gateway' || leg.way === 'endpoint');
  const unclear = shares.filter(({ leg }) => leg.way === 'unclear');
  // A route whose destination is not known may take any address away from the others, or send it out.
  const mayLose = lost.some(({ way }) => way === 'elsewhere' || way === 'unclear');
  const mayWin = lost.some(({ way }) => way !== 'elsewhere');
  const least = settled(union(...out.map(({ set }) => set)), family);
  const most = unclear.length === 0 ? least : settled(union(least, ...unclear.map(({ set }) => set)), family);
  const lines = (kind: Way, text: (leg: Leg) => string | undefined): readonly Line[] =>
    out.filter(({ leg }) => leg.way === kind).map(({ leg, set }) => ({ text: text(leg) ?? leg.text, set }));
  return openGate(family, {
    least: mayLose ? [] : least,
    most: mayWin ? EVERYBODY[family] : most,
    blocker: `${name} has no route to an internet gateway`,
    narrows: {
      lost: `${name} has no route to an internet gateway for ${BLOCKS}`,
      left: `${name} routes only ${BLOCKS} to an internet gateway`,
    },
    unread: [...unclear.map(({ leg }) => leg), ...lost].flatMap(({ note }) => note ?? []),
    via: [...lines('gateway', (leg) => leg.text), ...lines('endpoint', (leg) => leg.text)],
    caveats: lines('endpoint', (leg) => leg.note),
  });
}

/**
 * One leg for each block. Which of two prefix lists with the same block wins is AWS's choice, and whether a route to a
 * virtual private gateway was propagated is not read: what such routes do not agree on is unclear.
 */
function decided(hops: readonly Hop[]): readonly Hop[] {
  const byBlock = new Map<string, Hop>();
  for (const hop of hops) {
    const key = `${hop.block.first}-${hop.block.last}`;
    const rival = byBlock.get(key);
    if (rival === undefined || hop.leg.rank < rival.leg.rank) byBlock.set(key, hop);
    else if (hop.leg.rank === rival.leg.rank && hop.leg.way !== rival.leg.way) {
      const note = `${rival.leg.text} or ${hop.leg.text}: which one wins is not known`;
      byBlock.set(key, { ...rival, leg: { ...rival.leg, way: 'unclear', note } });
    }
  }
  return [...byBlock.values()];
}

/** CIDR blocks nest or are apart: one pass over them sorted, with those that are open on a stack. */
function longestPrefix(hops: readonly Hop[]): readonly { readonly leg: Leg; readonly set: IpSet }[] {
  const shares = new Map<Leg, Range[]>(hops.map(({ leg }) => [leg, []]));
  const open: Hop[] = [];
  let next = 0n;
  const give = (hop: Hop | undefined, last: bigint): void => {
    if (hop !== undefined && next <= last) shares.get(hop.leg)?.push({ first: next, last });
    if (last >= next) next = last + 1n;
  };
  const closeBefore = (address: bigint): void => {
    for (let top = open.at(-1); top !== undefined && top.block.last < address; top = open.at(-1)) {
      give(top, top.block.last);
      open.pop();
    }
  };
  for (const hop of hops.toSorted(wideFirst)) {
    closeBefore(hop.block.first);
    give(open.at(-1), hop.block.first - 1n);
    next = hop.block.first;
    open.push(hop);
  }
  closeBefore(1n << BigInt(BITS.v6));
  return [...shares].filter(([, set]) => set.length > 0).map(([leg, set]) => ({ leg, set }));
}

function wideFirst(a: Hop, b: Hop): number {
  if (a.block.first !== b.block.first) return a.block.first < b.block.first ? -1 : 1;
  return a.block.last > b.block.last ? -1 : 1;
}
