/**
 * SQL Server, RDS for SQL Server, Azure SQL (probes.md section 3.9).
 * Sent: PRELOGIN of a client that cannot encrypt, which tells whether a login may cross the wire in the clear; on a second
 * connection PRELOGIN of one that wants to, and where that is agreed, the TLS handshake inside TDS packets, for the
 * certificate. A port that closes on the first one is asked in TDS 8: TLS from the first byte, PRELOGIN inside it.
 * There is no way in without a login, so authentication is always required; in the clear it is weak.
 * Never sent: LOGIN7, SSPI, a batch, the browser's UDP. Never more than two connections, and at most daily: it is noted.
 */
import { PeerError } from '../model/errors.ts';
import type { AuthAxis, ProbeAnswer, TlsAxis, TlsFacts } from '../model/observation.ts';
import type { Channel, Probe, ProbeAccess } from '../model/probe.ts';
import { SILENT_RULES } from '../model/silence.ts';
import { printable } from '../model/text.ts';
import { PLAINTEXT_ONLY, tlsOnly } from '../model/tls-attempt.ts';
import { type Ended, hear, insideTls, type Talk, unread, warily } from '../talk/stream.ts';
import * as wire from '../wire/sqlserver.ts';

export const sqlserver: Probe = {
  id: 'sqlserver',
  speaks: 'stream',
  sends: [
    {
      what: 'PRELOGIN without encryption',
      hex: '1201002f00000100',
      why: 'version; whether a login may go in the clear',
    },
    {
      what: 'PRELOGIN with encryption',
      hex: '1201002f00000100',
      why: 'whether TLS is there; the handshake, for the certificate',
    },
    { what: 'PRELOGIN inside TLS', hex: '1201002f00000100', why: 'TDS 8, where the port closed on plaintext' },
  ],
  rules: {
    ...SILENT_RULES,
    cleartext: 'asks for a login, and takes one without encryption',
    encrypted: 'asks for a login, and takes none without encryption',
    strict: 'asks for a login, inside TLS from the first byte (TDS 8)',
  },
  engines: ['sqlserver'],
  defaultPort: 1433,
  maxConnections: 2,
  deadlineMs: 15_000,
  connectionBudget: { stopAt: 10_000, minIntervalMs: 24 * 60 * 60 * 1000 },
  visit,
};

interface Heard extends Ended {
  prelogin?: wire.Prelogin;
}

async function visit(access: ProbeAccess): Promise<ProbeAnswer> {
  const talk: Talk<Heard> = {
    id: 'sqlserver',
    converse: (channel) => hear<Heard>(channel, {}, (_, heard) => ask(channel, heard, 'not-supported')),
    silence: (heard, channel) => (heard.prelogin === undefined ? warily(heard, channel, false) : undefined),
    interpret,
  };
  const channel = await access.open();
  const heard = await talk.converse(channel);
  const plain = talk.interpret(heard, channel);
  if (heard.prelogin !== undefined) return withCertificate(access, plain, heard.prelogin);
  return talk.silence(heard, channel) === undefined ? plain : insideTls(access, talk, { alpn: ['tds/8.0'] }, plain);
}

async function ask(channel: Channel, heard: Heard, encryption: wire.Encryption): Promise<void> {
  await channel.write(wire.prelogin(encryption));
  heard.head = await channel.readExactly(wire.HEAD_BYTES);
  heard.prelogin = wire.readPrelogin(await channel.readExactly(wire.bodyBytes(heard.head)));
  delete heard.head;
}

function interpret({ prelogin, ...ended }: Heard, channel: Channel): ProbeAnswer {
  if (prelogin === undefined) return unread('sqlserver', ended, channel, wire.isAnswerStart);
  const { version, release, encryption } = prelogin;
  const isClear = !channel.encrypted && (encryption === 'not-supported' || encryption === 'off');
  const auth: AuthAxis = isClear ? { state: 'auth-weak', weakness: ['cleartext'] } : { state: 'auth-required' };
  return {
    l4: 'open',
    proto: { state: 'match', confidence: 'firm', product: 'SQL Server', version },
    tls: channel.encrypted ? { ...tlsOnly(channel), state: 'implicit' } : PLAINTEXT_ONLY,
    auth,
    proof: 1,
    rule: `sqlserver/${channel.encrypted ? 'strict' : isClear ? 'cleartext' : 'encrypted'}`,
    notes: [release === undefined ? [] : `SQL Server ${release}`, `encryption: ${encryption}`].flat(),
  };
}

interface Look extends Heard {
  facts?: TlsFacts;
  asked?: boolean;
}

/** The second connection. Whatever happens there takes nothing from what the first one said. */
async function withCertificate(access: ProbeAccess, plain: ProbeAnswer, first: wire.Prelogin): Promise<ProbeAnswer> {
  let channel: Channel;
  try {
    channel = await access.open();
  } catch (error) {
    if (!(error instanceof PeerError) || error.reason === 'cancelled') throw error;
    const tls: TlsAxis = { state: stateOf(first.encryption, undefined), clientCert: 'undetermined' };
    return { ...plain, tls, notes: [...plain.notes, printable(`second connection: ${error.message}`)] };
  }
  const look = await hear<Look>(channel, {}, async (_, heard) => {
    await ask(channel, heard, 'on');
    if (heard.prelogin?.encryption !== 'on' && heard.prelogin?.encryption !== 'required') return;
    heard.facts = await channel.startTls({ framing: 'tds' });
  });
  const notes = look.ended === undefined ? [] : [printable(`second connection, with TLS: ${look.ended.message}`)];
  const isRefused = look.ended instanceof PeerError && look.ended.reason === 'client-cert';
  const tls: TlsAxis = {
    state: stateOf(first.encryption, look),
    ...(look.facts === undefined ? {} : { facts: look.facts }),
    clientCert: isRefused ? 'required' : clientCert(look, channel),
  };
  return { ...plain, tls: tls.state === 'absent' ? PLAINTEXT_ONLY : tls, notes: [...plain.notes, ...notes] };
}

/** Required is the server's own word; offered and absent are what it answers a client that wants to encrypt. */
function stateOf(first: wire.Encryption, look: Look | undefined): TlsAxis['state'] {
  if (first === 'required' || first === 'on') return 'required';
  const second = look?.prelogin?.encryption;
  if (second === 'not-supported' || second === 'off') return 'absent';
  return look?.facts === undefined ? 'undetermined' : 'offered';
}

/** Nothing is read after the handshake, and under TLS 1.3 a refusal would come only then. */
function clientCert({ facts }: Look, channel: Channel): TlsAxis['clientCert'] {
  if (facts?.version !== 'TLSv1.2') return 'undetermined';
  return channel.clientCertRequested ? 'requested' : 'no';
}
