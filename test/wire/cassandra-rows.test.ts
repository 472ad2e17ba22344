/** Rows of a CQL result, whole, cut and spoilt, and the names that are made of them. */
import { describe, expect, it } from 'vitest';
import type { FrameHead } from '../../lib/wire/cassandra.ts';
import { namesOf } from '../../lib/wire/cassandra-names.ts';
import { parseReply, type Rows } from '../../lib/wire/cassandra-reply.ts';
import { u16, u32 } from '../support/bytes.ts';
import { refusal } from '../support/wire-failure.ts';

const short = (text: string): Buffer => Buffer.concat([u16(text.length), Buffer.from(text)]);
const cell = (text: string | undefined): Buffer =>
  text === undefined ? u32(-1) : Buffer.concat([u32(text.length), Buffer.from(text)]);
const HEAD: FrameHead = { version: 4, flags: 0, opcode: 8, bodyBytes: 0, oversized: false };
const GLOBAL = 1;
const MORE = 2;
const BARE = 4;

interface Result {
  readonly kind?: number;
  readonly flags?: number;
  readonly columns?: number;
  readonly before?: Buffer;
  readonly count?: number;
}
const bytesOf = (
  rows: readonly (readonly (string | undefined)[])[],
  { kind = 2, flags = BARE, columns = 1, before = Buffer.alloc(0), count = rows.length }: Result = {},
): Buffer => Buffer.concat([u32(kind), u32(flags), u32(columns), before, u32(count), ...rows.flat().map(cell)]);
function rowsOf(bytes: Buffer, oversized = false): Rows {
  const reply = parseReply({ ...HEAD, oversized }, bytes);
  if (reply.kind !== 'rows') throw new Error('no rows');
  return reply.rows;
}
const texts = ({ rows, cut }: Rows) => ({ rows: rows.map((row) => row.map((one) => one?.toString())), cut });

describe('rows', () => {
  it('are cells as they came, of which one may be nothing', () => {
    expect(
      texts(
        rowsOf(
          bytesOf(
            [
              ['a', undefined],
              ['', 'b'],
            ],
            { columns: 2 },
          ),
        ),
      ),
    ).toEqual({
      rows: [
        ['a', undefined],
        ['', 'b'],
      ],
      cut: false,
    });
    expect(rowsOf(bytesOf([]))).toEqual({ rows: [], cut: false });
  });

  it('stand behind columns with their types, of one table or of each its own', () => {
    const column = Buffer.concat([short('name'), u16(0x0d)]);
    const table = Buffer.concat([short('system_schema'), short('tables')]);
    const global = { flags: GLOBAL, columns: 2, before: Buffer.concat([table, column, column]) };
    const each = { flags: 0, columns: 2, before: Buffer.concat([table, column, table, column]) };
    for (const result of [global, each])
      expect(texts(rowsOf(bytesOf([['a', 'b']], result))).rows).toEqual([['a', 'b']]);
    for (const type of [0, 0x20, 0x21]) {
      const before = Buffer.concat([table, short('name'), u16(type)]);
      expect(() => rowsOf(bytesOf([['a']], { flags: GLOBAL, before }))).toThrow(
        refusal('malformed', `column of type ${type}`),
      );
    }
    expect(
      texts(rowsOf(bytesOf([['a']], { flags: GLOBAL, before: Buffer.concat([table, short('name'), u16(0x1f)]) }))).rows,
    ).toEqual([['a']]);
  });

  it('of which there are more pages are cut', () => {
    for (const state of [Buffer.concat([u32(3), Buffer.from('abc')]), u32(-1)])
      expect(texts(rowsOf(bytesOf([['a']], { flags: MORE | BARE, before: state })))).toEqual({
        rows: [['a']],
        cut: true,
      });
  });

  it.each([0, 9, -1])('of %d columns are none', (columns) => {
    expect(() => rowsOf(bytesOf([], { columns }))).toThrow(refusal('limit', `${columns} columns`));
  });

  it('are of eight columns at most, ten thousand of them, and none of another kind of result', () => {
    expect(texts(rowsOf(bytesOf([['1', '2', '3', '4', '5', '6', '7', '8']], { columns: 8 }))).rows[0]).toHaveLength(8);
    expect(() => rowsOf(bytesOf([], { kind: 1 }))).toThrow(refusal('malformed', 'a result without rows'));
    expect(() => rowsOf(bytesOf([], { count: -1 }))).toThrow(refusal('malformed', '-1 rows'));
    const many = (count: number): Rows =>
      rowsOf(Buffer.concat([bytesOf([], { count }), Buffer.alloc(4 * count, 0xff)]));
    expect(many(10_000).cut).toBe(false);
    expect([many(10_001).cut, many(10_001).rows.length]).toEqual([true, 10_000]);
  });

  it('that we stopped reading are those that are whole; a server that stops has not answered', () => {
    const whole = bytesOf([['abc'], ['def']]);
    for (let end = whole.length - 6; end < whole.length; end++) {
      expect(texts(rowsOf(whole.subarray(0, end), true)), `${end}`).toEqual({ rows: [['abc']], cut: true });
      expect(() => rowsOf(whole.subarray(0, end))).toThrow(expect.objectContaining({ reason: 'truncated' }));
    }
  });
});

