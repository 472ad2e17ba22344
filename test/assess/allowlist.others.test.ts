/**
 * Where the exceptions of other tools failed, and that ours do not: each row of evidence-and-alerts.md section 4.1 and each
 * thread of peers.md section 3, "Muting/allowlist". Where a failure cannot be one of ours, the reason stands here:
 * Checkov's inline skips and Cloud Custodian's filters have no counterpart, since nothing of ours is muted where it is
 * built or by code; ajar mutes no checks, so AWS Config's and Security Hub's workflow states have none either, but for
 * their end, which is tried here. That one cannot see what one justifies (security_monkey #1224) is `explain`:
 * approved.test.ts. Expiry, asked for again and again (clair-scanner #67, DependencyTrack #3627), and the old reason shown
 * when it is over (nl-kat #680) are tried under AWS Config.
 */
import { describe, expect, test } from 'vitest';
import { matchesArn, missesOf } from '../../lib/assess/allowance-match.ts';
import { endingsOf } from '../../lib/assess/expiry.ts';
import { lintAllowlist } from '../../lib/assess/lint.ts';
import type { Allowance, Allowlist } from '../../lib/model/allowlist.ts';
import { readAllowlist } from '../../lib/model/allowlist-file.ts';
import type { Reading } from '../../lib/model/reading.ts';
import { entryWith, fileOf } from '../support/allowances.ts';
import { aReading, anAllowance, anAllowlist, anEndpoint, instant, openOf, play } from '../support/readings.ts';

const arn = (name: string): string => `arn:aws:s3:us-east-1:111122223333:${name}`;
const load = (text: string) => readAllowlist([{ file: 'a.yaml', text }], 'a.yaml', false);
const problemsOf = (text: string): string => {
  const read = load(text);
  return read.ok ? '' : read.problems.map((p) => `${p.line}: ${p.message}`).join('\n');
};
const PLAIN = [{ tls: 'absent' }] as const;
const door = (over: Partial<Allowance> = {}): Allowance => anAllowance({ id: 'door', ...over });
const open = (readings: readonly Reading[], list: Allowlist | ((r: Reading) => Allowlist)): readonly string[] =>
  openOf(play(readings, list).state).map((i) => `${i.origin} ${i.protection}`);
const until =
  (seconds: number, list: Allowlist, later: Allowlist = anAllowlist()) =>
  (reading: Reading): Allowlist =>
    reading.at < instant(seconds) ? list : later;

describe('Prowler', () => {
  test('a pattern "logs" muted every bucket with logs in its name: ours is anchored at both ends, and no expression', () => {
    expect(matchesArn(arn('logs'), arn('company-logs-archive'))).toBe(false);
    expect(matchesArn(arn('.*logs'), arn('company-logs'))).toBe(false);
    expect(matchesArn(arn('*logs'), arn('company-logs'))).toBe(true);
  });

  test('a key written twice lost one of both (#9203): it does not load, and the line is named', () => {
    const text = fileOf(entryWith()).replace('    match:', '    match: {}\n    match:');
    expect(problemsOf(text)).toMatch(/^\d+: .*unique/);
  });

  test('a list that was wrong was ignored with a log (#4419): nothing of it loads, and it is an error', () => {
    const text = fileOf(entryWith(), entryWith({ id: 'b', expires: 'never' }));
    expect(problemsOf(text)).toMatch(/entries\.1\.expires must be/);
  });

  test('matching changed between releases (#4634, #4597): what matches is a table of cases, and a file says its version', () => {
    expect(problemsOf('version: 2\nentries: []\n')).toContain('this ajar reads version 1 files');
  });

  test('an entry that was deleted went on muting (PR 10296): what it covered alerts with the next look', () => {
    const readings = [aReading({ sees: PLAIN }), aReading({ at: 60, sees: PLAIN })];
    expect(open(readings, anAllowlist(door()))).toEqual([]);
    expect(open(readings, until(60, anAllowlist(door())))).toEqual([
      'no-longer-allowed network',
      'no-longer-allowed tls',
    ]);
  });

  test('and one that was put back mutes with the next look, the window between stays on record', () => {
    const list = (r: Reading) =>
      anAllowlist(...(r.at === instant(60) ? [] : [door({ id: r.at < instant(60) ? 'door' : 'door-2' })]));
    const played = play(
      [0, 60, 120].map((at) => aReading({ at, sees: PLAIN })),
      list,
    );
    expect([...played.stored.values()].map((i) => i.status)).toEqual(['accepted', 'accepted']);
  });
});

