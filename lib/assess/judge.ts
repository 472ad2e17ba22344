/**
 * Judges one reading: five axes per address become levels per protection, and declared x observed becomes
 * a verdict (design section 3). Pure. Every default is `unknown`; nothing absent is ever read as safe.
 */
import type { CoverageGap } from '../model/endpoint.ts';
import { type Look, PROVEN_BY_WORD } from '../model/observation.ts';
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
import { fromWhere, mostExposed, type Seen, toWhom } from './whence.ts';

export function judge(reading: Reading): Posture {
  const { endpoint, observations } = reading;
  const declared = everyProtection((name) => endpoint.declared[name] ?? unread('declared', NOT_DECLARED));
  const posture = judgeSeen(endpoint.id, declared, seenBy(observations, reading.vantageAlive), reading.gaps);
  const verdict = stated(reading, declared);
  return verdict === undefined ? posture : { ...posture, verdict };
}

/** What one vantage saw, each address by itself. `closing`: the evidence that its silence means closed, where it does. */
export function seenBy(looks: readonly Look[], vantageAlive: boolean, closing?: string): readonly Seen[] {
  return looks.map((o) => {
    if (isClosed(o, vantageAlive)) return { o, closed: true };
    return closing !== undefined && o.l4 === 'filtered' ? { o, closed: true, closing } : { o, closed: false };
  });
}

/** All that was seen, by one vantage or by several. */
export function judgeSeen(
  subject: string,
  declared: Levels,
  seen: readonly Seen[],
  gaps: readonly CoverageGap[] = [],
): Posture {
  const looks = seen.map(({ o }) => o);
  const observed = everyProtection((name) => observedProtection(name, seen) ?? unread('observed', 'not observed'));
  const speaker = mostExposed(seen);
  const o = speaker?.o;
  const where = fromWhere(seen, speaker);
  const verdict = verdictOf(declared, observed, o);
  return {
    declared,
    observed,
    verdict: { ...verdict, why: `${verdict.why}${toWhom(where)}${o?.catchAll === true ? CATCH_ALL : ''}` },
    // Nobody answered, and at least one address by silence alone.
    silent: seen.some((s) => isSilent(s)) && seen.every((s) => s.closed || isSilent(s)),
    auth: o?.auth.state ?? 'undetermined',
    proof: o?.proof ?? 0,
    rules: looks.map(({ rule }) => rule),
    ...(o?.proto.product === undefined ? {} : { product: o.proto.product }),
    ...(o?.proto.version === undefined ? {} : { version: o.proto.version }),
    addresses: [...new Set(looks.flatMap(({ address }) => address ?? []))],
    ...where,
    ...(o?.tls.facts === undefined ? {} : { tls: o.tls.facts }),
    ...oldTlsOf(looks),
    ...(o?.data === undefined ? {} : { data: o.data }),
    gaps: [...gaps, ...gapsOf(subject, looks)],
  };
}

/** Taken by one is taken; refused is said where all that have TLS refused it. */
function oldTlsOf(looks: readonly Look[]): Pick<Posture, 'oldTls'> {
  const said = looks.filter(({ tls }) => tls.state !== 'undetermined').map(({ tls }) => tls.legacy);
  if (said.includes('also')) return { oldTls: 'also' };
  return said.length > 0 && said.every((legacy) => legacy === 'no') ? { oldTls: 'no' } : {};
}

const CATCH_ALL = '; the host accepts connections on any port: a honeypot, or a proxy in front of it';

/** What is so whatever was seen: of what is gone, and of what nobody can look at. */
function stated({ endpoint, observations, deleted }: Reading, declared: Levels): Verdict | undefined {
  // The API's word, where nobody saw it answer all the same.
  if (deleted === true && observations.length === 0) {
    return { name: 'protected', shadow: false, confirmed: true, why: 'the API confirms that it no longer exists' };
  }
  return endpoint.shared === true ? sharedVerdict(declared) : undefined;
}

/** A posture in the light of a newer configuration: what was seen stays seen. */
export function redeclared(seen: Posture, { endpoint, gaps = [] }: Reading, declared: Levels): Posture {
  const { verdict, observed } = seen;
  const now =
    endpoint.shared === true
      ? sharedVerdict(declared)
      : verdict.name === 'reachable' || (verdict.name === 'exposed' && observed.authentication.level === 'off')
        ? // Why it is so was seen, and stays what it was.
          { ...verdict, shadow: declared.network.level === 'on' }
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
function observedProtection(name: ProtectionName, seen: readonly Seen[]): Protection | undefined {
  // An address that is closed carries no sessions: it has nothing to say on authentication or TLS.
  const speaking = name === 'network' ? seen : seen.filter((s) => !s.closed);
  let worst: { readonly level: KnownLevel; readonly by: Seen } | undefined;
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
  return { level: worst.level, basis: 'observed', evidence: evidenceOf(name, worst.by) };
}

/** The axis tables of probes.md section 0, read as protections. */
function levelOf(name: ProtectionName, { o, closed }: Seen): Level {
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

function networkLevel(o: Look): Level {
  if (o.catchAll === true && o.proto.state !== 'match') return 'unknown';
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
function isClosed(o: Look, vantageAlive: boolean): boolean {
  if (o.l4 === 'refused') return true;
  if (o.l4 === 'unreachable') return vantageAlive;
  return o.l4 === 'not-tried' && o.dns === 'private-only' && o.gap === undefined;
}

function isSilent({ o, closed }: Seen): boolean {
  return !closed && o.l4 === 'filtered';
}

function authenticationLevel(o: Look): Level {
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
function isProof(o: Look): boolean {
  return o.proof >= 3 || (o.proof === 2 && PROVEN_BY_WORD.has(o.probe));
}

function tlsLevel(o: Look): Level {
  if (o.tls.legacy === 'only') return 'partial';
  if (o.l4 !== 'open') return 'unknown';
  switch (o.tls.state) {
    case 'required':
    case 'implicit':
      return o.tls.legacy === 'also' ? 'partial' : 'on';
    case 'offered':
      return 'partial';
    case 'absent':
      return 'off';
    case 'undetermined':
      return 'unknown';
  }
}

const OLD_TLS: Readonly<Record<NonNullable<Look['tls']['legacy']>, string>> = {
  only: ', only versions before 1.2',
  also: ', versions before 1.2 as well',
  no: '',
};

function evidenceOf(name: ProtectionName, { o, closing }: Seen): string {
  if (name === 'network' && closing !== undefined) return closing;
  const where = o.address === undefined ? o.vantage : `${o.address} from ${o.vantage}`;
  const facts: Partial<Record<ProtectionName, string>> = {
    network: `l4 ${o.l4}, dns ${o.dns}`,
    authentication: `${o.auth.state}, proof P${o.proof}, rule ${o.rule}`,
    tls: `tls ${o.tls.state}${o.tls.facts === undefined ? '' : `, ${o.tls.facts.version}`}${OLD_TLS[o.tls.legacy ?? 'no']}`,
  };
  return `${facts[name] ?? 'not visible from outside'}; ${where}`;
}

function gapsOf(subject: string, looks: readonly Look[]): CoverageGap[] {
  return looks.flatMap(({ gap }) =>
    gap === undefined ? [] : [{ stage: 'probe' as const, subject, code: gap.code, detail: gap.detail }],
  );
}
