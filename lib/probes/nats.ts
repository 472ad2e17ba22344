/**
 * NATS, which probes.md has no section for: docs.nats.io, "Client Protocol" and "Monitoring".
 * Client port: the server greets with INFO. Where that demands TLS the connection is upgraded in place; a server that waits
 * for TLS before INFO is asked there. Sent: CONNECT without a user, and PING. PONG is the server's word that a stranger is
 * let in; -ERR that it is not. What the session may publish or read is not tried.
 * Monitoring port, TLS first: `GET /varz`, a path that cannot exist, and names of streams: whoever may ask is told all of it.
 * Never sent: SUB, PUB, a credential. Never asked: /connz, /subsz, /routez.
 */
import type { Endpoint } from '../model/endpoint.ts';
import { PeerError } from '../model/errors.ts';
import type { AuthState, ProbeAnswer, ProofLevel, TlsAxis } from '../model/observation.ts';
import type { Channel, Probe, ProbeAccess, ProbeOptions } from '../model/probe.ts';
import { printable } from '../model/text.ts';
import { clientCertDemanded, PLAINTEXT_ONLY, tlsOnly } from '../model/tls-attempt.ts';
import { recognised } from '../talk/http.ts';
import { LIST_RULES, type Listing, visitListing } from '../talk/listing.ts';
import { type Ended, hear, muteness, plainThenTls, unread } from '../talk/stream.ts';
import { WireError } from '../wire/error.ts';
import * as wire from '../wire/nats.ts';

const ID = 'nats';
const STREAM_PORTS: readonly number[] = [4222, 4223, 4224];
const STREAMS = '/jsz?accounts=true&streams=true&limit=200';

const MONITORING: Listing = {
  id: ID,
  product: 'NATS',
  kind: 'topic',
  welcome: { path: '/varz', read: wire.readVarz },
  read: () => ({ rows: [], truncated: false }),
  async more(site) {
    const reply = await site.ask(STREAMS);
    return (reply instanceof PeerError ? undefined : wire.readStreams(reply)) ?? [];
  },
};

export const nats: Probe = {
  id: ID,
  speaks: 'both',
  streamPorts: STREAM_PORTS,
  sends: [
    {
      what: 'CONNECT without a user, and PING',
      hex: wire.CONNECT_PING.toString('hex', 0, 24),
      why: 'whether a stranger is let in',
    },
    { what: 'GET /varz', why: 'monitoring: product and version; the proof' },
    { what: 'GET /.exposure-probe/{}', why: 'negative control, before anything is called open' },
    { what: `GET ${STREAMS}`, why: 'monitoring: names and counts of streams' },
  ],
  rules: {
    ...LIST_RULES,
    list: 'the monitoring pages are shown to anyone',
    pong: 'anyone is let in without credentials; what they may do there was not tried',
    authorization: 'credentials are asked for',
    'auth-stated': 'the greeting says that credentials are asked for',
    'max-connections': 'the server has no connection to spare',
    error: 'an error that says nothing on authentication',
    greeting: 'greets, and no answer that says whether credentials are asked for',
  },
  engines: ['nats'],
  defaultPort: 8222,
  maxConnections: 4,
  deadlineMs: 15_000,
  visit,
};

async function visit(access: ProbeAccess, { port }: Endpoint, options: ProbeOptions): Promise<ProbeAnswer> {
  if (STREAM_PORTS.includes(port)) return asClient(access);
  const answer = await visitListing(access, options, MONITORING);
  return answer.rule === `${ID}/not-http` ? asClient(access) : answer;
}

interface Heard extends Ended {
  info?: wire.Info;
  answer?: wire.Answer | undefined;
  /** TLS was demanded, and its handshake failed. */
  tlsFailure?: PeerError;
}

async function asClient(access: ProbeAccess): Promise<ProbeAnswer> {
  return plainThenTls<Heard>(access, {
    id: ID,
    converse: (channel) => hear<Heard>(channel, {}, converse),
    silence: (heard, channel) => (heard.info === undefined ? muteness(heard, channel) : undefined),
    interpret,
  });
}

