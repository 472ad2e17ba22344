/**
 * The network of stores that never have a public IPv4 address (aws-services.md section 9, trap 10). An IPv6 address of a
 * VPC is a global one: where a store has any, its groups and the routes of its subnets decide. Whether AWS drops what
 * the internet sends there all the same is returned nowhere, so no more than "shut" is ever certain. Pure.
 */
import { declaredOn, declaredUnknown } from '../model/declared.ts';
import type { Protection } from '../model/protection.ts';
import { networkProtection } from './evidence.ts';
import { managedReach } from './managed.ts';
import type { NetworkIndex } from './network-index.ts';
import type { FamilyReach } from './network-reach.ts';

export interface Inside {
  readonly port: number;
  readonly groupIds: readonly string[];
  /** Empty: not returned. */
  readonly subnetIds: readonly string[];
  /** The field that says so, as AWS returned it: `NetworkType=dual_stack`. */
  readonly said: string;
}

/** `ipv4`, `dual_stack`, `dualstack`, `ipv6`. Answers older than IPv6 leave it out. */
export function speaksIpv6(networkType: string | undefined): networkType is string {
  return networkType !== undefined && networkType !== 'ipv4';
}

const SHUT: FamilyReach = {
  addresses: [],
  sources: [],
  breadth: 'NONE',
  via: [],
  blockers: [],
  unknown: [],
  caveats: [],
};

export function insideProtection(index: NetworkIndex, { said, ...door }: Inside): Protection {
  const { v6 } = managedReach(index, { ...door, publiclyAccessible: undefined, dualStack: true });
  const judged = networkProtection({ v4: SHUT, v6 });
  return judged.level === 'on'
    ? declaredOn(`${said}: IPv4 private by design; ${judged.evidence}`)
    : declaredUnknown(
        `${said}: neither groups nor routes read here shut IPv6 out, and whether AWS does is not returned`,
      );
}
