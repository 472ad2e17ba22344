/** MessagePack, type by type. */
import { describe, expect, it } from 'vitest';
import { readMsgpack } from '../../lib/wire/msgpack.ts';
import { Reader } from '../../lib/wire/reader.ts';
import { hex } from '../support/bytes.ts';
import { refusal } from '../support/wire-failure.ts';

const read = (bytes: Buffer): unknown => readMsgpack(new Reader(bytes));

const VALUES: readonly (readonly [string, unknown])[] = [
  ['00', 0],
  ['7f', 127],
  ['e0', -32],
  ['ff', -1],
  ['c0', null],
  ['c2', false],
  ['c3', true],
  ['cc ff', 255],
  ['cd ffff', 65_535],
  ['ce ffffffff', 4_294_967_295],
  ['cf 001fffffffffffff', 2 ** 53 - 1],
  ['a0', ''],
  ['a3 616263', 'abc'],
  [`bf ${'61'.repeat(31)}`, 'a'.repeat(31)],
  ['d9 03 616263', 'abc'],
  ['da 0003 616263', 'abc'],
  ['db 00000003 616263', 'abc'],
  ['90', []],
  ['93 01 a161 c0', [1, 'a', null]],
  [`9f ${'01'.repeat(15)}`, Array.from({ length: 15 }, () => 1)],
  ['dc 0002 01 02', [1, 2]],
  ['dd 00000002 01 02', [1, 2]],
  ['80', new Map()],
  [
    '82 00 01 a161 91c3',
    new Map<unknown, unknown>([
      [0, 1],
      ['a', [true]],
    ]),
  ],
  [`8f ${'0101'.repeat(15)}`, new Map([[1, 1]])],
  ['de 0001 01 02', new Map([[1, 2]])],
  ['df 00000001 01 02', new Map([[1, 2]])],
];
/** What nobody needs here, read over. */
const SKIPPED = [
  'cf 0020000000000000',
  'cf ffffffffffffffff',
  'c4 02 aabb',
  'c5 0002 aabb',
  'c6 00000002 aabb',
  'c7 02 01 aabb',
  'c8 0002 01 aabb',
  'c9 00000002 01 aabb',
  'ca 3f800000',
  'cb 3ff0000000000000',
  'd0 ff',
  'd1 ffff',
  'd2 ffffffff',
  'd3 ffffffffffffffff',
  'd4 01 aa',
  'd5 01 aabb',
  'd6 01 aabbccdd',
  `d7 01 ${'aa'.repeat(8)}`,
  `d8 01 ${'aa'.repeat(16)}`,
];

describe('a value', () => {
  const all = [...VALUES, ...SKIPPED.map((text) => [text, undefined] as const)];
  it.each(all)('%s, to its last byte', (text, expected) => {
    const bytes = hex(text);
    const reader = new Reader(Buffer.concat([bytes, hex('07')]));
    expect(readMsgpack(reader)).toEqual(expected);
    expect(reader.remaining).toBe(1);
    for (let length = 0; length < bytes.length; length++) {
      expect(() => read(bytes.subarray(0, length)), `${length}`).toThrow(refusal('truncated', expect.anything()));
    }
  });

  it('of a type that does not exist is refused', () => {
    expect(() => read(hex('c1'))).toThrow(refusal('malformed', 'no MessagePack type 193'));
  });
});

describe('limits', () => {
  it('on depth', () => {
    expect(read(Buffer.concat([Buffer.alloc(16, 0x91), hex('07')]))).toBeDefined();
    const deeper = refusal('limit', 'nested deeper than 16');
    expect(() => read(Buffer.concat([Buffer.alloc(17, 0x91), hex('07')]))).toThrow(deeper);
    expect(read(Buffer.concat([Buffer.from('8101'.repeat(16), 'hex'), hex('07')]))).toBeDefined();
    expect(() => read(Buffer.concat([Buffer.from('8101'.repeat(17), 'hex'), hex('07')]))).toThrow(deeper);
    const inKeys = Buffer.concat([Buffer.alloc(17, 0x81), Buffer.alloc(40, 7)]);
    expect(() => read(inKeys)).toThrow(deeper);
  });

  it('on values, all of them together', () => {
    const list = (count: number): Buffer => {
      const head = hex('dd 00000000');
      head.writeUInt32BE(count, 1);
      return Buffer.concat([head, Buffer.alloc(count, 1)]);
    };
    expect(read(list(49_999))).toHaveLength(49_999);
    expect(() => read(list(50_000))).toThrow(refusal('limit', 'more than 50000 values'));
    expect(() => read(Buffer.concat([hex('92'), list(30_000), list(30_000)]))).toThrow(
      refusal('limit', 'more than 50000 values'),
    );
  });

  it('on counts: no more elements are made room for than bytes came', () => {
    expect(() => read(hex('dd ffffffff 01'))).toThrow(refusal('truncated', '4294967295 elements announced'));
    expect(() => read(hex('93 01 02'))).toThrow(refusal('truncated', '3 elements announced'));
    expect(() => read(hex('82 01 02 03'))).toThrow(refusal('truncated', '4 elements announced'));
  });
});
