import { describe, expect, it } from 'vitest';
import type { Allowance } from '../../lib/model/allowlist.ts';
import type { Json, LedgerLine } from '../../lib/model/ledger.ts';
import type { AllowlistWatch } from '../../lib/pipeline/guard-allowlist.ts';
import { allowlistCheck } from '../../lib/pipeline/guard-allowlist.ts';
import { type Memory, whatToTell } from '../../lib/pipeline/guard-memory.ts';
import { anAllowance, anAllowlist } from '../support/readings.ts';

const entry = (id: string, over: Partial<Allowance> = {}): Allowance =>
  anAllowance({ id, approvedOn: '2019-11-01', expires: '2020-01-31', ...over });

/** Guard over the days: what it would publish, and what it writes down. */
function watched() {
  const held = new Map<string, Json>();
  const lines: LedgerLine[] = [];
  let found: Awaited<ReturnType<AllowlistWatch['read']>> = { allowlist: anAllowlist(), problems: [] };
  let memory: Memory = {};
  const check = allowlistCheck({
    read: async () => found,
    place: 's3://b/allowlist.yaml',
    notes: { read: async (key) => held.get(key), save: async (key, value) => void held.set(key, value) },
    record: async (more) => void lines.push(...more),
  });
  return {
    lines,
    has: (...entries: readonly Allowance[]) => (found = { allowlist: anAllowlist(...entries), problems: [] }),
    is: (other: typeof found) => (found = other),
    async pass(at: string): Promise<readonly string[]> {
      const now = new Date(at);
      const look = { check: 'allowlist', problems: (await check.look(now))?.problems ?? [] };
      const next = whatToTell(memory, [look], ['allowlist'], now);
      memory = next.memory;
      const { began = [], lasting = [], ended = [] } = next.news ?? {};
      return [
        ...began.map((p) => p.subject),
        ...lasting.map((p) => `still: ${p.subject}`),
        ...ended.map((p) => `over: ${p.subject}`),
      ];
    },
  };
}

describe('the end of an entry', () => {
  it('is told 14, 7 and 1 days before, and when it is over, once each', async () => {
    const guard = watched();
    guard.has(entry('door'));
    const told: string[] = [];
    for (let hour = 0; hour < 24 * 18; hour += 2) {
      const at = new Date(Date.parse('2020-01-16T00:30:00Z') + hour * 3_600_000).toISOString();
      for (const line of await guard.pass(at)) told.push(`${at.slice(0, 13)} ${line}`);
    }
    expect(told).toEqual([
      '2020-01-17T00 allowance door expires in 14 days',
      '2020-01-24T00 allowance door expires in 7 days',
      '2020-01-30T00 allowance door expires tomorrow',
      '2020-02-01T00 allowance door has expired',
    ]);
  });

  it('names its owner, who decides, and the reason that was given', async () => {
    const guard = allowlistCheck({
      read: async () => ({ allowlist: anAllowlist(entry('door', { expires: '2020-01-05' })), problems: [] }),
      place: 'p',
      notes: { read: async () => undefined, save: async () => undefined },
      record: async () => undefined,
    });
    const [problem] = (await guard.look(new Date('2020-01-01T00:00:00Z')))?.problems ?? [];
    expect(problem?.detail).toBe(
      'door: search-team decides; until the end of 2020-01-05, then what it covers alerts; SEC-1: partners read the public catalogue index',
    );
  });

  it('of many at once is one message; of one that was approved for longer none', async () => {
    const guard = watched();
    guard.has(entry('a', { expires: '2020-01-10' }), entry('b', { expires: '2020-01-09' }), entry('c'));
    expect(await guard.pass('2020-01-04T00:00:00Z')).toEqual(['2 allowances expire within 7 days']);
    guard.has(entry('a', { expires: '2020-03-01' }), entry('b', { expires: '2020-01-09' }), entry('c'));
    expect(await guard.pass('2020-01-05T00:00:00Z')).toEqual([]);
  });

  it('is told again where it is another end', async () => {
    const guard = watched();
    guard.has(entry('a', { expires: '2020-01-10' }));
    expect(await guard.pass('2020-01-04T00:00:00Z')).toEqual(['allowance a expires in 6 days']);
    guard.has(entry('a', { expires: '2020-01-11' }));
    expect(await guard.pass('2020-01-04T01:00:00Z')).toEqual(['allowance a expires in 7 days']);
  });

  it('is told also of 2,000 that expired together, within what a message and a note may hold', async () => {
    const guard = watched();
    const id = (i: number): string => `entry-${'x'.repeat(50)}-${i}`;
    guard.has(...Array.from({ length: 2_000 }, (_, i) => entry(id(i), { expires: '2020-01-02' })));
    expect(await guard.pass('2020-02-01T00:00:00Z')).toEqual(['2000 allowances have expired']);
    expect(JSON.stringify(guard.lines).length).toBeLessThan(30_000);
  });
});

