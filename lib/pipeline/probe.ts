/**
 * Visits endpoints: resolves, asks the guard, pins an address, lets the probe speak, and turns whatever happens
 * into an observation. The only catch site of probes: a peer's failure is an observation, never an exception.
 */
import { randomBytes } from 'node:crypto';
import pLimit from 'p-limit';
import { dataAtRisk } from '../assess/classify.ts';
import type { Endpoint, GapCode } from '../model/endpoint.ts';
import { PeerError } from '../model/errors.ts';
import type { DnsState, L4State, Observation, ProbeAnswer } from '../model/observation.ts';
import type { MetadataLevel, Probe } from '../model/probe.ts';
import type { Reading } from '../model/reading.ts';
import type { ConnectionBudgets } from '../model/store.ts';
import { blankAxes } from '../model/silence.ts';
import { printable } from '../model/text.ts';
import type { AddressPolicy } from '../net/guard.ts';
import type { Limits } from '../net/limits.ts';
import { type NameResolver, type PinnedAddress, resolveHost } from '../net/resolve.ts';
import { openVisit, type Pacer } from '../net/visit.ts';
import { WireError } from '../wire/error.ts';
import type { Hearing } from './hearing.ts';
import { privateOnly } from './private.ts';

/** A name with more addresses than this is probed at the first ones; the rest is a gap. */
const MAX_ADDRESSES = 4;

export interface ProbeRun {
  readonly runId: string;
  readonly vantage: string;
  /** Source address to connect from, where the vantage is one of several on this machine. */
  readonly localAddress?: string;
  readonly probes: readonly Probe[];
  readonly policy: AddressPolicy;
  readonly metadata: MetadataLevel;
  /** Keep names as they are instead of redacted samples. */
  readonly rawNames: boolean;
  /** Endpoints in flight. */
  readonly concurrency: number;
  readonly pacer: Pacer;
  readonly budgets: ConnectionBudgets;
  readonly hearing: Hearing;
  readonly userAgent: string;
  readonly now: () => Date;
  readonly signal: AbortSignal;
  readonly resolver?: NameResolver;
  /** Other budgets than those of probes.md section 1: the hostile lab has less time than a stranger has patience. */
  readonly limits?: Limits;
}

/** What came of one endpoint: a reading, or nothing because its budget says not yet, or the run was cancelled. */
export type Outcome =
  | { readonly kind: 'reading'; readonly reading: Reading }
  | { readonly kind: 'not-due'; readonly endpoint: Endpoint; readonly detail: string; readonly reading: Reading }
  | { readonly kind: 'cancelled'; readonly endpoint: Endpoint };

/** Calls `onOutcome` as each endpoint is done, so that judging never waits for the slowest. */
export async function probeAll(
  endpoints: readonly Endpoint[],
  run: ProbeRun,
  onOutcome: (outcome: Outcome) => Promise<void>,
): Promise<void> {
  const limit = pLimit(run.concurrency);
  await limit.map(endpoints, async (endpoint) => {
    await onOutcome(run.signal.aborted ? { kind: 'cancelled', endpoint } : await probeEndpoint(endpoint, run));
  });
}

export async function probeEndpoint(endpoint: Endpoint, run: ProbeRun): Promise<Outcome> {
  const at = run.now();
  // Behind a host that all customers of a provider share: the configuration is all there is to read.
  if (endpoint.shared === true) return outcome(endpoint, run, at, []);
  const probe = run.probes.find((p) => p.engines.includes(endpoint.engine));
  const resolution = await resolveHost(endpoint.host, {
    policy: run.policy,
    port: endpoint.port,
    signal: run.signal,
    ...(run.resolver === undefined ? {} : { resolver: run.resolver }),
  });
  if (run.signal.aborted) return { kind: 'cancelled', endpoint };
  const seen = { probe: probe?.id ?? 'none', vantage: run.vantage, observedAt: at.toISOString() };
  const inside = privateOnly(endpoint, resolution, seen);
  if (inside !== undefined) return outcome(endpoint, run, at, inside);
  if (probe === undefined) {
    return outcome(endpoint, run, at, [
      nothing(run, at, 'none', resolution.dns, 'no-probe', `no probe for ${endpoint.engine}`),
    ]);
  }
  const refused = resolution.denied.map(({ address, verdict }) =>
    nothing(run, at, probe.id, resolution.dns, 'forbidden-address', `${address} is ${forbidden(verdict)}`),
  );
  if (resolution.allowed.length === 0 && refused.length === 0) {
    return outcome(endpoint, run, at, [nothing(run, at, probe.id, resolution.dns, 'unresolved', resolution.detail)]);
  }
  const observations: Observation[] = [...refused];
  for (const pinned of resolution.allowed.slice(0, MAX_ADDRESSES)) {
    const spent = await spend(endpoint, probe, pinned, run);
    if (spent.kind === 'not-due') {
      const { reading } = outcome(endpoint, run, at, []);
      return { kind: 'not-due', endpoint, detail: spent.detail, reading: { ...reading, unvisited: true } };
    }
    observations.push(
      spent.kind === 'spent'
        ? nothing(run, at, probe.id, resolution.dns, 'budget-spent', spent.detail)
        : await observe(endpoint, probe, pinned, resolution.dns, run),
    );
    if (run.signal.aborted) return { kind: 'cancelled', endpoint };
  }
  if (resolution.allowed.length > MAX_ADDRESSES) {
    const detail = `${resolution.allowed.length} addresses, ${MAX_ADDRESSES} probed`;
    observations.push(nothing(run, at, probe.id, resolution.dns, 'undetermined', detail));
  }
  if (resolution.unanswered !== undefined) {
    const detail = `the resolver did not answer for ${resolution.unanswered}: there may be addresses nobody looked at`;
    observations.push(nothing(run, at, probe.id, resolution.dns, 'unresolved', detail));
  }
  return outcome(endpoint, run, at, observations);
}

