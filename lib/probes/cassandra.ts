/**
 * Cassandra, ScyllaDB and what speaks CQL like them (probes.md section 3.6).
 * Sent: OPTIONS (answered to anyone), STARTUP, and after READY at M1 three queries of its own schema tables: names of
 * keyspaces and tables, estimates of sizes; at M2 columns instead of sizes. Plaintext first; TLS where that got no answer.
 * Where plaintext was answered, OPTIONS once more inside TLS tells offered from absent.
 * READY is an open door: nobody is asked who he is. AUTHENTICATE names who asks for credentials. SUPPORTED proves nothing.
 * A server that speaks no version 4 names its own, and is asked once more in that.
 * Never sent: AUTH_RESPONSE, a query of any other table, USE, REGISTER, Thrift.
 */
import type { AuthAxis, AuthState, Metadata, ProbeAnswer, ProofLevel } from '../model/observation.ts';
import type { Channel, Probe, ProbeAccess, ProbeOptions } from '../model/probe.ts';
import { SILENT_RULES } from '../model/silence.ts';
import { printable } from '../model/text.ts';
import { PLAINTEXT_ONLY, tlsOnly } from '../model/tls-attempt.ts';
import {
  type Ended,
  type Greeting,
  hear,
  insideTls,
  muteness,
  plainThenTls,
  type Talk,
  tlsBeside,
  unread,
} from '../talk/stream.ts';
import * as wire from '../wire/cassandra.ts';
import { namesOf } from '../wire/cassandra-names.ts';
import { type CqlReply, ERRORS, parseReply, releaseOf, type Rows, type Supported } from '../wire/cassandra-reply.ts';

export const cassandra: Probe = {
  id: 'cassandra',
  speaks: 'stream',
  sends: [
    { what: 'OPTIONS', hex: '04000000050000', why: 'product and version; answered before any authentication' },
    { what: 'STARTUP', hex: '04000001010000', why: 'the proof: READY or AUTHENTICATE' },
    { what: 'QUERY system_schema.keyspaces', hex: '04000002070000', why: 'names, after READY, from M1 on' },
    { what: 'QUERY system_schema.tables', hex: '04000003070000', why: 'names, after READY, from M1 on' },
    { what: 'QUERY system.size_estimates', hex: '04000004070000', why: 'estimates of sizes, at M1' },
    { what: 'QUERY system_schema.columns', hex: '04000004070000', why: 'names and types of columns, at M2' },
    { what: 'OPTIONS and STARTUP of version 2, 3 or 5', why: 'where the server says that it speaks no version 4' },
  ],
  rules: {
    ...SILENT_RULES,
    ready: 'anyone is let in without being asked who he is',
    restricted: 'anyone is let in, and may not list the keyspaces',
    authenticate: 'credentials are asked for',
    'bad-credentials': 'turned away for want of credentials',
    version: 'speaks CQL in a version that was not tried',
    error: 'an error that says nothing on authentication',
    'options-only': 'OPTIONS was answered, STARTUP was not',
  },
  engines: ['cassandra', 'scylla'],
  defaultPort: 9042,
  // Plaintext, its second version, and TLS beside it or instead of it.
  maxConnections: 4,
  deadlineMs: 15_000,
  visit,
};

const KEYSPACES = 'SELECT keyspace_name FROM system_schema.keyspaces';
const TABLES = 'SELECT keyspace_name, table_name FROM system_schema.tables';
const COLUMNS = 'SELECT keyspace_name, table_name, column_name, type FROM system_schema.columns';
const SIZES = 'SELECT keyspace_name, table_name, partitions_count, mean_partition_size FROM system.size_estimates';
const PAGE = 2_000;

interface Heard extends Ended {
  supported?: Supported;
  /** The last word on whether we are let in. */
  start?: CqlReply;
  /** Keyspaces, tables, and columns or sizes, as far as we got. */
  rows?: readonly Rows[];
  /** The answer to a query that was no rows. */
  refused?: CqlReply;
  /** Another version of the protocol, if the server named one that we know. */
  instead?: wire.Version;
}

