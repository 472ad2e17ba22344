/**
 * What the work comes to, unless the signal is aborted first: then rejects with its reason. Of a signal that is aborted already the
 * work is not begun. For what does not end by itself, as a client of the SDK does not on every wait: not on that for credentials.
 */
export async function unlessAborted<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> {
  signal.throwIfAborted();
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const takeBack = onAbort(signal, () => reject(signal.reason));
  try {
    return await Promise.race([work(), aborted]);
  } finally {
    takeBack();
  }
}

const FOLLOWERS = new WeakMap<AbortSignal, Set<() => void>>();

/**
 * Calls `follower` when the signal is aborted, unless what this returns is called before. One listener a signal, however
 * many follow it: an event target walks all its listeners to add one, and a run has a thousand visits at once.
 */
export function onAbort(signal: AbortSignal, follower: () => void): () => void {
  const followers = FOLLOWERS.get(signal) ?? newFollowers(signal);
  followers.add(follower);
  return () => void followers.delete(follower);
}

function newFollowers(signal: AbortSignal): Set<() => void> {
  const followers = new Set<() => void>();
  FOLLOWERS.set(signal, followers);
  signal.addEventListener('abort', () => followers.forEach((follower) => follower()), { once: true });
  return followers;
}
