import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { grouped, QUIET_MS, type Ready, rootsOf, WAIT_MS } from '../../lib/pipeline/grouping.ts';
import { flipped, isSuspect, withSuspicion } from '../../lib/pipeline/suspicion.ts';
import { toldTogether } from '../../lib/pipeline/told-together.ts';
import type { Notice } from '../../lib/model/incident.ts';
import { SEVERITIES, type Severity } from '../../lib/model/verdict.ts';
import { aNotice, anIncident, AT } from '../support/builders.ts';

const START = Date.parse(AT);
interface Of {
  readonly n?: number;
  readonly at?: number;
  readonly account?: string;
  readonly roots?: readonly string[];
  readonly severity?: Severity;
  readonly kind?: Notice['kind'];
  readonly event?: string;
}

function one({
  n = 0,
  at = 0,
  account = '111122223333',
  roots = ['ec2:sg-1'],
  severity = 'high',
  kind = 'opened',
  event,
}: Of = {}): Ready {
  const actor = { who: 'w', type: 't', channel: 'cli' as const };
  const attribution =
    event === undefined ? undefined : { changes: [{ id: event, at: AT, source: 's', name: 'n', actor }] };
  const incident = anIncident({ id: `i${n}`, severity, ...(attribution === undefined ? {} : { attribution }) });
  const endpoint = { ...aNotice().endpoint, id: `e${n}`, name: `e${n}`, account, region: 'us-east-1', roots };
  const createdAt = new Date(START + at).toISOString();
  const notice = aNotice({ key: `i${n}/${kind}/1`, kind, createdAt, incident, endpoint });
  return { notice, entry: { notice, sink: 's', attempts: 0, dueAt: createdAt } };
}
const later = (ms: number) => new Date(START + ms);
const sizes = (ready: readonly Ready[], ms = WAIT_MS) => grouped(ready, later(ms)).leaving.map((group) => group.length);

describe('what is told together', () => {
  test('forty endpoints behind one security group are one message', () => {
    expect(sizes(Array.from({ length: 40 }, (_, n) => one({ n })))).toEqual([40]);
  });

  test.each<[string, Of, Of]>([
    ['another account', {}, { account: '444455556666' }],
    ['another severity', { severity: 'critical' }, { severity: 'high' }],
    ['another kind', {}, { kind: 'closed' }],
    ['another group', {}, { roots: ['ec2:sg-2'] }],
    ['nothing to share', { roots: [] }, { roots: [] }],
    ['another event', { roots: [], event: 'a' }, { roots: [], event: 'b' }],
  ])('not with %s', (_, a, b) => {
    expect(sizes([one({ ...a, n: 1 }), one({ ...b, n: 2 })])).toEqual([1, 1]);
  });

  test('by one CloudTrail event, by one policy, and by what they share through a third', () => {
    expect(sizes([one({ n: 1, roots: [], event: 'a' }), one({ n: 2, roots: [], event: 'a' })])).toEqual([2]);
    expect(sizes([one({ n: 1, roots: ['p'] }), one({ n: 2, roots: ['q'] }), one({ n: 3, roots: ['q', 'p'] })])).toEqual(
      [3],
    );
  });

  test('once it is quiet, and never later than thirty seconds after the first', () => {
    const two = [one({ n: 1 }), one({ n: 2, at: 3_000 })];
    const early = grouped(two, later(3_000 + QUIET_MS - 1));
    expect([early.leaving, early.held.length, early.until]).toEqual([[], 2, later(3_000 + QUIET_MS)]);
    expect(sizes(two, 3_000 + QUIET_MS)).toEqual([2]);
    const stream = Array.from({ length: 12 }, (_, n) => one({ n, at: n * 2_700 }));
    expect(sizes(stream, WAIT_MS)).toEqual([12]);
  });

  test('what shares nothing waits for nobody, nor does anything for a clock that was set back', () => {
    expect(sizes([one({ roots: [] })], 0)).toEqual([1]);
    expect(sizes([one({ at: 3_600_000 })], 0)).toEqual([1]);
  });

  const of = fc.record({
    at: fc.integer({ min: 0, max: 40_000 }),
    account: fc.constantFrom('1', '2'),
    roots: fc.subarray(['a', 'b', 'c', 'd']),
    severity: fc.constantFrom(...SEVERITIES.slice(0, 2)),
    kind: fc.constantFrom<Notice['kind']>('opened', 'worsened', 'closed'),
  });
  const many = fc.array(of, { maxLength: 30 }).map((all) => all.map((each, n) => one({ ...each, n })));

  test('property: each is in one place, whatever the order; never across accounts or severities; none is late', () => {
    fc.assert(
      fc.property(many, fc.integer({ min: 0, max: 45_000 }), fc.infiniteStream(fc.integer()), (ready, ms, keys) => {
        const { leaving, held, until } = grouped(ready, later(ms));
        const names = (all: readonly Ready[]): string[] => all.map(({ notice }) => notice.key).sort();
        expect(names([...leaving.flat(), ...held])).toEqual(names(ready));
        for (const group of leaving) {
          expect(
            new Set(group.map(({ notice: { endpoint, incident } }) => `${endpoint.account} ${incident.severity}`)).size,
          ).toBe(1);
          // Each shares something with another of its group.
          const shares = (a: Ready, b: Ready) => rootsOf(a.notice).some((root) => rootsOf(b.notice).includes(root));
          for (const each of group)
            expect(group.length === 1 || group.some((b) => b !== each && shares(each, b))).toBe(true);
        }
        for (const { notice } of held) {
          const waited = START + ms - Date.parse(notice.createdAt);
          expect(waited).toBeLessThan(WAIT_MS);
        }
        if (held.length > 0) expect(until?.getTime()).toBeGreaterThan(START + ms);
        const shuffled = ready.map((each) => [each, keys.next().value] as const).sort(([, a], [, b]) => a - b);
        const again = grouped(
          shuffled.map(([each]) => each),
          later(ms),
        );
        const shape = (groups: readonly (readonly Ready[])[]): string[] =>
          groups.map((group) => names(group).join()).sort();
        expect(shape(again.leaving)).toEqual(shape(leaving));
      }),
      { numRuns: 1_000 },
    );
  });
});

