import type { Level, Protection } from './protection.ts';
import { printable } from './text.ts';

/** Builders of declared protections. Evidence is what the API returned, as `Field=value`, bounded and printable. */
function declared(level: Level, evidence: string): Protection {
  return { level, basis: 'declared', evidence: printable(evidence) };
}

export const declaredOn = (evidence: string): Protection => declared('on', evidence);
export const declaredPartial = (evidence: string): Protection => declared('partial', evidence);
export const declaredOff = (evidence: string): Protection => declared('off', evidence);
export const declaredUnknown = (evidence: string): Protection => declared('unknown', evidence);
export const notApplicable = (evidence: string): Protection => declared('not-applicable', evidence);

/** A switch that protects when it is true. Absent is unknown: use it only where AWS always returns the field. */
export function declaredSwitch(field: string, value: boolean | undefined): Protection {
  if (value === undefined) return declaredUnknown(`${field} absent`);
  return declared(value ? 'on' : 'off', `${field}=${String(value)}`);
}

/** The same protection with what the service says it is moving to. */
export function withPending(protection: Protection, pending: Level): Protection {
  return pending === protection.level ? protection : { ...protection, pending };
}
