/** Which accounts and organizations a policy names, and would have to be asked about one by one. */
import { describe, expect, it } from 'vitest';
import type { Owner } from '../../lib/reach/policy-caller.ts';
import { readPolicy } from '../../lib/reach/policy-document.ts';
import { namedCallers } from '../../lib/reach/policy-named.ts';

const OWNER: Owner = { accountId: '111122223333', organizationId: 'o-mine', partition: 'aws', region: 'us-east-1' };
const [A, B] = ['444455556666', '777788889999'];

function named(over: Readonly<Record<string, unknown>>): readonly string[] {
  const principal = 'NotPrincipal' in over ? {} : { Principal: '*' };
  const statement = { Effect: 'Allow', ...principal, Action: 'es:*', Resource: '*', ...over };
  const document = readPolicy({ Statement: [statement] }, { ...OWNER, resourceless: false });
  if (document.state !== 'read') throw new Error(document.state);
  return namedCallers(document.statements, OWNER).map(({ kind, id }) => `${kind} ${id}`);
}
const when = (operator: string, key: string, ...values: readonly string[]) => ({
  Condition: { [operator]: { [key]: values } },
});

describe('a policy names', () => {
  it.each<[string, Record<string, unknown>, readonly string[]]>([
    [
      'accounts and members of accounts',
      { Principal: { AWS: [A, `arn:aws:iam::${B}:user/x`] } },
      [`account ${A}`, `account ${B}`],
    ],
    ['nobody by leaving somebody out', { NotPrincipal: { AWS: A } }, []],
    ['whom a Deny leaves out', { Effect: 'Deny', NotPrincipal: { AWS: A } }, [`account ${A}`]],
    ['nobody by a Deny of them', { Effect: 'Deny', Principal: { AWS: A } }, []],
    ['an account by its key', when('StringEquals', 'aws:PrincipalAccount', A, B), [`account ${A}`, `account ${B}`]],
    ['an account by an ARN', when('ArnLike', 'aws:PrincipalArn', `arn:aws:iam::${A}:role/*`), [`account ${A}`]],
    ['an organization', when('StringEquals', 'aws:PrincipalOrgID', 'o-other'), ['organization o-other']],
    [
      'an organization by a path',
      when('StringLike', 'aws:PrincipalOrgPaths', 'o-other/r-1/*'),
      ['organization o-other'],
    ],
    [
      'whom a Deny makes an exception for',
      { Effect: 'Deny', ...when('StringNotEquals', 'aws:PrincipalAccount', A) },
      [`account ${A}`],
    ],
    ['nobody by a Deny of what they hold', { Effect: 'Deny', ...when('StringEquals', 'aws:PrincipalAccount', A) }, []],
    ['nobody by another key', when('StringEquals', 'aws:SourceAccount', A), []],
    [
      'neither its owner nor its owner’s organization',
      { Principal: { AWS: '111122223333' }, ...when('StringEquals', 'aws:PrincipalOrgID', 'o-mine') },
      [],
    ],
    [
      'no account that is none',
      when('StringEquals', 'aws:PrincipalAccount', `${A}0`, `x${A}`, `${A.slice(1)}`, 'x'),
      [],
    ],
    ['no account by what is no ARN', when('ArnLike', 'aws:PrincipalArn', '*', A), []],
    [
      'no organization that is none',
      when('StringEquals', 'aws:PrincipalOrgID', 'xo-a', 'o-', 'o-A', 'o-a/b', `o-${'a'.repeat(65)}`, 'r-1'),
      [],
    ],
    [
      'one of the longest name',
      when('StringEquals', 'aws:PrincipalOrgID', `o-${'a'.repeat(64)}`),
      [`organization o-${'a'.repeat(64)}`],
    ],
    [
      'each once',
      { Principal: { AWS: [A, `arn:aws:iam::${A}:root`] }, ...when('StringEquals', 'aws:PrincipalAccount', A) },
      [`account ${A}`],
    ],
  ])('%s', (_name, over, callers) => {
    expect(named(over)).toEqual(callers);
  });
});
