/**
 * JSON from strangers (probes.md section 9, rule 9): size is capped by whoever read it, depth here, and every shape is
 * checked before use. Values come out as `unknown`; a `__proto__` in a reply is a key like any other.
 */

export const MAX_DEPTH = 64;

export type JsonObject = { readonly [key: string]: unknown };

/** The value, or undefined where this is no JSON or nests too deep for a parser that recurses. */
export function parseJson(text: string): unknown {
  if (depthOf(text) > MAX_DEPTH) return undefined;
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** Brackets outside of strings, counted in one pass. */
function depthOf(text: string): number {
  let [depth, deepest, isQuoted] = [0, 0, false];
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (isQuoted) {
      if (c === 0x5c) i++;
      else if (c === 0x22) isQuoted = false;
    } else if (c === 0x22) isQuoted = true;
    else if (c === 0x7b || c === 0x5b) deepest = Math.max(deepest, ++depth);
    else if (c === 0x7d || c === 0x5d) depth--;
  }
  return deepest;
}

export function asObject(value: unknown): JsonObject | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as JsonObject) : undefined;
}

/** An own member: what a stranger did not send is not found on a prototype either. */
export function member(value: unknown, ...path: readonly string[]): unknown {
  return path.reduce<unknown>((at, key) => {
    const object = asObject(at);
    return object !== undefined && Object.hasOwn(object, key) ? object[key] : undefined;
  }, value);
}

/** A string member, or the empty string. */
export function textMember(value: unknown, ...path: readonly string[]): string {
  const found = member(value, ...path);
  return typeof found === 'string' ? found : '';
}
