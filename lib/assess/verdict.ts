/**
 * Declared x observed becomes a verdict (design section 3, "Verdict"). Pure. What is not known is `unknown`, and an
 * unconfirmed verdict is a coverage gap.
 */
import type { AuthState, Look } from '../model/observation.ts';
import type { Level, Protection, ProtectionName } from '../model/protection.ts';
import type { Verdict } from '../model/verdict.ts';

export const NOT_DECLARED = 'not declared';

export type Levels = Readonly<Record<ProtectionName, Protection>>;

export function verdictOf(declared: Levels, observed: Levels, speaker: Look | undefined): Verdict {
  const door = declared.network.level; // what the configuration says of the network
  const declaredOpen = door === 'off' || door === 'partial';
  const shadow = door === 'on';
  const auth = observed.authentication.level;
  const network = observed.network.level;
  if (auth === 'off') {
    return {
      name: 'exposed',
      shadow,
      confirmed: true,
      why: `a stranger is let in without credentials (${speaker?.rule ?? 'unknown'})`,
    };
  }
  if (network === 'on') {
    return declaredOpen
      ? { name: 'latent', shadow: false, confirmed: true, why: 'configured open, found closed from outside' }
      : { name: 'protected', shadow: false, confirmed: true, why: `closed from outside; ${observed.network.evidence}` };
  }
  if (
    network !== 'unknown' &&
    speaker !== undefined &&
    speaker.proto.state === 'match' &&
    demandsAuth(speaker.auth.state)
  ) {
    return {
      name: 'reachable',
      shadow,
      confirmed: true,
      why: `reachable from outside, authentication: ${speaker.auth.state}`,
    };
  }
  return declaredOpen
    ? { name: 'latent', shadow: false, confirmed: false, why: 'configured open, no conclusive observation' }
    : {
        name: 'unknown',
        shadow: shadow && network !== 'unknown', // a path was found, though not what is behind it
        confirmed: false,
        why: 'no conclusive observation',
      };
}

/**
 * Behind a host that all customers of a provider share there is nothing to observe: what the API says of a snapshot, a
 * table or a switch is how it is. Only what was read counts; one protection unread leaves the whole unknown.
 */
export function sharedVerdict(declared: Levels): Verdict {
  const read = (...names: readonly ProtectionName[]) => names.map((name) => declared[name]);
  const told = (level: Level, among: readonly Protection[]) => among.find((p) => p.level === level);
  const access = read('sharing', 'access-policy');
  const copied = told('off', access);
  if (copied !== undefined) {
    return { name: 'exposed', shadow: false, confirmed: true, why: `the provider lets anyone in: ${copied.evidence}` };
  }
  const doors = read('sharing', 'access-policy', 'network', 'guardrail', 'audit-log');
  const stated = doors.filter((p) => p.evidence !== NOT_DECLARED);
  if (stated.length === 0 || told('unknown', stated) !== undefined) {
    return { name: 'unknown', shadow: false, confirmed: false, why: 'its configuration could not be read' };
  }
  const lent = told('partial', access) ?? told('off', read('network')) ?? told('partial', read('network'));
  if (lent !== undefined) return { name: 'reachable', shadow: false, confirmed: true, why: lent.evidence };
  const rail = told('off', doors) ?? told('partial', doors);
  if (rail !== undefined)
    return { name: 'latent', shadow: false, confirmed: true, why: `guard rail down: ${rail.evidence}` };
  return { name: 'protected', shadow: false, confirmed: true, why: `by configuration: ${stated[0]?.evidence ?? ''}` };
}

function demandsAuth(state: AuthState): boolean {
  return state !== 'undetermined' && state !== 'open-anonymous' && state !== 'setup-open' && state !== 'lockout';
}
