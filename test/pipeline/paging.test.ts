import { describe, expect, it } from 'vitest';
import type { ProbeMessage } from '../../lib/model/messages.ts';
import { PAGE_ENDPOINTS, paginate } from '../../lib/pipeline/paging.ts';
import { dueProbes } from '../../lib/pipeline/roster.ts';
import { aState } from '../support/builders.ts';

const NOW = new Date('2026-12-04T10:00:00.000Z');
const LATER = new Date(NOW.getTime() + 60_000);

describe('pages', () => {
  it('are filled in the order of the roster, and are kept', () => {
    const first = paginate(NOW);
    const given = Array.from({ length: 2 * PAGE_ENDPOINTS }, () => first.pageOf({}));
    expect(new Set(given.slice(0, PAGE_ENDPOINTS)).size).toBe(1);
    expect(new Set(given).size).toBe(2);
    const next = paginate(LATER, first.sparse());
    expect(given.map((page) => next.pageOf({ page }))).toEqual(given);
    expect(new Set([...given, next.pageOf({})]).size).toBe(3);
  });

  it('that endpoints have left are moved together once several fit on one, and stay so', () => {
    const few = ['a', 'b', 'c', 'd'].flatMap((page) => [{ page }, { page }]);
    const full = Array.from({ length: PAGE_ENDPOINTS }, () => ({ page: 'full' }));
    const before = paginate(NOW);
    for (const state of [...few, ...full]) before.pageOf(state);
    expect(before.sparse()).toEqual(new Set(['a', 'b', 'c', 'd']));
    const moving = paginate(LATER, before.sparse());
    const moved = [...few, ...full].map((state) => ({ page: moving.pageOf(state) }));
    expect(new Set(moved.map(({ page }) => page)).size).toBe(2);
    expect(moved.slice(few.length)).toEqual(full);
    const after = paginate(LATER, moving.sparse());
    expect(moved.map((state) => ({ page: after.pageOf(state) }))).toEqual(moved);
  });

  it('are told to the visit; an endpoint that is not visited takes no room', async () => {
    const sent: ProbeMessage[] = [];
    const [a, gone, b] = [aState({ id: 'a' }), aState({ id: 'gone' }), aState({ id: 'b' })];
    async function* roster() {
      yield* [{ ...a, page: 'held' }, { ...gone, endpoint: { ...gone.endpoint, shared: true as const } }, b];
    }
    const due = new Date(Date.parse(a.lastReadingAt) + 3_600_000);
    await dueProbes(roster(), async (message) => void sent.push(message), due);
    expect(sent.map(({ page }) => page)).toEqual(['held', `${due.toISOString()}-0`]);
  });
});
