/** What a decision owes, message by message and line by line: who is told what together, and what the ledger says of why. */
import { describe, expect, it } from 'vitest';
import { gapLine, lateLine, noticesOf, probeLine, retold, transitionLine } from '../../lib/assess/owed.ts';
import type { Change } from '../../lib/assess/windows.ts';
import { EMPTY_ALLOWLIST } from '../../lib/model/allowlist.ts';
import type { Endpoint } from '../../lib/model/endpoint.ts';
import type { Incident, Notice } from '../../lib/model/incident.ts';
import type { Posture } from '../../lib/model/posture.ts';
import type { Level, ProtectionName } from '../../lib/model/protection.ts';
import type { EndpointState } from '../../lib/model/state.ts';
import { anIncident, aState } from '../support/builders.ts';
import { aReading, anAllowance, anAllowlist, instant } from '../support/readings.ts';

const NOW = new Date(instant(100));
const GLASS = { entries: ['g', 'h'], isOver: false };
type Told = Parameters<typeof noticesOf>[1][number];

function of(id: string, over: Partial<Incident> = {}): Incident {
  return anIncident({ id, ...over });
}
function change(kind: Told['kind'], incident: Incident, tell?: Told['tell']): Told {
  return { kind, incident, ...(tell === undefined ? {} : { tell }) };
}
/** An endpoint of these incidents. */
function stateOf(incidents: readonly Incident[], over: Partial<EndpointState> = {}): EndpointState {
  return { ...aState(), incidents, ...over };
}
function owed(...changes: readonly Told[]) {
  return noticesOf(stateOf(changes.map(({ incident }) => incident)), changes, 'v1', NOW);
}
const spoken = (notices: readonly Notice[]): readonly string[] =>
  notices.map(({ kind, incident, also }) => `${kind} ${[incident, ...also].map(({ id }) => id).join(' ')}`);

describe('a message', () => {
  it('is of nothing that nobody is told of', () => {
    const silent = [
      ...(['merged', 'withdrawn', 'settled'] as const).map((kind) => change(kind, of('a'))),
      change('opened', of('a'), 'nobody'),
    ];
    expect(noticesOf(stateOf([], { noticeSeq: { 'x/opened': 1 } }), silent, 'v1', NOW)).toEqual({
      ...{ notices: [], noticeSeq: { 'x/opened': 1 } },
    });
    const told = { x: ['x/opened/1'] };
    expect(noticesOf(stateOf([], { told }), silent, 'v1', NOW).told).toBe(told);
    expect(spoken(owed(change('opened', of('a'), 'flapping')).notices)).toEqual(['flapping a']);
    expect(spoken(owed(change('settled', of('a'), 'closed')).notices)).toEqual(['closed a']);
  });

  it('has the next number of its kind, and counts of incidents that are gone are forgotten', () => {
    const state = stateOf([of('ab')], { noticeSeq: { 'ab/opened': 2, 'ab/closed': 1, 'ac/opened': 4 } });
    const { notices, noticeSeq, told } = noticesOf(state, [change('opened', of('ab'))], 'v1', NOW);
    expect(notices[0]).toMatchObject({ key: 'ab/opened/3', createdAt: NOW.toISOString() });
    expect(notices[0]?.lines).toContainEqual(expect.stringContaining('ab notice 3 |'));
    expect(notices[0]).not.toHaveProperty('after');
    expect([noticeSeq, told]).toEqual([{ 'ab/opened': 3, 'ab/closed': 1 }, { ab: ['ab/opened/3'] }]);
  });

  it('comes after the last that told of any of its incidents, of each once', () => {
    const many = (id: string, count: number) => Array.from({ length: count }, (_, i) => `${id}/k/${i}`);
    const [a, b] = [of('a'), of('b', { protection: 'network' })];
    const told = { a: ['both/1', 'a/k/1'], b: ['both/1'], gone: ['gone/1'] };
    const owing = noticesOf(stateOf([a, b], { told }), [change('opened', a), change('opened', b)], 'v1', NOW);
    expect(owing.notices[0]?.after).toEqual(['both/1', 'a/k/1']);
    expect(owing.told).toEqual({ a: ['both/1', 'a/k/1', 'a/opened/1'], b: ['both/1', 'a/opened/1'] });
    const eight = noticesOf(stateOf([a], { told: { a: many('a', 8) } }), [change('opened', a)], 'v1', NOW);
    expect(eight.told?.['a']).toEqual([...many('a', 8).slice(1), 'a/opened/1']);
    const all = ['a', 'b', 'c', 'd', 'e'].map((id) => of(id));
    const full = Object.fromEntries(all.map(({ id }) => [id, many(id, 8)]));
    const crowd = noticesOf(
      stateOf(all, { told: full }),
      all.map((i) => change('opened', i)),
      'v1',
      NOW,
    );
    expect(crowd.notices[0]?.after).toEqual(['b', 'c', 'd', 'e'].flatMap((id) => many(id, 8)));
  });
});

