import type { RespValue } from './resp.ts';
import { printable } from '../model/text.ts';

/** What a Redis said, in the order it was asked: PING, INFO server, then INFO keyspace or DBSIZE. */
export interface RedisTalk {
  readonly ping: RespValue;
  readonly server?: RespValue;
  readonly keyspace?: RespValue;
  readonly size?: RespValue;
}

/** Rows of the reply table in probes.md section 3.4, and what is left over between them. */
export type RedisRow =
  | 'info-bulk'
  | 'ping-renamed'
  | 'busy-info'
  | 'info-renamed'
  | 'sentinel'
  | 'noperm'
  | 'noauth'
  | 'not-permitted'
  | 'protected-mode'
  | 'max-clients'
  | 'busy'
  | 'moved'
  | 'info-empty'
  | 'no-info'
  | 'unrecognised';

export interface RedisReading {
  readonly row: RedisRow;
  /** Replies that only a Redis gives; two are firm. */
  readonly markers: number;
  readonly product?: string;
  readonly version?: string;
  /** Keys per database. Absent where no counts were obtained. */
  readonly keyspaces?: readonly { readonly name: string; readonly keys: number }[];
  readonly truncated: boolean;
}

const MAX_KEYSPACES = 200;

type ErrorRow = 'unknown-command' | 'other' | Extract<RedisRow, (typeof ERRORS)[number][1]>;

/** The first word of an error is its code since Redis 2.6; before that everything was ERR. */
const ERRORS = [
  [/^NOAUTH\b/u, 'noauth'],
  [/^DENIED\b/u, 'protected-mode'],
  [/^NOPERM\b/u, 'noperm'],
  [/^(?:LOADING|MASTERDOWN|BUSY|MISCONF)\b/u, 'busy'],
  [/^(?:MOVED|ASK|CLUSTERDOWN)\b/u, 'moved'],
  [/^ERR operation not permitted/iu, 'not-permitted'],
  [/^ERR max number of clients/iu, 'max-clients'],
  [/^ERR unknown command/iu, 'unknown-command'],
] as const;

function errorRow(value: RespValue): ErrorRow | undefined {
  if (value.kind !== 'error') return undefined;
  return ERRORS.find(([pattern]) => pattern.test(value.text))?.[1] ?? 'other';
}

function isPong(value: RespValue): boolean {
  return value.kind === 'simple' && value.text === 'PONG';
}

/** Whether INFO is worth asking after this answer to PING. */
export function goesOn(ping: RespValue): boolean {
  if (isPong(ping)) return true;
  switch (errorRow(ping)) {
    case 'unknown-command':
    case 'busy':
    case 'moved':
    case 'noperm':
    case 'other':
      return true;
    case 'noauth':
    case 'protected-mode':
    case 'not-permitted':
    case 'max-clients':
    case undefined:
      return false;
  }
}

/** INFO answered with something to read. */
export function isContent(value: RespValue | undefined): boolean {
  return value?.kind === 'bulk' && value.bytes !== undefined && value.bytes.length > 0;
}

export function isUnknownCommand(value: RespValue): boolean {
  return errorRow(value) === 'unknown-command';
}

export function readRedis(talk: RedisTalk): RedisReading {
  const ping = isPong(talk.ping) ? 'pong' : errorRow(talk.ping);
  if (ping === undefined) return { row: 'unrecognised', markers: 0, truncated: false };
  if (talk.server === undefined || !goesOn(talk.ping)) return unasked(ping);
  if (isContent(talk.server)) return opened(ping, talk.server, talk.keyspace);
  const known = ping === 'other' ? 0 : 1;
  const info = errorRow(talk.server);
  if (info === undefined) {
    return { row: talk.server.kind === 'bulk' ? 'info-empty' : 'no-info', markers: known, truncated: false };
  }
  if (info === 'unknown-command') return counted(known, talk.size);
  if (info === 'other') return { row: 'no-info', markers: known, truncated: false };
  return { row: info, markers: known + 1, truncated: false };
}

/** PING settled it, or nothing came after it. */
function unasked(ping: ErrorRow | 'pong'): RedisReading {
  if (ping === 'other') return { row: 'unrecognised', markers: 0, truncated: false };
  const row = ping === 'pong' || ping === 'unknown-command' ? 'no-info' : ping;
  return { row, markers: 1, truncated: false };
}

function opened(ping: ErrorRow | 'pong', server: RespValue, keyspace: RespValue | undefined): RedisReading {
  const fields = infoFields(server);
  const row = ping === 'unknown-command' ? 'ping-renamed' : ping === 'busy' ? 'busy-info' : 'info-bulk';
  const [product, version] = productOf(fields);
  const counts = keyspacesOf(keyspace);
  return {
    row: fields.get('redis_mode') === 'sentinel' ? 'sentinel' : row,
    markers: Math.max(1, (ping === 'other' ? 0 : 1) + (version === undefined ? 0 : 1)),
    ...(product === undefined ? {} : { product }),
    ...(version === undefined ? {} : { version: printable(version, 40) }),
    ...(counts === undefined ? {} : { keyspaces: counts.slice(0, MAX_KEYSPACES) }),
    truncated: (counts?.length ?? 0) > MAX_KEYSPACES,
  };
}

/** INFO renamed away: DBSIZE is the other metadata call that reads no name. */
function counted(known: number, size: RespValue | undefined): RedisReading {
  if (size?.kind === 'integer' && size.value >= 0n && size.value <= BigInt(Number.MAX_SAFE_INTEGER)) {
    const keyspaces = [{ name: 'db0', keys: Number(size.value) }];
    return { row: 'info-renamed', markers: known + 1, keyspaces, truncated: false };
  }
  const error = size === undefined ? undefined : errorRow(size);
  if (error === 'noperm' || error === 'noauth') return { row: error, markers: known + 1, truncated: false };
  return { row: 'no-info', markers: known, truncated: false };
}

/** Only the fields looked for below ever leave this map: INFO holds paths and host names too. */
function infoFields(value: RespValue): ReadonlyMap<string, string> {
  if (value.kind !== 'bulk' || value.bytes === undefined) return new Map();
  const lines = value.bytes.toString('utf8').split(/\r?\n/u);
  return new Map(
    lines.flatMap((line) => {
      const colon = line.indexOf(':');
      return colon > 0 ? [[line.slice(0, colon), line.slice(colon + 1)] as const] : [];
    }),
  );
}

/** Forks report the Redis version they imitate beside their own, so their own comes first. */
function productOf(fields: ReadonlyMap<string, string>): readonly [string | undefined, string | undefined] {
  const product = ['valkey', 'dragonfly', 'kvrocks', 'redis'].find((name) => fields.has(`${name}_version`));
  return [product, product === undefined ? undefined : fields.get(`${product}_version`)];
}

/** `db0:keys=5,expires=0,avg_ttl=0`; nothing under the heading means no keys. */
function keyspacesOf(value: RespValue | undefined): { name: string; keys: number }[] | undefined {
  if (value === undefined || !isContent(value)) return undefined;
  return [...infoFields(value)].flatMap(([name, text]) => {
    const keys = /^keys=(\d{1,15})(?:,|$)/u.exec(text)?.[1];
    return /^db\d{1,5}$/u.test(name) && keys !== undefined ? [{ name, keys: Number(keys) }] : [];
  });
}
