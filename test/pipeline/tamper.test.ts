/** I5 (evidence-and-alerts.md section 5.3): evidence is tamper-evident, truncation included. `npm run tamper` tries 10,000. */
import { beforeAll, describe, expect, it } from 'vitest';
import type { Verified } from '../../lib/model/verified.ts';
import { verifyEvidence } from '../../lib/pipeline/verify.ts';
import { ledgerOf, type MemoryEvidence, memoryEvidence, minutesIn, sealAt, testSigner } from '../support/sealed.ts';
import { KINDS } from '../support/tamper.ts';
import { seeded } from '../support/seeded.ts';

const MUTATIONS = Number(process.env['AJAR_TAMPER'] ?? 1_100);
const EACH = Math.ceil(MUTATIONS / Object.keys(KINDS).length);
const signer = testSigner();
/** Some in every hour, but none from 12:00 to 13:00. */
const MINUTES = Array.from({ length: 150 }, (_, i) => i * 2).filter((m) => m < 150 || m >= 210);
let sealed: MemoryEvidence;

beforeAll(async () => {
  sealed = memoryEvidence();
  const store = await ledgerOf(MINUTES);
  for (let minute = 31; minute < 400; minute += 60) await sealAt(minute, store, sealed, signer);
});

const verified = (files: ReadonlyMap<string, Buffer>): Promise<Verified> =>
  verifyEvidence({ evidence: memoryEvidence(files), keys: signer.keys, kept: [], named: [], until: minutesIn(390) });

/** Whole numbers below `n`, the same each time. */
function numbers(seed: number): (n: number) => number {
  const random = seeded(seed);
  return (n) => Math.floor(random() * n);
}

describe('sealed evidence', () => {
  it('raises no alarm as it is', async () => {
    const clean = { broken: [], brokenCount: 0, gaps: [], gapCount: 0, strange: [], hours: 7, entries: MINUTES.length };
    for (let n = 0; n < 20; n++) expect(await verified(sealed.files)).toMatchObject(clean);
  });

  it.each(Object.entries(KINDS))(
    'shows that %s',
    async (kind, change) => {
      const unseen: string[] = [];
      for (let n = 0; n < EACH; n++) {
        const files = new Map(sealed.files);
        const seq = change(files, numbers(n * 7_919 + kind.length));
        const { broken, gaps } = await verified(files);
        const isSeen = seq === undefined ? broken.length + gaps.length > 0 : broken[0]?.seq === seq;
        if (!isSeen) unseen.push(`${n}: expected ${seq}, found ${JSON.stringify([broken[0], gaps])}`);
      }
      expect(unseen).toEqual([]);
    },
    120_000,
  );
});