describe('what is one message', () => {
  const as = (id: string, protection: ProtectionName, over: Partial<Incident> = {}) => of(id, { protection, ...over });

  it('all that got worse at one severity: what opened speaks first, then who lets in, then who may connect', () => {
    const changes = [
      change('flapping', as('f', 'authentication')),
      change('worsened', as('w', 'authentication')),
      change('opened', as('t', 'tls')),
      change('opened', as('n', 'network')),
      change('opened', as('a', 'authentication')),
    ];
    expect(spoken(owed(...changes).notices)).toEqual(['opened a n t w f']);
    expect(spoken(owed(...changes.slice(0, 2)).notices)).toEqual(['worsened w f']);
  });

  it('not what ended beside what began, nor two severities, nor what wakes people beside what is under glass', () => {
    const [a, b] = [as('a', 'tls'), as('b', 'tls')];
    expect(spoken(owed(change('closed', a), change('opened', b), change('accepted', a)).notices)).toEqual([
      ...['closed a', 'opened b', 'accepted a'],
    ]);
    expect(spoken(owed(change('closed', a), change('closed', b)).notices)).toEqual(['closed a b']);
    expect(spoken(owed(change('opened', a), change('opened', { ...b, severity: 'high' })).notices)).toHaveLength(2);
    expect(spoken(owed(change('opened', a), change('opened', { ...b, glass: GLASS })).notices)).toHaveLength(2);
    const over = { ...b, glass: { ...GLASS, isOver: true } };
    expect(spoken(owed(change('opened', a), change('opened', over)).notices)).toHaveLength(1);
  });
});

describe('the endpoint of a message', () => {
  const told = (endpoint: Partial<Endpoint>, posture: Partial<Posture> = {}) => {
    const state = aState(endpoint);
    const seen = { ...state, posture: { ...state.posture, ...posture } };
    return noticesOf({ ...seen, incidents: [of('a')] }, [change('opened', of('a'))], 'v1', NOW).notices[0]?.endpoint;
  };
  const network = (level: Level): Partial<Posture> => {
    const { posture } = aState();
    return {
      declared: { ...posture.declared, network: { level, basis: 'declared', evidence: 'sg-1 from 0.0.0.0/0' } },
    };
  };
  const aws = { source: 'aws', foundBy: ['service'] } as const;

  it.each<readonly [Level, string | undefined]>([
    ['off', 'sg-1 from 0.0.0.0/0'],
    ['partial', 'sg-1 from 0.0.0.0/0'],
    ['on', undefined],
    ['unknown', undefined],
  ])('whose network is declared %s in AWS has the path %s', (level, path) => {
    expect(told(aws, network(level))?.path).toBe(path);
    expect(told({ source: 'file' }, network(level))).not.toHaveProperty('path');
  });

  it('says that nobody registered it, that it is a drill, and what it is a copy of, and nothing where that is not so', () => {
    const plain = told(aws) ?? {};
    for (const key of ['forgotten', 'drill', 'copyOf', 'owner', 'roots', 'less', 'unsure', 'product', 'version']) {
      expect(plain, key).not.toHaveProperty(key);
    }
    expect(told({ source: 'aws', foundBy: ['interface'] })?.forgotten).toBe(true);
    expect(told({ source: 'file', foundBy: ['interface'] })).not.toHaveProperty('forgotten');
    expect(told({ ...aws, drill: true })?.drill).toBe(true);
    const source = { id: 'prod', owner: 'wellness' };
    expect(told(aws, { source })).toMatchObject({ copyOf: 'prod', owner: 'wellness' });
    expect(told({ ...aws, tags: { owner: 'lab' } }, { source })?.owner).toBe('lab');
    expect(told(aws, { product: 'Elasticsearch', version: '7.4.2' })).toMatchObject({ version: '7.4.2' });
  });

  it('names what one change alters for many: security groups and policies, eight at most', () => {
    const dependencies = ['ec2:sg-1', 'ec2:vpc-1', 'iam:policy-2', 'x-ec2:sg-3', 's3:bucket'];
    expect(told({ ...aws, dependencies })?.roots).toEqual(['ec2:sg-1', 'iam:policy-2']);
    expect(told({ ...aws, dependencies: ['s3:bucket'] })).not.toHaveProperty('roots');
    const groups = Array.from({ length: 9 }, (_, i) => `ec2:sg-${i}`);
    expect(told({ ...aws, dependencies: groups })?.roots).toEqual(groups.slice(0, 8));
  });

  it('names who looked, and where several did, who sees less and who could not tell', () => {
    expect(told(aws)?.vantages).toEqual(['v1']);
    expect(told(aws, { vantages: { most: ['eu'], less: ['us'], unsure: ['ap'] } })).toMatchObject({
      ...{ vantages: ['eu'], less: ['us'], unsure: ['ap'] },
    });
    expect(told(aws, { vantages: { most: ['eu', 'us'], less: [] } })).not.toHaveProperty('less');
  });
});

