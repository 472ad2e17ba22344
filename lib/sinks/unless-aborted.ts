/** The SDK does not end every wait on its signal: not that for credentials. */
export async function unlessAborted<T>(signal: AbortSignal, send: () => Promise<T>): Promise<T> {
  signal.throwIfAborted();
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const abort = (): void => reject(signal.reason);
  signal.addEventListener('abort', abort, { once: true });
  try {
    return await Promise.race([send(), aborted]);
  } finally {
    signal.removeEventListener('abort', abort);
  }
}