/** Messages left in this visit, over all its connections. */
interface Budget {
  left: number;
}
const MAX_MESSAGES = 6;

interface Plan {
  readonly version: wire.Version;
  readonly budget: Budget;
  readonly metadata: ProbeOptions['metadata'];
}

async function visit(access: ProbeAccess, _endpoint: unknown, { metadata }: ProbeOptions): Promise<ProbeAnswer> {
  const budget = { left: MAX_MESSAGES };
  let instead: wire.Version | undefined;
  const talk = (version: wire.Version): Talk<Heard> => ({
    id: 'cassandra',
    converse: (channel) => hear(channel, {}, (_, heard) => converse(channel, heard, { version, budget, metadata })),
    silence: (heard, channel) =>
      heard.supported === undefined && heard.start === undefined ? muteness(heard, channel) : undefined,
    interpret: (heard, channel) => {
      instead = heard.instead;
      return interpret(heard, channel, metadata);
    },
  });
  const first = await plainThenTls(access, talk(4));
  if (instead !== undefined) {
    const isTls = first.tls.state === 'required';
    return isTls ? insideTls(access, talk(instead), {}, first) : plainThenTls(access, talk(instead));
  }
  if (first.proto.state !== 'match' || first.tls.state !== 'absent') return first;
  const { axis, note } = await tlsBeside(access, (channel) => greet(channel, budget));
  return { ...first, tls: axis, notes: note === undefined ? first.notes : [...first.notes, printable(note)] };
}

async function greet(channel: Channel, budget: Budget): Promise<Greeting> {
  return hear<Greeting>(channel, { greeted: false }, async (_, heard) => {
    heard.greeted = (await ask(channel, heard, budget, 0, wire.options(4, 0))).kind === 'supported';
  });
}

async function converse(channel: Channel, heard: Heard, { version, budget, metadata }: Plan): Promise<void> {
  const greeting = await ask(channel, heard, budget, 0, wire.options(version, 0));
  if (greeting.kind !== 'supported') {
    heard.start = greeting;
    return;
  }
  heard.supported = greeting.supported;
  heard.start = await ask(channel, heard, budget, 1, wire.startup(version, 1));
  // After READY, version 5 has another framing.
  if (heard.start.kind !== 'ready' || metadata === 0 || version === 5) return;
  const spare = channel.encrypted ? 0 : 1; // for the look at TLS
  const statements = [KEYSPACES, TABLES, metadata === 2 ? COLUMNS : SIZES];
  const replies: Rows[] = [];
  for (const [n, statement] of statements.entries()) {
    if (budget.left <= spare) break;
    const stream = n + 2;
    const reply = await ask(channel, heard, budget, stream, wire.query(version, stream, statement, PAGE));
    if (reply.kind !== 'rows') heard.refused = reply;
    if (reply.kind !== 'rows') break;
    replies.push(reply.rows);
    heard.rows = replies;
  }
}

async function ask(channel: Channel, heard: Heard, budget: Budget, stream: number, message: Buffer): Promise<CqlReply> {
  budget.left--;
  await channel.write(message);
  const first = await channel.readExactly(1);
  heard.head = first;
  const header = Buffer.concat([first, await channel.readExactly(wire.restOfHeader(first[0] ?? 0))]);
  heard.head = header;
  const head = wire.frameHead(header, stream);
  const reply = parseReply(head, await channel.readExactly(head.bodyBytes));
  delete heard.head;
  const other = reply.kind === 'error' && reply.code === ERRORS.protocol ? otherVersion(head.version) : undefined;
  if (other !== undefined) heard.instead = other;
  return reply;
}

/** The version that a protocol error came in, where it is one that we can speak and have not just spoken. */
function otherVersion(named: number): wire.Version | undefined {
  return named === 2 || named === 3 || named === 5 ? named : undefined;
}

