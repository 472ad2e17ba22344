import fc from 'fast-check';
import type { Probe } from '../../lib/model/probe.ts';
import { siteInput, streamInput } from './inputs.ts';
import { visitSite, visitStream } from './visit.ts';

/** Visits `runs` bent peers; throws with seed, path and the shrunk peer where one of them breaks a promise. */
export async function fuzz(probe: Probe, runs: number, seed?: number): Promise<void> {
  const options = { numRuns: runs, ...(seed === undefined ? {} : { seed }) };
  if (probe.speaks !== 'stream') {
    await fc.assert(
      fc.asyncProperty(siteInput(probe), async (input) => visitSite(probe, input)),
      probe.speaks === 'both' ? { ...options, numRuns: Math.ceil(runs / 2) } : options,
    );
  }
  if (probe.speaks !== 'http') {
    await fc.assert(
      fc.asyncProperty(streamInput(probe), async (input) => visitStream(probe, input)),
      probe.speaks === 'both' ? { ...options, numRuns: Math.ceil(runs / 2) } : options,
    );
  }
}
