import type { Engine } from './endpoint.ts';

/**
 * One allowlist entry: a posture that named people accept until a day, for named endpoints.
 * Default deny: what an entry does not list still alerts (evidence-and-alerts.md section 4.2).
 */
export interface Allowance {
  readonly id: string;
  readonly owner: string;
  /** Who wrote the entry down, where that is not its owner. */
  readonly author?: string;
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
  readonly breakGlass?: BreakGlass;
}

/**
 * Strangers are let in on purpose, for hours, approved by two. Such an entry is in force in these hours alone, and what it
 * covers is an incident all the same: on the record and told to chat and machines, but nobody is woken for it.
 */
export interface BreakGlass {
  /** `metadata`: to what a stranger may do little; `read`: to all but the seat of the administrator. */
  readonly anonymous: 'metadata' | 'read';
  /** Instant, UTC. */
  readonly from: string;
  readonly maxHours: number;
  /** Neither owner nor author, nor among `approvedBy`. */
  readonly secondApprover: string;
}

/** When its glass is whole again. */
export function glassEnd({ from, maxHours }: BreakGlass): string {
  return new Date(Date.parse(from) + maxHours * 3_600_000).toISOString();
}

export interface Allowlist {
  readonly entries: readonly Allowance[];
  /**
   * SHA-256, stored with every decision: of the file's bytes; of a directory's files in the order of their names, of one
   * line `<SHA-256>  <name>` each, as `sha256sum *.yaml | sha256sum` has it.
   */
  readonly digest: string;
  /** File, directory or place in S3. */
  readonly file: string;
}

/** No file, or one that did not load: everything alerts. */
export const EMPTY_ALLOWLIST: Allowlist = { entries: [], digest: 'none', file: 'none' };
