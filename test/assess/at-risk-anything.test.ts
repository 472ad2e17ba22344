/** lib/assess/classify.ts asked about any metadata at all: apart from its tables, which are quick. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dataAtRisk } from '../../lib/assess/classify.ts';
import { CLASS_WEIGHT } from '../../lib/assess/severity.ts';
import type { DataAtRisk, Metadata, MetadataObject } from '../../lib/model/observation.ts';

const hidden = { rawNames: false };

describe('any metadata at all', () => {
  const text = fc.string({ unit: 'binary', maxLength: 80 });
  const object = fc.record<MetadataObject>(
    {
      name: text,
      kind: fc.constantFrom('index', 'database', 'keyspace', 'table', 'cache'),
      system: fc.boolean(),
      records: fc.double(),
      fields: fc.array(fc.record({ name: text, type: text }), { maxLength: 6 }),
    },
    { requiredKeys: ['name', 'kind', 'system'] },
  );
  const metadata: fc.Arbitrary<Metadata> = fc.record({
    objects: fc.array(object, { maxLength: 8 }),
    truncated: fc.boolean(),
  });

  it('gives a bounded answer without a control or invisible character', () => {
    fc.assert(
      fc.property(metadata, fc.boolean(), (given, rawNames) => {
        const data = dataAtRisk(given, { rawNames });
        expect(data.samples.length).toBeLessThanOrEqual(5);
        for (const sample of data.samples)
          expect(sample).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u202a-\u202e]/u);
        for (const hit of data.classes) {
          expect(hit.because.length).toBeLessThanOrEqual(5);
          expect(hit.because.join('')).toMatch(/^[a-z0-9 -]+$/u);
        }
        expect(data.objects > 0 && data.classes.length === 0).toBe(false);
      }),
      { numRuns: 500 },
    );
  });

  it('never weighs less for one more object', () => {
    const weight = (data: DataAtRisk): number => Math.max(0, ...data.classes.map((hit) => CLASS_WEIGHT[hit.class]));
    fc.assert(
      fc.property(metadata, object, (given, more) => {
        const wider = { ...given, objects: [...given.objects, more] };
        expect(weight(dataAtRisk(wider, hidden))).toBeGreaterThanOrEqual(weight(dataAtRisk(given, hidden)));
      }),
      { numRuns: 300 },
    );
  });
});
