/**
 * A name that leads to private addresses only, of an endpoint whose configuration keeps the internet out: closed, with
 * nothing sent (design section 3, "observed closed"). Both have to say so. A resolver inside the VPC gives the private
 * address of a public database too; there the configuration disagrees, and it stays a gap.
 */
import type { Endpoint } from '../model/endpoint.ts';
import type { Observation } from '../model/observation.ts';
import { blankAxes } from '../model/silence.ts';
import type { Resolution } from '../net/resolve.ts';

export function privateOnly(
  { declared }: Endpoint,
  { dns, allowed, denied, unanswered }: Resolution,
  seen: Pick<Observation, 'probe' | 'vantage' | 'observedAt'>,
): readonly Observation[] | undefined {
  const isPrivate = denied.length > 0 && denied.every(({ verdict }) => verdict.reason === 'private');
  if (declared.network?.level !== 'on' || dns !== 'private-only' || !isPrivate) return undefined;
  // Half an answer, or an address that this run may connect to, is looked at like any other.
  if (allowed.length > 0 || unanswered !== undefined) return undefined;
  return denied.map(({ address }) => ({
    ...seen,
    dns,
    address,
    elapsedMs: 0,
    ...blankAxes('not-tried', `${seen.probe}/private-address`),
  }));
}
