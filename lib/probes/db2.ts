/**
 * Db2 and what speaks DRDA like it, Derby too (probes.md section 4.18).
 * Sent: EXCSAT, the exchange of server attributes, in plaintext, and inside TLS where that got no answer. The class of the
 * server and its release come back before any login.
 * Db2 always asks for one. Derby does not unless it is told to, so of Derby nothing is said.
 * Never sent: ACCSEC, SECCHK, ACCRDB, the name of a database.
 */
import type { AuthState, ProbeAnswer } from '../model/observation.ts';
import type { Channel, Probe, ProbeAccess } from '../model/probe.ts';
import { SILENT_RULES } from '../model/silence.ts';
import { PLAINTEXT_ONLY, tlsOnly } from '../model/tls-attempt.ts';
import { type Ended, hear, muteness, plainThenTls, unread } from '../talk/stream.ts';
import * as wire from '../wire/drda.ts';

export const db2: Probe = {
  id: 'db2',
  speaks: 'stream',
  sends: [{ what: 'EXCSAT', hex: '0020d0010001001a1041', why: 'class and release of the server; answered to anyone' }],
  rules: {
    ...SILENT_RULES,
    attributes: 'Db2, which lets nobody in without a login',
    derby: 'Derby, which lets anyone in unless it is told to ask; which of the two is not known',
    'other-class': 'speaks DRDA, as a class of server that is not known',
    refused: 'speaks DRDA, and refused to say who it is',
  },
  engines: ['db2'],
  defaultPort: 50_000,
  maxConnections: 2,
  deadlineMs: 15_000,
  visit,
};

interface Heard extends Ended {
  reply?: wire.DrdaReply;
}

async function visit(access: ProbeAccess): Promise<ProbeAnswer> {
  return plainThenTls<Heard>(access, {
    id: 'db2',
    converse: (channel) => hear<Heard>(channel, {}, ask),
    silence: (heard, channel) => (heard.reply === undefined ? muteness(heard, channel) : undefined),
    interpret,
  });
}

async function ask(channel: Channel, heard: Heard): Promise<void> {
  await channel.write(wire.EXCSAT);
  heard.head = await channel.readExactly(wire.HEAD_BYTES);
  heard.reply = wire.readReply(await channel.readExactly(wire.bodyBytes(heard.head)));
  delete heard.head;
}

type Row = 'attributes' | 'derby' | 'other-class' | 'refused';
const ROWS: Readonly<Record<Row, { readonly auth: AuthState; readonly product: string }>> = {
  attributes: { auth: 'auth-required', product: 'Db2' },
  derby: { auth: 'undetermined', product: 'Derby' },
  'other-class': { auth: 'undetermined', product: 'DRDA' },
  refused: { auth: 'undetermined', product: 'DRDA' },
};

function rowOf(reply: wire.DrdaReply): Row {
  if (reply.kind === 'refused') return 'refused';
  if (/derby/iu.test(reply.product)) return 'derby';
  return /db2/iu.test(reply.product) ? 'attributes' : 'other-class';
}

function interpret(heard: Heard, channel: Channel): ProbeAnswer {
  const { reply } = heard;
  if (reply === undefined) return unread('db2', heard, channel, wire.isReplyStart);
  const row = rowOf(reply);
  const { auth, product } = ROWS[row];
  return {
    l4: 'open',
    proto: {
      state: 'match',
      confidence: row === 'attributes' || row === 'derby' ? 'firm' : 'tentative',
      product,
      ...(reply.kind === 'attributes' && reply.release !== '' ? { version: reply.release } : {}),
    },
    tls: channel.encrypted ? tlsOnly(channel) : PLAINTEXT_ONLY,
    auth: { state: auth },
    proof: 1,
    rule: `db2/${row}`,
    notes: [reply.kind === 'refused' ? `code point ${reply.code.toString(16)}` : `class ${reply.product}`],
  };
}
