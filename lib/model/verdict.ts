/**
 * Declared x observed (design section 3). `shadow` marks that the configuration says closed while the
 * network shows otherwise; `confirmed` is false where no conclusive observation stands behind `latent`.
 */
export const VERDICTS = ['exposed', 'reachable', 'latent', 'protected', 'unknown'] as const;
export type VerdictName = (typeof VERDICTS)[number];

export interface Verdict {
  readonly name: VerdictName;
  readonly shadow: boolean;
  readonly confirmed: boolean;
  /** One line, for people. */
  readonly why: string;
}

export const SEVERITIES = ['critical', 'high', 'medium', 'low', 'info'] as const;
export type Severity = (typeof SEVERITIES)[number];

/** True when `severity` is at or above `floor`. */
export function atLeast(severity: Severity, floor: Severity): boolean {
  return SEVERITIES.indexOf(severity) <= SEVERITIES.indexOf(floor);
}
