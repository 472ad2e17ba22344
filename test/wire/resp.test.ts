import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { PeerError } from '../../lib/model/errors.ts';
import { WireError } from '../../lib/wire/error.ts';
import {
  isRespType,
  MAX_BULK,
  MAX_DEPTH,
  MAX_ITEMS,
  MAX_LINE,
  MAX_REPLY,
  readResp,
  respCommand,
  type RespSource,
  type RespValue,
} from '../../lib/wire/resp.ts';

/** Counts what is taken, so that a test can say what was left. */
function source(text: string | Buffer): RespSource & { readonly left: () => number } {
  let bytes = Buffer.from(text);
  const take = (count: number): Buffer => {
    const head = bytes.subarray(0, count);
    bytes = bytes.subarray(count);
    return head;
  };
  return {
    left: () => bytes.length,
    async readUntil(mark, limit) {
      const at = bytes.indexOf(mark);
      if (at === -1) throw new PeerError('protocol', bytes.length > limit ? 'limit' : 'closed', 'no mark');
      if (at + mark.length > limit) throw new PeerError('protocol', 'limit', 'mark too late');
      return take(at + mark.length);
    },
    async readExactly(count) {
      if (count > bytes.length) throw new PeerError('protocol', 'closed', 'too few bytes');
      return take(count);
    },
  };
}

const bulk = (text: string): RespValue => ({ kind: 'bulk', bytes: Buffer.from(text) });
/** An array of two bulks that spend a whole reply, to the byte; it says that it holds `count`. */
function filling(count: number, over = 0): string {
  const big = `$${MAX_BULK}\r\n${'x'.repeat(MAX_BULK)}\r\n`;
  const left = MAX_REPLY - `*2\r\n${big}$0000\r\n\r\n`.length + over;
  return `*${count}\r\n${big}$${left}\r\n${'x'.repeat(left)}\r\n`;
}
const nested = (depth: number): string => `${'*1\r\n'.repeat(depth)}:1\r\n`;

describe('a command', () => {
  it('is an array of bulk strings, lengths in bytes', () => {
    expect(respCommand('PING')).toBe('*1\r\n$4\r\nPING\r\n');
    expect(respCommand('INFO', 'server')).toBe('*2\r\n$4\r\nINFO\r\n$6\r\nserver\r\n');
    expect(respCommand('é')).toBe('*1\r\n$2\r\né\r\n');
  });
});

