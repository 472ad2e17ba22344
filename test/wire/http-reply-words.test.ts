/** What a refused reply is told to be, each limit at its last byte, and what is known while a reply comes. */
import { describe, expect, it } from 'vitest';
import {
  HttpReplyReader,
  MAX_CHUNK_LINE,
  MAX_FIELD_LINES,
  MAX_FRAMING_BYTES,
  MAX_HEAD_BYTES,
  MAX_INTERIM,
} from '../../lib/wire/http-reply.ts';
import { refusal } from '../support/wire-failure.ts';

const OK = 'HTTP/1.1 200 OK\r\n';
const CHUNKED = `${OK}Transfer-Encoding: Chunked\r\n\r\n`;
function fed(text: string, cap = 100): HttpReplyReader {
  const reader = new HttpReplyReader(cap);
  reader.push(Buffer.from(text, 'latin1'));
  return reader;
}
const bodyOf = (reader: HttpReplyReader): string => reader.body.toString('latin1');

describe('a reply as it comes', () => {
  it('has a head when that is whole, and is done when all of it is', () => {
    const reader = fed('HTTP/1.1 100 Continue\r\nx: y\r\n\r\n');
    expect([reader.head, reader.done, reader.size]).toEqual([undefined, false, 0]);
    reader.push(Buffer.from(`${OK}Server:  a b\t\r\nContent-Length: 3\r\n`));
    expect(reader.head).toBeUndefined();
    reader.push(Buffer.from('\r\nab'));
    expect(reader.head).toEqual({ status: 200, fields: ['Server', 'a b', 'Content-Length', '3'] });
    expect([reader.done, reader.size, bodyOf(reader)]).toEqual([false, 2, 'ab']);
    reader.push(Buffer.from('cdef'));
    expect([reader.done, reader.size, bodyOf(reader), reader.truncated]).toEqual([true, 3, 'abc', false]);
    reader.push(Buffer.from('more'));
    reader.end();
    expect(bodyOf(reader)).toBe('abc');
  });

  it('has no content by its status or its length, and is done with its head', () => {
    for (const text of [
      'HTTP/1.1 204 No\r\ncontent-length: 5\r\n\r\n',
      'HTTP/1.1 304 No\r\ntransfer-encoding: chunked\r\n\r\n',
      `${OK}content-length: 0\r\n\r\n`,
    ])
      expect([fed(text).done, fed(`${text}x`).size]).toEqual([true, 0]);
  });

  it('without a length ends with the stream, and with one not before', () => {
    const open = fed(`${OK}\r\nabc`);
    expect(open.done).toBe(false);
    open.end();
    expect([open.done, bodyOf(open)]).toEqual([true, 'abc']);
    expect(() => fed(`${OK}content-length: 4\r\n\r\nabc`).end()).toThrow(
      refusal('truncated', 'the stream ended in the middle of a content'),
    );
    const identity = fed(`${OK}transfer-encoding: identity\r\n\r\nabc`);
    identity.end();
    expect(bodyOf(identity)).toBe('abc');
  });

  it('in chunks is put together, and ends with the empty one and its trailers', () => {
    const reader = fed(`${CHUNKED}3\r\nabc\r\n00A;x=y\r\n0123456789\r\n0\r\nt: u\r\n`);
    expect([reader.done, bodyOf(reader)]).toEqual([false, 'abc0123456789']);
    reader.push(Buffer.from('\r\n'));
    expect(reader.done).toBe(true);
  });

  it.each([
    ['status', ''],
    ['status', 'HTTP/1.1 2'],
    ['field', OK],
    ['field', `${OK}a: b`],
    ['chunk-size', CHUNKED],
    ['chunk', `${CHUNKED}3\r\nab`],
    ['chunk-end', `${CHUNKED}3\r\nabc`],
    ['trailer', `${CHUNKED}0\r\n`],
  ])('that stops in a %s has not come: %j', (state, text) => {
    expect(() => fed(text).end()).toThrow(refusal('truncated', `the stream ended in the middle of a ${state}`));
  });

  it('keeps so much and counts all of it, however it comes', () => {
    const whole = 'abcdefghij'.repeat(300);
    for (const cap of [0, 1, 1_023, 1_024, 2_999, 3_000, 3_001]) {
      for (const step of [1, 7, 1_024, 3_000]) {
        const reader = fed(`${OK}\r\n`, cap);
        for (let at = 0; at < whole.length; at += step) reader.push(Buffer.from(whole.slice(at, at + step)));
        expect([bodyOf(reader), reader.size, reader.truncated], `${cap} by ${step}`).toEqual([
          whole.slice(0, cap),
          3_000,
          cap < 3_000,
        ]);
      }
    }
  });
});

