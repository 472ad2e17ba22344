/**
 * Who is let in, by where they look from: an address list that names one of our own vantages is not the world. Pure. What a
 * vantage could not tell is said as such; it is never "not from there".
 */
import type { AuthState, Look } from '../model/observation.ts';
import type { Posture, Whence } from '../model/posture.ts';

/** One address as one vantage saw it, and whether that shows it closed. */
export interface Seen {
  readonly o: Look;
  readonly closed: boolean;
  /** The evidence, where it is closed by silence (silence.ts). */
  readonly closing?: string;
}

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

export function mostExposed(seen: readonly Seen[]): Seen | undefined {
  const rank = ({ o, closed }: Seen): number => rankOf(o) * 10 - o.proof + (closed ? 0.5 : 0);
  return seen.reduce<Seen | undefined>((a, b) => (a === undefined || rank(b) < rank(a) ? b : a), undefined);
}

/** Told where several looked. */
export function fromWhere(seen: readonly Seen[], speaker: Seen | undefined): Pick<Posture, 'vantages'> {
  const all = [...new Set(seen.map(({ o }) => o.vantage))].sort();
  if (all.length < 2 || speaker === undefined) return {};
  const some = (vantage: string, is: (s: Seen, speaker: Seen) => boolean): boolean =>
    seen.some((s) => s.o.vantage === vantage && is(s, speaker));
  const most = all.filter((vantage) => some(vantage, isAlike));
  const others = all.filter((vantage) => !most.includes(vantage));
  const unsure = others.filter((vantage) => some(vantage, isUnsure));
  const less = others.filter((vantage) => !unsure.includes(vantage));
  return { vantages: { most, less, ...(unsure.length === 0 ? {} : { unsure }) } };
}

export function toWhom({ vantages }: Pick<Posture, 'vantages'>): string {
  if (vantages === undefined) return '';
  const { most, less, unsure = [] }: Whence = vantages;
  if (less.length + unsure.length === 0) return `; alike from ${most.join(', ')}`;
  const not = less.length === 0 ? '' : `, not from ${less.join(', ')}`;
  return `; so from ${most.join(', ')}${not}${unsure.length === 0 ? '' : `, not known from ${unsure.join(', ')}`}`;
}

/** Closed is closed, whichever way. */
function isAlike({ o, closed }: Seen, speaker: Seen): boolean {
  if (closed || speaker.closed) return closed && speaker.closed;
  return o.l4 === speaker.o.l4 && rankOf(o) <= rankOf(speaker.o);
}

/** It may be as exposed to this vantage: nothing that was seen from there says otherwise. */
function isUnsure({ o, closed }: Seen, speaker: Seen): boolean {
  if (closed || o.l4 === 'accept-then-close') return false;
  if (o.l4 !== 'open' && o.l4 !== 'open-silent' && o.l4 !== 'tarpit') return true;
  const isDetermined = speaker.o.auth.state !== 'undetermined';
  return isDetermined && (o.auth.state === 'undetermined' || o.auth.state === 'lockout');
}

function rankOf(o: Look): number {
  return EXPOSURE_ORDER.indexOf(o.auth.state);
}