describe('a line of the ledger', () => {
  const reading = aReading({ at: 60 });
  const { posture } = aState();
  const list = anAllowlist(anAllowance());
  const line = { runId: 'run-v1-60', subject: 'es-1', observedAt: instant(60), recordedAt: NOW.toISOString() };

  it('of a look says who looked, what it concluded and what of the allowlist covered it', () => {
    const said = probeLine(reading, posture, list, NOW);
    expect(said).toMatchObject({
      ...line,
      kind: 'probe',
      body: {
        ...{ readingId: reading.id, vantage: 'v1', vantageAlive: true, verdict: posture.verdict, auth: posture.auth },
        ...{ proof: posture.proof, rules: posture.rules, addresses: [], allowances: ['partners-read-only'] },
        ...{
          observed: { network: 'unknown', tls: 'unknown' },
          declared: { network: 'unknown' },
          allowlist: '1 entries',
        },
      },
    });
    for (const key of ['clockOffMs', 'vantages']) expect(said.body).not.toHaveProperty(key);
    const vantages = { most: ['eu'], less: [] };
    const far = probeLine({ ...reading, clockOffMs: 90_000 }, { ...posture, vantages }, list, NOW);
    expect(far.body).toMatchObject({ clockOffMs: 90_000, vantages });
  });

  it.each<readonly [Change['kind'], Partial<Incident>, string]>([
    ['accepted', { allowances: ['a'] }, 'a later entry accepts this posture'],
    ['opened', { glass: GLASS, lapsed: ['x'] }, 'under break-glass g, h: nobody is woken'],
    ['worsened', { glass: { ...GLASS, isOver: true }, lapsed: ['x'] }, 'break-glass g, h is over'],
    ['opened', { lapsed: ['x', 'y'], allowances: ['a'] }, 'x, y no longer covers it'],
    ['closed', {}, 'no entry covers it'],
    ['opened', { allowances: ['a', 'b'], origin: 'removed' }, 'a, b accepts the posture, not the removal'],
    ['opened', { allowances: ['a', 'b'], origin: 'adoption' }, 'a, b does not accept it'],
  ])('of a transition says why: %s %j', (kind, over, why) => {
    const incident = of('a', over);
    expect(transitionLine({ kind, incident }, reading, EMPTY_ALLOWLIST, NOW)).toEqual({
      ...{ ...line, kind: 'transition' },
      body: { kind, readingId: reading.id, incident, why, allowlist: EMPTY_ALLOWLIST.digest },
    });
  });

  it('of a gap says since when, of what, and why nobody knows', () => {
    const gaps = [{ stage: 'probe', subject: 'es-1', code: 'no-answer', detail: 'silence' }] as const;
    const causes = [{ code: 'no-answer', detail: 'silence' }];
    const why = posture.verdict.why;
    const opened = gapLine({ kind: 'gap-opened', at: '' }, reading, { ...posture, gaps }, NOW);
    expect(opened).toEqual({ ...line, kind: 'gap', body: { kind: 'gap-opened', causes, why } });
    const closed = gapLine({ kind: 'gap-closed', at: '', from: instant(0) }, reading, { ...posture, gaps }, NOW);
    expect(closed.body).toEqual({ kind: 'gap-closed', since: instant(0), causes, why });
  });

  it('of what came too late says so, and what it would have been', () => {
    expect(lateLine(reading, posture, NOW)).toEqual({
      ...{ ...line, kind: 'probe' },
      body: { late: true, readingId: reading.id, verdict: posture.verdict },
    });
  });
});

describe('a message told again', () => {
  const change1 = {
    ...{ id: 'e', at: instant(1), source: 'ec2', name: 'AuthorizeSecurityGroupIngress' },
    actor: { who: 'jdoe', type: 'IAMUser' },
  };
  const attribution = { changes: [change1] } as unknown as NonNullable<Incident['attribution']>;

  it('names who did it, of each of its incidents that is known now, under its own number', () => {
    const [a, b, c] = [of('a'), of('b', { protection: 'network' }), of('c', { protection: 'tls', attribution })];
    const state = stateOf([a, b, c], { noticeSeq: { 'a/opened': 11 } });
    const [notice] = noticesOf(
      state,
      [a, b, c].map((i) => change('opened', i)),
      'v1',
      NOW,
    ).notices as [Notice];
    const again = retold(notice, new Map([['b', { ...b, attribution, evidence: 'other' }]]));
    expect([again.incident, ...again.also]).toEqual([a, { ...b, attribution }, c]);
    expect(again.lines.find((l) => l.startsWith('INCIDENT'))).toContain('notice 12');
    const named = retold(notice, new Map([['a', { ...a, attribution }]]));
    expect(named.lines.find((l) => l.startsWith('WHO'))).toContain('AuthorizeSecurityGroupIngress');
    expect(retold(notice, new Map())).toEqual(notice);
  });
});
