/**
 * ZooKeeper (probes.md section 3.15).
 * Sent: the word `srvr`, four bytes without a newline. Version, role and the count of nodes come back, or that the word is
 * not allowed, which only a ZooKeeper says.
 * Words are answered whatever authentication is on, so they say nothing of it: the verdict stays undetermined. ZooKeeper
 * lets anyone open a session unless told otherwise, but a session that proved it would be two writes to the ensemble.
 * TLS only after a close, an alert, or on a port that is known for it (section 1, rule 9): a TLS port is silent to four
 * bytes, because it waits for a fifth.
 * Never sent: a session, any other word (some walk the whole tree, `envi` and `conf` tell too much).
 */
import { PeerError } from '../model/errors.ts';
import type { ProbeAnswer } from '../model/observation.ts';
import type { Channel, Probe, ProbeAccess } from '../model/probe.ts';
import { SILENT_RULES } from '../model/silence.ts';
import { PLAINTEXT_ONLY, tlsOnly } from '../model/tls-attempt.ts';
import { type Ended, hear, plainThenTls, unread, warily } from '../talk/stream.ts';
import * as wire from '../wire/zookeeper.ts';

export const zookeeper: Probe = {
  id: 'zookeeper',
  speaks: 'stream',
  sends: [{ what: 'srvr', hex: '73727672', why: 'version, role and the count of nodes' }],
  rules: {
    ...SILENT_RULES,
    srvr: 'ZooKeeper tells its state to anyone; whether it asks for credentials is not to be known without a write',
    'not-allowed': 'ZooKeeper, which does not answer srvr; whether it asks for credentials is not known',
    'not-serving': 'ZooKeeper, without its ensemble at the moment',
  },
  engines: ['zookeeper'],
  defaultPort: 2181,
  maxConnections: 2,
  deadlineMs: 15_000,
  visit,
};

const TLS_PORTS: ReadonlySet<number> = new Set([2182, 2281, 2282, 3181]);

interface Heard extends Ended {
  srvr?: wire.Srvr | undefined;
}

async function visit(access: ProbeAccess, { port }: { readonly port: number }): Promise<ProbeAnswer> {
  return plainThenTls<Heard>(access, {
    id: 'zookeeper',
    converse: (channel) => hear(channel, {}, converse),
    silence: (heard, channel) => (heard.srvr === undefined ? warily(heard, channel, TLS_PORTS.has(port)) : undefined),
    interpret,
  });
}

/** The server closes after its answer, and may send it in pieces. */
async function converse(channel: Channel, heard: Heard): Promise<void> {
  await channel.write(wire.SRVR);
  let answer = Buffer.alloc(0);
  let end: PeerError | undefined;
  while (end === undefined && answer.length < wire.MAX_ANSWER) {
    try {
      answer = Buffer.concat([answer, await channel.readSome(wire.MAX_ANSWER)]);
    } catch (error) {
      if (!(error instanceof PeerError) || error.reason === 'cancelled') throw error;
      end = error;
    }
  }
  heard.srvr = wire.readSrvr(answer);
  if (heard.srvr !== undefined) return;
  if (answer.length > 0) heard.head = answer;
  if (end !== undefined) throw end;
}

const NOTES: Readonly<Record<wire.SrvrRow, string>> = {
  srvr: 'ZooKeeper lets anyone in unless told otherwise; whether this one does cannot be known without a write',
  'not-allowed': 'srvr is not allowed there; whether anyone is let in cannot be known without a write',
  'not-serving': 'not serving requests at the moment',
};

function interpret(heard: Heard, channel: Channel): ProbeAnswer {
  const { srvr } = heard;
  if (srvr === undefined) return unread('zookeeper', heard, channel, wire.isAnswerStart);
  const { row, markers, version, mode, nodes } = srvr;
  return {
    l4: 'open',
    proto: {
      state: 'match',
      confidence: markers > 1 ? 'firm' : 'tentative',
      product: 'ZooKeeper',
      ...(version === undefined ? {} : { version }),
    },
    tls: channel.encrypted ? tlsOnly(channel) : PLAINTEXT_ONLY,
    auth: { state: 'undetermined' },
    proof: 1,
    rule: `zookeeper/${row}`,
    notes: [
      NOTES[row],
      ...(mode === undefined ? [] : [`mode: ${mode}`]),
      ...(nodes === undefined ? [] : [`node count: ${nodes}`]),
    ],
  };
}
