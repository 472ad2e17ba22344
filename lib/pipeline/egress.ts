/**
 * MySQL blocks an address, not a client (probes.md section 3.1): where the prober's address is a workload's as well, a count that
 * we fill shuts that workload out. An address of ours that the inventory lists is one of a workload; no visit is made from there.
 */
import ipaddr from 'ipaddr.js';
import type { Endpoint } from '../model/endpoint.ts';
import type { Probe } from '../model/probe.ts';
import type { Vantage } from './probe-run.ts';

/** Said where nobody can tell: behind NAT, or in Lambda, whose addresses are the provider's and shared. */
export const SHARED_UNKNOWN =
  'whether the address we come from is ours alone is not known: the server would block clients that share it together with us';

/** Addresses that the inventory lists. */
export function workloadsOf(endpoints: readonly Pick<Endpoint, 'host'>[]): ReadonlySet<string> {
  return new Set(
    endpoints.flatMap(({ host }) => (ipaddr.isValid(host) ? [ipaddr.parse(host).toNormalizedString()] : [])),
  );
}

/** Why this server must not be visited from there; undefined where nothing speaks against it. */
export function sharedEgress(
  { connectionBudget }: Pick<Probe, 'connectionBudget'>,
  { name, localAddress }: Vantage,
  workloads: ReadonlySet<string>,
): string | undefined {
  if (connectionBudget?.unblock === undefined || localAddress === undefined) return undefined;
  if (!workloads.has(ipaddr.parse(localAddress).toNormalizedString())) return undefined;
  return `vantage ${name} looks from ${localAddress}, which the inventory lists: a block there would shut that workload out`;
}
