/**
 * Visits endpoints: resolves, asks the guard, pins an address, lets the probe speak, and turns whatever happens
 * into an observation. The only catch site of probes: a peer's failure is an observation, never an exception.
 */
import { randomUUID } from 'node:crypto';
import ipaddr from 'ipaddr.js';
import type { Endpoint } from '../model/endpoint.ts';
import { PeerError } from '../model/errors.ts';
import type { DnsState, Observation, ProbeAnswer } from '../model/observation.ts';
import type { MetadataLevel, Probe } from '../model/probe.ts';
import type { Reading } from '../model/reading.ts';
import type { ConnectionBudgets } from '../model/store.ts';
import { type AddressPolicy, isLoopback } from '../net/guard.ts';
import type { Limits } from '../net/limits.ts';
import { type NameResolver, type PinnedAddress, resolveHost } from '../net/resolve.ts';
import { openVisit, type Pacer } from '../net/visit.ts';
import { depthOf, notPermitted } from './depth.ts';
import type { Hearing } from './hearing.ts';
import { privateOnly } from './private.ts';
import { mayNotVisit, permitOf } from './permit.ts';
import { asPeerError, failure, nothing, type Seen, success, withOldTls } from './probe-observation.ts';
import type { SelfTest } from './self-test.ts';
import type { StopSwitch } from './stop.ts';

/** A name with more addresses than this is probed at the first ones; the rest is a gap. */
const MAX_ADDRESSES = 4;

export interface ProbeRun {
  readonly runId: string;
  /** Of the readings, and where we look from unless `from` says more. */
  readonly vantage: string;
  /** Places on this machine to look from, each of them at every visit: their sights are one reading (judge.ts). */
  readonly from?: readonly Vantage[];
  readonly probes: readonly Probe[];
  readonly policy: AddressPolicy;
  readonly metadata: MetadataLevel;
  /** The operator's reference for AWS's leave to assess what is not on its list. Without it `banner` is as far as it goes. */
  readonly permission?: string;
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
  /** A person's word that nothing is to be probed. */
  readonly stop?: StopSwitch;
  readonly selfTest?: SelfTest;
}

export interface Vantage {
  readonly name: string;
  /** Source address to connect from. */
  readonly localAddress?: string;
  readonly hearing: Hearing;
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
  const left = endpoints.values();
  const visitor = async (): Promise<void> => {
    for (const endpoint of left) {
      await onOutcome(run.signal.aborted ? { kind: 'cancelled', endpoint } : await probeEndpoint(endpoint, run));
    }
  };
  await Promise.all(Array.from({ length: Math.min(run.concurrency, endpoints.length) }, visitor));
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
  const { dns } = resolution;
  const seen = { probe: probe?.id ?? 'none', vantage: run.vantage, observedAt: at.toISOString(), dns };
  const inside = privateOnly(endpoint, resolution, seen);
  if (inside !== undefined) {
    // Whoever answers for everybody may answer for the resolver as well.
    const captives = await Promise.all(vantagesOf(run).map((vantage) => captiveAt(vantage, endpoint, run)));
    const captive = captives.find((detail) => detail !== undefined);
    return outcome(endpoint, run, at, captive === undefined ? inside : [nothing(seen, 'captive', captive)]);
  }
  if (probe === undefined) {
    return outcome(endpoint, run, at, [nothing(seen, 'no-probe', `no probe for ${endpoint.engine}`)]);
  }
  const depth = depthOf(endpoint, probe, run);
  if (depth.visitor === undefined) {
    return outcome(endpoint, run, at, [nothing(seen, 'not-permitted', notPermitted(endpoint))]);
  }
  const refused = resolution.denied.map(({ address, verdict }) =>
    nothing(seen, 'forbidden-address', `${address} is ${forbidden(verdict)}`),
  );
  if (resolution.allowed.length === 0 && refused.length === 0) {
    return outcome(endpoint, run, at, [nothing(seen, 'unresolved', resolution.detail)]);
  }
  const refusal = await mayNotVisit(endpoint, run);
  if (refusal !== undefined) return outcome(endpoint, run, at, [nothing(seen, refusal.code, refusal.detail)]);
  const observations: Observation[] = [...refused];
  for (const vantage of vantagesOf(run)) {
    const from = { ...seen, vantage: vantage.name };
    const beyond = resolution.allowed.some(({ address }) => !isLoopback(address));
    const captive = beyond ? await captiveAt(vantage, endpoint, run) : undefined;
    if (captive !== undefined) {
      observations.push(nothing(from, 'captive', captive));
      continue;
    }
    for (const pinned of resolution.allowed.slice(0, MAX_ADDRESSES)) {
      if (!reaches(vantage, pinned)) {
        if (vantagesOf(run).some((other) => reaches(other, pinned))) continue; // seen from there
        const detail = `${pinned.address}: vantage ${vantage.name} has no source address of ${kindOf(pinned)}`;
        observations.push(nothing(from, 'undetermined', detail));
        continue;
      }
      const spent = await spend(endpoint, probe, pinned, run, vantage);
      if (spent.kind === 'not-due') {
        const { reading } = outcome(endpoint, run, at, []);
        return { kind: 'not-due', endpoint, detail: spent.detail, reading: { ...reading, unvisited: true } };
      }
      observations.push(
        spent.kind === 'spent'
          ? nothing(from, 'budget-spent', spent.detail)
          : depth.told(await observe(endpoint, depth.visitor, pinned, dns, run, vantage)),
      );
      if (run.signal.aborted) return { kind: 'cancelled', endpoint };
    }
  }
  if (resolution.allowed.length > MAX_ADDRESSES) {
    const detail = `${resolution.allowed.length} addresses, ${MAX_ADDRESSES} probed`;
    observations.push(nothing(seen, 'undetermined', detail));
  }
  if (resolution.unanswered !== undefined) {
    const detail = `the resolver did not answer for ${resolution.unanswered}: there may be addresses nobody looked at`;
    observations.push(nothing(seen, 'unresolved', detail));
  }
  return outcome(endpoint, run, at, observations);
}

