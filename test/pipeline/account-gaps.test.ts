import { describe, expect, it } from 'vitest';
import { EMPTY_ALLOWLIST } from '../../lib/model/allowlist.ts';
import type { CoverageGap } from '../../lib/model/endpoint.ts';
import type { Listing } from '../../lib/model/inventory.ts';
import type { StateStore } from '../../lib/model/store.ts';
import { tellAccountGaps } from '../../lib/pipeline/account-gaps.ts';
import { buildReport } from '../../lib/pipeline/report.ts';
import { dueSweeps } from '../../lib/pipeline/roster.ts';
import { memoryStore } from '../../lib/stores/memory.ts';
import { aState } from '../support/builders.ts';
import { passesOver } from '../support/passes.ts';

const [A, B] = ['111111111111', '222222222222'];
const minute = (n: number): Date => new Date(Date.UTC(2026, 11, 4, 10, n));
const refused = (account: string, code: CoverageGap['code'] = 'denied'): CoverageGap => ({
  stage: 'inventory',
  subject: `${account}/us-east-1/regions`,
  code,
  detail: 'sts:AssumeRole: AccessDenied',
});
const listing = (gaps: readonly CoverageGap[], over: Partial<Listing> = {}): Listing => ({
  accounts: [A, B],
  gaps,
  isWhole: true,
  ...over,
});
const tell = (store: Pick<StateStore, 'append' | 'accountGaps'>, told: Listing, at = 0) =>
  tellAccountGaps(told, store, { runId: 'r', now: () => minute(at) });
async function lines(store: StateStore): Promise<readonly string[]> {
  const found: string[] = [];
  for await (const { kind, subject, body } of store.ledger()) {
    if (kind === 'gap')
      found.push(`${JSON.stringify(body['event'])} ${subject} ${JSON.stringify(body['code'])}`.replaceAll('"', ''));
  }
  return found;
}

describe('an account that cannot be listed', () => {
  it('is one line when that began and one when it ended, however often it is found', async () => {
    const store = memoryStore({ sinks: [] });
    for (const gaps of [[], [refused(B)], [refused(B)], [], []]) await tell(store, listing(gaps));
    expect(await lines(store)).toEqual([`began ${B}/us-east-1/regions denied`, `ended ${B}/us-east-1/regions denied`]);
    await tell(store, listing([refused(B)]));
    await tell(store, listing([refused(B, 'throttled')]));
    expect((await lines(store)).slice(2).map((line) => line.replace(/ .* /, ' '))).toEqual([
      'began denied',
      'began throttled',
      'ended denied',
    ]);
  });

  it('has not ended where nobody asked it: the list of accounts was in doubt', async () => {
    const store = memoryStore({ sinks: [] });
    const organisation = { ...refused(A, 'not-answered'), subject: `${A}/us-east-1/organizations` };
    await tell(store, listing([refused(B)]));
    await tell(store, listing([organisation], { accounts: [A], isWhole: false }));
    expect((await lines(store)).filter((line) => line.startsWith('ended'))).toEqual([]);
    await tell(store, listing([], { accounts: [A] }));
    expect((await lines(store)).filter((line) => line.startsWith('ended')).length).toBe(2);
  });

  it('is said again where the run died before it was noted, and counts once in the report', async () => {
    const store = memoryStore({ sinks: [] });
    await store.commit({ state: aState(), expected: 0, lines: [], notices: [], incidents: [] });
    const dying = { ...store, accountGaps: { ...store.accountGaps, save: () => Promise.reject(new Error('killed')) } };
    await expect(tell(dying, listing([refused(B)]), 1)).rejects.toThrow('killed');
    await tell(store, listing([refused(B)]), 2);
    expect(await lines(store)).toHaveLength(2);
    const report = (to: number) =>
      buildReport(store, { toolVersion: 'x', allowlist: EMPTY_ALLOWLIST, to: minute(to).toISOString() });
    const mine = async (to: number) => (await report(to)).gaps.filter(({ subject }) => subject.startsWith(B));
    expect(await mine(3)).toEqual([{ ...refused(B), since: minute(1).toISOString() }]);
    await tell(store, listing([]), 5);
    expect([(await mine(4)).length, (await mine(6)).length]).toEqual([1, 0]);
  });
});

describe('who lists accounts', () => {
  it('hands on what could not be listed and who was asked: the pass of one machine, and the plan on AWS', async () => {
    const world = passesOver([A, B]);
    world.organisation.broken.add(`regions ${B}`);
    const { listing: passed, gaps } = await world.pass();
    const planned = await dueSweeps(world.organisation, world.store, async () => undefined, world.organisation.now);
    for (const each of [passed, planned.listing]) {
      expect(each).toMatchObject({ accounts: [A, B], gaps: [{ subject: B, code: 'fault' }], isWhole: true });
    }
    expect(gaps).toEqual(expect.arrayContaining([...(passed?.gaps ?? [])]));
  });
});
