/** RethinkDB's first answer and its two pages; whole visits are in test/probes/rethinkdb.test.ts. */
import { describe, expect, it } from 'vitest';
import { END, HANDSHAKE, isHandshakeStart, readHandshake, readInterface, readMe } from '../../lib/wire/rethinkdb.ts';
import { page } from '../support/recorded-site.ts';

describe('the handshake', () => {
  const ANSWER = { success: true, min_protocol_version: 0, max_protocol_version: 0, server_version: '2.4.1' };
  const read = (text: string) => readHandshake(Buffer.from(text));

  it('is four bytes, and the answer ends with NUL', () => {
    expect(HANDSHAKE.toString('hex')).toBe('c3bdc234');
    expect(END).toBe('\0');
  });

  it.each([
    [JSON.stringify(ANSWER), { kind: 'handshake', version: '2.4.1' }],
    [
      JSON.stringify({ ...ANSWER, server_version: 'v'.repeat(41) }),
      { kind: 'handshake', version: `${'v'.repeat(39)}…` },
    ],
    ['ERROR: Received an unsupported protocol version. This port is for RethinkDB queries.\n', { kind: 'old-version' }],
    [`error: ${'x'.repeat(199)}\nrethinkdb`, { kind: 'old-version' }],
  ])('%j, with its end and without', (text, expected) => {
    expect(read(text)).toEqual(expected);
    expect(read(`${text}\0`)).toEqual(expected);
  });

  it.each([
    JSON.stringify({ ...ANSWER, server_version: '' }),
    JSON.stringify({ ...ANSWER, min_protocol_version: '0' }),
    `${JSON.stringify(ANSWER)}\0\0`,
    `\0${JSON.stringify(ANSWER)}`,
    'ERROR: unsupported protocol',
    'an ERROR: RethinkDB',
    `ERROR: ${'x'.repeat(201)}RethinkDB`,
    '',
  ])('%j is none', (text) => {
    expect(() => read(text)).toThrow(
      expect.objectContaining({ name: 'WireError', reason: 'malformed', message: 'no handshake of RethinkDB' }),
    );
  });

  it('may be recognised before it is whole', () => {
    for (const start of ['{', '{"max', '', 'E', 'ERROR', 'ERROR: Rec']) {
      expect(isHandshakeStart(Buffer.from(start)), start).toBe(true);
    }
    for (const other of ['[', 'H', 'ERR: ', 'ERRORS:', 'error: ']) {
      expect(isHandshakeStart(Buffer.from(other)), other).toBe(false);
    }
  });
});

it('the interface is told by its title', () => {
  const title = '<html><TITLE>RethinkDB Administration Console</TITLE>';
  expect(readInterface(page(title))).toEqual({ markers: 1, version: '' });
  expect(readInterface(page(title, 404))).toBeUndefined();
  expect(readInterface(page('RethinkDB Administration Console'))).toBeUndefined();
});

describe('which server the interface talks to', () => {
  const ID = '8f4b2c1e-0a3d-4e5f-9A7B-0123456789ab';
  it.each([`"${ID}"`, JSON.stringify({ id: ID, name: 'x' })])('%s', (body) => {
    expect(readMe(page(body))).toEqual({ rows: [], truncated: false });
    expect(readMe(page(body, 404))).toBeUndefined();
    expect(readMe(page(body, 401))).toBe('refused');
  });

  it.each([
    ID,
    '"me"',
    `"x${ID}"`,
    `"${ID}0"`,
    `{"id":"${ID.slice(0, -1)}"}`,
    `{"id":"${ID.replace('-0a3d', '')}"}`,
    '7',
    '',
  ])('%s is none', (body) => {
    expect(readMe(page(body))).toBeUndefined();
  });
});
