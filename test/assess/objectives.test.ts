/** Every check of the objectives by what is on record: its state, its sentence, and whom it names. Whole stores are in test/pipeline. */
import { describe, expect, it } from 'vitest';
import { requirementsOf } from '../../lib/assess/mapping/mapping.ts';
import type { Facts } from '../../lib/assess/objectives/facts.ts';
import { OBJECTIVE_TITLES, objectivesOf } from '../../lib/assess/objectives/objectives.ts';
import type { Level } from '../../lib/model/protection.ts';
import { check, idOf, incident, type Look, NOTHING, seen, stretch, watch } from '../support/objective-facts.ts';

const cell = (service: string, status: 'complete' | 'not-offered' | 'denied' | 'unread') => ({
  ...{ account: '1', region: 'eu', service, status, listed: 0, calls: 1 },
});
const population = (
  cells: readonly ReturnType<typeof cell>[],
  differences: Facts['population']['differences'] = [],
) => ({
  population: { cells, sources: [], differences },
});
describe('EXP-1', () => {
  it('cells are read in full, but for what is not offered', () => {
    const id = 'EXP-1/cells-read';
    expect(check(id, population([]))).toEqual([
      'not-determined',
      'The inventory is of files alone: no account was asked what it holds.',
    ]);
    expect(check(id, population([cell('es', 'complete')]))).toEqual([
      'satisfied',
      'All 1 cell (account, region, service) were read in full.',
    ]);
    expect(check(id, population([cell('es', 'complete'), cell('x', 'not-offered')]))[0]).toBe('satisfied');
    expect(check(id, population([cell('rds', 'denied'), cell('es', 'unread'), cell('x', 'complete')]))).toEqual([
      ...['not-satisfied', '2 of 3 cells (account, region, service) not read in full.', '1/eu/es', '1/eu/rds'],
    ]);
  });

  it('nothing was unreadable for a time, endpoints and pauses of all aside', () => {
    const id = 'EXP-1/always-read';
    const cells = population([cell('es', 'complete')]);
    expect(check(id, watch([stretch('1', 5)]))).toEqual([
      'not-determined',
      'No account was asked, so nothing of it can have failed.',
    ]);
    const endpoints = [seen('a')];
    const others = [stretch('all', 5), stretch(idOf('a'), 5)];
    expect(check(id, { ...cells, endpoints, ...watch(others) })).toEqual([
      'satisfied',
      'No account and no cell was unreadable at any time on record.',
    ]);
    expect(check(id, { ...cells, endpoints, ...watch([...others, stretch('1', 5), stretch('1', 9)]) })).toEqual([
      ...['not-satisfied', '1 account or cell could not be read for a time.', '1'],
    ]);
    expect(check(id, { ...cells, ...watch([stretch('2', 5), stretch('1', 5)]) })[1]).toBe(
      '2 accounts or cells could not be read for a time.',
    );
  });

  it('inventories that do not know of each other agree', () => {
    const id = 'EXP-1/reconciled';
    const of = (...dispositions: readonly ('forgotten' | 'unseen' | 'shadow')[]) =>
      check(
        id,
        population(
          [cell('es', 'complete')],
          dispositions.map((disposition, i) => ({ endpointId: `e${i}`, disposition, detail: '' })),
        ),
      );
    expect(check(id, population([]))).toEqual([
      'not-determined',
      'No independent inventory was read that the files could be compared with.',
    ]);
    expect(of('shadow')).toEqual(['satisfied', 'Inventories that do not know of each other agree.']);
    expect(of('unseen', 'unseen')).toEqual([
      'not-determined',
      '2 endpoints no longer listed, whose deletion nobody confirmed.',
      'e0',
      'e1',
    ]);
    expect(of('unseen', 'forgotten')).toEqual([
      'not-satisfied',
      '1 endpoint that no service and no file lists, found by another inventory.',
      'e1',
    ]);
  });
});

describe('EXP-2', () => {
  const unknown = 'Of 1 endpoint it is not known at the end of the period.';
  it.each(['network', 'access-policy', 'sharing'] as const)('a window of %s let strangers nearer', (protection) => {
    expect(check('EXP-2/no-window', { incidents: [incident('i', { protection })] })).toEqual([
      ...['not-satisfied', '1 window in which strangers were let nearer than anybody accepted.', 'i'],
    ]);
    expect(check('EXP-2/no-window', { incidents: [incident('i', { protection, status: 'accepted' })] })[0]).toBe(
      'satisfied',
    );
  });

  it('a window of another protection did so where it was exposed', () => {
    expect(check('EXP-2/no-window', { incidents: [incident('i', { verdict: 'exposed' })] })[0]).toBe('not-satisfied');
    expect(check('EXP-2/no-window', { incidents: [incident('i')] })).toEqual([
      'satisfied',
      'No window of the period let strangers nearer than somebody accepted.',
    ]);
  });

  it.each(['EXP-2/no-window', 'EXP-2/nothing-exposed'])('%s: what is not known is no pass', (id) => {
    expect(check(id, { endpoints: [seen('a', { verdict: 'unknown' })] })).toEqual([
      'not-determined',
      unknown,
      idOf('a'),
    ]);
    expect(check(id, { endpoints: [seen('a', { confirmed: false })] })).toEqual(['not-determined', unknown, idOf('a')]);
  });

  it('nothing is open to anybody at the end', () => {
    const id = 'EXP-2/nothing-exposed';
    expect(check(id, { endpoints: [seen('a')] })).toEqual([
      'satisfied',
      'At the end of the period no endpoint is open to anybody.',
    ]);
    expect(check(id, { endpoints: [seen('a', { verdict: 'exposed' }), seen('b', { verdict: 'unknown' })] })).toEqual([
      ...['not-satisfied', '1 endpoint open to anybody at the end of the period.', idOf('a')],
    ]);
  });
});

