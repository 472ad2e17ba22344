/**
 * Oracle's listener, RDS for Oracle (probes.md section 3.10).
 * Sent: one CONNECT for a service that does not exist, and once more where the listener asks for it again. The refusal
 * names the version; there is no way in without a login, so authentication is always required.
 * In plaintext, but inside TLS on 2484, the port of TCPS; never both: one connection, and at most daily, for the listener
 * logs every one. Native encryption does not show here, so no secret is said to cross in the clear.
 * Never sent: the name of a service that may exist, VERSION, STATUS, PING, a login. A redirect is not followed.
 */
import { PeerError } from '../model/errors.ts';
import type { AuthState, ProbeAnswer } from '../model/observation.ts';
import type { Channel, Probe, ProbeAccess } from '../model/probe.ts';
import { silentAxes, SILENT_RULES } from '../model/silence.ts';
import { printable } from '../model/text.ts';
import { clientCertDemanded, PLAINTEXT_ONLY, tlsOnly, tlsSilent } from '../model/tls-attempt.ts';
import { type Ended, hear, muteness, unread } from '../talk/stream.ts';
import * as wire from '../wire/oracle.ts';

export const oracle: Probe = {
  id: 'oracle',
  speaks: 'stream',
  sends: [
    {
      what: 'CONNECT',
      hex: '00aa000001000000',
      why: 'for a service that does not exist: its refusal names the version',
    },
  ],
  rules: {
    ...SILENT_RULES,
    refuse: 'a listener that knows no such service; those that it knows ask for a login',
    filtered: 'the listener turns our address away',
    redirect: 'points to another host, which is not followed',
    accept: 'takes any service: a proxy, or a default behind which a login is asked for',
    resend: 'asked for the same again and again',
  },
  engines: ['oracle'],
  defaultPort: 1521,
  maxConnections: 1,
  deadlineMs: 15_000,
  connectionBudget: { stopAt: 10_000, minIntervalMs: 24 * 60 * 60 * 1000 },
  visit,
};

const TLS_PORT = 2484;
/** Rejected by the rules of a connection manager (TNS-12529) or of the listener (TNS-12546). */
const FILTERED: ReadonlySet<number | undefined> = new Set([12_529, 12_546]);

interface Heard extends Ended {
  reply?: wire.TnsReply;
}

async function visit(access: ProbeAccess, { port }: { readonly port: number }): Promise<ProbeAnswer> {
  const tls = port === TLS_PORT;
  let channel: Channel;
  try {
    channel = await access.open({ tls });
  } catch (error) {
    if (!(error instanceof PeerError) || error.stage !== 'tls' || error.reason === 'cancelled') throw error;
    if (error.reason === 'client-cert') return clientCertDemanded('oracle', { state: 'implicit' });
    return silentAxes(error, 0, 'oracle');
  }
  const heard = await hear<Heard>(channel, {}, converse);
  const mute = muteness(heard, channel);
  return tls && mute !== undefined ? tlsSilent(mute, channel, 'oracle') : interpret(heard, channel);
}

async function converse(channel: Channel, heard: Heard): Promise<void> {
  heard.reply = await ask(channel, heard);
  if (heard.reply.kind === 'resend') heard.reply = await ask(channel, heard);
}

async function ask(channel: Channel, heard: Heard): Promise<wire.TnsReply> {
  await channel.write(wire.CONNECT);
  heard.head = await channel.readExactly(wire.HEAD_BYTES);
  const { kind, bodyBytes } = wire.readHead(heard.head);
  const reply = wire.readBody(kind, await channel.readExactly(bodyBytes));
  delete heard.head;
  return reply;
}

type Row = 'refuse' | 'filtered' | 'redirect' | 'accept' | 'resend';
const AUTH: Readonly<Record<Row, AuthState>> = {
  refuse: 'auth-required',
  filtered: 'source-acl',
  redirect: 'auth-required',
  accept: 'auth-required',
  resend: 'undetermined',
};

function interpret(heard: Heard, channel: Channel): ProbeAnswer {
  const { reply, ended } = heard;
  if (reply === undefined) return unread('oracle', heard, channel, wire.isReplyStart);
  const row = reply.kind === 'refuse' && FILTERED.has(reply.code) ? 'filtered' : reply.kind;
  const version = reply.kind === 'refuse' ? reply.version : undefined;
  return {
    l4: 'open',
    proto: {
      state: 'match',
      confidence: version === undefined ? 'tentative' : 'firm',
      product: 'Oracle',
      ...(version === undefined ? {} : { version }),
    },
    tls: channel.encrypted ? { ...tlsOnly(channel), state: 'implicit' } : PLAINTEXT_ONLY,
    auth: { state: AUTH[row] },
    proof: 1,
    rule: `oracle/${row}`,
    notes: [saidOf(reply), ended === undefined ? [] : `ended early: ${ended.message}`]
      .flat()
      .map((line) => printable(line)),
  };
}

function saidOf(reply: wire.TnsReply): string[] {
  if (reply.kind === 'refuse') return reply.code === undefined ? [] : [`TNS-${reply.code}`];
  return reply.kind === 'redirect' ? [`points to ${reply.host}`] : [];
}
