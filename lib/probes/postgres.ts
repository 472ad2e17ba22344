import type { Endpoint } from '../model/endpoint.ts';
import { PeerError } from '../model/errors.ts';
import type { AuthState, ProbeAnswer, TlsAxis, TlsFacts } from '../model/observation.ts';
import type { Channel, Probe, ProbeAccess } from '../model/probe.ts';
import { silentAxes, SILENT_RULES } from '../model/silence.ts';
import { PLAINTEXT_ONLY } from '../model/tls-attempt.ts';
import { WireError } from '../wire/error.ts';
import { foreign, foreignNote } from '../wire/foreign.ts';
import { messageHead, type PgMessage, parseMessage, SSL_REQUEST, startupFor, TERMINATE } from '../wire/postgres.ts';
import {
  interpretStartup,
  isLast,
  isSession,
  STARTUP_ROWS,
  type StartupReply,
  type StartupVerdict,
} from '../wire/postgres-reply.ts';
import { printable } from '../model/text.ts';

/** The database that every server of the kind has, so that rules limited to one behave predictably. */
const DATABASES = {
  postgres: 'postgres',
  redshift: 'dev',
  cockroachdb: 'defaultdb',
  yugabytedb: 'yugabyte',
} as const;

/**
 * PostgreSQL and what speaks like it: Redshift, CockroachDB, YugabyteDB (probes.md sections 3.2 and 3.20).
 * Sent: SSLRequest; a StartupMessage for a role that does not exist, inside TLS after `S`, in plaintext after
 * `N`; and, after `S` or `E`, the same StartupMessage in plaintext on a second connection, which tells
 * required from offered. AuthenticationOk followed by an error or a session is trust: the server let a
 * stranger in. Where the two connections differ, the more exposed one counts.
 * Never sent: a password, a SASL response, a query. Terminate goes out only after AuthenticationOk.
 */
export const postgres: Probe = {
  id: 'postgres',
  speaks: 'stream',
  sends: [
    { what: 'SSLRequest', hex: '0000000804d2162f', why: 'whether TLS is offered' },
    {
      what: 'StartupMessage',
      hex: '0000004f00030000',
      why: 'for a role that does not exist, inside TLS and in plaintext',
    },
    { what: 'StartupMessage, Redshift', hex: '0000004a00030000', why: 'the same for its database `dev`' },
    { what: 'StartupMessage, CockroachDB', hex: '0000005000030000', why: 'the same for its database `defaultdb`' },
    { what: 'Terminate', hex: '5800000004', why: 'goodbye, where a session began' },
  ],
  rules: { ...SILENT_RULES, ...STARTUP_ROWS },
  engines: ['postgres', 'redshift', 'cockroachdb', 'yugabytedb'],
  defaultPort: 5432,
  maxConnections: 2,
  deadlineMs: 15_000,
  beforeTls: { ask: SSL_REQUEST, yes: 'S' },
  visit,
};

/** A session sends some 15 messages before ReadyForQuery; all but the first one are only read for a version. */
const MAX_MESSAGES = 32;
const MAX_REPLY_BYTES = 64 * 1024;

/** The first connection, up to the point where a second one may be needed. */
interface First {
  readonly answer: 'S' | 'N' | 'E';
  readonly verdict?: StartupVerdict;
  readonly facts?: TlsFacts;
  readonly clientCertRequested: boolean;
  readonly notes: readonly string[];
}

async function visit(access: ProbeAccess, { engine }: Pick<Endpoint, 'engine'>): Promise<ProbeAnswer> {
  const hello = startupFor(Object.hasOwn(DATABASES, engine) ? DATABASES[engine as keyof typeof DATABASES] : 'postgres');
  const channel = await access.open();
  const first = await firstConnection(channel, hello);
  if ('l4' in first) return first;
  return combine(first, first.answer === 'N' ? undefined : await inPlaintext(access, hello));
}

