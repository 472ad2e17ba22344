/**
 * memcached (probes.md section 3.5), TCP only: UDP amplifies and is never spoken.
 * Sent: `version`, then `stats`. A server that closes on text is asked once more in binary (SASL servers speak nothing
 * else), and once more inside TLS. VERSION with STAT lines is an open door with its counts; `CLIENT_ERROR
 * unauthenticated` and binary status 0x20 ask for credentials, which cross the wire in clear unless TLS carries them.
 * Never sent: get, stats cachedump, lru_crawler, flush_all, or anything to a server that said it wants credentials.
 */
import { PeerError } from '../model/errors.ts';
import type { AuthState, MetadataObject, ProbeAnswer, ProofLevel } from '../model/observation.ts';
import type { Channel, Probe, ProbeAccess, ProbeOptions } from '../model/probe.ts';
import { silentAxes } from '../model/silence.ts';
import { printable } from '../model/text.ts';
import { PLAINTEXT_ONLY, tlsFailed, tlsOnly, tlsSilent } from '../model/tls-attempt.ts';
import { foreign, foreignNote, isTlsAlert } from '../wire/foreign.ts';

const MAX_LINE = 512;
const MAX_STATS = 16 * 1024;
const BINARY_HEADER = 24;
const BINARY_VERSION = Buffer.from([0x80, 0x0b, ...Array<number>(22).fill(0)]);
const BINARY_STATS = Buffer.from([0x80, 0x10, ...Array<number>(22).fill(0)]);
const STATUS_AUTH = 0x20;

export const memcached: Probe = {
  id: 'memcached',
  engines: ['memcached'],
  defaultPort: 11211,
  maxConnections: 3,
  deadlineMs: 15_000,
  visit,
};

async function visit(access: ProbeAccess, _endpoint: unknown, options: ProbeOptions): Promise<ProbeAnswer> {
  const first = await access.open();
  const plain = await converse(first, options, speakText).finally(() => first.close());
  if (!(plain instanceof PeerError)) return plain;
  const mute = silentAxes(plain, first.bytesRead, 'memcached');
  const binary = await again(access, options, false);
  if (binary !== undefined && !(binary instanceof PeerError)) return binary;
  let channel: Channel;
  try {
    channel = await access.open({ tls: true });
  } catch (error) {
    if (!(error instanceof PeerError) || error.reason === 'cancelled') throw error;
    return tlsFailed(mute, error, 'memcached');
  }
  const secure = await converse(channel, options, speakText).finally(() => channel.close());
  return secure instanceof PeerError ? tlsSilent(secure, channel, 'memcached') : secure;
}

/** A second plaintext connection, in binary. Undefined where it could not be opened. */
async function again(
  access: ProbeAccess,
  options: ProbeOptions,
  tls: boolean,
): Promise<ProbeAnswer | PeerError | undefined> {
  let channel: Channel;
  try {
    channel = await access.open({ tls });
  } catch (error) {
    if (!(error instanceof PeerError) || error.reason === 'cancelled') throw error;
    return undefined;
  }
  return converse(channel, options, speakBinary).finally(() => channel.close());
}

type Speak = (channel: Channel, options: ProbeOptions) => Promise<ProbeAnswer>;

async function converse(channel: Channel, options: ProbeOptions, speak: Speak): Promise<ProbeAnswer | PeerError> {
  try {
    return await speak(channel, options);
  } catch (error) {
    if (error instanceof PeerError && error.reason !== 'cancelled') return error;
    throw error;
  }
}

async function speakText(channel: Channel, options: ProbeOptions): Promise<ProbeAnswer> {
  await channel.write('version\r\n');
  const line = (await firstLine(channel)).toString('latin1').trimEnd();
  if (line === 'CLIENT_ERROR unauthenticated') return answer(channel, 'auth-required', 2, 'authfile', undefined);
  const version = /^VERSION (\S{1,64})/.exec(line)?.[1];
  if (version === undefined) return notMemcached(channel, Buffer.from(line, 'latin1'));
  await channel.write('stats\r\n');
  const stats = await statsOf(channel);
  if (stats === undefined) return answer(channel, 'undetermined', 1, 'stats-refused', version);
  const cache = cacheObject(stats);
  const open = answer(channel, 'open-anonymous', cache.records === undefined ? 3 : 4, 'open', version);
  return options.metadata === 0 ? open : { ...open, metadata: { objects: [cache], truncated: false } };
}

