/** Answers of a listener to CONNECT, field by field; whole visits are in test/probes/oracle.test.ts. */
import { describe, expect, it } from 'vitest';
import { CONNECT, isReplyStart, readBody, readHead } from '../../lib/wire/oracle.ts';
import { hex } from '../support/bytes.ts';
import { refusal } from '../support/wire-failure.ts';

const NONE = Buffer.alloc(0);
const sized = (text: string, length = text.length): Buffer =>
  Buffer.concat([Buffer.from([length >> 8, length & 0xff]), Buffer.from(text)]);
const refused = (text: string): Buffer => Buffer.concat([Buffer.from([0x22, 0]), sized(text)]);

it('CONNECT is 58 bytes that say how long it is, and a service that does not exist', () => {
  expect(CONNECT.toString('hex', 0, 58)).toBe(
    `00aa000001000000 0136012c000020007fff7f080000 0001 0070003a 00000000 0000 ${'00'.repeat(24)}`.replaceAll(' ', ''),
  );
  expect(CONNECT.toString('latin1', 58)).toBe(
    '(DESCRIPTION=(CONNECT_DATA=(SERVICE_NAME=EXPOSURE-PROBE)(CID=(PROGRAM=exposure-probe)(HOST=probe)(USER=probe))))',
  );
  expect(CONNECT).toHaveLength(170);
});

describe('the head of an answer', () => {
  it.each([
    ['0020 0000 02 00 0000', { kind: 'accept', bodyBytes: 24 }],
    ['0069 0000 04 00 0000', { kind: 'refuse', bodyBytes: 97 }],
    ['1000 0000 05 00 0000', { kind: 'redirect', bodyBytes: 4_088 }],
    ['0008 ffff 0b ff ffff', { kind: 'resend', bodyBytes: 0 }],
  ])('%s', (head, expected) => {
    expect(readHead(hex(head))).toEqual(expected);
    for (let length = 1; length <= 8; length++) {
      expect(isReplyStart(hex(head).subarray(0, length)), `${length}`).toBe(hex(head).readUInt8(0) < 0x10);
    }
  });

  it.each([
    ['0020 0000 01 00 0000', 'malformed', 'not an answer to CONNECT'],
    ['0020 0000 06 00 0000', 'malformed', 'not an answer to CONNECT'],
    ['4854 5450 2f 31 2e31', 'malformed', 'not an answer to CONNECT'],
    ['0007 0000 04 00 0000', 'limit', 'packet of 7 bytes'],
    ['0000 0000 04 00 0000', 'limit', 'packet of 0 bytes'],
    ['1001 0000 04 00 0000', 'limit', 'packet of 4097 bytes'],
    ['0069 0000', 'truncated', 'wanted 1 bytes, 0 left'],
  ])('%s is none: %s', (head, reason, message) => {
    expect(() => readHead(hex(head))).toThrow(refusal(reason, message));
  });

  it('does not begin with nothing, with a great length, or with another type', () => {
    for (const other of ['', '10', '48', '1503', '0f00000001', '0f00000006']) {
      expect(isReplyStart(hex(other)), other).toBe(false);
    }
    for (const start of ['0f', '0f000000', '0f0000000b']) expect(isReplyStart(hex(start)), start).toBe(true);
  });
});

describe('a refusal', () => {
  it.each<[string, number | undefined, string | undefined]>([
    ['(DESCRIPTION=(TMP=)(VSNNUM=318767104)(ERR=12514)(ERROR_STACK=(ERROR=(CODE=12514))))', 12_514, '19.0.0.0'],
    ['(DESCRIPTION=(VSNNUM=186647552)(ERR=12505))', 12_505, '11.2.0.4'],
    ['(DESCRIPTION=(VSNNUM=202375680)(ERR=1))', 1, '12.1.0.2'],
    ['(DESCRIPTION=(VSNNUM=318955520))', undefined, '19.2.14.0'],
    ['(DESCRIPTION=(VSNNUM=302186496))', undefined, '18.3.0.0'],
    ['(DESCRIPTION=(VSNNUM=301989887))', undefined, '17.15.255.15'],
    ['(DESCRIPTION=(VSNNUM=387977200))', undefined, '23.32.0.255'],
    ['(DESCRIPTION=(VSNNUM=117440512))', undefined, '7.0.0.0'],
    ['(DESCRIPTION=(VSNNUM=117440511))', undefined, undefined],
    ['(DESCRIPTION=(VSNNUM=1677721599))', undefined, '99.255.15.255'],
    ['(DESCRIPTION=(VSNNUM=1677721600))', undefined, undefined],
    ['(DESCRIPTION=(VSNNUM=9999999999))', undefined, undefined],
    ['(DESCRIPTION=(VSNNUM=0)(ERR=999999))', 999_999, undefined],
    ['(DESCRIPTION=(ERR=1189))', 1_189, undefined],
    ['(DESCRIPTION=(ERR=1234567)(VSNNUM=318767104))', undefined, '19.0.0.0'],
  ])('%s', (text, code, version) => {
    expect(readBody('refuse', refused(text))).toEqual({ kind: 'refuse', code, version });
  });

  it.each([
    '',
    'no',
    '(ERR=)(VSNNUM=)',
    '(ERR=x12514)',
    'ERR=12514',
    '(err=12514)',
    '(ERR=1234567)(VSNNUM=12345678901)',
    '(ERR=12514',
    '(VSNNUM=318767104',
  ])('%j has no mark of a listener', (text) => {
    expect(() => readBody('refuse', refused(text))).toThrow(refusal('malformed', 'a refusal without ERR and VSNNUM'));
  });
});

describe('a redirect', () => {
  it.each([
    ['(ADDRESS=(PROTOCOL=tcp)(HOST=db1.internal)(PORT=1521))', 'db1.internal'],
    ['(ADDRESS=(host=db1)(port=1521))', 'db1'],
    [`(HOST=${'h'.repeat(100)})`, 'h'.repeat(100)],
    [`(HOST=${'h'.repeat(255)})`, `${'h'.repeat(99)}…`],
    ['(HOST=\u001b[2J)', 'U+001B[2J'],
  ])('%j', (text, host) => {
    expect(readBody('redirect', sized(text))).toEqual({ kind: 'redirect', host });
  });

  it.each(['', '(HOST=)', '(HOST=a(b)c)', `(HOST=${'h'.repeat(256)})`, 'HOST=db1', '(HOST=db1'])(
    '%j leads nowhere',
    (text) => {
      expect(() => readBody('redirect', sized(text))).toThrow(refusal('malformed', 'a redirect to nowhere'));
    },
  );
});

describe('the body', () => {
  it('of an ACCEPT has 16 bytes at least, that of a RESEND none', () => {
    expect(readBody('accept', Buffer.alloc(16))).toEqual({ kind: 'accept' });
    expect(() => readBody('accept', Buffer.alloc(15))).toThrow(refusal('truncated', 'wanted 16 bytes, 15 left'));
    expect(readBody('resend', NONE)).toEqual({ kind: 'resend' });
    expect(() => readBody('resend', Buffer.alloc(1))).toThrow(
      refusal('malformed', 'a request to resend with something in it'),
    );
  });

  it.each([
    ['refuse', refused('(ERR=12514)')],
    ['redirect', sized('(HOST=db1)')],
  ] as const)('of a %s cut at any byte is not read', (kind, whole) => {
    for (let length = 0; length < whole.length; length++) {
      expect(() => readBody(kind, whole.subarray(0, length)), `${length}`).toThrow(
        refusal('truncated', expect.stringContaining('wanted')),
      );
    }
  });
});
