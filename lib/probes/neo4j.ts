/**
 * Neo4j, Memgraph and what speaks Bolt like them (probes.md section 3.11), and Neo4j's HTTP.
 * Bolt: the handshake, HELLO and LOGON with the scheme `none` (before 5.1 HELLO carries it), which lets in nobody unless
 * authentication is off: SUCCESS is an open door. After it names of labels and of relationship types; at M2 property keys.
 * Plaintext first, TLS where that got no answer; where it did, the handshake inside TLS tells offered from absent.
 * SUCCESS to HELLO from 5.1 on proves nothing.
 * Bolt is spoken first on every port but those of HTTP, and HTTP where Bolt was answered with it.
 * HTTP: `GET /` (shown to anyone), then names of labels in a read transaction, or as 3.x lists them.
 * Never sent: a principal, the scheme `basic`, a query for nodes or their properties.
 */
import { PeerError } from '../model/errors.ts';
import type { AuthState, Metadata, MetadataObject, ProbeAnswer, ProofLevel } from '../model/observation.ts';
import type { Channel, Probe, ProbeAccess, ProbeOptions } from '../model/probe.ts';
import { printable } from '../model/text.ts';
import { PLAINTEXT_ONLY, tlsOnly } from '../model/tls-attempt.ts';
import { concluded, enterSite, type Finding, HTTP_RULES, inFrontOf, recognised, unlessCatchAll } from '../talk/http.ts';
import { type Ended, type Greeting, hear, muteness, plainThenTls, tlsBeside, unread } from '../talk/stream.ts';
import { WireError } from '../wire/error.ts';
import * as bolt from '../wire/bolt.ts';
import * as wire from '../wire/neo4j.ts';

export const neo4j: Probe = {
  id: 'neo4j',
  speaks: 'both',
  sends: [
    { what: 'Bolt handshake', hex: '6060b017', why: 'versions 3 to 5.8' },
    { what: 'HELLO', hex: '0046b101', why: 'product and version; before 5.1 the proof' },
    { what: 'HELLO with the scheme none', hex: '002cb101', why: 'the same of versions before 5.1; the proof' },
    { what: 'LOGON with the scheme none', hex: '000fb16a', why: 'the proof from 5.1 on' },
    { what: 'RUN CALL db.labels()', hex: '0040b310', why: 'names, where we were let in' },
    { what: 'RUN CALL db.relationshipTypes()', hex: '0061b310', why: 'names, where we were let in, at M1' },
    { what: 'RUN CALL db.propertyKeys()', hex: '0052b310', why: 'names, where we were let in, at M2' },
    { what: 'GOODBYE', hex: '0002b002', why: 'goodbye, where not both questions were asked' },
    { what: 'GET /', why: 'product and version, where the port speaks HTTP' },
    { what: 'POST /db/neo4j/tx/commit', why: 'the proof by HTTP: names of labels, in a read transaction' },
    { what: 'GET /db/data/labels', why: 'the same of 3.x' },
    { what: 'GET /.exposure-probe/{}', why: 'negative control, before anything is called open' },
  ],
  rules: {
    ...HTTP_RULES,
    none: 'anyone is let in without credentials',
    restricted: 'anyone is let in, and may not read names',
    unauthorized: 'credentials are asked for',
    expired: 'credentials are asked for; the first password was never changed',
    'rate-limit': 'turned away for too many failed attempts, of which none was ours',
    error: 'an error that says nothing on authentication',
    'handshake-only': 'the handshake was answered, and nothing after it',
    root: 'Neo4j by HTTP, and no answer that says whether it asks for credentials',
  },
  engines: ['neo4j'],
  defaultPort: 7474,
  streamPorts: [7687],
  // Bolt in plaintext and inside TLS, then HTTP: TLS attempt, root, labels, control.
  maxConnections: 6,
  deadlineMs: 15_000,
  visit,
};

const HTTP_PORTS: ReadonlySet<number> = new Set([80, 443, 7473, 7474]);

async function visit(
  access: ProbeAccess,
  { port }: { readonly port: number },
  options: ProbeOptions,
): Promise<ProbeAnswer> {
  if (HTTP_PORTS.has(port)) return byHttp(access, options);
  let isHttp = false;
  const answer = await plainThenTls<Heard>(access, {
    id: 'neo4j',
    converse: (channel) =>
      hear<Heard>(channel, { names: [] }, (_, heard) => converse(channel, heard, options.metadata)),
    silence: (heard, channel) => (heard.version === undefined ? muteness(heard, channel) : undefined),
    interpret: (heard, channel) => {
      isHttp = heard.head?.toString('latin1', 0, 4) === 'HTTP';
      return interpret(heard, channel, options.metadata);
    },
  });
  if (isHttp) return elsewhere(access, options, answer);
  if (answer.proto.state !== 'match' || answer.tls.state !== 'absent') return answer;
  const { axis, note } = await tlsBeside(access, greet);
  return { ...answer, tls: axis, notes: note === undefined ? answer.notes : [...answer.notes, printable(note)] };
}