async function firstConnection(channel: Channel, hello: Buffer): Promise<First | ProbeAnswer> {
  try {
    await channel.write(SSL_REQUEST);
    // One byte and no more: what follows `S` in plaintext must not be mistaken for the TLS peer (CVE-2021-23222).
    const answer = (await channel.readExactly(1)).toString('latin1');
    return await afterFirstByte(channel, answer, hello);
  } catch (error) {
    if (!(error instanceof PeerError) || error.reason === 'cancelled') throw error;
    return silentAxes(error, channel.bytesRead, 'postgres');
  } finally {
    await channel.close();
  }
}

async function afterFirstByte(channel: Channel, answer: string, hello: Buffer): Promise<First | ProbeAnswer> {
  const first = { clientCertRequested: false, notes: [] };
  if (answer === 'S') return insideTls(channel, hello);
  if (answer === 'N') return { ...first, answer, verdict: interpretStartup(await startup(channel, hello), false) };
  const rest = await whatFollows(channel);
  if (answer === 'E') return { ...first, answer, notes: [`an error instead of S or N: ${rest.toString('latin1')}`] };
  return notPostgres(Buffer.concat([Buffer.from(answer, 'latin1'), rest]));
}

async function insideTls(channel: Channel, hello: Buffer): Promise<First | ProbeAnswer> {
  const first = { answer: 'S', clientCertRequested: false } as const;
  if (channel.buffered > 0) {
    const head = Buffer.concat([Buffer.from('S'), await channel.readSome(64)]);
    if (foreign(head).confidence !== 'none') return notPostgres(head); // SSH begins with an S of its own
    return { ...first, notes: [`plaintext bytes came with the S: possible injection, TLS not started`] };
  }
  try {
    const facts = await channel.startTls({ alpn: ['postgresql'] });
    const reply = await startup(channel, hello);
    // Under TLS 1.3 the refusal of a missing certificate comes after the handshake.
    const refused = reply.messages.length === 0 && reply.cut === 'client-cert';
    const verdict = refused ? CERTIFICATE_DEMANDED : interpretStartup(reply, true);
    return { ...first, facts, verdict, clientCertRequested: channel.clientCertRequested, notes: [] };
  } catch (error) {
    if (!(error instanceof PeerError)) throw error;
    if (error.reason === 'client-cert') return { ...first, verdict: CERTIFICATE_DEMANDED, notes: [] };
    return { ...first, notes: [`S, but TLS failed: ${error.reason} (${error.message})`] };
  }
}

/** Decides required against offered. Whatever goes wrong here takes nothing from what the first one showed. */
async function inPlaintext(access: ProbeAccess, hello: Buffer): Promise<StartupVerdict> {
  let channel: Channel;
  try {
    channel = await access.open();
  } catch (error) {
    if (!(error instanceof PeerError)) throw error;
    return interpretStartup({ messages: [], cut: `second connection: ${error.reason}` }, false);
  }
  try {
    return interpretStartup(await startup(channel, hello), false);
  } finally {
    await channel.close();
  }
}

async function startup(channel: Channel, hello: Buffer): Promise<StartupReply> {
  const messages: PgMessage[] = [];
  try {
    await channel.write(hello);
    for (let n = 0, left = false; n < MAX_MESSAGES && channel.bytesRead < MAX_REPLY_BYTES; n++) {
      const { tag, bodyLength } = messageHead(await channel.readExactly(5));
      const message = parseMessage(tag, await channel.readExactly(bodyLength));
      messages.push(message);
      if (isLast(message)) break;
      if (!left && isSession(messages)) {
        left = true;
        await channel.write(TERMINATE); // at once; what is already on its way is read for a version
      }
    }
    return { messages };
  } catch (error) {
    if (error instanceof PeerError) return { messages, cut: error.reason };
    if (error instanceof WireError) return { messages, cut: error.message };
    throw error;
  }
}

/** Up to 1 KiB of whatever came instead of one of the three letters; it is only shown. */
async function whatFollows(channel: Channel): Promise<Buffer> {
  try {
    return await channel.readSome(1_024);
  } catch (error) {
    if (error instanceof PeerError) return Buffer.alloc(0);
    throw error;
  }
}