describe('a reply', () => {
  it.each<[string, RespValue]>([
    ['+PONG\r\n', { kind: 'simple', text: 'PONG' }],
    ['-ERR x\r\n', { kind: 'error', text: 'ERR x' }],
    ['+\r\n', { kind: 'simple', text: '' }],
    [':0\r\n', { kind: 'integer', value: 0n }],
    [':-7\r\n', { kind: 'integer', value: -7n }],
    [':+7\r\n', { kind: 'integer', value: 7n }],
    [':9223372036854775807\r\n', { kind: 'integer', value: 9223372036854775807n }],
    ['$3\r\na\r\n\r\n', bulk('a\r\n')],
    ['$0\r\n\r\n', bulk('')],
    ['$-1\r\n', { kind: 'bulk', bytes: undefined }],
    ['*0\r\n', { kind: 'array', items: [] }],
    ['*-1\r\n', { kind: 'array', items: undefined }],
    [
      '*2\r\n$1\r\na\r\n*1\r\n:1\r\n',
      { kind: 'array', items: [bulk('a'), { kind: 'array', items: [{ kind: 'integer', value: 1n }] }] },
    ],
    ['HTTP/1.1 400 Bad\r\nx', { kind: 'foreign', line: Buffer.from('HTTP/1.1 400 Bad\r\n') }],
    ['\r\n', { kind: 'foreign', line: Buffer.from('\r\n') }],
    ['%1\r\n', { kind: 'foreign', line: Buffer.from('%1\r\n') }],
  ])('%j reads as what it is', async (text, value) => {
    expect(await readResp(source(text))).toEqual(value);
  });

  it('ends where it ends', async () => {
    const two = source('$2\r\nab\r\n+NEXT\r\n');
    await readResp(two);
    expect(two.left()).toBe('+NEXT\r\n'.length);
  });

  it.each([
    ['an integer with letters', ':1x\r\n', 'malformed', 'not an integer'],
    ['an integer after letters', ':x1\r\n', 'malformed', 'not an integer'],
    ['an integer with two signs', ':+-1\r\n', 'malformed', 'not an integer'],
    ['an empty integer', ':\r\n', 'malformed', 'not an integer'],
    ['an integer of 20 digits', `:${'9'.repeat(20)}\r\n`, 'malformed', 'not an integer'],
    ['a length with a sign', '$+3\r\nabc\r\n', 'malformed', 'not a length'],
    ['a length with leading zeros', '$03\r\nabc\r\n', 'malformed', 'not a length'],
    ['a hexadecimal length', '$0x3\r\nabc\r\n', 'malformed', 'not a length'],
    ['a length with letters', '$3x\r\nabc\r\n', 'malformed', 'not a length'],
    ['an empty length', '$\r\n', 'malformed', 'not a length'],
    ['a negative length other than -1', '$-2\r\n', 'malformed', 'not a length'],
    ['a negative count other than -1', '*-5\r\n', 'malformed', 'not a length'],
    ['a bulk that goes on after its length', '$2\r\nabc\r\n', 'malformed', 'bulk does not end where it said'],
    ['a foreign type inside an array', '*1\r\nX\r\n', 'malformed', 'not a RESP type inside an array'],
    ['a bulk over the limit', `$${MAX_BULK + 1}\r\n`, 'limit', `length over ${MAX_BULK}`],
    ['a length beyond every number', `$${'9'.repeat(400)}\r\n`, 'limit', `length over ${MAX_BULK}`],
    ['an array over the limit', `*${MAX_ITEMS + 1}\r\n`, 'limit', `length over ${MAX_ITEMS}`],
    ['arrays one too deep', nested(MAX_DEPTH + 1), 'limit', `arrays nested over ${MAX_DEPTH} deep`],
    ['no array one too deep', `${'*1\r\n'.repeat(MAX_DEPTH)}*-1\r\n`, 'limit', `arrays nested over ${MAX_DEPTH} deep`],
    ['bulks that together are one byte too much', filling(2, 1), 'limit', `reply over ${MAX_REPLY} bytes`],
    ['one value more where all is spent', filling(3), 'limit', `reply over ${MAX_REPLY} bytes`],
  ])('refuses %s', async (_name, text, reason, message) => {
    const error: unknown = await readResp(source(text)).catch((e: unknown) => e);
    expect(error).toBeInstanceOf(WireError);
    expect(error).toMatchObject({ reason, message });
  });

  it('asks its connection for no more than may be spent', async () => {
    const line = `+${'x'.repeat(20)}\r\n`;
    await expect(readResp(source(`${filling(3, -22)}${line}`))).rejects.toMatchObject({ reason: 'limit' });
    expect(await readResp(source(`${filling(3, -23)}${line}`))).toMatchObject({ kind: 'array' });
  });

  it('is accepted at every limit', async () => {
    expect(await readResp(source(nested(MAX_DEPTH)))).toMatchObject({ kind: 'array' });
    expect(await readResp(source(filling(2)))).toMatchObject({ kind: 'array' });
    expect(await readResp(source(`$${MAX_BULK}\r\n${'x'.repeat(MAX_BULK)}\r\n`))).toMatchObject({ kind: 'bulk' });
    expect(await readResp(source(`*${MAX_ITEMS}\r\n${':1\r\n'.repeat(MAX_ITEMS)}`))).toMatchObject({ kind: 'array' });
    expect(await readResp(source(`+${'x'.repeat(MAX_LINE - 3)}\r\n`))).toMatchObject({ kind: 'simple' });
  });

  it('cannot cost more than its byte budget, however it nests', async () => {
    const wide = `*${MAX_ITEMS}\r\n${`*${MAX_ITEMS}\r\n${':1\r\n'.repeat(MAX_ITEMS)}`.repeat(MAX_ITEMS)}`;
    const flood = source(wide);
    await expect(readResp(flood)).rejects.toBeInstanceOf(Error);
    expect(Buffer.byteLength(wide) - flood.left()).toBeLessThanOrEqual(MAX_REPLY);
  });

  it('starts with one of five bytes', () => {
    expect('+-:$*'.split('').every((c) => isRespType(Buffer.from(c)))).toBe(true);
    expect(isRespType(Buffer.from('+PONG'))).toBe(true);
    expect(isRespType(Buffer.from('HTTP'))).toBe(false);
  });
});

describe('hostile bytes', () => {
  const grammar = fc
    .array(fc.constantFrom('*', '$', ':', '+', '-', '1', '3', '-1', '1024', '\r\n', '\n', 'x', '\0'), { maxLength: 40 })
    .map((parts) => Buffer.from(parts.join('')));
  const noise = fc.uint8Array({ maxLength: 400 }).map((b) => Buffer.from(b));

  it('give a value, a WireError, or whatever the connection threw', async () => {
    await fc.assert(
      fc.asyncProperty(fc.oneof(grammar, noise), async (bytes) => {
        const error: unknown = await readResp(source(bytes)).then(
          () => undefined,
          (e: unknown) => e,
        );
        expect(error === undefined || error instanceof WireError || error instanceof PeerError).toBe(true);
      }),
      { numRuns: 2_000 },
    );
  });

  it('never give a value for a prefix of one', async () => {
    const values = fc.oneof(
      fc.string({ maxLength: 60 }).map((s) => `$${Buffer.byteLength(s)}\r\n${s}\r\n`),
      fc.array(fc.integer(), { maxLength: 8 }).map((a) => `*${a.length}\r\n${a.map((n) => `:${n}\r\n`).join('')}`),
    );
    await fc.assert(
      fc.asyncProperty(values, fc.nat(), async (text, at) => {
        const bytes = Buffer.from(text);
        await expect(readResp(source(bytes.subarray(0, at % bytes.length)))).rejects.toBeInstanceOf(PeerError);
        await expect(readResp(source(bytes))).resolves.toBeDefined();
      }),
      { numRuns: 500 },
    );
  });
});