describe('names', () => {
  const text = (...cells: readonly string[]): readonly Buffer[] => cells.map((one) => Buffer.from(one));
  const heard = (...rows: readonly (readonly (Buffer | undefined)[])[]): Rows => ({ rows, cut: false });
  const amount = (value: bigint): Buffer => {
    const bytes = Buffer.alloc(8);
    bytes.writeBigInt64BE(value);
    return bytes;
  };
  const size = (keyspace: string, table: string, count: bigint, mean: bigint) => [
    ...text(keyspace, table),
    amount(count),
    amount(mean),
  ];

  it('are keyspaces and tables, those of users before those of the server', () => {
    const keyspaces = heard(
      text('system'),
      text('shop'),
      text('system_auth'),
      text('dse_perf'),
      text('solr_admin'),
      text('systems'),
      text('my_system'),
    );
    const tables = heard(text('system', 'local'), text('shop', 'users'));
    const { objects, truncated } = namesOf({ keyspaces, tables });
    expect(objects.map(({ name, kind, system }) => `${name} ${kind}${system ? ' of the server' : ''}`)).toEqual([
      ...[
        'shop keyspace',
        'systems keyspace',
        'my_system keyspace',
        'shop.users table',
        'system keyspace of the server',
      ],
      ...[
        'system_auth keyspace of the server',
        'dse_perf keyspace of the server',
        'solr_admin keyspace of the server',
        'system.local table of the server',
      ],
    ]);
    expect(truncated).toBe(false);
    expect(objects[0]).not.toHaveProperty('fields');
  });

  it('have columns where they were asked for, of users alone', () => {
    const columns = heard(
      text('shop', 'users', 'id', 'uuid'),
      text('shop', 'users', 'email', 'text'),
      text('system', 'local', 'key', 'text'),
    );
    const tables = heard(text('shop', 'users'), text('shop', 'bare'), text('system', 'local'));
    const { objects } = namesOf({ keyspaces: heard(), tables, columns });
    expect(objects.map(({ name, fields }) => [name, fields])).toEqual([
      [
        'shop.users',
        [
          { name: 'id', type: 'uuid' },
          { name: 'email', type: 'text' },
        ],
      ],
      ['shop.bare', undefined],
      ['system.local', undefined],
    ]);
  });

  it('have 200 columns of a table, and those of 50 tables, at most', () => {
    const wide = Array.from({ length: 201 }, (_, i) => text('shop', 'wide', `c${i}`, 'text'));
    const many = Array.from({ length: 50 }, (_, i) => text('shop', `t${i}`, 'c', 'text'));
    const tables = heard(text('shop', 'wide'), text('shop', 't48'), text('shop', 't49'));
    const { objects } = namesOf({ keyspaces: heard(), tables, columns: heard(...wide, ...many) });
    expect(objects.map(({ fields }) => fields?.length)).toEqual([200, 1, undefined]);
  });

  it('are as large as the sum of their ranges, where all of it is a number', () => {
    const tables = heard(text('shop', 'users'), text('shop', 'odd'), text('shop', 'huge'));
    const sizes = heard(
      size('shop', 'users', 3n, 10n),
      size('shop', 'users', 2n, 5n),
      size('shop', 'odd', -1n, 10n),
      [...text('shop', 'odd'), Buffer.from('1'), amount(1n)],
      [...text('shop', 'odd'), undefined, amount(1n)],
      size('shop', 'odd', 1n, 2n ** 60n),
      size('shop', 'huge', 2n ** 40n, 2n ** 40n),
    );
    const of = (more: Partial<Parameters<typeof namesOf>[0]>) =>
      namesOf({ keyspaces: heard(), tables, ...more }).objects.map(({ records, bytes }) => [records, bytes]);
    const none = [undefined, undefined];
    expect(of({ sizes })).toEqual([[5, 40], none, none]);
    expect(of({ sizes: { ...sizes, cut: true } })).toEqual([none, none, none]);
  });

  it('are 200 at most, and cut where any list of them was', () => {
    const many = (count: number) => heard(...Array.from({ length: count }, (_, i) => text(`k${i}`)));
    expect(namesOf({ keyspaces: many(200) }).truncated).toBe(false);
    const over = namesOf({ keyspaces: many(201) });
    expect([over.truncated, over.objects.length]).toEqual([true, 200]);
    const cut: Rows = { rows: [], cut: true };
    for (const heardOf of [
      { keyspaces: cut },
      { keyspaces: heard(), tables: cut },
      { keyspaces: heard(), columns: cut },
    ])
      expect(namesOf(heardOf).truncated).toBe(true);
    expect(namesOf({ keyspaces: heard(), tables: heard(), columns: heard(), sizes: cut }).truncated).toBe(false);
  });

  it('of nothing are nothing, and of any length are short', () => {
    expect(namesOf({ keyspaces: heard([undefined]) }).objects[0]?.name).toBe('');
    expect(namesOf({ keyspaces: heard(text('x'.repeat(9_999))) }).objects[0]?.name.length).toBeLessThanOrEqual(1_024);
  });
});
