/** PackStream, marker by marker, and what a stranger may write instead. */
import { describe, expect, it } from 'vitest';
import { unpackMessage } from '../../lib/wire/packstream.ts';
import { hex } from '../support/bytes.ts';
import { refusal } from '../support/wire-failure.ts';

/** A message with this one field. */
const value = (field: string): unknown => unpackMessage(hex(`b101 ${field}`)).fields[0];

describe('a value', () => {
  it.each<readonly [string, string, unknown]>([
    ['a small number', '00', 0],
    ['the greatest small number', '7f', 127],
    ['the least small number', 'f0', -16],
    ['minus one', 'ff', -1],
    ['nothing', 'c0', null],
    ['no', 'c2', false],
    ['yes', 'c3', true],
    ['a fraction', 'c1 3ff8000000000000', 1.5],
    ['a number of one byte', 'c8 80', -128],
    ['of two', 'c9 8000', -32_768],
    ['of four', 'ca 80000000', -2_147_483_648],
    ['of eight', 'cb 8000000000000000', -9_223_372_036_854_775_808n],
    ['short text', '82 6162', 'ab'],
    ['no text', '80', ''],
    ['text with its length in one byte', 'd0 02 6162', 'ab'],
    ['in two', 'd1 0002 6162', 'ab'],
    ['in four', 'd2 00000002 6162', 'ab'],
    ['text of two bytes a letter', '82 c3a9', 'é'],
    ['a list', '92 01 80', [1, '']],
    ['a list with its length in one byte', 'd4 01 05', [5]],
    ['in two', 'd5 0001 05', [5]],
    ['in four', 'd6 00000001 05', [5]],
    ['a map', 'a1 81 61 05', new Map([['a', 5]])],
    ['a map with its length in one byte', 'd8 01 81 61 05', new Map([['a', 5]])],
    ['in two', 'd9 0001 81 61 05', new Map([['a', 5]])],
    ['in four', 'da 00000001 81 61 05', new Map([['a', 5]])],
  ])('%s', (_what, field, expected) => {
    expect(value(field)).toEqual(expected);
  });

  it.each([
    ['bytes', 'cc 02 ffff'],
    ['bytes with their length in two', 'cd 0002 ffff'],
    ['in four', 'ce 00000002 ffff'],
    ['a structure', 'b2 4e 01 82 6162'],
  ])('of %s is read over, and what follows is there', (_what, field) => {
    expect(unpackMessage(hex(`b201 ${field} 05`)).fields).toEqual([undefined, 5]);
  });

  it.each(['c4', 'c7', 'cf', 'd3', 'd7', 'db', 'dc', 'ef'])('of marker %s there is none', (marker) => {
    expect(() => value(`${marker} 00000000`)).toThrow(refusal('malformed', `marker ${marker}`));
  });
});

describe('a message', () => {
  it('has a tag and as many fields as its marker says', () => {
    expect(unpackMessage(hex('b07e'))).toEqual({ tag: 0x7e, fields: [] });
    expect(unpackMessage(hex('b371 01 02 03 04'))).toEqual({ tag: 0x71, fields: [1, 2, 3] });
    for (const marker of ['a0', 'c0', '00', 'ff']) {
      expect(() => unpackMessage(hex(`${marker}7e`))).toThrow(
        refusal('malformed', `not a message: ${Number.parseInt(marker, 16).toString(16)}`),
      );
    }
  });

  it('cut anywhere is none', () => {
    const whole = hex('b370 a2 81 61 d001 62 81 63 91 c90102 c1 3ff8000000000000 cc 02 ffff');
    expect(unpackMessage(whole).fields).toHaveLength(3);
    for (let length = 0; length < whole.length; length++) {
      expect(() => unpackMessage(whole.subarray(0, length)), `${length}`).toThrow(
        expect.objectContaining({ name: 'WireError' }),
      );
    }
  });
});

describe('a stranger', () => {
  it('nests eight deep and no deeper', () => {
    const nested = (levels: number): string => `${'91'.repeat(levels)} 05`;
    expect(value(nested(8))).toEqual([[[[[[[[5]]]]]]]]);
    expect(() => value(nested(9))).toThrow(refusal('limit', 'nested over 8 deep'));
    expect(() => value(`${'a1 81 61 '.repeat(9)} 05`)).toThrow(refusal('limit', 'nested over 8 deep'));
    expect(() => value(`${'b1 4e '.repeat(9)} 05`)).toThrow(refusal('limit', 'nested over 8 deep'));
  });

  it('sends 4,096 values and no more, however many are announced', () => {
    const list = (count: number): string => `d5 ${count.toString(16).padStart(4, '0')} ${'05'.repeat(count)}`;
    expect(value(list(4_095))).toHaveLength(4_095);
    expect(() => value(list(4_096))).toThrow(refusal('limit', 'more than 4096 values'));
    const entries = `d9 07ff ${'81 61 05'.repeat(2_047)}`;
    expect(value(entries)).toEqual(new Map([['a', 5]]));
    expect(() => value(`d9 0800 ${'81 61 05'.repeat(2_048)}`)).toThrow(refusal('limit', 'more than 4096 values'));
  });

  it('has text for keys, of which the last counts', () => {
    for (const key of ['05', 'c0', '90'])
      expect(() => value(`a1 ${key} 05`)).toThrow(refusal('malformed', 'a key that is no text'));
    expect(value('a2 81 61 01 81 61 02')).toEqual(new Map([['a', 2]]));
  });
});
