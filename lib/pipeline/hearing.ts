/**
 * Whether a vantage is alive: it heard from some other endpoint lately. Silence of one endpoint says something
 * about that endpoint only then; a vantage that hears nobody may itself be cut off (decision 0004). And whether the way to one
 * region is: what it heard elsewhere says nothing of a region that is dark (decision 0029).
 */
export interface Hearing {
  heard(endpointId: string, at: Date, region?: string): void;
  /** What always answers was asked and did not answer: what was heard before says nothing of what is silent now. */
  deaf(): void;
  /** True when an endpoint other than this one answered within the window; with a region, one that lies there. */
  alive(endpointId: string, at: Date, region?: string): boolean;
}

const WINDOW_MS = 120_000;
/** There are some forty; they come from the inventory. */
const MAX_REGIONS = 200;
const ANYWHERE = '';

interface Speaker {
  readonly id: string;
  readonly at: number;
  readonly steadyAt: number;
}

/** `steady` cannot be set back, in milliseconds; `at` is of a clock that goes on while an environment is frozen. Both have to say lately. */
export function hearing(windowMs: number = WINDOW_MS, steady: () => number = () => performance.now()): Hearing {
  // Of each region the two latest different speakers: enough to answer for any endpoint.
  const latest = new Map<string, readonly Speaker[]>();
  let deafAt = Number.NEGATIVE_INFINITY;
  const note = (region: string, id: string, at: number): void => {
    const others = (latest.get(region) ?? []).filter((s) => s.id !== id);
    if (latest.has(region) || latest.size < MAX_REGIONS)
      latest.set(region, [{ id, at, steadyAt: steady() }, ...others].slice(0, 2));
  };
  return {
    heard(id, at, region) {
      note(ANYWHERE, id, at.getTime());
      if (region !== undefined) note(region, id, at.getTime());
    },
    deaf() {
      deafAt = steady();
    },
    alive(id, at, region = ANYWHERE) {
      const now = at.getTime();
      // What it heard later than now it heard before its clock was set back: nobody knows when.
      const isLate = (s: Speaker): boolean => now < s.at || now - s.at > windowMs || steady() - s.steadyAt > windowMs;
      return (latest.get(region) ?? []).some((s) => s.id !== id && !isLate(s) && s.steadyAt > deafAt);
    },
  };
}
