import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { WireError } from '../../lib/wire/error.ts';
import {
  HttpReplyReader,
  MAX_CHUNK_LINE,
  MAX_FIELD_LINES,
  MAX_FRAMING_BYTES,
  MAX_HEAD_BYTES,
  MAX_INTERIM,
} from '../../lib/wire/http-reply.ts';

interface Read {
  readonly status: number | undefined;
  readonly fields: readonly string[] | undefined;
  readonly body: string;
  readonly truncated: boolean;
  readonly error?: string;
}

/** All pieces, then the end of the stream. */
function read(pieces: readonly (string | Buffer)[], cap = 64 * 1024): Read {
  const reader = new HttpReplyReader(cap);
  const seen = (): Read => ({
    status: reader.head?.status,
    fields: reader.head?.fields,
    body: reader.body.toString('latin1'),
    truncated: reader.truncated,
  });
  try {
    for (const piece of pieces) reader.push(Buffer.from(piece as string, 'latin1'));
    reader.end();
    return seen();
  } catch (error) {
    if (!(error instanceof WireError)) throw error;
    return { ...seen(), error: error.reason };
  }
}

const OK = 'HTTP/1.1 200 OK\r\n';
const CHUNKED = `${OK}transfer-encoding: chunked\r\n\r\n`;
const good: readonly (readonly [name: string, reply: string, status: number, body: string])[] = [
  ['with a length', `${OK}Content-Length: 3\r\n\r\nabc`, 200, 'abc'],
  ['with blanks around its length', `${OK}content-length: \t3 \r\n\r\nabc`, 200, 'abc'],
  ['with an empty body', `${OK}content-length: 0\r\n\r\n`, 200, ''],
  ['until the end of the stream', 'HTTP/1.0 200 OK\r\n\r\nuntil the end', 200, 'until the end'],
  ['in chunks', `${CHUNKED}1\r\na\r\n0A\r\nbbbbbbbbbb\r\n0\r\n\r\n`, 200, 'abbbbbbbbbb'],
  ['in chunks with extensions and trailers', `${CHUNKED}1;x="y"\r\na\r\n0;z\r\nt: u\r\n\r\n`, 200, 'a'],
  ['without a reason', 'HTTP/1.1 404\r\ncontent-length: 1\r\n\r\nx', 404, 'x'],
  ['with a reason in latin1', 'HTTP/1.1 404 introuv\xe9\r\ncontent-length: 1\r\n\r\nx', 404, 'x'],
  ['without content whatever its length says', 'HTTP/1.1 204 No\r\ncontent-length: 5\r\n\r\nhello', 204, ''],
  ['after interim replies', `HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 E\r\nl: x\r\n\r\n${OK}a: b\r\n\r\nx`, 200, 'x'],
  ['and whatever follows it', `${OK}content-length: 1\r\n\r\nxHTTP/1.1 500 No\r\n\r\nevil`, 200, 'x'],
  ['and whatever follows its chunks', `${CHUNKED}1\r\nx\r\n0\r\n\r\n${OK}\r\nevil`, 200, 'x'],
  ['with the old coding that is none', `${OK}transfer-encoding: Identity\r\n\r\nx`, 200, 'x'],
];

