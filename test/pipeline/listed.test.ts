import { describe, expect, it } from 'vitest';
import { decide } from '../../lib/assess/decide.ts';
import { EMPTY_ALLOWLIST } from '../../lib/model/allowlist.ts';
import type { CoverageGap, Endpoint } from '../../lib/model/endpoint.ts';
import type { Inventory } from '../../lib/model/inventory.ts';
import type { Reading } from '../../lib/model/reading.ts';
import type { EndpointState } from '../../lib/model/state.ts';
import { deletion, inventoryLines, nothingHeard, withInventory } from '../../lib/pipeline/listed.ts';
import { anEndpoint } from '../support/builders.ts';

const minute = (m: number): string => new Date(Date.UTC(2019, 11, 4, 10, m)).toISOString();
const pass = (since: string, gaps: Inventory['gaps'] = []): Omit<Inventory, 'endpoints'> => ({
  since,
  gone: [],
  gaps,
  forgotten: [],
  recreated: [],
  coverage: {
    accounts: 1,
    places: 1,
    cells: { complete: 1, partial: 0, denied: 0, throttled: 0, 'not-enabled': 0, 'not-offered': 0, failed: 0 },
    calls: 1,
  },
});
const reading = (endpoint: Endpoint, at: string): Reading => ({
  id: `${at}/${endpoint.id}`,
  runId: at,
  at,
  began: at,
  endpoint,
  vantage: 'v',
  observations: [],
  vantageAlive: true,
});
const database = (level: 'on' | 'off', declaredAt: string): Endpoint =>
  anEndpoint({
    id: 'db',
    source: 'aws',
    declaredAt,
    declared: { network: { level, basis: 'declared', evidence: 'PubliclyAccessible' } },
  });

describe('a reading in the light of the inventory', () => {
  it('does not make a removal as young as the last look at something else', () => {
    let state: EndpointState | undefined;
    const judge = (endpoint: Endpoint, at: string, since: string) => {
      const decision = decide(state, withInventory(pass(since))(reading(endpoint, at)), EMPTY_ALLOWLIST, new Date(at));
      state = decision.state;
      return decision;
    };
    judge(database('on', minute(0)), minute(1), minute(0));
    // Probed every minute, read again after an hour: in between nothing is known of the configuration.
    for (let m = 2; m < 59; m++) judge(database('on', minute(0)), minute(m), minute(m));
    const { incidents } = judge(database('off', minute(59)), minute(60), minute(59));
    expect(incidents).toMatchObject([{ protection: 'network', origin: 'removed', start: { lower: minute(0) } }]);
  });

  it('is as old as its oldest part, and carries what could not be read', () => {
    const gap = { stage: 'inventory', subject: 'db', code: 'denied', detail: 'x' } as const;
    const told = withInventory(pass(minute(0), [gap]))(reading(database('on', minute(1)), minute(5)));
    expect([told.began, told.remembered, told.gaps]).toEqual([minute(1), undefined, [gap]]);
  });

  it('is left as it is where the inventory is a file', () => {
    const mine = reading(anEndpoint(), minute(1));
    expect(withInventory(undefined)(mine)).toBe(mine);
  });
});

describe('what the inventory leaves in the ledger', () => {
  it('is one line for the pass, and one per gap, forgotten door and resource made anew', () => {
    const inventory = {
      ...pass(minute(0), [{ stage: 'inventory' as const, subject: 'a/b/rds', code: 'denied' as const, detail: 'x' }]),
      forgotten: [{ endpointId: 'f', why: 'w' }],
      recreated: [{ endpointId: 'r', from: '1', to: '2' }],
    };
    const lines = inventoryLines({ runId: 'run' }, inventory, minute(0), nothingHeard());
    expect(lines.map((l) => [l.kind, l.subject])).toEqual([
      ['inventory', 'run'],
      ['gap', 'a/b/rds'],
      ['inventory', 'f'],
      ['inventory', 'r'],
    ]);
  });

  it('tells of a gap and of a forgotten door once for as long as they last, and of the gap when it ends', () => {
    const heard = nothingHeard();
    const denied = { stage: 'inventory', subject: 'a/b/rds', code: 'denied', detail: 'x' } as const;
    const told = (gaps: readonly CoverageGap[], forgotten: readonly { endpointId: string; why: string }[] = []) =>
      inventoryLines({ runId: 'run' }, { ...pass(minute(0), gaps), forgotten }, minute(0), heard)
        .slice(1)
        .map(({ subject, body }) => [subject, body.event]);
    const door = { endpointId: 'f', why: 'w' };
    expect(told([denied], [door])).toEqual([
      ['a/b/rds', 'began'],
      ['f', 'forgotten'],
    ]);
    expect(told([denied], [door])).toEqual([]);
    expect(told([{ ...denied, code: 'throttled' }])).toEqual([
      ['a/b/rds', 'began'],
      ['a/b/rds', 'ended'],
    ]);
    expect(told([], [door])).toEqual([
      ['a/b/rds', 'ended'],
      ['f', 'forgotten'],
    ]);
  });

  it('is a deletion on the word of the API', () => {
    const gone = deletion(anEndpoint({ id: 'db' }), { runId: 'run', vantage: 'v', now: () => new Date(minute(3)) });
    expect(gone).toMatchObject({ id: 'run/db', deleted: true, observations: [], at: minute(3) });
  });
});
