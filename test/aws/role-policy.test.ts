import { describe, expect, it } from 'vitest';
import { MANAGED_POLICY_LIMIT, NEVER, rolePolicies, sizeOf } from '../../lib/aws/role-policy.ts';
import { COLLECTORS } from '../../lib/collectors/catalogue.ts';
import { actionsOf } from '../../lib/runtime/aws.ts';

const actions = actionsOf(COLLECTORS);
const policies = rolePolicies(actions);
const statements = policies.flatMap((p) => p.document.Statement);
const allowed = statements.filter((s) => s.Effect === 'Allow').flatMap((s) => s.Action);

describe('the policies of the read-only role', () => {
  it('are two managed policies within the limit', () => {
    expect(policies).toHaveLength(2);
    for (const { document } of policies) expect(sizeOf(document.Statement)).toBeLessThanOrEqual(MANAGED_POLICY_LIMIT);
  });

  it('allow exactly what the collectors and the sweep declare', () => {
    expect(allowed.toSorted()).toEqual(actions);
  });

  it('allow no wildcard, and nothing that is denied', () => {
    expect(allowed.filter((a) => a.includes('*'))).toEqual([]);
    const denied = NEVER.map((pattern) => new RegExp(`^${pattern.replaceAll('*', '.*')}$`));
    expect(allowed.filter((a) => denied.some((d) => d.test(a)))).toEqual([]);
  });

  it('deny data and secrets whatever else is attached', () => {
    expect(statements.at(-1)).toEqual({ Sid: 'NeverDataNeverSecrets', Effect: 'Deny', Action: NEVER, Resource: '*' });
  });

  it('read of API Gateway only the descriptions of interfaces', () => {
    const reads = rolePolicies(['apigateway:GET']).flatMap((p) => p.document.Statement);
    expect(reads.find((s) => s.Action === 'apigateway:GET')?.Resource).not.toContain('*');
  });

  it('fail loudly when the actions no longer fit', () => {
    const many = Array.from({ length: 400 }, (_, i) => `service:DescribeSomethingWithALongName${i}`);
    expect(() => rolePolicies(many)).toThrow(RangeError);
  });
});
