import { describe, expect, it } from 'vitest';
import { ABSENT } from '../../lib/aws/cell.ts';
import { MAX_PAGES } from '../../lib/aws/pages.ts';
import { cellKey } from '../../lib/model/inventory.ts';
import { awsError, PLACE, testCell } from '../support/aws.ts';

interface Page {
  readonly items?: readonly number[] | undefined;
  readonly next?: string | undefined;
}
const pages = (answers: readonly (Page | Error)[]) => {
  const tokens: (string | undefined)[] = [];
  const call = async (token: string | undefined): Promise<Page> => {
    const answer = answers[tokens.length];
    tokens.push(token);
    if (answer === undefined || answer instanceof Error) throw answer ?? new Error('no such page');
    return answer;
  };
  return { call, tokens };
};
const list = (cell: ReturnType<typeof testCell>, call: (token: string | undefined) => Promise<Page>) =>
  cell.list(
    'x:List',
    call,
    (p) => p.items,
    (p) => p.next,
  );

describe('a cell', () => {
  it('walks all pages, handing each token on', async () => {
    const cell = testCell('x');
    const { call, tokens } = pages([{ items: [1, 2], next: 'a' }, { next: 'b' }, { items: [3] }]);
    expect(await list(cell, call)).toEqual([1, 2, 3]);
    expect(tokens).toEqual([undefined, 'a', 'b']);
    expect(cell.status(3)).toBe('complete');
  });

  it('stops at a token that came before, keeps what it has, and is not complete', async () => {
    const cell = testCell('x');
    const { call, tokens } = pages([
      { items: [1], next: 'a' },
      { items: [2], next: 'b' },
      { items: [3], next: 'a' },
    ]);
    expect(await list(cell, call)).toEqual([1, 2, 3]);
    expect(tokens).toHaveLength(3);
    expect([cell.status(3), cell.gaps()[0]?.code]).toEqual(['partial', 'incomplete']);
  });

  it('never walks for ever', async () => {
    const cell = testCell('x');
    let n = 0;
    expect(await list(cell, async () => ({ items: [n], next: String(n++) }))).toHaveLength(MAX_PAGES);
    expect(cell.status(1)).toBe('partial');
  });

  it('keeps the pages before a failure, and calls the cell partial', async () => {
    const cell = testCell('x');
    const { call } = pages([{ items: [1], next: 'a' }, awsError('ThrottlingException')]);
    expect(await list(cell, call)).toEqual([1]);
    expect([cell.status(1), cell.gaps()[0]]).toMatchObject([
      'partial',
      { stage: 'inventory', subject: '111122223333/us-east-1/x', code: 'throttled' },
    ]);
  });

  it.each([
    ['AccessDeniedException', 'denied'],
    ['ThrottlingException', 'throttled'],
    ['OptInRequired', 'not-enabled'],
    ['InternalError', 'failed'],
  ] as const)('a list that fails with %s is %s, never empty', async (name, status) => {
    const cell = testCell('x');
    const { call } = pages([awsError(name)]);
    expect(await list(cell, call)).toEqual([]);
    expect(cell.status(0)).toBe(status);
  });

  it('keeps the list whole when a detail of one resource is denied', async () => {
    const cell = testCell('x');
    expect(await cell.ask('x:Get', async () => Promise.reject(awsError('AccessDenied')), 'thing-1')).toBeUndefined();
    expect(cell.status(5)).toBe('complete');
    expect(cell.gaps()).toMatchObject([{ subject: 'thing-1', code: 'denied' }]);
  });

  it('takes the named errors for an answer, and no others', async () => {
    const cell = testCell('x');
    const fail = (name: string) => cell.askMaybe('x:Get', async () => Promise.reject(awsError(name)), ['NoSuchThing']);
    expect([await fail('NoSuchThing'), await fail('AccessDenied')]).toEqual([ABSENT, undefined]);
    expect(cell.gaps()).toHaveLength(1);
  });

  it('makes no gap of a refusal where something else may know, and does not hide a bug', async () => {
    const cell = testCell('x');
    const fail = (error: Error) => cell.quietly('x:Get', async () => Promise.reject(error));
    expect(await fail(awsError('AccessDenied', 403))).toBeUndefined();
    expect([cell.gaps(), cell.asked, cell.refused]).toEqual([
      [],
      ['x:Get'],
      [['x:Get', 'denied: AccessDenied (HTTP 403): AccessDenied']],
    ]);
    await expect(fail(new TypeError('bug'))).rejects.toThrow('bug');
    expect(await cell.quietly('x:Get', async () => 7)).toBe(7);
  });

  it('reads once what several ask for, and shares the failure with each', async () => {
    const memo = testCell('x');
    let reads = 0;
    const read = async (cell: { ask: typeof memo.ask }) => {
      reads++;
      return cell.ask('x:Read', async () => Promise.reject(awsError('AccessDenied')));
    };
    await memo.shared('k', read);
    await memo.shared('k', read);
    expect(reads).toBe(1);
    expect(memo.gaps()).toHaveLength(2);
    expect(memo.status(0)).toBe('denied');
  });

  it('names itself account/region/service', () => {
    expect(cellKey(PLACE, 'rds')).toBe('111122223333/us-east-1/rds');
  });
});
