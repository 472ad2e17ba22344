/** A domain, and statements of its access policy. */
import type { PolicyContext } from '../../lib/reach/policy.ts';

export const DOMAIN: PolicyContext = {
  resourceArn: 'arn:aws:es:us-east-1:111111111111:domain/d',
  accountId: '111111111111',
  organizationId: 'o-mine',
  region: 'us-east-1',
  service: 'es',
  dataActions: ['Get', 'Head', 'Post', 'Put', 'Delete', 'Patch'].map((verb) => `es:ESHttp${verb}`),
  families: ['v4', 'v6'],
};

/** An Allow of everybody, every action and the whole domain, with overrides. `NotAction` takes the place of `Action`. */
export function aStatement(over: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
  const whole = { Effect: 'Allow', Principal: '*', Action: 'es:*', Resource: `${DOMAIN.resourceArn}/*` };
  const replaced = new Set(Object.keys(over).map((name) => name.replace(/^Not/, '')));
  return { ...Object.fromEntries(Object.entries(whole).filter(([name]) => !replaced.has(name))), ...over };
}
