/**
 * A sample that an auditor can draw again by hand: members ranked by the SHA-256 of seed, newline and id, lowest first. Neither
 * who draws nor where can choose, and `sha256sum` shows it. Pure.
 */
import { createHash } from 'node:crypto';

export const ALGORITHM =
  'members by SHA-256 of "SEED\\nID" in hexadecimal, lowest first; the population is hashed as its sorted ids, each with a newline';

export interface AuditSample {
  readonly seed: string;
  readonly algorithm: string;
  readonly population: { readonly size: number; readonly sha256: string };
  /** In the order in which they were drawn. */
  readonly drawn: readonly { readonly id: string; readonly rank: string }[];
}

export function drawSample(ids: Iterable<string>, n: number, seed: string): AuditSample {
  const members = [...new Set(ids)].sort();
  const ranked = members.map((id) => ({ id, rank: sha256(`${seed}\n${id}`) }));
  ranked.sort((a, b) => (a.rank < b.rank ? -1 : 1));
  return {
    seed,
    algorithm: ALGORITHM,
    population: { size: members.length, sha256: sha256(members.map((id) => `${id}\n`).join('')) },
    drawn: ranked.slice(0, n),
  };
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
