/**
 * Manticore and Sphinx (probes.md sections 3.19 and 4.16): their MySQL dialect on 9306, HTTP elsewhere, and the dialect
 * where HTTP is answered with none. One question is asked, SHOW TABLES, which is a read. Their own protocol, on 9312, is told
 * by the four bytes that it greets with; nothing is sent there, and what those say of authentication is nothing.
 * Dialect: the server greets first. Only where its greeting is theirs (never MySQL's, section 3.1) a login without a user
 * and without a password follows, which is what a stranger is to servers that know no accounts, the question, and the
 * goodbye. HTTP, TLS first: the question, and a path that cannot exist before anything is called open.
 * A list of tables is an open door, an error at the login a closed one. Never asked: a document, a search, a setting.
 */
import type { Endpoint } from '../model/endpoint.ts';
import type { ProbeAnswer, TlsAxis } from '../model/observation.ts';
import type { Channel, Probe, ProbeAccess, ProbeOptions } from '../model/probe.ts';
import { PLAINTEXT_ONLY } from '../model/tls-attempt.ts';
import { printable } from '../model/text.ts';
import { recognised } from '../talk/http.ts';
import { LIST_RULES, type Listing, visitListing } from '../talk/listing.ts';
import { type Ended, hear, unread } from '../talk/stream.ts';
import type { Rows } from '../wire/listing.ts';
import { type Greeting, isSphinx, packetLength, parseFirstPacket, productOf, type ServerError } from '../wire/mysql.ts';
import {
  API_GREETING,
  LOGIN,
  QUIT,
  readLogin,
  readSql,
  readSqlList,
  readTables,
  type Refusal,
  SHOW_TABLES,
} from '../wire/sphinxql.ts';

const STREAM_PORTS: readonly number[] = [9306, 9312];

const BY_HTTP: Listing = {
  id: 'manticore',
  product: 'Manticore/Sphinx',
  kind: 'index',
  welcome: {
    path: '/sql?mode=raw',
    post: { type: 'application/x-www-form-urlencoded', body: 'query=SHOW%20TABLES' },
    read: readSql,
  },
  read: readSqlList,
};

export const manticore: Probe = {
  id: 'manticore',
  speaks: 'both',
  streamPorts: STREAM_PORTS,
  sends: [
    { what: 'login', hex: '22000001008200000000000121', why: 'no user, no password; only behind a greeting of theirs' },
    { what: 'SHOW TABLES', hex: '0c0000000353484f57205441424c4553', why: 'the proof: names of tables' },
    { what: 'quit', hex: '0100000001', why: 'goodbye' },
    { what: 'POST /sql?mode=raw', why: 'HTTP: the same question; a read' },
    { what: 'GET /.exposure-probe/{}', why: 'negative control, before anything is called open' },
  ],
  rules: {
    ...LIST_RULES,
    tables: 'names of tables are shown to anyone',
    'login-refused': 'a login without a user is refused',
    greeting: 'greets as Manticore or Sphinx do, and gave no list of tables',
    api: 'greets as Manticore or Sphinx do in their own protocol; whether it asks for credentials was not tried',
    mysql: 'a MySQL, or what speaks like it, and no Manticore',
  },
  engines: ['manticore'],
  defaultPort: 9308,
  maxConnections: 6,
  deadlineMs: 15_000,
  visit,
};

async function visit(access: ProbeAccess, endpoint: Endpoint, options: ProbeOptions): Promise<ProbeAnswer> {
  if (STREAM_PORTS.includes(endpoint.port)) return byDialect(access, options);
  const answer = await visitListing(access, options, BY_HTTP);
  return answer.rule === 'manticore/not-http' ? byDialect(access, options) : answer;
}

interface Heard extends Ended {
  greeting?: Greeting | ServerError;
  refusal?: Refusal;
  tables?: Rows;
  /** Their own protocol, and not the dialect. */
  isApi?: true;
}