/** A TLS handshake that failed for want of a client certificate: TLS itself is the authentication. */
const CERTIFICATE_DEMANDED: StartupVerdict = {
  row: 'tls-client-cert',
  auth: 'auth-required',
  proof: 2,
  stance: 'admits',
  parsed: false,
  clientCertRequired: true,
  notes: ['TLS demands a client certificate'],
};
const NOTHING_HEARD: StartupVerdict = interpretStartup({ messages: [] }, false);

/** Most exposed first: where the two connections disagree, a stranger takes the better one. */
const EXPOSURE: readonly AuthState[] = ['open-anonymous', 'auth-weak', 'auth-required', 'source-acl', 'undetermined'];

function combine(first: First, plaintext: StartupVerdict | undefined): ProbeAnswer {
  const heard = [first.verdict, plaintext].filter((v) => v !== undefined);
  const best = heard.toSorted((a, b) => EXPOSURE.indexOf(a.auth) - EXPOSURE.indexOf(b.auth))[0] ?? NOTHING_HEARD;
  const parsed = heard.some((v) => v.parsed);
  const version = heard.find((v) => v.version !== undefined)?.version;
  const product = heard.find((v) => v.product !== undefined)?.product ?? 'PostgreSQL';
  return {
    l4: 'open',
    proto: {
      state: 'match',
      confidence: parsed ? 'firm' : 'tentative',
      ...(parsed ? { product } : {}),
      ...(version === undefined ? {} : { version: printable(version, 64) }),
    },
    tls: tlsAxis(first, plaintext),
    auth: { state: best.auth, ...(best.weakness === undefined ? {} : { weakness: [best.weakness] }) },
    // The letter alone recognises the protocol, tentatively.
    proof: best.proof === 0 ? 1 : best.proof,
    rule: `postgres/${best.row}`,
    notes: [
      ...first.notes,
      ...(first.verdict?.notes ?? []).map((note) => `${first.answer === 'S' ? 'inside TLS' : 'in plaintext'}: ${note}`),
      ...(plaintext?.notes ?? []).map((note) => `in plaintext: ${note}`),
    ].map((note) => printable(note)),
  };
}

function tlsAxis(
  { answer, verdict, facts, clientCertRequested }: First,
  plaintext: StartupVerdict | undefined,
): TlsAxis {
  if (answer === 'N' && verdict?.parsed === true) return PLAINTEXT_ONLY;
  const state = answer === 'S' ? tlsState(verdict, facts, plaintext) : 'undetermined';
  const clientCert = verdict?.clientCertRequired === true ? 'required' : clientCertRequested ? 'requested' : 'no';
  // `no` and `requested` only once something arrived inside TLS (probes.md section 7).
  const known = clientCert === 'required' || (facts !== undefined && verdict?.parsed === true);
  return { state, ...(facts === undefined ? {} : { facts }), clientCert: known ? clientCert : 'undetermined' };
}

/** `required` needs both halves: TLS got as far as authentication, and plaintext was turned away before it. */
function tlsState(
  inside: StartupVerdict | undefined,
  facts: TlsFacts | undefined,
  plaintext: StartupVerdict | undefined,
): TlsAxis['state'] {
  const works = inside?.stance === 'admits' || (facts !== undefined && inside?.parsed === true);
  if (!works) return 'undetermined';
  if (plaintext?.stance === 'admits') return 'offered';
  if (plaintext?.stance !== 'refuses') return 'undetermined';
  return inside?.stance === 'admits' || plaintext.row === 'tls-demanded' ? 'required' : 'undetermined';
}

function notPostgres(head: Buffer): ProbeAnswer {
  return {
    l4: 'open',
    proto: foreign(head),
    tls: { state: 'undetermined', clientCert: 'undetermined' },
    auth: { state: 'undetermined' },
    proof: 0,
    rule: 'postgres/foreign',
    notes: [foreignNote(head)],
  };
}
