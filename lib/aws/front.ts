/** What every front says of itself: how it speaks to its callers, and where it leads. */
import { declaredOff, declaredOn, declaredPartial, declaredUnknown } from '../model/declared.ts';
import { printable } from '../model/text.ts';
import { mostOpen, type Protection } from '../model/protection.ts';

/** How many targets an evidence line names. */
const NAMED = 2;

/** `leads to a, b and 3 more`. */
export function leadsTo(targets: readonly string[]): string {
  const names = [...new Set(targets)];
  const more = names.length > NAMED ? ` and ${names.length - NAMED} more` : '';
  return `leads to ${names.slice(0, NAMED).join(', ')}${more}`;
}

/** The same protection, saying first what stands behind the door. */
export function inFrontOf(targets: readonly string[], protection: Protection): Protection {
  return { ...protection, evidence: printable(`${leadsTo(targets)}; ${protection.evidence}`) };
}

/** One door to several targets is as open as the most open way through it. */
export function weakestOf(protections: readonly Protection[]): Protection {
  return mostOpen(protections) ?? declaredUnknown('no way through was read');
}

const ENCRYPTED = new Set(['TLS', 'HTTPS', 'SSL']);
const PASSED_ON = new Set(['TCP', 'TCP_UDP', 'TCP_QUIC']);
/** Policies are named after the oldest TLS they take; those named after neither 1.2 nor 1.3 take older ones. */
const MODERN = /-1-[23]-/;
const PREDEFINED = 'ELBSecurityPolicy-';

/** A balancer's listener. One that passes bytes on leaves TLS to what is behind it. */
export function listenerTls(protocol: string | undefined, policies: readonly (string | undefined)[]): Protection {
  const named = policies.flatMap((name) => (name?.startsWith(PREDEFINED) === true ? [name] : []));
  const said = `Protocol=${protocol ?? 'absent'}, SslPolicy=${named.join(' ') || 'absent'}`;
  if (protocol === 'HTTP') return declaredOff(said);
  if (protocol === undefined || !ENCRYPTED.has(protocol)) {
    return declaredUnknown(PASSED_ON.has(protocol ?? '') ? `${said}: what is behind decides` : said);
  }
  if (named.length === 0) return declaredUnknown(said);
  return named.every((name) => MODERN.test(name)) ? declaredOn(said) : declaredPartial(said);
}
