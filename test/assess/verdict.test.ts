import { describe, expect, it } from 'vitest';
import { judge } from '../../lib/assess/judge.ts';
import { verdictOf } from '../../lib/assess/verdict.ts';
import type { Endpoint } from '../../lib/model/endpoint.ts';
import type { Level, ProtectionName, Protections } from '../../lib/model/protection.ts';
import { anEndpoint } from '../support/builders.ts';
import { aReading } from '../support/readings.ts';

function shared(declared: Readonly<Partial<Record<ProtectionName, Level>>>): Endpoint {
  const protections = Object.fromEntries(
    Object.entries(declared).map(([name, level]) => [name, { level, basis: 'declared', evidence: `${name}=${level}` }]),
  ) as Protections;
  return anEndpoint({ source: 'aws', shared: true, engine: 'provider-api', declared: protections });
}
const judged = (endpoint: Endpoint, change: { deleted?: true } = {}) =>
  judge({ ...aReading({}), endpoint, observations: [], ...change }).verdict;

describe('what stands behind the provider’s shared host', () => {
  it.each([
    ['a snapshot that anyone may copy', { sharing: 'off', 'encryption-at-rest': 'off' }, 'exposed', true],
    ['a policy that lets anyone in', { 'access-policy': 'off', 'encryption-at-rest': 'on' }, 'exposed', true],
    ['one that is exposed and part unread', { sharing: 'off', 'access-policy': 'unknown' }, 'exposed', true],
    ['a snapshot that named accounts may copy', { sharing: 'partial' }, 'reachable', true],
    ['a public path for who has credentials', { network: 'off', authentication: 'on' }, 'reachable', true],
    ['a guard rail that is off', { guardrail: 'off' }, 'latent', true],
    ['a snapshot of our own', { sharing: 'on', 'encryption-at-rest': 'off' }, 'protected', true],
    ['a share that was not read', { sharing: 'unknown' }, 'unknown', false],
    [
      'a share that was read and a policy that was not',
      { sharing: 'on', 'access-policy': 'unknown' },
      'unknown',
      false,
    ],
    ['nothing read at all', {}, 'unknown', false],
    ['only what says nothing of access', { 'encryption-at-rest': 'on' }, 'unknown', false],
  ] as const)('%s', (_, declared, name, confirmed) => {
    expect(judged(shared(declared))).toMatchObject({ name, confirmed });
  });

  it('is over when the API says that it is gone, whatever was declared', () => {
    expect(judged(shared({ sharing: 'off' }), { deleted: true })).toMatchObject({ name: 'protected', confirmed: true });
  });

  it('is judged by observation wherever there is something to observe', () => {
    const observed = judge(aReading({ sees: [{ auth: 'open-anonymous', proof: 3 }], declared: { network: 'on' } }));
    expect(verdictOf(observed.declared, observed.observed, undefined)).toMatchObject({ name: 'exposed' });
    expect(observed.verdict).toMatchObject({ name: 'exposed', shadow: true });
  });
});