/** A TLS alert ends without a line: what came is enough to know it. */
async function firstLine(channel: Channel): Promise<Buffer> {
  try {
    return await channel.readUntil('\n', MAX_LINE);
  } catch (error) {
    if (!(error instanceof PeerError) || channel.buffered === 0) throw error;
    const head = await channel.readSome(MAX_LINE);
    if (isTlsAlert(head)) throw error;
    return head;
  }
}

async function statsOf(channel: Channel): Promise<string | undefined> {
  try {
    const text = (await channel.readUntil('END\r\n', MAX_STATS)).toString('latin1');
    return text.startsWith('STAT ') ? text : undefined;
  } catch (error) {
    if (error instanceof PeerError && error.reason !== 'cancelled') return undefined;
    throw error;
  }
}

function cacheObject(stats: string): MetadataObject {
  const counter = (name: string): number | undefined => {
    const digits = new RegExp(`^STAT ${name} (\\d{1,15})\\r?$`, 'm').exec(stats)?.[1];
    return digits === undefined ? undefined : Number(digits);
  };
  const [records, bytes] = [counter('curr_items'), counter('bytes')];
  return {
    name: 'cache',
    kind: 'cache',
    system: false,
    ...(records === undefined ? {} : { records }),
    ...(bytes === undefined ? {} : { bytes }),
  };
}

async function speakBinary(channel: Channel): Promise<ProbeAnswer> {
  await channel.write(BINARY_VERSION);
  const head = await channel.readExactly(BINARY_HEADER);
  if (head[0] !== 0x81 || head[1] !== 0x0b) return notMemcached(channel, head);
  const [status, size] = [head.readUInt16BE(6), head.readUInt32BE(8)];
  if (status === STATUS_AUTH) return answer(channel, 'auth-required', 2, 'sasl', undefined);
  if (status !== 0 || size > MAX_LINE) return answer(channel, 'undetermined', 1, 'binary-status', undefined);
  const version = (await channel.readExactly(size)).toString('latin1');
  // A SASL server answers `version` to anyone: only `stats` shows whether it asks (measured on 1.6.18).
  await channel.write(BINARY_STATS);
  const stats = await channel.readExactly(BINARY_HEADER);
  const verdict = stats.readUInt16BE(6);
  if (verdict === STATUS_AUTH) return answer(channel, 'auth-required', 2, 'sasl', version);
  if (verdict !== 0 || stats[0] !== 0x81) return answer(channel, 'undetermined', 1, 'binary-status', version);
  return answer(channel, 'open-anonymous', 3, 'open-binary', version);
}

function answer(
  channel: Channel,
  asked: AuthState,
  proof: ProofLevel,
  rule: string,
  version: string | undefined,
): ProbeAnswer {
  const isWeak = asked === 'auth-required' && !channel.encrypted;
  return {
    l4: 'open',
    proto: {
      state: 'match',
      confidence: 'firm',
      product: 'memcached',
      ...(version === undefined ? {} : { version: printable(version, 40) }),
    },
    tls: channel.encrypted ? tlsOnly(channel) : PLAINTEXT_ONLY,
    auth: isWeak ? { state: 'auth-weak', weakness: ['cleartext'] } : { state: asked },
    proof,
    rule: `memcached/${channel.encrypted ? 'tls-' : ''}${rule}`,
    notes: [],
  };
}

function notMemcached(channel: Channel, head: Buffer): ProbeAnswer {
  return {
    l4: 'open',
    proto: foreign(head),
    tls: channel.encrypted ? tlsOnly(channel) : PLAINTEXT_ONLY,
    auth: { state: 'undetermined' },
    proof: 0,
    rule: 'memcached/foreign',
    notes: [foreignNote(head)],
  };
}
