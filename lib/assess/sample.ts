import type { Allowlist } from '../model/allowlist.ts';
import type { Posture } from '../model/posture.ts';
import { BASES } from '../model/posture.ts';
import { isKnown, PROTECTIONS } from '../model/protection.ts';
import type { Reading } from '../model/reading.ts';
import type { Sample, SampleFact } from '../model/state.ts';
import { coverageOf, floorOf } from './allowlist.ts';

/**
 * Reduces a judged reading to what the fold needs. The allowlist is applied as of the reading's own time and
 * kept in the sample, so a later change of the file never rewrites what was decided.
 */
export function sampleOf(reading: Reading, posture: Posture, allowlist: Allowlist, now: Date): Sample {
  const coverage = coverageOf(allowlist, reading.endpoint, posture.addresses, reading.at);
  const facts = BASES.flatMap((basis) =>
    PROTECTIONS.flatMap((protection): SampleFact[] => {
      const { level, evidence } = posture[basis][protection];
      return isKnown(level) ? [{ protection, basis, level, ...floorOf(protection, basis, coverage), evidence }] : [];
    }),
  );
  return {
    id: reading.id,
    at: reading.at,
    ...(reading.began === undefined ? {} : { began: reading.began }),
    recordedAt: now.toISOString(),
    vantage: reading.vantage,
    alive: reading.vantageAlive,
    silent: posture.silent,
    deleted: reading.deleted ?? false,
    facts,
    context: {
      verdict: posture.verdict,
      auth: posture.auth,
      proof: posture.proof,
      encrypted: posture.observed.tls.level === 'on' || posture.observed.tls.level === 'partial',
      ...(posture.data === undefined ? {} : { data: posture.data }),
    },
  };
}
