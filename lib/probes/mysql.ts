import { PeerError } from '../model/errors.ts';
import type { AuthState, ProbeAnswer, TlsAxis } from '../model/observation.ts';
import type { Channel, Probe, ProbeAccess } from '../model/probe.ts';
import { silentAxes, SILENT_RULES } from '../model/silence.ts';
import { PLAINTEXT_ONLY } from '../model/tls-attempt.ts';
import { WireError } from '../wire/error.ts';
import { foreign, foreignNote } from '../wire/foreign.ts';
import {
  type Greeting,
  isSphinx,
  packetLength,
  parseFirstPacket,
  productOf,
  SSL_REQUEST,
  type ServerError,
  shownVersion,
} from '../wire/mysql.ts';
import { printable } from '../model/text.ts';

/**
 * MySQL, MariaDB, TiDB and what speaks like them (probes.md sections 3.1 and 4.15).
 * The server speaks first. Sent: nothing, or one SSLRequest and a TLS handshake on the same connection where the
 * greeting offers TLS. Every visit counts against the server's max_connect_errors, whatever we do: one
 * connection, no retry, and a budget that stops long before a block.
 * A greeting means that authentication follows (an account without a password cannot be seen without a login);
 * error 1130 that our address is not admitted, 1129 that the server blocks us. `required` TLS is not visible.
 * Never sent: HandshakeResponse, a user, a password.
 */
export const mysql: Probe = {
  id: 'mysql',
  speaks: 'stream',
  sends: [
    { what: 'SSLRequest', hex: '20000001008a0800', why: 'TLS on the same connection, where the greeting offers it' },
  ],
  rules: {
    ...SILENT_RULES,
    greeting: 'greets, so some account admits hosts like ours; authentication follows always',
    'greeting-no-tls': 'greets without offering TLS: a password would cross the wire in the clear',
    'host-blocked': 'the server blocks this vantage (max_connect_errors); visits stop',
    'host-not-allowed': 'no account admits our address',
    busy: 'the server has no connection to spare',
    error: 'an error that says nothing on authentication',
    sphinx: 'Manticore or Sphinx, which greet like MySQL',
  },
  engines: ['mysql', 'mariadb', 'tidb'],
  defaultPort: 3306,
  maxConnections: 1,
  deadlineMs: 15_000,
  connectionBudget: { stopAt: 40, minIntervalMs: 24 * 60 * 60 * 1000, unblock: 'FLUSH HOSTS' },
  visit,
};

/** The server may look our address up before it greets us. */
const FIRST_BYTE_MS = 12_000;
const UNKNOWN_TLS: TlsAxis = { state: 'undetermined', clientCert: 'undetermined' };

type FirstPacket =
  | Greeting
  | ServerError
  | { readonly kind: 'mute'; readonly error: PeerError }
  | { readonly kind: 'unreadable'; readonly head: Buffer; readonly why: string };

/** What became of TLS; `clientCertRefused` when the handshake failed for want of a client certificate. */
interface TlsTry {
  readonly axis: TlsAxis;
  readonly clientCertRefused: boolean;
  readonly notes: readonly string[];
}

async function visit(access: ProbeAccess): Promise<ProbeAnswer> {
  const channel = await access.open({ firstByteMs: FIRST_BYTE_MS });
  try {
    const packet = await firstPacket(channel);
    if (packet.kind === 'mute') return silentAxes(packet.error, channel.bytesRead, 'mysql');
    if (packet.kind === 'unreadable') return unreadable(packet.head, packet.why);
    if (packet.kind === 'error') return interpretError(packet);
    return isSphinx(packet) ? sphinx(packet) : interpretGreeting(packet, await tryTls(channel, packet));
  } finally {
    await channel.close();
  }
}

async function firstPacket(channel: Channel): Promise<FirstPacket> {
  let head: Buffer = Buffer.alloc(0);
  try {
    head = await channel.readExactly(4);
    const payload = await channel.readExactly(packetLength(head));
    head = Buffer.concat([head, payload]);
    return parseFirstPacket(payload);
  } catch (error) {
    if (error instanceof WireError) return { kind: 'unreadable', head: await whole(head, channel), why: error.message };
    if (!(error instanceof PeerError) || error.reason === 'cancelled') throw error;
    return { kind: 'mute', error };
  }
}

