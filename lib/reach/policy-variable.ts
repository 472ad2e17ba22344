/** Policy variables such as `${aws:PrincipalTag/team}`. Those of the resource's own side have one value. */
import type { Owner } from './policy-caller.ts';
import { ANYTHING, type Pattern } from './policy-pattern.ts';

/** A value of a policy. `exact` is false where a variable stands for text that is not known: then it may be any. */
export interface Value {
  readonly pattern: Pattern;
  readonly exact: boolean;
}

export function valueOf(text: string, owner: Owner, make: (text: string) => Pattern): Value {
  const [first = '', ...others] = knownPieces(text, owner);
  return {
    pattern: [...make(first), ...others.flatMap((piece) => [...ANYTHING, ...make(piece)])],
    exact: others.length === 0,
  };
}

/** The text between variables that stay open; one piece where there are none. */
function knownPieces(text: string, owner: Owner): readonly string[] {
  const pieces: string[] = [];
  let piece = '';
  let from = 0;
  for (;;) {
    const start = text.indexOf('${', from);
    if (start < 0) return [...pieces, piece + text.slice(from)];
    piece += text.slice(from, start);
    const end = text.indexOf('}', start);
    const known = end < 0 ? undefined : ownSide(text.slice(start + 2, end).toLowerCase(), owner);
    if (known === undefined) {
      pieces.push(piece);
      piece = '';
    } else piece += known;
    if (end < 0) return [...pieces, ''];
    from = end + 1;
  }
}

function ownSide(name: string, owner: Owner): string | undefined {
  switch (name) {
    case 'aws:resourceaccount':
      return owner.accountId;
    case 'aws:resourceorgid':
      return owner.organizationId;
    case 'aws:requestedregion':
      return owner.region;
    default:
      return undefined;
  }
}