/** A port that answered Bolt with HTTP. If it takes no second connection, what the first one said stands. */
async function elsewhere(access: ProbeAccess, options: ProbeOptions, answer: ProbeAnswer): Promise<ProbeAnswer> {
  try {
    return await byHttp(access, options);
  } catch (error) {
    if (!(error instanceof PeerError) || error.reason === 'cancelled') throw error;
    return { ...answer, notes: [...answer.notes, printable(`asked again by HTTP: ${error.message}`)] };
  }
}

interface Heard extends Ended {
  version?: bolt.BoltVersion;
  server?: string;
  /** The answer to whatever carried the scheme `none`. */
  access?: bolt.BoltReply;
  /** Per question the names that came, and how it ended. */
  readonly names: { readonly asked: Question; readonly names: readonly string[]; readonly end: bolt.BoltReply }[];
}

async function greet(channel: Channel): Promise<Greeting> {
  return hear<Greeting>(channel, { greeted: false }, async (_, heard) => {
    await shake(channel, heard);
    heard.greeted = true;
  });
}

async function shake(channel: Channel, heard: Ended): Promise<bolt.BoltVersion> {
  await channel.write(bolt.HANDSHAKE);
  heard.head = await channel.readExactly(4);
  const version = bolt.readVersion(heard.head);
  if (version === undefined)
    throw new WireError('malformed', `answered with ${heard.head.toString('hex')}, no version of ours`);
  delete heard.head;
  return version;
}

type Question = 'label' | 'relationshipType' | 'propertyKey';
const RELATIONSHIPS = 'CALL db.relationshipTypes() YIELD relationshipType RETURN relationshipType LIMIT 201';
const QUESTIONS: Readonly<Record<Question, string>> = {
  label: wire.LABELS,
  relationshipType: RELATIONSHIPS,
  propertyKey: 'CALL db.propertyKeys() YIELD propertyKey RETURN propertyKey LIMIT 201',
};

async function converse(channel: Channel, heard: Heard, level: ProbeOptions['metadata']): Promise<void> {
  const version = await shake(channel, heard);
  heard.version = version;
  await channel.write(bolt.hello(version));
  const hello = await bolt.readMessage(channel);
  heard.access = hello;
  if (hello.kind === 'success') {
    heard.server = hello.server;
    if (bolt.hasLogon(version)) {
      delete heard.access;
      await channel.write(bolt.LOGON);
      heard.access = await bolt.readMessage(channel);
    }
  }
  const isIn = heard.access?.kind === 'success';
  const questions: Question[] = isIn && level > 0 ? ['label', level === 2 ? 'propertyKey' : 'relationshipType'] : [];
  for (const asked of questions) {
    await channel.write(bolt.read(version, QUESTIONS[asked], wire.MAX_NAMES + 1));
    const answered = { asked, ...(await records(channel)) };
    heard.names.push(answered);
    if (answered.end.kind !== 'success') break; // nothing more is answered before a RESET
  }
  // Six writes are all there are, and in one with a question it would end the connection before the answer.
  if (heard.names.length < 2) await channel.write(bolt.GOODBYE);
}

/** SUCCESS to RUN, then records, then how it ended. A failed RUN leaves the PULL behind it ignored. */
async function records(channel: Channel): Promise<{ names: string[]; end: bolt.BoltReply }> {
  const names: string[] = [];
  const run = await bolt.readMessage(channel);
  if (run.kind !== 'success') return { names, end: run };
  for (;;) {
    const reply = await bolt.readMessage(channel);
    if (reply.kind !== 'record' || names.length > wire.MAX_NAMES) return { names, end: reply };
    names.push(reply.first);
  }
}

type Row = wire.AccessRow | 'handshake-only';
const ROWS: Readonly<Record<Row, { readonly auth: AuthState; readonly proof: ProofLevel; readonly note?: string }>> = {
  none: { auth: 'open-anonymous', proof: 2 },
  restricted: { auth: 'open-restricted', proof: 2, note: 'let in, but not allowed to read names' },
  unauthorized: { auth: 'auth-required', proof: 2 },
  expired: { auth: 'auth-required', proof: 2, note: 'the first password was never changed' },
  'rate-limit': { auth: 'lockout', proof: 2 },
  error: { auth: 'undetermined', proof: 1, note: 'an error that says nothing on authentication' },
  'handshake-only': { auth: 'undetermined', proof: 1, note: 'the handshake was answered, and nothing after it' },
};

