/**
 * Aerospike (probes.md section 4.11), by its info protocol, in plaintext, and inside TLS where that got no answer.
 * Sent: `build` and `namespaces` in one message; where namespaces are shown, `sets/` of each, for names and counts.
 * Namespaces shown are an open door: the community's server knows no accounts, the enterprise's refuses with error 80 once
 * security is on. The build alone proves nothing.
 * Never sent: set-config, any other command that changes something, a record's digest, a login.
 */
import type { AuthState, ProbeAnswer, ProofLevel } from '../model/observation.ts';
import type { Channel, Probe, ProbeAccess, ProbeOptions } from '../model/probe.ts';
import { SILENT_RULES } from '../model/silence.ts';
import { PLAINTEXT_ONLY, tlsOnly } from '../model/tls-attempt.ts';
import { printable } from '../model/text.ts';
import { recognised } from '../talk/http.ts';
import { type Ended, hear, muteness, plainThenTls, unread } from '../talk/stream.ts';
import type { Rows } from '../wire/listing.ts';
import * as wire from '../wire/aerospike.ts';

const ID = 'aerospike';

export const aerospike: Probe = {
  id: ID,
  speaks: 'stream',
  sends: [
    {
      what: 'build, namespaces',
      hex: '02010000000000116275696c640a6e616d657370616365730a',
      why: 'version; the proof: names of namespaces',
    },
    {
      what: 'sets/ of each namespace',
      hex: '020100000000',
      why: 'names and counts of sets, where namespaces are shown',
    },
  ],
  rules: {
    ...SILENT_RULES,
    namespaces: 'names of namespaces are shown to anyone',
    refused: 'credentials are asked for',
    restricted: 'a stranger is let in and may not see namespaces',
    build: 'tells its build, and neither namespaces nor that it asks for credentials',
  },
  engines: ['aerospike'],
  defaultPort: 3000,
  maxConnections: 2,
  deadlineMs: 15_000,
  visit,
};

interface Heard extends Ended {
  who?: wire.Who;
  sets?: Rows;
}

async function visit(access: ProbeAccess, _endpoint: unknown, { metadata: level }: ProbeOptions): Promise<ProbeAnswer> {
  return plainThenTls<Heard>(access, {
    id: ID,
    converse: (channel) => hear<Heard>(channel, {}, (_, heard) => converse(channel, heard, level)),
    silence: (heard, channel) => (heard.who === undefined ? muteness(heard, channel) : undefined),
    interpret: (heard, channel) => interpret(heard, channel, level),
  });
}

async function converse(channel: Channel, heard: Heard, level: ProbeOptions['metadata']): Promise<void> {
  const who = wire.readWho((await ask(channel, heard, wire.WHO)).body);
  heard.who = who;
  if (level === 0 || !Array.isArray(who.namespaces)) return;
  const namespaces: readonly string[] = who.namespaces;
  const names = namespaces.map((namespace) => `sets/${namespace}`);
  const { body, isCut } = await ask(channel, heard, wire.question(...names));
  heard.sets = wire.readSets(body, namespaces, isCut);
}

/** As much of an answer as is read; a list that is longer is as open as one that is not. */
async function ask(channel: Channel, heard: Heard, message: Buffer): Promise<{ body: Buffer; isCut: boolean }> {
  await channel.write(message);
  heard.head = await channel.readExactly(wire.HEAD_BYTES);
  const length = wire.answerLength(heard.head);
  const body = await channel.readExactly(Math.min(length, wire.MAX_ANSWER));
  heard.head = Buffer.concat([heard.head, body]).subarray(0, 256);
  return { body, isCut: length > wire.MAX_ANSWER };
}

interface Verdict {
  readonly row: string;
  readonly auth: AuthState;
  readonly proof: ProofLevel;
}

function verdictOf({ namespaces }: wire.Who): Verdict {
  if (namespaces === undefined) return { row: 'build', auth: 'undetermined', proof: 1 };
  if (namespaces === 'refused') return { row: 'refused', auth: 'auth-required', proof: 2 };
  if (namespaces === 'restricted') return { row: 'restricted', auth: 'open-restricted', proof: 2 };
  return { row: 'namespaces', auth: 'open-anonymous', proof: 3 };
}

function interpret(heard: Heard, channel: Channel, level: ProbeOptions['metadata']): ProbeAnswer {
  const { who, sets, ended } = heard;
  if (who === undefined) return unread(ID, heard, channel, wire.isAnswerStart);
  const { row, auth, proof } = verdictOf(who);
  const answer: ProbeAnswer = {
    l4: 'open',
    proto: recognised(2, 'Aerospike', who.version),
    tls: channel.encrypted ? tlsOnly(channel) : PLAINTEXT_ONLY,
    auth: { state: auth },
    proof,
    rule: `${ID}/${row}`,
    notes: ended === undefined ? [] : [printable(`ended early: ${ended.message}`)],
  };
  if (level === 0 || !Array.isArray(who.namespaces)) return answer;
  const rows: Rows = sets ?? { rows: who.namespaces.map((name) => ({ name })), truncated: false };
  const objects = rows.rows.map((set) => ({ ...set, kind: 'table', system: false }) as const);
  const isCounted = objects.some(({ records }) => records !== undefined);
  return { ...answer, proof: isCounted ? 4 : 3, metadata: { objects, truncated: rows.truncated } };
}
