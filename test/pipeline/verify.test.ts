import { createPublicKey, type KeyObject } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  fileOf,
  fingerprintOf,
  type Kept,
  namesOfHour,
  parseCheckpoint,
  unsigned,
} from '../../lib/pipeline/checkpoint.ts';
import { verifyEvidence, type VerifyRun } from '../../lib/pipeline/verify.ts';
import { verifyLedger } from '../../lib/pipeline/verify-state.ts';
import { evidenceFolder } from '../../lib/stores/evidence-folder.ts';
import { ledgerOf, type MemoryEvidence, memoryEvidence, minutesIn, sealAt, testSigner } from '../support/sealed.ts';

const GOLDEN = join(import.meta.dirname, '../golden/evidence');
const signer = testSigner();
/** The last one is in an hour that is not over. */
const MINUTES = [0, 10, 40, 41, 165, 170, 200, 212];
let sealed: MemoryEvidence;

beforeAll(async () => {
  sealed = await sealedOf(MINUTES);
});

async function sealedOf(minutes: readonly number[], by = signer): Promise<MemoryEvidence> {
  const evidence = memoryEvidence();
  await sealAt(215, await ledgerOf(minutes), evidence, by);
  return evidence;
}

const verified = (evidence: MemoryEvidence, more: Partial<VerifyRun> = {}) =>
  verifyEvidence({ evidence, keys: signer.keys, kept: [], named: [], until: minutesIn(210), ...more });

function keptOf(evidence: MemoryEvidence, hour: number): Kept {
  const { checkpoint } = namesOfHour(minutesIn(hour * 60 - 30));
  const kept = parseCheckpoint(evidence.files.get(checkpoint) ?? Buffer.alloc(0));
  if (typeof kept === 'string') throw new Error(kept);
  return kept;
}

describe('evidence that was sealed by an ajar of the past', () => {
  const key = createPublicKey(readFileSync(join(GOLDEN, 'ledger.pub.pem')));
  const keys = new Map<string, KeyObject>([[fingerprintOf(key), key]]);

  it('is verified, with the public key alone', async () => {
    const run = { evidence: evidenceFolder(GOLDEN), keys, kept: [], named: [], until: minutesIn(210) };
    expect(await verifyEvidence(run)).toMatchObject({
      ...{ brokenCount: 0, gapCount: 0, strange: [], hours: 4, objects: 3, entries: 7, lastSeq: 7 },
      ...{ from: '2026-12-04T09:00:00.000Z', to: '2026-12-04T13:00:00.000Z' },
    });
  });

  it('is what sealing the same ledger gives today, but for key and signatures', async () => {
    for (const hour of [0, 1, 2, 3]) {
      const names = namesOfHour(minutesIn(hour * 60 - 30));
      const golden = parseCheckpoint(readFileSync(join(GOLDEN, names.checkpoint)));
      if (typeof golden === 'string') throw new Error(golden);
      const { key: _, previous: __, ...today } = unsigned(keptOf(sealed, hour).checkpoint);
      expect(golden.checkpoint).toMatchObject(today);
      const object = sealed.files.get(names.object);
      if (object === undefined) expect(golden.checkpoint.object).toBeUndefined();
      else expect(readFileSync(join(GOLDEN, names.object))).toEqual(object);
    }
  });
});

