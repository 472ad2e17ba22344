/** Waits for work, or for so many milliseconds, unless the signal is aborted first: then rejects with its reason. */
export function unlessAborted<T>(work: Promise<T>, signal?: AbortSignal): Promise<T>;
export function unlessAborted(ms: number, signal?: AbortSignal): Promise<void>;
export async function unlessAborted<T>(work: Promise<T> | number, signal?: AbortSignal): Promise<T | void> {
  let timer: NodeJS.Timeout | undefined;
  let onAbort: (() => void) | undefined;
  const aborted = new Promise<never>((_, reject) => {
    onAbort = () => reject(signal?.reason);
    if (signal?.aborted === true) onAbort();
    signal?.addEventListener('abort', onAbort);
  });
  const waited =
    typeof work === 'number'
      ? new Promise<void>((resolve) => {
          timer = setTimeout(resolve, work);
        })
      : work;
  try {
    return await Promise.race([waited, aborted]);
  } finally {
    clearTimeout(timer);
    if (onAbort !== undefined) signal?.removeEventListener('abort', onAbort);
  }
}
