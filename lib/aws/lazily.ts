/** Questions that are asked when somebody first needs the answer, and never again. */

export function lazily<T>(ask: () => Promise<T>): () => Promise<T> {
  let known: Promise<T> | undefined;
  return () => {
    known ??= ask();
    return known;
  };
}

/** One answer per key, shared by those who ask meanwhile. */
export function once<K, V>(ask: (key: K) => Promise<V>): (key: K) => Promise<V> {
  const known = new Map<K, Promise<V>>();
  return (key) => {
    const answer = known.get(key) ?? ask(key);
    known.set(key, answer);
    return answer;
  };
}