function forbidden(verdict: { readonly reason: string; readonly range: string }): string {
  const cure =
    verdict.reason === 'private'
      ? ': --allow-private opens private ranges'
      : verdict.reason === 'outside-only'
        ? ': outside of --only'
        : '';
  return `${verdict.reason} (${verdict.range})${cure}`;
}

async function spend(
  endpoint: Endpoint,
  probe: Probe,
  pinned: PinnedAddress,
  run: ProbeRun,
): Promise<{ kind: 'go' } | { kind: 'not-due' | 'spent'; detail: string }> {
  if (probe.connectionBudget === undefined) return { kind: 'go' };
  const key = budgetKey(endpoint, probe, pinned, run);
  const { allowed, used, last } = await run.budgets.spend(key, run.now().toISOString(), probe.connectionBudget);
  if (allowed) return { kind: 'go' };
  const { stopAt } = probe.connectionBudget;
  return used >= stopAt
    ? {
        kind: 'spent',
        detail:
          used > 2 * stopAt
            ? 'the server blocks this vantage: FLUSH HOSTS there, then reset the budget (docs/operations.md)'
            : `${used} connections used of ${stopAt}: FLUSH HOSTS there, then reset the budget (docs/operations.md)`,
      }
    : { kind: 'not-due', detail: `visited ${last ?? 'lately'}; at most daily, so as not to use up max_connect_errors` };
}

function budgetKey(endpoint: Endpoint, probe: Probe, pinned: PinnedAddress, run: ProbeRun): string {
  return `${probe.id}|${pinned.address}:${endpoint.port}|${run.vantage}`;
}

async function observe(
  endpoint: Endpoint,
  probe: Probe,
  pinned: PinnedAddress,
  dns: DnsState,
  run: ProbeRun,
): Promise<Observation> {
  const observedAt = run.now();
  const started = performance.now();
  const visit = openVisit({
    host: endpoint.host,
    port: endpoint.port,
    address: pinned,
    maxConnections: probe.maxConnections,
    deadlineMs: probe.deadlineMs,
    policy: run.policy,
    pacer: run.pacer,
    signal: run.signal,
    userAgent: run.userAgent,
    ...(run.localAddress === undefined ? {} : { localAddress: run.localAddress }),
    ...(run.limits === undefined ? {} : { limits: run.limits }),
  });
  let answer: ProbeAnswer | PeerError;
  try {
    const nonce = randomBytes(8).toString('hex');
    answer = await probe.visit(visit.access, endpoint, { metadata: run.metadata, nonce });
  } catch (error) {
    answer = asPeerError(error);
  } finally {
    await visit.close();
  }
  const seen: Seen = {
    probe: probe.id,
    vantage: run.vantage,
    dns,
    address: pinned.address,
    observedAt: observedAt.toISOString(),
  };
  const elapsedMs = Math.round(performance.now() - started);
  if (!(answer instanceof PeerError) && answer.auth.state === 'lockout') {
    await run.budgets.exhaust(budgetKey(endpoint, probe, pinned, run), run.now().toISOString());
  }
  return answer instanceof PeerError
    ? { ...seen, elapsedMs, ...failure(answer, probe.id) }
    : { ...seen, elapsedMs, ...success(answer, run) };
}