describe('a reply', () => {
  it.each(good)('is read %s, in one piece and byte by byte', (_, reply, status, body) => {
    const whole = read([reply]);
    expect(whole).toMatchObject({ status, body, truncated: false });
    expect(whole.error).toBeUndefined();
    expect(read(Array.from(reply))).toEqual(whole);
  });

  it.each(good)(
    'is the same cut in two anywhere, and cut short never more than it was: %s',
    (_, reply, status, body) => {
      const whole = read([reply]);
      for (let at = 0; at < reply.length; at++) {
        expect(read([reply.slice(0, at), reply.slice(at)])).toEqual(whole);
        const short = read([reply.slice(0, at)]);
        expect([undefined, 'truncated']).toContain(short.error);
        expect([undefined, status]).toContain(short.status);
        expect(body.startsWith(short.body)).toBe(true);
        // Only where the end of the stream is the end of the reply may half of it pass for all.
        if (short.error === undefined && short.body !== body) expect(reply).not.toMatch(/content-length|chunked/iu);
      }
    },
  );

  it('keeps names and values as they came, repeated ones too, without the blanks around them', () => {
    const { fields } = read([`${OK}Set-Cookie: a\r\nset-cookie:\t b c \t\r\nx:\r\n__proto__: p\r\n\r\n`]);
    expect(fields).toEqual(['Set-Cookie', 'a', 'set-cookie', 'b c', 'x', '', '__proto__', 'p']);
  });

  it('is cut at the cap and says so, and is whole at the cap', () => {
    expect(read([`${OK}content-length: 10\r\n\r\n`, '0123456789'], 10)).toMatchObject({ truncated: false });
    const cut = read([`${OK}content-length: 11\r\n\r\n`, '01234', '567890'], 10);
    expect(cut).toMatchObject({ truncated: true, body: '0123456789' });
  });
});

