import { WireError } from './error.ts';
import { Reader } from './reader.ts';

/** The first packet of a MySQL-protocol server, and the request for TLS (probes.md section 3.1). */

/** CLIENT_SSL, PROTOCOL_41, SECURE_CONNECTION, PLUGIN_AUTH; 16 MiB packets; utf8. No user, no password. */
export const SSL_REQUEST: Buffer = Buffer.from(`20000001008a08000000000121${'00'.repeat(23)}`, 'hex');

/** A greeting is some 100 bytes; an error as long as its text. */
export const MAX_PAYLOAD = 4 * 1024;
const MAX_VERSION = 200;
const MAX_PLUGIN = 64;
const MAX_ERROR_TEXT = 1_024;

const CLIENT_MYSQL = 0x0001;
const CLIENT_SSL = 0x0800;
const SECURE_CONNECTION = 0x8000;
const PLUGIN_AUTH = 0x0008_0000;

export interface Greeting {
  readonly kind: 'greeting';
  /** As sent, printable ASCII. */
  readonly version: string;
  readonly threadId: number;
  readonly tls: boolean;
  readonly salt: Buffer;
  readonly plugin?: string;
  /** MariaDB alone clears the lowest capability bit and fills the last reserved bytes with its own. */
  readonly mariadb: boolean;
}
export interface ServerError {
  readonly kind: 'error';
  readonly code: number;
  readonly sqlstate?: string;
  readonly text: string;
}

/** Four bytes: length and sequence number. The server's first packet is number 0. */
export function packetLength(head: Buffer): number {
  const reader = new Reader(head);
  const length = reader.u24le();
  if (length > MAX_PAYLOAD) throw new WireError('limit', `first packet of ${length} bytes`);
  if (length === 0 || reader.u8() !== 0) throw new WireError('malformed', 'not a first packet');
  return length;
}

export function parseFirstPacket(payload: Buffer): Greeting | ServerError {
  const reader = new Reader(payload);
  const first = reader.u8();
  if (first === 0x0a) return parseGreeting(reader);
  if (first === 0xff) return parseError(reader);
  throw new WireError('malformed', `protocol ${first}, not 10`);
}

function parseGreeting(reader: Reader): Greeting {
  const version = reader.cstring(MAX_VERSION);
  if (!/^[\x20-\x7e]+$/u.test(version)) throw new WireError('malformed', 'version is not printable');
  const threadId = reader.u32le();
  const salt1 = reader.take(8);
  if (reader.u8() !== 0) throw new WireError('malformed', 'no filler after the salt');
  const low = reader.u16le();
  const base = { kind: 'greeting', version, threadId, tls: (low & CLIENT_SSL) !== 0 } as const;
  // Before 4.1 the packet ends here.
  if (reader.remaining === 0) return { ...base, salt: salt1, mariadb: false };
  reader.skip(3); // charset, status
  const capabilities = low + reader.u16le() * 0x1_0000;
  const saltLength = reader.u8();
  reader.skip(6);
  const extended = reader.u32le();
  const salt2 = (capabilities & SECURE_CONNECTION) === 0 ? Buffer.alloc(0) : reader.take(Math.max(13, saltLength - 8));
  const mariadb = (low & CLIENT_MYSQL) === 0 && extended !== 0;
  // The last byte of the second part is its NUL.
  const salt = Buffer.concat([salt1, salt2.subarray(0, -1)]);
  if ((capabilities & PLUGIN_AUTH) === 0) return { ...base, salt, mariadb };
  return { ...base, salt, mariadb, plugin: readPlugin(reader) };
}

/** Some 5.5 and 5.6 releases forgot the NUL. */
function readPlugin(reader: Reader): string {
  const bytes = reader.take(Math.min(reader.remaining, MAX_PLUGIN));
  const end = bytes.indexOf(0);
  const name = bytes.subarray(0, end === -1 ? bytes.length : end).toString('latin1');
  if (!/^[\w.-]*$/u.test(name)) throw new WireError('malformed', 'plugin name is not a name');
  return name;
}

/** The text is the server's own: escape before showing. */
function parseError(reader: Reader): ServerError {
  const code = reader.u16le();
  if (code < 1_000) throw new WireError('malformed', `error ${code} is none of a server's`);
  const rest = reader.take(Math.min(reader.remaining, MAX_ERROR_TEXT)).toString('utf8');
  const sqlstate = /^#([0-9A-Z]{5})/u.exec(rest)?.[1];
  return sqlstate === undefined
    ? { kind: 'error', code, text: rest }
    : { kind: 'error', code, sqlstate, text: rest.slice(6) };
}

/** `5.5.5-` is what MariaDB up to 10.x put before its version so that old replicas would accept it. */
export function shownVersion(version: string): string {
  return version.replace(/^5\.5\.5-(?=1\d\.)/u, '');
}

const PRODUCTS: readonly (readonly [RegExp, string])[] = [
  [/tidb/iu, 'TiDB'],
  [/vitess/iu, 'Vitess'],
  [/dolt/iu, 'Dolt'],
  [/proxysql/iu, 'ProxySQL'],
  [/maxscale/iu, 'MaxScale'],
  [/doris/iu, 'Doris'],
  [/starrocks/iu, 'StarRocks'],
  [/oceanbase/iu, 'OceanBase'],
  [/singlestore|memsql/iu, 'SingleStore'],
  [/heatwave/iu, 'HeatWave'],
  [/percona/iu, 'Percona Server'],
  [/mariadb/iu, 'MariaDB'],
];

export function productOf(greeting: Greeting): string {
  const named = PRODUCTS.find(([pattern]) => pattern.test(greeting.version))?.[1];
  return named ?? (greeting.mariadb ? 'MariaDB' : 'MySQL');
}

const SPHINX_SALT = Buffer.from('0102030405060708090a0b0c', 'hex');

/** Sphinx and Manticore greet like MySQL and know no authentication: a MySQL verdict would be wrong there. */
export function isSphinx({ version, salt, plugin }: Greeting): boolean {
  if (/^\d+\.\d+\.\d+ [0-9a-f]{6,40}@\d{6,8}/u.test(version)) return true;
  if (plugin !== undefined) return false;
  return (
    salt.subarray(0, SPHINX_SALT.length).equals(SPHINX_SALT) ||
    /^\d[\w.]*(?:-id64)?-\w+ \([0-9a-f]{6,}\)/u.test(version)
  );
}