describe('how far a record reaches', () => {
  it.each([
    [210, 0],
    [215, 0],
    [270, 1],
    [600, 1],
  ])('by minute %i has %i gaps', async (minute, gaps) => {
    expect(await verified(sealed, { until: minutesIn(minute) })).toMatchObject({ brokenCount: 0, gapCount: gaps });
  });

  it('is a gap where hours at its end are not there, and says how many', async () => {
    const files = new Map([...sealed.files].filter(([name]) => !/\/1[12]\./.test(name)));
    const { gaps, brokenCount } = await verified(memoryEvidence(files));
    expect(brokenCount).toBe(0);
    expect(gaps).toEqual([
      'the sealed record ends 2026-12-04T11:00:00.000Z and should reach 2026-12-04T13:00:00.000Z: 2 hours not sealed, or taken away',
    ]);
  });

  it('is a gap where there is nothing at all', async () => {
    expect(await verified(memoryEvidence())).toMatchObject({ gaps: ['there is no checkpoint: nothing is proven'] });
  });

  it('says where nothing was recorded for longer than it should', async () => {
    const { gaps } = await verified(sealed, { maxPauseMs: 60 * 60_000 });
    expect(gaps).toEqual(['no entry from 2026-12-04T10:11:00.000Z to 2026-12-04T12:15:00.000Z, 124 minutes']);
  });

  it('names what is no part of it and is not led astray', async () => {
    const files = new Map([
      ...sealed.files,
      ['ledger/2026/12/04/10.ndjson.bak', Buffer.from('x')],
      ['ledger/x/y', Buffer.from('x')],
    ]);
    const { strange, brokenCount, gapCount } = await verified(memoryEvidence(files));
    expect({ strange, brokenCount, gapCount }).toEqual({
      strange: ['ledger/x/', 'ledger/2026/12/04/10.ndjson.bak'],
      brokenCount: 0,
      gapCount: 0,
    });
  });
});

describe('a record that its own key made anew', () => {
  it('looks like the truth by itself, and not beside a checkpoint that was kept', async () => {
    const anew = await sealedOf([0, 10, 40, 42, 165, 170, 200, 212]);
    expect(await verified(anew)).toMatchObject({ brokenCount: 0, gapCount: 0 });
    expect(await verified(anew, { kept: [keptOf(sealed, 0)] })).toMatchObject({ brokenCount: 0 });
    const { broken } = await verified(anew, { kept: [keptOf(sealed, 1)] });
    expect(broken).toEqual([
      {
        where: 'ledger/2026/12/04/10.checkpoint.json',
        seq: 3,
        why: 'is not the one that was kept: the record was made anew',
      },
    ]);
  });

  it('is cut, not just short, where a checkpoint behind its end was kept', async () => {
    const files = new Map([...sealed.files].filter(([name]) => !/\/12\./.test(name)));
    const { broken } = await verified(memoryEvidence(files), { kept: [keptOf(sealed, 3)] });
    expect(broken).toMatchObject([
      { where: 'ledger/2026/12/04/12.checkpoint.json', why: expect.stringMatching(/was cut/) as string },
    ]);
  });

  it('a checkpoint that was kept counts only where a key signed it', async () => {
    const another = await sealedOf(MINUTES, testSigner());
    const { broken } = await verified(sealed, { kept: [keptOf(another, 1)] });
    expect(broken).toMatchObject([{ why: expect.stringMatching(/signed with another key/) as string }]);
  });
});

describe('what something else names in the record', () => {
  it.each([
    ['the entry that is there', 4, true, 0, 0],
    ['another one of the same number', 4, false, 1, 0],
    ['an entry that is not sealed yet', 8, true, 0, 1],
  ])('%s', async (_, seq, isSame, broken, gaps) => {
    let hash = 'f'.repeat(64);
    for await (const entry of (await ledgerOf(MINUTES)).ledger({ from: seq, to: seq })) if (isSame) hash = entry.hash;
    const found = await verified(sealed, { named: [{ seq, hash, by: 'the report' }] });
    expect(found).toMatchObject({ brokenCount: broken, gapCount: gaps });
  });
});

