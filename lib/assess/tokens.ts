/**
 * A name as a sequence of folded words: evidence-and-alerts.md section 2.3, steps 1 to 4.
 * Written without backtracking expressions, because the names come from strangers.
 */

/** Longer names are read up to here: real ones are shorter, and the rest is a stranger's filler. */
export const MAX_NAME = 256;
/** About 256 bytes where letters take two or three. */
const MAX_NAME_OTHER = 112;
export const MAX_TOKENS = 24;
/** An unsplit compound longer than this is not a word anybody wrote. */
const MAX_COMPOUND = 32;
const MIN_PART = 3;
const MIN_PART_OTHER_SCRIPT = 2;

const INVISIBLE = /[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]/gu;
const COMBINING = /[\u0300-\u036f]/gu;
/** Blocks of letters that accents are written on; Han, Kana and Hangul have none. */
const ACCENTED = /[\u00c0-\u1fff]/u;
const LETTER = /[\p{L}\p{M}]/u;
const PLAIN = /^[\u0020-\u007e]*$/u;
/** Letters that no Unicode decomposition turns into their usual spelling. */
const FOLDED: Readonly<Record<string, string>> = { ß: 'ss', ø: 'o', ł: 'l', đ: 'd', ı: 'i', æ: 'ae', œ: 'oe' };
const SPECIAL = /[ßøłđıæœ]/gu;

const SEPARATOR = 0;
const DIGIT = 1;
const LOWER = 2;
const UPPER = 3;
/** From here on: letters of scripts other than Latin, one kind a script. */
const OTHER = 4;

/** Words in lower case, without accents and plural endings; digits are words of their own. */
export function tokensOf(name: string): readonly string[] {
  const text = normal(name.slice(0, MAX_NAME));
  const tokens: string[] = [];
  let start = 0;
  let before = SEPARATOR;
  for (let i = 0; i <= text.length && tokens.length < MAX_TOKENS; i++) {
    const kind = i < text.length ? kindAt(text, i) : SEPARATOR;
    const acronymEnds = kind === LOWER && before === UPPER && i - start > 1;
    if (acronymEnds) {
      tokens.push(fold(text.slice(start, i - 1)));
      start = i - 1;
    } else if (kind !== before && !(kind === LOWER && before === UPPER)) {
      if (before !== SEPARATOR) tokens.push(fold(text.slice(start, i)));
      start = i;
    }
    before = kind;
  }
  return tokens;
}

export function isNumber(token: string): boolean {
  const first = token.charCodeAt(0);
  return first >= 48 && first <= 57;
}

/**
 * An unsplit compound as at most three known words, the fewest first; undefined where it is not one.
 * The whole of it has to be covered: `useremail` is two words, `capacity` is none.
 */
export function segment(token: string, known: ReadonlySet<string>): readonly string[] | undefined {
  const part = shortestPart(token);
  if (token.length < part * 2 || token.length > MAX_COMPOUND) return undefined;
  for (let i = token.length - part; i >= part; i--) {
    const head = token.slice(0, i);
    const tail = token.slice(i);
    if (known.has(head) && known.has(tail)) return [head, tail];
  }
  for (let i = token.length - part * 2; i >= part; i--) {
    const head = token.slice(0, i);
    if (!known.has(head)) continue;
    for (let j = token.length - part; j >= i + part; j--) {
      const middle = token.slice(i, j);
      const tail = token.slice(j);
      if (known.has(middle) && known.has(tail)) return [head, middle, tail];
    }
  }
  return undefined;
}

/** Long enough to be looked for inside an unsplit compound. */
export function isPart(word: string): boolean {
  return word.length >= shortestPart(word);
}

export function shortestCompound(token: string): number {
  return shortestPart(token) * 2;
}

function shortestPart(word: string): number {
  return word.charCodeAt(0) > 0x2fff ? MIN_PART_OTHER_SCRIPT : MIN_PART;
}

function normal(name: string): string {
  if (PLAIN.test(name)) return name;
  const bare = name.slice(0, MAX_NAME_OTHER).toWellFormed().normalize('NFKC').replace(INVISIBLE, '');
  if (!ACCENTED.test(bare)) return bare.slice(0, MAX_NAME_OTHER);
  return bare.normalize('NFD').replace(COMBINING, '').normalize('NFC').slice(0, MAX_NAME_OTHER);
}

function kindAt(text: string, at: number): number {
  const c = text.charCodeAt(at);
  if (c < 128) {
    if (c >= 97 && c <= 122) return LOWER;
    if (c >= 65 && c <= 90) return UPPER;
    return c >= 48 && c <= 57 ? DIGIT : SEPARATOR;
  }
  let kind = KINDS[c] ?? UNASKED;
  if (kind === UNASKED) {
    kind = kindOf(c);
    KINDS[c] = kind;
  }
  return kind;
}

/** One answer per UTF-16 unit, asked once. */
const UNASKED = 255;
const KINDS = new Uint8Array(0x10000).fill(UNASKED);

function kindOf(c: number): number {
  // Han and Hangul blocks hold nothing but letters; elsewhere a character has to be asked.
  if (c >= 0x3400 && c <= 0x9fff) return OTHER + 3;
  if (c >= 0xac00 && c <= 0xd7af) return OTHER + 4;
  // Halves of a surrogate pair are letters of an unknown script: kept together, matched by nothing.
  if (c >= 0xd800 && c <= 0xdfff) return OTHER + 9;
  const letter = String.fromCharCode(c);
  if (!LETTER.test(letter)) return SEPARATOR;
  if (c < 0x250) return letter === letter.toLowerCase() ? LOWER : UPPER;
  if (c < 0x370) return LOWER;
  if (c < 0x530) return OTHER;
  if (c >= 0x3040 && c <= 0x30ff) return c < 0x30a0 ? OTHER + 1 : OTHER + 2;
  return OTHER + 5;
}

function fold(word: string): string {
  const lower = word.toLowerCase();
  if (lower.length === 0 || isNumber(lower)) return lower;
  if (PLAIN.test(lower)) return singular(lower);
  return singular(lower.replace(SPECIAL, (c) => FOLDED[c] ?? c));
}

/** Light on purpose: both the dictionary and the names go through it, so it only has to be the same for both. */
function singular(word: string): string {
  if (word.length < 4 || !word.endsWith('s')) return word;
  if (word.endsWith('ies')) return `${word.slice(0, -3)}y`;
  if (word.endsWith('sses') || word.endsWith('xes')) return word.slice(0, -2);
  if (word.endsWith('ss') || word.endsWith('us') || word.endsWith('is')) return word;
  return word.slice(0, -1);
}
