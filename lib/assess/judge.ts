/**
 * Judges one reading: five axes per address become levels per protection, and declared x observed becomes
 * a verdict (design section 3). Pure. Every default is `unknown`; nothing absent is ever read as safe.
 */
import type { CoverageGap, Endpoint } from '../model/endpoint.ts';
import { type AuthState, type Observation, PROVEN_BY_WORD } from '../model/observation.ts';
import type { Posture } from '../model/posture.ts';
import {
  type Basis,
  compareLevels,
  everyProtection,
  isKnown,
  type KnownLevel,
  type Level,
  type Protection,
  type ProtectionName,
} from '../model/protection.ts';
import type { Reading } from '../model/reading.ts';
import type { Verdict } from '../model/verdict.ts';
import { type Levels, NOT_DECLARED, sharedVerdict, verdictOf } from './verdict.ts';

/** From most to least exposed: the order in which addresses of one endpoint speak for it. */
const EXPOSURE_ORDER: readonly AuthState[] = [
  'setup-open',
  'open-anonymous',
  'open-restricted',
  'mode-blocked',
  'auth-weak',
  'auth-required',
  'source-acl',
  'lockout',
  'undetermined',
];

/** An observation, and whether it shows its address closed. */
interface Sight {
  readonly o: Observation;
  readonly closed: boolean;
}

export function judge(reading: Reading): Posture {
  const { endpoint, observations } = reading;
  const sights = observations.map((o) => ({ o, closed: isClosed(o, reading.vantageAlive) }));
  const declared = everyProtection((name) => endpoint.declared[name] ?? unread('declared', NOT_DECLARED));
  const observed = everyProtection((name) => observedProtection(name, sights) ?? unread('observed', 'not observed'));
  const speaker = mostExposed(observations);
  const where = fromWhere(observations, speaker);
  return {
    declared,
    observed,
    verdict: verdictFor(reading, declared, observed, speaker, where),
    // Nobody answered, and at least one address by silence alone.
    silent: sights.some((s) => isSilent(s)) && sights.every((s) => s.closed || isSilent(s)),
    auth: speaker?.auth.state ?? 'undetermined',
    proof: speaker?.proof ?? 0,
    rules: observations.map((o) => o.rule),
    ...(speaker?.proto.product === undefined ? {} : { product: speaker.proto.product }),
    ...(speaker?.proto.version === undefined ? {} : { version: speaker.proto.version }),
    addresses: [...new Set(observations.flatMap((o) => o.address ?? []))],
    ...where,
    ...(speaker?.tls.facts === undefined ? {} : { tls: speaker.tls.facts }),
    ...(speaker?.data === undefined ? {} : { data: speaker.data }),
    gaps: [...(reading.gaps ?? []), ...gapsOf(endpoint, observations)],
  };
}

function verdictFor(
  { endpoint, observations, deleted }: Reading,
  declared: Levels,
  observed: Levels,
  speaker: Observation | undefined,
  where: Pick<Posture, 'vantages'>,
): Verdict {
  // The API's word, where nobody saw it answer all the same.
  if (deleted === true && observations.length === 0) {
    return { name: 'protected', shadow: false, confirmed: true, why: 'the API confirms that it no longer exists' };
  }
  if (endpoint.shared === true) return sharedVerdict(declared);
  const verdict = verdictOf(declared, observed, speaker);
  return { ...verdict, why: `${verdict.why}${toWhom(where)}` };
}

function toWhom({ vantages }: Pick<Posture, 'vantages'>): string {
  if (vantages === undefined) return '';
  const { most, less } = vantages;
  return less.length === 0
    ? `; alike from ${most.join(', ')}`
    : `; so from ${most.join(', ')}, not from ${less.join(', ')}`;
}

/** A posture in the light of a newer configuration: what was seen stays seen. */
export function redeclared(seen: Posture, { endpoint, gaps = [] }: Reading, declared: Levels): Posture {
  const { verdict, observed } = seen;
  const now =
    endpoint.shared === true
      ? sharedVerdict(declared)
      : verdict.name === 'reachable'
        ? { ...verdict, shadow: declared.network.level === 'on' }
        : verdictOf(declared, observed, undefined);
  const kept = seen.gaps.filter((gap) => gap.stage !== 'inventory');
  return { ...seen, declared, verdict: now, gaps: [...gaps, ...kept] };
}

function unread(basis: Basis, evidence: string): Protection {
  return { level: 'unknown', basis, evidence };
}

/**
 * What silence says of the network depends on the silences before it (design section 3), which one reading cannot
 * know: `decide` asks the fold and judges again. `closed` is the evidence where there were enough.
 */
export function judgeSilence(posture: Posture, closed: string | undefined): Posture {
  const network: Protection =
    closed === undefined
      ? { level: 'unknown', basis: 'observed', evidence: 'silent, not yet often and long enough to count as closed' }
      : { level: 'on', basis: 'observed', evidence: closed };
  const observed = { ...posture.observed, network };
  return { ...posture, observed, verdict: verdictOf(posture.declared, observed, undefined) };
}

