import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PeerError } from '../../lib/model/errors.ts';
import { WireError } from '../../lib/wire/error.ts';
import {
  binaryRequest,
  isStart,
  MAX_LINE,
  type MemcachedSource,
  readBinary,
  readBinaryStats,
  readStats,
  readVersion,
  STAT,
  VERSION,
} from '../../lib/wire/memcached.ts';

function source(bytes: Buffer): MemcachedSource {
  let at = 0;
  const take = (count: number): Buffer => {
    if (count > bytes.length - at) throw new PeerError('protocol', 'closed', 'too few bytes');
    at += count;
    return bytes.subarray(at - count, at);
  };
  return {
    async readExactly(count) {
      return take(count);
    },
    async readUntil(mark, limit) {
      const end = bytes.indexOf(mark, at);
      if (end === -1 || end + mark.length - at > limit) throw new PeerError('protocol', 'limit', 'no mark');
      return take(end + mark.length - at);
    },
  };
}

/** A binary reply to `version` whose header may promise anything. */
function reply(size: number, body: string, keyLength = 0, extras = 0): Buffer {
  const head = binaryRequest(VERSION);
  head.writeUInt8(0x81, 0);
  head.writeUInt16BE(keyLength, 2);
  head.writeUInt8(extras, 4);
  head.writeUInt32BE(size, 8);
  return Buffer.concat([head, Buffer.from(body)]);
}

describe('a binary reply', () => {
  it('is a header, extras, a key and a value', async () => {
    expect(await readBinary(source(reply(9, 'xxkeyvalu', 3, 2)), VERSION)).toEqual({
      status: 0,
      key: 'key',
      value: 'valu',
    });
    expect(await readBinary(source(reply(0, '')), VERSION)).toEqual({ status: 0, key: '', value: '' });
    const longest = 'v'.repeat(MAX_LINE);
    expect((await readBinary(source(reply(MAX_LINE, longest)), VERSION)).value).toBe(longest);
  });

  it.each([
    ['a byte over the limit', reply(MAX_LINE + 1, 'v'.repeat(MAX_LINE + 1)), 'limit'],
    ['4 GiB', reply(0xffff_ffff, ''), 'limit'],
    ['a key longer than its body', reply(2, 'ab', 3), 'malformed'],
    ['extras longer than its body', reply(2, 'ab', 0, 3), 'malformed'],
    ['a request', binaryRequest(VERSION), 'malformed'],
  ])('of %s is refused before it is read', async (_name, bytes, reason) => {
    await expect(readBinary(source(bytes), VERSION)).rejects.toMatchObject({ name: 'WireError', reason });
  });

  it('to another request is refused', async () => {
    await expect(readBinary(source(reply(0, '')), STAT)).rejects.toBeInstanceOf(WireError);
  });
});

describe('a line in answer to version', () => {
  it.each([
    ['VERSION 1.6.18\r\n', { kind: 'version', version: '1.6.18' }],
    ['VERSION 1.6.18\n', { kind: 'version', version: '1.6.18' }],
    ['VERSION two words\r\n', { kind: 'foreign' }],
    [`VERSION ${'1'.repeat(65)}\r\n`, { kind: 'foreign' }],
    ['CLIENT_ERROR unauthenticated\r\n', { kind: 'unauthenticated' }],
    ['CLIENT_ERROR hm\r\n', { kind: 'foreign' }],
    ['ERROR\r\n', { kind: 'error' }],
    ['ERROR Too many open connections\r\n', { kind: 'full' }],
  ])('%j', (line, expected) => {
    expect(readVersion(Buffer.from(line))).toEqual(expected);
  });

  it('may be recognised before it is whole', () => {
    for (const head of ['', 'V', 'VERSION 1.', 'CLIENT_ERR', 'ERROR', '\x81']) {
      expect(isStart(Buffer.from(head, 'latin1')), head).toBe(true);
    }
    for (const head of ['HTTP', 'SSH-', '\x80', '-ERR']) expect(isStart(Buffer.from(head, 'latin1')), head).toBe(false);
  });
});

describe('hostile bytes', () => {
  const words = fc.constantFrom(
    'STAT ',
    'curr_items ',
    'bytes ',
    '9'.repeat(20),
    '-1',
    'END',
    '\r\n',
    '\n',
    ' ',
    '\0',
    'x',
  );
  const hostile = fc.oneof(
    fc.array(words, { maxLength: 30 }).map((parts) => Buffer.from(parts.join(''))),
    fc.uint8Array({ maxLength: 200 }).map((b) => Buffer.from(b)),
    fc.tuple(fc.nat(700), fc.string(), fc.nat(40), fc.nat(40)).map((args) => reply(...args)),
  );

  it('give counters that are counts, nothing, or an error with a name', async () => {
    await fc.assert(
      fc.asyncProperty(hostile, async (bytes) => {
        for (const read of [readStats, readBinaryStats, async (s: MemcachedSource) => readBinary(s, VERSION)]) {
          const seen: unknown = await read(source(bytes)).catch((error: unknown) => error);
          if (seen instanceof Error) expect(seen instanceof WireError || seen instanceof PeerError).toBe(true);
        }
        const counters = await readStats(source(bytes)).catch(() => undefined);
        for (const count of Object.values(counters ?? {})) expect(Number.isSafeInteger(count)).toBe(true);
      }),
      { numRuns: 2_000 },
    );
  });
});
