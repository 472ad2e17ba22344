import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  readChroma,
  readChromaList,
  readMeilisearch,
  readMeilisearchList,
  readMilvus,
  readMilvusList,
  readQdrant,
  readQdrantCollection,
  readQdrantList,
  readTypesense,
  readTypesenseList,
  readVespa,
  readVespaList,
  readWeaviate,
  readWeaviateCounts,
  readWeaviateList,
} from '../../lib/wire/vector-engines.ts';
import { page } from '../support/recorded-site.ts';

const any = fc.jsonValue({ maxDepth: 2 });
const names = fc.array(fc.oneof(fc.record({ name: fc.string(), num_documents: fc.nat(), id: fc.string() }), any));
const index = fc.record({ numberOfDocuments: any, fieldDistribution: any });
const SHAPES: Readonly<Record<string, fc.Arbitrary<unknown>>> = {
  qdrant: fc.record({ result: fc.record({ collections: names, payload_schema: fc.dictionary(fc.string(), any) }) }),
  weaviate: fc.record({
    classes: fc.array(fc.record({ class: fc.string(), properties: names })),
    nodes: fc.array(fc.record({ shards: fc.array(fc.record({ class: fc.string(), objectCount: any })) })),
  }),
  milvus: fc.record({ code: fc.constantFrom(0, 200, 1800), data: fc.array(fc.oneof(fc.string(), any)) }),
  meilisearch: fc.record({ databaseSize: fc.nat(), indexes: fc.dictionary(fc.string(), fc.oneof(index, any)) }),
  'typesense or chroma': names,
  vespa: fc.record({ tenants: fc.array(fc.oneof(fc.string(), any)), version: fc.string() }),
};
const LISTS = [
  readChromaList,
  readMeilisearchList,
  readMilvusList,
  readQdrantList,
  readTypesenseList,
  readVespaList,
  readWeaviateList,
];
const WELCOMES = [readChroma, readMeilisearch, readMilvus, readQdrant, readTypesense, readVespa, readWeaviate];

describe('replies of small engines, whatever they hold', () => {
  it.each(Object.entries(SHAPES))('in the shape of %s are read or refused, and never throw', (_name, shape) => {
    const text = fc.oneof(
      { weight: 4, arbitrary: shape.map((value) => JSON.stringify(value)) },
      fc.json(),
      fc.string(),
    );
    fc.assert(
      fc.property(text, fc.constantFrom(200, 401, 403, 500), fc.boolean(), (body, status, truncated) => {
        const reply = { ...page(body, status), truncated };
        for (const read of WELCOMES) read(reply);
        readWeaviateCounts(reply);
        expect((readQdrantCollection(reply).fields ?? []).length).toBeLessThanOrEqual(200);
        for (const read of LISTS) {
          const listed = read(reply);
          if (typeof listed !== 'object') continue;
          expect(status).toBe(200);
          expect(listed.rows.length).toBeLessThanOrEqual(200);
          for (const { name, fields = [] } of listed.rows) {
            expect(name.length).toBeLessThanOrEqual(255);
            expect(fields.length).toBeLessThanOrEqual(200);
          }
        }
      }),
      { numRuns: 10_000 },
    );
  });
});
