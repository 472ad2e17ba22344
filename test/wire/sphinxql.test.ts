/** Packets and pages of Manticore and Sphinx; whole visits are in test/probes/manticore.test.ts. */
import { describe, expect, it } from 'vitest';
import {
  API_GREETING,
  LOGIN,
  QUIT,
  readLogin,
  readSql,
  readSqlList,
  readTables,
  SHOW_TABLES,
} from '../../lib/wire/sphinxql.ts';
import { WireError } from '../../lib/wire/error.ts';
import { page } from '../support/recorded-site.ts';
import { hex } from '../support/bytes.ts';

const packet = (payload: Buffer, length = payload.length): Buffer => {
  const head = Buffer.alloc(4);
  head.writeUIntLE(length, 0, 3);
  return Buffer.concat([head, payload]);
};
/** Hands over what is asked for, and no more than there is. */
function source(...packets: readonly Buffer[]): (count: number) => Promise<Buffer> {
  const bytes = Buffer.concat(packets);
  let at = 0;
  return async (count) => {
    if (at + count > bytes.length) throw new WireError('truncated', 'no more came');
    at += count;
    return bytes.subarray(at - count, at);
  };
}
const refusal = (reason: string, message: unknown) => ({ name: 'WireError', reason, message });

it('what is sent is a login of nobody, the question, and the end', () => {
  expect(API_GREETING.toString('hex')).toBe('00000001');
  expect(LOGIN.toString('hex')).toBe(`22000001 00820000 00000001 21 ${'00'.repeat(23)} 0000`.replaceAll(' ', ''));
  expect(SHOW_TABLES).toEqual(Buffer.concat([hex('0c000000 03'), Buffer.from('SHOW TABLES')]));
  expect(QUIT.toString('hex')).toBe('0100000001');
});

describe('the login', () => {
  const denied = (text: string) => packet(Buffer.concat([hex('ff 1504'), Buffer.from(text)]));
  it.each<[string, Buffer, unknown]>([
    ['taken', packet(hex('00 00 00 0200 0000')), undefined],
    ['refused', denied('#28000Access denied'), { code: 1045, text: '#28000Access denied' }],
    ['refused without a word', denied(''), { code: 1045, text: '' }],
    ['refused at length', denied('x'.repeat(201)), { code: 1045, text: 'x'.repeat(200) }],
  ])('%s', async (_name, bytes, expected) => {
    expect(await readLogin(source(bytes))).toEqual(expected);
  });

  it.each<[string, Buffer, string, string]>([
    ['another word', packet(hex('fe')), 'malformed', 'neither OK nor an error'],
    ['no byte', packet(hex('')), 'limit', 'packet of 0 bytes'],
    ['4,097 bytes', packet(Buffer.alloc(4_097)), 'limit', 'packet of 4097 bytes'],
    ['16 MiB', packet(hex(''), 0xff_ffff), 'limit', 'packet of 16777215 bytes'],
    ['half a code', packet(hex('ff15')), 'truncated', 'wanted 2 bytes, 1 left'],
  ])('of %s is neither', async (_name, bytes, reason, message) => {
    await expect(readLogin(source(bytes))).rejects.toMatchObject(refusal(reason, message));
  });

  it('of 4,096 bytes is read', async () => {
    expect(await readLogin(source(packet(Buffer.alloc(4_096))))).toBeUndefined();
  });
});

