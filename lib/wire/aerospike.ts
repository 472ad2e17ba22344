import { printable } from '../model/text.ts';
import { WireError } from './error.ts';
import { MAX_ROWS, nameOf, type Row, type Rows } from './listing.ts';
import { Reader } from './reader.ts';

/** Aerospike's info protocol (probes.md section 4.11): names behind a head of eight bytes, `name TAB value` a line back. Pure. */

export const HEAD_BYTES = 8;
const VERSION = 2;
const TYPE_INFO = 1;
/** Of an answer only so much is read; what is behind it was not asked for. */
export const MAX_ANSWER = 64 * 1024;

export function question(...names: readonly string[]): Buffer {
  const body = Buffer.from(names.map((name) => `${name}\n`).join(''));
  const head = Buffer.from([VERSION, TYPE_INFO, 0, 0, 0, 0, 0, 0]);
  head.writeUIntBE(body.length, 2, 6);
  return Buffer.concat([head, body]);
}

/** Build and namespaces. */
export const WHO: Buffer = question('build', 'namespaces');

/** Bytes behind a head, or WireError. */
export function answerLength(head: Buffer): number {
  const reader = new Reader(head);
  const [version, type] = [reader.u8(), reader.u8()];
  if (version !== VERSION || type !== TYPE_INFO) throw new WireError('malformed', 'no answer of the info protocol');
  return reader.u16be() * 2 ** 32 + reader.u32be();
}

/** Whether these bytes may be the start of an answer. */
export function isAnswerStart(head: Buffer): boolean {
  return head[0] === VERSION && (head[1] ?? TYPE_INFO) === TYPE_INFO;
}

export interface Who {
  readonly version: string;
  /** `refused`: credentials are asked for; `restricted`: a stranger is let in and may not see them. */
  readonly namespaces: readonly string[] | 'refused' | 'restricted' | undefined;
}

/** Most servers have one or two; the community's may have two. */
const MAX_NAMESPACES = 8;

/** What came back for `WHO`, or WireError where it answers neither name. */
export function readWho(body: Buffer): Who {
  const text = body.toString('utf8');
  const values = valuesOf(text);
  const build = values.get('build');
  const version =
    build !== undefined && /^\d{1,3}\.\d{1,4}(?:\.\w{1,12}){0,3}(?:[-.]\w{1,40}){0,4}$/u.test(build) ? build : '';
  // A server with security on may refuse the whole message in one line.
  const refusal = refusalOf(text) ?? refusalOf(values.get('namespaces')) ?? refusalOf(build);
  if (version === '' && refusal === undefined) throw new WireError('malformed', 'no build, and no refusal either');
  const names = (values.get('namespaces') ?? '').split(';').filter((name) => /^[\w.$-]{1,64}$/u.test(name));
  const namespaces = refusal ?? (names.length === 0 ? undefined : names.slice(0, MAX_NAMESPACES));
  return { version: printable(version, 40), namespaces };
}

function valuesOf(text: string): ReadonlyMap<string, string> {
  return new Map(
    text.split('\n', 4 * MAX_NAMESPACES).flatMap((line) => {
      const tab = line.indexOf('\t');
      return tab > 0 ? [[line.slice(0, tab), line.slice(tab + 1).trimEnd()] as const] : [];
    }),
  );
}

/** 80 is "not authenticated", 81 a role that lacks the privilege. */
function refusalOf(text: string | undefined): 'refused' | 'restricted' | undefined {
  const code = /^(?:ERROR|FAIL):(80|81)\b/iu.exec(text ?? '')?.[1];
  return code === undefined ? undefined : code === '80' ? 'refused' : 'restricted';
}

/** Names and counts of the sets of some namespaces; a namespace without sets is told by its own name. */
export function readSets(body: Buffer, namespaces: readonly string[], truncated: boolean): Rows {
  const values = valuesOf(body.toString('utf8'));
  const rows: Row[] = [];
  let isCut = truncated;
  for (const namespace of namespaces) {
    const sets = (values.get(`sets/${namespace}`) ?? '').split(';').flatMap((entry) => setOf(entry) ?? []);
    const found: readonly Row[] = sets.length === 0 ? [{ name: namespace }] : sets;
    isCut ||= rows.length + found.length > MAX_ROWS;
    rows.push(...found.slice(0, MAX_ROWS - rows.length));
  }
  return { rows, truncated: isCut };
}

/** `ns=test:set=demo:objects=5:...`; an entry that was cut has no count, and is none. */
function setOf(entry: string): Row | undefined {
  const fields = new Map(
    entry.split(':', 40).flatMap((field) => {
      const equals = field.indexOf('=');
      return equals > 0 ? [[field.slice(0, equals), field.slice(equals + 1)] as const] : [];
    }),
  );
  const name = nameOf(`${fields.get('ns') ?? ''}.${fields.get('set') ?? fields.get('set_name') ?? ''}`);
  const objects = fields.get('objects') ?? fields.get('n_objects') ?? '';
  if (name === undefined || !fields.has('ns') || !/^\d{1,15}$/u.test(objects)) return undefined;
  return { name, records: Number(objects) };
}
