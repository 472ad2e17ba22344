/** Names, counts, sizes and fields of indices, each at its limit; hostile and cut replies are in elasticsearch.test.ts. */
import { describe, expect, it } from 'vitest';
import {
  MAX_FIELD_OBJECTS,
  MAX_FIELDS,
  MAX_INDICES,
  readCat,
  readFields,
  readStats,
} from '../../lib/wire/elasticsearch-indices.ts';
import { page } from '../support/recorded-site.ts';

const row = (index: string, over: Record<string, unknown> = {}) => ({
  index,
  'docs.count': '3',
  'store.size': '4096',
  ...over,
});

describe('a list of indices', () => {
  it('has names, counts and sizes, those of users before those of the system', () => {
    expect(readCat(page([row('.kibana'), row('users'), row('.security'), row('orders')]))).toEqual({
      indices: ['users', 'orders', '.kibana', '.security'].map((name) => ({ name, records: 3, bytes: 4096 })),
      truncated: false,
    });
    const stats = { indices: { '.tasks': {}, users: { primaries: { docs: { count: 5 } } } } };
    expect(readStats(page(stats))).toEqual({
      indices: [{ name: 'users', records: 5 }, { name: '.tasks' }],
      truncated: false,
    });
  });

  it('reads numbers that are numbers, up to what is exact', () => {
    const counts = [0, '0', 7, '999999999999999', Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER + 1];
    const found = readCat(page(counts.map((count, i) => ({ index: `i${i}`, 'docs.count': count }))))?.indices;
    expect(found?.map(({ records }) => records)).toEqual([
      0,
      0,
      7,
      999_999_999_999_999,
      Number.MAX_SAFE_INTEGER,
      undefined,
    ]);
  });

  it('is 200 at most, and says that there are more', () => {
    const many = (count: number) => page(Array.from({ length: count }, (_, i) => row(`i${i}`)));
    expect(readCat(many(MAX_INDICES))).toMatchObject({ truncated: false });
    expect(readCat(many(MAX_INDICES + 1))).toMatchObject({ truncated: true });
    expect(readCat(many(MAX_INDICES + 1))?.indices).toHaveLength(MAX_INDICES);
    expect(readCat({ ...many(1), truncated: true })).toMatchObject({ truncated: true });
  });

  it('with one row that is none is none: half a list looks safer than it is', () => {
    expect(readCat(page([row('users'), { index: '' }]))).toBeUndefined();
    expect(readCat(page([row('users'), { health: 'green' }]))).toBeUndefined();
  });

  it('shows no name longer than it may be', () => {
    const long = 'x'.repeat(400);
    expect(readCat(page([row(long)]))?.indices[0]?.name.length).toBeLessThanOrEqual(256);
    expect(readStats(page({ indices: { [long]: {} } }))?.indices[0]?.name.length).toBeLessThanOrEqual(256);
  });

  it('is of a 200 alone', () => {
    for (const status of [201, 401, 403, 404, 503]) {
      expect(readCat(page([row('users')], status))).toBeUndefined();
      expect(readStats(page({ indices: {} }, status))).toBeUndefined();
      expect(readFields(page({ users: {} }, status))).toBeUndefined();
    }
  });

  it('is empty where the filter of the statistics leaves nothing, and not where it leaves something else', () => {
    expect(readStats(page({}))).toEqual({ indices: [], truncated: false });
    expect(readStats(page({ _shards: {} }))).toBeUndefined();
    expect(readStats(page({ indices: {} }))).toEqual({ indices: [], truncated: false });
  });
});

describe('fields', () => {
  const mapping = (properties: unknown) => ({ mappings: { properties } });
  const fields = (body: unknown) => {
    const found = readFields(page(body));
    return { ...Object.fromEntries(found?.byIndex ?? []), truncated: found?.truncated };
  };

  it('are dotted names with their types; an object without a type is a way to others', () => {
    const properties = {
      email: { type: 'keyword' },
      address: {
        properties: { city: { type: 'text' }, geo: { type: 'object', properties: { lat: { type: 'float' } } } },
      },
      odd: { type: 7 },
      none: null,
    };
    expect(fields({ users: mapping(properties), bare: {}, list: { mappings: [] } })).toEqual({
      users: [
        { name: 'email', type: 'keyword' },
        { name: 'address.city', type: 'text' },
        { name: 'address.geo', type: 'object' },
        { name: 'address.geo.lat', type: 'float' },
      ],
      ...{ bare: [], list: [], truncated: false },
    });
  });

  it('are 200 of an index at most, at exactly so many not cut', () => {
    const wide = (count: number) =>
      mapping(Object.fromEntries(Array.from({ length: count }, (_, i) => [`f${i}`, { type: 'text' }])));
    expect(fields({ i: wide(MAX_FIELDS) })).toMatchObject({ truncated: false });
    const cut = fields({ i: wide(MAX_FIELDS + 1), j: wide(1) });
    expect(cut).toMatchObject({ truncated: true, j: [{ name: 'f0', type: 'text' }] });
    const nested = { i: mapping({ a: { properties: wide(MAX_FIELDS + 1).mappings.properties }, z: { type: 'text' } }) };
    expect(fields(nested)).toMatchObject({ truncated: true });
    expect(readFields(page(nested))?.byIndex.get('i')?.at(-1)?.name).toBe(`a.f${MAX_FIELDS - 1}`);
  });

  it('are of 50 indices at most, those of users first', () => {
    const many = (count: number): Record<string, unknown> =>
      Object.fromEntries(Array.from({ length: count }, (_, i) => [`i${i}`, mapping({ f: { type: 'text' } })]));
    expect(readFields(page(many(MAX_FIELD_OBJECTS)))?.truncated).toBe(false);
    const found = readFields(page({ '.system': mapping({}), ...many(MAX_FIELD_OBJECTS) }));
    expect([found?.truncated, found?.byIndex.size, found?.byIndex.has('.system')]).toEqual([
      true,
      MAX_FIELD_OBJECTS,
      false,
    ]);
    expect(readFields(page({ '.system': mapping({}), users: mapping({}) }))?.byIndex.size).toBe(2);
  });

  it('are followed eight levels deep, and what lies deeper is told as cut', () => {
    const nested = (levels: number): unknown =>
      levels === 0 ? { leaf: { type: 'text' } } : { p: { properties: nested(levels - 1) } };
    expect(fields({ i: mapping(nested(7)) })).toEqual({
      i: [{ name: 'p.p.p.p.p.p.p.leaf', type: 'text' }],
      truncated: false,
    });
    expect(fields({ i: mapping(nested(8)) })).toEqual({ i: [], truncated: true });
  });

  it('that were cut by the cap are not read: half of one is none', () => {
    expect(readFields({ ...page({ i: mapping({}) }), truncated: true })).toBeUndefined();
    for (const body of ['[]', 'null', 'text']) expect(readFields(page(body))).toBeUndefined();
  });

  it('have types and names no longer than they may be', () => {
    const found = readFields(page({ ['i'.repeat(400)]: mapping({ ['f'.repeat(400)]: { type: 't'.repeat(99) } }) }));
    const [entry] = [...(found?.byIndex ?? [])];
    const [index, [field]] = entry ?? ['', []];
    expect(index.length).toBeLessThanOrEqual(256);
    expect(field?.name.length).toBeLessThanOrEqual(256);
    expect(field?.type.length).toBeLessThanOrEqual(41);
  });
});
