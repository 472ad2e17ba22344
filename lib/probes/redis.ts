import { PeerError } from '../model/errors.ts';
import type { AuthState, MetadataObject, ProbeAnswer, ProofLevel } from '../model/observation.ts';
import type { Channel, Probe, ProbeAccess, ProbeOptions } from '../model/probe.ts';
import { SILENT_RULES } from '../model/silence.ts';
import { PLAINTEXT_ONLY, tlsOnly } from '../model/tls-attempt.ts';
import { type Ended, hear, muteness, plainThenTls, unread } from '../talk/stream.ts';
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
  speaks: 'stream',
  sends: [
    { what: 'PING', hex: '2a310d0a24340d0a50494e470d0a', why: 'whether Redis speaks there, and to whom' },
    { what: 'INFO server', hex: '2a320d0a24340d0a494e464f0d0a24360d0a7365727665720d0a', why: 'version; the proof' },
    { what: 'INFO keyspace', hex: '2a320d0a24340d0a494e464f0d0a24380d0a6b657973706163650d0a', why: 'counts of keys' },
    { what: 'DBSIZE', hex: '2a310d0a24360d0a444253495a450d0a', why: 'the proof where INFO was renamed away' },
  ],
  rules: {
    ...SILENT_RULES,
    'info-bulk': 'INFO answers anyone',
    'ping-renamed': 'PING is renamed; INFO answers anyone',
    'busy-info': 'loading or busy; INFO answers anyone',
    'info-renamed': 'INFO is renamed; DBSIZE answers anyone',
    sentinel: 'a Sentinel shows names and addresses of masters to anyone',
    noperm: 'the default user needs no password and has few rights',
    noauth: 'a password is asked for',
    'not-permitted': 'a password is asked for, in the words of old servers',
    'protected-mode': 'no password is set; only our address kept us out',
    'max-clients': 'the server has no connection to spare',
    busy: 'loading or busy, and nothing was asked of us so far',
    moved: 'a cluster node that points elsewhere',
    'info-empty': 'INFO answered with nothing',
    'no-info': 'INFO got no answer that says anything on authentication',
    unrecognised: 'speaks RESP, but not as a Redis',
  },
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

/** What was said up to the end of the exchange. */
type Heard = { -readonly [K in keyof RedisTalk]?: RedisTalk[K] } & Ended;

async function visit(access: ProbeAccess, _endpoint: unknown, options: ProbeOptions): Promise<ProbeAnswer> {
  return plainThenTls<Heard>(access, {
    id: 'redis',
    converse: (channel) => hear(channel, {}, (_, heard) => converse(channel, heard, options)),
    silence: (heard, channel) => (heard.ping === undefined ? muteness(heard, channel) : undefined),
    interpret: (heard, channel) => interpret(heard, channel, options),
  });
}

async function converse(channel: Channel, heard: Heard, options: ProbeOptions): Promise<void> {
  heard.ping = await ask(channel, 'PING');
  if (!goesOn(heard.ping)) return;
  heard.server = await ask(channel, 'INFO', 'server');
  if (isContent(heard.server) && options.metadata > 0) heard.keyspace = await ask(channel, 'INFO', 'keyspace');
  if (isUnknownCommand(heard.server)) heard.size = await ask(channel, 'DBSIZE');
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

function interpret(heard: Heard, channel: Channel, options: ProbeOptions): ProbeAnswer {
  const tls = channel.encrypted ? tlsOnly(channel) : PLAINTEXT_ONLY;
  const { ping } = heard;
  if (ping === undefined || ping.kind === 'foreign') return notRedis(heard, channel);
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
function notRedis(heard: Heard, channel: Channel): ProbeAnswer {
  const { ping } = heard;
  return unread('redis', ping?.kind === 'foreign' ? { ...heard, head: ping.line } : heard, channel, isRespType);
}