function rowOf({ access, names: [labels] }: Heard): Row {
  if (access === undefined) return 'handshake-only';
  if (access.kind === 'failure') return wire.accessRow(access.code);
  if (access.kind !== 'success') return 'error';
  const isDenied = labels?.end.kind === 'failure' && wire.accessRow(labels.end.code) === 'restricted';
  return isDenied ? 'restricted' : 'none';
}

function interpret(heard: Heard, channel: Channel, level: ProbeOptions['metadata']): ProbeAnswer {
  const { version, server = '', access } = heard;
  if (version === undefined) return unread('neo4j', heard, channel, isZeros);
  const row = rowOf(heard);
  const { auth, proof, note } = ROWS[row];
  const isListed = heard.names.some(({ end }) => end.kind === 'success');
  const release = /^Neo4j\/v?(\d[\w.-]{0,30})/u.exec(server)?.[1];
  const said = access?.kind === 'failure' ? `${access.code}: ${access.message}` : [];
  return {
    l4: 'open',
    proto: {
      state: 'match',
      confidence: access === undefined ? 'tentative' : 'firm',
      product: server.includes('Memgraph') ? 'Memgraph' : 'Neo4j',
      ...(release === undefined ? {} : { version: release }),
    },
    tls: channel.encrypted ? tlsOnly(channel) : PLAINTEXT_ONLY,
    auth: { state: auth },
    proof: row === 'none' && isListed ? 3 : proof,
    rule: `neo4j/${row}`,
    notes: [note ?? [], said, heard.ended === undefined ? [] : `ended early: ${heard.ended.message}`]
      .flat()
      .map((line) => printable(line)),
    ...(row === 'none' && isListed && level > 0 ? { metadata: metadataOf(heard) } : {}),
  };
}

/** Four zeros, or less of them: no version in common, which by itself is no mark of Bolt. */
function isZeros(head: Buffer): boolean {
  return head.length < 4 && head.every((byte) => byte === 0);
}

function metadataOf({ names }: Heard): Metadata {
  const shown = names.map((list) => ({ ...list, names: list.names.slice(0, wire.MAX_NAMES) }));
  const objects = shown.flatMap(({ asked, names: list }): MetadataObject[] => {
    if (asked !== 'propertyKey') return list.map((name) => ({ name, kind: 'collection', system: false }));
    // Which label has which keys would be a walk over the graph.
    const fields = list.map((name) => ({ name, type: 'property' }));
    return [{ name: 'property keys', kind: 'collection', system: false, fields }];
  });
  const isCut = names.some(({ names: list, end }) => list.length > wire.MAX_NAMES || end.kind !== 'success');
  return { objects: objects.slice(0, wire.MAX_NAMES), truncated: isCut || objects.length > wire.MAX_NAMES };
}

async function byHttp(access: ProbeAccess, options: ProbeOptions): Promise<ProbeAnswer> {
  const site = await enterSite(access, 'neo4j', { path: '/' });
  if ('l4' in site) return site;
  const root = wire.readRoot(site.first);
  if (root === undefined) return concluded('neo4j', site.first, inFrontOf(site.first));
  const post = { type: 'application/json', body: wire.READ_LABELS } as const;
  const reply = await (root.generation === 3 ? site.ask('/db/data/labels') : site.ask('/db/neo4j/tx/commit', { post }));
  const proto = recognised(root.markers, 'Neo4j', root.version);
  if (reply instanceof PeerError)
    return concluded('neo4j', site.first, { rule: 'root', proto, auth: 'undetermined', proof: 1 });
  const { row, code, names, truncated } = wire.readLabels(reply);
  const { auth, proof, note } = ROWS[row];
  const notes = [note ?? [], code === '' ? [] : code].flat();
  if (row !== 'none')
    return concluded('neo4j', reply, { rule: row === 'error' ? 'root' : row, proto, auth, proof, notes });
  const objects: Metadata['objects'] = names.map((name) => ({ name, kind: 'collection', system: false }));
  const open: Finding = {
    rule: row,
    proto,
    auth,
    proof: 3,
    ...(options.metadata === 0 ? {} : { metadata: { objects, truncated } }),
  };
  return concluded('neo4j', reply, await unlessCatchAll(site, options.nonce, reply, open));
}
