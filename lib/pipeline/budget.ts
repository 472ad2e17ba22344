/** Connections of servers that count or note them (probes.md section 3.1): at most so often, and never past the stop. */
import type { Endpoint } from '../model/endpoint.ts';
import type { Probe } from '../model/probe.ts';
import type { PinnedAddress } from '../net/resolve.ts';
import type { ProbeRun, Vantage } from './probe-run.ts';

export type Spent = { readonly kind: 'go' } | { readonly kind: 'not-due' | 'spent'; readonly detail: string };

export async function spend(
  endpoint: Endpoint,
  probe: Probe,
  pinned: PinnedAddress,
  run: Pick<ProbeRun, 'budgets' | 'now'>,
  vantage: Vantage,
): Promise<Spent> {
  if (probe.connectionBudget === undefined) return { kind: 'go' };
  const key = budgetKey(endpoint, probe, pinned, vantage);
  const { allowed, used, last } = await run.budgets.spend(key, run.now().toISOString(), probe.connectionBudget);
  if (allowed) return { kind: 'go' };
  const { stopAt, unblock } = probe.connectionBudget;
  if (used < stopAt) {
    const detail = `visited ${last ?? 'lately'}; at most daily: the server counts or notes every connection`;
    return { kind: 'not-due', detail };
  }
  const what = used > 2 * stopAt ? 'the server blocks this vantage' : `${used} connections used of ${stopAt}`;
  const cure = `${unblock === undefined ? '' : `${unblock} there, then `}reset the budget (docs/operations.md)`;
  return { kind: 'spent', detail: `${what}: ${cure}` };
}

export function budgetKey(endpoint: Endpoint, probe: Probe, pinned: PinnedAddress, vantage: Vantage): string {
  return `${probe.id}|${pinned.address}:${endpoint.port}|${vantage.name}`;
}
