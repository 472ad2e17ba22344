/**
 * Resolves a host once and checks every answer. What is connected to later is one of these addresses, never the
 * name again, so an answer that changes in between (DNS rebinding) changes nothing.
 */
import { lookup, Resolver } from 'node:dns/promises';
import { domainToASCII } from 'node:url';
import pLimit from 'p-limit';
import type { DnsState } from '../model/observation.ts';
import { printable } from '../model/text.ts';
import { unlessAborted } from './abort.ts';
import { type AddressPolicy, checkAddress, NEVER_HOSTS, parseCanonical, type Verdict } from './guard.ts';

export interface PinnedAddress {
  readonly address: string;
  readonly family: 4 | 6;
}
export interface DeniedAddress {
  readonly address: string;
  readonly verdict: Extract<Verdict, { allowed: false }>;
}
export interface Resolution {
  readonly dns: DnsState;
  readonly allowed: readonly PinnedAddress[];
  readonly denied: readonly DeniedAddress[];
  readonly detail: string;
  /** The half of the question that nobody answered, `A` or `AAAA`: there may be addresses that are not here. */
  readonly unanswered?: string;
}

export interface NameResolver {
  resolve4(host: string): Promise<readonly string[]>;
  resolve6(host: string): Promise<readonly string[]>;
}

export interface ResolveOptions {
  readonly policy: AddressPolicy;
  readonly port: number;
  readonly resolver?: NameResolver;
  readonly signal?: AbortSignal;
  readonly timeoutMs?: number;
}

const MAX_ANSWERS = 10;
/** For both questions, retries included; without the wait for a free place among those in flight. */
export const RESOLVE_MS = 5_000;
/** Above this c-ares drops UDP replies and waits for its retry (performance.md section 5). */
const IN_FLIGHT = 256;
const limit = pLimit(IN_FLIGHT);
const UNRESTRICTED: AddressPolicy = { allowPrivate: false, only: [] };

export async function resolveHost(host: string, options: ResolveOptions): Promise<Resolution> {
  const name = canonicalName(host);
  if (name === undefined) return refused(host, 'malformed', 'not a canonical host name or address');
  if (NEVER_HOSTS.includes(name)) return refused(host, 'never', 'metadata service');
  if (parseCanonical(name) !== undefined) return checked('literal', [name], options, '1 address');
  const answer = await limit(() => askInTime(name, options));
  if (answer.addresses.length === 0) return { dns: answer.state, allowed: [], denied: [], detail: answer.detail };
  const state = stateOf(answer.addresses, options.port);
  const { unanswered } = answer;
  const found = checked(state, answer.addresses.slice(0, MAX_ANSWERS), options, answer.detail);
  return unanswered === undefined ? found : { ...found, unanswered };
}

