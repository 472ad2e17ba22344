/** Whether an entry matches an endpoint at an instant, and all that is missing where it does not. Pure; no regular expression. */
import ipaddr from 'ipaddr.js';
import { type Allowance, glassEnd } from '../model/allowlist.ts';
import type { Endpoint } from '../model/endpoint.ts';

export interface MatchAnswer {
  readonly id: string;
  readonly matches: boolean;
  /** What was missing, in words, for `allowlist explain`. */
  readonly why: string;
}

export function explainEntry(
  entry: Allowance,
  endpoint: Endpoint,
  addresses: readonly string[],
  at: string,
): MatchAnswer {
  const misses = missesOf(entry, endpoint, addresses, at);
  return { id: entry.id, matches: misses.length === 0, why: misses.join('; ') || 'matches in every respect' };
}

/** All that was missing. */
export function missesOf(
  entry: Allowance,
  endpoint: Endpoint,
  addresses: readonly string[],
  at: string,
): readonly string[] {
  return ASPECTS.flatMap((aspect) => aspect({ entry, endpoint, addresses, at }) ?? []);
}

export interface Asked {
  readonly entry: Allowance;
  readonly endpoint: Endpoint;
  readonly addresses: readonly string[];
  readonly at: string;
}
/** Of an entry, what is missing in one respect. */
type Aspect = (asked: Asked) => string | undefined;

export function isMatch(asked: Asked): boolean {
  return ASPECTS.every((aspect) => aspect(asked) === undefined);
}

const ASPECTS: readonly Aspect[] = [
  dayMiss,
  glassMiss,
  ({ entry: { match }, endpoint: { account } }) =>
    account === undefined
      ? 'the endpoint names no account'
      : match.accounts.includes(account)
        ? undefined
        : `account ${account} is not listed`,
  ({ entry: { match }, endpoint: { engine } }) =>
    match.protocols.includes(engine) ? undefined : `protocol ${engine} is not listed`,
  ({ entry: { match }, endpoint: { port } }) =>
    match.ports?.includes(port) === false ? `port ${port} is not listed` : undefined,
  ({ entry: { match }, endpoint: { region } }) =>
    match.regions?.includes(region ?? '') === false ? `region ${region ?? '(none)'} is not listed` : undefined,
  ({ entry: { match }, endpoint: { arn } }) =>
    match.arns?.some((glob) => matchesArn(glob, arn ?? '')) === false
      ? `no ARN pattern matches ${arn ?? '(no ARN)'}`
      : undefined,
  tagMiss,
  hostMiss,
  ({ entry: { match }, addresses }) =>
    match.addresses === undefined ? undefined : addressMiss(match.addresses, addresses),
];

function dayMiss({ entry: { approvedOn, expires }, at }: Asked): string | undefined {
  const day = at.slice(0, 10);
  if (day < approvedOn) return `not approved before ${approvedOn}`;
  return day > expires ? `expired at the end of ${expires}` : undefined;
}

function glassMiss({ entry: { permit }, at }: Asked): string | undefined {
  const { breakGlass } = permit;
  if (breakGlass === undefined) return undefined;
  if (Date.parse(at) < Date.parse(breakGlass.from)) return `break-glass from ${breakGlass.from}`;
  const end = glassEnd(breakGlass);
  return Date.parse(at) >= Date.parse(end) ? `break-glass was over at ${end}` : undefined;
}

function tagMiss({ entry: { match }, endpoint }: Asked): string | undefined {
  const wanted = Object.entries(match.tags ?? {}).find(([key, value]) => endpoint.tags[key] !== value);
  return wanted === undefined ? undefined : `tag ${wanted[0]} is not ${wanted[1]}`;
}

function hostMiss({ entry: { match }, endpoint }: Asked): string | undefined {
  if (match.hostnames === undefined) return undefined;
  const host = endpoint.host.toLowerCase();
  return match.hostnames.some((name) => name.toLowerCase() === host)
    ? undefined
    : `host ${endpoint.host} is not listed`;
}

function addressMiss(blocks: readonly string[], addresses: readonly string[]): string | undefined {
  if (addresses.length === 0) return 'no address is known for it';
  const outside = addresses.find((address) => !blocks.some((block) => contains(block, address)));
  return outside === undefined ? undefined : `address ${outside} is in none of the blocks`;
}

function contains(block: string, address: string): boolean {
  if (!ipaddr.isValid(address) || !ipaddr.isValidCIDR(block)) return false;
  const [network, bits] = ipaddr.parseCIDR(block);
  const parsed = ipaddr.process(address);
  return parsed.kind() === network.kind() && parsed.match(network, bits);
}

/** `*` and `?` in the resource part only; the five parts before it are literal. */
export function matchesArn(glob: string, arn: string): boolean {
  const [pattern, subject] = [glob.split(':'), arn.split(':')];
  if (pattern.length < 6 || subject.length < 6) return false;
  if (!pattern.slice(0, 5).every((part, i) => part === subject[i])) return false;
  return matchesGlob(pattern.slice(5).join(':'), subject.slice(5).join(':'));
}

/** Linear-space wildcard match without backtracking over more than the last star. */
function matchesGlob(glob: string, text: string): boolean {
  let [g, t, star, mark] = [0, 0, -1, 0];
  while (t < text.length) {
    if (glob[g] === '*') {
      star = g++;
      mark = t;
    } else if (glob[g] === '?' || (g < glob.length && glob[g] === text[t])) {
      g++;
      t++;
    } else if (star >= 0) {
      g = star + 1;
      t = ++mark;
    } else {
      return false;
    }
  }
  while (glob[g] === '*') g++;
  return g === glob.length;
}
