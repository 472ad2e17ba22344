import fc from 'fast-check';
import { describe, expect, it, test } from 'vitest';
import { measured } from '../../lib/reports/bytes.ts';
import { jsonParts, jsonText } from '../../lib/reports/escape.ts';
import { documentPieces, joined, linePieces, rowsOf } from '../../lib/reports/pieces.ts';

const text = (pieces: Iterable<string>): string => [...pieces].join('');
/** Without minus zero, for which JSON has no sign. */
const object = fc
  .dictionary(fc.string({ unit: 'binary' }), fc.jsonValue({ maxDepth: 5 }), { maxKeys: 6, noNullPrototype: true })
  .map((each) => JSON.parse(JSON.stringify(each)) as object);

test('JSON in pieces is the JSON that it would be in one', () => {
  fc.assert(
    fc.property(object, (document) => {
      expect(text(jsonParts(document))).toBe(jsonText(document));
    }),
    { numRuns: 2_000 },
  );
});

describe('a document in pieces', () => {
  it('is what it holds, wherever its rows are', () => {
    fc.assert(
      fc.property(
        object,
        fc.array(object, { maxLength: 4 }),
        fc.array(object, { maxLength: 4 }),
        (rest, some, others) => {
          const both = joined(
            rowsOf(some, (each) => each),
            rowsOf(others, (each) => ({ each })),
          );
          const made = text(documentPieces({ rest, deep: [{ rows: both, none: undefined }] }));
          const rows = [...some, ...others.map((each) => ({ each }))];
          expect(JSON.parse(made)).toEqual({ rest, deep: [rows.length === 0 ? {} : { rows }] });
        },
      ),
      { numRuns: 500 },
    );
  });

  it('has no rows where there are none: OSCAL knows no empty arrays', () => {
    expect([rowsOf([], () => ({})), joined(undefined, undefined)]).toEqual([undefined, undefined]);
  });

  it('is made anew each time it is asked for', () => {
    const document = { rows: rowsOf([1, 2], (value) => ({ value })) };
    expect(text(documentPieces(document))).toBe(text(documentPieces(document)));
  });
});

test('a document a line is so many lines, whatever is in the documents', () => {
  fc.assert(
    fc.property(fc.array(object, { maxLength: 5 }), (documents) => {
      const lines = text(linePieces(documents)).split('\n');
      expect(lines.pop()).toBe('');
      expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual(documents);
    }),
    { numRuns: 500 },
  );
});

test('the bytes of a file are the same however it is made', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: 'grapheme', maxLength: 60 })), (pieces) => {
      const whole = pieces.join('');
      expect(measured(() => pieces)).toEqual(measured(whole));
      expect(measured(() => pieces.map((piece) => Buffer.from(piece)))).toEqual(measured(whole));
      expect(measured(Buffer.from(whole))).toEqual(measured(whole));
    }),
  );
});
