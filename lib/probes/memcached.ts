/**
 * memcached (probes.md section 3.5), TCP only: UDP amplifies and is never spoken.
 * Sent: `version`, then `stats`. A server that does not speak text is asked again in binary, on a new connection; one
 * that is mute to both is asked once more inside TLS. VERSION with STAT lines is an open door with its counts.
 * `CLIENT_ERROR unauthenticated` and binary status 0x20 ask for credentials, which cross the wire in the clear unless
 * TLS carries them. Binary `version` is answered even where SASL is on, so it proves nothing: only `stats` does.
 * Never sent: get, stats cachedump, lru_crawler, flush_all, or binary to a server that said `unauthenticated`.
 */
import { PeerError } from '../model/errors.ts';
import type { AuthState, MetadataObject, ProbeAnswer, ProofLevel } from '../model/observation.ts';
import type { Channel, Probe, ProbeAccess, ProbeOptions } from '../model/probe.ts';
import { SILENT_RULES } from '../model/silence.ts';
import { printable } from '../model/text.ts';
import { PLAINTEXT_ONLY, tlsFailed, tlsOnly, tlsSilent } from '../model/tls-attempt.ts';
import { type Ended, hear, unread } from '../talk/stream.ts';
import { isTlsAlert } from '../wire/foreign.ts';
import * as wire from '../wire/memcached.ts';

export const memcached: Probe = {
  id: 'memcached',
  speaks: 'stream',
  sends: [
    { what: 'version', hex: '76657273696f6e0d0a', why: 'whether memcached speaks there' },
    { what: 'stats', hex: '73746174730d0a', why: 'the proof: counters' },
    { what: 'binary version', hex: '800b0000', why: 'the same where text is closed on us' },
    { what: 'binary stat', hex: '80100000', why: 'the same where text is closed on us' },
  ],
  rules: {
    ...SILENT_RULES,
    stats: 'counters are shown to anyone',
    'binary-stats': 'counters are shown to anyone who asks in binary',
    authfile: 'credentials are asked for (text protocol)',
    sasl: 'credentials are asked for (SASL)',
    'version-only': 'a version, but no counters',
    full: 'the server has no connection to spare',
    error: 'ERROR in answer to version: very old, or no memcached',
  },
  engines: ['memcached'],
  defaultPort: 11211,
  // Text and binary, each in plaintext and, where that is mute, inside TLS.
  maxConnections: 4,
  deadlineMs: 15_000,
  visit,
};

type Row = 'stats' | 'binary-stats' | 'authfile' | 'sasl' | 'version-only' | 'full' | 'error' | 'foreign';

interface RowVerdict {
  readonly auth: AuthState;
  readonly proof: ProofLevel;
  readonly markers: 0 | 1 | 2;
  readonly note?: string;
}

const VERDICTS: Readonly<Record<Exclude<Row, 'foreign'>, RowVerdict>> = {
  stats: { auth: 'open-anonymous', proof: 3, markers: 2 },
  'binary-stats': { auth: 'open-anonymous', proof: 3, markers: 2 },
  authfile: { auth: 'auth-required', proof: 2, markers: 2 },
  sasl: { auth: 'auth-required', proof: 2, markers: 2 },
  'version-only': { auth: 'undetermined', proof: 1, markers: 1, note: 'a version, but no counters' },
  full: { auth: 'undetermined', proof: 1, markers: 1, note: 'the server has no connection to spare' },
  error: { auth: 'undetermined', proof: 0, markers: 0, note: 'ERROR in answer to version: very old, or no memcached' },
};

/** One connection's talk. Without a row, nothing was said that reads as a reply. */
interface Heard extends Ended {
  row?: Row;
  version?: string;
  counters?: wire.Counters;
}

async function visit(access: ProbeAccess, _endpoint: unknown, options: ProbeOptions): Promise<ProbeAnswer> {
  const channel = await access.open();
  const text = await hear<Heard>(channel, {}, speakText);
  const plain = interpret(text, channel, options);
  const isAlert = text.head !== undefined && isTlsAlert(text.head);
  if (text.row !== 'error' && !isAlert && !isMute(text, channel)) return plain;
  const binary = isAlert ? undefined : await inBinary(access, options, false);
  if (binary !== undefined || text.row === 'error') return binary ?? plain;
  return insideTls(access, options, plain);
}