/** The name as DNS wants it, or nothing where it is a number in disguise or holds what no host name holds. */
export function canonicalName(host: string): string | undefined {
  const bare = host.replace(/\.$/, '').toLowerCase();
  if (parseCanonical(bare) !== undefined) return bare;
  // domainToASCII stops at these instead of refusing them.
  if (/[\s/\\:@?#%[\]]/.test(bare)) return undefined;
  const ascii = domainToASCII(bare);
  if (ascii === '' || ascii.length > 253 || !/^[a-z0-9_]([a-z0-9_.-]*[a-z0-9_])?$/.test(ascii)) return undefined;
  // 2130706433, 0x7f000001, 0177.0.0.1, 127.1: a last label that starts like a number is no host name.
  const last = ascii.split('.').at(-1) ?? '';
  return /^\d/.test(last) || ascii.split('.').some((label) => label === '' || label.length > 63) ? undefined : ascii;
}

function checked(
  dns: DnsState,
  addresses: readonly string[],
  { policy, port }: ResolveOptions,
  detail: string,
): Resolution {
  const allowed: PinnedAddress[] = [];
  const denied: DeniedAddress[] = [];
  for (const address of addresses) {
    const verdict = checkAddress(address, port, policy);
    if (verdict.allowed) allowed.push({ address, family: address.includes(':') ? 6 : 4 });
    else denied.push({ address: printable(address, 64), verdict });
  }
  return { dns, allowed, denied, detail };
}

/** What the answers are, whatever this run may connect to: `--allow-private` makes no address public. */
function stateOf(addresses: readonly string[], port: number): DnsState {
  const open = addresses.filter((address) => checkAddress(address, port, UNRESTRICTED).allowed).length;
  if (open === addresses.length) return 'public';
  return open === 0 ? 'private-only' : 'mixed';
}

function refused(host: string, reason: 'malformed' | 'never', range: string): Resolution {
  const denied = [{ address: printable(host, 64), verdict: { allowed: false as const, reason, range } }];
  return { dns: 'failed', allowed: [], denied, detail: range };
}

interface Answer {
  readonly addresses: readonly string[];
  readonly state: 'none' | 'failed';
  readonly detail: string;
  readonly unanswered?: string;
}

async function askInTime(name: string, options: ResolveOptions): Promise<Answer> {
  const { resolver = systemResolver(), signal, timeoutMs = RESOLVE_MS } = options;
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<Answer>((resolve) => {
    timer = setTimeout(() => resolve(failed(`${name}: no answer within ${timeoutMs} ms`)), timeoutMs);
  });
  try {
    const answer = (): Promise<Answer> => Promise.race([ask(name, resolver), late]);
    return await (signal === undefined ? answer() : unlessAborted(signal, answer));
  } catch (error) {
    if (signal?.aborted === true) return failed('the run was stopped');
    throw error;
  } finally {
    clearTimeout(timer);
  }
}

function failed(detail: string): Answer {
  return { addresses: [], state: 'failed', detail };
}

async function ask(name: string, resolver: NameResolver): Promise<Answer> {
  const [v4, v6] = await Promise.all([settle(resolver.resolve4(name)), settle(resolver.resolve6(name))]);
  const addresses = [...new Set([v4, v6].flatMap((a) => (typeof a === 'string' ? [] : a)))];
  const unknown = [v4 === 'failed' ? 'A' : '', v6 === 'failed' ? 'AAAA' : ''].filter((type) => type !== '');
  if (addresses.length === 0) {
    return unknown.length > 0
      ? failed(`${name}: the resolver did not answer for ${unknown.join(' and ')}`)
      : { addresses, state: 'none', detail: `${name} has no address` };
  }
  const rest = addresses.length > MAX_ANSWERS ? `, the first ${MAX_ANSWERS} taken` : '';
  const missing = unknown.length > 0 ? `, the resolver did not answer for ${unknown.join(' and ')}` : '';
  const answer: Answer = { addresses, state: 'none', detail: `${addresses.length} addresses${rest}${missing}` };
  return unknown.length > 0 ? { ...answer, unanswered: unknown.join(' and ') } : answer;
}

// Answers that mean "there is no such record"; anything else is our not knowing.
const NO_RECORD = ['ENODATA', 'ENOTFOUND', 'ENONAME'];

async function settle(answer: Promise<readonly string[]>): Promise<readonly string[] | 'none' | 'failed'> {
  try {
    return await answer;
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    return NO_RECORD.includes(code) ? 'none' : 'failed';
  }
}

/**
 * c-ares for names in DNS; the system's own lookup only for names without a dot, such as localhost: for the others it
 * would try its search domains too, and find somebody else's host. A resolver each, so that a long watch notices
 * when the machine's name servers change.
 */
function systemResolver(): NameResolver {
  const resolver = new Resolver({ timeout: 1_500, tries: 2 });
  const local = async (host: string, family: 4 | 6): Promise<readonly string[]> =>
    (await lookup(host, { all: true, family })).map((a) => a.address);
  const isLocal = (host: string): boolean => !host.includes('.') || host.endsWith('.localhost');
  return {
    resolve4: (host) => (isLocal(host) ? local(host, 4) : resolver.resolve4(host)),
    resolve6: (host) => (isLocal(host) ? local(host, 6) : resolver.resolve6(host)),
  };
}