/** What else has already come, for a look at who this is. */
async function whole(head: Buffer, channel: Channel): Promise<Buffer> {
  return channel.buffered === 0 ? head : Buffer.concat([head, await channel.readSome(256)]);
}

async function tryTls(channel: Channel, greeting: Greeting): Promise<TlsTry> {
  if (!greeting.tls) return { axis: PLAINTEXT_ONLY, clientCertRefused: false, notes: [] };
  const failed = { axis: UNKNOWN_TLS, clientCertRefused: false };
  if (channel.buffered > 0) {
    return { ...failed, notes: [`${channel.buffered} bytes after the greeting: possible injection, TLS not started`] };
  }
  try {
    await channel.write(SSL_REQUEST);
    const facts = await channel.startTls();
    // We leave before the first byte inside TLS: `no` would be a guess (probes.md section 7).
    const clientCert = channel.clientCertRequested ? 'requested' : 'undetermined';
    return { axis: { state: 'offered', facts, clientCert }, clientCertRefused: false, notes: [] };
  } catch (error) {
    if (!(error instanceof PeerError)) throw error;
    const notes = [`TLS is offered, but failed: ${error.reason} (${error.message})`];
    if (error.reason !== 'client-cert') return { ...failed, notes };
    return { axis: { state: 'undetermined', clientCert: 'required' }, clientCertRefused: true, notes };
  }
}

export function interpretGreeting(greeting: Greeting, tls: TlsTry): ProbeAnswer {
  const { plugin } = greeting;
  return {
    l4: 'open',
    proto: {
      state: 'match',
      confidence: 'firm',
      product: productOf(greeting),
      version: printable(shownVersion(greeting.version), 64),
    },
    tls: tls.axis,
    auth: greeting.tls ? { state: 'auth-required' } : { state: 'auth-weak', weakness: ['cleartext'] },
    proof: 1,
    rule: greeting.tls ? 'mysql/greeting' : 'mysql/greeting-no-tls',
    notes: [
      // Otherwise the server would have answered 1130.
      'some account admits hosts like ours; an account without a password cannot be seen from outside',
      ...(plugin === undefined ? [] : [`default authentication plugin: ${plugin}`]),
      ...(plugin === 'mysql_native_password' ? ['mysql_native_password is a legacy hash; accounts may differ'] : []),
      ...tls.notes,
    ].map((note) => printable(note)),
  };
}

/** Errors that come instead of a greeting. The text must fit the code for two markers. */
const ERRORS: Readonly<Record<number, { readonly row: string; readonly auth: AuthState; readonly text: RegExp }>> = {
  1129: { row: 'host-blocked', auth: 'lockout', text: /block/iu },
  1130: { row: 'host-not-allowed', auth: 'source-acl', text: /not allowed/iu },
  1040: { row: 'busy', auth: 'undetermined', text: /connections/iu },
  1203: { row: 'busy', auth: 'undetermined', text: /connections/iu },
};

export function interpretError({ code, sqlstate, text }: ServerError): ProbeAnswer {
  const known = ERRORS[code] ?? (sqlstate === '08004' ? ERRORS[1040] : undefined);
  return {
    l4: 'open',
    proto: { state: 'match', confidence: known?.text.test(text) === true ? 'firm' : 'tentative' },
    tls: UNKNOWN_TLS,
    auth: { state: known?.auth ?? 'undetermined' },
    proof: 1,
    rule: `mysql/${known?.row ?? 'error'}`,
    notes: [
      printable(`error ${code}: ${text}`),
      ...(code === 1129 ? ['blocked by max_connect_errors: run FLUSH HOSTS, then reset the connection budget'] : []),
    ],
  };
}

function sphinx({ version }: Greeting): ProbeAnswer {
  return {
    l4: 'open',
    proto: { state: 'other', confidence: 'firm', product: 'Manticore/Sphinx', version: printable(version, 64) },
    tls: UNKNOWN_TLS,
    auth: { state: 'undetermined' },
    proof: 1,
    rule: 'mysql/sphinx',
    notes: ['greets like MySQL; Manticore before 27.1.5 and every Sphinx have no authentication at all'],
  };
}

function unreadable(head: Buffer, why: string): ProbeAnswer {
  return {
    l4: 'open',
    proto: foreign(head),
    tls: UNKNOWN_TLS,
    auth: { state: 'undetermined' },
    proof: 0,
    rule: 'mysql/foreign',
    notes: [foreignNote(head), printable(why)],
  };
}
