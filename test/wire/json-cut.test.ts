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

it.each<[string, number, unknown]>([
  ['[1,2,', 1, [1, 2]],
  ['[1,2', 1, [1]],
  ['[1', 1, undefined],
  ['[[1,2],[3,4', 2, [[1, 2], [3]]],
  ['[[1,2],[3,4', 1, [[1, 2]]],
  ['{"a":{"b":[1,2],"c":3,"d', 2, { a: { b: [1, 2], c: 3 } }],
  ['{"a":1,"b":{"c":2,"d":3', 1, { a: 1 }],
  ['["a,b","c\\",[{",7', 1, ['a,b', 'c",[{']],
  ['["a\\\\","b",7', 1, ['a\\', 'b']],
  ['[{"k":[1,2]},{"k":[3,4', 3, [{ k: [1, 2] }, { k: [3] }]],
  ['[{"k":[1,2]},{"k":[3,4', 2, [{ k: [1, 2] }]],
  ['[1],[2],', 1, undefined],
])('%s, told apart at %i brackets, is %j', (text, depth, value) => {
  expect(parseBody({ body: Buffer.from(text), truncated: true }, depth)).toEqual(value);
});

it('a body that came whole is read whole, whatever its depth', () => {
  expect(parseBody({ body: Buffer.from('[[1,2],[3,4]]'), truncated: false }, 1)).toEqual([
    [1, 2],
    [3, 4],
  ]);
});
