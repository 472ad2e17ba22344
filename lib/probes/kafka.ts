/**
 * Kafka, MSK, Redpanda and what speaks like them (probes.md section 3.14).
 * Sent: ApiVersions (answered to anyone, before SASL), then Metadata for all topics. Where the second is closed on us: on
 * a new connection SaslHandshake for a mechanism that does not exist, whose refusal lists those that do.
 * Topics are an open door; no topic at all is an empty cluster or an access list; the list of mechanisms asks for
 * credentials, and PLAIN among them without TLS sends them in the clear.
 * TLS only after a close, an alert, or on a port that is known for it: old brokers take a TLS hello for a length and
 * make room for it (section 1, rule 9).
 * Never sent: the name of a topic (brokers create what is asked for), SaslAuthenticate, Fetch, Produce.
 */
import { PeerError } from '../model/errors.ts';
import type { AuthState, ProbeAnswer, ProofLevel } from '../model/observation.ts';
import type { Channel, Probe, ProbeAccess, ProbeOptions } from '../model/probe.ts';
import { SILENT_RULES } from '../model/silence.ts';
import { printable } from '../model/text.ts';
import { PLAINTEXT_ONLY, tlsOnly } from '../model/tls-attempt.ts';
import { type Ended, hear, plainThenTls, unread, warily } from '../talk/stream.ts';
import * as wire from '../wire/kafka.ts';

export const kafka: Probe = {
  id: 'kafka',
  speaks: 'stream',
  sends: [
    { what: 'ApiVersions', hex: '0000001800120000', why: 'whether a broker speaks there; answered to anyone' },
    { what: 'Metadata, all topics', hex: '0000001c00030001', why: 'the proof: names of topics' },
    { what: 'SaslHandshake', hex: '0000002800110000', why: 'where Metadata was closed on us: the list of mechanisms' },
  ],
  rules: {
    ...SILENT_RULES,
    topics: 'names of topics are shown to anyone',
    'no-topics': 'anyone may ask, and no topic is shown: an empty cluster, or an access list',
    sasl: 'credentials are asked for',
    'closed-after-versions': 'closed when asked for topics, and nothing more was learned',
    'no-metadata': 'a broker that answered ApiVersions and not our version of Metadata',
  },
  engines: ['kafka'],
  defaultPort: 9092,
  // Plaintext, TLS instead of it, and the list of mechanisms.
  maxConnections: 3,
  deadlineMs: 15_000,
  visit,
};

/** Ports of TLS listeners: MSK's, from outside its network and by IPv6 too, and Kafka's custom. */
const TLS_PORTS: ReadonlySet<number> = new Set([9093, 9094, 9096, 9098, 9194, 9196, 9198, 20_094, 20_096, 20_098]);

interface Heard extends Ended {
  versions?: ReturnType<typeof wire.readApiVersions>;
  metadata?: wire.Topics;
  mechanisms?: readonly string[] | undefined;
}

async function visit(
  access: ProbeAccess,
  { port }: { readonly port: number },
  { metadata }: ProbeOptions,
): Promise<ProbeAnswer> {
  const answer = await plainThenTls<Heard>(access, {
    id: 'kafka',
    converse: (channel) => hear(channel, {}, converse),
    silence: (heard, channel) =>
      heard.versions === undefined ? warily(heard, channel, TLS_PORTS.has(port)) : undefined,
    interpret: (heard, channel) => interpret(heard, channel, metadata),
  });
  if (answer.rule !== 'kafka/closed-after-versions') return answer;
  return mechanisms(access, answer);
}

async function converse(channel: Channel, heard: Heard): Promise<void> {
  const versions = await ask(channel, heard, 1, wire.apiVersions(1));
  heard.versions = wire.readApiVersions(versions.body);
  delete heard.head;
  if (!heard.versions.hasMetadata1) return;
  const { body, oversized } = await ask(channel, heard, 2, wire.metadata(2));
  heard.metadata = wire.readMetadata(body, oversized);
}

