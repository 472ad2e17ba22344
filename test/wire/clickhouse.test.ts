/** ClickHouse's answers over HTTP one by one; whole visits are in test/probes/clickhouse.test.ts. */
import { describe, expect, it } from 'vitest';
import { exceptionOf, readColumns, readTables, readVersion } from '../../lib/wire/clickhouse.ts';
import { page } from '../support/recorded-site.ts';

const HEADER = { 'x-clickhouse-summary': '{}' };
const table = (...data: readonly unknown[]) => ({ meta: [], data, rows: data.length });

describe('a version', () => {
  it.each(['23.8.2.7', '1.1', '21.3.20-alpine', '2023.1.2.3.4'])('%s is told', (version) => {
    expect(readVersion(page(table([version])))).toEqual({ markers: 1, version, code: undefined });
    expect(readVersion(page(table([version]), 200, HEADER))).toEqual({ markers: 2, version, code: undefined });
    expect(readVersion(page(table([version]), 200, { 'y-clickhouse-x': '', 'clickhouse-x': '' }))?.markers).toBe(1);
  });

  it.each([
    ['two rows', table(['23.8.2'], ['23.8.2'])],
    ['no row', table()],
    ['an empty row', table([])],
    ['a number', table([23.8])],
    ['one number', table(['23'])],
    ['a word', table(['v23.8'])],
    ['a year too many', table(['12345.1'])],
    ['no list of columns', { data: [['23.8.2']] }],
    ['columns that are none', { meta: {}, data: [['23.8.2']] }],
    ['rows that are none', { meta: [], data: '23.8.2' }],
    ['no JSON', '23.8.2'],
  ])('is none in %s', (_what, body) => {
    expect(readVersion(page(body, 200, HEADER))).toBeUndefined();
  });

  it('is of a 200 alone', () => {
    for (const status of [201, 204, 500]) expect(readVersion(page(table(['23.8.2']), status, HEADER))).toBeUndefined();
  });

  it('that is refused says by which exception', () => {
    const words = 'Code: 516. DB::Exception: default: Authentication failed';
    expect(readVersion(page(words, 403))).toEqual({ markers: 1, version: '', code: 516 });
    expect(readVersion(page(words, 403, HEADER))).toEqual({ markers: 2, version: '', code: 516 });
  });
});

describe('an exception', () => {
  it.each([
    ['Code: 194, e.displayText() = DB::Exception: Password required', 194],
    ['Code: 516. DB::Exception: default: Authentication failed', 516],
    ['Code: 210. DB::NetException: Connection refused', 210],
    ['Code: 516. DB::Exceptional', 516],
    [`Code: 1. ${' '.repeat(39)}DB::Exception`, 1],
    [`Code: 1. ${' '.repeat(40)}DB::Exception`, undefined],
    ['Code: 516: DB::Exception', undefined],
    ['Code: 123456. DB::Exception', undefined],
    ['Code: x. DB::Exception', undefined],
    [' Code: 516. DB::Exception', undefined],
    ['Code: 516. Exception', undefined],
    [`Code: 516. DB::${'a'.repeat(21)}Exception`, undefined],
    ['', undefined],
  ])('%j: %s', (body, code) => {
    expect(exceptionOf(page(body, 500))).toBe(code);
  });

  it('may stand in a header alone; the text comes first; in a 200 there is none', () => {
    const header = (code: string) => ({ 'x-clickhouse-exception-code': code });
    expect(exceptionOf(page('', 500, header('194')))).toBe(194);
    for (const code of ['', 'x', '1234567', '19 4', 'x194', '194x'])
      expect(exceptionOf(page('', 500, header(code)))).toBeUndefined();
    expect(exceptionOf(page('Code: 516. DB::Exception', 500, header('194')))).toBe(516);
    expect(exceptionOf(page('Code: 516. DB::Exception', 200, header('194')))).toBeUndefined();
  });
});

