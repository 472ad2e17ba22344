import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalText } from '../../lib/model/canonical.ts';
import type { Checkpoint } from '../../lib/model/checkpoint.ts';
import type { EvidenceStore } from '../../lib/model/evidence.ts';
import { memoryStore } from '../../lib/stores/memory.ts';
import { chainLines, GENESIS } from '../../lib/stores/chain.ts';
import { verifyEvidence } from '../../lib/pipeline/verify.ts';
import { aLine } from '../support/builders.ts';
import { ledgerOf, type MemoryEvidence, memoryEvidence, minutesIn, sealAt, testSigner } from '../support/sealed.ts';

const signer = testSigner();
const seqsOf = (evidence: MemoryEvidence, hour: string): readonly number[] =>
  (evidence.files.get(`ledger/2026/12/04/${hour}.ndjson`)?.toString() ?? '')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => (JSON.parse(line) as { seq: number }).seq);
const checkpointOf = (evidence: MemoryEvidence, hour: string): Checkpoint =>
  JSON.parse(evidence.files.get(`ledger/2026/12/04/${hour}.checkpoint.json`)?.toString() ?? 'null') as Checkpoint;
const verified = (evidence: MemoryEvidence, untilMinute: number) =>
  verifyEvidence({ evidence, keys: signer.keys, kept: [], named: [], until: minutesIn(untilMinute) });
const CLEAN = { broken: [], brokenCount: 0, gaps: [], gapCount: 0, strange: [] };

