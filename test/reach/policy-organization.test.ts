/** lib/reach/policy-organization.ts: judgements where nobody said which organization the owner is in. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { UNKNOWN_ORGANIZATION } from '../../lib/model/inventory.ts';
import { type Callers, policyProtection, whoMayCall } from '../../lib/reach/policy.ts';
import { aStatement, DOMAIN } from '../support/policies.ts';

type Statement = Readonly<Record<string, unknown>>;

function callers(statements: readonly Statement[], organizationId: string | undefined): Callers {
  return whoMayCall({ Statement: statements.map(aStatement) }, { ...DOMAIN, organizationId });
}
const level = (statements: readonly Statement[], organizationId: string | undefined) =>
  policyProtection(callers(statements, organizationId)).level;
const given = (Condition: unknown, Effect = 'Allow'): Statement => ({ Effect, Action: 'es:ESHttpGet', Condition });
const EVERYBODY: Statement = { Action: 'es:ESHttpGet' };
const OURS = '${aws:ResourceOrgID}';

describe('a policy of an owner whose organization nobody knows', () => {
  it.each([
    ['lets in one organization', [given({ StringEquals: { 'aws:PrincipalOrgID': 'o-mine' } })], 'unknown'],
    [
      'lets in two: one of them is another',
      [given({ StringEquals: { 'aws:PrincipalOrgID': ['o-a', 'o-b'] } })],
      'partial',
    ],
    ['lets in paths of one', [given({ 'ForAnyValue:StringLike': { 'aws:PrincipalOrgPaths': 'o-mine/*' } })], 'unknown'],
    ['lets in its own, by variable', [given({ StringEquals: { 'aws:PrincipalOrgID': OURS } })], 'unknown'],
    [
      'lets in its own, the other way round',
      [given({ StringEquals: { 'aws:ResourceOrgID': '${aws:PrincipalOrgID}' } })],
      'off',
    ],
    [
      'keeps out all but its own',
      [EVERYBODY, given({ StringNotEquals: { 'aws:PrincipalOrgID': OURS } }, 'Deny')],
      'unknown',
    ],
    [
      'keeps out all but one',
      [EVERYBODY, given({ StringNotEquals: { 'aws:PrincipalOrgID': 'o-mine' } }, 'Deny')],
      'unknown',
    ],
    [
      'lets in an account besides',
      [given({ StringEquals: { 'aws:PrincipalOrgID': 'o-mine' } }), { Principal: { AWS: '222222222222' } }],
      'partial',
    ],
    ['lets in everybody besides', [EVERYBODY, given({ StringEquals: { 'aws:PrincipalOrgID': 'o-mine' } })], 'off'],
    ['lets in its own account alone', [{ Principal: { AWS: '111111111111' } }], 'on'],
    [
      'says of whom it is, by wildcard',
      [EVERYBODY, given({ StringLike: { 'aws:ResourceOrgID': 'o-m*' } }, 'Deny')],
      'unknown',
    ],
  ] as const)('%s', (_, statements, expected) => {
    expect(level(statements, UNKNOWN_ORGANIZATION)).toBe(expected);
  });

  it('is told apart from a policy that nobody understands: what an unsigned request may do is known', () => {
    const asked = callers([given({ StringEquals: { 'aws:PrincipalOrgID': 'o-mine' } })], UNKNOWN_ORGANIZATION);
    expect([asked.unreadable, asked.anonymous.breadth]).toEqual([undefined, 'NONE']);
    expect(policyProtection(asked).evidence).toBe(
      'the owner’s organization decides, and nobody said which: on for o-mine, partial for any other',
    );
  });

  it('stays absent or unreadable where it is that', () => {
    const context = { ...DOMAIN, organizationId: UNKNOWN_ORGANIZATION };
    expect(whoMayCall('', context).absent).toBe(true);
    expect(whoMayCall('{', context).unreadable).toBeTruthy();
  });

  it('is unknown where it names more organizations than are asked about, and is judged in time', () => {
    const many = Array.from({ length: 5_000 }, (_, i) => `o-${i}`);
    const started = performance.now();
    expect(level([given({ StringNotEquals: { 'aws:PrincipalOrgID': many } })], UNKNOWN_ORGANIZATION)).toBe('unknown');
    expect(performance.now() - started).toBeLessThan(3_000);
  });
});

const ids = fc.subarray(['o-mine', 'o-partner', 'o-m*', 'o-*', OURS, '*'], { minLength: 1 });
const condition = fc
  .tuple(
    fc.constantFrom('StringEquals', 'StringNotEquals', 'StringLike', 'StringNotLike', 'StringEqualsIfExists'),
    fc.constantFrom('aws:PrincipalOrgID', 'aws:ResourceOrgID', 'aws:PrincipalAccount'),
    ids,
  )
  .map(([operator, key, values]) => ({ [operator]: { [key]: values } }));
const statement = fc.record({
  Effect: fc.constantFrom('Allow', 'Allow', 'Deny'),
  Action: fc.constant('es:ESHttpGet'),
  Principal: fc.constantFrom<unknown>('*', { AWS: '222222222222' }, { AWS: '111111111111' }),
  Condition: fc.oneof(condition, fc.constant({})),
});

describe('what is said without the organization', () => {
  it('holds for whichever it is', () => {
    fc.assert(
      fc.property(fc.array(statement, { minLength: 1, maxLength: 4 }), (statements) => {
        const said = callers(statements, UNKNOWN_ORGANIZATION);
        const { level: found } = policyProtection(said);
        for (const id of [undefined, 'o-mine', 'o-partner', 'o-mx', 'o-third']) {
          const truth = callers(statements, id);
          if (found !== 'unknown') expect(found).toBe(policyProtection(truth).level);
          if (said.unreadable === undefined) expect(said.anonymous.breadth).toBe(truth.anonymous.breadth);
        }
      }),
      { numRuns: 2_000 },
    );
  });
});
