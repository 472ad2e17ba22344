/** A visit delivered once more is judged by what covered it when it was noted, not by what the allowlist says now. */
import { describe, expect, it } from 'vitest';
import { asNoted, withoutTimes } from '../../lib/assess/once-more.ts';
import type { Sample, SampleFact } from '../../lib/model/state.ts';
import { instant } from '../support/readings.ts';

const bare: SampleFact = {
  ...{ protection: 'network', basis: 'observed', level: 'off', floor: 'partial', allowances: [], evidence: 'seen' },
};
const covered: SampleFact = { ...bare, floor: 'off', allowances: ['a'], within: ['a'], glass: ['g'] };

function visit(at: number, over: Partial<Sample> = {}): Sample {
  const verdict = { name: 'reachable', shadow: false, confirmed: true, why: '' } as const;
  return {
    ...{ id: `s${at}`, at: instant(at), recordedAt: instant(at + 1), vantage: 'v1', alive: true, silent: false },
    ...{ deleted: false, facts: [covered], context: { verdict, auth: 'auth-required', proof: 2 } },
    ...over,
  };
}
const note = (at: number, over: Partial<Sample> = {}): Sample => visit(at, { unbroken: true, ...over });
/** As it is judged now: nothing covers it any more. */
const again = (at: number, over: Partial<Sample> = {}): Sample => visit(at, { facts: [bare], ...over });

describe('a visit that comes once more', () => {
  it('has what covered it, where a later note repeats an earlier one like it', () => {
    const sample = again(60);
    expect(asNoted(sample, [visit(0), note(120)])).toEqual({ ...sample, facts: [covered] });
    // The one that the note repeats was folded for good: it is older than any.
    expect(asNoted(sample, [note(120)]).facts).toEqual([covered]);
  });

  it.each<readonly [string, Sample, readonly Sample[]]>([
    ['nothing is noted', again(60), [visit(0), visit(120)]],
    ['it is later than the note', again(180), [visit(0), note(120)]],
    ['it is the note', again(120), [visit(0), note(120)]],
    ['it is earlier than what the note repeats', again(60), [visit(90), note(120)]],
    ['the note is of another vantage', again(60), [visit(0), note(120, { vantage: 'v2' })]],
    ['the note saw something else', again(60), [note(120, { facts: [{ ...covered, level: 'on' }] })]],
    ['the note heard nothing', again(60), [note(120, { silent: true })]],
    ['the note read the configuration', again(60), [note(120, { declaredAt: instant(1) })]],
  ])('is as it is where %s', (_, sample, recent) => {
    expect(asNoted(sample, recent)).toBe(sample);
  });

  it('is of the first note after it', () => {
    const other = { ...covered, allowances: ['b'] };
    const recent = [visit(0), note(50), visit(100, { facts: [other] }), note(150, { facts: [other] }), note(200)];
    expect(asNoted(again(20), recent).facts).toEqual([covered]);
    // What the note at 150 repeats came after it, so it is of the one that repeats the first.
    expect(asNoted(again(60), recent).facts).toEqual([covered]);
    expect(asNoted(again(120), recent).facts).toEqual([other]);
  });
});

describe('two visits that say the same', () => {
  it('may differ in when they were, and not in whether they tell of the configuration', () => {
    const one = visit(0, { began: instant(0), declaredAt: instant(0) });
    expect(withoutTimes(one)).toEqual(withoutTimes(note(60, { declaredAt: instant(30) })));
    expect(withoutTimes(one)).not.toEqual(withoutTimes(visit(60)));
    expect(withoutTimes(visit(0, { alive: false }))).not.toEqual(withoutTimes(visit(0)));
  });
});
