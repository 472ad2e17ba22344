/** Which hours are sealed, from names alone: of years of evidence no more is listed than is asked for. */
import { describe, expect, it } from 'vitest';
import { sealedHours, type HoursAsked } from '../../lib/pipeline/checkpoint.ts';
import { memoryEvidence } from '../support/sealed.ts';

const HOURS = [
  '2024/11/30/23',
  '2025/12/31/22',
  '2026/11/30/09',
  '2026/12/03/23',
  '2026/12/04/00',
  '2026/12/04/09',
  '2027/01/01/00',
];

async function listed(asked: HoursAsked): Promise<{ hours: string[]; folders: string[]; earlier: number }> {
  const evidence = memoryEvidence(HOURS.map((hour) => [`ledger/${hour}.checkpoint.json`, Buffer.alloc(0)] as const));
  const folders: string[] = [];
  const counted = { ...evidence, names: (folder: string) => (folders.push(folder), evidence.names(folder)) };
  let earlier = 0;
  const hours: string[] = [];
  for await (const { hour } of sealedHours(counted, { ...asked, onEarlier: () => earlier++ }))
    hours.push(hour.slice(0, 13));
  return { hours, folders, earlier };
}

describe('sealed hours', () => {
  it('come in their order, or against it', async () => {
    const all = HOURS.map((hour) => `${hour.slice(0, 10).replaceAll('/', '-')}T${hour.slice(11)}`);
    expect(await listed({})).toMatchObject({ hours: all, earlier: 0 });
    expect(await listed({ backwards: true })).toMatchObject({ hours: all.toReversed() });
  });

  it('from a day on list no day, month or year before it, and say once that there are some', async () => {
    const { hours, folders, earlier } = await listed({ from: '2026-12-04T09:00:00.000Z' });
    // The hours of that day itself are its reader's to leave out.
    expect(hours).toEqual(['2026-12-04T00', '2026-12-04T09', '2027-01-01T00']);
    expect(folders).toEqual([
      'ledger/',
      'ledger/2026/',
      'ledger/2026/12/',
      'ledger/2026/12/04/',
      'ledger/2027/',
      'ledger/2027/01/',
      'ledger/2027/01/01/',
    ]);
    expect(earlier).toBe(1);
  });

  it('from before the first say that there is nothing earlier', async () => {
    expect(await listed({ from: '2024-11-30T00:00:00.000Z' })).toMatchObject({ earlier: 0, hours: { length: 7 } });
  });
});
