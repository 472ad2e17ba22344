/** What every store does alike with changes: in which order they are found, and for how long. */
import type { Change } from '../model/change.ts';

/** As long as CloudTrail itself answers LookupEvents. */
const KEPT_MS = 90 * 86_400_000;

/** What is older than this is forgotten. */
export function keptSince(now: Date): string {
  return new Date(now.getTime() - KEPT_MS).toISOString();
}

/** Newest first; of one moment by id. */
export function newestFirst(a: Pick<Change, 'at' | 'id'>, b: Pick<Change, 'at' | 'id'>): number {
  if (a.at !== b.at) return a.at < b.at ? 1 : -1;
  return a.id < b.id ? 1 : -1;
}

/** When DynamoDB may delete what is of this moment: epoch seconds. */
export function expiryOf(at: string): number {
  return Math.ceil((Date.parse(at) + KEPT_MS) / 1_000);
}
