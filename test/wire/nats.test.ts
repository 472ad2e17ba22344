/** Lines and pages of a NATS server; whole visits are in test/probes/nats.test.ts. */
import { describe, expect, it } from 'vitest';
import { CONNECT_PING, readAnswer, readInfo, readStreams, readVarz } from '../../lib/wire/nats.ts';
import type { Rows } from '../../lib/wire/listing.ts';
import { page } from '../support/recorded-site.ts';

it('what is sent names itself, no user and no key, and asks for an answer', () => {
  const [connect, ping, end] = CONNECT_PING.toString('utf8').split('\r\n');
  expect(JSON.parse(connect?.replace('CONNECT ', '') ?? '')).toEqual({
    verbose: false,
    pedantic: false,
    tls_required: false,
    name: 'exposure-probe',
    lang: 'exposure-probe',
    version: '1',
    protocol: 0,
  });
  expect([connect?.startsWith('CONNECT {'), ping, end]).toEqual([true, 'PING', '']);
});

describe('the first line', () => {
  const INFO = { server_id: 'NCX', version: '2.9.21', max_payload: 1_048_576 };
  const read = (body: object, word = 'INFO ') => readInfo(Buffer.from(`${word}${JSON.stringify(body)}\r\n`));
  const open = { version: '2.9.21', authRequired: false, tlsRequired: false, tlsAvailable: false, hasNonce: false };

  it.each([
    [{}, open],
    [{ auth_required: true }, { ...open, authRequired: true }],
    [{ tls_required: true }, { ...open, tlsRequired: true }],
    [{ tls_available: true }, { ...open, tlsAvailable: true }],
    [{ nonce: 'abc' }, { ...open, hasNonce: true }],
    [{ auth_required: 'true', tls_required: 1, tls_available: 'x', nonce: '' }, open],
    [{ version: 'v'.repeat(41) }, { ...open, version: `${'v'.repeat(39)}…` }],
  ])('with %j', (over, expected) => {
    expect(read({ ...INFO, ...over })).toEqual(expected);
    expect(read({ ...INFO, ...over }, 'info\t')).toEqual(expected);
  });

  it.each([{ server_id: '' }, { version: '' }, { version: 2 }, { max_payload: '1048576' }])(
    'with %j is none',
    (over) => {
      expect(read({ ...INFO, ...over })).toBeUndefined();
    },
  );

  it.each(['', 'an INFO ', 'INFOS ', '+OK '])('after "%s" is none', (word) => {
    expect(read(INFO, word)).toBeUndefined();
  });
});

describe('an answer', () => {
  it.each<[string, unknown]>([
    ['PONG\r\n', { kind: 'pong' }],
    ["-ERR 'Authorization Violation'\r\n", { kind: 'error', text: 'Authorization Violation' }],
    ['-err Secure Connection - TLS Required\r\n', { kind: 'error', text: 'Secure Connection - TLS Required' }],
    [`-ERR '${'x'.repeat(101)}'\r\n`, { kind: 'error', text: `${'x'.repeat(99)}…` }],
    ["-ERR 'a\nb'\r\n", { kind: 'error', text: 'a b' }],
    ["-ERR''\r\n", { kind: 'error', text: '' }],
    ['PING\r\n', undefined],
    ['+OK\r\n', undefined],
    ['INFO {}\r\n', undefined],
  ])('%j', (line, expected) => {
    expect(readAnswer(Buffer.from(line))).toEqual(expected);
  });

  it.each(['', 'pong', 'PONG PONG', 'INFORM', 'so -ERR no', '+OKAY', 'HTTP/1.1 400'])('%j is none', (line) => {
    expect(() => readAnswer(Buffer.from(`${line}\r\n`))).toThrow(
      expect.objectContaining({ name: 'WireError', reason: 'malformed', message: 'no line of a NATS server' }),
    );
  });
});

describe('the page of its state', () => {
  const VARZ = { server_id: 'NCX', version: '2.9.21', max_payload: 1, total_connections: 5 };
  it('has four members', () => {
    expect(readVarz(page(VARZ))).toEqual({ markers: 2, version: '2.9.21' });
    for (const over of [{ server_id: '' }, { version: '' }, { max_payload: '1' }, { total_connections: null }]) {
      expect(readVarz(page({ ...VARZ, ...over })), JSON.stringify(over)).toBeUndefined();
    }
    for (const status of [201, 401, 404]) expect(readVarz(page(VARZ, status))).toBeUndefined();
  });
});

describe('streams', () => {
  const stream = (name: unknown, messages: unknown = 5, bytes: unknown = 90) => ({ name, state: { messages, bytes } });
  const account = (...streams: unknown[]) => ({ name: '$G', stream_detail: streams });
  const row = (name: string) => ({ name, records: 5, bytes: 90 });
  const many = (count: number) => Array.from({ length: count }, (_, n) => stream(`s${n}`));

  it.each<[string, unknown, Rows | undefined]>([
    [
      'of every account',
      { account_details: [account(stream('a'), stream('b')), account(stream('c'))] },
      { rows: [row('a'), row('b'), row('c')], truncated: false },
    ],
    [
      'without counts',
      { account_details: [account({ name: 'a' }, stream('b', -1, '9'))] },
      { rows: [{ name: 'a' }, { name: 'b' }], truncated: false },
    ],
    [
      'without a name',
      { account_details: [account(stream(''), stream(7), stream('a'))] },
      { rows: [row('a')], truncated: false },
    ],
    [
      'of an account without any',
      { account_details: [{ name: '$G' }, { stream_detail: 'x' }] },
      { rows: [], truncated: false },
    ],
    ['of no account', { account_details: [] }, { rows: [], truncated: false }],
    ['of none, left out', { streams: 0 }, { rows: [], truncated: false }],
    ['of what is no page of it', [account(stream('a'))], undefined],
    ['of a page', '<html>', undefined],
  ])('%s', (_name, body, expected) => {
    expect(readStreams(page(body))).toEqual(expected);
    expect(readStreams(page(body, 404))).toBeUndefined();
  });

  it('are at most 200 of at most 200 accounts, and cut where there are more', () => {
    const of = (...accounts: unknown[]) => readStreams(page({ account_details: accounts }));
    expect(of(account(...many(200)))).toMatchObject({ truncated: false, rows: { length: 200 } });
    expect(of(account(...many(201)))).toMatchObject({ truncated: true, rows: { length: 200 } });
    expect(of(account(...many(199)), account(stream('a'), stream('b')))).toMatchObject({
      truncated: true,
      rows: { length: 200 },
    });
    const accounts = (count: number) => Array.from({ length: count }, () => account());
    expect(of(...accounts(199), account(stream('a')))).toEqual({ rows: [row('a')], truncated: false });
    expect(of(...accounts(200), account(stream('a')))).toEqual({ rows: [], truncated: true });
  });

  it('cut by our own cap are as open as a whole list', () => {
    const whole = JSON.stringify({ account_details: [account(stream('a'), stream('b'))] });
    const body = Buffer.from(whole.slice(0, -25));
    expect(readStreams({ ...page(''), body, truncated: true })).toEqual({ rows: [row('a')], truncated: true });
  });
});
