import { describe, expect, it } from 'vitest';
import type { Json, LedgerEntry } from '../../lib/model/ledger.ts';
import { MAX_SINKS_BYTES } from '../../lib/model/sink-file.ts';
import { SINKS_NOTE, sinksInForceOf, TRIED_NOTE } from '../../lib/model/sinks-in-force.ts';
import { sinksCheck } from '../../lib/pipeline/guard-sinks.ts';
import { memoryStore } from '../../lib/stores/memory.ts';

const arn = (name: string): string => `arn:aws:secretsmanager:eu-west-1:111122223333:secret:ajar/${name}-AbCdEf`;
const slack = `  - type: slack\n    url: { secret: '${arn('slack')}' }\n`;
const teams = `  - type: teams\n    url: { secret: '${arn('teams')}', field: url }\n`;
const file = (...sinks: readonly string[]): string =>
  sinks.length === 0 ? 'version: 1\nsinks: []\n' : `version: 1\nsinks:\n${sinks.join('')}`;

/** Guard minute by minute over one place in S3 and one table. */
function watched() {
  const held = new Map<string, Json>();
  const store = memoryStore({ sinks: [] });
  let text: string | undefined;
  let saves = 0;
  const check = sinksCheck({
    read: async () => text,
    place: 's3://b/sinks/sinks.yaml',
    notes: { read: async (key) => held.get(key), save: async (key, value) => void held.set(key, value) },
    records: {
      read: (key) => store.records.read(key),
      save: async (key, change) => {
        saves++;
        held.set(key, change.value);
        return store.records.save(key, change);
      },
    },
  });
  return {
    is: (next: string | undefined) => (text = next),
    tried: (at: string, faults: Readonly<Record<string, string>> = {}) => held.set(TRIED_NOTE, { at, faults }),
    inForce: () => sinksInForceOf(held.get(SINKS_NOTE)),
    saves: () => saves,
    async lines(): Promise<readonly LedgerEntry[]> {
      const entries: LedgerEntry[] = [];
      for await (const entry of store.ledger()) entries.push(entry);
      return entries;
    },
    look: async (at: string) => (await check.look(new Date(at))) ?? { problems: [] },
  };
}
const minute = (n: number): string => new Date(Date.parse('2026-12-04T10:00:00Z') + n * 60_000).toISOString();

describe('sinks.yaml', () => {
  it('comes into force as it is written, without any secret, and is written down once', async () => {
    const guard = watched();
    guard.is(file(slack, teams));
    expect(await guard.look(minute(0))).toEqual({ problems: [], counts: { SinksInvalid: 0 } });
    await guard.look(minute(1));
    expect(guard.inForce()).toEqual({
      version: 1,
      entries: [
        { type: 'slack', escalation: false, url: { secret: arn('slack') } },
        { type: 'teams', escalation: false, url: { secret: arn('teams'), field: 'url' } },
      ],
      removed: [],
      at: minute(0),
    });
    expect(guard.saves()).toBe(1);
  });

  it('leaves a line of the ledger for each change of who is told, and none while nothing changes', async () => {
    const guard = watched();
    guard.is(file(slack, teams));
    for (const n of [0, 1]) await guard.look(minute(n));
    guard.is(file(slack.replace('ajar/slack', 'ajar/other')));
    for (const n of [2, 3]) await guard.look(minute(n));
    guard.is(file());
    for (const n of [4, 5]) await guard.look(minute(n));
    expect(
      (await guard.lines()).map(({ kind, subject, observedAt, body }) => ({ kind, subject, observedAt, body })),
    ).toEqual(
      [
        { removed: [], added: ['slack', 'teams'], changed: [], at: minute(0) },
        { removed: ['teams'], added: [], changed: ['slack'], at: minute(2) },
        { removed: ['slack'], added: [], changed: [], at: minute(4) },
      ].map(({ at, ...body }) => ({
        ...{ kind: 'run', subject: 's3://b/sinks/sinks.yaml', observedAt: at },
        body: { event: 'sinks', ...body },
      })),
    );
  });

  it('that nobody put there is no sinks, and nothing is written', async () => {
    const guard = watched();
    expect((await guard.look(minute(0))).problems).toEqual([]);
    expect(guard.inForce()).toBeUndefined();
  });

  it.each([
    ['does not load', 'version: 1\nsinks: nonsense\n', 's3://b/sinks/sinks.yaml:2:1: sinks must be a list of sinks'],
    [
      'holds a secret itself',
      file('  - type: slack\n    url: https://hooks.slack.example/x\n'),
      'must be { secret: ARN }',
    ],
    ['names a variable', file('  - type: slack\n    url: { env: SLACK }\n'), 'unknown key "env"'],
    [
      'names a secret by less than its ARN',
      file("  - type: slack\n    url: { secret: 'ajar/slack' }\n"),
      'must be the whole ARN of a secret',
    ],
    ['is too large', ' '.repeat(MAX_SINKS_BYTES + 1), `larger than ${MAX_SINKS_BYTES} bytes`],
    ['is gone', undefined, 'it is gone'],
  ])('that %s leaves the last good one in force, with an alarm', async (_, text, said) => {
    const guard = watched();
    guard.is(file(slack));
    await guard.look(minute(0));
    guard.is(text);
    const { problems, counts } = await guard.look(minute(1));
    expect(problems.map(({ key, severity }) => [key, severity])).toEqual([['sinks/invalid', 'critical']]);
    expect(problems[0]?.detail).toContain(said);
    expect(counts).toEqual({ SinksInvalid: 1 });
    expect(guard.inForce()?.entries).toHaveLength(1);
    guard.is(file(slack, teams));
    expect((await guard.look(minute(2))).problems).toEqual([]);
    expect(guard.inForce()?.entries).toHaveLength(2);
  });

  it('whose list is empty takes out those that were there; what is taken out is known until it is back', async () => {
    const guard = watched();
    guard.is(file(slack, teams));
    await guard.look(minute(0));
    guard.is(file());
    expect((await guard.look(minute(1))).problems).toEqual([]);
    expect(guard.inForce()?.entries).toEqual([]);
    expect(guard.inForce()?.removed).toEqual([
      { id: 'slack', at: minute(1) },
      { id: 'teams', at: minute(1) },
    ]);
    guard.is(file(teams));
    await guard.look(minute(2));
    expect(guard.inForce()?.removed).toEqual([{ id: 'slack', at: minute(1) }]);
  });
});

describe('sinks that cannot be used', () => {
  it('are told with why, and only while they are in force', async () => {
    const guard = watched();
    guard.is(file(slack, teams));
    await guard.look(minute(0));
    guard.tried(minute(1), { slack: 'secret cannot be read: AccessDenied', pagerduty: 'of before' });
    const { problems } = await guard.look(minute(2));
    expect(problems.map(({ key, affected }) => [key, affected])).toEqual([['sinks/unusable', ['slack']]]);
    expect(problems[0]?.detail).toContain('slack: secret cannot be read: AccessDenied');
    guard.is(file(teams));
    guard.tried(minute(3));
    expect((await guard.look(minute(3))).problems).toEqual([]);
  });

  it('are no secret for being tried by nobody: five minutes of that are told', async () => {
    const guard = watched();
    guard.is(file(slack));
    await guard.look(minute(0));
    expect((await guard.look(minute(5))).problems).toEqual([]);
    const keys = async (n: number) => (await guard.look(minute(n))).problems.map(({ key }) => key);
    expect(await keys(6)).toEqual(['sinks/untried']);
    guard.tried(minute(6));
    expect(await keys(7)).toEqual([]);
    expect(await keys(12)).toEqual(['sinks/untried']);
  });
});
