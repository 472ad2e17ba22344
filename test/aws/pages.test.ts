/** Also of lib/aws/lazily.ts: both keep a question from being asked too often. */
import { describe, expect, it } from 'vitest';
import { lazily, once } from '../../lib/aws/lazily.ts';
import { pagesOf } from '../../lib/aws/pages.ts';
import { awsError, testCell } from '../support/aws.ts';

interface Page {
  readonly items?: readonly number[];
  readonly next?: string;
}

async function read(pages: readonly (Page | Error)[], subject?: string) {
  const cell = testCell('test');
  const tokens: (string | undefined)[] = [];
  const answer = await pagesOf(cell, subject, {
    action: 'test:List',
    call: async (token): Promise<Page> => {
      const page = pages[Math.min(tokens.push(token), pages.length) - 1];
      if (page === undefined || page instanceof Error) throw page ?? new Error('no page');
      return page;
    },
    items: (page) => page.items,
    next: (page) => page.next,
  });
  return { ...answer, tokens, gaps: cell.gaps(), status: cell.status(answer.items.length) };
}

describe('pages of one resource', () => {
  it('are all read, each with the token of the one before', async () => {
    const read1 = await read([{ items: [1], next: 'a' }, { next: 'b' }, { items: [2], next: '' }]);
    expect(read1).toMatchObject({ items: [1, 2], whole: true, tokens: [undefined, 'a', 'b'], gaps: [] });
  });

  it('say that they are not all when one is denied, without casting doubt on the cell', async () => {
    const answer = await read([{ items: [1], next: 'a' }, awsError('AccessDenied', 403)], 'thing');
    expect(answer).toMatchObject({ items: [1], whole: false, status: 'complete' });
    expect(answer.gaps).toMatchObject([{ subject: 'thing', code: 'denied' }]);
  });

  it('leave the cell in doubt where there is no subject', async () => {
    expect((await read([{ items: [1], next: 'a' }, awsError('AccessDenied', 403)])).status).toBe('partial');
  });

  it('end when a token comes again, and after so many pages that nobody has them', async () => {
    expect(await read([{ items: [1], next: 'a' }])).toMatchObject({ items: [1, 1], whole: false });
    const cell = testCell('test');
    let page = 0;
    const endless = await pagesOf(cell, 'thing', {
      action: 'test:List',
      call: async () => ({ next: String(page++) }),
      items: () => [],
      next: ({ next }) => next,
    });
    expect([endless.whole, page]).toEqual([false, 2_000]);
  });
});

describe('questions asked once', () => {
  it('are not asked before somebody needs the answer, nor again', async () => {
    let asked = 0;
    const answer = lazily(async () => ++asked);
    expect(asked).toBe(0);
    expect(await Promise.all([answer(), answer(), answer()])).toEqual([1, 1, 1]);
  });

  it('are asked once for each key', async () => {
    const asked: string[] = [];
    const answer = once(async (key: string) => asked.push(key));
    await Promise.all([answer('a'), answer('b'), answer('a')]);
    expect(asked).toEqual(['a', 'b']);
  });
});
