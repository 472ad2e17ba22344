import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Item, Table } from '../../lib/stores/dynamodb-access.ts';
import { batches, journalClock, journalWrites, readJournal } from '../../lib/stores/dynamodb-journal.ts';
import { aLine } from '../support/builders.ts';

describe('the times of the journal', () => {
  it('only ever rise, whatever the clock does and whatever they have to follow', () => {
    const clocks = fc.array(fc.integer({ min: 0, max: 1_000_000_000_000 }), { minLength: 2, maxLength: 50 });
    const property = fc.property(clocks, clocks, (mine, theirs) => {
      const [a, b] = [mine, theirs].map((times) => {
        let i = 0;
        return journalClock(() => new Date(times[i++ % times.length] ?? 0));
      });
      let last = '';
      for (let n = 0; n < 40; n++) {
        const time = (n % 3 === 0 ? a : b)?.(last) ?? '';
        expect(time > last).toBe(true);
        expect(time).toMatch(/^\d{15}\.\d{6}$/);
        last = time;
      }
    });
    fc.assert(property);
  });

  it('follow the clock where it moves', () => {
    const clock = journalClock(() => new Date(1_764_000_000_000));
    expect([clock(), clock(), clock('001764000000001.000009')]).toEqual([
      '001764000000000.000000',
      '001764000000000.000001',
      '001764000000001.000010',
    ]);
  });
});

describe('the lots of the journal', () => {
  it('hold every line once, in order, and none is more than may be written at once', () => {
    const sizes = fc.array(fc.integer({ min: 0, max: 700_000 }), { maxLength: 12 });
    const property = fc.property(sizes, fc.integer({ min: 0, max: 2_500 }), (large, small) => {
      const lines = [
        ...large.map((size) => aLine({ body: { text: 'x'.repeat(size) } })),
        ...Array.from({ length: small }, (_, i) => aLine({ subject: String(i) })),
      ];
      const lots = batches(lines);
      expect(lots.flat()).toEqual(lines);
      for (const lot of lots) expect(() => journalWrites('t', lot, 'x')).not.toThrow();
    });
    fc.assert(property, { numRuns: 20 });
  });

  it('refuse a line that is too long for any', () => {
    const lots = batches([aLine(), aLine({ body: { text: 'x'.repeat(2_000_001) } }), aLine()]);
    expect(lots.map((lot) => lot.length)).toEqual([1, 1, 1]);
    expect(() => lots.map((lot) => journalWrites('t', lot, 'run r'))).toThrow(/^run r: 1 ledger lines of 200\d+ bytes/);
  });
});

describe('reading the journal while it is written', () => {
  it('never shows a line without those that came before it', async () => {
    const written = ['1', '2'].flatMap((time) =>
      journalWrites(time, [aLine({ subject: time })], 'x').flatMap((w) => ('put' in w ? [w.put] : [])),
    );
    // Both are written, one after the other, when the reader has gone past the first place.
    const query: Table['query'] = async function* ({ descending }) {
      const places: readonly (Item | undefined)[] = descending === true ? written.toReversed() : written;
      for (const [i, item] of places.entries()) if (i > 0 && item !== undefined) yield item;
    };
    const table = { query } as Pick<Table, 'query'> as Table;
    const seen = (await readJournal(table))?.flatMap(({ lines }) => lines.map((l) => l.subject));
    expect(seen).toEqual(['1']);
  });
});
