import type { CoverageGap, Endpoint } from './endpoint.ts';
import type { DataAtRisk, Observation } from './observation.ts';
import type { Source } from './posture.ts';

/**
 * Everything one visit learned of one endpoint: the input of `decide`. A reading may be delivered twice,
 * late or out of order; `id` and `at` make that harmless.
 */
export interface Reading {
  /** Unique per visit: `<runId>/<endpointId>`. */
  readonly id: string;
  readonly runId: string;
  /** When the last answer was in, RFC 3339 UTC, milliseconds: what was seen was so by then. */
  readonly at: string;
  /** When the visit began, its wait for a turn included: what was seen may have been so only since. */
  readonly began?: string;
  /** When the queue handed over the message that asked for the visit, by the queue's clock: it cannot have begun before. */
  readonly takenAt?: string;
  /** How far the prober's clock was ahead of the queue's, where that was worth telling: `at` is by the queue's. */
  readonly clockOffMs?: number;
  readonly endpoint: Endpoint;
  readonly vantage: string;
  /** One per address probed. Empty when only the configuration was read. */
  readonly observations: readonly Observation[];
  /**
   * Whether this vantage was seen to reach something else meanwhile. Without that, silence says nothing:
   * the blind one may be us.
   */
  readonly vantageAlive: boolean;
  /** It reached something else in the same region: what is silent there is not the whole region. */
  readonly regionAlive?: true;
  /** The service's API confirmed that the resource no longer exists. Absence from a list is not that. */
  readonly deleted?: boolean;
  /** What is declared was read for an earlier reading: it bears on the verdict and is no fact of this moment. */
  readonly remembered?: true;
  /** No visit was due, or it came too late to count: only what was read of the configuration is news. */
  readonly unvisited?: true;
  /** How often whoever asked for the visit has this endpoint visited; absent where nobody says. */
  readonly everyMs?: number;
  /** Where visits of it without news are noted from now on; absent where nobody says. */
  readonly page?: string;
  /** What is known of the endpoint that this one is a copy of; looked up before it is judged. */
  readonly inherited?: Inherited;
  /** What the inventory could not read of it. */
  readonly gaps?: readonly CoverageGap[];
}

export interface Inherited {
  readonly source: Source;
  /** Absent where nothing is known of the source either. */
  readonly data?: DataAtRisk;
}