async function converse(channel: Channel, heard: Heard): Promise<void> {
  const line = await channel.readUntil(wire.LINE_END, wire.MAX_LINE);
  const info = wire.readInfo(line);
  if (info === undefined) {
    heard.head = line;
    throw new WireError('malformed', 'no INFO of a NATS server');
  }
  heard.info = info;
  if (info.tlsRequired && !channel.encrypted && !(await upgraded(channel, heard))) return;
  await channel.write(wire.CONNECT_PING);
  for (let n = 0; n < wire.MAX_LINES && heard.answer === undefined; n++) {
    heard.answer = wire.readAnswer(await channel.readUntil(wire.LINE_END, wire.MAX_LINE));
  }
}

async function upgraded(channel: Channel, heard: Heard): Promise<boolean> {
  try {
    await channel.startTls();
    return true;
  } catch (error) {
    if (!(error instanceof PeerError) || error.reason === 'cancelled') throw error;
    heard.tlsFailure = error;
    return false;
  }
}

interface Verdict {
  readonly row: string;
  readonly auth: AuthState;
  readonly proof: ProofLevel;
}

const ERRORS: readonly (readonly [RegExp, Verdict])[] = [
  [/authorization|authentication/iu, { row: 'authorization', auth: 'auth-required', proof: 2 }],
  [/maximum .*connections/iu, { row: 'max-connections', auth: 'undetermined', proof: 1 }],
];

function verdictOf({ authRequired }: wire.Info, answer: wire.Answer | undefined): Verdict {
  if (answer?.kind === 'pong') return { row: 'pong', auth: 'open-anonymous', proof: 2 };
  const known = ERRORS.find(([pattern]) => answer !== undefined && pattern.test(answer.text))?.[1];
  if (known !== undefined) return known;
  if (authRequired) return { row: 'auth-stated', auth: 'auth-required', proof: 2 };
  return { row: answer === undefined ? 'greeting' : 'error', auth: 'undetermined', proof: 1 };
}

function interpret(heard: Heard, channel: Channel): ProbeAnswer {
  const { info, answer, ended, tlsFailure } = heard;
  if (info === undefined)
    return unread(ID, heard, channel, (head) => 'INFO '.startsWith(head.toString('latin1', 0, 5)));
  const proto = recognised(2, 'NATS', info.version);
  if (answer === undefined && isCertificateWanted(heard, channel)) {
    const facts = channel.tls === undefined ? {} : { facts: channel.tls };
    return { ...clientCertDemanded(ID, { state: 'required', ...facts }), proto };
  }
  const { row, auth, proof } = verdictOf(info, answer);
  // A signature of the nonce is no secret; a user's password or a token is.
  const isWeak = auth === 'auth-required' && !channel.encrypted && !info.tlsRequired && !info.hasNonce;
  const said = answer?.kind === 'error' ? [`-ERR ${answer.text}`] : [];
  const failed = [ended, tlsFailure].flatMap((error) => (error === undefined ? [] : [`ended early: ${error.message}`]));
  return {
    l4: 'open',
    proto,
    tls: tlsOf(info, channel),
    auth: isWeak ? { state: 'auth-weak', weakness: ['cleartext'] } : { state: auth },
    proof,
    rule: `${ID}/${row}`,
    notes: [...said, ...failed].map((line) => printable(line)),
  };
}

/** In the handshake or, under TLS 1.3, after it (probes.md section 7). */
function isCertificateWanted({ ended, tlsFailure }: Heard, channel: Channel): boolean {
  const end = tlsFailure ?? ended;
  if (!(end instanceof PeerError)) return false;
  const isShut = channel.encrypted && (end.reason === 'closed' || end.reason === 'reset');
  return end.reason === 'client-cert' || (isShut && channel.clientCertRequested);
}

/** TLS that is offered beside plaintext is not tried: what the door shows, it shows in plaintext. */
function tlsOf({ tlsRequired, tlsAvailable }: wire.Info, channel: Channel): TlsAxis {
  if (channel.encrypted) return tlsOnly(channel);
  if (tlsRequired) return { state: 'undetermined', clientCert: 'undetermined' };
  return tlsAvailable ? { state: 'offered', clientCert: 'undetermined' } : PLAINTEXT_ONLY;
}
