/** PRELOGIN, option by option; whole visits are in test/probes/sqlserver.test.ts. */
import { describe, expect, it } from 'vitest';
import { bodyBytes, type Encryption, isAnswerStart, prelogin, readPrelogin } from '../../lib/wire/sqlserver.ts';
import { hex, u16 } from '../support/bytes.ts';
import { refusal } from '../support/wire-failure.ts';

/** Options in the order they are listed, their data behind the list in the same order. */
function options(...list: readonly (readonly [token: number, data: string])[]): Buffer {
  let offset = list.length * 5 + 1;
  const heads = list.map(([token, data]) => {
    const length = hex(data).length;
    offset += length;
    return Buffer.concat([Buffer.from([token]), u16(offset - length), u16(length)]);
  });
  return Buffer.concat([...heads, Buffer.from([0xff]), ...list.map(([, data]) => hex(data))]);
}
const VERSION = [0, '10 00 03e8 0000'] as const;

describe('PRELOGIN as we send it', () => {
  it.each<[Encryption, string]>([
    ['off', '00'],
    ['on', '01'],
    ['not-supported', '02'],
    ['required', '03'],
  ])('says of encryption: %s', (encryption, byte) => {
    expect(prelogin(encryption)).toEqual(
      hex(
        `1201002f00000100 00001a0006 0100200001 0200210001 0300220004 0400260001 ff 110000000000 ${byte} 00 00000000 00`,
      ),
    );
  });
});

describe('the head of the answer', () => {
  it.each([
    ['04 01 0009 0000 01 00', 1],
    ['04 01 002b 0000 01 00', 35],
    ['04 01 1000 0000 01 00', 4_088],
  ])('%s', (head, bytes) => {
    expect(bodyBytes(hex(head))).toBe(bytes);
  });

  it.each([
    ['12 01 002b', 'malformed', 'packet of type 18'],
    ['15 03 0002', 'malformed', 'packet of type 21'],
    ['04 00 002b', 'malformed', 'an answer in several packets (0)'],
    ['04 01 0008', 'limit', 'packet of 8 bytes'],
    ['04 01 0000', 'limit', 'packet of 0 bytes'],
    ['04 01 1001', 'limit', 'packet of 4097 bytes'],
    ['04 01 00', 'truncated', 'wanted 2 bytes, 1 left'],
  ])('%s is none: %s', (head, reason, message) => {
    expect(() => bodyBytes(hex(head))).toThrow(refusal(reason, message));
  });

  it('may be recognised before it is whole', () => {
    for (const start of ['04', '0401', '0401002b']) expect(isAnswerStart(hex(start)), start).toBe(true);
    for (const other of ['', '12', '1201', '0400', '15030300']) expect(isAnswerStart(hex(other)), other).toBe(false);
  });
});

describe('the answer', () => {
  it.each<[string, string, object]>([
    ['11 00 03e8 0000', '02', { version: '17.0.1000', release: '2025', encryption: 'not-supported' }],
    ['10 00 1069 0000', '03', { version: '16.0.4201', release: '2022', encryption: 'required' }],
    ['0f 00 0839 0001', '01', { version: '15.0.2105', release: '2019', encryption: 'on' }],
    ['0e 01 0c3b 0000', '00', { version: '14.1.3131', release: '2017', encryption: 'off' }],
    ['0d 00 0001 0000', '82', { version: '13.0.1', release: '2016', encryption: 'not-supported' }],
    ['0c 00 1388 0000', '80', { version: '12.0.5000', release: '2014', encryption: 'off' }],
    ['0b 00 ffff', '83', { version: '11.0.65535', release: '2012', encryption: 'required' }],
    ['0a 32 0000 0000', '0100', { version: '10.50.0', release: '2008', encryption: 'on' }],
    ['09 00 0001 0000', '01', { version: '9.0.1', release: undefined, encryption: 'on' }],
    ['63 00 0001 0000', '01', { version: '99.0.1', release: undefined, encryption: 'on' }],
  ])('with version %s and encryption %s', (version, encryption, expected) => {
    expect(readPrelogin(options([0, version], [1, encryption], [2, '00'], [4, '']))).toEqual(expected);
    expect(readPrelogin(options([4, '00'], [1, encryption], [0, version]))).toEqual(expected);
  });

  it('that says an option twice is read as it was said first', () => {
    const twice = options(VERSION, [1, '03'], [1, '00'], [0, '00 00 0000']);
    expect(readPrelogin(twice)).toMatchObject({ encryption: 'required', version: '16.0.1000' });
  });

  it('of 32 options is read, of 33 not', () => {
    const of = (count: number): Buffer =>
      options(VERSION, [1, '01'], ...Array.from({ length: count - 2 }, (_, n) => [n + 10, ''] as const));
    expect(readPrelogin(of(32)).encryption).toBe('on');
    expect(() => readPrelogin(of(33))).toThrow(refusal('limit', 'more than 32 options'));
  });

  it.each<[string, Buffer, string, string]>([
    ['no version', options([1, '01']), 'malformed', 'no version, or no word on encryption'],
    ['half a version', options([0, '10 00 03'], [1, '01']), 'malformed', 'no version, or no word on encryption'],
    ['no encryption', options(VERSION), 'malformed', 'no version, or no word on encryption'],
    ['nothing', hex('ff'), 'malformed', 'no version, or no word on encryption'],
    ['an empty word on encryption', options(VERSION, [1, '']), 'malformed', 'encryption -1'],
    ['encryption of a fifth kind', options(VERSION, [1, '04']), 'malformed', 'encryption 4'],
    ['a fifth kind with a certificate', options(VERSION, [1, '84']), 'malformed', 'encryption 132'],
    ['an option of one byte too many', hex('01 0006 0002 ff 01'), 'truncated', 'option 1 ends beyond the packet'],
    ['an option far beyond the packet', hex('00 ffff ffff ff'), 'truncated', 'option 0 ends beyond the packet'],
  ])('with %s is refused', (_name, body, reason, message) => {
    expect(() => readPrelogin(body)).toThrow(refusal(reason, message));
  });

  it('cut at any byte is not read', () => {
    const whole = options(VERSION, [1, '01']);
    for (let length = 0; length < whole.length; length++) {
      expect(() => readPrelogin(whole.subarray(0, length)), `${length}`).toThrow(
        refusal('truncated', expect.stringMatching(/^(?:wanted|option)/u)),
      );
    }
  });
});
