/**
 * Patterns of policies (`*` any run, `?` one character) against what a request could hold. Both are lists of UTF-16
 * codes with a few tokens below zero. What a request could hold is a pattern too, a shape, so two questions answer
 * everything: does the pattern match some value of the shape, and does it match every one. Time is at most the
 * product of both lengths, whatever a stranger writes.
 */
export type Pattern = readonly number[];

const ANY = -1;
const ONE = -2;
const NAMELESS = -3;
const COLON = 58;
/** partition, service, region, account and so on: the sixth part of an ARN keeps its colons. */
const ARN_PARTS = 6;

export const ANYTHING: Pattern = [ANY];

/**
 * Only in shapes: one word that no policy can spell out, such as the account number of an arbitrary caller. A
 * pattern matches it only where one of its wildcards helps.
 */
export const NAMELESS_WORD: Pattern = [NAMELESS];

export function literal(text: string): Pattern {
  const codes: number[] = [];
  for (let i = 0; i < text.length; i++) codes.push(text.charCodeAt(i));
  return codes;
}

export function glob(text: string): Pattern {
  return literal(text).map((code) => (code === 42 ? ANY : code === 63 ? ONE : code));
}

export function joined(...parts: readonly Pattern[]): Pattern {
  return parts.flat();
}

/** ASCII letters in lower case. */
export function foldCase(pattern: Pattern): Pattern {
  return pattern.map((code) => (code >= 65 && code <= 90 ? code + 32 : code));
}

/** Whether the pattern matches every value of the shape. May miss that it does, never the other way round. */
export function includes(pattern: Pattern, shape: Pattern): boolean {
  let [p, s, star, resume] = [0, 0, -1, 0];
  while (s < shape.length) {
    const [token, part = ANY] = [pattern[p], shape[s]];
    if (token === ANY) {
      star = p++;
      resume = s;
    } else if (token !== undefined && part >= 0 && (token === part || token === ONE)) {
      p++;
      s++;
    } else if (star >= 0) {
      p = star + 1;
      s = ++resume;
    } else return false;
  }
  while (pattern[p] === ANY) p++;
  return p === pattern.length;
}

/** Whether the pattern matches at least one value of the shape. */
export function overlaps(pattern: Pattern, shape: Pattern): boolean {
  if (pattern.length === 1 && pattern[0] === ANY) return true;
  const shorter = Math.min(pattern.length, shape.length);
  let start = 0;
  for (; start < shorter; start++) {
    const [token = ANY, part = ANY] = [pattern[start], shape[start]];
    if (token < 0 || part < 0) break;
    if (token !== part) return false;
  }
  return meets(pattern.slice(start), shape.slice(start));
}

/** How a place in the shape was reached: bit 1 without a wildcard inside its nameless word, bit 2 with one. */
const SPELLED = 1;
const HELPED = 2;

function meets(pattern: Pattern, shape: Pattern): boolean {
  let row = new Uint8Array(shape.length + 1);
  row[0] = SPELLED;
  for (let p = 0; ; p++) {
    const token = pattern[p];
    advance(row, shape, token);
    if (token === undefined) return row[shape.length] !== 0;
    const next = consume(row, shape, token);
    if (!next.some((state) => state !== 0)) return false;
    row = next;
  }
}

/** Moves along the shape that leave the pattern where it is. */
function advance(row: Uint8Array, shape: Pattern, token: number | undefined): void {
  for (const [s, part] of shape.entries()) {
    let here = row[s] ?? 0;
    if (here === 0) continue;
    if (part === NAMELESS && token === ANY) here = row[s] = here | HELPED;
    const moved = part === NAMELESS ? here & HELPED : part === ANY || token === ANY ? here : 0;
    row[s + 1] = (row[s + 1] ?? 0) | moved;
  }
}

/** Moves that use up one token of the pattern. */
function consume(row: Uint8Array, shape: Pattern, token: number): Uint8Array<ArrayBuffer> {
  const next = new Uint8Array(row.length);
  for (const [s, here] of row.entries()) {
    const part = shape[s];
    if (here === 0 || (part === undefined && token !== ANY)) continue;
    if (token === ANY || part === ANY) next[s] = (next[s] ?? 0) | here;
    else if (part !== NAMELESS) next[s + 1] = (next[s + 1] ?? 0) | (token === ONE || token === part ? here : 0);
    else if (token === ONE) next[s] = (next[s] ?? 0) | HELPED;
    else if (isWord(token)) next[s] = (next[s] ?? 0) | here;
  }
  return next;
}

function isWord(code: number): boolean {
  return (code >= 48 && code <= 57) || (code >= 65 && code <= 90) || (code >= 97 && code <= 122);
}

/** As `includes`, for ARN operators and Resource: no wildcard reaches over one of the first five colons. */
export function arnIncludes(pattern: Pattern, shape: Pattern): boolean {
  const [parts, shapes] = [arnParts(pattern), arnParts(shape)];
  if (parts === undefined || shapes === undefined) return false;
  return parts.every((part, i) => includes(part, shapes[i] ?? ANYTHING));
}

/** As `overlaps`, for ARN operators. A pattern that is no whole ARN is taken for plain text. */
export function arnOverlaps(pattern: Pattern, shape: Pattern): boolean {
  const [parts, shapes] = [arnParts(pattern), arnParts(shape)];
  if (parts === undefined || shapes === undefined) return overlaps(pattern, shape);
  return parts.every((part, i) => overlaps(part, shapes[i] ?? ANYTHING));
}

function arnParts(pattern: Pattern): readonly Pattern[] | undefined {
  const parts: Pattern[] = [];
  let from = 0;
  while (parts.length < ARN_PARTS - 1) {
    const colon = pattern.indexOf(COLON, from);
    if (colon < 0) return undefined;
    parts.push(pattern.slice(from, colon));
    from = colon + 1;
  }
  return [...parts, pattern.slice(from)];
}
