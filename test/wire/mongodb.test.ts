/** The frames of MongoDB; whole visits are in test/probes/mongodb.test.ts. */
import { describe, expect, it } from 'vitest';
import { encodeBson, MAX_DOCUMENT } from '../../lib/wire/bson.ts';
import { opMsg, opQuery, parseReply, type ReplyHead, replyHead } from '../../lib/wire/mongodb.ts';
import { failureOf } from '../support/wire-failure.ts';

const int32 = (...values: readonly number[]): Buffer => {
  const bytes = Buffer.alloc(4 * values.length);
  for (const [i, value] of values.entries()) bytes.writeInt32LE(value, 4 * i);
  return bytes;
};
const OK = encodeBson({ ok: 1 });
const MSG: ReplyHead = { opcode: 2013, bodyBytes: 0, oversized: false };
const REPLY: ReplyHead = { opcode: 1, bodyBytes: 0, oversized: false };
const msg = (flags: number, document: Buffer, section = 0, after = 0): Buffer =>
  Buffer.concat([int32(flags), Buffer.from([section]), document, Buffer.alloc(after)]);

describe('a request', () => {
  it('is a header that counts everything, and one document', () => {
    const document = encodeBson({ ping: 1 });
    expect(opMsg(7, { ping: 1 })).toEqual(
      Buffer.concat([int32(21 + document.length, 7, 0, 2013), Buffer.alloc(5), document]),
    );
    expect(opQuery(8, { ping: 1 })).toEqual(
      Buffer.concat([
        int32(16 + 4 + 11 + 8 + document.length, 8, 0, 2004, 0),
        Buffer.from('admin.$cmd\0'),
        int32(0, -1),
        document,
      ]),
    );
  });
});

describe('the head of a reply', () => {
  it.each([2013, 1])('of opcode %i says how much to read', (opcode) => {
    expect(replyHead(int32(16 + 10, 99, 7, opcode), 7)).toEqual({ opcode, bodyBytes: 10, oversized: false });
    expect(replyHead(int32(16 + MAX_DOCUMENT, 99, 7, opcode), 7)).toEqual({
      opcode,
      bodyBytes: MAX_DOCUMENT,
      oversized: false,
    });
    expect(replyHead(int32(16 + MAX_DOCUMENT + 1, 99, 7, opcode), 7)).toEqual({
      opcode,
      bodyBytes: MAX_DOCUMENT,
      oversized: true,
    });
  });

  it.each([
    ['of another opcode', int32(26, 0, 7, 2012), 'opcode 2012'],
    ['to somebody else', int32(26, 0, 8, 2013), 'reply to 8, not to 7'],
    ['without a document', int32(25, 0, 7, 2013), 'reply with a body of 9 bytes'],
  ])('is none %s', (_name, head, why) => {
    expect(failureOf(() => replyHead(head, 7))).toEqual(['malformed', why]);
  });
});

describe('a reply', () => {
  const whole = { document: new Map([['ok', 1]]), cut: false };

  it('is one document behind its head, with a checksum after it where the flags say so', () => {
    expect(parseReply(MSG, msg(0, OK))).toEqual(whole);
    expect(parseReply(MSG, msg(1, OK, 0, 4))).toEqual(whole);
    expect(parseReply(MSG, msg(2, OK))).toEqual(whole);
    expect(parseReply(MSG, msg(0x7fff_0000, OK))).toEqual(whole);
    expect(parseReply(REPLY, Buffer.concat([int32(1, 2, 3, 4, 1), OK]))).toEqual(whole);
  });

  it.each([
    ['with a flag that must be understood', MSG, msg(4, OK), 'flags 4'],
    ['that begins with another section', MSG, msg(0, OK, 1), 'first section is not a body'],
    ['of two documents', REPLY, Buffer.concat([int32(0, 0, 0, 0, 2), OK]), 'not exactly one document'],
    ['of a document that is none', MSG, msg(0, Buffer.concat([OK, OK])), 'document length does not fit'],
  ])('is none %s', (_name, head, body, why) => {
    expect(failureOf(() => parseReply(head, body))).toEqual(['malformed', why]);
  });

  it('that is larger than we read is its start, whether its head says so or its document', () => {
    const many = encodeBson(Object.fromEntries(Array.from({ length: 2_001 }, (_, i) => [`k${i}`, i])));
    expect(parseReply(MSG, msg(0, many))).toMatchObject({ cut: true });
    const start = msg(0, many).subarray(0, 100);
    const read = parseReply({ ...MSG, oversized: true }, start);
    expect([read.cut, read.document.get('k0')]).toEqual([true, 0]);
    expect(failureOf(() => parseReply(MSG, start))[0]).toBe('malformed');
  });
});
