/** EXP-7 to EXP-11, check by check: found in time, watched, told and handled, on record. */
import { describe, expect, it } from 'vitest';
import type { Facts } from '../../lib/assess/objectives/facts.ts';
import { at, check, incident, seen, stretch, watch } from '../support/objective-facts.ts';

describe('a removal', () => {
  const id = 'EXP-7/detected-in-time';
  const found = (name: string, over: Parameters<typeof incident>[1] = {}) => incident(name, over);

  it('shows how fast one is found; what was open when first seen, or before the period, shows nothing', () => {
    const nothing = [
      'not-determined',
      'No protection was removed in the period: nothing shows how fast it would be found.',
    ];
    expect(check(id, {})).toEqual(nothing);
    expect(check(id, { incidents: [found('i', { origin: 'adoption' })] })).toEqual(nothing);
    expect(check(id, { incidents: [found('i', { detectedAt: '2019-12-03T23:59:59.000Z' })] })).toEqual(nothing);
    expect(
      check(id, {
        incidents: [found('i', { detectedAt: at('00:00'), start: { lower: at('00:00'), upper: at('00:00') } })],
      })[0],
    ).toBe('satisfied');
  });

  it('is found within five minutes, by the earliest that it can have been', () => {
    const since = (lower: string) => found('i', { start: { lower, upper: at('10:00') } });
    expect(check(id, { incidents: [since(at('09:55'))] })).toEqual([
      'satisfied',
      'All 1 removal were found within 300 s, by upper bounds.',
    ]);
    const late = since('2019-12-04T09:54:59.000Z');
    expect(check(id, { incidents: [late, found('j')] })).toEqual([
      'not-satisfied',
      '1 of 2 removals may have gone unseen for more than 300 s.',
      'i',
    ]);
    const exact = { ...late, start: { ...late.start, exact: at('09:59') } };
    expect(check(id, { incidents: [exact] })[0]).toBe('satisfied');
  });

  it('without a lower bound is not known', () => {
    expect(check(id, { incidents: [found('i', { start: { upper: at('10:00') } }), found('j')] })).toEqual([
      ...['not-determined', 'Of 1 of 2 removals the beginning has no lower bound.', 'i'],
    ]);
  });
});

describe.each(['EXP-7/drill', 'EXP-8/drill'])('%s', (id) => {
  const drill = (...seconds: readonly (number | undefined)[]) => {
    const openings = seconds.map((alertSeconds, i) => ({
      ...{ from: at(`0${i}:00`), to: at(`0${i}:10`) },
      ...(alertSeconds === undefined ? {} : { alertSeconds }),
    }));
    const alerted = openings.filter(({ alertSeconds }) => alertSeconds !== undefined).length;
    return { drill: { openings, totals: { due: openings.length, alerted } } as unknown as NonNullable<Facts['drill']> };
  };

  it('is told within five minutes', () => {
    expect(check(id, {})).toEqual(['not-determined', 'No drill was over in the period.']);
    expect(check(id, drill(300))).toEqual(['satisfied', '1 of 1 opening of the drill told within 300 s.']);
    expect(check(id, drill(40, 301, undefined))).toEqual([
      'not-satisfied',
      '2 of 3 openings of the drill told late or never.',
      at('01:00'),
      at('02:00'),
    ]);
  });
});

describe('the watch', () => {
  it('of less than 99 % is what the objective forbids', () => {
    const id = 'EXP-8/coverage';
    const said = (percent: number) =>
      `${percent} % of the time that endpoints existed was watched; 99 % are the least.`;
    expect(check(id, {})).toEqual(['not-determined', 'No endpoint existed in the period, as far as is known.']);
    expect(check(id, watch([], 98.9))).toEqual(['not-satisfied', said(98.9)]);
    expect(check(id, watch([], 99))).toEqual(['satisfied', said(99)]);
  });

  it('alarms every stretch unseen of more than eleven minutes', () => {
    const id = 'EXP-8/alarmed';
    const alarmed = (seconds: number) => ({ alarmedAt: at('09:00'), alarmSeconds: seconds });
    expect(check(id, watch([stretch('a', 660)]))).toEqual([
      'satisfied',
      'Every stretch unseen of more than 660 s was alarmed in time (0).',
    ]);
    expect(check(id, watch([stretch('a', 661, alarmed(660)), stretch('b', 5)]))).toEqual([
      'satisfied',
      'Every stretch unseen of more than 660 s was alarmed in time (1).',
    ]);
    expect(check(id, watch([stretch('a', 900, alarmed(661)), stretch('b', 900, alarmed(60))]))).toEqual([
      ...[
        'not-satisfied',
        'Of 2 stretches unseen for more than 660 s 1 were alarmed later than that and 0 never.',
        'a',
      ],
    ]);
  });

  it('that alarmed nobody is against it since alarms are on record, and not known before', () => {
    const id = 'EXP-8/alarmed';
    const never = watch([stretch('a', 900), stretch('a', 901), stretch('b', 900)]);
    const unknown = [
      'not-determined',
      'Of stretches unseen of 2 subjects no alarm is on record; they began before alarms were recorded.',
      'a',
      'b',
    ];
    expect(check(id, never)).toEqual(unknown);
    expect(check(id, { ...never, alarmsSince: at('08:01') })).toEqual(unknown);
    const against = [
      'not-satisfied',
      'Of 3 stretches unseen for more than 660 s 0 were alarmed later than that and 3 never.',
      'a',
      'b',
    ];
    expect(check(id, { ...never, alarmsSince: at('08:00') })).toEqual(against);
    expect(check(id, watch([stretch('a', 900)]))[1]).toContain('of 1 subject no alarm');
    expect(check(id, { ...watch([stretch('a', 900)]), alarmsSince: at('00:00') })[1]).toContain('Of 1 stretch unseen');
  });

  it('stands on guard rails, where any is known', () => {
    const id = 'EXP-8/guard-rails';
    const down = incident('i', { protection: 'guardrail' });
    const stands = seen('a', { declared: { guardrail: 'on' } });
    const nothing = ['not-determined', 'No guard rail (trail, role, account switch) is known to stand.'];
    expect(check(id, {})).toEqual(nothing);
    expect(
      check(id, {
        endpoints: [seen('a', { declared: { guardrail: 'off' } })],
        incidents: [incident('j'), { ...down, status: 'accepted' }],
      }),
    ).toEqual(nothing);
    expect(check(id, { endpoints: [stands] })).toEqual(['satisfied', 'No guard rail went down; 1 are known to stand.']);
    expect(check(id, { endpoints: [stands], incidents: [down] })).toEqual([
      'not-satisfied',
      '1 window in which a guard rail was down.',
      'i',
    ]);
    expect(check(id, { incidents: [down] })[0]).toBe('not-satisfied');
  });
});

