/** Servers that count or note connections: what is said of a budget that is spent, and only what is true of that server. */
import { describe, expect, it } from 'vitest';
import { spend } from '../../lib/pipeline/budget.ts';
import { hearing } from '../../lib/pipeline/hearing.ts';
import { success } from '../../lib/pipeline/probe-observation.ts';
import type { ProbeRun } from '../../lib/pipeline/probe-run.ts';
import { blankAxes } from '../../lib/model/silence.ts';
import { mysql } from '../../lib/probes/mysql.ts';
import { neo4j } from '../../lib/probes/neo4j.ts';
import { oracle } from '../../lib/probes/oracle.ts';
import { sqlserver } from '../../lib/probes/sqlserver.ts';
import { memoryStore } from '../../lib/stores/memory.ts';
import { anEndpoint } from '../support/builders.ts';

const HERE = { name: 'here', hearing: hearing() };
const ADDRESS = { address: '127.0.0.1', family: 4 } as const;

async function spentOn(probe: typeof mysql, isBlocked = false) {
  const { budgets } = memoryStore({ sinks: [] });
  const now = new Date('2026-11-26T10:00:00.000Z');
  const key = `${probe.id}|127.0.0.1:1|here`;
  const { stopAt = 0 } = probe.connectionBudget ?? {};
  for (let i = 0; !isBlocked && i < stopAt; i++) {
    await budgets.spend(key, now.toISOString(), { stopAt, minIntervalMs: 0 });
  }
  if (isBlocked) await budgets.exhaust(key, now.toISOString());
  const run = { budgets, now: () => now } as Pick<ProbeRun, 'budgets' | 'now'>;
  return spend(anEndpoint({ port: 1 }), probe, ADDRESS, run, HERE);
}

describe('a budget that is spent', () => {
  it('names the cure on the server where the server has one', async () => {
    const mysqls = await spentOn(mysql);
    expect(mysqls).toMatchObject({
      kind: 'spent',
      detail: expect.stringMatching(/^40 connections used of 40: FLUSH HOSTS there, then reset/u),
    });
    expect(await spentOn(mysql, true)).toMatchObject({
      detail: expect.stringMatching(/^the server blocks this vantage: FLUSH HOSTS/u),
    });
  });

  it.each([oracle, sqlserver])('says nothing of MySQL where it is none: $id', async (probe) => {
    expect(await spentOn(probe)).toEqual({
      kind: 'spent',
      detail: '10000 connections used of 10000: reset the budget (docs/operations.md)',
    });
  });
});

describe('a server that locks us out', () => {
  const locked = { ...blankAxes('open', 'any/locked'), auth: { state: 'lockout' } } as const;
  const gap = (probe: Parameters<typeof success>[2]) => success(locked, { rawNames: false }, probe).gap?.detail;

  it('is not visited again where it counts, and is asked again where it does not', () => {
    expect(gap(mysql)).toBe('the server blocks this vantage (FLUSH HOSTS clears it): probing is suspended');
    expect(gap(neo4j)).toBe('the server blocks this vantage: it is asked again at the next visit');
  });
});