/** A name with several addresses is as safe as its worst one, and only as well known as its least known one. */
function observedProtection(name: ProtectionName, sights: readonly Sight[]): Protection | undefined {
  // An address that is closed carries no sessions: it has nothing to say on authentication or TLS.
  const speaking = name === 'network' ? sights : sights.filter((s) => !s.closed);
  let worst: { readonly level: KnownLevel; readonly by: Sight } | undefined;
  let complete = true;
  for (const by of speaking) {
    const level = levelOf(name, by);
    if (!isKnown(level)) complete = false;
    else if (worst === undefined || compareLevels(level, worst.level) < 0) worst = { level, by };
  }
  if (worst === undefined) return undefined;
  // `partial` of some addresses is a ceiling for all. It is told only where `partial` cannot close a window (fold.ts).
  const isCeiling = worst.level === 'off' || (worst.level === 'partial' && name !== 'tls');
  if (!complete && !isCeiling) {
    return { level: 'unknown', basis: 'observed', evidence: 'not every address gave a conclusive answer' };
  }
  return { level: worst.level, basis: 'observed', evidence: evidenceOf(name, worst.by.o) };
}

/** The axis tables of probes.md section 0, read as protections. */
function levelOf(name: ProtectionName, { o, closed }: Sight): Level {
  switch (name) {
    case 'network':
      return closed ? 'on' : networkLevel(o);
    case 'authentication':
      return authenticationLevel(o);
    case 'tls':
      return tlsLevel(o);
    case 'access-policy':
    case 'encryption-at-rest':
    case 'audit-log':
    case 'sharing':
    case 'guardrail':
      return 'unknown'; // not visible from outside
  }
}

function networkLevel(o: Observation): Level {
  switch (o.l4) {
    case 'open':
      return o.auth.state === 'source-acl' ? 'partial' : 'off';
    case 'open-silent':
    case 'tarpit':
      return 'off';
    case 'accept-then-close':
      return 'partial'; // a balancer without a backend does this too
    case 'refused':
    case 'unreachable':
    case 'filtered':
    case 'not-tried':
      return 'unknown';
  }
}

/**
 * Positive evidence only: a refusal, no route from a vantage that has routes, or an address that the internet cannot
 * route to. A private address that was probed all the same (`--allow-private`) is what the probe found.
 */
function isClosed(o: Observation, vantageAlive: boolean): boolean {
  if (o.l4 === 'refused') return true;
  if (o.l4 === 'unreachable') return vantageAlive;
  return o.l4 === 'not-tried' && o.dns === 'private-only' && o.gap === undefined;
}

function isSilent({ o, closed }: Sight): boolean {
  return !closed && o.l4 === 'filtered';
}

function authenticationLevel(o: Observation): Level {
  if (o.l4 !== 'open' || o.proto.state !== 'match') return 'unknown';
  switch (o.auth.state) {
    case 'open-anonymous':
      return isProof(o) ? 'off' : 'unknown';
    case 'setup-open':
      return 'off';
    case 'open-restricted':
    case 'mode-blocked':
      return 'partial';
    case 'auth-weak':
      return o.auth.weakness?.includes('legacy-hash') === true ? 'partial' : 'on'; // cleartext is the tls protection's
    case 'auth-required':
      return 'on';
    case 'source-acl':
    case 'lockout':
    case 'undetermined':
      return 'unknown';
  }
}

/** Metadata returned (P3), or a protocol where the server's word is proof. */
function isProof(o: Observation): boolean {
  return o.proof >= 3 || (o.proof === 2 && PROVEN_BY_WORD.has(o.probe));
}

function tlsLevel(o: Observation): Level {
  if (o.tls.legacy !== undefined) return 'partial';
  if (o.l4 !== 'open') return 'unknown';
  switch (o.tls.state) {
    case 'required':
    case 'implicit':
      return 'on';
    case 'offered':
      return 'partial';
    case 'absent':
      return 'off';
    case 'undetermined':
      return 'unknown';
  }
}

function evidenceOf(name: ProtectionName, o: Observation): string {
  const where = o.address === undefined ? o.vantage : `${o.address} from ${o.vantage}`;
  const facts: Partial<Record<ProtectionName, string>> = {
    network: `l4 ${o.l4}, dns ${o.dns}`,
    authentication: `${o.auth.state}, proof P${o.proof}, rule ${o.rule}`,
    tls: `tls ${o.tls.state}${o.tls.facts === undefined ? '' : `, ${o.tls.facts.version}`}${o.tls.legacy === undefined ? '' : ', only versions before 1.2'}`,
  };
  return `${facts[name] ?? 'not visible from outside'}; ${where}`;
}

function mostExposed(observations: readonly Observation[]): Observation | undefined {
  const rank = (o: Observation): number => EXPOSURE_ORDER.indexOf(o.auth.state) * 10 - o.proof;
  return observations.reduce<Observation | undefined>(
    (a, b) => (a === undefined || rank(b) < rank(a) ? b : a),
    undefined,
  );
}

/** An address list that names one of our own vantages is not the world: told apart where a visit looked from several. */
function fromWhere(observations: readonly Observation[], speaker: Observation | undefined): Pick<Posture, 'vantages'> {
  const all = [...new Set(observations.map((o) => o.vantage))].sort();
  if (all.length < 2 || speaker === undefined) return {};
  const asExposed = (o: Observation): boolean =>
    o.l4 === speaker.l4 && EXPOSURE_ORDER.indexOf(o.auth.state) <= EXPOSURE_ORDER.indexOf(speaker.auth.state);
  const most = all.filter((vantage) => observations.some((o) => o.vantage === vantage && asExposed(o)));
  return { vantages: { most, less: all.filter((vantage) => !most.includes(vantage)) } };
}

function gapsOf(endpoint: Endpoint, observations: readonly Observation[]): CoverageGap[] {
  return observations.flatMap((o) =>
    o.gap === undefined
      ? []
      : [{ stage: 'probe' as const, subject: endpoint.id, code: o.gap.code, detail: o.gap.detail }],
  );
}
