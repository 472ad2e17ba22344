/**
 * Severity of an incident, evidence-and-alerts.md section 2.6: deterministic, explained in three reasons, monotone.
 * More exposure, more sensitive classes or more records never lower it; not knowing never lowers it either.
 */
import type { DataAtRisk, DataClass } from '../model/observation.ts';
import type { Basis, KnownLevel, ProtectionName } from '../model/protection.ts';
import type { SampleContext } from '../model/state.ts';
import type { Severity } from '../model/verdict.ts';

export const CLASS_WEIGHT: Readonly<Record<DataClass, number>> = {
  credential: 100,
  health: 95,
  child: 95,
  'special-category': 95,
  'government-id': 90,
  financial: 85,
  location: 70,
  media: 65,
  contact: 60,
  network: 55,
  unclassified: 50,
  device: 40,
  business: 35,
  behaviour: 30,
  operational: 10,
};

export interface Score {
  readonly score: number;
  readonly severity: Severity;
  readonly reasons: readonly [string, string, string];
}

export function scoreOf(protection: ProtectionName, basis: Basis, to: KnownLevel, context: SampleContext): Score {
  const [base, why] = exposureBase(protection, basis, to, context);
  const anonymous = base >= 70;
  const [data, dataWhy] = dataWeight(context.data);
  const [volume, volumeWhy] = volumeWeight(context.data);
  const raw = base + 0.2 * data * (anonymous ? 1 : 0.5) + volume;
  const score = Math.min(100, Math.round(raw));
  return { score, severity: severityOf(score), reasons: [why, dataWhy, volumeWhy] };
}

function exposureBase(
  protection: ProtectionName,
  basis: Basis,
  to: KnownLevel,
  context: SampleContext,
): [number, string] {
  const { auth, proof, encrypted } = context;
  const told = basis === 'declared' ? providerBase(protection, to, context) : undefined;
  if (told !== undefined) return told;
  if (isHidden(context)) return [25, 'in the configuration only: nothing answers from outside'];
  if (protection !== 'tls') {
    if (auth === 'setup-open') return [100, 'anyone may become its administrator'];
    if (auth === 'open-anonymous' && proof >= 2) return [90, 'anyone may read it without credentials'];
    if (auth === 'open-restricted') return [70, 'anyone gets an anonymous session, with reduced rights'];
  }
  if (protection === 'authentication' && to === 'off') return [70, 'configured to ask nobody for credentials'];
  if (protection === 'authentication') return [60, 'authentication is weaker than it was or has to be'];
  if (encrypted === undefined) return [60, 'reachable from outside; whether anything is encrypted is not known'];
  if (!encrypted) return [60, 'reachable from outside, credentials and data would cross the wire in clear'];
  if (protection === 'tls') return [basis === 'observed' ? 45 : 40, 'transport encryption is weaker than it was'];
  if (auth === 'undetermined' || auth === 'lockout')
    return [45, 'reachable from outside; whether it asks for credentials is not known'];
  return [45, 'reachable from outside, authentication demanded, not approved by any allowance'];
}

/** What no probe can see: the provider's word is all there is, whatever was seen of the door. */
function providerBase(
  protection: ProtectionName,
  to: KnownLevel,
  context: SampleContext,
): [number, string] | undefined {
  const isOff = to === 'off';
  switch (protection) {
    case 'sharing':
    case 'access-policy':
      if (!isOff) return [45, 'the provider says that named outsiders, or some addresses, may'];
      // A share is taken through the provider; a policy is for the door, and there a probe may know better.
      return protection === 'access-policy' && isDoorShut(context)
        ? [45, 'its policy lets anyone in; seen from outside, something else still stops them']
        : [90, 'the provider says that anyone may copy or read it'];
    case 'guardrail':
      return isOff
        ? [60, 'the switch that would stop public exposure is off']
        : [45, 'the switch that would stop public exposure is on only in part'];
    case 'encryption-at-rest':
      return isOff
        ? [30, 'what is stored is not encrypted: whoever gets a disk or a copy reads it']
        : [25, 'what is stored is encrypted only in part'];
    case 'audit-log':
      return isOff ? [30, 'who reads it is not recorded'] : [25, 'who reads it is recorded only in part'];
    case 'network':
    case 'authentication':
    case 'tls':
      return undefined;
  }
}

function isHidden({ verdict }: SampleContext): boolean {
  return verdict.name === 'protected' || (verdict.name === 'latent' && verdict.confirmed);
}

function isDoorShut(context: SampleContext): boolean {
  const { auth, verdict } = context;
  return isHidden(context) || (verdict.name === 'reachable' && (auth === 'auth-required' || auth === 'auth-weak'));
}

function dataWeight(data: DataAtRisk | undefined): [number, string] {
  const classes = data?.classes ?? [];
  if (data === undefined || classes.length === 0)
    return [CLASS_WEIGHT.unclassified, 'what it holds is not known, so it is not assumed harmless'];
  const weights = classes.map((c) => CLASS_WEIGHT[c.class]);
  // Part of the names was not seen: those may be anything.
  if (data.truncated) weights.push(CLASS_WEIGHT.unclassified);
  return [
    Math.max(...weights),
    `names${data.takenFrom === undefined ? '' : ' of what it is a copy of'} suggest ${classes
      .map((c) => c.class)
      .slice(0, 4)
      .join(', ')}`,
  ];
}

function volumeWeight(data: DataAtRisk | undefined): [number, string] {
  const records = data?.records;
  if (records === undefined || data?.truncated === true) return [10, 'how much it holds is not known'];
  const weight = records < 1_000 ? 0 : records < 100_000 ? 3 : records < 1_000_000 ? 6 : 10;
  return [weight, `about ${records.toLocaleString('en-US')} records by the server's own count`];
}

/** An anonymous reader is never below high, whatever the names say: the least exposure of that kind is 70. */
function severityOf(score: number): Severity {
  if (score >= 90) return 'critical';
  if (score >= 70) return 'high';
  return score >= 45 ? 'medium' : 'low';
}
