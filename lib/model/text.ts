/** A stranger's text is shown on terminals, in mails and in reports: this is the only way in. */

const CONTROL = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]/gu;
// Bidirectional overrides, zero-width characters, tags and the byte order mark: invisible, so made visible.
const INVISIBLE = /[\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\u{e0000}-\u{e007f}]/gu;

/** Most of what is said: nothing to spell out. */
const PLAIN = /^[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?$/u;

export const MAX_SHOWN = 200;

/** One printable line of at most `limit` characters; what cannot be shown is spelled `U+XXXX`. */
export function printable(text: string, limit: number = MAX_SHOWN): string {
  if (text.length <= limit && PLAIN.test(text)) return text;
  const head = text.slice(0, limit * 2).toWellFormed();
  const shown = head
    .replace(CONTROL, (c) => (c === '\n' || c === '\r' || c === '\t' ? ' ' : codePoint(c)))
    .replace(INVISIBLE, codePoint)
    .trim();
  return shown.length > limit || text.length > limit * 2 ? `${cut(shown, limit - 1)}…` : shown;
}

/** For subjects, of text that is printable already: anything else than ASCII is a question mark, and what is cut ends in dots. */
export function asciiOf(shown: string, limit: number): string {
  const plain = shown.replace(/[^\x20-\x7e]/gu, '?');
  return plain.length <= limit ? plain : `${plain.slice(0, limit - 3)}...`;
}

function codePoint(c: string): string {
  return `U+${(c.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;
}

/** At most so many units of UTF-16. Never cuts through a surrogate pair. */
export function cut(text: string, length: number): string {
  return text
    .slice(0, length)
    .toWellFormed()
    .replace(/\ufffd$/u, '');
}

// What JSON.stringify leaves as it is: in units of UTF-16, as JSON's escapes know no others.
const UNSPELLED =
  /[\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ufffe\uffff]|\udb40[\udc00-\udc7f]/g;

/**
 * The same JSON with everything spelled `\\uXXXX` that a terminal or an editor obeys, that is not seen, or that XML does not allow:
 * parsed it is equal, shown it does nothing.
 */
export function spelledJson(json: string): string {
  return json.replace(UNSPELLED, (units) =>
    Array.from({ length: units.length }, (_, i) => `\\u${units.charCodeAt(i).toString(16).padStart(4, '0')}`).join(''),
  );
}
