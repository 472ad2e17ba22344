/** Who a statement is about, and whether it is for certain. */
import { describe, expect, it } from 'vitest';
import type { Caller, Owner } from '../../lib/reach/policy-caller.ts';
import { glob } from '../../lib/reach/policy-pattern.ts';
import { isAbout, type Principals, readPrincipals } from '../../lib/reach/policy-principal.ts';

const OWNER: Owner = { accountId: '111122223333', partition: 'aws', region: 'us-east-1' };
const OTHER = '444455556666';
const anonymous: Caller = { kind: 'anonymous' };
const member: Caller = { kind: 'member' };
const other: Caller = { kind: 'account', id: OTHER };
const third: Caller = { kind: 'account', id: '777788889999' };

const about = (element: unknown, caller: Caller, inverted = false): string => {
  const { may, must } = isAbout(readPrincipals(element, inverted), caller, OWNER);
  return must ? 'must' : may ? 'may' : 'no';
};

describe('a principal', () => {
  it.each<[string, unknown, readonly [string, string, string, string]]>([
    ['everybody', '*', ['must', 'must', 'must', 'must']],
    ['everybody of AWS', { AWS: '*' }, ['must', 'must', 'must', 'must']],
    ['everybody, beside an account', { AWS: [OTHER, '*'] }, ['must', 'must', 'must', 'must']],
    ['an account by its number', { AWS: OTHER }, ['no', 'no', 'must', 'no']],
    ['an account by its root', { AWS: `arn:aws:iam::${OTHER}:root` }, ['no', 'no', 'must', 'no']],
    ['a user', { aws: `arn:aws:iam::${OTHER}:user/x` }, ['no', 'no', 'may', 'no']],
    ['a user named root', { AWS: `arn:aws:iam::${OTHER}:user/root` }, ['no', 'no', 'may', 'no']],
    ['a session', { AWS: `arn:aws:sts::${OTHER}:assumed-role/r/s` }, ['no', 'no', 'may', 'no']],
    ['what calls itself the root elsewhere', { AWS: `arn:aws:sts::${OTHER}:root` }, ['no', 'no', 'may', 'no']],
    ['a number that is no account', { AWS: '44445555666' }, ['no', 'no', 'no', 'no']],
    ['a number with more before it', { AWS: `x${OTHER}` }, ['no', 'no', 'no', 'no']],
    ['a number with more after it', { AWS: `${OTHER}0` }, ['no', 'no', 'no', 'no']],
    ['users by a pattern', { AWS: 'arn:aws:iam::*:user/x' }, ['no', 'may', 'may', 'may']],
    ['an account by a pattern', { AWS: '44445555666?' }, ['no', 'may', 'may', 'no']],
    ['a service', { Service: 'es.amazonaws.com' }, ['no', 'no', 'no', 'no']],
    ['everybody of a provider', { Federated: '*', CanonicalUser: '*' }, ['no', 'no', 'no', 'no']],
    ['a type that is none', { Xyz: OTHER }, ['may', 'may', 'must', 'may']],
    ['a type that is a star', { '*': '*' }, ['must', 'must', 'must', 'must']],
    ['a type that is a star, of an account', { '*': OTHER }, ['no', 'no', 'must', 'no']],
    ['what is no text', { AWS: [OTHER, null] }, ['may', 'may', 'must', 'may']],
    ['a variable', { AWS: 'arn:aws:iam::${aws:PrincipalAccount}:root' }, ['may', 'may', 'may', 'may']],
    ['nobody', { AWS: [] }, ['no', 'no', 'no', 'no']],
    ['nothing of the kind', null, ['may', 'may', 'may', 'may']],
  ])('that is %s', (_name, element, expected) => {
    const callers = [anonymous, member, other, third];
    expect(callers.map((caller) => about(element, caller))).toEqual(expected);
    // NotPrincipal is about whom Principal is not about: for certain where that is certain.
    const turned = { must: 'no', may: 'may', no: 'must' } as const;
    expect(callers.map((caller) => about(element, caller, true))).toEqual(
      expected.map((one) => turned[one as keyof typeof turned]),
    );
  });

  it.each<[string, unknown, Partial<Principals>]>([
    ['a star', '*', { everyone: true }],
    ['a number', OTHER, { accounts: new Set([OTHER]) }],
    ['numbers that are no accounts', [`x${OTHER}`, `${OTHER}0`], {}],
    ['a name without an account', ['x', 'arn:aws:iam:::user/x'], {}],
    [
      'roots and members',
      [`arn:aws:iam::${OTHER}:root`, 'arn:aws:sts::777788889999:x'],
      { accounts: new Set([OTHER]), members: new Set(['777788889999']) },
    ],
    ['a pattern', 'arn:aws:iam::*:user/?', { patterns: [glob('arn:aws:iam::*:user/?')] }],
  ])('written as %s names no more than that', (_name, element, over) => {
    expect(readPrincipals(element, false)).toEqual({
      inverted: false,
      everyone: false,
      unread: false,
      accounts: new Set(),
      members: new Set(),
      patterns: [],
      ...over,
    });
  });

  it('of an unread part says so, and of a whole one does not', () => {
    expect(readPrincipals({ AWS: ['*', 7, {}] }, false).unread).toBe(true);
    expect(readPrincipals({ AWS: ['*', 7], Service: [{}] }, false).unread).toBe(false);
    expect(readPrincipals({ Xyz: '*', AWS: '*' }, false).unread).toBe(true);
  });
});
