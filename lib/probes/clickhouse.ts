/**
 * ClickHouse (probes.md section 3.13), by HTTP, or by its own protocol on the ports that are for it and where HTTP is told
 * so. Without credentials one is the user `default` without a password: nothing is guessed.
 * HTTP, TLS first: `SELECT version()`; where it is answered, names and sizes of tables (without sizes where the server has
 * none to give, or a locked profile takes no setting), at metadata level 2 names and types of columns, a path that cannot exist. Own protocol, plaintext first: one hello;
 * the server's hello comes after the login and tells its version and time zone, an exception says why not. `Ok.` of `/` and `/ping` is no proof.
 * Never asked: a row of a table, a setting, `readonly` (a GET is), system.query_log, /replicas_status.
 */
import type { Endpoint } from '../model/endpoint.ts';
import { PeerError } from '../model/errors.ts';
import type { AuthState, ProbeAnswer, ProofLevel } from '../model/observation.ts';
import type { Channel, HttpReply, Probe, ProbeAccess, ProbeOptions } from '../model/probe.ts';
import { printable } from '../model/text.ts';
import { PLAINTEXT_ONLY, tlsOnly } from '../model/tls-attempt.ts';
import {
  concluded,
  enterSite,
  type Finding,
  HTTP_RULES,
  inFrontOf,
  recognised,
  type Site,
  unlessCatchAll,
} from '../talk/http.ts';
import { type Ended, hear, muteness, plainThenTls, unread } from '../talk/stream.ts';
import { type Answered, exceptionOf, readColumns, readTables, readVersion } from '../wire/clickhouse.ts';
import { HELLO, KINDS, readFirst, type ServerException, type ServerHello } from '../wire/clickhouse-native.ts';

const VERSION = '/?query=SELECT%20version()%20FORMAT%20JSONCompact';
const SYSTEM = "'system','INFORMATION_SCHEMA','information_schema'";
const FROM = `FROM%20system.tables%20WHERE%20database%20NOT%20IN(${SYSTEM})%20LIMIT%20200%20FORMAT%20JSONCompact`;
const TABLES = `/?query=SELECT%20database,name,total_rows,total_bytes%20${FROM}&max_execution_time=2` as const;
const NAMES = `/?query=SELECT%20database,name%20${FROM}` as const;
/** 50 tables of 200 fields are a little more than half a megabyte: what stands in the first quarter is read. */
const COLUMNS: `/${string}` = `/?query=SELECT%20database,table,name,type%20FROM%20system.columns%20WHERE%20database%20NOT%20IN(${SYSTEM})%20LIMIT%20200%20BY%20database,table%20LIMIT%205000%20FORMAT%20JSONCompact&max_execution_time=2`;
const MAX_COLUMNS_BYTES = 256 * 1024;

const STREAM_PORTS: readonly number[] = [9000, 9440];

export const clickhouse: Probe = {
  id: 'clickhouse',
  speaks: 'both',
  streamPorts: STREAM_PORTS,
  sends: [
    { what: 'hello', hex: '000e6578706f737572652d70726f6265', why: 'own protocol: the user default, no password' },
    { what: `GET ${VERSION}`, why: 'HTTP: product, version, and whether the user default may ask' },
    { what: `GET ${TABLES}`, why: 'names and sizes of tables, where it may' },
    { what: `GET ${NAMES}`, why: 'names alone, where the server has no sizes or takes no setting' },
    { what: `GET ${COLUMNS}`, why: 'names and types of fields, at metadata level 2' },
    { what: 'GET /.exposure-probe/{}', why: 'negative control, before anything is called open' },
  ],
  rules: {
    ...HTTP_RULES,
    query: 'anyone may ask as the user default, and is shown tables',
    'query-no-tables': 'anyone may ask as the user default; the list of tables did not come',
    restricted: 'anyone is let in as the user default, which may see no table',
    'native-hello': 'anyone is logged in as the user default',
    'password-required': 'the user default needs a password, or there is none',
    'address-not-allowed': 'the user default is not let in from our address',
    exception: 'ClickHouse, and an exception that says nothing on authentication',
  },
  engines: ['clickhouse'],
  defaultPort: 8123,
  maxConnections: 6,
  deadlineMs: 15_000,
  visit,
};

/** What a code means before a query was answered. */
const CODES: Readonly<Record<number, { readonly rule: string; readonly auth: AuthState; readonly proof: ProofLevel }>> =
  {
    192: { rule: 'password-required', auth: 'auth-required', proof: 2 },
    193: { rule: 'password-required', auth: 'auth-required', proof: 2 },
    194: { rule: 'password-required', auth: 'auth-required', proof: 2 },
    516: { rule: 'password-required', auth: 'auth-required', proof: 2 },
    195: { rule: 'address-not-allowed', auth: 'source-acl', proof: 2 },
    291: { rule: 'restricted', auth: 'open-restricted', proof: 2 },
    497: { rule: 'restricted', auth: 'open-restricted', proof: 2 },
  };
