import type { PeerError } from './errors.ts';
import type { ProbeAnswer, TlsAxis } from './observation.ts';
import type { Channel } from './probe.ts';
import { silentAxes } from './silence.ts';
import { printable } from './text.ts';

/**
 * Ports that speak TLS or plaintext from the first byte, never both: Redis, memcached (probes.md section 1,
 * "which side speaks first"). Plaintext is tried first; TLS follows only where plaintext got no answer.
 */

/** The port answered in plaintext. A TLS hello would only hang there, so none is sent. */
export const PLAINTEXT_ONLY: TlsAxis = { state: 'absent', clientCert: 'no' };

/** The port was mute in plaintext and answered inside TLS. */
export function tlsOnly(channel: Channel): TlsAxis {
  return {
    state: 'required',
    ...(channel.tls === undefined ? {} : { facts: channel.tls }),
    clientCert: channel.clientCertRequested ? 'requested' : 'no',
  };
}

/** Neither plaintext nor a TLS handshake got anywhere. `plain` is the answer the plaintext attempt gave. */
export function tlsFailed(plain: ProbeAnswer, error: PeerError, rulePrefix: string): ProbeAnswer {
  if (error.reason === 'client-cert') return clientCertDemanded(rulePrefix, { state: 'required' });
  return { ...plain, notes: [...plain.notes, printable(`TLS tried as well: ${error.reason} (${error.message})`)] };
}

/**
 * The handshake succeeded and then nothing came. Under TLS 1.3 a server refuses a missing client certificate
 * that late; but a balancer whose backends are all dead looks the same (probes.md section 5), so only the
 * alert, or the request for a certificate before the end, counts as a demand.
 */
export function tlsSilent(error: PeerError, channel: Channel, rulePrefix: string): ProbeAnswer {
  const ended = error.reason === 'closed' || error.reason === 'reset';
  if (error.reason === 'client-cert' || (ended && channel.clientCertRequested)) {
    return clientCertDemanded(rulePrefix, tlsOnly(channel));
  }
  const silent = silentAxes(error, channel.bytesRead, rulePrefix);
  return { ...silent, tls: { ...tlsOnly(channel), clientCert: 'undetermined' } };
}

/** A stranger without a certificate is turned away before a word of the protocol. */
export function clientCertDemanded(rulePrefix: string, tls: Pick<TlsAxis, 'state' | 'facts'>): ProbeAnswer {
  return {
    l4: 'open',
    proto: { state: 'unknown', confidence: 'none' },
    tls: { ...tls, clientCert: 'required' },
    auth: { state: 'auth-required' },
    proof: 2,
    rule: `${rulePrefix}/client-cert`,
    notes: ['a client certificate is demanded'],
  };
}
