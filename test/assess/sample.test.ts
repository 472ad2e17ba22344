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
    ['undetermined', false],
  ] as const)('TLS %s counts as encrypted: %s', (tls, encrypted) => {
    expect(sampled({ sees: [{ tls }] }).context.encrypted).toBe(encrypted);
  });
});
