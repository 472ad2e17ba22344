/**
 * What Elasticsearch, OpenSearch and what stands in front of them answer (probes.md section 3.7 and 3.20), as pure
 * functions over bounded replies. JSON from strangers: size is capped by the caller, depth here, shapes are checked.
 */
import { printable } from '../model/text.ts';

export interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  readonly truncated: boolean;
}

export interface SearchIndex {
  readonly name: string;
  readonly records?: number;
  readonly bytes?: number;
}

export type RootRow =
  | 'main'
  | 'missing-credentials'
  | 'opensearch-security'
  | 'anonymous-forbidden'
  | 'anonymous-role'
  | 'not-initialized'
  | 'aws-policy'
  | 'proxy-auth'
  | 'generic-http';

export interface Root {
  readonly row: RootRow;
  readonly markers: number;
  readonly product?: string;
  readonly version?: string;
  readonly notes: readonly string[];
}

const MAX_DEPTH = 64;
const MAX_INDICES = 200;
const MAX_FIELDS = 200;
const MAX_FIELD_OBJECTS = 50;

type Plain = { readonly [key: string]: unknown };

/** JSON of bounded depth, or nothing. */
export function parseJson(body: Buffer): unknown {
  const text = body.toString('utf8');
  if (depthOf(text) > MAX_DEPTH) return undefined;
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function depthOf(text: string): number {
  let [depth, deepest, inText] = [0, 0, false];
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (inText) {
      if (c === 0x5c) i++;
      else if (c === 0x22) inText = false;
    } else if (c === 0x22) inText = true;
    else if (c === 0x7b || c === 0x5b) deepest = Math.max(deepest, ++depth);
    else if (c === 0x7d || c === 0x5d) depth--;
  }
  return deepest;
}

function plain(value: unknown): Plain | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Plain) : undefined;
}

function text(value: unknown, limit = 80): string | undefined {
  return typeof value === 'string' ? printable(value, limit) : undefined;
}