describe('an incident', () => {
  const receipt = (...ids: readonly string[]): Pick<Facts, 'toldOf'> => ({
    toldOf: (id) => (ids.includes(id) ? { receiptAt: at('10:01'), ackedAt: at('10:02') } : undefined),
  });

  it('is told, as receipts say; one of its endpoint that followed leaves it open', () => {
    const id = 'EXP-10/told';
    const incidents = [incident('i'), incident('j')];
    expect(check(id, { incidents, ...receipt('i', 'j') })).toEqual([
      'satisfied',
      'All 2 incidents were told: a sink confirmed each.',
    ]);
    expect(check(id, { incidents, ...receipt('i') })).toEqual([
      'not-satisfied',
      '1 of 2 incidents told to nobody, as far as receipts go.',
      'j',
    ]);
    const later = (last: string) =>
      check(id, { incidents, ...receipt('i'), lastReceiptOf: (of) => (of === 'e' ? last : undefined) });
    expect(later(at('10:00'))).toEqual([
      'not-determined',
      'Of 1 incident no receipt names it, though one of its endpoint followed.',
      'j',
    ]);
    expect(later(at('09:59'))[0]).toBe('not-satisfied');
  });

  it('of which there was none is shown by a drill, or not', () => {
    const of = (due: number, alerted: number) =>
      check('EXP-10/told', {
        drill: { openings: [], totals: { due, alerted } } as unknown as NonNullable<Facts['drill']>,
      });
    const nothing = ['not-determined', 'There was no incident, and no drill shows that one would have been told.'];
    expect(check('EXP-10/told', {})).toEqual(nothing);
    expect(of(2, 1)).toEqual(nothing);
    expect(of(2, 2)).toEqual(['satisfied', "There was no incident; the drill's 2 openings were told."]);
  });

  it.each(['critical', 'high'] as const)('that is %s is acknowledged and closed', (severity) => {
    const grave = incident('i', { severity });
    const [acked, closed] = ['EXP-10/acknowledged', 'EXP-10/closed'];
    expect(check(acked, { incidents: [grave] })).toEqual([
      'not-satisfied',
      '1 of 1 critical or high incident acknowledged by nobody.',
      'i',
    ]);
    expect(check(acked, { incidents: [grave], ...receipt('i') })).toEqual([
      'satisfied',
      'All 1 critical or high incident were acknowledged.',
    ]);
    const handled = { ...grave, handling: { acked: { at: at('10:05'), by: 'jdoe' } } } as typeof grave;
    expect(check(acked, { incidents: [handled, incident('low')] })[0]).toBe('satisfied');
    expect(check(closed, { incidents: [grave] })).toEqual([
      'not-satisfied',
      '1 critical or high incident open at the end of the period.',
      'i',
    ]);
    expect(check(closed, { incidents: [{ ...grave, status: 'closed' }] })).toEqual([
      'satisfied',
      'No critical or high incident is open at the end of the period.',
    ]);
  });

  it('that is less, or was accepted, need not be', () => {
    const incidents = [
      incident('m', { severity: 'medium' }),
      incident('a', { severity: 'critical', status: 'accepted' }),
    ];
    expect(check('EXP-10/acknowledged', { incidents })).toEqual([
      'satisfied',
      'There was no critical or high incident to acknowledge.',
    ]);
    expect(check('EXP-10/closed', { incidents })[0]).toBe('satisfied');
  });
});

describe('the record', () => {
  const ledger = { entries: 3, firstSeq: 1, lastSeq: 3, headHash: 'f'.repeat(64) };
  it('is a chain, entry by entry', () => {
    expect(check('EXP-11/chain', {})).toEqual(['not-determined', 'The ledger is empty.']);
    expect(check('EXP-11/chain', { ledger })).toEqual([
      'satisfied',
      'Each of 3 ledger entries follows the one before it.',
    ]);
    expect(check('EXP-11/chain', { ledger, brokenAt: 2 })).toEqual([
      'not-satisfied',
      'The ledger entry 2 does not follow the one before it.',
      '2',
    ]);
  });

  it.each([
    ['verified', 'satisfied', 'Said.'],
    ['broken', 'not-satisfied', 'Said.'],
    ['incomplete', 'not-determined', 'Said.'],
    ['not-read', 'not-determined', 'Said. Run ajar verify on the sealed ledger.'],
  ] as const)('whose sealed hours are %s', (state, is, text) => {
    expect(check('EXP-11/checkpoints', { sealed: { state, text: 'Said.' } as Facts['sealed'] })).toEqual([is, text]);
  });
});
