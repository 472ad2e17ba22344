/** Visits to peers with a secret somewhere, as a run makes them, and what may be found of a secret afterwards all the same. */
import { expect } from 'vitest';
import type { Endpoint } from '../../lib/model/endpoint.ts';
import type { Observation } from '../../lib/model/observation.ts';
import type { Probe } from '../../lib/model/probe.ts';
import type { Reading } from '../../lib/model/reading.ts';
import { asPeerError, failure, success } from '../../lib/pipeline/probe-observation.ts';
import { PLANTED, type Planted } from './canaries.ts';
import { instant } from './readings.ts';

/** With the server's own words in it: they go no further than the process that asked (lib/pipeline/probe-observation.ts). */
export async function visited(probe: Probe, { access, port }: Planted, index: number): Promise<Reading> {
  const id = `door-${index}`;
  const endpoint: Endpoint = {
    ...{ id, host: 'db.example.org', port, engine: probe.engines[0] ?? 'unidentified', source: 'file' },
    ...{ account: '111122223333', region: 'us-east-1', name: id, tags: {}, declared: {} },
  };
  const seen = {
    probe: probe.id,
    vantage: 'v1',
    dns: 'public',
    address: '198.41.0.4',
    observedAt: instant(index),
  } as const;
  const learnt = await probe.visit(access, endpoint, { metadata: 2, nonce: '0123456789abcdef' }).then(
    (answer) => success(answer, { rawNames: false }, probe),
    (error: unknown) => failure(asPeerError(error), probe.id),
  );
  const observations: readonly Observation[] = [{ ...seen, elapsedMs: 12, ...learnt }];
  const at = instant(index);
  return { id: `r/${id}`, runId: 'r', at, endpoint, vantage: 'v1', observations, vantageAlive: true };
}

/** What stands where a version stands, and begins like one, is a version. */
export function withoutVersions(text: string, readings: readonly Reading[]): string {
  const versions = readings.flatMap(({ observations }) => observations.map(({ proto }) => proto.version ?? ''));
  const odd = [...new Set(versions.filter((version) => PLANTED.test(version)))];
  for (const version of odd) expect(version).toMatch(/^v?\d/iu);
  return odd.reduce((rest, version) => rest.replaceAll(version, ''), text);
}