describe('what is no reply', () => {
  it.each([
    ['not an HTTP/1 status line', 'HTTX'],
    ['not an HTTP/1 status line', 'HTTP/2'],
    ['not a status line', 'HTTP/1.2 200 OK\r\n'],
    ['not a status line', 'HTTP/1.1 099 OK\r\n'],
    ['not a status line', 'HTTP/1.1 200OK\r\n'],
    ['not a status line', 'HTTP/1.1 200 O\x01K\r\n'],
    ['a line without CR', 'HTTP/1.1 200 OK\n'],
    ['not a header line', `${OK}a b: c\r\n`],
    ['not a header line', `${OK}no colon\r\n`],
    ['not a header line', `${OK}: x\r\n`],
    ['not a header line', `${OK}a: \x01\r\n`],
    ['switches protocols unasked', 'HTTP/1.1 101 S\r\n\r\n'],
    ['more than one length', `${OK}content-length: 1\r\nCONTENT-LENGTH: 1\r\n\r\n`],
    ['a length and a transfer coding', `${OK}content-length: 1\r\nTransfer-Encoding: chunked\r\n\r\n`],
    ['not a length', `${OK}content-length: 1x\r\n\r\n`],
    ['not a length', `${OK}content-length: x1\r\n\r\n`],
    ['not a length', `${OK}content-length: ${'1'.repeat(16)}\r\n\r\n`],
    ['not a chunk size', `${CHUNKED}1 \r\n`],
    ['not a chunk size', `${CHUNKED}1;\x01\r\n`],
    ['not a chunk size', `${CHUNKED}123456789\r\n`],
    ['a chunk does not end where it said', `${CHUNKED}1\r\nab\r\n`],
    ['not a header line', `${CHUNKED}0\r\nx\r\n`],
  ])('%s: %j', (message, text) => {
    expect(() => fed(text)).toThrow(refusal('malformed', message));
  });

  it.each(['gzip', 'chunked, chunked', 'Gzip', 'xchunked'])('is coded as %s, which nobody asked for', (coding) => {
    expect(() => fed(`${OK}transfer-encoding: ${coding}\r\n\r\n`)).toThrow(
      refusal('limit', 'a transfer coding nobody asked for'),
    );
    expect(() => fed(`${OK}transfer-encoding: chunked\r\ntransfer-encoding: ${coding}\r\n\r\n`)).toThrow(
      refusal('limit', 'a transfer coding nobody asked for'),
    );
  });
});

describe('a limit', () => {
  it('of a head is its last byte, of each head by itself', () => {
    const head = (bytes: number): string => `${OK}a: ${'b'.repeat(bytes - OK.length - 7)}\r\n\r\n`;
    expect(fed(head(MAX_HEAD_BYTES)).head?.status).toBe(200);
    expect(() => fed(head(MAX_HEAD_BYTES + 1))).toThrow(refusal('limit', `over ${MAX_HEAD_BYTES} bytes of head`));
    const interim = head(MAX_HEAD_BYTES - 20).replace('200 OK', '103 OK');
    expect(fed(`${interim}${head(MAX_HEAD_BYTES)}`).head?.status).toBe(200);
  });

  it('of header lines, in heads and trailers, each by itself', () => {
    const lines = (count: number): string => 'a: b\r\n'.repeat(count);
    const message = `more than ${MAX_FIELD_LINES} header lines`;
    expect(fed(`${OK}${lines(MAX_FIELD_LINES)}\r\n`).head?.fields).toHaveLength(2 * MAX_FIELD_LINES);
    expect(() => fed(`${OK}${lines(MAX_FIELD_LINES + 1)}`)).toThrow(refusal('limit', message));
    const full = `${OK}transfer-encoding: chunked\r\n${lines(MAX_FIELD_LINES - 1)}\r\n0\r\n`;
    expect(fed(`${full}${lines(MAX_FIELD_LINES)}\r\n`).done).toBe(true);
    expect(() => fed(`${full}${lines(MAX_FIELD_LINES + 1)}`)).toThrow(refusal('limit', message));
    expect(fed(`HTTP/1.1 103 E\r\n${lines(60)}\r\n${OK}${lines(60)}\r\n`).head?.status).toBe(200);
  });

  it('of interim replies', () => {
    const interim = 'HTTP/1.1 199 I\r\n\r\n';
    expect(fed(`${interim.repeat(MAX_INTERIM)}${OK}\r\n`).head).toEqual({ status: 200, fields: [] });
    expect(() => fed(interim.repeat(MAX_INTERIM + 1))).toThrow(
      refusal('limit', `more than ${MAX_INTERIM} interim replies`),
    );
  });

  it('of a chunk line, in one piece or many', () => {
    const line = (bytes: number): string => `1;${'e'.repeat(bytes - 4)}\r\n`;
    const message = `a chunk line over ${MAX_CHUNK_LINE} bytes`;
    expect(bodyOf(fed(`${CHUNKED}${line(MAX_CHUNK_LINE)}x`))).toBe('x');
    expect(() => fed(`${CHUNKED}${line(MAX_CHUNK_LINE + 1)}`)).toThrow(refusal('limit', message));
    const reader = fed(CHUNKED);
    for (const byte of line(MAX_CHUNK_LINE)) reader.push(Buffer.from(byte));
    reader.push(Buffer.from('x\r\n'));
    expect(() => {
      for (const byte of line(MAX_CHUNK_LINE + 1)) reader.push(Buffer.from(byte));
    }).toThrow(refusal('limit', message));
  });

  it('of all lines around chunks', () => {
    const chunk = '1\r\nx\r\n';
    const message = `over ${MAX_FRAMING_BYTES} bytes of chunk lines`;
    const count = Math.floor(MAX_FRAMING_BYTES / 5);
    const reader = fed(`${CHUNKED}${chunk.repeat(count)}`);
    expect(reader.size).toBe(count);
    reader.push(Buffer.from('1'));
    expect(() => reader.push(Buffer.from('\r'))).toThrow(refusal('limit', message));
  });
});
