/** Windows and the incidents they are named for, one change at a time: whose name they keep, and who is told what. */
import { describe, expect, it } from 'vitest';
import type { Named } from '../../lib/assess/windows.ts';
import type { Incident } from '../../lib/model/incident.ts';
import type { DataAtRisk, DataClass } from '../../lib/model/observation.ts';
import type { Window } from '../../lib/model/state.ts';
import { anAllowance, anAllowlist, instant } from '../support/readings.ts';
import { aWindow, name, NOW, one, only, SEEN, type Span, told } from '../support/named.ts';

const seqs = ({ incidents }: Named): readonly string[] => incidents.map((i) => `${i.openSeq} ${i.start.upper}`);

describe('numbers', () => {
  it('are given by when windows began, of each protection by itself, and never again', () => {
    const network = aWindow([30], { protection: 'network' });
    const first = name(undefined, [aWindow([90]), network, aWindow([10, 20])]);
    expect(seqs(first)).toEqual([`1 ${instant(10)}`, `1 ${instant(30)}`, `2 ${instant(90)}`]);
    expect(first.openSeq).toEqual({ authentication: 2, network: 1 });
    expect(new Set(first.incidents.map(({ id }) => id)).size).toBe(3);
    const later = name({ ...first, incidents: [] }, [aWindow([5_000])]);
    expect([seqs(later), later.openSeq]).toEqual([[`3 ${instant(5_000)}`], { authentication: 3, network: 1 }]);
  });

  it('of an incident that goes on lower none', () => {
    const [first] = name(undefined, [aWindow([10])]).incidents as [Incident];
    const kept = name({ incidents: [first], openSeq: { authentication: 7 }, changes: [] }, [aWindow([10])]);
    expect([seqs(kept), kept.openSeq]).toEqual([[`1 ${instant(10)}`], { authentication: 7 }]);
    expect(name([first], [aWindow([10])]).openSeq).toEqual({ authentication: 1 });
  });
});

describe('a window keeps the name', () => {
  it.each<readonly [string, Span, Span, boolean]>([
    ['it had', [60], [60], true],
    ['of the one open when it began later', [60], [90], true],
    ['of the one that began while it was open', [90], [60], true],
    ['of one that ended after it began', [60, 120], [119], true],
    ['of none that ended as it began', [60, 120], [120], false],
    ['of one that was accepted as it began: that look saw both', [60, 120, 'accepted'], [120], true],
    ['of none that was accepted before it began', [60, 120, 'accepted'], [121], false],
    ['of none that began as it ended', [120], [60, 120], false],
    ['of one that began before it ended', [119], [60, 120], true],
    ['of one that began as it was accepted', [120], [60, 120, 'accepted'], true],
    ['of one that began and ended as it did', [60, 60], [60], true],
  ])('%s', (_, was, is, isKept) => {
    const before = one(was);
    expect(only(name(before, [aWindow(is)])).openSeq).toBe(isKept ? 1 : 2);
  });

  it('not of another protection, however alike', () => {
    const before = name(undefined, [aWindow([60], { protection: 'network' })]);
    const after = name(before, [aWindow([60], { protection: 'tls' })]);
    expect(after.incidents.map((i) => `${i.protection} ${i.openSeq}`)).toEqual(['tls 1']);
    expect(told(after)).toEqual(['opened 1', 'closed 1']);
  });

  it('of the one still open where it joins two, else of the first; each name is given once', () => {
    const two = name(undefined, [aWindow([60, 120]), aWindow([180])]);
    expect(seqs(name(two, [aWindow([50])]))).toEqual([`2 ${instant(50)}`]);
    const over = name(undefined, [aWindow([60, 120]), aWindow([180, 200])]);
    expect(seqs(name(over, [aWindow([50])]))).toEqual([`1 ${instant(50)}`]);
    expect(seqs(name(one([60]), [aWindow([50, 70]), aWindow([80])]))).toEqual([`1 ${instant(50)}`, `2 ${instant(80)}`]);
  });

  it('that is the same to both ends first, whatever else began with it', () => {
    const [short, long] = [aWindow([60, 60]), aWindow([60])];
    const both = name(undefined, [short, long]);
    expect(told(both)).toEqual(['opened 1', 'closed 1', 'opened 2']);
    expect(told(name(both, [long, short]))).toEqual([]);
    expect(told(name(both, [long, aWindow([60, 90])]))).toEqual([]);
    const alike = name(undefined, [long, aWindow([60])]);
    expect([seqs(alike), told(name(alike, [long, aWindow([60])]))]).toEqual([
      [`1 ${instant(60)}`, `2 ${instant(60)}`],
      [],
    ]);
  });
});

