/** Bench: judge and decide, one reading a minute to each of 2,000 endpoints for 14 minutes; who may call by a policy. */
import { decide } from '../../lib/assess/decide.ts';
import { EMPTY_ALLOWLIST } from '../../lib/model/allowlist.ts';
import type { Observation } from '../../lib/model/observation.ts';
import type { EndpointState } from '../../lib/model/state.ts';
import { type PolicyContext, whoMayCall } from '../../lib/reach/policy.ts';

const ENDPOINTS = 2_000;
const MINUTES = 14;
const START = Date.parse('2026-12-04T10:00:00Z');

function seen(observedAt: string): Observation {
  return {
    probe: 'elasticsearch',
    vantage: 'bench',
    dns: 'public',
    address: '127.0.0.1',
    observedAt,
    elapsedMs: 5,
    l4: 'open',
    proto: { state: 'match', confidence: 'firm', product: 'elasticsearch', version: '8.14.3' },
    tls: { state: 'implicit', clientCert: 'no' },
    auth: { state: 'auth-required' },
    proof: 2,
    rule: 'elasticsearch/missing-credentials',
    notes: [],
  };
}

/** CPU milliseconds of the work. */
function cpuMs(work: () => void): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000;
}

const states: (EndpointState | undefined)[] = Array.from({ length: ENDPOINTS });
function minute(k: number): void {
  const now = new Date(START + k * 60_000);
  const at = now.toISOString();
  for (let i = 0; i < ENDPOINTS; i++) {
    const id = `e${i}`;
    const endpoint = {
      id,
      host: '127.0.0.1',
      port: 9_200,
      engine: 'elasticsearch',
      source: 'file',
      tags: {},
      declared: {},
    } as const;
    const reading = {
      id: `${k}/${id}`,
      runId: `${k}`,
      at,
      endpoint,
      vantage: 'bench',
      observations: [seen(at)],
      vantageAlive: true,
    };
    states[i] = decide(states[i], reading, EMPTY_ALLOWLIST, now).state;
  }
}
const each = Array.from({ length: MINUTES }, (_, k) => cpuMs(() => minute(k))).toSorted((a, b) => a - b);

const policy = JSON.stringify({
  Version: '2012-10-17',
  Statement: [
    {
      Effect: 'Allow',
      Principal: { AWS: '*' },
      Action: 'es:*',
      Resource: 'arn:aws:es:eu-west-1:111122223333:domain/d/*',
    },
    {
      Effect: 'Deny',
      Principal: '*',
      Action: 'es:ESHttp*',
      Resource: '*',
      Condition: { NotIpAddress: { 'aws:SourceIp': ['198.51.100.0/24', '203.0.113.7'] } },
    },
    {
      Effect: 'Allow',
      Principal: { AWS: 'arn:aws:iam::444455556666:role/reader' },
      Action: 'es:ESHttpGet',
      Resource: '*',
    },
  ],
});
const context: PolicyContext = {
  resourceArn: 'arn:aws:es:eu-west-1:111122223333:domain/d',
  accountId: '111122223333',
  organizationId: 'o-mine',
  region: 'eu-west-1',
  service: 'es',
  dataActions: ['Get', 'Head', 'Post', 'Put', 'Delete', 'Patch'].map((verb) => `es:ESHttp${verb}`),
  families: ['v4', 'v6'],
};
const evaluate = (times: number): number =>
  cpuMs(() => {
    for (let i = 0; i < times; i++) whoMayCall(policy, context);
  }) / times;
evaluate(200);
console.log(
  JSON.stringify({ readings: (ENDPOINTS / (each[MINUTES >> 1] ?? Number.NaN)) * 1_000, policyMs: evaluate(1_000) }),
);
