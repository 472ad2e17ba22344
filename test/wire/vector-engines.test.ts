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
import type { Listed, Welcome } from '../../lib/wire/listing.ts';
import { page } from '../support/recorded-site.ts';

// Seven engines of 10,000 cases: their shape matters, their length does not.
fc.configureGlobal({ baseSize: 'xsmall' });

type Page = ReturnType<typeof page>;

const any = fc.jsonValue({ maxDepth: 2 });
const names = fc.array(fc.oneof(fc.record({ name: fc.string(), num_documents: fc.nat(), id: fc.string() }), any));
const index = fc.record({ numberOfDocuments: any, fieldDistribution: any });
interface Engine {
  readonly shape: fc.Arbitrary<unknown>;
  readonly welcome: (reply: Page) => Welcome | undefined;
  readonly list: (reply: Page) => Listed;
}
const shards = fc.array(fc.record({ class: fc.string(), name: fc.string(), objectCount: any }));
const ENGINES: Readonly<Record<string, Engine>> = {
  qdrant: {
    shape: fc.record({ result: fc.record({ collections: names, payload_schema: fc.dictionary(fc.string(), any) }) }),
    welcome: readQdrant,
    list: readQdrantList,
  },
  weaviate: {
    shape: fc.record({
      classes: fc.array(fc.record({ class: fc.string(), properties: names })),
      nodes: fc.array(fc.record({ shards })),
    }),
    welcome: readWeaviate,
    list: readWeaviateList,
  },
  milvus: {
    shape: fc.record({ code: fc.constantFrom(0, 200, 1800), data: fc.array(fc.oneof(fc.string(), any)) }),
    welcome: readMilvus,
    list: readMilvusList,
  },
  meilisearch: {
    shape: fc.record({ databaseSize: fc.nat(), indexes: fc.dictionary(fc.string(), fc.oneof(index, any)) }),
    welcome: readMeilisearch,
    list: readMeilisearchList,
  },
  typesense: { shape: names, welcome: readTypesense, list: readTypesenseList },
  chroma: { shape: names, welcome: readChroma, list: readChromaList },
  vespa: {
    shape: fc.record({ tenants: fc.array(fc.oneof(fc.string(), any)), version: fc.string() }),
    welcome: readVespa,
    list: readVespaList,
  },
};

describe('replies of small engines, whatever they hold', () => {
  it.each(Object.entries(ENGINES))('of %s are read or refused, and never throw', (_name, { shape, welcome, list }) => {
    const text = fc.oneof(
      { weight: 4, arbitrary: shape.map((value) => JSON.stringify(value)) },
      fc.json({ maxDepth: 2 }),
      fc.string(),
    );
    fc.assert(
      fc.property(text, fc.constantFrom(200, 401, 403, 500), fc.boolean(), (body, status, truncated) => {
        const reply = { ...page(body, status), truncated };
        welcome(reply);
        for (const count of readWeaviateCounts(reply).values()) expect(count).toBeGreaterThanOrEqual(0);
        expect((readQdrantCollection(reply).fields ?? []).length).toBeLessThanOrEqual(200);
        const listed = list(reply);
        if (typeof listed !== 'object') return;
        expect(status).toBe(200);
        expect(listed.rows.length).toBeLessThanOrEqual(200);
        for (const { name, fields = [] } of listed.rows) {
          expect(name.length).toBeLessThanOrEqual(255);
          expect(fields.length).toBeLessThanOrEqual(200);
        }
      }),
      { numRuns: 10_000 },
    );
  });
});
