/**
 * What stream probes do alike: hear a peer out on one connection whatever it does, say goodbye, try TLS where plaintext
 * got no answer, and name a stranger by its first bytes (probes.md section 1). Ports that speak plaintext or TLS from the
 * first byte, never both; protocols that upgrade in place have their own ways.
 */
import { PeerError } from '../model/errors.ts';
import type { ProbeAnswer, TlsAxis } from '../model/observation.ts';
import type { Channel, OpenOptions, ProbeAccess } from '../model/probe.ts';
import { silentAxes } from '../model/silence.ts';
import { printable } from '../model/text.ts';
import { PLAINTEXT_ONLY, tlsFailed, tlsOnly, tlsSilent } from '../model/tls-attempt.ts';
import { WireError } from '../wire/error.ts';
import { foreign, foreignNote, isTlsAlert } from '../wire/foreign.ts';

/** Bytes kept of what was no whole reply. */
const MAX_HEAD = 256;

/** How an exchange ended, if we did not end it. */
export interface Ended {
  ended?: PeerError | WireError;
  /** Bytes that came and were no whole reply. */
  head?: Buffer;
}

/** The whole exchange on one connection, which it closes. What the peer does ends the exchange, not the visit. */
export async function hear<Heard extends Ended>(
  channel: Channel,
  heard: Heard,
  speak: (channel: Channel, heard: Heard) => Promise<void>,
): Promise<Heard> {
  try {
    await speak(channel, heard);
  } catch (error) {
    if (!(error instanceof PeerError || error instanceof WireError) || error.reason === 'cancelled') throw error;
    heard.ended = error;
    const parts = heard.head === undefined ? [] : [heard.head];
    for (let n = 0; channel.buffered > 0 && n < MAX_HEAD; n += parts.at(-1)?.length ?? 1) {
      parts.push(await channel.readSome(MAX_HEAD));
    }
    if (parts.length > 0) heard.head = Buffer.concat(parts);
  } finally {
    await channel.close();
  }
  return heard;
}

/** Why nothing was said, if nothing was. A TLS alert is no word of the protocol either. */
export function muteness({ ended, head }: Ended, channel: Channel): PeerError | undefined {
  if (ended !== undefined && head !== undefined && isTlsAlert(head)) {
    return ended instanceof PeerError ? ended : new PeerError('protocol', 'closed', 'answered with a TLS alert');
  }
  return ended instanceof PeerError && channel.bytesRead === 0 ? ended : undefined;
}

/**
 * `muteness` for protocols that take a TLS hello for a length (probes.md section 1, rule 9): plaintext that was neither
 * closed nor answered with an alert is no reason to send one, unless the port is known for TLS.
 */
export function warily(heard: Ended, channel: Channel, isTlsPort: boolean): PeerError | undefined {
  const mute = muteness(heard, channel);
  const isShut = mute !== undefined && (mute.reason === 'closed' || mute.reason === 'reset' || channel.bytesRead > 0);
  return isShut || channel.encrypted || isTlsPort ? mute : undefined;
}

export interface Talk<Heard extends Ended> {
  readonly id: string;
  /** One connection's exchange; closes it. See `hear`. */
  converse(channel: Channel): Promise<Heard>;
  /** Why not a word of the protocol came; undefined where one did. `muteness`, unless the protocol knows better. */
  silence(heard: Heard, channel: Channel): PeerError | undefined;
  interpret(heard: Heard, channel: Channel): ProbeAnswer;
}

/** Plaintext first; a second connection inside TLS only where plaintext got no answer. Two connections at most. */
export async function plainThenTls<Heard extends Ended>(
  access: ProbeAccess,
  talk: Talk<Heard>,
  options: Omit<OpenOptions, 'tls'> = {},
): Promise<ProbeAnswer> {
  const channel = await access.open(options);
  const heard = await talk.converse(channel);
  const plain = talk.interpret(heard, channel);
  return talk.silence(heard, channel) === undefined ? plain : insideTls(access, talk, options, plain);
}

/** The second connection. `plain` is the answer that the plaintext attempt gave. */
export async function insideTls<Heard extends Ended>(
  access: ProbeAccess,
  talk: Talk<Heard>,
  options: Omit<OpenOptions, 'tls'>,
  plain: ProbeAnswer,
): Promise<ProbeAnswer> {
  let channel: Channel;
  try {
    channel = await access.open({ ...options, tls: true });
  } catch (error) {
    if (!(error instanceof PeerError) || error.reason === 'cancelled') throw error;
    return tlsFailed(plain, error, talk.id);
  }
  const heard = await talk.converse(channel);
  const mute = talk.silence(heard, channel);
  return mute === undefined ? talk.interpret(heard, channel) : tlsSilent(mute, channel, talk.id);
}

export interface TlsLook {
  readonly axis: TlsAxis;
  readonly note?: string;
}

/** A protocol's first exchange on one connection, which it closes: `greeted` where it was answered. */
export type Greeting = Ended & { greeted: boolean };

/** The handshake found no TLS there. */
export function speaksNoTls({ stage, reason }: PeerError): boolean {
  return stage === 'tls' && (reason === 'plaintext' || reason === 'closed' || reason === 'reset');
}

/** Plaintext answered: does TLS as well? One more connection; nothing here takes from what plaintext showed. */
export async function tlsBeside(access: ProbeAccess, greet: (channel: Channel) => Promise<Greeting>): Promise<TlsLook> {
  let channel: Channel;
  try {
    channel = await access.open({ tls: true });
  } catch (error) {
    if (!(error instanceof PeerError)) throw error;
    if (speaksNoTls(error)) return { axis: PLAINTEXT_ONLY };
    const note = `second connection, with TLS: ${error.reason} (${error.message})`;
    if (error.reason === 'client-cert') return { axis: { state: 'offered', clientCert: 'required' }, note };
    return { axis: { state: 'undetermined', clientCert: 'undetermined' }, note };
  }
  const { greeted, ended } = await greet(channel);
  if (greeted) return { axis: { ...tlsOnly(channel), state: 'offered' } };
  const facts = channel.tls === undefined ? {} : { facts: channel.tls };
  const note = `TLS was accepted, and nothing was answered inside it: ${ended?.reason ?? 'no reply'}`;
  return ended?.reason === 'client-cert'
    ? { axis: { state: 'offered', ...facts, clientCert: 'required' }, note }
    : { axis: { state: 'undetermined', ...facts, clientCert: 'undetermined' }, note };
}

/** No whole reply, or one that is not of this protocol. `isStart`: whether bytes may be the start of a reply of ours. */
export function unread(
  id: string,
  { head = Buffer.alloc(0), ended }: Ended,
  channel: Channel,
  isStart: (head: Buffer) => boolean,
): ProbeAnswer {
  const tls = channel.encrypted ? tlsOnly(channel) : PLAINTEXT_ONLY;
  if (ended instanceof PeerError && (head.length === 0 || isStart(head))) {
    return { ...silentAxes(ended, channel.bytesRead, id), ...(channel.bytesRead > 0 ? { tls } : {}) };
  }
  return {
    l4: 'open',
    proto: foreign(head),
    tls,
    auth: { state: 'undetermined' },
    proof: 0,
    rule: `${id}/foreign`,
    notes: [ended instanceof WireError ? printable(ended.message) : foreignNote(head)],
  };
}