describe('an incident', () => {
  const HELD: DataAtRisk = { objects: 1, classes: [], samples: [], truncated: false, ransomMarkers: 0 };

  it('says all that its window says', () => {
    const glass = { entries: ['glass'], isOver: false };
    const over: Partial<Window> = {
      ...{ from: 'on', startLower: instant(0), lastBadAt: instant(80), lapsed: ['gone'], allowances: ['a'], glass },
      ...{ reopened: { count: 1, last: [instant(70)] }, worst: { ...SEEN, data: HELD } },
    };
    expect(only(one([60, 90, 'accepted'], over))).toMatchObject({
      ...{ endpointId: 'es-1', protection: 'authentication', openSeq: 1, origin: 'adoption', basis: 'observed' },
      ...{ from: 'on', to: 'off', verdict: 'exposed', severity: 'critical', score: expect.any(Number) },
      ...{ start: { lower: instant(0), upper: instant(60) }, detectedAt: instant(61), lastBadAt: instant(80) },
      ...{ reopened: over.reopened, closed: { lower: instant(60), upper: instant(90), cause: 'accepted' } },
      ...{ status: 'accepted', allowances: ['a'], lapsed: ['gone'], glass, data: HELD, evidence: 'anonymous' },
    });
  });

  it('says nothing of what its window does not', () => {
    const bare = only(one([60]));
    expect(Object.keys(bare).toSorted()).toEqual([
      ...['allowances', 'allowlist', 'basis', 'detectedAt', 'endpointId', 'evidence', 'id', 'lastBadAt', 'openSeq'],
      ...['origin', 'protection', 'reasons', 'score', 'severity', 'start', 'status', 'to', 'verdict'],
    ]);
    expect(bare.start).toEqual({ upper: instant(60) });
    expect([bare.status, only(one([60, 90])).status]).toEqual(['open', 'closed']);
  });

  it('keeps who did it, what people said, when it was detected, and the file that it was judged by', () => {
    const before = {
      ...only(name(undefined, [aWindow([60])], { list: anAllowlist(anAllowance()) })),
      ...{ attribution: { changes: [] }, handling: { notes: [] }, ladder: { since: instant(5) } },
    };
    const later = only(name([before], [aWindow([30], { detectedAt: instant(99) })]));
    expect(later).toMatchObject({
      ...{ attribution: { changes: [] }, handling: { notes: [] }, ladder: { since: instant(5) } },
      ...{ detectedAt: instant(61), allowlist: '1 entries', start: { upper: instant(30) } },
    });
    const { allowlist: _, ...early } = before;
    expect(only(name([early], [aWindow([60])]))).not.toHaveProperty('allowlist');
  });

  it('that an entry no longer covers says what had been accepted, of three at most, when it opens and not later', () => {
    const entries = ['a', 'b', 'c', 'd', 'e'].map((id) => anAllowance({ id }));
    const window = aWindow([60], { lapsed: ['b', 'c', 'd', 'e'] });
    const list = anAllowlist(...entries);
    const opened = name(undefined, [window], { list });
    const said = { until: '2020-01-31', reason: 'partners read the public catalogue index', ticket: 'SEC-1' };
    const accepted = ['b', 'c', 'd'].map((id) => ({ id, ...said }));
    expect(only(opened).wasAccepted).toEqual(accepted);
    expect(only(name(opened, [window])).wasAccepted).toEqual(accepted);
    expect(only(name(one([60]), [window], { list }))).not.toHaveProperty('wasAccepted');
    expect(only(name(undefined, [window]))).not.toHaveProperty('wasAccepted');
    expect(only(name(undefined, [aWindow([60])], { list }))).not.toHaveProperty('wasAccepted');
  });
});

