import { describe, expect, it } from 'vitest';
import type { CellRecord } from '../../lib/model/inventory.ts';
import { unreadCells } from '../../lib/pipeline/unread.ts';

const at = (hour: number): string => new Date(Date.UTC(2026, 10, 25, hour)).toISOString();
function unread(cells: Readonly<Record<string, Partial<CellRecord>>>, to: string) {
  const whole = Object.fromEntries(
    Object.entries(cells).map(([service, cell]) => [
      service,
      { status: 'complete' as const, triedAt: at(1), calls: 1, known: {}, ...cell },
    ]),
  );
  return unreadCells([{ place: { account: '1', region: 'eu-west-1' }, cells: whole }], to);
}

describe('what of AWS could not be listed', () => {
  it('is told per account, region and service, with the last time its list was whole', () => {
    const cells = {
      redshift: { status: 'denied', completeAt: at(0), detail: 'redshift:DescribeClusters: AccessDenied' },
      rds: { status: 'partial' },
      msk: { status: 'failed' },
      opensearch: { completeAt: at(1) },
      dsql: { status: 'not-offered' },
    } as const;
    expect(unread(cells, at(2)).map(({ subject, code, since }) => [subject, code, since])).toEqual([
      ['1/eu-west-1/msk', 'not-answered', undefined],
      ['1/eu-west-1/rds', 'incomplete', undefined],
      ['1/eu-west-1/redshift', 'denied', at(0)],
    ]);
  });

  it('says that a later try does not tell how it was', () => {
    const tried = { rds: { status: 'denied', triedAt: at(5), completeAt: at(1) } } as const;
    expect(unread(tried, at(3))).toMatchObject([{ code: 'stale', since: at(1) }]);
    // Whole at a later time: nothing is known to have been missing.
    expect(unread({ rds: { triedAt: at(5), completeAt: at(5) } }, at(3))).toEqual([]);
  });
});
