import type { Endpoint, Engine } from '../../lib/model/endpoint.ts';
import type { Observation } from '../../lib/model/observation.ts';
import { pacer } from '../../lib/net/visit.ts';
import { hearing } from '../../lib/pipeline/hearing.ts';
import { probeEndpoint } from '../../lib/pipeline/probe.ts';
import type { ProbeRun } from '../../lib/pipeline/probe-run.ts';
import { PROBES } from '../../lib/probes/catalogue.ts';
import { memoryStore } from '../../lib/stores/memory.ts';
import type { RunningEngine } from './engine.ts';

/** One visit of the product's probe stage. `through` is the address of a tap in front of the engine. */
export async function visit(running: RunningEngine, through?: string): Promise<Observation> {
  const { id, engine, host, port, localAddress } = running;
  const endpoint: Endpoint = {
    id,
    host: through ?? host,
    port,
    engine: engine as Engine,
    source: 'file',
    tags: {},
    declared: {},
  };
  const outcome = await probeEndpoint(endpoint, runFrom(localAddress));
  if (outcome.kind !== 'reading') throw new Error(`no reading of ${id}: ${outcome.kind}`);
  const [observation] = outcome.reading.observations;
  if (observation === undefined) throw new Error(`no observation of ${id}`);
  return observation;
}

function runFrom(localAddress: string | undefined): ProbeRun {
  return {
    runId: 'engines',
    vantage: localAddress ?? 'local',
    ...(localAddress === undefined ? {} : { from: [{ name: localAddress, localAddress, hearing: hearing() }] }),
    probes: PROBES,
    policy: { allowPrivate: true, only: ['127.0.0.0/8', '::1/128'] },
    metadata: 2,
    rawNames: false,
    concurrency: 1,
    pacer: pacer(),
    hearing: hearing(),
    budgets: memoryStore({ sinks: [] }).budgets,
    userAgent: 'ajar-test',
    now: () => new Date(),
    signal: new AbortController().signal,
  };
}