describe('a ledger that is still being written', () => {
  const heads = () => [0, 1, 3].map((hour) => keptOf(sealed, hour).checkpoint);
  const named = () => heads().map((c) => ({ seq: c.lastSeq, hash: c.headHash, by: `the checkpoint of ${c.hour}` }));
  const check = async (minutes: readonly number[]) =>
    verifyLedger('.ajar', (await ledgerOf(minutes)).ledger(), { named: named() });

  it('is the one whose hours were sealed', async () => {
    expect(await check(MINUTES)).toMatchObject({ entries: 8, brokenCount: 0, gapCount: 0 });
  });

  it('is not, where it was made anew from an entry on', async () => {
    const { broken } = await check([0, 10, 40, 42, 165, 170, 200, 212]);
    expect(broken.map(({ seq, why }) => [seq, why])).toEqual([
      [4, 'is not the entry that the checkpoint of 2026-12-04T10:00:00.000Z names'],
      [7, 'is not the entry that the checkpoint of 2026-12-04T12:00:00.000Z names'],
    ]);
  });

  it('is not, where its end is gone', async () => {
    expect((await check(MINUTES.slice(0, 5))).broken).toMatchObject([
      { seq: 7, why: expect.stringMatching(/is gone/) as string },
    ]);
  });

  it('is broken at the first entry that does not follow', async () => {
    const store = await ledgerOf(MINUTES);
    const changed = async function* () {
      for await (const entry of store.ledger()) yield entry.seq === 5 ? { ...entry, subject: '\ud800' } : entry;
    };
    expect((await verifyLedger('.ajar', changed(), { named: [] })).broken).toMatchObject([{ line: 5, seq: 5 }]);
  });
});

describe('files that anybody wrote', () => {
  const name = 'ledger/2026/12/04/10';
  const hostile: readonly (readonly [string, string, Buffer])[] = [
    ['an object of nothing but brackets', '.ndjson', Buffer.from(`${'['.repeat(100_000)}\n`)],
    [
      'an object of deep objects',
      '.ndjson',
      Buffer.from(`{"seq":3,"hash":"x","recordedAt":"x","body":${'{"a":'.repeat(50_000)}1${'}'.repeat(50_000)}}\n`),
    ],
    ['an object of numbers beyond all bounds', '.ndjson', Buffer.from('{"seq":1e999,"hash":"","recordedAt":""}\n')],
    [
      'an object of half a surrogate pair',
      '.ndjson',
      Buffer.from('{"seq":3,"hash":"\\ud800","recordedAt":"","prevHash":""}\n'),
    ],
    ['an object that is not UTF-8', '.ndjson', Buffer.from([0xff, 0xfe, 10])],
    ['an object of nulls', '.ndjson', Buffer.from('null\nnull\n')],
    ['a checkpoint that has no end', '.checkpoint.json', Buffer.alloc(20_000, '{')],
    ['a checkpoint of prototypes', '.checkpoint.json', Buffer.from('{"__proto__":{"schema":1}}\n')],
    ['a checkpoint of nothing', '.checkpoint.json', Buffer.alloc(0)],
  ];
  it.each(hostile)('%s is broken, and nothing worse', async (_, end, bytes) => {
    const { broken } = await verified(memoryEvidence([...sealed.files, [`${name}${end}`, bytes]]));
    expect(broken[0]?.where).toBe(`${name}${end}`);
  });

  it('never end a verification otherwise', async () => {
    const names = [...sealed.files.keys()];
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 300 }),
      fc.json().map((text) => Buffer.from(`${text}\n`)),
    );
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...names), bytes, async (at, content) => {
        const { brokenCount } = await verified(memoryEvidence([...sealed.files, [at, Buffer.from(content)]]));
        expect(brokenCount).toBeGreaterThan(0);
      }),
      { numRuns: 300 },
    );
  });

  it('a checkpoint in another spelling is not what was signed', async () => {
    const kept = keptOf(sealed, 1).checkpoint;
    const text = JSON.stringify(JSON.parse(fileOf(kept).toString()), null, 1);
    const { broken } = await verified(
      memoryEvidence([...sealed.files, [`${name}.checkpoint.json`, Buffer.from(text)]]),
    );
    expect(broken[0]?.why).toMatch(/not in canonical form/);
  });
});
