/** DRDA as far as the exchange of attributes: what Db2 and Derby say, and what is no reply of theirs. */
import { describe, expect, it } from 'vitest';
import { bodyBytes, EXCSAT, HEAD_BYTES, isReplyStart, readReply } from '../../lib/wire/drda.ts';
import { hex, u16 } from '../support/bytes.ts';
import { refusal } from '../support/wire-failure.ts';

const LETTERS = [
  [0x81, 'abcdefghi'],
  [0x91, 'jklmnopqr'],
  [0xa2, 'stuvwxyz'],
  [0xc1, 'ABCDEFGHI'],
  [0xd1, 'JKLMNOPQR'],
  [0xe2, 'STUVWXYZ'],
  [0xf0, '0123456789'],
  [0x40, ' '],
  [0x4b, '.'],
  [0x4d, '('],
  [0x5d, ')'],
  [0x60, '-/'],
  [0x6b, ','],
  [0x6d, '_'],
  [0x7a, ':'],
] as const;
function ebcdic(text: string): Buffer {
  return Buffer.from(
    Array.from(text, (letter) => {
      const [first, row] = LETTERS.find(([, letters]) => letters.includes(letter)) ?? [0x3f, letter];
      return first + row.indexOf(letter);
    }),
  );
}
const parameter = (code: number, value: Buffer): Buffer => Buffer.concat([u16(value.length + 4), u16(code), value]);
function reply(code: number, ...parameters: readonly Buffer[]): Buffer {
  const body = Buffer.concat(parameters);
  return Buffer.concat([u16(body.length + 4), u16(code), body]);
}
const attributes = (...parameters: readonly Buffer[]) => readReply(reply(0x1443, ...parameters));
const CLASS = 0x1147;
const RELEASE = 0x115a;

it('says hello: a name, a release and a server, and asks for no level of anything', () => {
  const [name, release, server] = [hex('85a79796a2a4'), ebcdic('1 '), hex('40c0')];
  const said = [parameter(0x115e, name), parameter(RELEASE, release), parameter(0x116d, server)];
  expect(EXCSAT).toEqual(Buffer.concat([hex('0020 d001 0001 001a 1041'), ...said]));
});

describe('a head', () => {
  it('tells how much follows: from a code point up to 4 KiB', () => {
    expect(HEAD_BYTES).toBe(6);
    expect(bodyBytes(hex('000a d002 0001'))).toBe(4);
    expect(bodyBytes(hex('1000 d042 0001'))).toBe(4_090);
    for (const length of ['0009', '1001', '0000', 'ffff'])
      expect(() => bodyBytes(hex(`${length} d002 0001`))).toThrow(
        refusal('limit', `reply of ${Number.parseInt(length, 16)} bytes`),
      );
  });

  it.each(['d102 0001', 'd001 0001', 'd003 0001', '4854 5450'])('with %s is none of a reply', (rest) => {
    expect(() => bodyBytes(hex(`0010 ${rest}`))).toThrow(refusal('malformed', 'not a DRDA reply'));
  });

  it('names our request', () => {
    expect(() => bodyBytes(hex('0010 d002 0002'))).toThrow(refusal('malformed', 'reply to 2, not to 1'));
  });

  it('may be told by its first bytes', () => {
    expect(['00', '0f', '0fff', '0000d0', '0000d00000'].map((head) => isReplyStart(hex(head)))).toEqual(
      Array(5).fill(true),
    );
    expect(['', '10', '48', '0000d1', '0000d100'].map((head) => isReplyStart(hex(head)))).toEqual(Array(5).fill(false));
  });
});

describe('attributes', () => {
  it('are the class of the server and its release', () => {
    const product = 'QDB2/LINUXX8664 (a-z_0.9,:)';
    const found = attributes(
      parameter(0x115e, ebcdic('db2inst1')),
      parameter(CLASS, ebcdic(product)),
      parameter(RELEASE, ebcdic('SQL11058')),
    );
    expect(found).toEqual({ kind: 'attributes', product, release: 'SQL11058' });
    expect(attributes(parameter(CLASS, ebcdic('Apache Derby')))).toEqual({
      kind: 'attributes',
      product: 'Apache Derby',
      release: '',
    });
  });

  it('spell every letter, and show none that nobody knows', () => {
    const all = LETTERS.map(([, letters]) => letters)
      .join('')
      .trim();
    const [first, second] = [all.slice(0, 50), all.slice(50)];
    expect(attributes(parameter(CLASS, ebcdic(first)), parameter(RELEASE, ebcdic(second)))).toMatchObject({
      product: first,
      release: second,
    });
    expect(attributes(parameter(CLASS, hex('c1 00 ff c2')))).toMatchObject({ product: 'A??B' });
    const long = attributes(parameter(CLASS, ebcdic('x'.repeat(200))));
    expect(long.kind === 'attributes' && long.product.length <= 61).toBe(true);
  });

  it.each([
    ['nothing', []],
    ['an empty class', [parameter(CLASS, Buffer.alloc(0))]],
    ['a release alone', [parameter(RELEASE, ebcdic('SQL11058'))]],
  ])('of %s are none', (_what, parameters) => {
    expect(() => attributes(...parameters)).toThrow(refusal('malformed', 'attributes without a class of server'));
  });

  it('are 32 at most, each with its length, and what follows them is not read', () => {
    const many = (count: number) =>
      attributes(...Array.from({ length: count }, () => parameter(CLASS, ebcdic('Derby'))));
    expect(many(32)).toMatchObject({ product: 'Derby' });
    expect(() => many(33)).toThrow(refusal('limit', 'more than 32 parameters'));
    expect(() => attributes(hex('0003 1147'))).toThrow(refusal('malformed', 'parameter of 3 bytes'));
    expect(readReply(Buffer.concat([reply(0x1443, parameter(CLASS, ebcdic('Derby'))), hex('ffff')]))).toMatchObject({
      product: 'Derby',
    });
  });

  it('cut anywhere are none', () => {
    const whole = reply(0x1443, parameter(CLASS, ebcdic('Derby')));
    for (let length = 0; length < whole.length; length++)
      expect(() => readReply(whole.subarray(0, length)), `${length}`).toThrow(
        expect.objectContaining({ name: 'WireError' }),
      );
    expect(() => readReply(hex('0003 1443'))).toThrow(refusal('malformed', 'code point 1443'));
  });
});

it.each([0x124c, 0x1254, 0x121c, 0x1210, 0x1252])('a refusal of code %d is one', (code) => {
  expect(readReply(reply(code))).toEqual({ kind: 'refused', code });
  expect(() => readReply(reply(code + 1))).toThrow(refusal('malformed', `code point ${(code + 1).toString(16)}`));
});
