/** The text of a policy as JSON, within limits. Whatever is beyond them is not understood, never ignored. */

/** AWS takes 100 KB for an OpenSearch domain, less elsewhere. */
export const MAX_POLICY_CHARS = 262_144;
export const MAX_VALUES = 40_000;
/** The longest ARN has 2,048 characters. */
export const MAX_VALUE_CHARS = 2_048;

export type Json = { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly why: string };

export function readJson(policy: string | object): Json {
  if (typeof policy !== 'string') return withinLimits(policy);
  if (policy.length > MAX_POLICY_CHARS) return { ok: false, why: `more than ${MAX_POLICY_CHARS} characters` };
  let value: unknown;
  try {
    value = JSON.parse(policy);
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof RangeError) return { ok: false, why: 'not JSON' };
    throw error;
  }
  const twice = repeatedKey(policy);
  if (twice !== undefined) return { ok: false, why: `key ${JSON.stringify(twice)} twice in one object` };
  return withinLimits(value);
}

/** Walks without recursion, so depth costs nothing; the count ends a walk in circles. */
function withinLimits(value: unknown): Json {
  const open: unknown[] = [value];
  for (let count = 0; open.length > 0; count++) {
    if (count > MAX_VALUES) return { ok: false, why: `more than ${MAX_VALUES} values` };
    const next = open.pop();
    if (typeof next === 'string' && next.length > MAX_VALUE_CHARS) {
      return { ok: false, why: `a value of more than ${MAX_VALUE_CHARS} characters` };
    }
    if (!isObject(next)) continue;
    const children: unknown[] = Object.values(next);
    if (children.length > MAX_VALUES) return { ok: false, why: `more than ${MAX_VALUES} values` };
    open.push(...children);
  }
  return { ok: true, value };
}

/** JSON.parse keeps the last of two equal keys; what AWS keeps is not written down. The text must be valid JSON. */
function repeatedKey(text: string): string | undefined {
  const open: (Set<string> | undefined)[] = [];
  let last = '';
  for (const [token] of text.matchAll(/"[^"\\]*(?:\\.[^"\\]*)*"|[{}[\]:]/gs)) {
    if (token === '{') open.push(new Set());
    else if (token === '[') open.push(undefined);
    else if (token === '}' || token === ']') open.pop();
    else if (token !== ':') last = token;
    else {
      // Keys of conditions are read without regard to case, so two spellings of one key are one key.
      const key = String(JSON.parse(last)).toLowerCase();
      if (open.at(-1)?.has(key) === true) return key.slice(0, 64);
      open.at(-1)?.add(key);
    }
  }
  return undefined;
}

export function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

/** An object that is no array, as its own keys: a key such as `__proto__` is one like any other. */
export function entriesOf(value: unknown): ReadonlyMap<string, unknown> | undefined {
  return isObject(value) && !Array.isArray(value) ? new Map(Object.entries(value)) : undefined;
}

/** Strings of a single value or a list. AWS takes numbers and booleans for their text; `unread` holds no such thing. */
export function stringsOf(value: unknown): { readonly strings: readonly string[]; readonly unread: boolean } {
  const list: readonly unknown[] = Array.isArray(value) ? value : [value];
  const strings = list.flatMap((item) =>
    typeof item === 'string' || typeof item === 'number' || typeof item === 'boolean' ? [String(item)] : [],
  );
  return { strings, unread: strings.length < list.length };
}
