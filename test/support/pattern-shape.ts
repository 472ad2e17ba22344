import { ANYTHING, joined, literal, NAMELESS_WORD, type Pattern } from '../../lib/reach/policy-pattern.ts';

/** Text in which `~` stands for any run of characters and `#` for a nameless word. */
export function shape(text: string): Pattern {
  return joined(...Array.from(text, (c) => (c === '~' ? ANYTHING : c === '#' ? NAMELESS_WORD : literal(c))));
}