describe('tables', () => {
  const END = packet(hex('fe 0000 0200'));
  const COLUMN = packet(Buffer.from('a column'));
  const row = (name: string, prefix: Buffer = Buffer.from([name.length])): Buffer =>
    packet(Buffer.concat([prefix, Buffer.from(`${name}\u0002rt`)]));
  const head = (columns: number): Buffer[] => [
    packet(Buffer.from([columns])),
    ...Array.from({ length: columns }, () => COLUMN),
    END,
  ];
  const rows = (...names: string[]) => ({ rows: names.map((name) => ({ name })), truncated: false });

  it.each<[string, readonly Buffer[], unknown]>([
    ['of two columns', [...head(2), row('users'), row('events'), END], rows('users', 'events')],
    ['of none', [...head(2), END], rows()],
    ['of 16 columns', [...head(16), row('users'), END], rows('users')],
    ['with a long name', [...head(1), row('n'.repeat(250)), END], rows('n'.repeat(250))],
    ['with a longer one', [...head(1), row('n'.repeat(251), hex('fc fb00')), END], rows('n'.repeat(251))],
    ['up to an end of 8 bytes', [...head(1), packet(hex('fe 0000 0200 000000'))], rows()],
    ['refused', [packet(Buffer.concat([hex('ff 2804'), Buffer.from('no')]))], { code: 1064, text: 'no' }],
  ])('%s', async (_name, packets, expected) => {
    expect(await readTables(source(...packets))).toEqual(expected);
  });

  it('are at most 200, and what comes behind them is not read', async () => {
    const many = (count: number) => Array.from({ length: count }, (_, n) => row(`t${n}`));
    expect(await readTables(source(...head(2), ...many(199), END))).toMatchObject({
      truncated: false,
      rows: { length: 199 },
    });
    expect(await readTables(source(...head(2), ...many(200)))).toMatchObject({
      truncated: true,
      rows: { length: 200 },
    });
  });

  it.each<[string, readonly Buffer[], string, string]>([
    ['no column', [packet(hex('00'))], 'malformed', 'no table of columns'],
    ['17 columns', head(17), 'malformed', 'no table of columns'],
    ['a count of two bytes', [packet(hex('0200')), COLUMN, COLUMN, END, END], 'malformed', 'no table of columns'],
    ['a column too many', [packet(hex('01')), COLUMN, COLUMN, END], 'malformed', 'no end of columns'],
    [
      'an end of 9 bytes',
      [packet(hex('01')), COLUMN, packet(hex('fe 0000 0200 00000000')), END],
      'malformed',
      'no end of columns',
    ],
    ['a name that is null', [...head(1), packet(hex('fb'))], 'malformed', 'a row without a name'],
    ['a name of no length', [...head(1), packet(hex('00'))], 'malformed', 'a row without a name'],
    ['a name of three bytes of length', [...head(1), packet(hex('fd 010000 61'))], 'malformed', 'a row without a name'],
    ['a name longer than its row', [...head(1), packet(hex('05 61'))], 'truncated', 'wanted 5 bytes, 1 left'],
    ['no end', [...head(1), row('users')], 'truncated', 'no more came'],
  ])('with %s are none', async (_name, packets, reason, message) => {
    await expect(readTables(source(...packets))).rejects.toMatchObject(refusal(reason, message));
  });
});

describe('tables over HTTP', () => {
  const result = (column: string, data: unknown, error: unknown = '') => ({
    columns: [{ [column]: { type: 'string' } }, { Type: { type: 'string' } }],
    data,
    total: 1,
    error,
    warning: '',
  });
  const users = [{ Table: 'users', Type: 'rt' }];
  it.each<[string, unknown, readonly string[]]>([
    ['of Manticore', [result('Table', users)], ['users']],
    ['of Sphinx', [result('Index', [{ Index: 'users' }, { Index: '' }])], ['users']],
    ['of none', [result('Table', [])], []],
  ])('%s', (_name, body, names) => {
    const rows = names.map((name) => ({ name }));
    expect(readSqlList(page(body))).toEqual({ rows, truncated: false });
    expect(readSql(page(body))).toEqual({ markers: 2, version: '' });
    for (const status of [401, 404, 500]) expect(readSqlList(page(body, status))).toBeUndefined();
  });

  it.each<[string, unknown]>([
    ['of two results', [result('Table', users), result('Table', users)]],
    ['of no result', []],
    ['in no list', result('Table', users)],
    ['of other columns', [result('Name', users)]],
    ['of columns in no list', [{ ...result('Table', users), columns: { 0: { Table: {} } } }]],
    ['of a column that is none', [{ ...result('Table', users), columns: [{ Table: 'string' }] }]],
    ['with an error', [result('Table', users, 'no')]],
    ['without a word on errors', [{ ...result('Table', users), error: undefined }]],
    ['of something else', [result('Table', 'users')]],
  ])('%s are none', (_name, body) => {
    expect(readSqlList(page(body))).toBeUndefined();
    expect(readSql(page(body))).toBeUndefined();
  });

  it('cut by our own cap are as open as a whole list; the word on errors comes behind it', () => {
    const body = Buffer.from('[{"columns":[{"Table":{"type":"string"}}],"data":[{"Table":"users"},{"Tab');
    expect(readSqlList({ ...page(''), body, truncated: true })).toEqual({ rows: [{ name: 'users' }], truncated: true });
    expect(readSqlList({ ...page(''), body })).toBeUndefined();
  });
});
