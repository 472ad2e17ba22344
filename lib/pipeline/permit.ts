/**
 * Whether an endpoint may be visited now: nobody said stop, and the inventory still proves that its address is ours.
 * Asked before a visit, where the answer is a gap, and again before each of its connections.
 */
import type { Endpoint, GapCode } from '../model/endpoint.ts';
import { PeerError } from '../model/errors.ts';
import { unprovenSince } from '../model/ownership.ts';
import type { StopSwitch } from './stop.ts';

interface Asking {
  readonly stop?: StopSwitch;
  readonly now: () => Date;
}

export async function mayNotVisit(
  endpoint: Endpoint,
  { stop, now }: Asking,
): Promise<{ readonly code: GapCode; readonly detail: string } | undefined> {
  const stopped = await stop?.stopped();
  if (stopped !== undefined) return { code: 'stopped', detail: stopped };
  const unproven = unprovenSince(endpoint, now());
  return unproven === undefined ? undefined : { code: 'unproven', detail: unproven };
}

export function permitOf(endpoint: Endpoint, asking: Asking): () => Promise<void> {
  return async () => {
    const refusal = await mayNotVisit(endpoint, asking);
    if (refusal !== undefined) throw new PeerError('connect', 'forbidden', refusal.detail);
  };
}