async function byDialect(access: ProbeAccess, options: ProbeOptions): Promise<ProbeAnswer> {
  const channel = await access.open();
  const heard = await hear<Heard>(channel, {}, converse);
  return interpret(heard, channel, options);
}

async function converse(channel: Channel, heard: Heard): Promise<void> {
  const take = (count: number): Promise<Buffer> => channel.readExactly(count);
  heard.head = await take(4);
  if (heard.head.equals(API_GREETING)) {
    heard.isApi = true;
    return;
  }
  heard.greeting = parseFirstPacket(await take(packetLength(heard.head)));
  if (heard.greeting.kind !== 'greeting' || !isSphinx(heard.greeting)) return;
  await channel.write(LOGIN);
  const refusal = await readLogin(take);
  if (refusal !== undefined) {
    heard.refusal = refusal;
    return;
  }
  await channel.write(SHOW_TABLES);
  const tables = await readTables(take);
  if ('code' in tables) heard.refusal = tables;
  else heard.tables = tables;
  await channel.write(QUIT);
}

/** Error 1045 is "access denied"; any other says nothing on authentication. */
const ACCESS_DENIED = 1045;

function interpret(heard: Heard, channel: Channel, options: ProbeOptions): ProbeAnswer {
  const { greeting, refusal, tables } = heard;
  if (heard.isApi === true) return asApi();
  if (greeting === undefined) return unread('manticore', heard, channel, (head) => head[3] === 0);
  const said = greeting.kind === 'greeting' && isSphinx(greeting) ? greeting : undefined;
  if (said === undefined) return notOurs(greeting);
  const isDenied = refusal?.code === ACCESS_DENIED;
  const why = refusal === undefined ? heard.ended?.message : `error ${refusal.code}: ${refusal.text}`;
  const answer: ProbeAnswer = {
    l4: 'open',
    proto: {
      state: 'match',
      confidence: 'firm',
      product: 'Manticore/Sphinx',
      version: printable(said.version, 64),
    },
    tls: tlsOf(said),
    auth: { state: isDenied ? 'auth-required' : 'undetermined' },
    proof: isDenied ? 2 : 1,
    rule: isDenied ? 'manticore/login-refused' : 'manticore/greeting',
    notes: why === undefined ? [] : [printable(why)],
  };
  if (tables === undefined) return answer;
  const objects = tables.rows.map((row) => ({ ...row, kind: 'index', system: false }) as const);
  return {
    ...answer,
    auth: { state: 'open-anonymous' },
    proof: 3,
    rule: 'manticore/tables',
    ...(options.metadata === 0 ? {} : { metadata: { objects, truncated: tables.truncated } }),
  };
}

/** Before 27.1.5 there were no accounts; its version is told only to who goes on. */
function asApi(): ProbeAnswer {
  return {
    l4: 'open',
    proto: recognised(1, 'Manticore/Sphinx'),
    tls: PLAINTEXT_ONLY,
    auth: { state: 'undetermined' },
    proof: 1,
    rule: 'manticore/api',
    notes: ['its own protocol, which has no accounts before Manticore 27.1.5: ask its other ports'],
  };
}

/** TLS that is offered is not tried: what the door shows, it shows in plaintext. */
function tlsOf({ tls }: Greeting): TlsAxis {
  return tls ? { state: 'offered', clientCert: 'undetermined' } : PLAINTEXT_ONLY;
}

function notOurs(greeting: Greeting | ServerError): ProbeAnswer {
  const product = greeting.kind === 'greeting' ? productOf(greeting) : 'MySQL';
  return {
    l4: 'open',
    proto: { state: 'other', confidence: 'tentative', product },
    tls: { state: 'undetermined', clientCert: 'undetermined' },
    auth: { state: 'undetermined' },
    proof: 0,
    rule: 'manticore/mysql',
    notes: [greeting.kind === 'greeting' ? printable(greeting.version) : printable(`error ${greeting.code}`)],
  };
}