describe('tables', () => {
  it('have names behind their databases, and rows and bytes where the server counts', () => {
    const rows = [
      ['logs', 'visits', '12', 4_096],
      ['logs', 'view', null, null],
      ['a', 'b'],
      ['a', 'c', '1e3', -1],
      ['a', 'd', 0, '0'],
    ];
    expect(readTables(page(table(...rows)))).toEqual({
      objects: [
        { name: 'logs.visits', records: 12, bytes: 4_096 },
        { name: 'logs.view' },
        { name: 'a.b' },
        { name: 'a.c' },
        { name: 'a.d', records: 0, bytes: 0 },
      ],
      truncated: false,
    });
  });

  it.each([1.5, '1.5', ' 1', '9'.repeat(16), true, 2 ** 53, 'x1', '1x'])('are not counted by %j', (amount) => {
    expect(readTables(page(table(['a', 'b', amount, amount])))?.objects).toEqual([{ name: 'a.b' }]);
  });

  it('are 200 at most, and full is told as cut: the question had that limit', () => {
    const many = (count: number) => page(table(...Array.from({ length: count }, (_, i) => ['a', `t${i}`])));
    expect(readTables(many(199))).toMatchObject({ truncated: false });
    expect(readTables(many(200))).toMatchObject({ truncated: true });
    expect(readTables(many(201))?.objects).toHaveLength(200);
    expect(readTables({ ...many(1), truncated: true })?.truncated).toBe(true);
  });

  it('that hit the cap are those that are whole', () => {
    const text = '{"meta":[{"name":"database"}],"data":[["a","b"],["a","c"],["a","d';
    expect(readTables({ ...page(text), truncated: true })).toEqual({
      objects: [{ name: 'a.b' }, { name: 'a.c' }],
      truncated: true,
    });
  });

  it('of rows that are none are none, and rows that are none are passed over', () => {
    expect(readTables(page(table([1, 'b'], ['a', 2])))).toBeUndefined();
    expect(readTables(page(table('x', { a: 1 }, ['a', 'b'])))?.objects).toEqual([{ name: 'a.b' }]);
    expect(readTables(page(table([1, 'b'], ['a', 'b'])))?.objects).toEqual([{ name: 'a.b' }]);
    expect(readTables(page(table()))).toEqual({ objects: [], truncated: false });
    expect(readTables(page({ data: [] }))).toBeUndefined();
    for (const status of [201, 403, 500]) expect(readTables(page(table(['a', 'b']), status))).toBeUndefined();
  });

  it('have no names longer than they may be', () => {
    expect(readTables(page(table(['d'.repeat(300), 'x'])))?.objects[0]?.name.length).toBeLessThanOrEqual(256);
  });
});

describe('columns', () => {
  const columns = (rows: readonly unknown[], status = 200) =>
    Object.fromEntries(readColumns(page(table(...rows), status)));

  it('are fields of their tables, with types', () => {
    const rows = [
      ['a', 't', 'id', 'UInt64'],
      ['b', 't', 'id', 'String'],
      ['a', 't', 'email', 'String'],
    ];
    expect(columns(rows)).toEqual({
      'a.t': [
        { name: 'id', type: 'UInt64' },
        { name: 'email', type: 'String' },
      ],
      'b.t': [{ name: 'id', type: 'String' }],
    });
  });

  it('of rows that are none, or of another status, are none', () => {
    expect(
      columns([
        ['a', 't', 'id'],
        [1, 't', 'id', 'x'],
        ['a', 2, 'id', 'x'],
        ['a', 't', 3, 'x'],
        ['a', 't', 'id', 4],
        'x',
      ]),
    ).toEqual({});
    expect(columns([['a', 't', 'id', 'x']], 500)).toEqual({});
    expect(readColumns(page('no')).size).toBe(0);
  });

  it('are 200 of a table and of 50 tables at most', () => {
    const wide = Array.from({ length: 201 }, (_, i) => ['a', 't', `f${i}`, 'String']);
    const more = ['z', 't', 'id', 'String'];
    const found = columns([...wide, more]);
    expect([found['a.t']?.length, found['z.t']?.length]).toEqual([200, 1]);
    const tables = Array.from({ length: 51 }, (_, i) => ['a', `t${i}`, 'id', 'String']);
    const many = columns([...tables, ['a', 't0', 'late', 'String']]);
    expect(Object.keys(many)).toHaveLength(50);
    expect(many['a.t0']).toEqual([
      { name: 'id', type: 'String' },
      { name: 'late', type: 'String' },
    ]);
  });

  it('have names and types no longer than they may be', () => {
    const [entry] = Object.entries(columns([['d'.repeat(300), 't', 'f'.repeat(300), 'T'.repeat(99)]]));
    const [name, [field]] = entry ?? ['', []];
    expect(name.length).toBeLessThanOrEqual(256);
    expect(field?.name.length).toBeLessThanOrEqual(256);
    expect(field?.type.length).toBeLessThanOrEqual(41);
  });
});
