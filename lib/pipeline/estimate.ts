/** What the sweeps will cost, before they run (aws-services.md section 6). Prices are list prices and parameters. */
import type { PlaceRecord, ServiceProfile } from '../model/inventory.ts';
import { paceOf, TIER_MS, TIERS, type Tier } from './plan.ts';

export interface Prices {
  /** GuardDuty, per million management events analysed. */
  readonly guardDutyPerMillion: number;
  /** A second trail that records reads, per 100,000 events. */
  readonly secondTrailPer100k: number;
}
export const LIST_PRICES: Prices = { guardDutyPerMillion: 4, secondTrailPer100k: 2 };

export interface TierEstimate {
  readonly tier: Tier;
  readonly cells: number;
  readonly callsPerSweep: number;
  readonly callsPerMonth: number;
}

export interface Estimate {
  readonly accounts: number;
  readonly places: number;
  readonly cells: number;
  /** Cells never read: their size is not known, so they are counted as empty. */
  readonly neverRead: number;
  /** Everything once. */
  readonly callsFullSweep: number;
  readonly tiers: readonly TierEstimate[];
  readonly callsPerMonth: number;
  /** In US dollars a month, paid by the accounts that are read. */
  readonly guardDuty: number;
  readonly secondTrail: number;
}

const MONTH_MS = 30.4 * 24 * 60 * 60_000;

/** Adds places one by one, so that an organisation of any size is estimated in constant memory. */
export function estimator(services: readonly ServiceProfile[], home: string, prices: Prices = LIST_PRICES) {
  const accounts = new Set<string>();
  const totals: Record<Tier, { cells: number; calls: number }> = {
    hot: { cells: 0, calls: 0 },
    active: { cells: 0, calls: 0 },
    daily: { cells: 0, calls: 0 },
  };
  let places = 0;
  let neverRead = 0;
  return {
    add(account: string, region: string, record: PlaceRecord | undefined): void {
      accounts.add(account);
      places++;
      for (const { service, scope, cost } of services) {
        if (scope === 'global' && region !== home) continue;
        const cell = record?.cells[service];
        if (cell === undefined) neverRead++;
        const total = totals[paceOf(cell)];
        total.cells++;
        total.calls += cost.empty + cost.each * Object.keys(cell?.known ?? {}).length;
      }
    },
    total(): Estimate {
      const tiers = TIERS.map((tier) => {
        const { cells, calls } = totals[tier];
        return {
          tier,
          cells,
          callsPerSweep: Math.ceil(calls),
          callsPerMonth: Math.ceil((calls * MONTH_MS) / TIER_MS[tier]),
        };
      });
      const callsPerMonth = tiers.reduce((sum, t) => sum + t.callsPerMonth, 0);
      return {
        accounts: accounts.size,
        places,
        cells: tiers.reduce((sum, t) => sum + t.cells, 0),
        neverRead,
        callsFullSweep: tiers.reduce((sum, t) => sum + t.callsPerSweep, 0),
        tiers,
        callsPerMonth,
        guardDuty: (callsPerMonth / 1_000_000) * prices.guardDutyPerMillion,
        secondTrail: (callsPerMonth / 100_000) * prices.secondTrailPer100k,
      };
    },
  };
}
