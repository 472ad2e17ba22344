import type { Engine } from './endpoint.ts';

/**
 * One allowlist entry: a posture that named people accept until a day, for named endpoints.
 * Default deny: what an entry does not list still alerts (evidence-and-alerts.md section 4.2).
 */
export interface Allowance {
  readonly id: string;
  readonly owner: string;
  readonly reason: string;
  readonly ticket: string;
  readonly approvedBy: readonly string[];
  /** Calendar days, UTC; valid from 00:00:00Z of `approvedOn` to 23:59:59Z of `expires`. */
  readonly approvedOn: string;
  readonly expires: string;
  readonly match: AllowanceMatch;
  readonly permit: AllowancePermit;
}

/** All that is given must match. */
export interface AllowanceMatch {
  readonly accounts: readonly string[];
  readonly regions?: readonly string[];
  readonly arns?: readonly string[];
  readonly tags?: Readonly<Record<string, string>>;
  readonly hostnames?: readonly string[];
  /** CIDR blocks of the endpoint, /28 or /120 at the widest. */
  readonly addresses?: readonly string[];
  readonly protocols: readonly Engine[];
  readonly ports?: readonly number[];
}

export interface AllowancePermit {
  readonly reachable: 'from-internet' | 'from-cidrs';
  readonly fromCidrs?: readonly string[];
  readonly authentication: 'required';
  /** True accepts the absence of TLS. */
  readonly plaintext: boolean;
  readonly minTls: '1.2' | '1.3';
}

export interface Allowlist {
  readonly entries: readonly Allowance[];
  /** SHA-256 of the file's bytes: stored with every decision. */
  readonly digest: string;
  readonly file: string;
}

/** No file, or one that did not load: everything alerts. */
export const EMPTY_ALLOWLIST: Allowlist = { entries: [], digest: 'none', file: 'none' };
