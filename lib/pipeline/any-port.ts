/**
 * Whether a host that accepts us accepts everybody everywhere (probes.md section 1, rule 12; section 5, "all ports open"): a
 * honeypot, or a proxy in front that answers SYNs for it. One connection a day and address to a port drawn at random, a second
 * one only where the first was accepted; no byte is sent. What it says caps what an open port proves, never what a protocol did.
 */
import { randomInt } from 'node:crypto';
import { PeerError } from '../model/errors.ts';
import { LIMITS } from '../net/limits.ts';
import { openVisit, type VisitOptions } from '../net/visit.ts';
import type { Question } from './asked.ts';

export type AnyPort = 'all' | 'some';
export const ANY_PORT: Question<AnyPort> = { name: 'any-port', everyMs: 24 * 3_600_000, words: ['all', 'some'] };

/** IANA's dynamic ports: nothing is registered there. */
const PORTS = [49_152, 65_536] as const;
const CONNECT_MS = 1_000;

export async function askAnyPort(
  options: VisitOptions,
  draw: () => number = () => randomInt(...PORTS),
): Promise<AnyPort | undefined> {
  const tried = new Set([options.port]);
  for (let drawn = 0; drawn < 2; drawn++) {
    let port = draw();
    while (tried.has(port)) port = draw();
    tried.add(port);
    const said = await accepts({ ...options, port });
    if (said !== true) return said === false ? 'some' : undefined;
  }
  return 'all';
}

/** Undefined where we could not ask. */
async function accepts(options: VisitOptions): Promise<boolean | undefined> {
  const limits = { ...(options.limits ?? LIMITS), connectMs: CONNECT_MS };
  const visit = openVisit({ ...options, limits, maxConnections: 1 });
  try {
    await visit.access.open();
    return true;
  } catch (error) {
    if (!(error instanceof PeerError)) throw error;
    const { reason } = error;
    return reason === 'refused' || reason === 'timeout' || reason === 'unroutable' ? false : undefined;
  } finally {
    await visit.close();
  }
}
