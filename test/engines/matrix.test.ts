/**
 * The probes against real engines: every axis as expected.json says, printed as a matrix. Engines install and start
 * themselves (README.md here); everything stays on 127.0.0.0/8.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Observation } from '../../lib/model/observation.ts';
import { PROBES } from '../../lib/probes/catalogue.ts';
import type { Variant } from './engine.ts';
import { EXPECTED } from './expected.ts';
import { type Fleet, knownEngines, type RunningEngine, startFleet } from './fleet.ts';
import { install } from './install.ts';
import { forbiddenIn } from './requests.ts';
import { tap } from './tap.ts';
import { visit } from './visit.ts';
import { WAVES } from './waves.ts';

/** Probes land one by one; what none serves yet is run, listed, and judged as soon as there is one. */
const SERVED: ReadonlySet<string> = new Set(PROBES.flatMap(({ engines }) => engines));
const NO_PROBE = 'no probe yet';
const rows: string[] = [];
const times: number[] = [];
let fleet: Fleet;
let visits = 0;
const forbidden: string[] = [];
/** Visits that learnt nothing and were made again. */
const again: string[] = [];

/** The heaviest variants run with `AJAR_ENGINES=all` only; the rest is what the gate can carry. Kinds or ids: only those. */
const ASKED = process.env['AJAR_ENGINES']?.split(',');
function isAsked({ id, kind, extra }: Variant): boolean {
  if (ASKED === undefined || ASKED.includes('all')) return ASKED !== undefined || extra !== true;
  return ASKED.includes(id) || (extra !== true && ASKED.includes(kind));
}

beforeAll(() => install());
afterAll(() => {
  const at = (share: number): string =>
    (times.toSorted((a, b) => a - b)[Math.floor((times.length - 1) * share)] ?? 0).toFixed(0);
  const count = (word: string): number => rows.filter((row) => row.includes(word)).length;
  const unserved = count(NO_PROBE);
  console.log(
    `\n${rows.join('\n')}\n${rows.length} endpoints, ${rows.length - unserved} judged, ${count('WRONG')} wrong, ` +
      `${unserved} without a probe yet; per endpoint p50 ${at(0.5)} ms, p95 ${at(0.95)} ms\n` +
      `${forbidden.length} forbidden requests over ${visits} visits\n` +
      `${again.length} visits learnt nothing and were made again ${again.join(', ')}`,
  );
});

function running(id: string): RunningEngine {
  const engine = fleet.engines.find((e) => e.id === id);
  if (engine === undefined) throw new Error(`${id} did not start`);
  return engine;
}

/** A visit that learnt nothing is a gap, and the product comes again: an engine of a loaded machine may be late. Never so often. */
const VISITS = 3;

async function learn(id: string, want: { readonly proto: string }): Promise<Observation> {
  for (let made = 1; ; made += 1) {
    const seen = await visit(running(id));
    if (seen.proto.state !== 'unknown' || want.proto === 'unknown' || made === VISITS) return seen;
    again.push(`${id} (${seen.l4}, ${seen.rule}, ${seen.elapsedMs} ms)`);
    await sleep(2_000);
  }
}

const KNOWN = knownEngines().filter((variant) => variant.id in EXPECTED && isAsked(variant));
const ASKED_WAVES = Object.entries(WAVES).filter(([, kinds]) => KNOWN.some(({ kind }) => kinds.includes(kind)));

describe.each(ASKED_WAVES)('engines %s are judged as they are', (_wave, kinds) => {
  const chosen = KNOWN.filter(({ kind }) => kinds.includes(kind));
  beforeAll(async () => {
    fleet = await startFleet({ only: chosen.map(({ id }) => id), report: (line) => console.log(line) });
  });
  afterAll(async () => fleet.stop());

  it.each(chosen.map(({ id }) => id))('%s', async (id) => {
    const want = EXPECTED[id];
    if (want === undefined) throw new Error(`${id} has no row in expected.json`);
    const { engine } = running(id);
    if (!SERVED.has(engine)) {
      rows.push(`${id.padEnd(30)} ${NO_PROBE} for ${engine}`);
      return;
    }
    const seen = await learn(id, want);
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

  it.each(chosen.map(({ id }) => id))(
    '%s is asked nothing but what is allowed, and leaves no value behind',
    async (id) => {
      const engine = running(id);
      const probe = PROBES.find(({ engines }) => engines.some((served) => served === engine.engine));
      if (probe === undefined) return;
      const between = await tap(engine, fleet.certificates);
      try {
        const seen = await visit(engine, between.host);
        visits += 1;
        const found = forbiddenIn(probe, between.conversations);
        forbidden.push(...found);
        expect(found).toEqual([]);
        expect(JSON.stringify(seen)).not.toContain('CANARY');
      } finally {
        await between.close();
      }
    },
  );
});

it('no row is without its engine, and no engine without its row', () => {
  const known = knownEngines();
  expect(Object.keys(EXPECTED).sort()).toEqual(known.map(({ id }) => id).sort());
  const waves = Object.values(WAVES).flat();
  expect(known.filter(({ kind }) => !waves.includes(kind)).map(({ id }) => id)).toEqual([]);
});