describe('Trivy', () => {
  test('an entry with an id alone muted for ever: owner, reason, ticket, approval and end have to be there', () => {
    const said = problemsOf('version: 1\nentries:\n  - id: door\n');
    for (const field of ['owner', 'reason', 'ticket', 'approvedBy', 'approvedOn', 'expires', 'match', 'permit'])
      expect(said).toContain(`entries.0.${field} is missing`);
  });

  test('entries that match nothing were not told (#3471): they are', () => {
    const known = { endpoints: [{ endpoint: anEndpoint({ engine: 'redis' }) }], accounts: [] };
    expect(lintAllowlist(anAllowlist(door()), known, instant(0)).map((w) => w.code)).toEqual(['unused']);
  });

  test('a selector that was not understood was ignored, so that the entry was wider: it does not load', () => {
    const match = { ...(entryWith()['match'] as object), pkg: 'x' };
    expect(problemsOf(fileOf(entryWith({ match })))).toContain('unknown key "pkg"');
  });
});

test('osv-scanner called entries unused that were used (#2455): one outside its days that matches is not', () => {
  const known = { endpoints: [{ endpoint: anEndpoint() }], accounts: [] };
  const entry = door({ approvedOn: '2019-12-24', expires: '2020-12-01' });
  expect(lintAllowlist(anAllowlist(entry), known, instant(0)).map((w) => w.code)).toEqual(['not-yet']);
});

test('dependency-check: one of two overlapping files hid that the other had expired (#6394): both is told', () => {
  const [a, b] = ['2019-12-01', '2020-01-31'].map((expires, i) => door({ id: `door-${i}`, expires }));
  const known = { endpoints: [{ endpoint: anEndpoint() }], accounts: [] };
  expect(
    lintAllowlist(anAllowlist(a as Allowance, b as Allowance), known, instant(0)).map((w) => `${w.id} ${w.code}`),
  ).toEqual(['door-0 expired']);
  const live = [door({ id: 'x', expires: '2020-01-30' }), door({ id: 'y' })];
  expect(lintAllowlist(anAllowlist(...live), known, instant(0)).map((w) => w.code)).toEqual([
    'shadowed',
    'overlapping',
  ]);
});

describe('AWS Config, Security Hub, IAM Access Analyzer', () => {
  test('suppressed for ever, or gone without a word at the end: at its end the endpoint alerts, with what was accepted', () => {
    const list = anAllowlist(
      door({ expires: '2019-12-03', approvedOn: '2019-11-01', reason: 'partners read the index' }),
    );
    const before = aReading({ at: -40_000, sees: PLAIN });
    const { state, decisions } = play([before, aReading({ at: 0, sees: PLAIN })], list);
    const [incident] = openOf(state, 'network');
    expect(incident).toMatchObject({
      ...{ origin: 'no-longer-allowed', lapsed: ['door'] },
      wasAccepted: [{ id: 'door', until: '2019-12-03', reason: 'partners read the index', ticket: 'SEC-1' }],
    });
    const what = decisions.flatMap(({ notices }) => notices.map((n) => n.lines[1]));
    expect(what[0]).toContain('it was accepted under door until 2019-12-03: partners read the index (SEC-1)');
  });

  test('a rule of a name and a filter alone: nobody is without an owner, nobody approves his own', () => {
    expect(problemsOf(fileOf(entryWith({ approvedBy: ['TEAM@example.com'] })))).toContain(
      'somebody other than the owner',
    );
  });
});