/** Which row of the table the reply to `GET /` is. */
export function readRoot(reply: Reply): Root {
  const json = plain(parseJson(reply.body));
  if (reply.status === 200) return readMain(reply, json);
  const challenge = reply.headers['www-authenticate'] ?? '';
  const reason = text(plain(json?.['error'])?.['reason'], 400) ?? '';
  const message = text(json?.['Message'], 400) ?? '';
  const notes = reason === '' && message === '' ? [] : [printable(reason || message)];
  if (reply.status === 401 && /realm="(OpenSearch Security|Open Distro Security|Search Guard)"/i.test(challenge)) {
    return { row: 'opensearch-security', markers: 2, product: 'opensearch', notes };
  }
  if (reply.status === 401 && plain(json?.['error'])?.['type'] === 'security_exception') {
    return { row: 'missing-credentials', markers: 2, product: 'elasticsearch', notes };
  }
  if (
    reply.status === 403 &&
    /User(: anonymous| \[name=anonymous).*not authorized to perform: (es|aoss):/.test(message)
  ) {
    return { row: 'aws-policy', markers: 2, product: 'aws opensearch service', notes };
  }
  if (reply.status === 403 && /(opendistro_security_anonymous|name=anonymous)/.test(reason)) {
    return { row: 'anonymous-role', markers: 2, product: 'opensearch', notes };
  }
  if (reply.status === 403 && /is unauthorized for (API key|user) \[_?anonymous/.test(reason)) {
    return { row: 'anonymous-forbidden', markers: 2, product: 'elasticsearch', notes };
  }
  if (
    reply.status === 503 &&
    /(OpenSearch|Open Distro) Security not initialized/i.test(reply.body.toString('latin1'))
  ) {
    return { row: 'not-initialized', markers: 1, product: 'opensearch', notes };
  }
  if (reply.status === 401)
    return { row: 'proxy-auth', markers: 0, notes: [`challenge: ${printable(challenge, 100)}`] };
  return { row: 'generic-http', markers: 0, notes: [`status ${reply.status}`] };
}

function readMain({ headers }: Reply, json: Plain | undefined): Root {
  const version = plain(json?.['version']);
  const tagline = json?.['tagline'];
  const number = text(version?.['number'], 40);
  const isSearch =
    tagline === 'You Know, for Search' || (typeof tagline === 'string' && tagline.startsWith('The OpenSearch Project'));
  const identity = typeof json?.['cluster_uuid'] === 'string' || typeof json?.['name'] === 'string';
  const markers = [isSearch, number !== undefined && identity, headers['x-elastic-product'] === 'Elasticsearch'].filter(
    Boolean,
  ).length;
  if (!isSearch || markers < 2)
    return { row: 'generic-http', markers: 0, notes: ['200 without the marks of a search engine'] };
  const product = version?.['distribution'] === 'opensearch' ? 'opensearch' : 'elasticsearch';
  const warning = /built-in security features are not enabled/i.test(headers['warning'] ?? '');
  return {
    row: 'main',
    markers,
    product,
    ...(number === undefined ? {} : { version: number }),
    notes: warning ? ['the server itself warns that its security is off'] : [],
  };
}

/** `_cat/indices` as JSON, or `_stats` of a server older than 5. Undefined where it is neither. */
export function readIndices(reply: Reply): { indices: readonly SearchIndex[]; truncated: boolean } | undefined {
  if (reply.status !== 200) return undefined;
  const json = parseJson(reply.body);
  const rows = Array.isArray(json) ? json.map(catRow) : statsRows(plain(json));
  if (rows === undefined || rows.some((row) => row === undefined)) return undefined;
  const indices = rows.filter((row) => row !== undefined);
  return { indices: indices.slice(0, MAX_INDICES), truncated: reply.truncated || indices.length > MAX_INDICES };
}

function catRow(row: unknown): SearchIndex | undefined {
  const cells = plain(row);
  const name = cells?.['index'];
  if (typeof name !== 'string') return undefined;
  return { name, ...count('records', cells?.['docs.count']), ...count('bytes', cells?.['store.size']) };
}

function statsRows(json: Plain | undefined): (SearchIndex | undefined)[] | undefined {
  const indices = plain(json?.['indices']);
  if (indices === undefined) return undefined;
  return Object.entries(indices).map(([name, stats]) => ({
    name,
    ...count('records', plain(plain(plain(stats)?.['primaries'])?.['docs'])?.['count']),
  }));
}

/** Closed indices have null here: then nothing is known, and nothing is said. */
function count<K extends string>(key: K, value: unknown): Partial<Record<K, number>> {
  const number = typeof value === 'string' && /^\d{1,15}$/.test(value) ? Number(value) : value;
  return typeof number === 'number' && Number.isSafeInteger(number) && number >= 0
    ? ({ [key]: number } as Record<K, number>)
    : {};
}

export interface Field {
  readonly name: string;
  readonly type: string;
}

/** Field names and types per index, from `_mapping`. Undefined where it did not parse. */
export function readFields(reply: Reply): ReadonlyMap<string, readonly Field[]> | undefined {
  const json = reply.status === 200 && !reply.truncated ? plain(parseJson(reply.body)) : undefined;
  if (json === undefined) return undefined;
  const found = new Map<string, readonly Field[]>();
  for (const [index, mapping] of Object.entries(json).slice(0, MAX_FIELD_OBJECTS)) {
    const fields: Field[] = [];
    collect(plain(plain(plain(mapping)?.['mappings'])?.['properties']), '', fields, 0);
    found.set(index, fields);
  }
  return found;
}

function collect(properties: Plain | undefined, path: string, fields: Field[], depth: number): void {
  if (properties === undefined || depth > 8) return;
  for (const [name, value] of Object.entries(properties)) {
    if (fields.length >= MAX_FIELDS) return;
    const field = plain(value);
    const type = text(field?.['type'], 40);
    if (type !== undefined) fields.push({ name: `${path}${name}`, type });
    collect(plain(field?.['properties']), `${path}${name}.`, fields, depth + 1);
  }
}

/** The negative control answered like the real thing: a catch-all stands in front, and the verdict is void. */
export function isCatchAll(control: Reply, positive: Reply): boolean {
  return (
    control.status === positive.status &&
    Array.isArray(parseJson(control.body)) === Array.isArray(parseJson(positive.body))
  );
}
