/**
 * No protocol: the depth of a visit where AWS's leave to go further is not on record (probes.md section 8 b).
 * Sent: nothing, for two seconds, on a first connection; a TLS handshake on a second, and nothing inside it. PostgreSQL's
 * kin are asked for TLS in their way (SSLRequest); servers that take a TLS hello for a length or count connections get none.
 * Learnt: whether the port is open, its certificate, and that something was said. Nothing on authentication, ever: only a
 * TLS layer that demands a client certificate says so by itself.
 */
import type { Endpoint, Engine } from '../model/endpoint.ts';
import { PeerError } from '../model/errors.ts';
import type { ProbeAnswer, TlsAxis } from '../model/observation.ts';
import type { Channel, Probe, ProbeAccess } from '../model/probe.ts';
import { blankAxes, silentAxes, SILENT_RULES } from '../model/silence.ts';
import { printable } from '../model/text.ts';
import { clientCertDemanded, tlsFailed, tlsSilent } from '../model/tls-attempt.ts';
import { type Ended, hear, muteness } from '../talk/stream.ts';
import { SSL_REQUEST } from '../wire/postgres.ts';

const ID = 'banner';

export const banner: Probe = {
  id: ID,
  speaks: 'stream',
  sends: [
    { what: 'nothing', why: 'whether the server speaks first' },
    { what: 'TLS handshake', hex: '160301', why: 'the certificate, on a second connection where the first was mute' },
    { what: 'SSLRequest', hex: '0000000804d2162f', why: 'TLS as PostgreSQL and its kin begin it' },
  ],
  rules: {
    ...SILENT_RULES,
    'speaks-first': 'the server greets whoever connects; nothing was sent',
    tls: 'TLS is spoken; nothing was sent inside it',
    'tls-in-place': 'TLS begins as PostgreSQL begins it; nothing was sent inside it',
    'no-tls-in-place': 'answers a request for TLS as PostgreSQL does, with no',
  },
  engines: [],
  defaultPort: 443,
  maxConnections: 2,
  deadlineMs: 15_000,
  visit,
};

const SILENT_MS = 2_000;
/** MySQL may look our address up before it greets (probes.md section 1, rule 3). */
const GREETING_MS = 12_000;
const MAX_BANNER = 256;
const MAX_SHOWN = 40;

const POSTGRES_KIN: ReadonlySet<Engine> = new Set<Engine>(['postgres', 'redshift', 'cockroachdb', 'yugabytedb']);
/** They greet, and count connections. */
const GREETERS: ReadonlySet<Engine> = new Set<Engine>(['mysql', 'mariadb', 'tidb']);
/** They read a TLS hello as the length of a message (probes.md section 1, rule 9), or log it as an attempt. */
const NO_HELLO: ReadonlySet<Engine> = new Set<Engine>([
  'kafka',
  'zookeeper',
  'hive',
  'hbase',
  'hadoop',
  'spark',
  'sqlserver',
  'oracle',
]);
/** Where those are known to speak TLS: MSK's listeners, inside and public, ZooKeeper's, and Oracle's. */
const TLS_PORTS: ReadonlySet<number> = new Set([9094, 9096, 9098, 9194, 9196, 9198, 2182, 2281, 2484]);

async function visit(access: ProbeAccess, { engine, port }: Endpoint): Promise<ProbeAnswer> {
  if (POSTGRES_KIN.has(engine)) return inPlace(access);
  const plain = await listen(await access.open({ firstByteMs: GREETERS.has(engine) ? GREETING_MS : SILENT_MS }));
  if (!plain.isMute || GREETERS.has(engine) || (NO_HELLO.has(engine) && !TLS_PORTS.has(port))) return plain.answer;
  let channel: Channel;
  try {
    channel = await access.open({ tls: true, firstByteMs: SILENT_MS });
  } catch (error) {
    if (!(error instanceof PeerError) || error.reason === 'cancelled') throw error;
    return tlsFailed(plain.answer, error, ID);
  }
  return insideTls(channel, plain.answer.l4 === 'accept-then-close');
}

interface Listened extends Ended {
  said?: Buffer;
}

const listenTo = async (channel: Channel, heard: Listened): Promise<void> => {
  heard.said = await channel.readSome(MAX_BANNER);
};

async function listen(channel: Channel): Promise<{ readonly answer: ProbeAnswer; readonly isMute: boolean }> {
  const heard = await hear<Listened>(channel, {}, listenTo);
  const mute = muteness(heard, channel);
  if (heard.said !== undefined) return { answer: greeted(heard.said), isMute: false };
  return { answer: silentAxes(mute ?? unheard(), channel.bytesRead, ID), isMute: true };
}

function unheard(): PeerError {
  return new PeerError('protocol', 'malformed', 'no whole word came');
}

/** Whose words they are is for the probe that speaks the protocol: here they are shown, not judged. */
function greeted(said: Buffer): ProbeAnswer {
  const words = printable(said.subarray(0, MAX_SHOWN).toString('latin1'));
  return blankAxes('open', `${ID}/speaks-first`, [`speaks first: ${words}`]);
}

/** `closedInClear`: plaintext was hung up on, so TLS is all that the port speaks. */
async function insideTls(channel: Channel, closedInClear: boolean): Promise<ProbeAnswer> {
  const heard = await hear<Listened>(channel, {}, listenTo);
  const { ended } = heard;
  if (ended instanceof PeerError && ended.reason !== 'timeout') return tlsSilent(ended, channel, ID);
  return {
    ...blankAxes('open', `${ID}/tls`),
    tls: tlsOf(channel, closedInClear ? 'implicit' : 'undetermined', heard.said !== undefined),
  };
}

/** Whether a client certificate is wanted is certain only once something came inside TLS (probes.md section 7). */
function tlsOf({ tls, clientCertRequested }: Channel, state: TlsAxis['state'], heard: boolean): TlsAxis {
  const clientCert = heard ? (clientCertRequested ? 'requested' : 'no') : 'undetermined';
  return { state, ...(tls === undefined ? {} : { facts: tls }), clientCert };
}

interface Asked extends Ended {
  letter?: string;
  refused?: PeerError;
}

/** TLS in place, and out again. */
async function inPlace(access: ProbeAccess): Promise<ProbeAnswer> {
  const channel = await access.open();
  const heard = await hear<Asked>(channel, {}, async (_, asked) => {
    await channel.write(SSL_REQUEST);
    asked.letter = (await channel.readExactly(1)).toString('latin1');
    // What came with the letter must not be mistaken for the TLS peer (CVE-2021-23222).
    if (asked.letter === 'S' && channel.buffered === 0) await channel.startTls({ alpn: ['postgresql'] });
  });
  const { ended, letter } = heard;
  if (letter === undefined && ended instanceof PeerError) return silentAxes(ended, channel.bytesRead, ID);
  if (ended instanceof PeerError && ended.reason === 'client-cert') {
    return clientCertDemanded(ID, { state: 'undetermined' });
  }
  if (channel.encrypted) {
    return { ...blankAxes('open', `${ID}/tls-in-place`), tls: tlsOf(channel, 'undetermined', false) };
  }
  if (letter === 'N' && channel.buffered === 0) {
    return blankAxes('open', `${ID}/no-tls-in-place`, ['a request for TLS was answered with no']);
  }
  const note = ended === undefined ? 'a request for TLS was answered with something else' : `no TLS: ${ended.message}`;
  return blankAxes('open', `${ID}/cut-short`, [note]);
}