type Seen = Pick<Observation, 'probe' | 'vantage' | 'dns' | 'address' | 'observedAt'>;
type Learnt = Omit<Observation, keyof Seen | 'elapsedMs'>;

/** Bytes that no table row expects are the peer's doing; anything else thrown is ours and says so. */
function asPeerError(error: unknown): PeerError {
  if (error instanceof PeerError) return error;
  const detail = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  return new PeerError('protocol', error instanceof WireError ? 'closed' : 'fault', printable(detail), error);
}

function success({ metadata, ...axes }: ProbeAnswer, run: ProbeRun): Learnt {
  const data = metadata === undefined ? {} : { data: dataAtRisk(metadata, { rawNames: run.rawNames }) };
  const gap = gapOf(axes);
  return { ...axes, ...data, ...(gap === undefined ? {} : { gap }) };
}

function gapOf(answer: ProbeAnswer): Observation['gap'] | undefined {
  if (answer.auth.state === 'lockout') {
    return { code: 'lockout', detail: 'the server blocks this vantage (FLUSH HOSTS clears it): probing is suspended' };
  }
  if (answer.proto.state === 'unknown') {
    return { code: 'undetermined', detail: `${mute(answer)}: what it is, and for whom, is not known (${answer.rule})` };
  }
  if (answer.proto.state !== 'match') {
    return {
      code: 'not-this-protocol',
      detail: `l4 ${answer.l4}, protocol ${answer.proto.state}, rule ${answer.rule}`,
    };
  }
  if (answer.auth.state !== 'undetermined') return undefined;
  return { code: 'undetermined', detail: `the server did not show whether it asks for credentials (${answer.rule})` };
}

/** What a port did that showed no protocol. That something else speaks there is more than anybody saw. */
function mute({ l4, auth }: ProbeAnswer): string {
  if (l4 === 'open-silent') return 'the port accepts connections and says nothing';
  if (l4 === 'tarpit') return 'the port accepts connections and answers too slowly or endlessly';
  if (l4 === 'accept-then-close') return 'the port accepts connections and closes them without a word';
  return auth.state === 'auth-required'
    ? 'the port turns strangers away before it shows what it speaks'
    : 'the port answers, but not so far that it shows what it speaks';
}

function failure(error: PeerError, probe: string): Learnt {
  const l4 = l4Of(error);
  const closed = l4 === 'refused' || l4 === 'unreachable';
  const detail = printable(`${error.stage}: ${error.message}`);
  return {
    ...blankAxes(l4, `${probe}/${error.stage}-${error.reason}`),
    ...(closed ? {} : { gap: { code: gapCode(error), detail } }),
  };
}

function l4Of({ stage, reason }: PeerError): L4State {
  if (reason === 'refused') return 'refused';
  if (reason === 'unroutable') return 'unreachable';
  if (reason === 'cancelled' || reason === 'forbidden' || reason === 'fault' || stage === 'resolve') return 'not-tried';
  if (stage === 'connect' && reason === 'timeout') return 'filtered';
  if (stage === 'connect' && reason === 'limit') return 'not-tried';
  return reason === 'timeout' ? 'tarpit' : reason === 'limit' ? 'tarpit' : 'accept-then-close';
}

function gapCode({ stage, reason }: PeerError): GapCode {
  if (reason === 'cancelled') return 'cancelled';
  if (reason === 'forbidden') return 'forbidden-address';
  if (reason === 'fault') return 'fault';
  return stage === 'connect' ? 'no-answer' : 'undetermined';
}

function nothing(run: ProbeRun, at: Date, probe: string, dns: DnsState, code: GapCode, detail: string): Observation {
  const seen = { probe, vantage: run.vantage, dns, observedAt: at.toISOString(), elapsedMs: 0 };
  return { ...seen, ...blankAxes('not-tried', `${probe}/${code}`), gap: { code, detail: printable(detail) } };
}

function outcome(
  endpoint: Endpoint,
  run: ProbeRun,
  at: Date,
  observations: readonly Observation[],
): Extract<Outcome, { readonly kind: 'reading' }> {
  // Stamped when the answers are in: a first bad or first good instant must not lie before what it proves.
  const end = run.now();
  const vantageAlive = run.hearing.alive(endpoint.id, end);
  if (observations.some((o) => o.l4 === 'open' || o.l4 === 'refused')) run.hearing.heard(endpoint.id, end);
  const reading: Reading = {
    id: `${run.runId}/${endpoint.id}`,
    runId: run.runId,
    at: end.toISOString(),
    began: at.toISOString(),
    endpoint,
    vantage: run.vantage,
    observations,
    vantageAlive,
  };
  return { kind: 'reading', reading };
}