describe('what is no reply', () => {
  it.each([
    ['HTTP/0.9', '<html>'],
    ['an HTTP/0.9 status line', 'HTTP/0.9 200 OK\r\n\r\n'],
    ['an HTTP/2 preface', 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'],
    ['an HTTP/2 status line', 'HTTP/2.0 200 OK\r\n\r\n'],
    ['a lower-case protocol', 'http/1.1 200 OK\r\n\r\n'],
    ['another protocol', 'ICY 200 OK\r\n\r\n'],
    ['a status of two digits', 'HTTP/1.1 20 OK\r\n\r\n'],
    ['a status of four digits', 'HTTP/1.1 2000 OK\r\n\r\n'],
    ['a status of none', 'HTTP/1.1 000 OK\r\n\r\n'],
    ['two blanks before the status', 'HTTP/1.1  200 OK\r\n\r\n'],
    ['a NUL in the reason', 'HTTP/1.1 200 O\0K\r\n\r\n'],
    ['a bare LF', 'HTTP/1.1 200 OK\ncontent-length: 0\n\n'],
    ['a bare CR in the status line', 'HTTP/1.1 200 O\rK\r\n\r\n'],
    ['a bare CR in a header', `${OK}a: b\rc\r\n\r\n`],
    ['an escape in a header', `${OK}a: \u001b[31m\r\n\r\n`],
    ['a delete character in a header', `${OK}a: \x7f\r\n\r\n`],
    ['a folded header', `${OK}a: b\r\n c\r\n\r\n`],
    ['a first header that is folded', `${OK} a: b\r\n\r\n`],
    ['a blank before the colon', `${OK}a : b\r\n\r\n`],
    ['a header without a name', `${OK}: b\r\n\r\n`],
    ['a header without a colon', `${OK}a\r\n\r\n`],
    ['a name that is no token', `${OK}a(b: c\r\n\r\n`],
    ['two lengths', `${OK}content-length: 1\r\nContent-Length: 2\r\n\r\nxx`],
    ['two equal lengths', `${OK}content-length: 1\r\ncontent-length: 1\r\n\r\nx`],
    ['a list of lengths', `${OK}content-length: 1, 1\r\n\r\nx`],
    ['a length with a sign', `${OK}content-length: +1\r\n\r\nx`],
    ['a hexadecimal length', `${OK}content-length: 0x1\r\n\r\nx`],
    ['an empty length', `${OK}content-length:\r\n\r\nx`],
    ['a length beyond numbers', `${OK}content-length: 9999999999999999\r\n\r\nx`],
    ['a length and chunks', `${OK}content-length: 1\r\ntransfer-encoding: chunked\r\n\r\n1\r\nx\r\n0\r\n\r\n`],
    ['two lengths where there is no content', 'HTTP/1.1 304 No\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\n'],
    ['a switch of protocols', 'HTTP/1.1 101 Switching Protocols\r\nupgrade: h2c\r\n\r\n'],
    ['a chunk that is no number', `${CHUNKED}zz\r\n`],
    ['an empty chunk size', `${CHUNKED}\r\n`],
    ['a blank before a chunk size', `${CHUNKED} 1\r\nx\r\n0\r\n\r\n`],
    ['a chunk size beyond numbers', `${CHUNKED}fffffffff\r\n`],
    ['a negative chunk', `${CHUNKED}-1\r\n`],
    ['a chunk longer than it said', `${CHUNKED}1\r\nxx\r\n0\r\n\r\n`],
    ['chunks ended by bare LF', `${CHUNKED}1\nx\n0\n\n`],
    ['a trailer that is no header', `${CHUNKED}0\r\nbad\r\n\r\n`],
    ['a folded trailer', `${CHUNKED}0\r\nt: u\r\n v\r\n\r\n`],
  ])('is refused: %s', (_, reply) => {
    expect(read([reply]).error).toBe('malformed');
    expect(read(Array.from(reply)).error).toBe('malformed');
  });

  it('is known from its first wrong byte', () => {
    const reader = new HttpReplyReader(100);
    reader.push(Buffer.from('HTT'));
    expect(() => reader.push(Buffer.from('X'))).toThrow(WireError);
  });
});

describe('what has no end', () => {
  const interim = 'HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n';
  it.each([
    ['headers', `${OK}${'a: b\r\n'.repeat(MAX_FIELD_LINES + 1)}\r\n`, `${OK}${'a: b\r\n'.repeat(MAX_FIELD_LINES)}\r\n`],
    ['one header', `${OK}a: ${'b'.repeat(MAX_HEAD_BYTES)}`, `${OK}a: ${'b'.repeat(MAX_HEAD_BYTES - 30)}\r\n\r\n`],
    ['a status line', `HTTP/1.1 200 ${'x'.repeat(MAX_HEAD_BYTES)}`, `HTTP/1.1 200 ${'x'.repeat(9_000)}\r\n\r\n`],
    ['interim replies', interim.repeat(MAX_INTERIM + 1), `${interim.repeat(MAX_INTERIM)}${OK}\r\n`],
    [
      'a chunk extension',
      `${CHUNKED}1;${'e'.repeat(MAX_CHUNK_LINE)}`,
      `${CHUNKED}1;${'e'.repeat(1_000)}\r\nx\r\n0\r\n\r\n`,
    ],
    ['trailers', `${CHUNKED}0\r\n${'t: u\r\n'.repeat(MAX_FIELD_LINES + 1)}`, `${CHUNKED}0\r\nt: u\r\n\r\n`],
    [
      'chunks of one byte',
      `${CHUNKED}${'1\r\nx\r\n'.repeat(MAX_FRAMING_BYTES / 5 + 1)}`,
      `${CHUNKED}${'1\r\nx\r\n'.repeat(10_000)}0\r\n\r\n`,
    ],
  ])('is refused: %s', (_, endless, fine) => {
    expect(read([endless]).error).toBe('limit');
    expect(read(Array.from(endless)).error).toBe('limit');
    expect(read([fine]).error).toBeUndefined();
  });

  it.each(['gzip, chunked', 'chunked, gzip', 'gzip', 'chunked, chunked'])('nor is %s decoded', (coding) => {
    expect(read([`${OK}transfer-encoding: ${coding}\r\n\r\n`]).error).toBe('limit');
  });

  it('costs no more than its bytes: blanks, single bytes, nothing kept beyond the cap', () => {
    const started = process.cpuUsage();
    read([`${OK}a:${' '.repeat(16_000)}b${' '.repeat(300)}\r\n\r\n`]);
    read(Array.from(`${OK}a: ${'b'.repeat(16_000)}`));
    const reader = new HttpReplyReader(1_000);
    reader.push(Buffer.from(`${OK}\r\n`));
    for (let i = 0; i < 100_000; i++) reader.push(Buffer.from('x'));
    expect(process.cpuUsage(started).user / 1_000).toBeLessThan(1_000);
    expect(reader).toMatchObject({ size: 100_000, truncated: true, body: Buffer.alloc(1_000, 'x') });
  });
});

describe('any bytes', () => {
  const pieces = fc.array(fc.nat({ max: 400 }), { maxLength: 6 });
  const cutAt = (text: string, at: readonly number[]): readonly string[] => {
    const marks = [0, ...at.map((n) => n % (text.length + 1)), text.length].toSorted((a, b) => a - b);
    return marks.slice(1).map((to, i) => text.slice(marks[i], to));
  };
  const token = fc.constantFrom(
    'a',
    'x-y',
    'server',
    'content-type',
    'content-length',
    'transfer-encoding',
    'Ünicode',
    '',
  );
  const value = fc.oneof(fc.constantFrom('1', '5', 'chunked', '', 'gzip', '5\r\ncontent-length: 2'), fc.string());
  const alphabet = fc.constantFrom(
    '\r\n',
    '\n',
    '\r',
    ' ',
    ':',
    ';',
    '0',
    '1',
    '5',
    'a',
    '\0',
    OK,
    'HTTP/1.1 103 E\r\n\r\n',
  );
  const reply = fc.oneof(
    fc.array(alphabet, { maxLength: 40 }).map((parts) => parts.join('')),
    fc.array(alphabet, { maxLength: 40 }).map((parts) => CHUNKED + parts.join('')),
    fc
      .tuple(fc.array(fc.tuple(token, value), { maxLength: 6 }), fc.string())
      .map(([fields, body]) => `${OK}${fields.map(([n, v]) => `${n}: ${v}\r\n`).join('')}\r\n${body}`),
    fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes).toString('latin1')),
  );

  it('are a reply, an end too soon, or refused, the same however they are cut, and never over the cap', () => {
    fc.assert(
      fc.property(reply, pieces, fc.integer({ min: 0, max: 20 }), (text, at, cap) => {
        const whole = read([text], cap);
        expect(read(cutAt(text, at), cap)).toEqual(whole);
        expect(whole.body.length).toBeLessThanOrEqual(cap);
        for (const part of whole.fields ?? []) expect(part).not.toMatch(/[\r\n\0]/u);
      }),
      { numRuns: 10_000 },
    );
  });

  it('that are written as a reply are read as it was written', () => {
    const field = fc.tuple(
      fc.stringMatching(/^x-[a-z0-9]{1,8}$/u),
      fc.stringMatching(/^(?:[!-~](?:[ -~]{0,20}[!-~])?)?$/u),
    );
    const content = fc.array(fc.stringMatching(/^[ -~\r\n]{1,40}$/u), { maxLength: 5 });
    const framing = fc.constantFrom('length', 'chunks', 'end');
    fc.assert(
      fc.property(fc.array(field, { maxLength: 5 }), content, framing, pieces, (fields, parts, how, at) => {
        const body = parts.join('');
        const own = { length: `content-length: ${body.length}`, chunks: 'transfer-encoding: chunked', end: 'x-end: y' };
        const chunks = parts.map((part) => `${part.length.toString(16)};e\r\n${part}\r\n`).join('');
        const text = `${OK}${fields.map(([n, v]) => `${n}: ${v}\r\n`).join('')}${own[how]}\r\n\r\n${
          how === 'chunks' ? `${chunks}0\r\n\r\n` : body
        }`;
        const seen = read(cutAt(text, at));
        expect(seen).toMatchObject({ status: 200, body, truncated: false });
        expect(seen.fields?.slice(0, -2)).toEqual(fields.flat());
      }),
      { numRuns: 10_000 },
    );
  });
});