describe('sealing the ledger', () => {
  it('makes an object and a signed checkpoint of each hour that is over, and none of the hour that runs', async () => {
    const store = await ledgerOf([0, 10, 40, 50, 95]);
    const evidence = memoryEvidence();
    expect(await sealAt(96, store, evidence, signer)).toMatchObject({ made: 2, entries: 4 });
    expect([...evidence.files.keys()].toSorted()).toEqual([
      'ledger/2026/12/04/09.checkpoint.json',
      'ledger/2026/12/04/09.ndjson',
      'ledger/2026/12/04/10.checkpoint.json',
      'ledger/2026/12/04/10.ndjson',
    ]);
    expect([seqsOf(evidence, '09'), seqsOf(evidence, '10')]).toEqual([
      [1, 2],
      [3, 4],
    ]);
    expect(checkpointOf(evidence, '10')).toMatchObject({ firstSeq: 3, lastSeq: 4, count: 2, total: 4 });
    expect(await verified(evidence, 90)).toMatchObject({ ...CLEAN, hours: 2, entries: 4 });
    expect(await sealAt(97, store, evidence, signer)).toMatchObject({ made: 0, entries: 0 });
  });

  it('puts the entries as the ledger has them, and nothing else: what is not in it is in no object', async () => {
    const store = await ledgerOf([0, 10, 40]);
    const evidence = memoryEvidence();
    await sealAt(95, store, evidence, signer);
    const sealed = ['09', '10'].flatMap((hour) =>
      (evidence.files.get(`ledger/2026/12/04/${hour}.ndjson`)?.toString() ?? '')
        .split('\n')
        .filter((line) => line !== ''),
    );
    const recorded: string[] = [];
    for await (const entry of store.ledger()) recorded.push(canonicalText(entry));
    expect(sealed).toEqual(recorded);
  });

  it('makes a checkpoint of every hour in which nothing was recorded, as each is over', async () => {
    const store = await ledgerOf([0]);
    const evidence = memoryEvidence();
    for (const minute of [31, 91, 151])
      expect(await sealAt(minute, store, evidence, signer)).toMatchObject({ made: 1 });
    expect(evidence.files.has('ledger/2026/12/04/11.ndjson')).toBe(false);
    const idle = checkpointOf(evidence, '11');
    expect(idle).toMatchObject({ count: 0, firstSeq: 2, lastSeq: 1, total: 1 });
    expect(idle.headHash).toBe(checkpointOf(evidence, '09').headHash);
    expect(await verified(evidence, 150)).toMatchObject({ ...CLEAN, hours: 3 });
  });

  it('covers a long time without ajar with one checkpoint, not with thousands', async () => {
    const store = await ledgerOf([0, 60 * 24 * 365 * 7]);
    const evidence = memoryEvidence();
    expect(await sealAt(60 * 24 * 365 * 7 + 60, store, evidence, signer)).toMatchObject({ made: 3, entries: 2 });
    expect(await verified(evidence, 60 * 24 * 365 * 7 + 30)).toMatchObject({ ...CLEAN, hours: 3 });
  });

  it('seals nothing of an empty ledger', async () => {
    const evidence = memoryEvidence();
    expect(await sealAt(600, memoryStore({ sinks: [] }), evidence, signer)).toEqual({ made: 0, entries: 0 });
    expect(evidence.files.size).toBe(0);
  });

  it('puts an entry that comes behind a later one, or after its hour was sealed, into the next object', async () => {
    const store = await ledgerOf([0, 31, 20, 40]);
    const evidence = memoryEvidence();
    await sealAt(95, store, evidence, signer);
    expect([seqsOf(evidence, '09'), seqsOf(evidence, '10')]).toEqual([[1], [2, 3, 4]]);
    await store.append([aLine({ recordedAt: minutesIn(50) }), aLine({ recordedAt: minutesIn(95) })]);
    await sealAt(160, store, evidence, signer);
    expect(seqsOf(evidence, '11')).toEqual([5, 6]);
    expect(await verified(evidence, 150)).toMatchObject({ ...CLEAN, entries: 6 });
  });

  it('is not held up by an entry whose clock was years ahead, first or not', async () => {
    for (const minutes of [
      [0, 5_000_000, 10, 40],
      [5_000_000, 10, 20, 40],
    ]) {
      const store = await ledgerOf(minutes);
      const evidence = memoryEvidence();
      await sealAt(95, store, evidence, signer);
      await sealAt(155, store, evidence, signer);
      expect(await verified(evidence, 150)).toMatchObject({ ...CLEAN, entries: 4 });
    }
  });

  it('puts what an object has no room for into the next', async () => {
    const store = await ledgerOf([0, 1, 2, 3]);
    const evidence = memoryEvidence();
    await sealAt(95, store, evidence, signer, { maxBytes: 800 });
    expect([checkpointOf(evidence, '09').count, checkpointOf(evidence, '10').count]).toEqual([2, 2]);
  });

  it('comes to the same evidence wherever it is killed', async () => {
    const minutes = [0, 10, 40, 41, 170, 100, 175, 300];
    const whole = memoryEvidence();
    await sealAt(320, await ledgerOf(minutes), whole, signer);
    const writes = whole.files.size;
    for (let kill = 0; kill < writes; kill++) {
      for (const where of ['before', 'after'] as const) {
        const store = await ledgerOf(minutes);
        const evidence = memoryEvidence();
        await expect(sealAt(320, store, dyingAt(kill, where, evidence), signer)).rejects.toThrow('killed');
        await sealAt(325, store, evidence, signer);
        expect(evidence.files).toEqual(whole.files);
      }
    }
  });

  it('goes on from an object that a killed run left, although more has come for its hour since', async () => {
    const store = await ledgerOf([0, 10]);
    const evidence = memoryEvidence();
    await expect(sealAt(31, store, dyingAt(0, 'after', evidence), signer)).rejects.toThrow('killed');
    await store.append([aLine({ recordedAt: minutesIn(29) })]);
    await sealAt(95, store, evidence, signer);
    expect([seqsOf(evidence, '09'), seqsOf(evidence, '10')]).toEqual([[1, 2], [3]]);
    expect(await verified(evidence, 90)).toMatchObject({ ...CLEAN, entries: 3 });
  });

  it('is the same whenever and however often it was asked', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.integer({ min: 0, max: 600 }), { minLength: 1, maxLength: 40 }),
        fc.array(fc.integer({ min: 0, max: 700 }), { maxLength: 8 }),
        async (minutes, runs) => {
          const store = memoryStore({ sinks: [] });
          const [often, once] = [memoryEvidence(), memoryEvidence()];
          let left = minutes.toSorted((a, b) => a - b);
          for (const minute of [...runs.toSorted((a, b) => a - b), 720]) {
            const come = left.filter((m) => m <= minute);
            left = left.slice(come.length);
            await store.append(come.map((m) => aLine({ recordedAt: minutesIn(m) })));
            await sealAt(minute, store, often, signer);
          }
          await sealAt(720, store, once, signer);
          const objects = ({ files }: MemoryEvidence) =>
            new Map([...files].filter(([name]) => name.endsWith('.ndjson')));
          expect(objects(often)).toEqual(objects(once));
          for (const evidence of [often, once]) {
            expect(await verified(evidence, 720)).toMatchObject({ ...CLEAN, entries: minutes.length });
          }
        },
      ),
      { numRuns: 60 },
    );
  });

  it('gives one hour to the first of two that seal it at once', async () => {
    const store = await ledgerOf([0, 40]);
    const evidence = memoryEvidence();
    const [a, b] = [testSigner(), signer];
    await Promise.allSettled([sealAt(95, store, evidence, b), sealAt(95, store, evidence, b)]);
    await sealAt(95, store, evidence, b);
    expect(await verified(evidence, 90)).toMatchObject({ ...CLEAN, hours: 2, entries: 2 });
    await expect(sealAt(155, store, evidence, a)).rejects.toThrow(/was signed with another key/);
  });
});

