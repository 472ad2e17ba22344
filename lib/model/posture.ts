import type { CoverageGap, GapCode } from './endpoint.ts';
import type { AuthState, DataAtRisk, TlsFacts } from './observation.ts';
import type { Basis, Protection, ProtectionName } from './protection.ts';
import type { Verdict } from './verdict.ts';

/** What one reading says of an endpoint: every protection on both bases, and the verdict. */
export interface Posture {
  readonly declared: Readonly<Record<ProtectionName, Protection>>;
  readonly observed: Readonly<Record<ProtectionName, Protection>>;
  readonly verdict: Verdict;
  /** Silence: neither open nor closed. Three in a row over two minutes are a positive closed. */
  readonly silent: boolean;
  /** The most exposed authentication answer and what it rests on. */
  readonly auth: AuthState;
  /** Highest proof level behind the observation. */
  readonly proof: number;
  readonly rules: readonly string[];
  readonly product?: string;
  readonly version?: string;
  readonly addresses: readonly string[];
  /** Where several places looked. */
  readonly vantages?: Whence;
  readonly tls?: TlsFacts;
  /** Whether versions before 1.2 are taken beside it, where that was asked. */
  readonly oldTls?: 'also' | 'no';
  readonly data?: DataAtRisk;
  /** What it is a copy of, where that is known to the store. */
  readonly source?: Source;
  readonly gaps: readonly CoverageGap[];
}

/** The endpoint that another is a copy of. */
export interface Source {
  readonly id: string;
  /** As its tags say. */
  readonly owner?: string;
}

/** Vantages that it is most exposed to, those that it is less exposed to, and those that could not tell. */
export interface Whence {
  readonly most: readonly string[];
  readonly less: readonly string[];
  readonly unsure?: readonly string[];
}

/** What nobody sees counts also where others saw enough for a verdict. */
const BESIDE_A_VERDICT: readonly GapCode[] = ['vantage-silent', 'elsewhere'];

/** Gaps that count against coverage: all of a verdict that is not conclusive, and some beside one that is. */
export function countedGaps({ verdict, gaps }: Posture): readonly CoverageGap[] {
  return verdict.confirmed ? gaps.filter(({ code }) => BESIDE_A_VERDICT.includes(code)) : gaps;
}

export const BASES: readonly Basis[] = ['declared', 'observed'];
