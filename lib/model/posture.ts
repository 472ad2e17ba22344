import type { CoverageGap } from './endpoint.ts';
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
  /** Where one visit looked from several places: which of them it is most exposed to, and which it is less exposed to. */
  readonly vantages?: { readonly most: readonly string[]; readonly less: readonly string[] };
  readonly tls?: TlsFacts;
  readonly data?: DataAtRisk;
  readonly gaps: readonly CoverageGap[];
}

export const BASES: readonly Basis[] = ['declared', 'observed'];
