/** Tarantool's greeting and answers; whole visits are in test/probes/tarantool.test.ts. */
import { describe, expect, it } from 'vitest';
import type { MsgpackValue } from '../../lib/wire/msgpack.ts';
import { messageLength, parseAnswer, PING, readGreeting, readSpaces, SELECT_SPACES } from '../../lib/wire/tarantool.ts';
import { hex } from '../support/bytes.ts';
import { refusal } from '../support/wire-failure.ts';

describe('the greeting', () => {
  const UUID = '3ba1a5b0-7d4f-4b8e-9f0a-1c2d3e4f5a6b';
  const SALT = 'QK2HoFZGXTXBq2vFj7soCsHqTo6PGTF575ssUBAJLAI=';
  /** Two lines of 64 bytes; a long version takes from the second. */
  const greeting = (version: string, salt = SALT, uuid = UUID): Buffer => {
    const first = `Tarantool ${version} (Binary) ${uuid}`.padEnd(63);
    return Buffer.from(`${first}\n${salt.padEnd(126 - first.length)}\n`);
  };

  it.each(['2.6.0', '2.11.0-entrypoint-113', '3.11.10'])('of version %s', (version) => {
    expect(readGreeting(greeting(version))).toBe(version);
    expect(readGreeting(greeting(version, 'a'.repeat(20)))).toBe(version);
    for (const length of [0, 1, 63, 64, 127])
      expect(readGreeting(greeting(version).subarray(0, length))).toBeUndefined();
    expect(readGreeting(Buffer.concat([greeting(version), hex('00')]))).toBeUndefined();
  });

  it.each<[string, Buffer]>([
    ['a version in words', greeting('x')],
    ['another word', Buffer.from(greeting('2.6.0').toString().replace('Tarantool ', 'Tarantula '))],
    [
      'something before it',
      Buffer.from(
        greeting('2.6.0')
          .toString()
          .replace(/Tarantool (.*) {2}\n/u, 'x Tarantool $1\n'),
      ),
    ],
    ['a console', Buffer.from(greeting('2.6.0').toString().replace('(Binary)', '(Lua co)'))],
    ['a short id', greeting('2.6.0', SALT, UUID.slice(1))],
    ['another id', greeting('2.6.0', SALT, UUID.replace('3', 'x'))],
    ['something behind its id', greeting('2.6.0', SALT, `${UUID} x`)],
    ['a short salt', greeting('2.6.0', 'a'.repeat(19))],
    ['another salt', greeting('2.6.0', SALT.replace('Q', '!'))],
    ['something behind its salt', greeting('2.6.0', `${SALT} !`)],
    ['no second line', Buffer.alloc(128, 'a')],
  ])('with %s is none', (_name, bytes) => {
    expect(bytes).toHaveLength(128);
    expect(readGreeting(bytes)).toBeUndefined();
  });
});

describe('the length before a message', () => {
  it.each([
    ['ce 00000000', 0],
    ['ce 00010000', 65_536],
  ])('%s', (head, length) => {
    expect(messageLength(hex(head))).toBe(length);
  });

  it.each([
    ['ce 00010001', 'limit', 'a message of 65537 bytes'],
    ['cd 00010000', 'malformed', 'a message without a 32-bit length'],
    ['cf 00000001', 'malformed', 'a message without a 32-bit length'],
    ['ce 0000', 'truncated', 'wanted 4 bytes, 2 left'],
  ])('%s is none: %s', (head, reason, message) => {
    expect(() => messageLength(hex(head))).toThrow(refusal(reason, message));
  });

  it('is before ours as well', () => {
    for (const message of [PING, SELECT_SPACES]) expect(messageLength(message)).toBe(message.length - 5);
    expect(PING).toEqual(hex('ce00000005 82 0040 0101'));
    expect(SELECT_SPACES).toEqual(hex('ce00000017 82 0001 0102 86 10cd0119 1100 1232 1300 1405 2091cd0200'));
  });
});

describe('an answer', () => {
  const none = { ok: true, code: 0, data: [] };
  it.each<[string, string, object]>([
    ['of nothing', '82 0000 0107', none],
    ['with a schema', '83 0000 0107 0550', none],
    ['of an empty body', '82 0000 0107 80', none],
    ['of data', '82 0000 0107 81 30 92 01 a161', { ...none, data: [1, 'a'] }],
    ['of data that is no list', '82 0000 0107 81 30 a161', none],
    ['of a body that is no map', '82 0000 0107 91 30', none],
    ['that refuses', '82 00cd802a 0107 81 31 a26e6f', { ok: false, code: 42, data: [] }],
    ['of another type', '82 0001 0107', { ok: false, code: 1, data: [] }],
    ['that refuses without a code', '82 00cd8000 0107', { ok: false, code: 0, data: [] }],
  ])('%s', (_name, body, expected) => {
    expect(parseAnswer(hex(body), 7)).toEqual(expected);
  });

  it.each([
    ['to another message', '82 0000 0108'],
    ['to no message', '81 0000'],
    ['without a type', '81 0107'],
    ['of a type in words', '82 00a161 0107'],
    ['with a head that is no map', '92 00 07'],
  ])('%s is none', (_name, body) => {
    expect(() => parseAnswer(hex(body), 7)).toThrow(refusal('malformed', 'not an answer to what was asked'));
  });
});

describe('spaces', () => {
  const read = (...data: readonly MsgpackValue[]) => readSpaces({ ok: true, code: 0, data });
  it('are those that have an id and a name', () => {
    const rows = [[512, 1, 'users', 'memtx'], [513, 1, 'n'.repeat(256)], ['514', 1, 'x'], [515, 1, 7], 516, [517], []];
    expect(read(...rows)).toEqual([
      { id: 512, name: 'users' },
      { id: 513, name: `${'n'.repeat(254)}…` },
    ]);
    expect(read()).toEqual([]);
  });
});
