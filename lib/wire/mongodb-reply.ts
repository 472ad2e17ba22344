import type { BsonDocument, BsonInput, BsonValue, Decoded } from './bson.ts';

/** What we ask a MongoDB server and how we read its answers (probes.md section 3.3). Pure. */

/** Says who we are, in the place the protocol has for it. */
export const HELLO: BsonInput = {
  hello: 1,
  client: {
    application: { name: 'exposure-probe' },
    driver: { name: 'ajar', version: '1' },
    os: { type: 'unknown' },
  },
  $db: 'admin',
};
export const IS_MASTER: BsonInput = { isMaster: 1 };
export const LIST_DATABASES: BsonInput = { listDatabases: 1, nameOnly: true, $db: 'admin' };
export const LEGACY_LIST_DATABASES: BsonInput = { listDatabases: 1, nameOnly: true };
/** One batch large enough that nothing stays open on the server, small enough for our limits. */
export const BATCH = 200;
export function listCollections(database: string): BsonInput {
  return {
    listCollections: 1,
    nameOnly: true,
    authorizedCollections: true,
    cursor: { batchSize: BATCH },
    $db: database,
  };
}

const MAX_NAME = 255;
const MAX_OBJECTS = 200;
/** Longest database name a server accepts, in bytes. */
const MAX_DATABASE_NAME = 63;
const SYSTEM_DATABASES = new Set(['admin', 'local', 'config']);

/** `ok` is a double, an integer or a boolean, depending on who answers. */
export function isOk(document: BsonDocument): boolean {
  const ok = document.get('ok');
  return ok === 1 || ok === 1n || ok === true;
}

export function errorCode(document: BsonDocument): number | undefined {
  const code = document.get('code');
  return typeof code === 'number' ? code : undefined;
}

/** CommandNotFound, and APIStrict's cousin: an emulator, or a server older than the command. */
export function isUnknownCommand(document: BsonDocument): boolean {
  const code = errorCode(document);
  if (code === 59 || code === 115) return true;
  return code === undefined && !isOk(document) && /^no such c(?:omman|m)d/iu.test(textOf(document.get('errmsg')));
}

export type RefusalRow = 'unauthorized' | 'emulator' | 'no-legacy-opcodes' | 'error';
export type ListRow = 'list-databases' | 'empty-list' | 'odd-list';

/** Unauthorized, AuthenticationFailed, Atlas' own. */
const DEMANDS_AUTHENTICATION = new Set([13, 18, 8000]);

/** What a refusal says of authentication. */
export function refusalRow(document: BsonDocument): RefusalRow {
  const code = errorCode(document);
  if (code !== undefined && DEMANDS_AUTHENTICATION.has(code)) return 'unauthorized';
  if (code === 303 || code === 352) return 'no-legacy-opcodes';
  if (isUnknownCommand(document)) return 'emulator';
  // Servers before 3.4 give some errors without a code.
  const text = textOf(document.get('errmsg'));
  return /^(?:not authorized|unauthorized|need to login)/iu.test(text) ? 'unauthorized' : 'error';
}

/** What the answer to listDatabases says. hello says nothing: anyone may ask it. */
export function listRow({
  document,
  cut,
}: {
  readonly document: BsonDocument;
  readonly cut: boolean;
}): ListRow | RefusalRow {
  // Of a list too long for us we have the start: `ok` comes after it.
  if (!isOk(document) && !(cut && document.get('ok') === undefined)) return refusalRow(document);
  const list = document.get('databases');
  if (!isArray(list)) return 'odd-list';
  if (list.length === 0) return cut ? 'odd-list' : 'empty-list';
  return databases(document).length > 0 ? 'list-databases' : 'odd-list';
}

export interface Named {
  readonly name: string;
  readonly system: boolean;
  readonly bytes?: number;
}

export function databases(document: BsonDocument): readonly Named[] {
  return namesIn(document.get('databases')).map(({ name, entry }) => {
    const size = entry.get('sizeOnDisk');
    const bytes = typeof size === 'bigint' ? Number(size) : size;
    const known = typeof bytes === 'number' && Number.isSafeInteger(bytes) && bytes >= 0;
    return { name, system: SYSTEM_DATABASES.has(name), ...(known ? { bytes } : {}) };
  });
}