async function ask(channel: Channel, heard: Heard, id: number, message: Buffer) {
  await channel.write(message);
  const bytes = await channel.readExactly(wire.HEAD_BYTES);
  heard.head = bytes;
  const head = wire.replyHead(bytes, id);
  return { body: await channel.readExactly(head.bodyBytes), oversized: head.oversized };
}

/** Says why the door was closed on us, in the words of the server itself. */
async function mechanisms(access: ProbeAccess, shut: ProbeAnswer): Promise<ProbeAnswer> {
  const tls = shut.tls.state === 'required';
  let channel: Channel;
  try {
    channel = await access.open({ tls });
  } catch (error) {
    if (!(error instanceof PeerError) || error.reason === 'cancelled') throw error;
    return { ...shut, notes: [...shut.notes, printable(`not asked for mechanisms: ${error.message}`)] };
  }
  const heard = await hear<Heard>(channel, {}, async (_, told) => {
    told.mechanisms = wire.readMechanisms((await ask(channel, told, 1, wire.saslHandshake(1))).body);
  });
  if (heard.mechanisms === undefined) return shut;
  const isClear = !tls && heard.mechanisms.includes('PLAIN');
  return {
    ...shut,
    proto: { ...shut.proto, confidence: 'firm' }, // two answers that only a broker gives
    auth: isClear ? { state: 'auth-weak', weakness: ['cleartext'] } : { state: 'auth-required' },
    proof: 2,
    rule: 'kafka/sasl',
    notes: [printable(`SASL mechanisms: ${heard.mechanisms.join(' ')}`)],
  };
}

type Row = 'topics' | 'no-topics' | 'closed-after-versions' | 'no-metadata';
const ROWS: Readonly<Record<Row, { readonly auth: AuthState; readonly proof: ProofLevel; readonly note?: string }>> = {
  topics: { auth: 'open-anonymous', proof: 3 },
  'no-topics': { auth: 'open-restricted', proof: 2, note: 'no topic is shown: an empty cluster, or an access list' },
  'closed-after-versions': { auth: 'undetermined', proof: 1, note: 'closed when asked for topics' },
  'no-metadata': { auth: 'undetermined', proof: 1, note: 'no answer to our version of Metadata' },
};

function rowOf({ metadata, ended }: Heard): Row {
  if (metadata !== undefined) return metadata.topics.length > 0 ? 'topics' : 'no-topics';
  const isClosed = ended instanceof PeerError && (ended.reason === 'closed' || ended.reason === 'reset');
  return isClosed ? 'closed-after-versions' : 'no-metadata';
}

function interpret(heard: Heard, channel: Channel, level: ProbeOptions['metadata']): ProbeAnswer {
  const { versions, metadata } = heard;
  if (versions === undefined) return unread('kafka', heard, channel, wire.isReplyStart);
  const row = rowOf(heard);
  const { auth, proof, note } = ROWS[row];
  const rest = metadata === undefined ? 0 : metadata.brokerCount - metadata.brokers.length;
  const advertised =
    metadata === undefined || level === 0
      ? []
      : `advertises ${metadata.brokers.join(' ')}${rest > 0 ? ` and ${rest} more` : ''}`;
  return {
    l4: 'open',
    proto: { state: 'match', confidence: metadata === undefined ? 'tentative' : 'firm', product: 'Kafka' },
    tls: channel.encrypted ? tlsOnly(channel) : PLAINTEXT_ONLY,
    auth: { state: auth },
    proof,
    rule: `kafka/${row}`,
    notes: [note ?? [], advertised, heard.ended === undefined ? [] : `ended early: ${heard.ended.message}`]
      .flat()
      .map((line) => printable(line)),
    ...(row === 'topics' && level > 0 && metadata !== undefined ? { metadata: names(metadata) } : {}),
  };
}

function names({ topics, cut }: wire.Topics): ProbeAnswer['metadata'] & object {
  return {
    objects: topics.map(({ name, isInternal }) => ({ name, kind: 'topic', system: isInternal })),
    truncated: cut,
  };
}
