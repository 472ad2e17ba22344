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
import { type AnyPort, askAnyPort } from './any-port.ts';
import { budgetKey } from './budget.ts';
import { TRANSPORT } from './depth.ts';
import { SHARED_UNKNOWN } from './egress.ts';
import { askOldTls, type OldTlsWord } from './old-tls.ts';
import { permitOf } from './permit.ts';
import {
  asPeerError,
  failure,
  type Seen,
  success,
  withCatchAll,
  withOldTls,
  withOldTlsBeside,
} from './probe-observation.ts';
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
  const { connected, oldTls, tlsFirst } = visit.stats();
  const isAsked = !oldTls && (tlsFirst || (probe.beforeTls !== undefined && learnt.tls.facts !== undefined));
  const word = isAsked ? await oldTlsWord({ probe, options, run, vantage, tlsFirst }) : undefined;
  const told = oldTls ? withOldTls(learnt) : withOldTlsBeside(learnt, word);
  const isCatchAll = connected && (await anyPortWord(probe, options, run, vantage)) === 'all';
  const shared = probe.connectionBudget?.unblock !== undefined && vantage.localAddress === undefined;
  const noted = shared && connected ? { ...told, notes: [...told.notes, SHARED_UNKNOWN] } : told;
  return { ...seen, elapsedMs, ...(isCatchAll ? withCatchAll(noted) : noted) };
}

/** Nothing beyond the declared port where not even that may be asked what it is. */
async function anyPortWord(
  { id }: Probe,
  options: VisitOptions,
  { anyPort }: ProbeRun,
  vantage: Vantage,
): Promise<AnyPort | undefined> {
  if (anyPort === undefined || id === TRANSPORT) return undefined;
  return anyPort.wordOn(`${options.address.address}|${vantage.name}`, () => askAnyPort(options));
}

function visitOptions(
  endpoint: Endpoint,
  probe: Probe,
  pinned: PinnedAddress,
  run: ProbeRun,
  { localAddress }: Vantage,
): VisitOptions {
  return {
    ...{ host: endpoint.host, port: endpoint.port, address: pinned },
    ...{ maxConnections: probe.maxConnections, deadlineMs: probe.deadlineMs },
    ...{ policy: run.policy, pacer: run.pacer, signal: run.signal, userAgent: run.userAgent },
    ...(localAddress === undefined ? {} : { localAddress }),
    ...(run.limits === undefined ? {} : { limits: run.limits }),
    permit: permitOf(endpoint, run),
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
  if (oldTls === undefined || probe.connectionBudget !== undefined || probe.id === TRANSPORT) return undefined;
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