describe('a list', () => {
  it('that comes into force is a line of the ledger: what came, changed and went, approved by whom', async () => {
    const guard = watched();
    guard.has(entry('a'), entry('b'));
    await guard.pass('2019-12-01T00:00:00Z');
    await guard.pass('2019-12-01T00:01:00Z');
    guard.is({
      allowlist: { ...anAllowlist(entry('b', { approvedBy: ['cto'] }), entry('c')), digest: 'new' },
      problems: [],
    });
    await guard.pass('2019-12-01T00:02:00Z');
    expect(guard.lines.map(({ kind, subject, body }) => ({ kind, subject, ...body }))).toMatchObject([
      {
        kind: 'allowlist',
        subject: 's3://b/allowlist.yaml',
        event: 'loaded',
        digest: '2 entries',
        counts: { added: 2 },
      },
      {
        ...{ event: 'loaded', digest: 'new', before: '2 entries', removed: ['a'] },
        added: [{ id: 'c', owner: 'search-team', approvedBy: ['ciso'], ticket: 'SEC-1', expires: '2020-01-31' }],
        changed: [{ id: 'b', approvedBy: ['cto'] }],
      },
    ]);
    expect(guard.lines).toHaveLength(2);
  });

  it('that does not load alarms at once, is one line, leaves the last good one in force, and is over when it loads', async () => {
    const guard = watched();
    guard.has(entry('a'));
    await guard.pass('2019-12-01T00:00:00Z');
    const mistake = { file: 'allowlist.yaml', line: 3, column: 5, message: 'id is missing: add it' };
    guard.is({ allowlist: anAllowlist(entry('a')), problems: [mistake] });
    expect(await guard.pass('2019-12-01T00:01:00Z')).toEqual([
      'the allowlist does not load: the last good one stays in force',
    ]);
    expect(await guard.pass('2019-12-01T00:02:00Z')).toEqual([]);
    guard.has(entry('a'));
    expect(await guard.pass('2019-12-01T00:03:00Z')).toEqual([
      'over: the allowlist does not load: the last good one stays in force',
    ]);
    expect(guard.lines.map(({ body }) => body)).toMatchObject([
      { event: 'loaded' },
      { event: 'refused', problems: 1, said: ['allowlist.yaml:3:5: id is missing: add it'], inForce: '1 entries' },
    ]);
  });

  it('that cannot be read: guard could not look, and takes nothing back nor says it twice', async () => {
    const guard = watched();
    guard.has(entry('a', { expires: '2020-01-03' }));
    expect(await guard.pass('2020-01-01T00:00:00Z')).toEqual(['allowance a expires in 2 days']);
    guard.is({ allowlist: anAllowlist(), problems: [], unreadable: 'AccessDenied' });
    await expect(guard.pass('2020-01-01T00:01:00Z')).rejects.toThrow('s3://b/allowlist.yaml: AccessDenied');
    guard.has(entry('a', { expires: '2020-01-03' }));
    expect(await guard.pass('2020-01-01T00:02:00Z')).toEqual([]);
    expect(guard.lines).toHaveLength(1);
  });
});
