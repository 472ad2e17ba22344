/** What came of simulated histories, in numbers. */
export interface Counts {
  /** Readings judged; of these those that came too late, that were known, and whose worker died. */
  readonly judged: number;
  readonly late: number;
  readonly repeated: number;
  readonly died: number;
  /** Visits without news, noted apart. */
  readonly noted: number;
  /** Facts that are a loss by any measure. */
  readonly losses: number;
  readonly incidents: number;
  /** Messages that a sink accepted. */
  readonly told: number;
}

export const NOTHING: Counts = { judged: 0, late: 0, repeated: 0, died: 0, noted: 0, losses: 0, incidents: 0, told: 0 };

export function sum(a: Counts, b: Counts): Counts {
  return {
    judged: a.judged + b.judged,
    late: a.late + b.late,
    repeated: a.repeated + b.repeated,
    died: a.died + b.died,
    noted: a.noted + b.noted,
    losses: a.losses + b.losses,
    incidents: a.incidents + b.incidents,
    told: a.told + b.told,
  };
}
