/** When a later allowance accepts what one source saw, and when it does not. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { judge } from '../../lib/assess/judge.ts';
import { type Allowlist, EMPTY_ALLOWLIST } from '../../lib/model/allowlist.ts';
import type { Incident } from '../../lib/model/incident.ts';
import { isKnown } from '../../lib/model/protection.ts';
import type { Reading } from '../../lib/model/reading.ts';
import { ALL_BLANKS, ALL_SIGHTS, look, readingsOf, SIGHTS } from '../support/histories.ts';
import {
  aReading,
  anAllowance,
  anAllowlist,
  instant,
  openOf,
  play,
  type ReadingOverrides,
} from '../support/readings.ts';

const IN_CLEAR = SIGHTS['anonymous in clear'];
const ASKS_IN_CLEAR = SIGHTS['demands authentication in clear'];
const BLANK = [{ auth: 'undetermined', tls: 'undetermined', proto: 'unknown' }] as const;

/** The allowances `ids` from second `at` on. */
function from(at: number, ...ids: readonly string[]): (reading: Reading) => Allowlist {
  const list = anAllowlist(...ids.map((id) => anAllowance({ id })));
  return (reading) => (reading.at >= instant(at) ? list : EMPTY_ALLOWLIST);
}

function told(incidents: Iterable<Incident>): readonly string[] {
  return [...incidents].map((i) => `${i.protection} ${i.closed?.cause ?? 'open'}`).sort();
}

describe('an allowance that came while a stranger is let in', () => {
  test('accepts nothing: every window stays open', () => {
    const steps = [0, 60, 120].map((at) => aReading({ at, sees: IN_CLEAR }));
    const { stored, decisions } = play(steps, from(60, 'later'));
    expect(told(stored.values())).toEqual(['authentication open', 'network open', 'tls open']);
    expect(decisions.at(-1)?.transitions).toEqual([]);
    for (const i of stored.values()) expect(i.lastBadAt).toBe(instant(120));
  });

  test('accepts the rest with the first look that shows the exposure ended', () => {
    const steps: ReadingOverrides[] = [0, 60, 120].map((at) => ({ at, sees: IN_CLEAR }));
    const { stored } = play([...steps, { at: 180, sees: ASKS_IN_CLEAR }].map(aReading), from(60, 'later'));
    expect(told(stored.values())).toEqual(['authentication fixed', 'network accepted', 'tls accepted']);
    for (const i of stored.values()) {
      expect(i.closed).toMatchObject({ lower: instant(120), upper: instant(180) });
    }
  });

  test('what got better meanwhile was fixed, not accepted', () => {
    const steps: ReadingOverrides[] = [{ sees: IN_CLEAR }, { at: 60, sees: IN_CLEAR }, { at: 120 }];
    const { stored } = play(steps.map(aReading), from(60, 'later'));
    expect(told(stored.values())).toEqual(['authentication fixed', 'network accepted', 'tls fixed']);
  });

  test('the good look that starts the next window is the one that accepted, not one before', () => {
    const steps: ReadingOverrides[] = [
      { sees: IN_CLEAR },
      { at: 60, sees: IN_CLEAR },
      { at: 120, sees: ASKS_IN_CLEAR },
      { at: 180, sees: ASKS_IN_CLEAR },
    ];
    const list = (reading: Reading): Allowlist =>
      reading.at === instant(60) || reading.at === instant(120) ? anAllowlist(anAllowance()) : EMPTY_ALLOWLIST;
    const { state } = play(steps.map(aReading), list);
    expect(openOf(state, 'network')).toMatchObject([
      { origin: 'no-longer-allowed', start: { lower: instant(120), upper: instant(180) } },
    ]);
  });

  test('not knowing for a look whether strangers are let in is no end of it', () => {
    const steps: ReadingOverrides[] = [{ sees: IN_CLEAR }, { at: 60, sees: BLANK }, { at: 120, sees: BLANK }];
    const { stored } = play(steps.map(aReading), from(60, 'later'));
    expect(told(stored.values())).toEqual(['authentication open', 'network open', 'tls open']);
  });

  test('one vantage that is let in is enough, also where another is not', () => {
    const steps: ReadingOverrides[] = [
      { vantage: 'v2' },
      { at: 30, sees: SIGHTS.anonymous },
      { at: 60, vantage: 'v2' },
      { at: 90, vantage: 'v2' },
      { at: 120 },
      { at: 150, vantage: 'v2' },
    ];
    const { decisions } = play(steps.map(aReading), from(30, 'later'));
    const network = decisions.map((d) => d.state.incidents.find((i) => i.protection === 'network')?.closed?.cause);
    expect(network).toEqual([undefined, undefined, undefined, undefined, undefined, 'accepted']);
  });

  test('a closed door ends the exposure, and the window with it', () => {
    const steps: ReadingOverrides[] = [
      { declared: { network: 'on' }, sees: IN_CLEAR },
      { at: 60, declared: { network: 'off' }, sees: IN_CLEAR },
      { at: 120, declared: { network: 'off' }, sees: SIGHTS.refused },
    ];
    const { stored } = play(steps.map(aReading), from(120, 'later'));
    expect(told(stored.values())).toEqual(['authentication closed-to-us', 'network fixed', 'tls closed-to-us']);
  });

  test('property: nothing is accepted while the last that any vantage knew of it was that strangers get in', () => {
    const names = [...ALL_SIGHTS, ...ALL_BLANKS.filter((b) => b !== 'filtered')];
    const history = fc.array(look({ names }), { minLength: 1, maxLength: 20 });
    const starts = fc.array(fc.nat(300), { minLength: 1, maxLength: 3 });
    fc.assert(
      fc.property(history, starts, (looks, seconds) => {
        const list = (reading: Reading): Allowlist =>
          anAllowlist(...seconds.filter((s) => reading.at >= instant(s)).map((s) => anAllowance({ id: `since-${s}` })));
        const readings = readingsOf(looks);
        const letsIn = new Set<string>();
        play(readings, list).decisions.forEach(({ transitions }, i) => {
          const reading = readings[i] as Reading;
          const { authentication, network } = judge(reading).observed;
          if (reading.deleted === true) letsIn.clear();
          if (authentication.level === 'off') letsIn.add(reading.vantage);
          else if (isKnown(authentication.level) || network.level === 'on') letsIn.delete(reading.vantage);
          if (letsIn.size > 0) expect(transitions.filter((t) => t.kind === 'accepted')).toEqual([]);
        });
      }),
      { numRuns: 1000 },
    );
  });
});
