/**
 * Whether a server that has TLS 1.2 or later takes older clients as well (probes.md section 7). Asked once a week per address and
 * vantage, with one connection that ends at the server's first flight. Never asked of servers that count connections.
 */
import { randomBytes } from 'node:crypto';
import ipaddr from 'ipaddr.js';
import { PeerError } from '../model/errors.ts';
import type { TlsAxis } from '../model/observation.ts';
import type { Probe, ProbeAccess } from '../model/probe.ts';
import { oldHello, readOldReply } from '../wire/tls-hello.ts';
import type { Question } from './asked.ts';

export type OldTlsWord = Extract<TlsAxis['legacy'], 'also' | 'no'>;
export const OLD_TLS: Question<OldTlsWord> = { name: 'old-tls', everyMs: 7 * 24 * 3_600_000, words: ['also', 'no'] };

/** A server's first flight with a long chain of certificates is a quarter of this. */
const MAX_FLIGHT = 32 * 1024;

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
