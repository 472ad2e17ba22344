/** Bench contender: ajar's own probe stage, whole verdict, over N loopback endpoints. Prints what it found and cost. */
import { parseArgs } from 'node:util';
import type { Endpoint } from '../../lib/model/endpoint.ts';
import { pacer } from '../../lib/net/visit.ts';
import { hearing } from '../../lib/pipeline/hearing.ts';
import { probeAll } from '../../lib/pipeline/probe.ts';
import { PROBES } from '../../lib/probes/catalogue.ts';
import { memoryStore } from '../../lib/stores/memory.ts';

const { values } = parseArgs({
  options: {
    port: { type: 'string' },
    total: { type: 'string' },
    'one-in': { type: 'string' },
    concurrency: { type: 'string' },
  },
});
const number = (text: string | undefined): number => Number(text ?? '0');
const [port, total, oneIn] = [number(values.port), number(values.total), number(values['one-in'])];

const endpoints = Array.from({ length: total }, (_, i): Endpoint => {
  const n = i + 1;
  const isSilent = oneIn > 0 && i % oneIn !== 0;
  const host = `127.10.${n >> 8}.${n & 255}`;
  return {
    id: host,
    host,
    port: isSilent ? port + 1 : port,
    engine: 'elasticsearch',
    source: 'file',
    tags: {},
    declared: {},
  };
});
const found: Record<string, number> = {};
const started = performance.now();
await probeAll(
  endpoints,
  {
    runId: 'bench',
    vantage: 'bench',
    probes: PROBES,
    policy: { allowPrivate: true, only: ['127.0.0.0/8'] },
    metadata: 1,
    rawNames: false,
    concurrency: number(values.concurrency),
    pacer: pacer(),
    hearing: hearing(),
    budgets: memoryStore({ sinks: [] }).budgets,
    userAgent: 'ajar-bench',
    now: () => new Date(),
    signal: new AbortController().signal,
  },
  async (outcome) => {
    const state = outcome.kind === 'reading' ? (outcome.reading.observations[0]?.auth.state ?? 'none') : outcome.kind;
    found[state] = (found[state] ?? 0) + 1;
  },
);
const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
const seconds = (performance.now() - started) / 1_000;
console.log(JSON.stringify({ seconds, cpu: (userCPUTime + systemCPUTime) / 1e6, rssMb: maxRSS / 1024, found }));
