import type { Allowlist } from '../model/allowlist.ts';
import type { Posture } from '../model/posture.ts';
import { BASES } from '../model/posture.ts';
import { isKnown, PROTECTIONS } from '../model/protection.ts';
import type { Reading } from '../model/reading.ts';
import type { Sample, SampleFact, Sight } from '../model/state.ts';
import { type Coverage, coverageOf, DRILL_COVERAGE, floorOf, glassOver, seenOf } from './allowlist.ts';
import { judge } from './judge.ts';

/**
 * Reduces a judged reading to what the fold needs. The allowlist is applied as of the reading's own time and
 * kept in the sample, so a later change of the file never rewrites what was decided.
 */
export function sampleOf(reading: Reading, posture: Posture, allowlist: Allowlist, now: Date): Sample {
  const { endpoint } = reading;
  const coverage = coverageAt(reading, posture, allowlist);
  // What was declared earlier was a fact then, and is in the fold already.
  const facts: SampleFact[] = [];
  for (const basis of BASES) {
    if (basis === 'declared' && reading.remembered === true) continue;
    for (const protection of PROTECTIONS) {
      const { level, evidence } = posture[basis][protection];
      if (!isKnown(level)) continue;
      const judged = {
        protection,
        basis,
        level,
        ...floorOf(protection, basis, coverage, endpoint.shared === true),
        evidence,
        ...(protection === 'tls' && basis === 'observed' && posture.oldTls !== undefined
          ? { oldTls: posture.oldTls }
          : {}),
      };
      const glass = glassOver(judged, coverage, posture.auth);
      facts.push(glass.length === 0 ? judged : { ...judged, glass });
    }
  }
  return {
    id: reading.id,
    at: reading.at,
    ...(reading.began === undefined ? {} : { began: reading.began }),
    recordedAt: now.toISOString(),
    vantage: reading.vantage,
    alive: reading.vantageAlive,
    ...(reading.regionAlive === true ? { near: true as const } : {}),
    silent: posture.silent,
    deleted: reading.deleted ?? false,
    facts,
    ...(reading.remembered === true || endpoint.declaredAt === undefined ? {} : { declaredAt: endpoint.declaredAt }),
    ...(reading.everyMs === undefined ? {} : { everyMs: reading.everyMs }),
    ...(reading.unvisited === true ? { unvisited: true as const } : {}),
    ...sightsOf(reading, posture),
    context: contextOf(posture),
  };
}

/** What covers an endpoint as it was seen, when it was seen. */
export function coverageAt(
  { endpoint, at }: Pick<Reading, 'endpoint' | 'at'>,
  posture: Posture,
  allowlist: Allowlist,
): Coverage {
  return endpoint.drill === true ? DRILL_COVERAGE : coverageOf(allowlist, endpoint, seenOf(posture), at);
}

export function contextOf(posture: Posture): Sample['context'] {
  return {
    verdict: posture.verdict,
    auth: posture.auth,
    proof: posture.proof,
    ...encryptedOf(posture),
    ...(posture.data === undefined ? {} : { data: posture.data }),
  };
}

function encryptedOf({ observed: { tls } }: Posture): Pick<Sample['context'], 'encrypted'> {
  return isKnown(tls.level) ? { encrypted: tls.level !== 'off' } : {};
}

/**
 * Each address judged by itself, as a name that gave no other would be. What was not tried, was out of budget or was
 * one too many has no address, so the visit was not complete.
 */
function sightsOf(reading: Reading, posture: Posture): Pick<Sample, 'sights' | 'complete'> {
  const { observations } = reading;
  if (observations.length === 0) return {};
  const byAddress = Map.groupBy(observations, (o) => o.address);
  const sights: Sight[] = [];
  for (const [address, mine] of byAddress) {
    if (address === undefined) continue;
    sights.push(sightOf(address, byAddress.size === 1 ? posture : judge({ ...reading, observations: mine })));
  }
  return { sights, complete: sights.length === byAddress.size };
}

function sightOf(address: string, { observed, silent }: Posture): Sight {
  const levels: { -readonly [name in keyof Sight['levels']]: Sight['levels'][name] } = {};
  for (const protection of PROTECTIONS) {
    const { level } = observed[protection];
    if (isKnown(level)) levels[protection] = level;
  }
  return { address, levels, ...(silent ? { silent } : {}) };
}
