/**
 * Firebird (probes.md section 4.18).
 * Sent: op_connect for a database that does not exist, without a user, in plaintext, and inside TLS where that got no
 * answer. From 3.0 on the server asks at once who it is; before that it accepts, and the login comes with the attachment.
 * Nobody is let in without one, so it is never open.
 * Never sent: op_attach, a user, the name of a database that may exist.
 */
import type { AuthState, ProbeAnswer, ProofLevel } from '../model/observation.ts';
import type { Channel, Probe, ProbeAccess } from '../model/probe.ts';
import { SILENT_RULES } from '../model/silence.ts';
import { PLAINTEXT_ONLY, tlsOnly } from '../model/tls-attempt.ts';
import { printable } from '../model/text.ts';
import { recognised } from '../talk/http.ts';
import { type Ended, hear, muteness, plainThenTls, unread } from '../talk/stream.ts';
import * as wire from '../wire/firebird.ts';

const ID = 'firebird';

export const firebird: Probe = {
  id: ID,
  speaks: 'stream',
  sends: [
    { what: 'op_connect', hex: '00000001000000130000000300000001', why: 'product, and that it asks for a login' },
  ],
  rules: {
    ...SILENT_RULES,
    'continue-auth': 'a login is asked for',
    accept: 'Firebird, which lets nobody in without a login',
    login: 'a login is asked for, in an error of its own',
    reject: 'Firebird, which wants its connection encrypted, or speaks no protocol of ours',
    error: 'an error that says nothing on authentication',
  },
  engines: ['firebird'],
  defaultPort: 3050,
  maxConnections: 2,
  deadlineMs: 15_000,
  visit,
};

interface Heard extends Ended {
  reply?: wire.FirebirdReply;
}

async function visit(access: ProbeAccess): Promise<ProbeAnswer> {
  return plainThenTls<Heard>(access, {
    id: ID,
    converse: (channel) => hear<Heard>(channel, {}, ask),
    silence: (heard, channel) => (heard.reply === undefined ? muteness(heard, channel) : undefined),
    interpret,
  });
}

async function ask(channel: Channel, heard: Heard): Promise<void> {
  await channel.write(wire.CONNECT);
  heard.reply = await wire.readReply(async (count) => {
    const bytes = await channel.readExactly(count);
    heard.head = Buffer.concat([heard.head ?? Buffer.alloc(0), bytes]).subarray(0, 256);
    return bytes;
  });
  delete heard.head;
}

interface Verdict {
  readonly row: string;
  readonly auth: AuthState;
  readonly proof: ProofLevel;
  readonly markers: 1 | 2;
  readonly notes?: readonly string[];
}

/** isc_login, isc_login_error: who it is was not said, or not believed. */
const LOGIN_ERRORS: ReadonlySet<number> = new Set([0x14000098, 0x140002e8]);

function verdictOf(reply: wire.FirebirdReply): Verdict {
  switch (reply.kind) {
    case 'continue-auth':
      return { row: 'continue-auth', auth: 'auth-required', proof: 2, markers: 2 };
    case 'accept':
      return { row: 'accept', auth: 'auth-required', proof: 1, markers: 2, notes: [`protocol ${reply.protocol}`] };
    case 'reject':
      return { row: 'reject', auth: 'undetermined', proof: 1, markers: 1 };
    case 'error': {
      const isLogin = LOGIN_ERRORS.has(reply.code);
      const notes = [`status ${reply.code}`];
      if (isLogin) return { row: 'login', auth: 'auth-required', proof: 2, markers: 2, notes };
      return { row: 'error', auth: 'undetermined', proof: 1, markers: 2, notes };
    }
  }
}

function interpret(heard: Heard, channel: Channel): ProbeAnswer {
  const { reply } = heard;
  if (reply === undefined) return unread(ID, heard, channel, wire.isReplyStart);
  const { row, auth, proof, markers, notes = [] } = verdictOf(reply);
  return {
    l4: 'open',
    proto: recognised(markers, 'Firebird'),
    tls: channel.encrypted ? tlsOnly(channel) : PLAINTEXT_ONLY,
    auth: { state: auth },
    proof,
    rule: `${ID}/${row}`,
    notes: notes.map((note) => printable(note)),
  };
}
