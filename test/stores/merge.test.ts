import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { merged } from '../../lib/stores/merge.ts';

async function* each<T>(items: readonly T[], onEnd = (): void => {}): AsyncGenerator<T> {
  try {
    yield* items;
  } finally {
    onEnd();
  }
}

describe('sources in order', () => {
  it('become one in order, with everything that was in them, what is equal in the order of the sources', async () => {
    const lists = fc.array(fc.array(fc.integer({ min: 0, max: 20 }).map((n) => n)), { maxLength: 6 });
    const property = fc.asyncProperty(lists, async (numbers) => {
      const sources = numbers.map((list, source) => list.toSorted((a, b) => a - b).map((n) => ({ n, source })));
      const found: { n: number; source: number }[] = [];
      for await (const item of merged(
        sources.map((s) => each(s)),
        (a, b) => a.n - b.n,
      ))
        found.push(item);
      expect(found).toEqual(sources.flat().toSorted((a, b) => a.n - b.n || a.source - b.source));
    });
    await fc.assert(property);
  });

  it('are all closed when the reader has enough', async () => {
    let closed = 0;
    const sources = [
      [1, 4],
      [2, 5],
      [3, 6],
    ].map((s) => each(s, () => closed++));
    for await (const n of merged(sources, (a, b) => a - b)) if (n === 2) break;
    expect(closed).toBe(3);
  });
});
