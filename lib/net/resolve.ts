/**
 * Resolves a host once and checks every answer. What is connected to later is one of these addresses, never the
 * name again, so an answer that changes in between (DNS rebinding) changes nothing.
 */
import { lookup, Resolver } from 'node:dns/promises';
import { domainToASCII } from 'node:url';
import pLimit from 'p-limit';
import type { DnsState } from '../model/observation.ts';
import { printable } from '../model/text.ts';
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
}

const MAX_ANSWERS = 10;
const TIMEOUT_MS = 3_000;
/** Above this c-ares drops UDP replies and waits for its retry (performance.md section 5). */
const IN_FLIGHT = 256;
const limit = pLimit(IN_FLIGHT);

export async function resolveHost(host: string, options: ResolveOptions): Promise<Resolution> {
  const name = canonicalName(host);
  if (name === undefined) return refused(host, 'malformed', 'not a canonical host name or address');
  if (NEVER_HOSTS.includes(name)) return refused(host, 'never', 'metadata service');
  if (parseCanonical(name) !== undefined) return checked('literal', [name], options);
  const answers = await limit(() => ask(name, options.resolver ?? systemResolver()));
  if (typeof answers === 'string') return { dns: answers, allowed: [], denied: [], detail: dnsDetail(answers, name) };
  return checked(undefined, answers.slice(0, MAX_ANSWERS), options);
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
  dns: DnsState | undefined,
  addresses: readonly string[],
  { policy, port }: ResolveOptions,
): Resolution {
  const allowed: PinnedAddress[] = [];
  const denied: DeniedAddress[] = [];
  for (const address of new Set(addresses)) {
    const verdict = checkAddress(address, port, policy);
    if (verdict.allowed) allowed.push({ address, family: address.includes(':') ? 6 : 4 });
    else denied.push({ address: printable(address, 64), verdict });
  }
  const privates = denied.filter((d) => d.verdict.reason === 'private').length;
  const state =
    dns ?? (privates === 0 ? 'public' : allowed.length === 0 && privates === denied.length ? 'private-only' : 'mixed');
  return { dns: state, allowed, denied, detail: `${addresses.length} addresses` };
}

function refused(host: string, reason: 'malformed' | 'never', range: string): Resolution {
  const denied = [{ address: printable(host, 64), verdict: { allowed: false as const, reason, range } }];
  return { dns: 'failed', allowed: [], denied, detail: range };
}

async function ask(name: string, resolver: NameResolver): Promise<readonly string[] | 'none' | 'failed'> {
  const answers = await Promise.all([settle(resolver.resolve4(name)), settle(resolver.resolve6(name))]);
  const addresses = answers.flatMap((a) => (typeof a === 'string' ? [] : a));
  if (addresses.length > 0) return addresses;
  return answers.includes('failed') ? 'failed' : 'none';
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

function dnsDetail(state: 'none' | 'failed', name: string): string {
  return state === 'none' ? `${name} has no address` : `${name}: the resolver did not answer`;
}

/** c-ares for names in DNS; the system's own lookup for names without a dot, such as localhost. */
function systemResolver(): NameResolver {
  const resolver = new Resolver({ timeout: TIMEOUT_MS / 2, tries: 2 });
  const local = async (host: string, family: 4 | 6): Promise<readonly string[]> =>
    (await lookup(host, { all: true, family })).map((a) => a.address);
  const isLocal = (host: string): boolean => !host.includes('.') || host.endsWith('.localhost');
  return {
    resolve4: (host) => (isLocal(host) ? local(host, 4) : resolver.resolve4(host)),
    resolve6: (host) => (isLocal(host) ? local(host, 6) : resolver.resolve6(host)),
  };
}
