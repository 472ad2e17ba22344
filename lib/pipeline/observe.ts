/**
 * One visit of one probe to one address, as an observation. The only catch site of probes: a peer's failure is an
 * observation, never an exception.
 */
import { randomUUID } from 'node:crypto';
import type { Endpoint } from '../model/endpoint.ts';
import { PeerError } from '../model/errors.ts';
import type { DnsState, Observation, ProbeAnswer } from '../model/observation.ts';
import type { Probe } from '../model/probe.ts';
import type { PinnedAddress } from '../net/resolve.ts';
import { openVisit, type VisitOptions } from '../net/visit.ts';
import { budgetKey } from './budget.ts';
import { askOldTls, type OldTlsWord } from './old-tls.ts';
import { permitOf } from './permit.ts';
import { asPeerError, failure, type Seen, success, withOldTls, withOldTlsBeside } from './probe-observation.ts';
import type { ProbeRun, Vantage } from './probe-run.ts';

export async function observe(
  endpoint: Endpoint,
  probe: Probe,
  pinned: PinnedAddress,
  dns: DnsState,
  run: ProbeRun,
  vantage: Vantage,
): Promise<Observation> {
  const observedAt = run.now();
  const started = performance.now();
  const options = visitOptions(endpoint, probe, pinned, run, vantage);
  const visit = openVisit(options);
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
  if (!(answer instanceof PeerError) && answer.auth.state === 'lockout' && probe.connectionBudget !== undefined) {
    await run.budgets.exhaust(budgetKey(endpoint, probe, pinned, vantage), run.now().toISOString());
  }
  const learnt = answer instanceof PeerError ? failure(answer, probe.id) : success(answer, run, probe);
  const { oldTls, tlsFirst } = visit.stats();
  if (oldTls) return { ...seen, elapsedMs, ...withOldTls(learnt) };
  const isAsked = tlsFirst || (probe.beforeTls !== undefined && learnt.tls.facts !== undefined);
  const word = isAsked ? await oldTlsWord({ probe, options, run, vantage, tlsFirst }) : undefined;
  return { ...seen, elapsedMs, ...withOldTlsBeside(learnt, word) };
}

function visitOptions(
  { host, port, ...endpoint }: Endpoint,
  probe: Probe,
  pinned: PinnedAddress,
  run: ProbeRun,
  { localAddress }: Vantage,
): VisitOptions {
  return {
    ...{ host, port, address: pinned, maxConnections: probe.maxConnections, deadlineMs: probe.deadlineMs },
    ...{ policy: run.policy, pacer: run.pacer, signal: run.signal, userAgent: run.userAgent },
    ...(localAddress === undefined ? {} : { localAddress }),
    ...(run.limits === undefined ? {} : { limits: run.limits }),
    permit: permitOf({ host, port, ...endpoint }, run),
  };
}

/** No deeper than the transport, and never where connections are counted. */
async function oldTlsWord(asked: {
  readonly probe: Probe;
  readonly options: VisitOptions;
  readonly run: ProbeRun;
  readonly vantage: Vantage;
  readonly tlsFirst: boolean;
}): Promise<OldTlsWord | undefined> {
  const { probe, options, run, vantage, tlsFirst } = asked;
  const { oldTls } = run;
  if (oldTls === undefined || probe.connectionBudget !== undefined) return undefined;
  return oldTls.wordOn(`${options.address.address}:${options.port}|${vantage.name}`, async () => {
    const visit = openVisit({ ...options, maxConnections: 1 });
    try {
      return await askOldTls(visit.access, options.host, tlsFirst ? undefined : probe.beforeTls);
    } finally {
      await visit.close();
    }
  });
}

/** Node draws these in bulk: a tenth of what randomBytes costs. */
function nonce(): string {
  const uuid = randomUUID();
  return uuid.slice(0, 8) + uuid.slice(24, 32);
}
