import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { ALGORITHM, drawSample } from '../../lib/assess/audit-sample.ts';

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

it('is what the algorithm that it prints says', () => {
  const ids = ['c', 'a', 'b'];
  const { drawn, population, algorithm } = drawSample(ids, 2, 'seed');
  const ranked = ids.map((id) => [sha256(`seed\n${id}`), id] as const).sort(([a], [b]) => (a < b ? -1 : 1));
  expect(drawn.map(({ id }) => id)).toEqual(ranked.slice(0, 2).map(([, id]) => id));
  expect(population).toEqual({ size: 3, sha256: sha256('a\nb\nc\n') });
  expect(algorithm).toBe(ALGORITHM);
});

it('does not depend on the order of the population, draws nobody twice and never more than there are', () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.string({ minLength: 1 })), fc.nat(30), fc.string(), (ids, n, seed) => {
      const sample = drawSample(ids, n, seed);
      expect(drawSample(ids.toReversed(), n, seed)).toEqual(sample);
      expect(sample.drawn).toHaveLength(Math.min(n, ids.length));
      expect(new Set(sample.drawn.map(({ id }) => id)).size).toBe(sample.drawn.length);
      for (const { id } of sample.drawn) expect(ids).toContain(id);
    }),
  );
});

it('another seed draws others, and a larger sample holds the smaller one', () => {
  const ids = Array.from({ length: 200 }, (_, at) => `e${at}`);
  const of = (n: number, seed: string) => drawSample(ids, n, seed).drawn.map(({ id }) => id);
  expect(of(25, '1')).not.toEqual(of(25, '2'));
  expect(of(50, '1').slice(0, 25)).toEqual(of(25, '1'));
});
