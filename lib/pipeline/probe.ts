/**
 * Visits endpoints: resolves, asks the guard, pins each address, lets the probe speak (observe.ts), and makes one reading of
 * what came of it.
 */
import ipaddr from 'ipaddr.js';
import type { CoverageGap, Endpoint } from '../model/endpoint.ts';
import type { Observation } from '../model/observation.ts';
import type { Reading } from '../model/reading.ts';
import { isLoopback } from '../net/guard.ts';
import { type PinnedAddress, resolveHost } from '../net/resolve.ts';
import { spend } from './budget.ts';
import { depthOf, notPermitted } from './depth.ts';
import { sharedEgress } from './egress.ts';
import { elsewhere } from './elsewhere.ts';
import { observe } from './observe.ts';
import { privateOnly } from './private.ts';
import { mayNotVisit } from './permit.ts';
import { nothing } from './probe-observation.ts';
import type { ProbeRun, Vantage } from './probe-run.ts';

/** A name with more addresses than this is probed at the first ones; the rest is a gap. */
const MAX_ADDRESSES = 4;
const NONE: ReadonlySet<string> = new Set();

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
  const strange = elsewhere(endpoint, resolution);
  const seen = { probe: probe?.id ?? 'none', vantage: run.vantage, observedAt: at.toISOString(), dns };
  const inside = privateOnly(endpoint, resolution, seen);
  if (inside !== undefined) {
    // Whoever answers for everybody may answer for the resolver as well.
    const captives = await Promise.all(vantagesOf(run).map((vantage) => captiveAt(vantage, endpoint, run)));
    const captive = captives.find((detail) => detail !== undefined);
    return outcome(endpoint, run, at, captive === undefined ? inside : [nothing(seen, 'captive', captive)], strange);
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
      const shared = sharedEgress(probe, vantage, run.workloads ?? NONE);
      if (shared !== undefined) {
        observations.push(nothing(from, 'shared-egress', shared));
        continue;
      }
      const spent = await spend(endpoint, probe, pinned, run, vantage);
      if (spent.kind === 'not-due') {
        const { reading } = outcome(endpoint, run, at, [], strange);
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
  return outcome(endpoint, run, at, observations, strange);
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

function outcome(
  endpoint: Endpoint,
  run: ProbeRun,
  at: Date,
  observations: readonly Observation[],
  gaps: readonly CoverageGap[] = [],
): Extract<Outcome, { readonly kind: 'reading' }> {
  // Stamped when the answers are in: a first bad or first good instant must not lie before what it proves.
  const end = run.now();
  const vantages = vantagesOf(run);
  // One blind place among several is enough for silence to say nothing.
  const vantageAlive = vantages.every(({ hearing }) => hearing.alive(endpoint.id, end));
  const { region } = endpoint;
  const regionAlive = region !== undefined && vantages.every(({ hearing }) => hearing.alive(endpoint.id, end, region));
  for (const { name, hearing } of vantages) {
    const answered = observations.filter((o) => o.vantage === name);
    if (answered.some((o) => o.l4 === 'open' || o.l4 === 'refused')) hearing.heard(endpoint.id, end, region);
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
    ...dueOf(endpoint, run),
    ...(regionAlive ? { regionAlive } : {}),
    ...(gaps.length === 0 ? {} : { gaps }),
  };
  return { kind: 'reading', reading };
}

/** A server that counts connections is not visited oftener than its budget has it. */
function dueOf({ engine }: Endpoint, { everyMs, probes }: ProbeRun): Pick<Reading, 'everyMs'> {
  if (everyMs === undefined) return {};
  const least = probes.find((p) => p.engines.includes(engine))?.connectionBudget?.minIntervalMs ?? 0;
  return { everyMs: Math.max(everyMs, least) };
}