/** Databases whose collections may be asked for: not the server's own, and with a name that can be sent. */
export function askable(list: readonly Named[]): readonly string[] {
  return list
    .filter(({ system }) => !system)
    .map(({ name }) => name)
    .filter((name) => Buffer.byteLength(name) <= MAX_DATABASE_NAME && !name.includes('\0') && name.isWellFormed());
}

/** `more`: the server has further names that we do not fetch. */
function collections(document: BsonDocument): { readonly names: readonly Named[]; readonly more: boolean } {
  const cursor = document.get('cursor');
  if (!(cursor instanceof Map)) return { names: [], more: false };
  const names = namesIn(cursor.get('firstBatch')).map(({ name }) => ({ name, system: name.startsWith('system.') }));
  const id = cursor.get('id');
  return { names: names.slice(0, BATCH), more: names.length > BATCH || (id !== 0n && id !== 0) };
}

/** Databases, then the collections of those we asked; at most 200 names (probes.md section 1, rule 10). */
export function namesHeard(list: Decoded, asked: readonly (Decoded & { readonly database: string })[]) {
  const found = databases(list.document);
  const inside = asked.map(({ database, document, cut }) => ({ database, cut, ...collections(document) }));
  const objects = [
    ...found.map((named) => ({ ...named, kind: 'database' as const })),
    ...inside.flatMap(({ database, names }) =>
      names.map(({ name, system }) => ({ name: `${database}.${name}`, kind: 'table' as const, system })),
    ),
  ];
  const skipped = askable(found).length > asked.length;
  const truncated = list.cut || skipped || inside.some(({ more, cut }) => more || cut) || objects.length > MAX_OBJECTS;
  return { objects: objects.slice(0, MAX_OBJECTS), truncated };
}

function namesIn(list: BsonValue): readonly { readonly name: string; readonly entry: BsonDocument }[] {
  if (!isArray(list)) return [];
  return list.flatMap((entry) => {
    if (!(entry instanceof Map)) return [];
    const name: BsonValue = entry.get('name');
    return typeof name === 'string' && name !== '' ? [{ name: name.slice(0, MAX_NAME), entry }] : [];
  });
}

export interface HelloFacts {
  /** Independent signs of a MongoDB server: the reply's shape counts one, the wire version another. */
  readonly firm: boolean;
  readonly version?: string;
  readonly product: string;
  /** Not yet escaped. */
  readonly notes: readonly string[];
}

/** First release with this maxWireVersion. buildInfo would say more, but needs authorisation from 8.1 on. */
const RELEASES: readonly (readonly [number, string])[] = [
  [25, '8.0'],
  [21, '7.0'],
  [17, '6.0'],
  [13, '5.0'],
  [9, '4.4'],
  [8, '4.2'],
  [7, '4.0'],
  [6, '3.6'],
];

export function helloFacts(hello: BsonDocument): HelloFacts {
  const wire = hello.get('maxWireVersion');
  const known = typeof wire === 'number' ? RELEASES.find(([least]) => wire >= least) : undefined;
  const release = typeof wire !== 'number' ? undefined : known === undefined ? 'before 3.6' : releaseRange(wire, known);
  const set = textOf(hello.get('setName'));
  const hosts = hello.get('hosts');
  const inner = isArray(hosts) ? hosts.filter((h) => typeof h === 'string').slice(0, 3) : [];
  return {
    firm: typeof wire === 'number',
    ...(release === undefined ? {} : { version: release }),
    product: hello.get('msg') === 'isdbgrid' ? 'mongos' : 'MongoDB',
    notes: [
      ...(set === '' ? [] : [`replica set ${set}`]),
      ...(inner.length === 0 ? [] : [`hello names the members: ${inner.join(' ')}`]),
    ],
  };
}

/** Rapid releases lie between two majors: the range is all that hello gives. */
function releaseRange(wire: number, [least, name]: readonly [number, string]): string {
  return wire === least ? name : `${name}+`;
}

function textOf(value: BsonValue): string {
  return typeof value === 'string' ? value : '';
}

function isArray(value: BsonValue): value is readonly BsonValue[] {
  return Array.isArray(value);
}
