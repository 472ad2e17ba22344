/** Sizes in points and colours of the printed report. Every colour on white has a contrast of at least 4.5 (hairlines and tints excepted). */
import type { Severity, VerdictName } from '../../model/verdict.ts';

export const A4 = { width: 595.28, height: 841.89 } as const;
export const MARGIN = { top: 74, bottom: 74, side: 56 } as const;
export const BODY_WIDTH = A4.width - 2 * MARGIN.side;

export const INK = { text: '#17191c', soft: '#565c64', rule: '#d3d6da', dark: '#17191c', tint: '#f1f2f0' } as const;

export const SEVERITY_INK: Readonly<Record<Severity, string>> = {
  critical: '#9c1b1b',
  high: '#a8430a',
  medium: '#775600',
  low: '#2a5a85',
  info: '#4a4e54',
};

export const VERDICT_INK: Readonly<Record<VerdictName, string>> = {
  exposed: '#9c1b1b',
  reachable: '#a8430a',
  latent: '#775600',
  unknown: '#6a7078',
  protected: '#2a6843',
};

export const STATE_INK = { satisfied: '#2a6843', 'not-satisfied': '#9c1b1b', 'not-determined': '#775600' } as const;

/** Type size and distance of lines. */
export const TYPE = {
  title: { size: 25, lead: 31 },
  section: { size: 14.5, lead: 19 },
  part: { size: 10, lead: 14 },
  body: { size: 8.8, lead: 13 },
  table: { size: 7.4, lead: 10.3 },
  small: { size: 6.8, lead: 9.4 },
  figure: { size: 19, lead: 23 },
} as const;
export type TypeName = keyof typeof TYPE;