describe('what is told of a window', () => {
  const hit = (name: DataClass) => ({ class: name, count: 1, because: [] });
  const holds = (classes: readonly DataClass[], ransomMarkers = 0): Partial<Window> => ({
    worst: {
      ...SEEN,
      data: { objects: 1, classes: classes.map(hit), samples: [], truncated: false, ransomMarkers },
    },
  });
  const milder = { ...SEEN, verdict: { ...SEEN.verdict, name: 'latent' as const }, auth: 'auth-required' as const };
  const glass = (isOver: boolean) => ({ glass: { entries: ['g'], isOver } });

  it.each<readonly [string, Partial<Window>, Partial<Window>, boolean]>([
    ['as it is', {}, {}, false],
    ['weaker', { to: 'partial' }, { to: 'off' }, true],
    ['less weak', { to: 'off' }, { to: 'partial' }, false],
    ['graver', { protection: 'audit-log', worst: milder }, { protection: 'audit-log', worst: SEEN }, true],
    ['less grave', { protection: 'audit-log', worst: SEEN }, { protection: 'audit-log', worst: milder }, false],
    ['out of its glass', glass(false), glass(true), true],
    ['out of a glass that it was out of', glass(true), glass(true), false],
    ['within its glass still', glass(false), glass(false), false],
    ['out of a glass that it was never in', {}, glass(true), false],
    ['within the glass of others', glass(false), {}, false],
    ['with classes that nobody knew of', {}, holds(['health']), true],
    ['with another class', holds(['health']), holds(['health', 'contact']), true],
    ['with the class that was told', holds(['contact', 'health']), holds(['health']), false],
    ['with harmless names alone', {}, holds(['operational', 'unclassified']), false],
    ['with a ransom note', holds(['health']), holds(['health'], 1), true],
    ['with more ransom notes', holds([], 1), holds([], 2), false],
    ['with a ransom note where nobody knew what it holds', {}, holds([], 1), true],
    ['with nothing known any more', holds(['health'], 1), {}, false],
  ])('that goes on, %s', (_, was, is, isWorse) => {
    const after = name(one([60], was), [aWindow([60], is)]);
    expect(told(after)).toEqual(isWorse ? ['worsened 1'] : []);
    // Who was alerted anew is reminded anew.
    expect(only(after).ladder).toEqual(isWorse ? { since: NOW.toISOString() } : undefined);
    expect(after.changes.map(({ incident }) => incident.ladder)).toEqual(isWorse ? [only(after).ladder] : []);
  });

  it('its beginning, its end, both at once, each as it was then', () => {
    expect(told(one([60]))).toEqual(['opened 1']);
    expect(only(one([60]))).not.toHaveProperty('ladder');
    const both = one([60, 90]);
    expect(told(both)).toEqual(['opened 1', 'closed 1']);
    expect(both.changes.map(({ incident }) => [incident.status, incident.closed?.cause])).toEqual([
      ['open', undefined],
      ['closed', 'fixed'],
    ]);
    expect(told(name(one([60]), [aWindow([60, 90, 'accepted'])]))).toEqual(['accepted 1']);
    const worse = name(one([60], { to: 'partial' }), [aWindow([60, 90])]);
    expect(worse.changes.map(({ kind, incident }) => `${kind} ${incident.status}`)).toEqual([
      'worsened open',
      'closed closed',
    ]);
    expect(told(name(both, [aWindow([60, 80])]))).toEqual([]);
    const again = name(both, [aWindow([60])]);
    expect([told(again), only(again).ladder]).toEqual([['opened 1'], { since: NOW.toISOString() }]);
    expect(told(name(one([60]), [aWindow([60, 90])]))).toEqual(['closed 1']);
    expect(only(name(one([60]), [aWindow([60, 90])]))).not.toHaveProperty('ladder');
  });
});
