import type { Protections } from './protection.ts';

/** What the inventory says listens at an endpoint. A probe serves one or more engines. */
export const ENGINES = [
  'elasticsearch',
  'opensearch',
  'postgres',
  'mysql',
  'mariadb',
  'redis',
  'valkey',
  'mongodb',
  'memcached',
] as const;
export type Engine = (typeof ENGINES)[number];

/** Host and port that serve a resource. `id` is stable over the endpoint's whole life. */
export interface Endpoint {
  readonly id: string;
  readonly host: string;
  readonly port: number;
  readonly engine: Engine;
  readonly source: 'file' | 'aws';
  readonly account?: string;
  readonly region?: string;
  readonly name?: string;
  readonly arn?: string;
  readonly tags: Readonly<Record<string, string>>;
  /** What the configuration promises, per protection. Absent means unknown, never safe. */
  readonly declared: Protections;
}

/** Something ajar could not see. Counts against coverage; never a pass, never a recovery. */
export interface CoverageGap {
  readonly stage: 'inventory' | 'probe' | 'assess' | 'notify';
  /** Endpoint id, file, account or region. */
  readonly subject: string;
  readonly code: GapCode;
  /** One bounded line with the cure where there is one. */
  readonly detail: string;
}

export const GAP_CODES = [
  'unresolved',
  'forbidden-address',
  'no-answer',
  'not-this-protocol',
  'undetermined',
  'budget-spent',
  'lockout',
  'no-probe',
  'not-in-inventory',
  'cancelled',
  'fault',
] as const;
export type GapCode = (typeof GAP_CODES)[number];
