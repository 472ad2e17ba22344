import { printable } from '../model/text.ts';
import { type Reply, wholeText } from './http-front.ts';
import { asObject, member, parseJson, textMember } from './json.ts';

/** CouchDB's metadata replies (probes.md section 3.16), pure and bounded. */

const MAX_NAMES = 200;
/** CouchDB allows 238 characters. */
const MAX_NAME = 255;

export interface Welcome {
  readonly markers: number;
  readonly version: string;
  /** The welcome itself asked for credentials (`require_valid_user`). */
  readonly refused: boolean;
}

/** Undefined where nothing of CouchDB shows. */
export function readWelcome(reply: Reply): Welcome | undefined {
  const json = parseJson(reply.body.toString('utf8'));
  const server = /^CouchDB\/(\d[\w.-]{0,30})/u.exec(reply.headers['server'] ?? '');
  const headed = server === null ? 0 : 1;
  if (reply.status === 200 && textMember(json, 'couchdb') === 'Welcome') {
    const version = textMember(json, 'version');
    return { markers: 1 + headed + (version === '' ? 0 : 1), version, refused: false };
  }
  const isWorded = reply.status === 401 && textMember(json, 'error') === 'unauthorized';
  if (server === null || !isWorded) return undefined;
  return { markers: 2, version: server[1] ?? '', refused: true };
}

export interface Names {
  readonly names: readonly string[];
  readonly truncated: boolean;
}

/** Names of databases, at most 200. Undefined where this is no such list, an HTML page say. No name may hold a quote. */
export function readNames(reply: Reply): Names | undefined {
  const list = reply.status === 200 ? parseJson(wholeText(reply, '",', ']')) : undefined;
  if (!Array.isArray(list) || !list.every((name): name is string => typeof name === 'string')) return undefined;
  const names = list.slice(0, MAX_NAMES).map((name) => printable(name, MAX_NAME));
  return { names, truncated: reply.truncated || list.length > MAX_NAMES };
}

/** A session without a name that has the `_admin` role: anyone is an administrator. */
export function isAdminParty(reply: Reply): boolean {
  const user = member(parseJson(reply.body.toString('utf8')), 'userCtx');
  const roles = member(user, 'roles');
  return reply.status === 200 && member(user, 'name') === null && Array.isArray(roles) && roles.includes('_admin');
}

export interface Counts {
  readonly records?: number;
  readonly bytes?: number;
}

/** `_dbs_info`: per database its count of documents and its size. Databases it does not know have none. */
export function readCounts(reply: Reply): ReadonlyMap<string, Counts> {
  const rows = reply.status === 200 ? parseJson(reply.body.toString('utf8')) : undefined;
  if (!Array.isArray(rows)) return new Map();
  return new Map(
    rows.slice(0, MAX_NAMES).flatMap((row): [string, Counts][] => {
      const key = textMember(row, 'key');
      if (key === '' || asObject(member(row, 'info')) === undefined) return [];
      const records = amount(member(row, 'info', 'doc_count'));
      const bytes = amount(member(row, 'info', 'sizes', 'file') ?? member(row, 'info', 'disk_size'));
      const counts = { ...(records === undefined ? {} : { records }), ...(bytes === undefined ? {} : { bytes }) };
      return [[printable(key, MAX_NAME), counts]];
    }),
  );
}

function amount(value: unknown): number | undefined {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : undefined;
}
