import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type BsonInput,
  decodeBson,
  decodeBsonHead,
  encodeBson,
  MAX_DOCUMENT,
  MAX_ELEMENTS,
} from '../../lib/wire/bson.ts';
import { WireError } from '../../lib/wire/error.ts';

const hex = (text: string): Buffer => Buffer.from(text.replace(/\s/gu, ''), 'hex');

/** One element `a` of each type, with bytes after the key. */
const TYPES: readonly [string, string, unknown][] = [
  ['double', '01 6100 000000000000f03f', 1],
  ['text', '02 6100 03000000 686900', 'hi'],
  ['document', '03 6100 0500000000', new Map()],
  ['array', '04 6100 0c000000 10 3000 07000000 00', [7]],
  ['binary', '05 6100 02000000 00 beef', undefined],
  ['undefined', '06 6100', undefined],
  ['object id', `07 6100 ${'ab'.repeat(12)}`, undefined],
  ['boolean', '08 6100 01', true],
  ['date', '09 6100 0102030405060708', undefined],
  ['null', '0a 6100', null],
  ['regular expression', '0b 6100 7800 6900', undefined],
  ['database pointer', `0c 6100 02000000 7800 ${'ab'.repeat(12)}`, undefined],
  ['code', '0d 6100 02000000 7800', 'x'],
  ['symbol', '0e 6100 02000000 7800', 'x'],
  ['code with scope', '0f 6100 0f000000 02000000 7800 0500000000', undefined],
  ['int32', '10 6100 ffffffff', -1],
  ['timestamp', '11 6100 0102030405060708', undefined],
  ['int64', '12 6100 0200000000000000', 2n],
  ['decimal', `13 6100 ${'00'.repeat(16)}`, undefined],
  ['min key', 'ff 6100', undefined],
  ['max key', '7f 6100', undefined],
];

function documentOf(elements: string): Buffer {
  const body = hex(elements);
  const head = Buffer.alloc(4);
  head.writeInt32LE(body.length + 5);
  return Buffer.concat([head, body, Buffer.alloc(1)]);
}

describe('decoding', () => {
  it.each(TYPES)('reads or steps over %s and goes on', (_name, element, value) => {
    const document = decodeBson(documentOf(`${element} 10 7a00 09000000`));
    expect(document.get('a')).toEqual(value);
    expect(document.get('z')).toBe(9);
  });

  it.each([
    ['an unknown type', documentOf('14 6100 00000000'), 'malformed', 'unknown type 20'],
    [
      'a length that does not fit',
      Buffer.concat([documentOf(''), Buffer.alloc(1)]),
      'malformed',
      'document length does not fit',
    ],
    ['a negative length', hex('ffffffff00'), 'malformed', 'document length does not fit'],
    ['a document of four bytes', hex('04000000'), 'malformed', 'document of 4 bytes'],
    ['a text of 2 GiB', documentOf('02 6100 ffffff7f 6100'), 'truncated', 'wanted 2147483647 bytes, 3 left'],
    ['a text without its NUL', documentOf('02 6100 01000000 78'), 'malformed', 'text without its NUL'],
    ['a text without room for its NUL', documentOf('02 6100 00000000'), 'malformed', 'length 0'],
    ['a negative binary length', documentOf('05 6100 ffffffff 00'), 'malformed', 'length -1'],
    ['a binary of 2 GiB', documentOf('05 6100 ffffff7f 00'), 'truncated', 'wanted 2147483648 bytes, 2 left'],
    [
      'code with scope that is shorter than it can be',
      documentOf('0f 6100 08000000 00000000'),
      'malformed',
      'length 8',
    ],
    ['an embedded document of four bytes', documentOf('03 6100 04000000'), 'malformed', 'length 4'],
    ['an embedded document that runs out', documentOf('03 6100 09000000 00'), 'truncated', 'wanted 5 bytes, 2 left'],
    ['a key that comes twice', documentOf('0a 6100 0a 6100'), 'malformed', 'a key that comes twice'],
    ['a boolean of 2', documentOf('08 6100 02'), 'malformed', 'boolean of value 2'],
    ['bytes after the end of a document', documentOf('00 00'), 'malformed', 'bytes after the end of a document'],
    [
      'a key without an end',
      Buffer.concat([hex('0d000000'), hex('0a 61616161 61616161')]),
      'malformed',
      'no end of text within 128 bytes',
    ],
  ] as const)('refuses %s', (_name, bytes, reason, message) => {
    expect(() => decodeBson(bytes)).toThrow(expect.objectContaining({ name: 'WireError', reason, message }));
  });

  it('reads a boolean as what it is, an empty text, and no more of a text than is its own', () => {
    expect([...decodeBson(documentOf('08 6100 00 08 6200 01 02 6300 01000000 00')).values()]).toEqual([
      false,
      true,
      '',
    ]);
  });

  it('gives of the start of a document what is whole, embedded documents too', () => {
    const list = documentOf('04 6100 ff000000 10 3000 07000000 10 3100 08000000 10 3200 0900');
    const start = Buffer.concat([hex('ff0f0000'), list.subarray(4, -1)]);
    expect(decodeBsonHead(start)).toEqual({ document: new Map([['a', [7, 8]]]), cut: true });
    expect(decodeBsonHead(documentOf('08 6100 01'))).toEqual({ document: new Map([['a', true]]), cut: false });
    // What is whole ends with the first value that is not, however much comes after it.
    const broken = documentOf('08 6100 01 08 6200 02 08 6300 01');
    expect(decodeBsonHead(broken)).toEqual({ document: new Map([['a', true]]), cut: true });
  });

  it('keeps a key named __proto__ a key', () => {
    const document = decodeBson(encodeBson(JSON.parse('{"__proto__":{"ok":1}}') as BsonInput));
    expect([...document.keys()]).toEqual(['__proto__']);
    expect(({} as { ok?: unknown }).ok).toBeUndefined();
  });

  it.each([
    [8, true],
    [9, false],
  ])('reads documents nested %i deep: %s', (depth, readable) => {
    const nested = Array.from({ length: depth - 1 }).reduce<BsonInput>((inner) => ({ a: inner }), { z: 1 });
    const attempt = (): unknown => decodeBson(encodeBson(nested));
    if (readable) expect(attempt()).toBeInstanceOf(Map);
    else {
      const message = 'documents nested deeper than 8';
      expect(attempt).toThrow(expect.objectContaining({ reason: 'limit', message }));
    }
  });

  it('reads arrays nested 8 deep, as documents are, and no deeper', () => {
    const nested = (depth: number): Buffer =>
      Array.from({ length: depth - 1 }).reduce<Buffer>(
        (inner) => documentOf(`04 3000 ${inner.toString('hex')}`),
        documentOf(''),
      );
    expect(decodeBson(nested(8))).toBeInstanceOf(Map);
    expect(() => decodeBson(nested(9))).toThrow(expect.objectContaining({ reason: 'limit' }));
  });

  it('stops at 2,000 elements and at 64 KiB, and can give what came before', () => {
    const many = encodeBson(Object.fromEntries(Array.from({ length: MAX_ELEMENTS + 1 }, (_, i) => [`k${i}`, i])));
    expect(() => decodeBson(many)).toThrow(
      expect.objectContaining({ reason: 'limit', message: `more than ${MAX_ELEMENTS} elements` }),
    );
    const head = decodeBsonHead(many);
    expect(head.cut).toBe(true);
    expect(head.document.size).toBe(MAX_ELEMENTS);

    const long = encodeBson({ a: 1, b: 'x'.repeat(MAX_DOCUMENT) });
    expect(() => decodeBson(long)).toThrow(
      expect.objectContaining({ reason: 'limit', message: `document of ${long.length} bytes` }),
    );
    const longest = encodeBson({ b: 'x'.repeat(MAX_DOCUMENT - 13) });
    expect([longest.length, decodeBson(longest).size]).toEqual([MAX_DOCUMENT, 1]);
    expect(decodeBsonHead(long)).toEqual({ document: new Map([['a', 1]]), cut: true });
  });
});

