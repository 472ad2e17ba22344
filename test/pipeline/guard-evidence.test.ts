import { describe, expect, it } from 'vitest';
import type { LedgerLine } from '../../lib/model/ledger.ts';
import { pulseCheck, sealedCheck } from '../../lib/pipeline/guard-evidence.ts';
import { memoryStore } from '../../lib/stores/memory.ts';
import { ledgerOf, memoryEvidence, minutesIn, sealAt, testSigner } from '../support/sealed.ts';

/** Guard at these minutes after 09:30, of a ledger that was sealed at another. */
async function unsealedAt(minute: number, sealedAt?: number) {
  const store = await ledgerOf([0, 40]);
  const evidence = memoryEvidence();
  if (sealedAt !== undefined) await sealAt(sealedAt, store, evidence, testSigner());
  const firstEntry = async () => {
    for await (const entry of store.ledger()) return entry;
    return undefined;
  };
  return sealedCheck(evidence, firstEntry).look(new Date(minutesIn(minute)));
}

describe('guard, of the record', () => {
  it.each([
    ['the first hour runs', 20, undefined, 0],
    ['it was over a moment ago', 45, undefined, 0],
    ['it has been over for twenty minutes', 50, undefined, 1],
    ['it is sealed', 50, 35, 0],
    ['the next one is due', 110, 35, 1],
    ['nothing was sealed for half a day', 780, 35, 12],
  ])('where %s, finds so many hours unsealed', async (_, minute, sealedAt, hours) => {
    const found = await unsealedAt(minute, sealedAt);
    expect(found?.counts).toEqual({ UnsealedHours: hours });
    expect(found?.problems.map(({ key, severity }) => [key, severity])).toEqual(
      hours === 0 ? [] : [['unsealed-hours', 'critical']],
    );
  });

  it('expects nothing of a ledger that is empty', async () => {
    const check = sealedCheck(memoryEvidence(), () => Promise.resolve(undefined));
    expect(await check.look(new Date(minutesIn(600)))).toMatchObject({ problems: [] });
  });

  it('could not look where the bucket cannot be listed', async () => {
    const evidence = { ...memoryEvidence(), names: () => Promise.reject(new Error('AccessDenied')) };
    await expect(sealedCheck(evidence, () => Promise.resolve(undefined)).look(new Date())).rejects.toThrow(
      'AccessDenied',
    );
  });

  it('leaves a line in it each time', async () => {
    const store = memoryStore({ sinks: [] });
    const pulse = pulseCheck((lines) => store.append(lines), '1.2.3');
    for (const minute of [0, 1]) expect(await pulse.look(new Date(minutesIn(minute)))).toEqual({ problems: [] });
    const lines: LedgerLine[] = [];
    for await (const entry of store.ledger()) lines.push(entry);
    expect(lines).toMatchObject([
      { kind: 'run', recordedAt: minutesIn(0), body: { event: 'pulse', toolVersion: '1.2.3' } },
      { kind: 'run', recordedAt: minutesIn(1) },
    ]);
  });
});
