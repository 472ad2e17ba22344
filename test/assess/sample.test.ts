import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { judge } from '../../lib/assess/judge.ts';
import { sampleOf } from '../../lib/assess/sample.ts';
import type { Allowlist } from '../../lib/model/allowlist.ts';
import type { Sample } from '../../lib/model/state.ts';
import { ALL_BLANKS, look, readingsOf } from '../support/histories.ts';
import { aReading, anAllowance, anAllowlist, instant, type ReadingOverrides } from '../support/readings.ts';

/** Long after every allowance below expired. */
const DECIDED = instant(400 * 86_400);

function sampled(reading: ReadingOverrides, allowlist: Allowlist = anAllowlist()): Sample {
  const made = aReading(reading);
  return sampleOf(made, judge(made), allowlist, new Date(DECIDED));
}

describe('a sample', () => {
  test('keeps what is known and leaves out what is not', () => {
    const { facts } = sampled({ declared: { network: 'on', sharing: 'unknown', guardrail: 'not-applicable' } });
    expect(facts.map((f) => `${f.protection} ${f.basis} ${f.level}`)).toEqual([
      'network declared on',
      'network observed off',
      'authentication observed on',
      'tls observed on',
    ]);
  });

  test('property: a look that concluded nothing has no observed fact', () => {
    fc.assert(
      fc.property(look({ names: ALL_BLANKS }), (l) => {
        for (const reading of readingsOf([l])) {
          const { facts } = sampleOf(reading, judge(reading), anAllowlist(), new Date(reading.at));
          expect(facts.filter((f) => f.basis === 'observed')).toEqual([]);
        }
      }),
      { numRuns: 1000 },
    );
  });

  test('applies the allowlist as of the reading, not as of the decision', () => {
    const expired = anAllowance({ expires: '2019-12-03' });
    const current = anAllowance({ expires: '2019-12-04' });
    const floors = (list: Allowlist): string[] =>
      sampled({}, list).facts.map((f) => `${f.protection} ${f.floor} ${f.allowances.join()}`);
    expect(floors(anAllowlist(expired))).toEqual(['network partial ', 'authentication on ', 'tls partial ']);
    expect(floors(anAllowlist(current))).toEqual([
      'network off partners-read-only',
      'authentication on ',
      'tls off partners-read-only',
    ]);
  });

  test('tells when it was, when it was decided, and from where', () => {
    expect(sampled({ at: 60, vantage: 'v2', alive: false, deleted: true, sees: [] })).toMatchObject({
      at: instant(60),
      recordedAt: DECIDED,
      vantage: 'v2',
      alive: false,
      silent: false,
      deleted: true,
    });
  });

  test.each([
    ['required', true],
    ['offered', true],
    ['absent', false],
    ['undetermined', undefined],
  ] as const)('TLS %s counts as encrypted: %s', (tls, encrypted) => {
    expect(sampled({ sees: [{ tls }] }).context.encrypted).toBe(encrypted);
  });

  test('keeps each address as it was seen by itself', () => {
    const sees = [
      { address: '192.0.2.1', auth: 'open-anonymous', tls: 'absent' },
      { address: '192.0.2.2', l4: 'refused' },
      { address: '192.0.2.3', l4: 'filtered', gap: 'no-answer' },
      { address: '192.0.2.4', auth: 'undetermined', tls: 'undetermined' },
    ] as const;
    expect(sampled({ sees })).toMatchObject({ complete: true });
    expect(sampled({ sees }).sights).toEqual([
      { address: '192.0.2.1', levels: { network: 'off', authentication: 'off', tls: 'off' } },
      { address: '192.0.2.2', levels: { network: 'on' } },
      { address: '192.0.2.3', levels: {}, silent: true },
      { address: '192.0.2.4', levels: { network: 'off' } },
    ]);
    expect(sampled({ sees: [{ address: '192.0.2.1' }] }).sights).toEqual([
      { address: '192.0.2.1', levels: { network: 'off', authentication: 'on', tls: 'on' } },
    ]);
  });

  test('does not claim to have seen every address where one was not tried, or nothing was looked at', () => {
    expect(sampled({ sees: [{}, { address: null, l4: 'not-tried', gap: 'budget-spent' }] }).complete).toBe(false);
    expect(sampled({ sees: [] })).not.toHaveProperty('complete');
    expect(sampled({ sees: [] })).not.toHaveProperty('sights');
  });
});
