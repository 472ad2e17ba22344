/**
 * Reads a YAML file that people write, against a schema, and says where each mistake is. Nothing half-read is
 * ever returned: either the whole document is valid, or there is a list of problems.
 */
import {
  type Document,
  isMap,
  isNode,
  isPair,
  isScalar,
  LineCounter,
  parseDocument,
  type Range,
  visit,
  type YAMLParseError,
} from 'yaml';
import type { z } from 'zod';
import { printable } from './text.ts';

export interface Problem {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  /** What is wrong, and how to fix it. */
  readonly message: string;
}

export type Parsed<T> =
  | { readonly ok: true; readonly value: T; at(path: readonly PropertyKey[]): Position }
  | { readonly ok: false; readonly problems: readonly Problem[] };

export interface Position {
  readonly line: number;
  readonly column: number;
}

export const MAX_PROBLEMS = 50;
const INDIRECTION = 'anchors and aliases are not accepted here: write every value out';
const START: Position = { line: 1, column: 1 };

export function formatProblem({ file, line, column, message }: Problem): string {
  return `${file}:${line}:${column}: ${message}`;
}

/** What of zod, whole or mini, is used here. */
export interface Schema<T> {
  safeParse(value: unknown, options?: { readonly reportInput?: boolean }): z.core.util.SafeParseResult<T>;
}

export function parseYaml<T>(text: string, file: string, schema: Schema<T>, maxBytes: number): Parsed<T> {
  const fail = (problems: readonly (Position & { message: string })[]): Parsed<T> => ({
    ok: false,
    problems: problems.slice(0, MAX_PROBLEMS).map((p) => ({ ...p, file, message: printable(p.message, 400) })),
  });
  if (Buffer.byteLength(text) > maxBytes) {
    return fail([{ ...START, message: `larger than ${maxBytes} bytes: split it into several files` }]);
  }
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, version: '1.2', schema: 'core', prettyErrors: false });
  const position = (offset: number | undefined): Position => {
    const { line, col } = lines.linePos(offset ?? 0);
    return { line: Math.max(line, 1), column: Math.max(col, 1) };
  };
  if (document.errors.length > 0) {
    return fail(document.errors.map((e) => ({ ...position(e.pos[0]), message: syntaxMessage(e) })));
  }
  const indirection = findIndirection(document);
  if (indirection !== undefined) return fail([{ ...position(indirection), message: INDIRECTION }]);
  const at = (path: readonly PropertyKey[]): Position => position(offsetOf(document, path));
  const result = schema.safeParse(document.toJS({ maxAliasCount: 0 }), { reportInput: true });
  if (result.success) return { ok: true, value: result.data, at };
  return fail(result.error.issues.flatMap((issue) => problemsOf(issue, at)));
}

function syntaxMessage({ code, message }: YAMLParseError): string {
  if (code === 'MULTIPLE_DOCS') return 'a second document begins here: keep one document in a file, without ---';
  return `${message}: fix the YAML here`;
}

/** Offset of the first: one line says it, however many there are. */
function findIndirection(document: Document): number | undefined {
  let found: number | undefined;
  const stop = (node: { readonly range?: Range | null | undefined }): symbol => {
    found = node.range?.[0] ?? 0;
    return visit.BREAK;
  };
  visit(document, {
    Alias: (_, node) => stop(node),
    Value: (_, node) => (node.anchor === undefined ? undefined : stop(node)),
  });
  return found;
}

function problemsOf(issue: z.core.$ZodIssue, at: (path: readonly PropertyKey[]) => Position) {
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => ({
      ...at([...issue.path, key]),
      message: `unknown key ${JSON.stringify(key)}: remove it or check the spelling`,
    }));
  }
  if (issue.path.length === 0 && issue.code === 'invalid_type') {
    return [{ ...START, message: 'the file is empty or no map: begin it with "version: 1"' }];
  }
  const where = issue.path.map(String).join('.') || 'the file';
  const message = issue.input === undefined && issue.code !== 'custom' ? 'is missing: add it' : issue.message;
  return [{ ...at(issue.path), message: `${where} ${message}` }];
}

/** Offset of the node at `path`, or of its nearest existing ancestor; a key counts as its value's place. */
function offsetOf(document: Document, path: readonly PropertyKey[]): number | undefined {
  let node: unknown = document.contents;
  let offset = isNode(node) ? node.range?.[0] : undefined;
  for (const step of path) {
    const next: unknown = isMap(node)
      ? node.items.find((pair) => isScalar(pair.key) && pair.key.value === step)
      : isNode(node) && 'items' in node && Array.isArray(node.items)
        ? (node.items as unknown[])[Number(step)]
        : undefined;
    if (next === undefined) return offset;
    if (isPair(next)) {
      offset = isScalar(next.key) ? next.key.range?.[0] : offset;
      node = next.value;
    } else {
      node = next;
      offset = isNode(next) ? next.range?.[0] : offset;
    }
  }
  return offset;
}
