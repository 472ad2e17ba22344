/** How far a visit may go (probes.md section 8 b): to the protocol, or no further than the transport. */
import type { Endpoint } from '../model/endpoint.ts';
import type { Observation } from '../model/observation.ts';
import { needsPermission } from '../model/permission.ts';
import type { Probe } from '../model/probe.ts';
import { printable } from '../model/text.ts';

export interface Depth {
  /** Who goes. Undefined where not even the transport may be looked at: there is no probe for that. */
  readonly visitor: Probe | undefined;
  /** What the evidence says of it. */
  readonly told: (observation: Observation) => Observation;
}

/** The probe that looks at the transport alone. */
export const TRANSPORT = 'banner';
const MAX_REFERENCE = 128;

export function depthOf(
  endpoint: Endpoint,
  probe: Probe,
  { probes, permission }: { readonly probes: readonly Probe[]; readonly permission?: string },
): Depth {
  if (!needsPermission(endpoint)) return { visitor: probe, told: (observation) => observation };
  if (permission === undefined) {
    const told = (observation: Observation): Observation => withCure(endpoint, observation);
    return { visitor: probes.find(({ id }) => id === TRANSPORT), told };
  }
  const note = printable(`assessed with leave of AWS: ${permission}`, MAX_REFERENCE);
  return { visitor: probe, told: (observation) => ({ ...observation, notes: [...observation.notes, note] }) };
}

/** A door that was reached and not asked. One that is shut, or in which a stranger of another kind sits, needs no leave. */
function withCure(endpoint: Endpoint, observation: Observation): Observation {
  if (observation.gap?.code !== 'undetermined' || observation.auth.state !== 'undetermined') return observation;
  return { ...observation, gap: { code: 'not-permitted', detail: `${observation.rule}; ${notPermitted(endpoint)}` } };
}

export function notPermitted({ service, engine }: Endpoint): string {
  return (
    `${service ?? engine} is not on AWS's penetration-testing list, so nothing was asked beyond the transport: ` +
    'record the leave of AWS as `permission` (docs/aws.md)'
  );
}
