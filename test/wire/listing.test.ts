/** What lists of names have in common, whoever sent them. */
import { describe, expect, it } from 'vitest';
import {
  amounts,
  fieldsOf,
  nameOf,
  plainRows,
  type Row,
  rowsOf,
  type Rows,
  unlessRefused,
  within,
} from '../../lib/wire/listing.ts';
import { textMember } from '../../lib/wire/json.ts';
import { page } from '../support/recorded-site.ts';

const names = (count: number): string[] => Array.from({ length: count }, (_, n) => `n${n}`);
const PAGE = page('');
const CUT = { ...PAGE, truncated: true };

describe('a list', () => {
  it.each<[string, unknown, Rows | undefined]>([
    ['of names', ['a', 'b'], { rows: [{ name: 'a' }, { name: 'b' }], truncated: false }],
    ['of nothing', [], { rows: [], truncated: false }],
    ['with what is no name among them', ['a', '', 7, null], { rows: [{ name: 'a' }], truncated: false }],
    ['of what are no names', ['', 7], undefined],
    ['that is an object', { a: 'b' }, undefined],
    ['that did not come', undefined, undefined],
  ])('%s', (_name, items, expected) => {
    expect(plainRows(items, PAGE)).toEqual(expected);
    expect(plainRows(items, CUT)).toEqual(expected === undefined ? undefined : { ...expected, truncated: true });
  });

  it('has at most 200 rows, and says where there were more', () => {
    expect(plainRows(names(200), PAGE)).toMatchObject({ truncated: false, rows: { length: 200 } });
    expect(plainRows(names(201), PAGE)).toMatchObject({ truncated: true, rows: { length: 200 } });
    const row = rowsOf([1, 2], PAGE, (item) => (item === 2 ? { name: 'two' } : undefined));
    expect(row).toEqual({ rows: [{ name: 'two' }], truncated: false });
  });
});

it.each([
  ['users', 'users'],
  ['n'.repeat(255), 'n'.repeat(255)],
  ['n'.repeat(256), `${'n'.repeat(254)}…`],
  ['a\u0000b', 'aU+0000b'],
  ['', undefined],
  [7, undefined],
  [null, undefined],
  [['a'], undefined],
])('the name of %j is %j', (value, name) => {
  expect(nameOf(value)).toBe(name);
});

describe('a status', () => {
  const rows: Rows = { rows: [], truncated: false };
  const walled = { 'x-amzn-waf-action': 'challenge' };
  it.each([
    [200, {}, rows],
    [401, {}, 'refused'],
    [403, {}, 'refused'],
    [401, walled, undefined],
    [403, walled, undefined],
    [201, {}, undefined],
    [404, {}, undefined],
    [500, {}, undefined],
  ])('of %i with %j is %j', (status, headers, expected) => {
    expect(unlessRefused(page('', status, headers), () => rows)).toEqual(expected);
    if (expected === rows) expect(unlessRefused(page('', status, headers), () => undefined)).toBeUndefined();
  });
});

it('amounts are whole numbers from 0 up, each by itself', () => {
  expect(amounts({ records: 5, bytes: 0 })).toEqual({ records: 5, bytes: 0 });
  expect(amounts({ records: 0 })).toEqual({ records: 0 });
  expect(amounts({ bytes: 2 ** 53 - 1 })).toEqual({ bytes: 2 ** 53 - 1 });
  for (const none of [-1, 0.5, Number.NaN, 2 ** 53, '5', null, undefined, [5]]) {
    expect(Object.keys(amounts({ records: none, bytes: none })), String(none)).toEqual([]);
  }
});

describe('fields', () => {
  const typeOf = (field: unknown): string => textMember(field, 'type');
  it.each([
    ['by name', { a: { type: 'text' }, b: { type: 7 }, '': { type: 'x' } }],
    ['in a list', [{ name: 'a', type: 'text' }, { name: 'b' }, { type: 'x' }, 7]],
  ])('%s', (_name, value) => {
    expect(fieldsOf(value, typeOf)).toEqual([
      { name: 'a', type: 'text' },
      { name: 'b', type: '' },
    ]);
  });

  it('are at most 200, and a type at most 40 characters', () => {
    const many = names(201).map((name) => ({ name, type: 't'.repeat(41) }));
    expect(fieldsOf(many, typeOf)).toHaveLength(200);
    expect(fieldsOf(Object.fromEntries(names(201).map((name) => [name, {}])), typeOf)).toHaveLength(200);
    expect(fieldsOf(many, typeOf)[0]?.type).toBe(`${'t'.repeat(39)}…`);
    expect(fieldsOf(many.slice(0, 1), () => 't'.repeat(40))[0]?.type).toBe('t'.repeat(40));
  });

  it('of nothing are none', () => {
    for (const none of [undefined, null, 7, 'text']) expect(fieldsOf(none, typeOf)).toEqual([]);
  });
});

describe('what is shown', () => {
  const fields = [{ name: 'email', type: 'text' }];
  const rows: readonly Row[] = names(51).map((name) => ({ name, records: 1, bytes: 2, fields }));

  it('at metadata level 2 are fields of the first 50', () => {
    const { rows: shown, truncated } = within({ rows, truncated: true }, 2);
    expect(truncated).toBe(true);
    expect(shown.map((row) => row.fields)).toEqual([...Array.from({ length: 50 }, () => fields), undefined]);
    expect(shown[50]).toEqual({ name: 'n50', records: 1, bytes: 2 });
  });

  it.each([0, 1] as const)('at level %i are no fields', (level) => {
    const { rows: shown, truncated } = within({ rows, truncated: false }, level);
    expect(truncated).toBe(false);
    expect(shown).toHaveLength(51);
    for (const row of shown) expect(Object.keys(row)).toEqual(['name', 'records', 'bytes']);
    expect(within({ rows: [{ name: 'a' }], truncated: false }, level).rows).toEqual([{ name: 'a' }]);
  });
});
