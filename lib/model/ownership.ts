/**
 * Whether an address is still ours (probes.md section 8 c, evidence-and-alerts.md section 5.5; decision 0016). A released
 * Elastic IP belongs to somebody else within minutes, so an address read from AWS is visited only while the reading that
 * listed it is young. A name that the provider keeps for one resource needs no such proof: nobody else gets it.
 */
import type { Endpoint } from './endpoint.ts';

/** Two readings of a door whose cell is read every five minutes: one may be late. */
export const PROOF_MS = 10 * 60_000;

/** Below these the provider gives each name to one resource, and to no other as long as that lives or after it. */
const PROVIDERS = [
  'amazonaws.com',
  'amazonaws.com.cn',
  'amazonaws.eu',
  'on.aws',
  'api.aws',
  'cloudfront.net',
  'awsglobalaccelerator.com',
];
/** `ec2-203-0-113-7.compute-1.amazonaws.com` is that address by another name, whoever holds it. */
const ADDRESS_AS_NAME = /^(?:ec2|ip)-\d/u;

/** What a person wrote into a file is his to vouch for, and its own drill is ajar's. */
export function needsProof({
  source,
  host,
  shared,
  drill,
}: Pick<Endpoint, 'source' | 'host' | 'shared' | 'drill'>): boolean {
  if (source !== 'aws' || shared === true || drill === true) return false;
  const name = host.toLowerCase().replace(/\.$/u, '');
  return ADDRESS_AS_NAME.test(name) || !PROVIDERS.some((provider) => name.endsWith(`.${provider}`));
}

/** Why this address must not be visited now; `undefined` where it may. */
export function unprovenSince(endpoint: Endpoint, now: Date): string | undefined {
  if (!needsProof(endpoint)) return undefined;
  const { declaredAt } = endpoint;
  if (declaredAt === undefined) return 'the inventory does not say when it was ours';
  // A reading of the future proves as little as an old one: one of the two clocks is wrong.
  const age = Math.abs(now.getTime() - Date.parse(declaredAt));
  if (age <= PROOF_MS) return undefined;
  return `the inventory's proof that ${endpoint.host} is ours is of ${declaredAt}, older than ${PROOF_MS / 60_000} minutes`;
}
