/** Every parser of the catalogue, in the probe it belongs to, over 10,000 bent peers; `npm run fuzz` does a million. */
import { describe, it } from 'vitest';
import { PROBES } from '../../lib/probes/catalogue.ts';
import { fuzz } from './fuzz.ts';

const RUNS = 10_000;

describe('10,000 bent peers', () => {
  it.each(PROBES)('neither hang, crash, bloat nor fool $id', { timeout: 120_000 }, async (probe) => {
    await fuzz(probe, RUNS);
  });
});
