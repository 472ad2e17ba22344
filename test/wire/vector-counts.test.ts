/** Counts of objects and fields of vector engines, where a second page tells them. */
import { describe, expect, it } from 'vitest';
import { readQdrantCollection, readWeaviateCounts } from '../../lib/wire/vector-engines.ts';
import { page } from '../support/recorded-site.ts';

it('a collection of Qdrant has points, and the fields that are indexed', () => {
  const result = { points_count: 5, payload_schema: { email: { data_type: 'keyword' }, x: {} } };
  const fields = [
    { name: 'email', type: 'keyword' },
    { name: 'x', type: '' },
  ];
  expect(readQdrantCollection(page({ result }))).toEqual({ records: 5, fields });
  expect(readQdrantCollection(page({ result: { points_count: 0, payload_schema: {} } }))).toEqual({ records: 0 });
  expect(Object.keys(readQdrantCollection(page({ result: {} })))).toEqual([]);
  expect(readQdrantCollection(page({ result }, 404))).toEqual({});
});

describe('objects of Weaviate', () => {
  const shard = (of: string, name: string, objectCount: unknown) => ({ class: of, name, objectCount });
  const counts = (...nodes: unknown[]) => [...readWeaviateCounts(page({ nodes }))];
  it('are counted once a shard, by the node that has most of them', () => {
    const [first, second] = [
      { shards: [shard('A', '1', 5), shard('A', '2', 7)] },
      { shards: [shard('A', '1', 6), shard('B', '1', 1)] },
    ];
    expect(counts(first, second)).toEqual([
      ['A', 13],
      ['B', 1],
    ]);
    expect(counts(second, first)).toEqual([
      ['A', 13],
      ['B', 1],
    ]);
  });

  it('are none where they are not told', () => {
    expect(counts({ shards: [shard('A', '1', 'x'), shard('', '1', 5), 7] }, { shards: 'x' }, 7)).toEqual([['A', 0]]);
    expect([...readWeaviateCounts(page({ nodes: { shards: [] } }))]).toEqual([]);
    expect([...readWeaviateCounts(page({ nodes: [{ shards: [shard('A', '1', 5)] }] }, 403))]).toEqual([]);
  });
});