type Row = 'ready' | 'restricted' | 'authenticate' | 'bad-credentials' | 'version' | 'error' | 'options-only';
const ROWS: Readonly<Record<Row, { readonly auth: AuthState; readonly proof: ProofLevel; readonly note?: string }>> = {
  ready: { auth: 'open-anonymous', proof: 2 },
  restricted: { auth: 'open-restricted', proof: 2, note: 'let in, but not allowed to list the keyspaces' },
  authenticate: { auth: 'auth-required', proof: 2 },
  'bad-credentials': { auth: 'auth-required', proof: 2 },
  version: { auth: 'undetermined', proof: 1, note: 'speaks CQL in a version that was not tried' },
  error: { auth: 'undetermined', proof: 1, note: 'an error that says nothing on authentication' },
  'options-only': { auth: 'undetermined', proof: 1, note: 'OPTIONS was answered, STARTUP was not' },
};

function rowOf({ start, rows, refused }: Heard): Row {
  switch (start?.kind) {
    case 'ready':
      if (rows !== undefined) return 'ready';
      return refused?.kind === 'error' && refused.code === ERRORS.unauthorized ? 'restricted' : 'ready';
    case 'authenticate':
      return 'authenticate';
    case 'error':
      if (start.code === ERRORS.badCredentials) return 'bad-credentials';
      return start.code === ERRORS.protocol ? 'version' : 'error';
    case 'supported':
    case 'rows':
    case undefined:
      return 'options-only';
  }
}

function interpret(heard: Heard, channel: Channel, level: ProbeOptions['metadata']): ProbeAnswer {
  const { supported, start } = heard;
  if (supported === undefined && start?.kind !== 'error') return unread('cassandra', heard, channel, wire.isReplyStart);
  const row = rowOf(heard);
  const { auth, proof, note } = ROWS[row];
  const metadata = row === 'ready' ? metadataOf(heard, level) : undefined;
  const release = supported === undefined ? undefined : releaseOf(supported);
  return {
    l4: 'open',
    proto: {
      state: 'match',
      confidence: supported !== undefined && supported.markers > 1 ? 'firm' : 'tentative',
      product: supported?.product ?? 'Cassandra',
      ...(release === undefined ? {} : { version: release }),
    },
    tls: channel.encrypted ? tlsOnly(channel) : PLAINTEXT_ONLY,
    auth: row === 'authenticate' ? credentials(start, channel) : { state: auth },
    proof: metadata === undefined ? proof : metadata.objects.some(({ records }) => records !== undefined) ? 4 : 3,
    rule: `cassandra/${row}`,
    notes: [note ?? [], saidOf(heard), heard.ended === undefined ? [] : `ended early: ${heard.ended.message}`]
      .flat()
      .map((line) => printable(line)),
    ...(metadata === undefined ? {} : { metadata }),
  };
}

/** A password crosses a plaintext connection as it is; other authenticators may send something better. */
function credentials(start: CqlReply | undefined, channel: Channel): AuthAxis {
  const isPassword = start?.kind === 'authenticate' && /\bPasswordAuthenticator$/u.test(start.authenticator);
  return isPassword && !channel.encrypted
    ? { state: 'auth-weak', weakness: ['cleartext'] }
    : { state: 'auth-required' };
}

function saidOf({ supported, start, refused }: Heard): string[] {
  const language = supported === undefined || supported.cql === '' ? [] : [`CQL ${supported.cql}`];
  const said = [start, refused].flatMap((reply) => {
    if (reply?.kind === 'authenticate') return [`asks for credentials: ${reply.authenticator}`];
    return reply?.kind === 'error' ? [`error 0x${(reply.code >>> 0).toString(16)}: ${reply.message}`] : [];
  });
  return [...language, ...said];
}

function metadataOf(
  { rows: [keyspaces, tables, third] = [] }: Heard,
  level: ProbeOptions['metadata'],
): Metadata | undefined {
  if (keyspaces === undefined || keyspaces.rows.length === 0) return undefined;
  return namesOf({ keyspaces, tables, ...(level === 2 ? { columns: third } : { sizes: third }) });
}
