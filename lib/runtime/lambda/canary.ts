import { openVisit } from '../../net/visit.ts';
import { resolveHost } from '../../net/resolve.ts';
import type { ProbeRun } from '../../pipeline/probe-run.ts';
import { optionalSetting, setting } from './environment.ts';

/** An environment that heard from it says so for two minutes; one that did not asks again soon. */
const EVERY_MS = 60_000;
const AGAIN_MS = 10_000;
const DEADLINE_MS = 3_000;
const SUBJECT = 'canary';

let askedAt = 0;

/**
 * Whether this vantage reaches anything at all: one TCP connection a minute to something of the provider's that always
 * answers. Without it, silence says nothing (decision 0004). A canary that does not answer is no error: then every silence is a gap
 * until this vantage hears something again, whatever it heard before.
 */
export async function hearCanary(run: ProbeRun): Promise<void> {
  const now = run.now();
  // Either side: a clock that was set back must not keep it from being asked.
  if (Math.abs(now.getTime() - askedAt) < EVERY_MS) return;
  askedAt = now.getTime();
  const { host, port } = canaryOf();
  const { allowed, denied } = await resolveHost(host, { policy: run.policy, port, signal: run.signal });
  const [address] = allowed;
  if (address === undefined) {
    // One that may not be asked says nothing either way.
    if (denied.length === 0) heardNothing(run);
    return;
  }
  const { policy, pacer, signal, userAgent } = run;
  const visit = openVisit({
    ...{ host, port, address, maxConnections: 1, deadlineMs: DEADLINE_MS, policy, pacer, signal, userAgent },
  });
  try {
    await visit.access.open();
    run.hearing.heard(SUBJECT, run.now());
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    heardNothing(run);
  } finally {
    await visit.close();
  }
}

function heardNothing({ hearing, now, signal }: ProbeRun): void {
  if (signal.aborted) return; // it was not waited for
  hearing.deaf();
  askedAt = now().getTime() - EVERY_MS + AGAIN_MS;
}

function canaryOf(): { readonly host: string; readonly port: number } {
  const [host, port] = (optionalSetting('AJAR_CANARY') ?? `sts.${setting('AWS_REGION')}.amazonaws.com:443`).split(':');
  return { host: host ?? '', port: Number(port ?? 443) };
}
