/**
 * Every probe against every hostile server, by the pipeline's own visit (promise I8): each visit ends within its deadline
 * and 250 ms, memory grows by less than 64 MB, nothing is open that is not, and nothing counts as our own fault.
 */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import pLimit from 'p-limit';
import type { Endpoint } from '../../lib/model/endpoint.ts';
import type { Observation } from '../../lib/model/observation.ts';
import type { Probe } from '../../lib/model/probe.ts';
import { LIMITS, type Limits } from '../../lib/net/limits.ts';
import { RESOLVE_MS } from '../../lib/net/resolve.ts';
import { pacer } from '../../lib/net/visit.ts';
import { hearing } from '../../lib/pipeline/hearing.ts';
import { probeEndpoint } from '../../lib/pipeline/probe.ts';
import type { ProbeRun } from '../../lib/pipeline/probe-run.ts';
import { memoryStore } from '../../lib/stores/memory.ts';
import { HOSTILE } from './catalogue.ts';
import type { Listening } from './host.ts';
import type { HostileServer } from './server.ts';
import { type Witness, witness } from './witness.ts';

/** What a visit may take beyond its deadline. */
export const GRACE_MS = 250;
export const MAX_RSS_GROWTH = 64 * 1024 * 1024;
const SPACING_MS = 250;
/** What one observation may weigh, whatever was sent. */
const MAX_OBSERVATION = 16 * 1024;

export interface HostileOptions {
  readonly probes: readonly Probe[];
  /** Times this is what a visit may take: 1 is what users have. */
  readonly scale: number;
  /** Servers visited at once; each by one probe after another. */
  readonly lanes: number;
  /** By how many probes each server is visited, besides those of the protocol that it lies in: all, or a few in turn. */
  readonly probesPerServer: number;
  readonly onServer?: (done: number, name: string) => void;
}

export interface HostileResult {
  readonly servers: number;
  readonly probes: number;
  readonly visits: number;
  /** Visits that were late while all the others went on, and were made again. */
  readonly again: number;
  readonly seconds: number;
  readonly slowest: { readonly overMs: number; readonly what: string };
  readonly rssGrowth: number;
  /** In which the machine kept this process from running; not counted as anybody's delay. */
  readonly starvedMs: number;
  readonly verdicts: Readonly<Record<string, number>>;
  /** What should not have been, a line each. */
  readonly wrong: readonly string[];
}

type Row = HostileServer & Listening;