describe('the message of several', () => {
  const forty = Array.from({ length: 40 }, (_, n) => one({ n }).notice) as [Notice, ...Notice[]];
  test('says how many, where, since when, and lists who fits', () => {
    const { subject, lines, also, key, incident } = toldTogether(forty, 'they share what was changed');
    expect(subject).toBe('[CRIT] 40 endpoints: 40 authentication off; 111122223333/us-east-1');
    expect(lines[0]).toBe(subject);
    expect(lines[1]).toBe('WHAT     40 opened authentication off; they share what was changed');
    expect(lines[2]).toMatch(/^WHERE {4}e0, e1, .*e39$/);
    expect([key, incident.id, also.length]).toEqual(['i0/opened/1', 'i0', 39]);
    for (const line of lines) expect(line.length).toBeLessThanOrEqual(400);
  });

  test('of one is that one', () => {
    expect(toldTogether([forty[0]], 'x')).toBe(forty[0]);
  });

  test('of a thousand says of how many it has no room', () => {
    const lines = toldTogether(
      Array.from({ length: 1_000 }, (_, n) => one({ n }).notice) as [Notice, ...Notice[]],
      'x',
    ).lines;
    expect(lines[2]).toMatch(/\+\d+ more, see report$/);
    expect(lines.find((line) => line.startsWith('INCIDENT'))).toMatch(/^INCIDENT 1000: .* \+\d+ more/);
  });
});

describe('many that change at once', () => {
  test('are suspect from more than three in ten on, and not where there are few', () => {
    expect([isSuspect(31, 100), isSuspect(30, 100), isSuspect(9, 9), isSuspect(10, 10)]).toEqual([
      true,
      false,
      false,
      true,
    ]);
  });

  test('are counted once each, and only what opened or closed', () => {
    const notices = [one({ n: 1 }), one({ n: 1, kind: 'closed' }), one({ n: 2, kind: 'attributed' }), one({ n: 3 })];
    expect(flipped(notices.map(({ notice }) => notice))).toBe(2);
  });

  test('say so below the subject, and are alerts as ever', () => {
    const { notice } = one();
    const { lines, ...rest } = withSuspicion(notice, 40, 100);
    const { lines: before, ...same } = notice;
    expect(rest).toEqual(same);
    expect(lines).toEqual([before[0], expect.stringMatching(/^SUSPECT {2}40 of 100/), ...before.slice(1)]);
  });
});
