import { parseJson } from './json.ts';

/** A list of strangers' names that hit our own body cap (probes.md section 1, rule 10): as open as a whole one. */

/** A body as it came, and whether we stopped reading. */
export interface Body {
  readonly body: Buffer;
  readonly truncated: boolean;
}

/**
 * The value of a body. Where we stopped reading, what stands before the last whole element, with its brackets closed:
 * elements are told apart by commas outside of strings at `depth` brackets or fewer, so none is ever seen in half. What
 * the peer itself broke off stays unreadable.
 */
export function parseBody({ body, truncated }: Body, depth: number): unknown {
  const text = body.toString('utf8');
  return parseJson(truncated ? closed(text, depth) : text);
}

function closed(text: string, depth: number): string {
  const open: string[] = [];
  let [whole, isQuoted] = ['', false];
  for (let i = 0; i < text.length; i++) {
    const c = text[i];
    if (isQuoted) {
      if (c === '\\') i++;
      else if (c === '"') isQuoted = false;
    } else if (c === '"') isQuoted = true;
    else if (c === '{' || c === '[') open.push(c === '{' ? '}' : ']');
    else if (c === '}' || c === ']') open.pop();
    else if (c === ',' && open.length > 0 && open.length <= depth) whole = `${i} ${open.toReversed().join('')}`;
  }
  const [end, brackets = ''] = whole.split(' ');
  return whole === '' ? text : `${text.slice(0, Number(end))}${brackets}`;
}