/** A SASL server is silent to text until 24 bytes have come (1.6.18), then closes. */
async function inBinary(access: ProbeAccess, options: ProbeOptions, tls: boolean): Promise<ProbeAnswer | undefined> {
  let channel: Channel;
  try {
    channel = await access.open({ tls });
  } catch (error) {
    if (!(error instanceof PeerError) || error.reason === 'cancelled') throw error;
    return undefined; // the first connection's silence stands
  }
  const heard = await hear<Heard>(channel, {}, speakBinary);
  return heard.row === undefined || heard.row === 'foreign' ? undefined : interpret(heard, channel, options);
}

async function insideTls(access: ProbeAccess, options: ProbeOptions, plain: ProbeAnswer): Promise<ProbeAnswer> {
  let channel: Channel;
  try {
    channel = await access.open({ tls: true });
  } catch (error) {
    if (!(error instanceof PeerError) || error.reason === 'cancelled') throw error;
    return tlsFailed(plain, error, 'memcached');
  }
  const text = await hear<Heard>(channel, {}, speakText);
  if (!isMute(text, channel)) return interpret(text, channel, options);
  const silent = tlsSilent(text.ended, channel, 'memcached');
  return silent.tls.clientCert === 'required' ? silent : ((await inBinary(access, options, true)) ?? silent);
}

function isMute(heard: Heard, channel: Channel): heard is Heard & { ended: PeerError } {
  return heard.row === undefined && heard.ended instanceof PeerError && channel.bytesRead === 0;
}

async function speakText(channel: Channel, heard: Heard): Promise<void> {
  await channel.write('version\r\n');
  const line = await channel.readUntil('\n', wire.MAX_LINE);
  const reply = wire.readVersion(line);
  switch (reply.kind) {
    case 'unauthenticated':
      heard.row = 'authfile';
      return;
    case 'full':
    case 'error':
      heard.row = reply.kind;
      return;
    case 'foreign':
      heard.row = 'foreign';
      heard.head = line;
      return;
    case 'version':
      heard.row = 'version-only';
      heard.version = reply.version;
  }
  await channel.write('stats\r\n');
  const counters = await wire.readStats(channel);
  if (counters !== undefined) Object.assign(heard, { row: 'stats', counters } satisfies Heard);
}

async function speakBinary(channel: Channel, heard: Heard): Promise<void> {
  await channel.write(wire.binaryRequest(wire.VERSION));
  const version = await wire.readBinary(channel, wire.VERSION);
  heard.row = version.status === wire.STATUS_AUTH ? 'sasl' : 'version-only';
  if (version.status !== 0) return;
  heard.version = version.value;
  await channel.write(wire.binaryRequest(wire.STAT));
  const { status, counters } = await wire.readBinaryStats(channel);
  if (status === wire.STATUS_AUTH) heard.row = 'sasl';
  if (status === 0) Object.assign(heard, { row: 'binary-stats', counters } satisfies Heard);
}

function interpret(heard: Heard, channel: Channel, options: ProbeOptions): ProbeAnswer {
  const { row, counters } = heard;
  if (row === undefined || row === 'foreign') return unread('memcached', heard, channel, wire.isStart);
  const { auth, proof, markers, note } = VERDICTS[row];
  const isOpen = auth === 'open-anonymous';
  return {
    l4: 'open',
    proto: {
      state: markers === 0 ? 'other' : 'match',
      confidence: (['none', 'tentative', 'firm'] as const)[markers],
      ...(markers === 0 ? {} : { product: 'memcached' }),
      ...(heard.version === undefined ? {} : { version: printable(heard.version, 40) }),
    },
    tls: channel.encrypted ? tlsOnly(channel) : PLAINTEXT_ONLY,
    auth:
      auth === 'auth-required' && !channel.encrypted
        ? { state: 'auth-weak', weakness: ['cleartext'] }
        : { state: auth },
    proof: isOpen && counters?.items !== undefined ? 4 : proof,
    rule: `memcached/${channel.encrypted ? 'tls-' : ''}${row}`,
    notes: [note, heard.ended?.message].flatMap((line) => (line === undefined ? [] : [printable(line)])),
    ...(isOpen && options.metadata > 0
      ? { metadata: { objects: [cacheObject(counters ?? {})], truncated: false } }
      : {}),
  };
}

function cacheObject({ items, bytes }: wire.Counters): MetadataObject {
  return {
    name: 'cache',
    kind: 'cache',
    ...(items === undefined ? {} : { records: items }),
    ...(bytes === undefined ? {} : { bytes }),
    system: false,
  };
}
