/** Subject and first line of an alert, by kind, cause, protection and what came of it. */
import { describe, expect, it } from 'vitest';
import { messageOf } from '../../lib/assess/notice.ts';
import { idsOf } from '../../lib/assess/notice-what.ts';
import type { Incident, NoticeKind } from '../../lib/model/incident.ts';
import { anIncident, closed, ENDPOINT, lines } from '../support/alert-lines.ts';
import { instant } from '../support/readings.ts';

describe('the subject', () => {
  it.each<readonly [NoticeKind, Partial<Incident>, string]>([
    ['opened', {}, 'CRIT'],
    ['opened', { severity: 'high' }, 'HIGH'],
    ['worsened', { severity: 'medium' }, 'MED'],
    ['opened', { severity: 'low' }, 'LOW'],
    ['opened', { severity: 'info' }, 'INFO'],
    ['closed', closed('fixed'), 'RECOVERED'],
    ['closed', closed('withdrawn'), 'WITHDRAWN'],
    ['closed', {}, 'RECOVERED'],
    ['accepted', {}, 'ACCEPTED'],
    ['flapping', {}, 'CRIT FLAPPING'],
    ['reminder', { severity: 'high' }, 'HIGH STILL OPEN'],
    ['escalated', {}, 'CRIT ESCALATED'],
    ['attributed', {}, 'WHO'],
  ])('of %s %j begins with %s', (kind, incident, badge) => {
    expect(lines(kind, incident).subject).toMatch(
      new RegExp(`^\\[${badge}\\] OPEN w/o auth: elasticsearch es-1 9200 since 10:05Z$`),
    );
  });

  it('says what is open, where, and that it is a drill', () => {
    expect(lines('opened', { to: 'partial' }).subject).toContain('] authentication partial: ');
    expect(lines('opened', { protection: 'tls' }).subject).toContain('] tls off: ');
    expect(lines('opened', {}, { account: '111122223333' }).subject).toContain(' 9200 111122223333 since');
    expect(lines('opened', {}, { region: 'eu-west-1', name: 'orders' }).subject).toContain(
      'orders 9200 eu-west-1 since',
    );
    expect(lines('opened', {}, { drill: true }).subject).toMatch(/^\[DRILL CRIT\] /);
  });

  it('leaves the name at least twelve letters, and no place more than twenty', () => {
    const { subject } = lines('opened', {}, { name: 'n'.repeat(200), account: 'a'.repeat(99), region: 'r'.repeat(99) });
    expect(subject.length).toBeLessThanOrEqual(99);
    expect(subject).toMatch(/elasticsearch n{9}/);
    expect(lines('opened', {}, { name: 'a    b' }).subject).toContain(' a b 9200');
  });
});

