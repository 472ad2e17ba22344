/** lib/reach/policy-organization.ts, its two steps: which organizations a policy names, and what all of them agree on. */
import { describe, expect, it } from 'vitest';
import type { Callers } from '../../lib/reach/policy-answer.ts';
import { readPolicy, type Statement } from '../../lib/reach/policy-document.ts';
import { organizationsIn, whicheverOrganization } from '../../lib/reach/policy-organization.ts';
import { whoMayCall } from '../../lib/reach/policy.ts';
import { aStatement, DOMAIN } from '../support/policies.ts';

function read(...conditions: readonly unknown[]): readonly Statement[] {
  const statements = conditions.map((Condition) => aStatement({ Condition }));
  const document = readPolicy({ Statement: statements }, { ...DOMAIN, partition: 'aws', resourceless: false });
  if (document.state !== 'read') throw new Error(document.state);
  return document.statements;
}

const long = `o-${'a'.repeat(64)}`;

describe('the organizations that a policy names', () => {
  it.each<[string, unknown, readonly string[]]>([
    ['by the caller', { StringEquals: { 'aws:PrincipalOrgID': ['o-a', 'o-b'] } }, ['o-a', 'o-b']],
    ['by a path in it', { StringLike: { 'aws:PrincipalOrgPaths': 'o-a/r-1/ou-2/*' } }, ['o-a']],
    ['by the resource', { StringNotEquals: { 'aws:ResourceOrgID': 'o-c' } }, ['o-c']],
    ['in another case', { StringEquals: { 'AWS:principalorgid': 'O-A9' } }, ['O-A9']],
    ['in part: one that it may be', { StringLike: { 'aws:PrincipalOrgID': ['o-*', 'o-m?n*'] } }, ['o-x', 'o-mxnx']],
    ['of the longest name', { StringEquals: { 'aws:PrincipalOrgID': [long, `${long}a`] } }, [long]],
    ['but no account', { StringEquals: { 'aws:PrincipalAccount': 'o-a' } }, []],
    ['but no text that holds one', { StringEquals: { 'aws:PrincipalOrgID': ['xo-a', 'o-a b', 'o-', 'a', '*'] } }, []],
  ])('%s', (_, condition, expected) => {
    expect([...organizationsIn(read(condition))]).toEqual(expected);
  });

  it('are those of all the statements, each once', () => {
    const one = { StringEquals: { 'aws:PrincipalOrgID': 'o-a' } };
    expect([...organizationsIn(read(one, { StringEquals: { 'aws:ResourceOrgID': ['o-b', 'o-a'] } }, {}))]).toEqual([
      'o-a',
      'o-b',
    ]);
  });
});

/** What real policies come to: closed to strangers, open to a named account, open to the world. */
const answer = (...statements: readonly Readonly<Record<string, unknown>>[]): Callers =>
  whoMayCall({ Statement: statements.map(aStatement) }, DOMAIN);
const CLOSED = answer({ Principal: { AWS: '111111111111' } });
const SHARED = answer({ Principal: { AWS: '222222222222' } });
const OPEN = answer({});
const ANY_OTHER = `o-${'z'.repeat(65)}`;

function judged(names: readonly string[], by: Readonly<Record<string, Callers>>, otherwise: Callers): Callers {
  return whicheverOrganization(new Set(names), (id) => by[id ?? 'none'] ?? otherwise);
}

describe('what holds for whichever organization the owner is in', () => {
  it('is what all of them agree on', () => {
    expect(judged(['o-a', 'o-b'], {}, SHARED)).toEqual(SHARED);
    expect(judged([], {}, OPEN)).toEqual(OPEN);
  });

  it.each<[string, readonly string[], Readonly<Record<string, Callers>>, Callers, string]>([
    ['one that is named', ['o-a', 'o-b'], { 'o-b': CLOSED }, SHARED, 'partial for o-a, on for o-b'],
    ['one that nobody named', ['o-a'], { [ANY_OTHER]: SHARED }, CLOSED, 'on for o-a, partial for any other'],
    ['none at all', ['o-a'], { none: SHARED }, CLOSED, 'on for o-a, partial for none'],
    ['a name that is not for reading', ['o-\u202ea'], { none: SHARED }, CLOSED, 'on for o-U+202Ea, partial for none'],
  ])('is that the owner decides where %s differs', (_, names, by, otherwise, said) => {
    expect(judged(names, by, otherwise)).toEqual({
      ...(by['none'] ?? otherwise),
      ownerDecides: `the owner’s organization decides, and nobody said which: ${said}`,
    });
  });

  it('shows of a name no more than 40 characters', () => {
    const said = judged([long], { [long]: SHARED }, CLOSED).ownerDecides ?? '';
    expect(said).toContain(`o-${'a'.repeat(30)}`);
    expect(said).not.toContain(`o-${'a'.repeat(39)}`);
  });

  it('is nothing where an unsigned request comes through in one of them', () => {
    const said = judged(['o-a'], { 'o-a': OPEN }, CLOSED);
    expect(said.unreadable).toBe('it asks for the owner’s organization, and nobody said which that is');
    expect(said.ownerDecides).toBeUndefined();
  });

  it('is asked for four organizations, and no more', () => {
    const names = ['o-a', 'o-b', 'o-c', 'o-d', 'o-e'];
    expect(judged(names.slice(0, 4), {}, SHARED)).toEqual(SHARED);
    expect(judged(names, {}, SHARED)).toEqual({
      ...SHARED,
      ownerDecides: 'names 5 organizations, and nobody said which the owner is in',
    });
  });
});
