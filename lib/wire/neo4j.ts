import { printable } from '../model/text.ts';
import { type Reply, wholeText } from './http-front.ts';
import { asObject, member, parseJson, textMember } from './json.ts';

/** What Neo4j says over HTTP, and what its refusals mean in either protocol (probes.md section 3.11). */

export const MAX_NAMES = 200;

export interface Root {
  readonly markers: number;
  readonly version: string;
  /** Since 4.0 a transaction is the only way to read; before that names had addresses of their own. */
  readonly generation: 3 | 4;
}

const KEYS = ['neo4j_version', 'neo4j_edition', 'bolt_direct', 'bolt_routing', 'transaction', 'bolt', 'data'];

/** The page at `/`, which is shown to anyone. Undefined where nothing of Neo4j shows. */
export function readRoot(reply: Reply): Root | undefined {
  const root = reply.status === 200 ? asObject(parseJson(reply.body.toString('utf8'))) : undefined;
  if (root === undefined) return undefined;
  const markers = KEYS.filter((key) => textMember(root, key) !== '').length;
  const isOld = /\/db\/data\/?$/u.test(textMember(root, 'data'));
  const isNew = /^(?:bolt|neo4j)(?:\+s)?:\/\//u.test(
    textMember(root, 'bolt_direct') || textMember(root, 'bolt_routing'),
  );
  if (markers < 2 || !(isOld || isNew)) return undefined;
  return { markers, version: textMember(root, 'neo4j_version'), generation: isNew ? 4 : 3 };
}

/** One more than is shown tells whether there are more. */
export const LABELS = `CALL db.labels() YIELD label RETURN label LIMIT ${MAX_NAMES + 1}`;
export const READ_LABELS = JSON.stringify({ statements: [{ statement: LABELS }] });

export type AccessRow = 'none' | 'restricted' | 'unauthorized' | 'expired' | 'rate-limit' | 'error';

/** What a status code of Neo4j's says of authentication. */
export function accessRow(code: string): Exclude<AccessRow, 'none'> {
  switch (code) {
    case 'Neo.ClientError.Security.CredentialsExpired':
      return 'expired';
    case 'Neo.ClientError.Security.AuthenticationRateLimit':
      return 'rate-limit';
    case 'Neo.ClientError.Security.Forbidden':
      return 'restricted';
    case 'Neo.ClientError.Security.Unauthorized':
    case 'Neo.ClientError.Security.AuthorizationExpired':
    case 'Neo.ClientError.Security.TokenExpired':
    case 'Memgraph.ClientError.Security.Unauthenticated':
      return 'unauthorized';
    default:
      return 'error';
  }
}

export interface Labels {
  readonly row: AccessRow;
  readonly code: string;
  readonly names: readonly string[];
  readonly truncated: boolean;
}

/** Labels of nodes, out of a transaction (4.0 and newer) or out of their own list. */
export function readLabels(reply: Reply): Labels {
  const json = parseJson(reply.truncated ? wholeText(reply, '",', ']') : reply.body.toString('utf8'));
  const none = { names: [], truncated: false };
  const code = codeOf(json);
  if (reply.status === 401 || code !== '') {
    const row = reply.status === 401 && accessRow(code) === 'error' ? 'unauthorized' : accessRow(code);
    return { row, code, ...none };
  }
  const names = reply.status === 200 ? (Array.isArray(json) ? json : rowsOf(json)) : undefined;
  if (names === undefined || !names.every((name): name is string => typeof name === 'string')) {
    return { row: 'error', code, ...none };
  }
  const shown = names.slice(0, MAX_NAMES).map((name) => printable(name));
  return { row: 'none', code, names: shown, truncated: reply.truncated || names.length > MAX_NAMES };
}

/** The first error's code. */
function codeOf(json: unknown): string {
  const errors = member(json, 'errors');
  return Array.isArray(errors) ? printable(textMember(errors[0], 'code'), 100) : '';
}

/** `results[0].data[].row[0]`, where the column is the one that was asked for. */
function rowsOf(json: unknown): readonly unknown[] | undefined {
  const results = member(json, 'results');
  const [result] = Array.isArray(results) ? (results as readonly unknown[]) : [];
  const [columns, data] = [member(result, 'columns'), member(result, 'data')];
  if (!Array.isArray(columns) || columns[0] !== 'label' || !Array.isArray(data)) return undefined;
  return data.map((entry: unknown) => {
    const row = member(entry, 'row');
    return Array.isArray(row) ? (row as readonly unknown[])[0] : undefined;
  });
}
