/** Covers guard-coverage.ts and guard-words.ts. */
import { describe, expect, it } from 'vitest';
import type { CellRecord, PlaceRecord } from '../../lib/model/inventory.ts';
import { coverageCheck } from '../../lib/pipeline/guard-coverage.ts';
import { ageText, counted, detailOf } from '../../lib/pipeline/guard-words.ts';
import { AT } from '../support/builders.ts';

const NOW = new Date(AT);
const before = (minutes: number): string => new Date(NOW.getTime() - minutes * 60_000).toISOString();
const cell = (minutes: number, over: Partial<CellRecord> = {}): CellRecord => ({
  ...{ status: 'complete', triedAt: before(minutes), calls: 1, known: {} },
  ...over,
});
const hot = (minutes: number, over: Partial<CellRecord> = {}) =>
  cell(minutes, { known: { e: { misses: 0, hot: true } }, ...over });
const at = (account: string, region: string, cells: PlaceRecord['cells']): PlaceRecord => ({
  place: { account, region, partition: 'aws' },
  cells,
});

async function look(records: readonly PlaceRecord[], includes: (account: string) => boolean = () => true) {
  async function* all() {
    yield* records;
  }
  const found = await coverageCheck({ all }, ({ account }) => includes(account)).look(NOW);
  if (found === undefined) throw new Error('it looks every time');
  return found;
}

describe('coverage', () => {
  it('is whole where every cell was read in time and in full', async () => {
    const cells = { rds: cell(60), opensearch: hot(5), kendra: cell(60, { status: 'not-offered' }) };
    expect(await look([at('111122223333', 'eu-west-1', cells)])).toEqual({
      problems: [],
      counts: { OverdueCells: 0, CoverageGaps: 0 },
    });
  });

  it('is told of accounts that cannot be listed, by what kept them from it', async () => {
    async function* all() {}
    const accounts = async () => [
      { subject: '222233334444/regions', code: 'denied' } as const,
      { subject: '111122223333/regions', code: 'denied' } as const,
    ];
    const found = await coverageCheck({ all }, () => true, accounts).look(NOW);
    expect(found?.problems).toMatchObject([
      { key: 'accounts/denied', severity: 'warning', affected: ['111122223333/regions', '222233334444/regions'] },
    ]);
  });

  it('is overdue in one problem, which counts and names the places, the latest first', async () => {
    const { problems, counts } = await look([
      at('111122223333', 'eu-west-1', { rds: hot(12), redshift: hot(30), opensearch: hot(1) }),
      at('111122223333', 'us-east-1', { rds: hot(200) }),
      at('444455556666', 'us-east-1', { rds: hot(5) }),
    ]);
    expect(counts).toEqual({ OverdueCells: 3, CoverageGaps: 0 });
    expect(problems).toEqual([
      {
        key: 'overdue-cells',
        severity: 'critical',
        subject: '3 cells in 2 places not read in time',
        detail:
          'Nobody tried to read these for two intervals and a minute. 111122223333/us-east-1: 1 cell (rds), tried 3 h ago; ' +
          '111122223333/eu-west-1: 2 cells (rds, redshift), tried 30 min ago',
        affected: ['111122223333/eu-west-1', '111122223333/us-east-1'],
      },
    ]);
  });

  it('has a gap for each way of not answering, with what was said', async () => {
    const denied = cell(1, { status: 'denied', detail: 'AccessDenied (HTTP 403): no' });
    const { problems, counts } = await look([
      at('111122223333', 'eu-west-1', { rds: denied, es: denied, dax: cell(1, { status: 'throttled' }) }),
      at('444455556666', 'eu-west-1', { rds: cell(1, { status: 'partial' }), es: cell(1, { status: 'failed' }) }),
      at('444455556666', 'us-east-1', { rds: denied }),
    ]);
    expect(counts?.['CoverageGaps']).toBe(6);
    expect(problems.map(({ key, subject, affected }) => [key, subject, affected])).toEqual([
      [
        'coverage/denied',
        'coverage gap: 3 cells in 2 places denied',
        ['111122223333/eu-west-1', '444455556666/us-east-1'],
      ],
      ['coverage/incomplete', 'coverage gap: 1 cell in 1 place incomplete', ['444455556666/eu-west-1']],
      ['coverage/not-answered', 'coverage gap: 1 cell in 1 place not-answered', ['444455556666/eu-west-1']],
      ['coverage/throttled', 'coverage gap: 1 cell in 1 place throttled', ['111122223333/eu-west-1']],
    ]);
    expect(problems[0]?.detail).toContain('111122223333/eu-west-1: 2 cells, es: AccessDenied (HTTP 403): no');
    expect(new Set(problems.map((p) => p.severity))).toEqual(new Set(['warning']));
  });

  it('says of a cell that it is overdue and that it did not answer, where both are so', async () => {
    const { problems } = await look([at('111122223333', 'eu-west-1', { rds: hot(60, { status: 'failed' }) })]);
    expect(problems.map((p) => p.key)).toEqual(['overdue-cells', 'coverage/not-answered']);
  });

  it('is nobody’s concern where nobody wants the place to be read', async () => {
    const record = at('111122223333', 'eu-west-1', { rds: hot(999, { status: 'denied' }) });
    expect((await look([record], () => false)).problems).toEqual([]);
  });

  it('is told in bounded and printable words, whatever a stranger wrote and however much is missing', async () => {
    const services = Array.from({ length: 40 }, (_, i) => [
      `service-${i}`,
      hot(9_999, { status: 'denied', detail: 'x\n\u202e'.repeat(9_999) }),
    ]);
    const records = Array.from({ length: 3_000 }, (_, i) =>
      at(String(100_000_000_000 + i), 'eu-west-1', Object.fromEntries(services) as PlaceRecord['cells']),
    );
    const { problems } = await look(records);
    for (const { subject, detail, affected } of problems) {
      expect(subject.length).toBeLessThanOrEqual(99);
      expect(detail.length).toBeLessThanOrEqual(1_100);
      expect(detail).not.toMatch(/[\n\u202e]/u);
      expect(affected).toHaveLength(500);
    }
    expect(problems[0]?.subject).toBe('120000 cells in 3000 places not read in time');
    expect(problems[0]?.detail).toMatch(/\+2995 more$/);
  });
});

describe('words', () => {
  it.each([
    [0, '0 s'],
    [59_999, '59 s'],
    [60_000, '1 min'],
    [119 * 60_000, '119 min'],
    [120 * 60_000, '2 h'],
    [49 * 3_600_000, '2 days'],
    [Number.POSITIVE_INFINITY, 'an unknown time'],
  ])('say an age of %s ms', (ms, text) => {
    expect(ageText(ms)).toBe(text);
  });

  it('count, and put those first that weigh most, by name where they weigh the same', () => {
    expect([counted(1, 'cell'), counted(2, 'cell')]).toEqual(['1 cell', '2 cells']);
    const named = ['b', 'a', 'c'].map((name) => ({
      name,
      weight: name === 'c' ? Number.POSITIVE_INFINITY : 1,
      text: 't',
    }));
    expect(detailOf(named)).toBe('c: t; a: t; b: t');
  });
});
