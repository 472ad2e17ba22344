import type { PeerError } from './errors.ts';
import type { L4State, ProbeAnswer } from './observation.ts';
import { printable } from './text.ts';

/** A first reply longer than this is no reply of any protocol we speak (probes.md section 0, `tarpit`). */
export const MAX_FIRST_REPLY = 64 * 1024;

/** Rules that `silentAxes`, a TLS attempt or a stranger's bytes name for any probe. */
export const SILENT_RULES: Readonly<Record<string, string>> = {
  'accept-then-close': 'the port accepts connections and closes them without a word',
  'open-silent': 'the port accepts connections and says nothing',
  tarpit: 'the port answers too slowly, or endlessly',
  'cut-short': 'the answer broke off before it could be read',
  'client-cert': 'a client certificate is demanded before anything else',
  foreign: 'something answered that does not speak this protocol',
};

/**
 * The answer when a peer accepted us and then said nothing we could read. Never call it for a connection
 * that was not accepted: that one is the pipeline's. `rulePrefix` is the probe's id.
 */
export function silentAxes(error: PeerError, bytesRead: number, rulePrefix: string): ProbeAnswer {
  const l4 = acceptedState(error, bytesRead);
  const note = printable(`${error.stage} ended after ${bytesRead} bytes: ${error.reason} (${error.message})`);
  return blankAxes(l4, `${rulePrefix}/${l4 === 'open' ? 'cut-short' : l4}`, [note]);
}

/** Nothing beyond layer 4 is known: every other axis says so. */
export function blankAxes(l4: L4State, rule: string, notes: readonly string[] = []): ProbeAnswer {
  return {
    l4,
    proto: { state: 'unknown', confidence: 'none' },
    tls: { state: 'undetermined', clientCert: 'undetermined' },
    auth: { state: 'undetermined' },
    proof: 0,
    rule,
    notes,
  };
}

/** What an accepted connection that failed says of layer 4 (probes.md section 0). */
function acceptedState(error: PeerError, bytesRead: number): L4State {
  if (bytesRead > MAX_FIRST_REPLY) return 'tarpit';
  switch (error.reason) {
    case 'closed':
    case 'reset':
      return bytesRead === 0 ? 'accept-then-close' : 'open';
    case 'timeout':
      // Bytes came and then stopped: slower than one byte a second.
      return bytesRead === 0 ? 'open-silent' : 'tarpit';
    case 'limit':
    case 'malformed':
    case 'plaintext':
    case 'tls-refused':
    case 'client-cert':
    case 'refused':
    case 'unroutable':
    case 'unresolved':
    case 'forbidden':
    case 'cancelled':
    case 'fault':
      return 'open';
  }
}