test('ferret-scan: 245 rules expired and nobody heard for four months: the owner is told 14, 7 and 1 days before and after', () => {
  const list = anAllowlist(door({ expires: '2019-12-31' }));
  const days = ['12-16', '12-17', '12-24', '12-30', '12-31'].map((day) => `2019-${day}T12:00:00Z`);
  const stages = [...days, '2020-01-01T00:00:00Z'].map((at) => endingsOf(list, new Date(at))[0]?.stage);
  expect(stages).toEqual([undefined, 14, 7, 1, 1, 0]);
});

test('drift: an end that was written down and not enforced (#514): it is', () => {
  expect(open([aReading({ sees: PLAIN })], anAllowlist(door({ expires: '2019-12-03' })))).toHaveLength(2);
});

test('glsec: an end is inclusive, to its last second UTC; a date that is none is no entry that never ends', () => {
  const misses = (at: string) => missesOf(door({ expires: '2019-12-04' }), anEndpoint(), [], at);
  expect(misses('2019-12-04T23:59:59.999Z')).toEqual([]);
  expect(misses('2019-12-05T00:00:00.000Z')).toEqual(['expired at the end of 2019-12-04']);
  expect(problemsOf(fileOf(entryWith({ expires: '2026-13-01' })))).toContain('must be a real calendar day');
});

describe('security_monkey', () => {
  test('what justified port 80 later hid port 22 (#21): an entry approves a posture of named ports, and no removal', () => {
    const list = anAllowlist(door({ match: { ...door().match, ports: [9200] } }));
    expect(open([aReading({ sees: PLAIN, endpoint: { port: 22 } })], list)).toHaveLength(2);
    expect(open([aReading(), aReading({ at: 60, sees: PLAIN })], list)).toEqual(['removed tls']);
  });

  test('justifications were lost every hour (#946): they are in the file, whatever becomes of the state', () => {
    const hours = Array.from({ length: 48 }, (_, hour) => aReading({ at: hour * 3_600, sees: PLAIN }));
    expect(open(hours, anAllowlist(door()))).toEqual([]);
    for (const reading of hours.slice(0, 3)) expect(open([reading], anAllowlist(door()))).toEqual([]);
  });
});

test('Scout2, ScoutSuite #1213: a portable file, patterns over accounts, a note: several accounts, each literal', () => {
  const match = { ...(entryWith()['match'] as object), accounts: ['111122223333', '444455556666'] };
  expect(problemsOf(fileOf(entryWith({ match })))).toBe('');
  const wild = { ...(entryWith()['match'] as object), accounts: ['1111*'] };
  expect(problemsOf(fileOf(entryWith({ match: wild })))).toContain('must be 12 digits');
  const bare = fileOf(entryWith()).replace('"111122223333"', '011122223333');
  expect(problemsOf(bare)).toContain('put it in quotes, so that leading zeros are kept');
});

test('cybergraph PR 59, the model: a list that is stale fails open to alerts, never to silence', () => {
  const stale = anAllowlist(door({ expires: '2019-01-01', approvedOn: '2018-12-01' }));
  expect(open([aReading({ sees: PLAIN })], stale)).toEqual(open([aReading({ sees: PLAIN })], anAllowlist()));
});

test('the most specific entry never widens what is denied, nor does it narrow what another accepts', () => {
  const wide = door({ id: 'wide', permit: { ...door().permit, plaintext: false } });
  const narrow = door({
    id: 'narrow',
    match: { ...door().match, hostnames: ['es.example.test'], ports: [9200], regions: ['us-east-1'] },
    permit: { ...door().permit, plaintext: false },
  });
  expect(open([aReading({ sees: PLAIN })], anAllowlist(wide, narrow))).toEqual(['adoption tls']);
  expect(open([aReading({ sees: PLAIN })], anAllowlist(door(), narrow))).toEqual([]);
});
