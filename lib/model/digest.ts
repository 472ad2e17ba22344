import type { Severity } from './verdict.ts';

/** What a period's report says in one message. Made of the report alone: the same report gives the same digest. */
export interface Digest {
  /** `digest/<from>/<to>`: a repeated message carries the same key. */
  readonly key: string;
  readonly period: { readonly from: string; readonly to: string };
  readonly report: { readonly id: string; readonly place: string };
  readonly endpoints: number;
  /** At the end of the period, by severity. */
  readonly openBySeverity: Readonly<Record<Severity, number>>;
  /** The worst first, then the oldest; so are the next two. */
  readonly open: readonly DigestIncident[];
  /** First seen bad within the period; open still or not. */
  readonly opened: readonly DigestIncident[];
  readonly recovered: readonly DigestIncident[];
  /** What could not be seen at the end of the period, by why, with one of each. */
  readonly gaps: readonly { readonly code: string; readonly count: number; readonly example: string }[];
  /** Of the period nobody watched. */
  readonly unwatchedSeconds: number;
  /** That end soon after the period or have ended. */
  readonly allowances: readonly { readonly id: string; readonly message: string }[];
}

export interface DigestIncident {
  readonly id: string;
  readonly severity: Severity;
  readonly protection: string;
  readonly to: string;
  readonly engine: string;
  /** Name or host, and port. */
  readonly endpoint: string;
  /** Account and region, where there are. */
  readonly where?: string;
  readonly since: string;
  readonly over?: string;
  readonly cause?: string;
}
