/** Sources that are each in order, as one in order. Of each, one item is held. */
export async function* merged<T>(
  sources: readonly AsyncIterable<T>[],
  compare: (a: T, b: T) => number,
): AsyncGenerator<T> {
  const iterators = sources.map((source) => source[Symbol.asyncIterator]());
  try {
    const heads = await Promise.all(iterators.map((iterator) => iterator.next()));
    for (;;) {
      const at = lowest(heads, compare);
      const head = heads[at];
      const iterator = iterators[at];
      if (head === undefined || head.done === true || iterator === undefined) return;
      yield head.value;
      heads[at] = await iterator.next();
    }
  } finally {
    for (const iterator of iterators) await iterator.return?.();
  }
}

function lowest<T>(heads: readonly IteratorResult<T>[], compare: (a: T, b: T) => number): number {
  let best = -1;
  let least: T | undefined;
  for (const [at, head] of heads.entries()) {
    if (head.done === true || (least !== undefined && compare(least, head.value) <= 0)) continue;
    [best, least] = [at, head.value];
  }
  return best;
}
