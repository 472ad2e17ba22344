import { printable } from '../model/text.ts';
import type { Reply } from './http-front.ts';
import { parseBody } from './json-cut.ts';
import { member, parseJson, textMember } from './json.ts';

/** InfluxDB's metadata replies, versions 1 to 3 (probes.md section 3.18), pure and bounded. */

const MAX_NAMES = 200;
const MAX_NAME = 255;

export interface Ping {
  readonly markers: number;
  readonly version: string;
  readonly major: 1 | 2 | 3;
  /** The ping itself asked for credentials. */
  readonly refused: boolean;
}

/** Undefined where no version of InfluxDB's shows. 3 tells its version in the body as well. */
export function readPing({ status, headers, body }: Reply): Ping | undefined {
  const version = headers['x-influxdb-version'] ?? '';
  const major = /^v?([123])\.\d/u.exec(version)?.[1];
  if (major === undefined || ![200, 204, 401].includes(status)) return undefined;
  const isBuilt = headers['x-influxdb-build'] !== undefined;
  const isTold = textMember(parseJson(body.toString('utf8')), 'version') !== '';
  const markers = [true, isBuilt, isTold || status === 204].filter(Boolean).length;
  return {
    markers,
    version: version.replace(/^v/u, ''),
    major: Number(major) as Ping['major'],
    refused: status === 401,
  };
}

export interface Names {
  readonly names: readonly string[];
  readonly truncated: boolean;
}

/** What a list of databases said: names, a refusal, "make an admin first", or nothing that counts. */
export type Said = Names | 'refused' | 'no-admin' | undefined;

/** `SHOW DATABASES` of version 1. */
export function readDatabases(reply: Reply): Said {
  const json = parseBody(reply, 8);
  const words = textMember(json, 'error');
  if (reply.status === 401) return words === '' ? undefined : 'refused';
  if (reply.status === 403) return /create admin user first/iu.test(words) ? 'no-admin' : undefined;
  const series = reply.status === 200 ? first(member(first(member(json, 'results')), 'series')) : undefined;
  if (textMember(series, 'name') !== 'databases') return undefined;
  const values = member(series, 'values') ?? [];
  return Array.isArray(values) ? names(values.map(first), reply) : undefined;
}

/** `/api/v2/buckets` of version 2. */
export function readBuckets(reply: Reply): Said {
  const json = parseBody(reply, 2);
  if (reply.status === 401) return textMember(json, 'code') === 'unauthorized' ? 'refused' : undefined;
  const buckets = reply.status === 200 ? member(json, 'buckets') : undefined;
  return Array.isArray(buckets)
    ? names(
        buckets.map((bucket) => member(bucket, 'name')),
        reply,
      )
    : undefined;
}

/** `/api/v3/configure/database` of version 3. */
export function readDatabases3(reply: Reply): Said {
  if (reply.status === 401) return 'refused';
  const rows = reply.status === 200 ? parseBody(reply, 1) : undefined;
  return Array.isArray(rows)
    ? names(
        rows.map((row) => member(row, 'iox::database')),
        reply,
      )
    : undefined;
}

function names(found: readonly unknown[], { truncated }: Reply): Names | undefined {
  if (!found.every((name): name is string => typeof name === 'string')) return undefined;
  const shown = found.slice(0, MAX_NAMES).map((name) => printable(name, MAX_NAME));
  return { names: shown, truncated: truncated || found.length > MAX_NAMES };
}

/** Version 2 that nobody has set up yet says so; whoever sets it up owns it. */
export function isSetupOpen(reply: Reply): boolean {
  return reply.status === 200 && member(parseJson(reply.body.toString('utf8')), 'allowed') === true;
}

/** Keys of version 1's counters that carry names of databases, shown with authentication on as well. */
export function leaksDatabases(reply: Reply): boolean {
  return reply.status === 200 && /^\s*\{/u.test(reply.body.toString('utf8', 0, 8)) && reply.body.includes('"database:');
}

export interface Measurement {
  readonly name: string;
  readonly fields: readonly { readonly name: string; readonly type: string }[];
}

/** `SHOW FIELD KEYS` of one database: names and types, at most 50 measurements of 200 fields. */
export function readFieldKeys(reply: Reply): readonly Measurement[] {
  const series = reply.status === 200 ? member(first(member(parseBody(reply, 5), 'results')), 'series') : undefined;
  if (!Array.isArray(series)) return [];
  return series.slice(0, 50).flatMap((one): Measurement[] => {
    const [name, rows] = [textMember(one, 'name'), member(one, 'values')];
    if (name === '' || !Array.isArray(rows)) return [];
    const fields = rows.slice(0, MAX_NAMES).flatMap((row) => {
      const [field, type] = Array.isArray(row) ? (row as unknown[]) : [];
      return typeof field === 'string' && typeof type === 'string'
        ? [{ name: printable(field, MAX_NAME), type: printable(type, 40) }]
        : [];
    });
    return [{ name: printable(name, MAX_NAME), fields }];
  });
}

function first(value: unknown): unknown {
  return Array.isArray(value) ? value[0] : undefined;
}
