import { pacer } from '../../lib/net/visit.ts';
import { hearing } from '../../lib/pipeline/hearing.ts';
import type { ProbeRun } from '../../lib/pipeline/probe-run.ts';
import { PROBES } from '../../lib/probes/catalogue.ts';
import { memoryStore } from '../../lib/stores/memory.ts';

/** Whole visits by all probes, to loopback alone, without waiting between connections. */
export function aProbeRun(over: Partial<ProbeRun> = {}): ProbeRun {
  return {
    ...{
      runId: 'run',
      vantage: 'test',
      userAgent: 'test',
      probes: PROBES,
      metadata: 1,
      rawNames: false,
      concurrency: 1,
    },
    ...{ policy: { allowPrivate: true, only: ['127.0.0.0/8'] }, pacer: pacer(0), hearing: hearing() },
    ...{ budgets: memoryStore({ sinks: [] }).budgets, now: () => new Date(), signal: new AbortController().signal },
    ...over,
  };
}
