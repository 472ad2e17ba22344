/**
 * One clock for a test and for every environment that it starts: the real one, and what was skipped. Delays, visibility
 * timeouts and schedules are waited for by skipping, so that ten minutes take no time and still are ten minutes.
 */
export interface Clock {
  /** Shared with environments; milliseconds skipped so far. */
  readonly skipped: BigInt64Array;
  readonly now: () => number;
  readonly skip: (ms: number) => void;
}

export function clock(): Clock {
  const skipped = new BigInt64Array(new SharedArrayBuffer(8));
  return {
    skipped,
    now: () => Date.now() + Number(Atomics.load(skipped, 0)),
    skip(ms) {
      if (ms > 0) Atomics.add(skipped, 0, BigInt(Math.ceil(ms)));
    },
  };
}
