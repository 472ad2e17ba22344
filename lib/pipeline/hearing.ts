/**
 * Whether a vantage is alive: it heard from some other endpoint lately. Silence of one endpoint says something
 * about that endpoint only then; a vantage that hears nobody may itself be cut off (decision 0004).
 */
export interface Hearing {
  heard(endpointId: string, at: Date): void;
  /** True when an endpoint other than this one answered within the window. */
  alive(endpointId: string, at: Date): boolean;
}

const WINDOW_MS = 120_000;

export function hearing(windowMs: number = WINDOW_MS): Hearing {
  // The two latest different speakers are enough to answer for any endpoint.
  let latest: readonly { readonly id: string; readonly at: number }[] = [];
  return {
    heard(id, at) {
      latest = [{ id, at: at.getTime() }, ...latest.filter((s) => s.id !== id)].slice(0, 2);
    },
    alive(id, at) {
      // What it heard later than now it heard before its clock was set back: nobody knows when.
      return latest.some((s) => s.id !== id && at.getTime() >= s.at && at.getTime() - s.at <= windowMs);
    },
  };
}
