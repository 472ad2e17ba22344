import { PeerError } from '../model/errors.ts';
import type { AuthState, MetadataObject, ProbeAnswer, ProofLevel, TlsAxis } from '../model/observation.ts';
import type { Channel, Probe, ProbeAccess, ProbeOptions } from '../model/probe.ts';
import { silentAxes } from '../model/silence.ts';
import { PLAINTEXT_ONLY, tlsFailed, tlsOnly, tlsSilent } from '../model/tls-attempt.ts';
import { WireError } from '../wire/error.ts';
import { foreign, foreignNote, isTlsAlert } from '../wire/foreign.ts';
import { goesOn, isContent, isUnknownCommand, readRedis, type RedisRow, type RedisTalk } from '../wire/redis.ts';
import { isRespType, readResp, respCommand, type RespValue } from '../wire/resp.ts';
import { printable } from '../model/text.ts';

/**
 * Redis, Valkey and what speaks like them, Sentinel included (probes.md section 3.4).
 * Sent: PING, INFO server, INFO keyspace; DBSIZE only where INFO was renamed away. All in plaintext, and again
 * inside TLS on a second connection where plaintext got no answer: a plaintext Redis never answers a TLS hello,
 * so TLS comes second and only then.
 * A bulk reply to INFO is the only proof of an open door; +PONG alone is neither proof nor disproof.
 * -DENIED means no password and refused for our address only; -NOPERM a default user with few rights.
 * Never sent: AUTH, HELLO, CONFIG, KEYS, SCAN, CLIENT, COMMAND, or anything inline.
 */
export const redis: Probe = {
  id: 'redis',
  engines: ['redis', 'valkey'],
  defaultPort: 6379,
  maxConnections: 2,
  deadlineMs: 15_000,
  visit,
};

interface RowVerdict {
  readonly auth: AuthState;
  readonly proof: ProofLevel;
  readonly note?: string;
}

/** What each row means. Proof rises to 4 where counts came with it. */
const VERDICTS: Readonly<Record<RedisRow, RowVerdict>> = {
  'info-bulk': { auth: 'open-anonymous', proof: 3 },
  'ping-renamed': { auth: 'open-anonymous', proof: 3, note: 'PING is renamed; INFO answers anyone' },
  'busy-info': { auth: 'open-anonymous', proof: 3, note: 'the server is loading or busy; INFO answers anyone' },
  'info-renamed': { auth: 'open-anonymous', proof: 3, note: 'INFO is renamed; DBSIZE answers anyone' },
  sentinel: { auth: 'open-anonymous', proof: 3, note: 'a Sentinel: names and addresses of masters are readable' },
  noperm: { auth: 'open-restricted', proof: 2, note: 'the default user has no password and few rights' },
  noauth: { auth: 'auth-required', proof: 2 },
  'not-permitted': { auth: 'auth-required', proof: 2 },
  'protected-mode': { auth: 'mode-blocked', proof: 2, note: 'no password is set; only our address kept us out' },
  'max-clients': { auth: 'undetermined', proof: 1, note: 'the server has no connection to spare' },
  busy: { auth: 'undetermined', proof: 1, note: 'authentication not enforced so far; look again once it is ready' },
  moved: { auth: 'undetermined', proof: 1, note: 'a cluster node that points elsewhere' },
  'info-empty': { auth: 'undetermined', proof: 1, note: 'INFO answered with nothing' },
  'no-info': { auth: 'undetermined', proof: 1, note: 'no answer to INFO that says anything on authentication' },
  unrecognised: { auth: 'undetermined', proof: 0, note: 'speaks RESP, but not as a Redis' },
};

/** What was said up to the end of the exchange, and how that came about if we did not end it. */
type Heard = Partial<RedisTalk> & {
  readonly ended?: PeerError | WireError;
  /** Bytes that came and were no whole reply. */
  readonly head?: Buffer;
};

async function visit(access: ProbeAccess, _endpoint: unknown, options: ProbeOptions): Promise<ProbeAnswer> {
  const channel = await access.open();
  const heard = await converse(channel, options);
  const plain = interpret(heard, channel, options);
  return silence(heard, channel) === undefined ? plain : insideTls(access, options, plain);
}