describe.each([
  ['EXP-3/authentication', 'authentication', 'authentication', 'Authentication'],
  ['EXP-4/tls', 'tls', 'encryption in transit', 'Encryption in transit'],
  ['EXP-5/encryption-at-rest', 'encryption-at-rest', 'encryption at rest', 'Encryption at rest'],
  ['EXP-6/audit-log', 'audit-log', 'the audit log', 'The audit log'],
] as const)('%s', (id, protection, what, title) => {
  const mootText = id === 'EXP-3/authentication' || id === 'EXP-4/tls';
  const levels = (declared: Level | undefined, observed: Level | undefined, look: Look = {}) =>
    seen('a', {
      ...look,
      ...(declared === undefined ? {} : { declared: { [protection]: declared } }),
      ...(observed === undefined ? {} : { observed: { [protection]: observed } }),
    });
  const missing = `1 endpoint where ${what} was missing or partial, at the end or in a window.`;

  it.each([
    ['on', undefined, true],
    [undefined, 'on', true],
    ['on', 'on', true],
    ['on', 'off', false],
    ['off', 'on', false],
    ['partial', 'on', false],
    ['unknown', 'on', true],
  ] as const)('declared %s and seen %s holds: %s', (declared, observed, isHeld) => {
    expect(check(id, { endpoints: [levels(declared, observed)] })).toEqual(
      isHeld ? ['satisfied', `${title} held on all 1 endpoints that have it.`] : ['not-satisfied', missing, idOf('a')],
    );
  });

  it('of no endpoint, or of one that nobody could tell, is not known', () => {
    expect(check(id, { endpoints: [] })).toEqual(['not-determined', 'No endpoint is known.']);
    expect(check(id, { endpoints: [levels(undefined, undefined)] })).toEqual([
      'not-determined',
      `Of 1 endpoint it is not known whether ${what} is on.`,
      idOf('a'),
    ]);
  });

  it('behind a door that is surely closed need not be asked, where it is of those who come', () => {
    const closed = levels(undefined, undefined, { verdict: 'protected' });
    const held = [seen('b', { declared: { [protection]: 'on' } }), closed];
    expect(check(id, { endpoints: held })[0]).toBe(mootText ? 'satisfied' : 'not-determined');
    expect(
      check(id, { endpoints: [levels(undefined, undefined, { verdict: 'protected', confirmed: false })] })[0],
    ).toBe('not-determined');
  });

  it('did not hold in a window, unless somebody accepted it, which covers the end too', () => {
    const window = incident('i', { protection, endpointId: idOf('a') });
    expect(check(id, { endpoints: [levels('on', undefined)], incidents: [window] })).toEqual([
      'not-satisfied',
      missing,
      idOf('a'),
    ]);
    const accepted = { ...window, status: 'accepted' as const };
    expect(check(id, { endpoints: [levels('off', undefined)], incidents: [accepted] })[0]).toBe('satisfied');
    const other = { ...accepted, protection: 'network' as const };
    expect(check(id, { endpoints: [levels('off', undefined)], incidents: [other] })[0]).toBe('not-satisfied');
    expect(
      check(id, { endpoints: [levels('on', undefined)], incidents: [{ ...window, protection: 'network' }] })[0],
    ).toBe('satisfied');
  });
});

describe('an objective', () => {
  it('says what it demands', () => {
    expect(Object.entries(OBJECTIVE_TITLES).map(([id, title]) => `${id} ${title}`)).toEqual([
      'EXP-1 The inventory of data endpoints is complete',
      'EXP-2 No endpoint is exposed without being meant to',
      'EXP-3 Every reachable endpoint demands authentication',
      'EXP-4 Data is encrypted in transit',
      'EXP-5 Data is encrypted at rest',
      'EXP-6 Access and audit logs are on',
      'EXP-7 A change that matters is detected within minutes',
      'EXP-8 The watch runs, and its own failure is noticed',
      'EXP-9 Exceptions are approved, bounded and reviewed',
      'EXP-10 What is found is told, handled and closed',
      'EXP-11 Evidence is protected from alteration',
    ]);
  });

  it('is as good as the worst of its checks, with its title and its requirements', () => {
    const objectives = objectivesOf({ ...NOTHING, ...population([cell('es', 'complete'), cell('rds', 'denied')]) });
    expect(objectives.map(({ id, title }) => [id, title])).toEqual(Object.entries(OBJECTIVE_TITLES));
    const [first] = objectives;
    expect([first?.state, first?.checks.map(({ state }) => state)]).toEqual([
      'not-satisfied',
      ['not-satisfied', 'satisfied', 'satisfied'],
    ]);
    expect(first?.requirements).toEqual(requirementsOf('EXP-1'));
  });

  it('that rests on looks needs 99 % of the time', () => {
    for (const id of ['EXP-2/watched', 'EXP-3/watched', 'EXP-4/watched', 'EXP-7/watched']) {
      expect(check(id, watch([]))).toEqual([
        'not-determined',
        'Insufficient evidence: no endpoint existed in the period, as far as is known.',
      ]);
      expect(check(id, watch([], 98.999))).toEqual([
        'not-determined',
        'Insufficient evidence: 98.999 % of the time that endpoints existed was watched; 99 % are needed.',
      ]);
      expect(check(id, watch([], 99))).toEqual(['satisfied', '99 % of the time that endpoints existed was watched.']);
    }
  });
});
