/** lib/assess/name-classes.ts asked about any string at all: apart from its tables, which are quick. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { classifyName } from '../../lib/assess/classify.ts';
import { conceptNames, LANGUAGES, listed } from '../../lib/assess/lexicon.ts';
import { MAX_CLASSES_PER_NAME } from '../../lib/assess/name-classes.ts';
import { MAX_TOKENS, tokensOf } from '../../lib/assess/tokens.ts';
import { SLOW_NAMES } from '../support/slow-names.ts';

describe('any string at all', () => {
  const anything = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 600 }),
    fc
      .array(fc.constantFrom(...listed(LANGUAGES['en']?.password ?? ''), '_', 'Is', '9', '\u202e', '\ud800'), {
        maxLength: 80,
      })
      .map((parts) => parts.join('')),
  );
  const ours = new Set(conceptNames().map((concept) => concept.replace(', short', '')));

  it('gets an answer of at most three classes in our own words', () => {
    fc.assert(
      fc.property(anything, anything, anything, (name, parent, type) => {
        const hits = classifyName(name, { parents: [parent], type });
        expect(hits.length).toBeLessThanOrEqual(MAX_CLASSES_PER_NAME);
        expect(hits.every(({ because }) => ours.has(because))).toBe(true);
        expect(classifyName(name, { parents: [parent], type })).toEqual(hits);
      }),
      { numRuns: 2_000 },
    );
  });

  it('is cut into a bounded number of words', () => {
    fc.assert(
      fc.property(anything, (name) => {
        expect(tokensOf(name).length).toBeLessThanOrEqual(MAX_TOKENS);
      }),
    );
  });

  it('costs a bounded time, also when written to be slow', () => {
    for (const name of SLOW_NAMES) classifyName(name);
    const before = process.cpuUsage();
    for (let round = 0; round < 200; round++) for (const name of SLOW_NAMES) classifyName(name);
    // 20 microseconds are the aim (`npm run bench:names`); ten times that is still linear.
    expect(process.cpuUsage(before).user / (200 * SLOW_NAMES.length)).toBeLessThan(200);
  });
});