async function insideTls(access: ProbeAccess, options: ProbeOptions, plain: ProbeAnswer): Promise<ProbeAnswer> {
  let channel: Channel;
  try {
    channel = await access.open({ tls: true });
  } catch (error) {
    if (!(error instanceof PeerError) || error.reason === 'cancelled') throw error;
    return tlsFailed(plain, error, 'redis');
  }
  const heard = await converse(channel, options);
  const mute = silence(heard, channel);
  return mute === undefined ? interpret(heard, channel, options) : tlsSilent(mute, channel, 'redis');
}

/** The whole exchange on one connection, which it closes. */
async function converse(channel: Channel, options: ProbeOptions): Promise<Heard> {
  const heard: { -readonly [K in keyof Heard]: Heard[K] } = {};
  try {
    heard.ping = await ask(channel, 'PING');
    if (!goesOn(heard.ping)) return heard;
    heard.server = await ask(channel, 'INFO', 'server');
    if (isContent(heard.server) && options.metadata > 0) heard.keyspace = await ask(channel, 'INFO', 'keyspace');
    if (isUnknownCommand(heard.server)) heard.size = await ask(channel, 'DBSIZE');
  } catch (error) {
    if (!(error instanceof PeerError || error instanceof WireError) || error.reason === 'cancelled') throw error;
    heard.ended = error;
    if (channel.buffered > 0) heard.head = await channel.readSome(256);
  } finally {
    await channel.close();
  }
  return heard;
}

/** In protected mode the server has refused and closed before we write, so a failed write is not yet the end. */
async function ask(channel: Channel, ...words: readonly string[]): Promise<RespValue> {
  try {
    await channel.write(respCommand(...words));
  } catch (error) {
    if (!(error instanceof PeerError) || !(error.reason === 'reset' || error.reason === 'closed')) throw error;
  }
  return readResp(channel);
}

/** Why nothing was said, if nothing was. A TLS alert is no word of Redis either. */
function silence(heard: Heard, channel: Channel): PeerError | undefined {
  if (heard.ping !== undefined || !(heard.ended instanceof PeerError)) return undefined;
  return channel.bytesRead === 0 || (heard.head !== undefined && isTlsAlert(heard.head)) ? heard.ended : undefined;
}

function interpret(heard: Heard, channel: Channel, options: ProbeOptions): ProbeAnswer {
  const tls = channel.encrypted ? tlsOnly(channel) : PLAINTEXT_ONLY;
  const { ping } = heard;
  if (ping === undefined || ping.kind === 'foreign') return notRedis(heard, channel, tls);
  const { row, markers, product, version, keyspaces, truncated } = readRedis({ ...heard, ping });
  const { auth, proof, note } = VERDICTS[row];
  const open = auth === 'open-anonymous' && keyspaces !== undefined;
  return {
    l4: 'open',
    proto: {
      state: row === 'unrecognised' ? 'other' : markers === 0 ? 'unknown' : 'match',
      confidence: markers === 0 ? 'none' : markers === 1 ? 'tentative' : 'firm',
      ...(product === undefined ? {} : { product }),
      ...(version === undefined ? {} : { version }),
    },
    tls,
    // On plaintext, the password that is asked for would cross the wire in the clear.
    auth:
      auth === 'auth-required' && !channel.encrypted
        ? { state: 'auth-weak', weakness: ['cleartext'] }
        : { state: auth },
    proof: open ? 4 : proof,
    rule: `redis/${channel.encrypted ? 'tls-' : ''}${row}`,
    notes: [note, heard.ended?.message].flatMap((line) => (line === undefined ? [] : [printable(line)])),
    ...(open && options.metadata > 0 ? { metadata: { objects: keyspaces.map(keyspaceObject), truncated } } : {}),
  };
}

function keyspaceObject({ name, keys }: { readonly name: string; readonly keys: number }): MetadataObject {
  return { name, kind: 'keyspace', records: keys, system: false };
}

/** No whole reply, or one in no words of RESP. */
function notRedis(heard: Heard, channel: Channel, tls: TlsAxis): ProbeAnswer {
  const { ping, ended } = heard;
  const bytes = ping?.kind === 'foreign' ? ping.line : (heard.head ?? Buffer.alloc(0));
  if (ended instanceof PeerError && (bytes.length === 0 || isRespType(bytes))) {
    return { ...silentAxes(ended, channel.bytesRead, 'redis'), ...(channel.bytesRead > 0 ? { tls } : {}) };
  }
  return {
    l4: 'open',
    proto: foreign(bytes),
    tls,
    auth: { state: 'undetermined' },
    proof: 0,
    rule: 'redis/foreign',
    notes: [ended instanceof WireError ? printable(ended.message) : foreignNote(bytes)],
  };
}
