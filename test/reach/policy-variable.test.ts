/** lib/reach/policy-variable.ts: what a value with variables stands for. */
import { describe, expect, it } from 'vitest';
import type { Owner } from '../../lib/reach/policy-caller.ts';
import { glob, literal, type Pattern } from '../../lib/reach/policy-pattern.ts';
import { valueOf } from '../../lib/reach/policy-variable.ts';

const OWNER: Owner = { accountId: '1234', organizationId: 'o-mine', partition: 'aws', region: 'eu-west-1' };

/** `~` stands for anything, `_` for any one character. */
function shown(pattern: Pattern): string {
  return pattern.map((code) => (code === -1 ? '~' : code === -2 ? '_' : String.fromCharCode(code))).join('');
}
const read = (text: string, make = literal, owner = OWNER) => {
  const { pattern, exact } = valueOf(text, owner, make);
  return `${exact ? 'exactly' : 'like'} ${shown(pattern)}`;
};

describe('a value', () => {
  it.each([
    ['', 'exactly '],
    ['plain', 'exactly plain'],
    ['$', 'exactly $'],
    ['a}b{c$d', 'exactly a}b{c$d'],
    ['${aws:ResourceAccount}', 'exactly 1234'],
    ['a-${AWS:RESOURCEACCOUNT}-${aws:RequestedRegion}/${aws:ResourceOrgID}-b', 'exactly a-1234-eu-west-1/o-mine-b'],
    ['${aws:username}', 'like ~'],
    ['a${aws:username}b', 'like a~b'],
    ['a${aws:username}${aws:userid}b', 'like a~~b'],
    ['a${aws:username}b${aws:ResourceAccount}c${aws:userid}d', 'like a~b1234c~d'],
    ['${*}${?}${$}', 'like ~~~'],
    ['a${}b', 'like a~b'],
    ['a${aws:ResourceAccount', 'like a~'],
    ['a${aws:ResourceAccount}b${c', 'like a1234b~'],
    ['a${b${aws:ResourceAccount}c', 'like a~c'],
  ])('%j stands for %j', (text, wanted) => {
    expect(read(text)).toBe(wanted);
  });

  it('may hold anything for an organization that its owner is not in', () => {
    const { organizationId: _, ...alone } = OWNER;
    expect(read('${aws:ResourceOrgID}/x', literal, alone)).toBe('like ~/x');
  });

  it('has the wildcards of its operator between variables', () => {
    expect(read('a*${aws:ResourceAccount}?${aws:username}*b', glob)).toBe('like a~1234_~~b');
    expect(read('a*${aws:username}?b')).toBe('like a*~?b');
  });
});
