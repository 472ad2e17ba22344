/**
 * Reach of what stands behind a balancer (aws-services.md section 2.24). A balancer that passes on the caller's own
 * address leaves the filtering to the target's security groups; one that does not is itself the only filter, because
 * the target's groups see nothing but the balancer. Pure.
 */
import type { NetworkInterface, SecurityGroup } from '../model/network.ts';
import { printable } from '../model/text.ts';
import { breadthOf } from './breadth.ts';
import { type Family, intersect, union } from './ipset.ts';
import { PORT } from './network-gate.ts';
import { groupIds, type NetworkIndex, surroundingsOf } from './network-index.ts';
import type { Reach } from './network-reach.ts';
import { groupGate } from './rules.ts';

export interface Target {
  readonly name: string;
  readonly port: number;
  /** Its own. Empty: not known. */
  readonly interfaces: readonly NetworkInterface[];
  /** Of the addresses that the balancer speaks to it with. Callers of the other family come with the balancer's own. */
  readonly family: Family;
}

/** What is left of a balancer's reach when callers keep their address on the way to this target. */
export function reachOfTarget(
  front: Reach,
  target: Target,
  index: NetworkIndex,
  groups: readonly SecurityGroup[],
  balancerGroups: readonly string[],
): Reach {
  const { family, name, port, interfaces } = target;
  const before = front[family];
  if (interfaces.length === 0) {
    const unknown = [...before.unknown, printable(`interface of ${name} not found: its security groups are not known`)];
    return { ...front, [family]: { ...before, sources: [], breadth: 'NONE', unknown } };
  }
  if (interfaces.some((eni) => admitsBalancer(eni, port, groups, balancerGroups))) return front;
  const gates = interfaces.map((eni) =>
    groupGate(
      surroundingsOf(index, eni).groups.flatMap((rules) => rules[family]),
      family,
      { from: port, to: port },
    ),
  );
  const sources = intersect(before.sources, union(...gates.map((gate) => gate.least)));
  const unread = gates.flatMap((gate) => gate.unread);
  const blockers = gates.map((gate) => printable(`${name}: ${gate.blocker.replaceAll(PORT, `tcp/${port}`)}`));
  return {
    ...front,
    [family]: {
      ...before,
      sources,
      breadth: sources.length === 0 ? 'NONE' : breadthOf(sources, family),
      via: [...before.via, ...gates.flatMap((gate) => gate.via.map(({ text }) => text))],
      blockers: sources.length === 0 ? [...before.blockers, ...blockers] : before.blockers,
      unknown: [...before.unknown, ...unread],
    },
  };
}

/** A rule that names the balancer's own group lets in whatever comes through it, whoever the caller is. */
function admitsBalancer(
  eni: NetworkInterface,
  port: number,
  groups: readonly SecurityGroup[],
  balancerGroups: readonly string[],
): boolean {
  const own = new Set(groupIds(eni));
  return groups
    .filter(({ GroupId }) => GroupId !== undefined && own.has(GroupId))
    .flatMap(({ IpPermissions }) => IpPermissions ?? [])
    .some(
      ({ IpProtocol: protocol, FromPort: from = 0, ToPort: to = 65_535, UserIdGroupPairs: pairs }) =>
        (protocol === '-1' || ((protocol === 'tcp' || protocol === '6') && from <= port && port <= to)) &&
        (pairs ?? []).some(({ GroupId }) => GroupId !== undefined && balancerGroups.includes(GroupId)),
    );
}