export async function runHostile(options: HostileOptions): Promise<HostileResult> {
  const host = fork(new URL('host.ts', import.meta.url), { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  try {
    const [listening] = (await once(host, 'message')) as [readonly Listening[]];
    const rows = HOSTILE.map((row, i): Row => ({ ...row, ...(listening[i] as Listening) }));
    return await visitAll(rows, options);
  } finally {
    host.disconnect();
  }
}

async function visitAll(rows: readonly Row[], options: HostileOptions): Promise<HostileResult> {
  const run = runOf(options);
  const tally = new Tally();
  let watch = witness();
  let servers = 0;
  const late: { readonly row: Row; readonly probe: Probe }[] = [];
  const lane = async (row: Row): Promise<void> => {
    for (const probe of probesOf(row, run.probes, options)) {
      const seen = await visitOne(row, probe, run, watch);
      if (seen.inTime) tally.add(seen);
      else late.push({ row, probe });
    }
    options.onServer?.(++servers, row.name);
  };
  // Those that are open first, alone: what every probe loads and compiles is no growth.
  const known = rows.filter(({ opens }) => opens !== undefined);
  for (const row of known) await lane(row);
  watch.stop();
  watch = witness();
  const started = performance.now();
  const others = rows.filter((row) => !known.includes(row));
  await pLimit(options.lanes).map(others, lane);
  const seconds = (performance.now() - started) / 1_000;
  // Dozens of visits that were kept waiting together also wait for each other: what was late is visited again, alone.
  for (const { row, probe } of late) tally.add(await visitOne(row, probe, run, watch));
  const starvedMs = Math.round(watch.starvedMs());
  const counts = { servers: rows.length, probes: run.probes.length, again: late.length };
  return { ...counts, seconds, starvedMs, ...watch.stop(), ...tally.result() };
}

class Tally {
  readonly #verdicts: Record<string, number> = {};
  readonly #wrong: string[] = [];
  #slowest = { overMs: Number.NEGATIVE_INFINITY, what: '' };
  #visits = 0;

  add({ verdict, overMs, what, wrong }: Seen): void {
    this.#visits++;
    this.#verdicts[verdict] = (this.#verdicts[verdict] ?? 0) + 1;
    this.#wrong.push(...wrong);
    if (overMs > this.#slowest.overMs) this.#slowest = { overMs, what };
  }

  result(): Pick<HostileResult, 'verdicts' | 'wrong' | 'slowest' | 'visits'> {
    return { verdicts: this.#verdicts, wrong: this.#wrong, slowest: this.#slowest, visits: this.#visits };
  }
}

/** Each server's share begins elsewhere, so that a few of them still see every probe. */
function probesOf(row: Row, probes: readonly Probe[], { probesPerServer }: HostileOptions): readonly Probe[] {
  if (probesPerServer >= probes.length) return probes;
  const share = row.slow === true ? Math.min(2, probesPerServer) : probesPerServer;
  const start = (HOSTILE.findIndex(({ name }) => name === row.name) * share) % probes.length;
  const inTurn = new Set([...probes, ...probes].slice(start, start + share));
  const liesIn = row.name.split(':', 1)[0]?.toLowerCase() ?? '';
  return probes.filter((p) => inTurn.has(p) || row.opens?.includes(p.id) === true || isOf(p, liesIn));
}

function isOf({ id, engines }: Probe, protocol: string): boolean {
  return [id, ...engines].some((name) => name.replaceAll(/[^a-z0-9]/gu, '') === protocol.replaceAll(/[^a-z0-9]/gu, ''));
}

function runOf({ probes, scale }: HostileOptions): ProbeRun {
  const { connectMs, firstByteMs, idleGapMs, closeMs } = LIMITS;
  const times = Object.entries({ connectMs, firstByteMs, idleGapMs, closeMs }).map(([name, ms]) => [name, ms * scale]);
  const limits: Limits = { ...LIMITS, ...Object.fromEntries(times) };
  return {
    ...{
      runId: 'hostile',
      vantage: 'lab',
      policy: { allowPrivate: true, only: ['127.0.0.0/8'] },
      metadata: 2,
      rawNames: false,
    },
    probes: probes.map((probe) => ({ ...unbudgeted(probe), deadlineMs: probe.deadlineMs * scale })),
    ...{
      concurrency: 1,
      pacer: pacer(SPACING_MS * scale),
      budgets: memoryStore({ sinks: [] }).budgets,
      hearing: hearing(),
    },
    ...{ userAgent: 'ajar-hostile', now: () => new Date(), signal: new AbortController().signal, limits },
  };
}

/** Nothing here counts failed connections. */
function unbudgeted(probe: Probe): Probe {
  const { connectionBudget: _, ...free } = probe;
  return free;
}

interface Seen {
  readonly what: string;
  readonly verdict: string;
  readonly overMs: number;
  /** And seen to be open, where it is. */
  readonly inTime: boolean;
  readonly wrong: readonly string[];
}

async function visitOne(row: Row, probe: Probe, run: ProbeRun, watch: Witness): Promise<Seen> {
  const { resolver, host, port } = row;
  const engine = probe.engines[0] ?? 'http';
  const name = resolver === undefined ? host : 'door.example.org';
  const endpoint: Endpoint = {
    id: `${probe.id}@${row.name}`,
    host: name,
    port,
    engine,
    source: 'file',
    tags: {},
    declared: {},
  };
  const started = performance.now();
  const starved = watch.starvedMs();
  const outcome = await probeEndpoint(endpoint, {
    ...run,
    probes: [probe],
    ...(resolver === undefined ? {} : { resolver: resolver(host) }),
  });
  const ms = performance.now() - started - (watch.starvedMs() - starved);
  const observations = outcome.kind === 'reading' ? outcome.reading.observations : [];
  const tried = observations.filter(({ l4, address }) => l4 !== 'not-tried' && address !== undefined).length;
  const allowed = (resolver === undefined ? 0 : RESOLVE_MS) + Math.max(1, tried) * probe.deadlineMs;
  const where = `${probe.id} at ${row.name}`;
  const wrong = observations.flatMap((observation) =>
    faultsOf(row, probe, observation).map((what) => `${where}: ${what}`),
  );
  if (outcome.kind !== 'reading' || observations.length === 0) wrong.push(`${where}: no reading`);
  if (ms - allowed > GRACE_MS) wrong.push(`${where}: ended ${Math.round(ms - allowed)} ms after its deadline`);
  const opened = observations.some(isOpen);
  if (row.opens?.includes(probe.id) === true && !opened)
    wrong.push(`${where}: open, and not seen to be (${observations[0]?.rule ?? ''})`);
  const inTime = ms - allowed <= GRACE_MS && (opened || row.opens?.includes(probe.id) !== true);
  return { what: where, verdict: verdictOf(observations), overMs: ms - allowed, inTime, wrong };
}

/** What must not be said of this server. */
function faultsOf({ opens = [], speaks = [] }: Row, { id }: Probe, observation: Observation): readonly string[] {
  const { proto, gap, proof, rule, l4 } = observation;
  const recognised = speaks === 'anybody' || speaks.includes(id);
  return [
    ...(isOpen(observation) && !opens.includes(id) ? [`open without being so (${rule})`] : []),
    ...(proto.state === 'match' && !recognised ? [`taken for what it is not (${rule})`] : []),
    ...(gap?.code === 'fault' ? [`our own fault: ${gap.detail}`] : []),
    // A port that merely accepts proves nothing: SYN proxies open all of them (probes.md section 1, rule 12).
    ...(l4 !== 'open' && proof > 0 ? [`proof ${proof} from a port that is ${l4}`] : []),
    ...(JSON.stringify(observation).length > MAX_OBSERVATION ? ['an observation of more than 16 KiB'] : []),
  ];
}

function isOpen({ auth }: Observation): boolean {
  return auth.state === 'open-anonymous' || auth.state === 'setup-open';
}

function verdictOf(observations: readonly Observation[]): string {
  if (observations.some(isOpen)) return 'open';
  const spoke = observations.find(({ proto }) => proto.state !== 'unknown') ?? observations[0];
  if (spoke === undefined) return 'none';
  return spoke.proto.state === 'match'
    ? `match, ${spoke.auth.state}`
    : spoke.proto.state === 'unknown'
      ? `unknown, ${spoke.l4}`
      : spoke.proto.state;
}
