/**
 * Where many endpoints change at once, whoever looks may be what changed: the prober, its network, a provider's API
 * (evidence-and-alerts.md section 3.5). That is said beside each alert and keeps none back: nobody knows yet, and unknown is not safe.
 */
import type { Notice } from '../model/incident.ts';

/** More than this part of all. */
const PART = 0.3;
/** Of fewer it says nothing: one of three is a third. */
const FEWEST = 10;
const FLIPS: ReadonlySet<Notice['kind']> = new Set(['opened', 'closed']);

/** Endpoints that were told to be open or closed, each once. */
export function flipped(notices: readonly Notice[]): number {
  return new Set(notices.filter(isFlip).map(({ endpoint }) => endpoint.id)).size;
}

/** Worth asking how many there are. */
export function isMany(flips: number): boolean {
  return flips >= FEWEST;
}

export function isSuspect(flips: number, endpoints: number): boolean {
  return isMany(flips) && flips > endpoints * PART;
}

/** Right below the subject: what is cut off of a long message is its end. */
export function withSuspicion(notice: Notice, flips: number, endpoints: number): Notice {
  if (!isFlip(notice)) return notice;
  const [subject, ...rest] = notice.lines;
  const line = `SUSPECT  ${flips} of ${endpoints} endpoints changed at once: the prober or its network may be at fault. Act as if it is true`;
  return { ...notice, lines: [subject ?? notice.subject, line, ...rest] };
}

function isFlip({ kind }: Notice): boolean {
  return FLIPS.has(kind);
}
