/** The codec; whole visits are in test/probes/postgres.test.ts. */
import { describe, expect, it } from 'vitest';
import {
  MAX_BODY,
  messageHead,
  parseMessage,
  type PgMessage,
  SSL_REQUEST,
  startupFor,
  TERMINATE,
} from '../../lib/wire/postgres.ts';
import { failureOf } from '../support/wire-failure.ts';

const latin1 = (text: string): Buffer => Buffer.from(text, 'latin1');
const auth = (code: number, rest = ''): Buffer => latin1(`\0\0\0${String.fromCharCode(code)}${rest}`);
const head = (tag: string, length: number): Buffer => {
  const bytes = Buffer.alloc(5);
  bytes.write(tag, 'latin1');
  bytes.writeUInt32BE(length, 1);
  return bytes;
};

describe('a message', () => {
  it('has a head that counts its own length, and a body within limits', () => {
    expect(messageHead(head('R', 4))).toEqual({ tag: 'R', bodyLength: 0 });
    expect(messageHead(head('E', MAX_BODY + 4))).toEqual({ tag: 'E', bodyLength: MAX_BODY });
    expect(failureOf(() => messageHead(head('R', 3)))).toEqual([
      'malformed',
      'message R is shorter than its own length field',
    ]);
    expect(failureOf(() => messageHead(head('E', MAX_BODY + 5)))).toEqual([
      'limit',
      `message E of ${MAX_BODY + 1} bytes`,
    ]);
  });

  it.each<[string, string, Buffer, PgMessage]>([
    ['AuthenticationOk', 'R', auth(0), { kind: 'auth', code: 0 }],
    ['a cleartext password', 'R', auth(3), { kind: 'auth', code: 3 }],
    ['md5 with its salt', 'R', auth(5, 'salt'), { kind: 'auth', code: 5 }],
    ['SASL', 'R', auth(10, 'SCRAM-SHA-256\0\0'), { kind: 'auth', code: 10, mechanisms: ['SCRAM-SHA-256'] }],
    [
      'eight mechanisms',
      'R',
      auth(10, `${'A_1-\0'.repeat(8)}\0`),
      { kind: 'auth', code: 10, mechanisms: Array.from({ length: 8 }, () => 'A_1-') },
    ],
    ['more mechanisms than there are', 'R', auth(10, `${'A\0'.repeat(9)}\0`), { kind: 'auth', code: 10 }],
    ['SASL with no mechanism', 'R', auth(10, '\0'), { kind: 'auth', code: 10 }],
    ['SASL with more after its list', 'R', auth(10, 'A\0\0x'), { kind: 'auth', code: 10 }],
    ['SASL whose list does not end', 'R', auth(10, 'A\0'), { kind: 'auth', code: 10 }],
    ['SASL with a name that is none', 'R', auth(10, 'SCRAM SHA\0\0'), { kind: 'auth', code: 10 }],
    ['SASL with a name that ends as none', 'R', auth(10, 'SCRAM\n\0\0'), { kind: 'auth', code: 10 }],
    ['SASL with a name that begins as none', 'R', auth(10, 'xSCRAM\0\0'), { kind: 'auth', code: 10 }],
    [
      'SASL with a name of 64 bytes',
      'R',
      auth(10, `${'A'.repeat(64)}\0\0`),
      { kind: 'auth', code: 10, mechanisms: ['A'.repeat(64)] },
    ],
    ['any other authentication', 'R', auth(99, 'anything'), { kind: 'auth', code: 99 }],
    ['an error', 'E', latin1('SFATAL\0C28000\0Mno\0\0'), { kind: 'error', sqlstate: '28000', text: 'no' }],
    ['an error in any order', 'E', latin1('Mno\0C28P01\0\0'), { kind: 'error', sqlstate: '28P01', text: 'no' }],
    ['an error without words', 'E', latin1('C28000\0\0'), { kind: 'error', sqlstate: '28000', text: '' }],
    ['a parameter', 'S', latin1('a\0b\0'), { kind: 'parameter', name: 'a', value: 'b' }],
    ['a parameter without a value', 'S', latin1('a\0\0'), { kind: 'parameter', name: 'a', value: '' }],
    ['a key', 'K', Buffer.alloc(8), { kind: 'key' }],
    ['a key of protocol 3.2', 'K', Buffer.alloc(260), { kind: 'key' }],
    ['ready', 'Z', latin1('I'), { kind: 'ready' }],
    ['a notice, whatever is in it', 'N', latin1('x'), { kind: 'notice' }],
    ['other versions', 'v', Buffer.alloc(8), { kind: 'negotiate' }],
  ])('%s is read', (_name, tag, body, message) => {
    expect(parseMessage(tag, body)).toStrictEqual(message);
  });

  it.each([
    ['AuthenticationOk with more', 'R', auth(0, 'x'), 'auth message of an impossible length'],
    ['a cleartext password with more', 'R', auth(3, 'x'), 'auth message of an impossible length'],
    ['md5 without its whole salt', 'R', auth(5, 'sal'), 'auth message of an impossible length'],
    ['a parameter without a name', 'S', latin1('\0b\0'), 'parameter message of an impossible length'],
    ['a parameter with more', 'S', latin1('a\0b\0c'), 'parameter message of an impossible length'],
    ['half a key', 'K', Buffer.alloc(7), 'key message of an impossible length'],
    ['more than a key', 'K', Buffer.alloc(261), 'key message of an impossible length'],
    ['ready without a state', 'Z', Buffer.alloc(0), 'ready message of an impossible length'],
    ['half a list of versions', 'v', Buffer.alloc(7), 'negotiate message of an impossible length'],
    ['an error without its code', 'E', latin1('Mno\0\0'), 'error without an SQLSTATE'],
    ['an error with half a code', 'E', latin1('C2800\0\0'), 'error without an SQLSTATE'],
    ['an error with more than a code', 'E', latin1('C280000\0\0'), 'error without an SQLSTATE'],
    ['an error with words before its code', 'E', latin1('Cx28000\0\0'), 'error without an SQLSTATE'],
    ['a row', 'D', latin1('\0\0'), 'not a message that comes before authentication'],
  ])('%s is none', (_name, tag, body, why) => {
    expect(failureOf(() => parseMessage(tag, body))).toEqual(['malformed', why]);
  });

  it('is no error with more than 32 fields', () => {
    const fields = (count: number): Buffer => latin1(`${'Hx\0'.repeat(count)}C28000\0\0`);
    expect(parseMessage('E', fields(30))).toMatchObject({ sqlstate: '28000' });
    expect(failureOf(() => parseMessage('E', fields(31)))).toEqual(['limit', 'error with more than 32 fields']);
  });

  it('of ours asks for TLS, or says goodbye', () => {
    expect([SSL_REQUEST.toString('hex'), TERMINATE.toString('hex')]).toEqual(['0000000804d2162f', '5800000004']);
  });

  it('of ours names a role that nobody has, and the database', () => {
    const sent = startupFor('x');
    expect(sent.readUInt32BE(0)).toBe(sent.length);
    expect(sent.subarray(4).toString('latin1')).toBe(
      '\0\x03\0\0user\0exposure_probe\0database\0x\0application_name\0exposure-probe\0\0',
    );
  });
});
