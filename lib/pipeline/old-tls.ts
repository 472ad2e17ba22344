/**
 * Whether a server that has TLS 1.2 or later takes older clients as well (probes.md section 7). Asked once a week per address and
 * vantage, with one connection that ends at the server's first flight; what it said is remembered and told at every visit, so
 * that no visit between says less. Never asked of servers that count connections.
 */
import { randomBytes } from 'node:crypto';
import ipaddr from 'ipaddr.js';
import { PeerError } from '../model/errors.ts';
import type { TlsAxis } from '../model/observation.ts';
import type { Probe, ProbeAccess } from '../model/probe.ts';
import type { ConnectionBudgets } from '../model/store.ts';
import { oldHello, readOldReply } from '../wire/tls-hello.ts';

export const OLD_TLS_EVERY_MS = 7 * 24 * 3_600_000;
/** A server's first flight with a long chain of certificates is a quarter of this. */
const MAX_FLIGHT = 32 * 1024;
const MAX_REMEMBERED = 50_000;
/** Nobody is harmed by the count: only the time between two matters. */
const NO_STOP = 1_000_000;

export type OldTlsWord = Extract<TlsAxis['legacy'], 'also' | 'no'>;

export interface OldTls {
  /** What is known of it now. `ask` is called where it is due, and says nothing where it did not learn. */
  wordOn(key: string, ask: () => Promise<OldTlsWord | undefined>): Promise<OldTlsWord | undefined>;
}

/** `budgets` lasts: without that every run would ask anew. */
export function oldTls(budgets: ConnectionBudgets, now: () => Date): OldTls {
  const known = new Map<string, { readonly askedAt: number; readonly word: OldTlsWord | undefined }>();
  const keep = (key: string, askedAt: number, word: OldTlsWord | undefined): void => {
    known.delete(key);
    known.set(key, { askedAt, word });
    for (const oldest of known.keys()) {
      if (known.size <= MAX_REMEMBERED) break;
      known.delete(oldest);
    }
  };
  return {
    async wordOn(subject, ask) {
      const at = now();
      const held = known.get(subject);
      if (held !== undefined && Math.abs(at.getTime() - held.askedAt) < OLD_TLS_EVERY_MS) return held.word;
      const key = `old-tls|${subject}`;
      const before = asWord(await budgets.recall(key));
      const spent = await budgets.spend(key, at.toISOString(), { stopAt: NO_STOP, minIntervalMs: OLD_TLS_EVERY_MS });
      const said = spent.allowed ? await ask() : undefined;
      if (said !== undefined && said !== before) await budgets.remember(key, said);
      // Not learnt this time is not "no".
      const word = said ?? before;
      const askedAt = Date.parse(spent.last ?? '');
      if (Number.isFinite(askedAt)) keep(subject, askedAt, word);
      return word;
    },
  };
}

function asWord(text: string | undefined): OldTlsWord | undefined {
  return text === 'also' || text === 'no' ? text : undefined;
}

/** One connection, one hello, the server's flight. Undefined where it did not come to an answer. */
export async function askOldTls(
  access: Pick<ProbeAccess, 'open'>,
  host: string,
  beforeTls: Probe['beforeTls'],
): Promise<OldTlsWord | undefined> {
  try {
    const channel = await access.open();
    if (beforeTls !== undefined) {
      await channel.write(beforeTls.ask);
      const answer = await channel.readExactly(beforeTls.yes.length);
      if (answer.toString('latin1') !== beforeTls.yes || channel.buffered > 0) return undefined;
    }
    await channel.write(oldHello(randomBytes(32), ipaddr.isValid(host) ? undefined : host));
    let flight = Buffer.alloc(0);
    while (flight.length < MAX_FLIGHT) {
      flight = Buffer.concat([flight, await channel.readSome(MAX_FLIGHT - flight.length)]);
      const reply = readOldReply(flight);
      if (reply === 'accepted') return 'also';
      if (reply === 'refused') return 'no';
      if (reply === 'unknown') return undefined;
    }
    return undefined;
  } catch (error) {
    // It hung up, or we may not connect now: nothing was learnt.
    if (error instanceof PeerError) return undefined;
    throw error;
  }
}
