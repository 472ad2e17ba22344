import fc from 'fast-check';
import { expect, it } from 'vitest';
import { parseBody } from '../../lib/wire/json-cut.ts';

const cut = (text: string, at: number) => ({ body: Buffer.from(text.slice(0, at)), truncated: true });

it('a list that we cut is its whole elements, wherever we stopped reading', () => {
  const row = fc.record({ name: fc.string(), inner: fc.array(fc.nat()) });
  fc.assert(
    fc.property(fc.array(row, { minLength: 1 }), fc.nat(), (rows, at) => {
      const text = JSON.stringify({ result: { rows } });
      const value = parseBody(cut(text, at % text.length), 3) as { result: { rows: unknown[] } } | undefined;
      if (value === undefined) return; // not one whole element had come
      expect(value.result.rows).toEqual(rows.slice(0, value.result.rows.length));
    }),
    { numRuns: 10_000 },
  );
});

it('what the peer broke off is nothing', () => {
  expect(parseBody({ body: Buffer.from('["a","b'), truncated: false }, 1)).toBeUndefined();
  expect(parseBody({ body: Buffer.from('["a","b'), truncated: true }, 1)).toEqual(['a']);
  expect(parseBody({ body: Buffer.from('no json, at all'), truncated: true }, 1)).toBeUndefined();
});
