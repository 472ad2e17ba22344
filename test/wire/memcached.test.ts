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
    const request = reply(0, '');
    request.writeUInt8(0x80, 0);
    await expect(readBinary(source(request), VERSION)).rejects.toThrow('not a memcached reply to what was asked');
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
    ['so ERROR Too many open connections\r\n', { kind: 'foreign' }],
    ['so VERSION 1.6.18\r\n', { kind: 'foreign' }],
    [`VERSION ${'1'.repeat(64)}\r\n`, { kind: 'version', version: '1'.repeat(64) }],
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

/** A reply to binary `stats`: one counter, or with no name the last. */
function counter(name: string, value: string, status = 0): Buffer {
  const bytes = Buffer.concat([binaryRequest(STAT), Buffer.from(name + value)]);
  bytes.writeUInt8(0x81, 0);
  bytes.writeUInt16BE(name.length, 2);
  bytes.writeUInt16BE(status, 6);
  bytes.writeUInt32BE(name.length + value.length, 8);
  return bytes;
}

describe('a request in binary', () => {
  it('is 24 bytes: that it is one, what is asked, and nothing else', () => {
    expect(binaryRequest(VERSION).toString('hex')).toBe(`800b${'00'.repeat(22)}`);
    expect(binaryRequest(STAT).toString('hex')).toBe(`8010${'00'.repeat(22)}`);
  });
});

describe('counters', () => {
  const read = async (text: string) => readStats(source(Buffer.from(text)));
  const readBinaryOf = async (...replies: readonly Buffer[]) => readBinaryStats(source(Buffer.concat(replies)));

  it.each<[string, object | undefined]>([
    ['STAT pid 1\r\nSTAT curr_items 12\r\nSTAT bytes 900\r\nEND\r\n', { items: 12, bytes: 900 }],
    ['STAT curr_items 0\nEND\n', { items: 0 }],
    ['STAT bytes 999999999999999\r\nEND\r\n', { bytes: 999_999_999_999_999 }],
    ['STAT bytes 9999999999999999\r\nSTAT curr_items -1\r\nEND\r\n', {}],
    ['STAT bytes 1e3\r\nSTAT curr_items x1\r\nEND\r\n', {}],
    ['STAT version a b  c\r\nEND\r\n', {}],
    ['STAT domain \r\nEND\r\n', undefined],
    ['END\r\n', undefined],
    ['ERROR\r\n', undefined],
    ['STAT pid 1\r\nERROR\r\nEND\r\n', undefined],
    ['say STAT pid 1\r\nEND\r\n', undefined],
    ['STAT pid\r\nEND\r\n', undefined],
  ])('in text %j', async (text, expected) => {
    expect(await read(text)).toEqual(expected);
  });

  it.each<[string, readonly Buffer[], object]>([
    ['of both', [counter('curr_items', '12'), counter('bytes', '900'), counter('', '')], { items: 12, bytes: 900 }],
    ['of none', [counter('', '')], {}],
  ])('in binary %s', async (_name, replies, counters) => {
    expect(await readBinaryOf(...replies)).toEqual({ status: 0, counters });
  });

  it('in binary end with a refusal, which is told', async () => {
    const refusal = counter('curr_items', '13', 0x20);
    expect(await readBinaryOf(refusal)).toEqual({ status: 0x20, counters: {} });
    expect(await readBinaryOf(counter('bytes', '1'), refusal)).toEqual({ status: 0x20, counters: { bytes: 1 } });
  });

  it('are at most 400 with their end', async () => {
    const lines = (count: number): string => 'STAT a 1\r\n'.repeat(count);
    const replies = (count: number): Buffer[] => Array.from({ length: count }, () => counter('a', '1'));
    expect(await read(`${lines(399)}END\r\n`)).toEqual({});
    expect(await readBinaryOf(...replies(399), counter('', ''))).toEqual({ status: 0, counters: {} });
    const error = { name: 'WireError', reason: 'limit' };
    await expect(read(`${lines(400)}END\r\n`)).rejects.toMatchObject({
      ...error,
      message: 'stats over 400 lines or 16384 bytes',
    });
    await expect(readBinaryOf(...replies(400), counter('', ''))).rejects.toMatchObject({
      ...error,
      message: 'stats over 400 replies or 16384 bytes',
    });
  });

  it('are at most 16 KiB, and a line at most 512 bytes', async () => {
    const line = (length: number): string => `STAT a ${'1'.repeat(length - 9)}\r\n`;
    expect(await read(`${line(512).repeat(31)}END\r\n`)).toEqual({});
    const error = { name: 'WireError', reason: 'limit' };
    await expect(read(`${line(512).repeat(32)}END\r\n`)).rejects.toMatchObject(error);
    await expect(read(`${line(513)}END\r\n`)).rejects.toBeInstanceOf(PeerError);
    await expect(read(`${line(512).repeat(31)}${line(12)}${line(501)}END\r\n`)).rejects.toBeInstanceOf(PeerError);

    const reply = counter('a', '1'.repeat(64 - 24 - 1));
    const replies = (count: number): Buffer[] => Array.from({ length: count }, () => reply);
    expect(await readBinaryOf(...replies(255), counter('', ''))).toEqual({ status: 0, counters: {} });
    await expect(readBinaryOf(...replies(256), counter('', ''))).rejects.toMatchObject(error);
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
