/**
 * The kill switch: asked before every connection, so that all probing stops within a minute of a person's word (probes.md
 * section 8 e; decision 0016). An answer is good for half of that. One that cannot be had is not "go on": the last answer
 * holds for what is left of the minute, and then nobody is visited until the switch can be read again.
 */
export interface StopSwitch {
  /** Why nothing may be probed now; `undefined` where it may. */
  readonly stopped: () => Promise<string | undefined>;
}

export const FRESH_MS = 30_000;
export const HOLD_MS = 60_000;
const READ_MS = 3_000;

export interface StopSwitchOptions {
  /** The reason that was left there, or nothing where the switch is not set. */
  readonly read: () => Promise<string | undefined>;
  readonly now: () => Date;
  readonly freshMs?: number;
  readonly readMs?: number;
  readonly onUnreadable?: (error: Error) => void;
}

export function stopSwitch({
  read,
  now,
  freshMs = FRESH_MS,
  readMs = READ_MS,
  onUnreadable,
}: StopSwitchOptions): StopSwitch {
  let known: { readonly at: number; readonly stopped: string | undefined } | undefined;
  let asking: Promise<string | undefined> | undefined;
  const ask = async (): Promise<string | undefined> => {
    const at = now().getTime();
    try {
      const stopped = await inTime(read(), readMs);
      known = { at, stopped };
      return stopped;
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      onUnreadable?.(error);
      if (known !== undefined && age(known.at, now()) < HOLD_MS) return known.stopped;
      return `the stop switch could not be read (${error.message}): nobody is probed while nobody could say stop`;
    }
  };
  return {
    stopped() {
      if (known !== undefined && age(known.at, now()) < freshMs) return Promise.resolve(known.stopped);
      asking ??= ask().finally(() => {
        asking = undefined;
      });
      return asking;
    },
  };
}

/** A clock that was set back must not make an answer last. */
function age(at: number, now: Date): number {
  return Math.abs(now.getTime() - at);
}

async function inTime<T>(work: Promise<T>, ms: number): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${ms} ms`)), ms);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