describe('WHAT', () => {
  it.each<readonly [NoticeKind, Partial<Incident>, string]>([
    [
      'flapping',
      {},
      'elasticsearch: it opens and shuts; all of it counts as exposed. authentication was REMOVED (was on, is off). Until it stays shut for half an hour, only what is worse is told.',
    ],
    [
      'reminder',
      {},
      'elasticsearch: still open, and nobody has acknowledged it. it answers anyone, without credentials. authentication was REMOVED (was on, is off).',
    ],
    [
      'escalated',
      {},
      'elasticsearch: open for half an hour and more, and nobody has acknowledged it: the second contact is told. it answers anyone, without credentials. authentication was REMOVED (was on, is off).',
    ],
    ['attributed', {}, 'elasticsearch: more is known of this incident. authentication was REMOVED (was on, is off).'],
    ['worsened', {}, 'elasticsearch: it got worse. authentication was REMOVED (was on, is off).'],
    ['accepted', {}, 'elasticsearch: a later allowance accepts this posture; the window stays on record.'],
    ['closed', closed('accepted'), 'elasticsearch: authentication is back (was off).'],
    ['closed', closed('merged'), 'elasticsearch: authentication window goes on under another incident: it was one.'],
    [
      'closed',
      closed('deleted'),
      'elasticsearch: authentication window ended: the API confirms that the resource is deleted.',
    ],
    [
      'opened',
      { protection: 'network' },
      'elasticsearch: it answers anyone, without credentials. network was REMOVED (was on, is off).',
    ],
    ['opened', { protection: 'tls' }, 'elasticsearch: verdict exposed. tls was REMOVED (was on, is off).'],
    [
      'opened',
      { verdict: 'reachable' },
      'elasticsearch: verdict reachable. authentication was REMOVED (was on, is off).',
    ],
    [
      'opened',
      { protection: 'access-policy', basis: 'declared' },
      'elasticsearch: the provider says that anyone may copy or read it. access-policy was REMOVED (was on, is off).',
    ],
    [
      'opened',
      { protection: 'access-policy', basis: 'observed' },
      'elasticsearch: verdict exposed. access-policy was REMOVED (was on, is off).',
    ],
    [
      'opened',
      { protection: 'sharing', basis: 'declared', to: 'partial', verdict: 'latent' },
      'elasticsearch: verdict latent. sharing was REMOVED (was on, is partial).',
    ],
    [
      'opened',
      { protection: 'sharing', basis: 'declared', verdict: 'latent' },
      'elasticsearch: the provider says that anyone may copy or read it. sharing was REMOVED (was on, is off).',
    ],
  ])('of %s %j', (kind, incident, text) => {
    expect(lines(kind, incident).line('WHAT')).toBe(text);
  });

  it('says how often it came back, and names product, version and what else is told', () => {
    const reopened = { count: 1, last: [instant(900)] };
    expect(lines('opened', { reopened }).line('WHAT')).toContain(
      `(was on, is off). It was repaired and did not hold: reopened once, last at ${instant(900)}.`,
    );
    const often = { count: 4, last: [instant(900), instant(960)] };
    expect(lines('flapping', { reopened: often }).line('WHAT')).toContain(
      `reopened 4 times, last at ${instant(960)}. Until`,
    );
    const also = [
      anIncident({ protection: 'tls' }),
      anIncident({ protection: 'network', origin: 'adoption', start: { upper: instant(1) } }),
    ];
    const { line } = lines('opened', {}, { product: 'OpenSearch', version: '2.11' }, also);
    expect(line('WHAT')).toBe(
      'OpenSearch 2.11: it answers anyone, without credentials. authentication was REMOVED (was on, is off). Also: tls was REMOVED (was on, is off), network is off: found at adoption, not known since when.',
    );
    const { from: _from, ...unmarked } = anIncident();
    expect(messageOf('worsened', unmarked, [], ENDPOINT, 1).lines[1]).toContain('(was unknown, is off)');
  });

  it('tells of entries that ended which, what they had permitted, and what somebody had in mind', () => {
    const of = (over: Partial<Incident>) =>
      lines('worsened', { origin: 'no-longer-allowed', protection: 'network', ...over }).line('WHAT');
    expect(of({})).toContain('network is off: the allowance that covered it expired or was withdrawn.');
    expect(of({ lapsed: ['a'] })).toContain(
      'allowance a, which had permitted that the internet reaches it, has ended.',
    );
    expect(of({ lapsed: ['a', 'b', 'c'] })).toContain('allowances a, b, c, which had');
    expect(of({ lapsed: ['a', 'b', 'c', 'd', 'e'], protection: 'tls' })).toContain(
      'allowances a, b, c and 2 more, which had permitted that it works without TLS, have ended.',
    );
    const wasAccepted = [
      { id: 'a', until: '2019-12-03', reason: 'partners', ticket: 'SEC-1' },
      { id: 'b', until: 'x', reason: 'y', ticket: 'z' },
    ] as Incident['wasAccepted'];
    expect(of({ lapsed: ['a'], ...(wasAccepted === undefined ? {} : { wasAccepted }) })).toContain(
      'has ended; it was accepted under a until 2019-12-03: partners (SEC-1).',
    );
    expect(idsOf(['a', 'b', 'c', 'd'])).toBe('a, b, c');
  });
});