const EXCEPTION = { rule: 'exception', auth: 'undetermined', proof: 1 } as const;

/** An unknown column, a setting that a locked profile refuses: asked again for names alone. */
const NAMES_ALONE: ReadonlySet<number | undefined> = new Set([47, 164, 452]);

async function visit(access: ProbeAccess, endpoint: Endpoint, options: ProbeOptions): Promise<ProbeAnswer> {
  if (STREAM_PORTS.includes(endpoint.port)) return byOwnProtocol(access);
  const site = await enterSite(access, 'clickhouse', { path: VERSION });
  if ('l4' in site) return site;
  if (/^Port \d{1,5} is for clickhouse-client/u.test(site.first.body.toString('utf8', 0, 40)))
    return byOwnProtocol(access);
  const answered = readVersion(site.first);
  const finding = answered === undefined ? inFrontOf(site.first) : await judge(site, answered, options);
  return concluded('clickhouse', site.first, finding);
}

async function judge(site: Site, { markers, version, code }: Answered, options: ProbeOptions): Promise<Finding> {
  const proto = recognised(markers, 'ClickHouse', version);
  if (code !== undefined) return { ...(CODES[code] ?? EXCEPTION), proto, notes: [`exception code ${code}`] };
  const open: Finding = { rule: 'query-no-tables', proto, auth: 'open-anonymous', proof: 3 };
  const proven = await unlessCatchAll(site, options.nonce, site.first, open);
  return proven === open ? described(site, explored(await tablesOf(site), open, options), options) : proven;
}

/** Nothing here takes from the proof. */
async function described(site: Site, finding: Finding, { metadata: level }: ProbeOptions): Promise<Finding> {
  const { metadata } = finding;
  if (level < 2 || metadata === undefined || metadata.objects.length === 0) return finding;
  const reply = await site.ask(COLUMNS, { maxBytes: MAX_COLUMNS_BYTES });
  if (reply instanceof PeerError) return finding;
  const columns = readColumns(reply);
  const objects = metadata.objects.map((table) => {
    const fields = columns.get(table.name);
    return fields === undefined ? table : { ...table, fields };
  });
  return { ...finding, metadata: { ...metadata, objects } };
}

async function tablesOf(site: Site): Promise<HttpReply | PeerError> {
  const reply = await site.ask(TABLES);
  return !(reply instanceof PeerError) && NAMES_ALONE.has(exceptionOf(reply)) ? site.ask(NAMES) : reply;
}

function explored(reply: HttpReply | PeerError, open: Finding, options: ProbeOptions): Finding {
  if (reply instanceof PeerError) return { ...open, notes: [printable(`tables: ${reply.message}`)] };
  const code = exceptionOf(reply);
  if (code !== undefined && CODES[code]?.rule === 'restricted') return { ...CODES[code], proto: open.proto };
  const tables = readTables(reply);
  if (tables === undefined) return { ...open, notes: [`tables: status ${reply.status}`] };
  const isCounted = tables.objects.some(({ records }) => records !== undefined);
  const objects = tables.objects.map((table) => ({ ...table, kind: 'table', system: false }) as const);
  const metadata = options.metadata === 0 ? {} : { metadata: { objects, truncated: tables.truncated } };
  return { ...open, rule: 'query', proof: isCounted ? 4 : 3, ...metadata };
}

interface Heard extends Ended {
  first?: ServerHello | ServerException;
}

async function byOwnProtocol(access: ProbeAccess): Promise<ProbeAnswer> {
  return plainThenTls<Heard>(access, {
    id: 'clickhouse',
    converse: (channel) => hear(channel, {}, converse),
    silence: (heard, channel) => (heard.first === undefined ? muteness(heard, channel) : undefined),
    interpret,
  });
}

async function converse(channel: Channel, heard: Heard): Promise<void> {
  await channel.write(HELLO);
  heard.first = await readFirst(async (count) => {
    const bytes = await channel.readExactly(count);
    heard.head ??= bytes;
    return bytes;
  });
}

function interpret(heard: Heard, channel: Channel): ProbeAnswer {
  const { first } = heard;
  if (first === undefined) return unread('clickhouse', heard, channel, ([kind]) => KINDS.includes(kind ?? -1));
  const isHello = first.kind === 'hello';
  const row = isHello
    ? ({ rule: 'native-hello', auth: 'open-anonymous', proof: 3 } as const)
    : (CODES[first.code] ?? EXCEPTION);
  return {
    l4: 'open',
    proto: recognised(2, 'ClickHouse', isHello ? first.version : ''),
    tls: channel.encrypted ? tlsOnly(channel) : PLAINTEXT_ONLY,
    // A password would follow in the next hello, as it is.
    auth:
      row.auth === 'auth-required' && !channel.encrypted
        ? { state: 'auth-weak', weakness: ['cleartext'] }
        : { state: row.auth },
    proof: row.proof,
    rule: `clickhouse/${row.rule}`,
    notes: isHello ? [] : [printable(`exception ${first.code}: ${first.message}`)],
  };
}