function vantagesOf({ from, vantage, hearing }: ProbeRun): readonly Vantage[] {
  return from ?? [{ name: vantage, hearing }];
}

async function captiveAt(
  { localAddress }: Vantage,
  { port }: Endpoint,
  { selfTest, stop }: ProbeRun,
): Promise<string | undefined> {
  if ((await stop?.stopped()) !== undefined) return undefined; // nothing leaves then, not even this
  return selfTest?.captive(port, localAddress);
}

/** A source address of one family reaches no address of the other. */
function reaches({ localAddress }: Vantage, { address }: PinnedAddress): boolean {
  return localAddress === undefined || ipaddr.parse(localAddress).kind() === ipaddr.parse(address).kind();
}

function kindOf({ address }: PinnedAddress): string {
  return ipaddr.parse(address).kind() === 'ipv6' ? 'IPv6' : 'IPv4';
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
  vantage: Vantage,
): Promise<{ kind: 'go' } | { kind: 'not-due' | 'spent'; detail: string }> {
  if (probe.connectionBudget === undefined) return { kind: 'go' };
  const key = budgetKey(endpoint, probe, pinned, vantage);
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
    : {
        kind: 'not-due',
        detail: `visited ${last ?? 'lately'}; at most daily: the server counts or notes every connection`,
      };
}

function budgetKey(endpoint: Endpoint, probe: Probe, pinned: PinnedAddress, vantage: Vantage): string {
  return `${probe.id}|${pinned.address}:${endpoint.port}|${vantage.name}`;
}

async function observe(
  endpoint: Endpoint,
  probe: Probe,
  pinned: PinnedAddress,
  dns: DnsState,
  run: ProbeRun,
  vantage: Vantage,
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
    ...(vantage.localAddress === undefined ? {} : { localAddress: vantage.localAddress }),
    ...(run.limits === undefined ? {} : { limits: run.limits }),
    permit: permitOf(endpoint, run),
  });
  let answer: ProbeAnswer | PeerError;
  try {
    answer = await probe.visit(visit.access, endpoint, { metadata: run.metadata, nonce: nonce() });
  } catch (error) {
    answer = asPeerError(error);
  } finally {
    await visit.close();
  }
  const seen: Seen = {
    probe: probe.id,
    vantage: vantage.name,
    dns,
    address: pinned.address,
    observedAt: observedAt.toISOString(),
  };
  const elapsedMs = Math.round(performance.now() - started);
  if (!(answer instanceof PeerError) && answer.auth.state === 'lockout') {
    await run.budgets.exhaust(budgetKey(endpoint, probe, pinned, vantage), run.now().toISOString());
  }
  const learnt = answer instanceof PeerError ? failure(answer, probe.id) : success(answer, run);
  return { ...seen, elapsedMs, ...(visit.stats().oldTls ? withOldTls(learnt) : learnt) };
}

/** Node draws these in bulk: a tenth of what randomBytes costs. */
function nonce(): string {
  const uuid = randomUUID();
  return uuid.slice(0, 8) + uuid.slice(24, 32);
}

function outcome(
  endpoint: Endpoint,
  run: ProbeRun,
  at: Date,
  observations: readonly Observation[],
): Extract<Outcome, { readonly kind: 'reading' }> {
  // Stamped when the answers are in: a first bad or first good instant must not lie before what it proves.
  const end = run.now();
  const vantages = vantagesOf(run);
  // One blind place among several is enough for silence to say nothing.
  const vantageAlive = vantages.every(({ hearing }) => hearing.alive(endpoint.id, end));
  for (const { name, hearing } of vantages) {
    const answered = observations.filter((o) => o.vantage === name);
    if (answered.some((o) => o.l4 === 'open' || o.l4 === 'refused')) hearing.heard(endpoint.id, end);
  }
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
