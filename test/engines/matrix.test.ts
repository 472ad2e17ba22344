/**
 * The probes against real engines: every axis as expected.json says, printed as a matrix. Engines install and start
 * themselves (README.md here); everything stays on 127.0.0.0/8.
 */
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { Endpoint, Engine } from '../../lib/model/endpoint.ts';
import type { Observation } from '../../lib/model/observation.ts';
import { pacer } from '../../lib/net/visit.ts';
import { hearing } from '../../lib/pipeline/hearing.ts';
import { probeEndpoint, type ProbeRun } from '../../lib/pipeline/probe.ts';
import { PROBES } from '../../lib/probes/catalogue.ts';
import { memoryStore } from '../../lib/stores/memory.ts';
import { type Fleet, type RunningEngine, startFleet } from './fleet.ts';
import { install } from './install.ts';

const expected = z
  .record(
    z.string(),
    z.strictObject({
      l4: z.string(),
      proto: z.string(),
      tls: z.string(),
      auth: z.string(),
      proof: z.int(),
      clientCert: z.string().optional(),
    }),
  )
  .parse(JSON.parse(readFileSync(new URL('expected.json', import.meta.url), 'utf8')));

/** Probes land one by one; what none serves yet is run, listed, and judged as soon as there is one. */
const SERVED: ReadonlySet<string> = new Set(PROBES.flatMap(({ engines }) => engines));
const NO_PROBE = 'no probe yet';
const rows: string[] = [];
const times: number[] = [];
let fleet: Fleet;

beforeAll(async () => {
  install();
  fleet = await startFleet({ only: Object.keys(expected), report: (line) => console.log(line) });
});
afterAll(async () => {
  const at = (share: number): string =>
    (times.toSorted((a, b) => a - b)[Math.floor((times.length - 1) * share)] ?? 0).toFixed(0);
  const count = (word: string): number => rows.filter((row) => row.includes(word)).length;
  const unserved = count(NO_PROBE);
  console.log(
    `\n${rows.join('\n')}\n${rows.length} endpoints, ${rows.length - unserved} judged, ${count('WRONG')} wrong, ` +
      `${unserved} without a probe yet; per endpoint p50 ${at(0.5)} ms, p95 ${at(0.95)} ms`,
  );
  await fleet.stop();
});

function runFrom(localAddress: string | undefined): ProbeRun {
  return {
    runId: 'engines',
    vantage: localAddress ?? 'local',
    ...(localAddress === undefined ? {} : { localAddress }),
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

function running(id: string): RunningEngine {
  const engine = fleet.engines.find((e) => e.id === id);
  if (engine === undefined) throw new Error(`${id} did not start`);
  return engine;
}

async function observe(id: string): Promise<Observation> {
  const { engine, host, port, localAddress } = running(id);
  const endpoint: Endpoint = {
    id,
    host,
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

describe('every engine is judged as it is', () => {
  it.each(Object.entries(expected))('%s', async (id, want) => {
    const { engine } = running(id);
    if (!SERVED.has(engine)) {
      rows.push(`${id.padEnd(30)} ${NO_PROBE} for ${engine}`);
      return;
    }
    const seen = await observe(id);
    times.push(seen.elapsedMs);
    const got = {
      l4: seen.l4,
      proto: seen.proto.state,
      tls: seen.tls.state,
      auth: seen.auth.state,
      ...(want.clientCert === undefined ? {} : { clientCert: seen.tls.clientCert }),
    };
    const { proof, ...axes } = want;
    const isRight = JSON.stringify(got) === JSON.stringify(axes) && seen.proof >= proof;
    const cells = [
      id.padEnd(30),
      got.l4.padEnd(17),
      got.proto.padEnd(12),
      got.tls.padEnd(13),
      got.auth.padEnd(15),
      `P${seen.proof}`,
      seen.rule.padEnd(34),
    ];
    rows.push(`${cells.join(' ')} ${String(seen.elapsedMs).padStart(5)} ms ${isRight ? 'ok' : 'WRONG'}`);
    expect(got).toEqual(axes);
    expect(seen.proof).toBeGreaterThanOrEqual(proof);
    expect(JSON.stringify(seen)).not.toContain('CANARY');
    await sleep(0);
  });
});