describe('a ledger that is not the one that was sealed', () => {
  const forged = async (change: (lines: ReturnType<typeof aLine>[]) => void, drop = 0) => {
    const lines = [0, 10, 40, 50].map((m, i) => aLine({ subject: `line ${i}`, recordedAt: minutesIn(m) }));
    const store = memoryStore({ sinks: [] });
    await store.append(lines);
    const evidence = memoryEvidence();
    await sealAt(95, store, evidence, signer);
    change(lines);
    const entries = chainLines(GENESIS, lines.slice(0, lines.length - drop));
    const other = {
      ...store,
      ledgerHead: () => Promise.resolve(entries.at(-1) ?? GENESIS),
      async *ledger({ from = 1, to = Infinity } = {}) {
        for (const entry of entries) if (entry.seq >= from && entry.seq <= to) yield entry;
      },
    };
    const before = evidence.files.size;
    const sealed = sealAt(160, other, evidence, signer);
    await expect(sealed).rejects.toMatchObject({ code: 'store-corrupt' });
    expect(evidence.files.size).toBe(before);
    return sealed.catch((error: unknown) => String(error));
  };

  it.each([
    ['is shorter', () => undefined, 2, /ends with entry 2, and memory holds sealed entries up to 4/],
    [
      'was made anew',
      (lines: unknown[]) => lines.splice(1, 1, aLine({ subject: 'another' })),
      0,
      /not the one that was sealed/,
    ],
  ] as const)('and %s is refused, and nothing is put', async (_, change, drop, message) => {
    expect(await forged((lines) => void change(lines), drop)).toMatch(message);
  });

  it('and whose chain is broken is sealed up to the hour before and refused', async () => {
    const store = await ledgerOf([0, 40, 50]);
    const broken = {
      ...store,
      async *ledger(range?: { from?: number }) {
        for await (const entry of store.ledger(range)) yield entry.seq === 3 ? { ...entry, subject: 'another' } : entry;
      },
    };
    await expect(sealAt(95, broken, memoryEvidence(), signer)).rejects.toThrow(
      /entry 3 .* does not follow from entry 2/,
    );
  });

  it('and whose object another wrote is refused', async () => {
    const evidence = memoryEvidence([['ledger/2026/12/04/09.ndjson', Buffer.from('{"seq":1}\n')]]);
    await expect(sealAt(95, await ledgerOf([0, 40]), evidence, signer)).rejects.toThrow(
      /holds something else than the ledger/,
    );
  });
});

/** Dies before or after one of its writes, and at all that come later. */
function dyingAt(write: number, where: 'before' | 'after', evidence: EvidenceStore): EvidenceStore {
  let n = 0;
  return {
    ...evidence,
    async put(...file) {
      const isLast = n++ >= write;
      if (isLast && where === 'before') throw new Error('killed');
      const put = await evidence.put(...file);
      if (isLast) throw new Error('killed');
      return put;
    },
  };
}