describe('hostile bytes', () => {
  const fixture = documentOf(
    TYPES.map(([, element], i) => element.replace('6100', `${(0x61 + i).toString(16)}00`)).join(''),
  );
  const hostile = fc.oneof(
    fc.uint8Array({ maxLength: 200 }).map((b) => documentOf(Buffer.from(b).toString('hex'))),
    fc.array(fc.tuple(fc.nat(fixture.length - 1), fc.nat(255)), { minLength: 1, maxLength: 6 }).map((changes) => {
      const copy = Buffer.from(fixture);
      for (const [at, byte] of changes) copy[at] = byte;
      return copy;
    }),
    fc.uint8Array({ maxLength: 64 }).map((b) => Buffer.from(b)),
  );

  it('decodes the fixture it mutates', () => {
    expect(decodeBson(fixture).size).toBe(TYPES.length);
  });

  it.each([
    ['a whole document', decodeBson],
    ['the start of one', decodeBsonHead],
  ])('gives %s or a WireError', (_name, decode) => {
    fc.assert(
      fc.property(hostile, (bytes) => {
        try {
          decode(bytes);
        } catch (caught) {
          expect(caught).toBeInstanceOf(WireError);
        }
      }),
      { numRuns: 10_000 },
    );
  });

  it('reads back what it writes', () => {
    const value = fc.letrec<{ document: BsonInput; value: BsonInput[string] }>((tie) => ({
      document: fc.dictionary(fc.stringMatching(/^[a-z]{1,8}$/u), tie('value'), { maxKeys: 4 }),
      value: fc.oneof({ maxDepth: 4 }, fc.integer(), fc.boolean(), fc.string({ unit: 'grapheme' }), tie('document')),
    }));
    const asMap = (input: BsonInput): Map<string, unknown> =>
      new Map(Object.entries(input).map(([k, v]): [string, unknown] => [k, typeof v === 'object' ? asMap(v) : v]));
    fc.assert(
      fc.property(value.document, (document) => {
        expect(decodeBson(encodeBson(document))).toEqual(asMap(document));
      }),
      { numRuns: 500 },
    );
  });
});
