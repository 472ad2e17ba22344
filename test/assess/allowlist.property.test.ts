/**
 * What an allowlist may do to alerts, whatever is in it and whatever was seen (evidence-and-alerts.md section 4.2): 10,000
 * cases each, through the judgement and the fold that decide.
 */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { explainEntry, isMatch } from '../../lib/assess/allowance-match.ts';
import { EMPTY_FOLD, foldSamples } from '../../lib/assess/fold.ts';
import { judge } from '../../lib/assess/judge.ts';
import { sampleOf } from '../../lib/assess/sample.ts';
import type { Allowance } from '../../lib/model/allowlist.ts';
import { entryLists, ENDPOINTS, inBlock, naiveMatch } from '../support/random-allowances.ts';
import { aReading, anAllowlist, type ReadingOverrides } from '../support/readings.ts';

const CASES = { numRuns: 10_000 };
const LOOKS: readonly ReadingOverrides[] = [
  {},
  { sees: [{ tls: 'absent' }] },
  { sees: [{ tls: 'offered' }] },
  { sees: [{ auth: 'open-anonymous', tls: 'absent' }] },
  { sees: [{ auth: 'open-restricted' }] },
  { sees: [{ auth: 'setup-open' }] },
  { sees: [{ auth: 'source-acl' }] },
  { sees: [{ l4: 'refused' }] },
  { sees: [{ l4: 'filtered' }] },
  { declared: { 'access-policy': 'on', sharing: 'on', 'audit-log': 'on' } },
  { declared: { 'access-policy': 'off', sharing: 'partial', 'audit-log': 'off' } },
  { declared: { network: 'on', tls: 'on' }, sees: [{ l4: 'filtered' }] },
  { openTo: ['8.8.8.0/24'], declared: { tls: 'off' }, sees: [{ l4: 'filtered' }] },
  { openTo: ['8.8.8.0/25', '9.9.9.0/24'], sees: [{ l4: 'filtered' }] },
  { openTo: ['8.8.8.0/24'] },
  { declared: { network: 'off' }, sees: [{ l4: 'filtered' }] },
];
/** Of every endpoint, look and moment, judged once. */
const JUDGED = ENDPOINTS.map((endpoint) =>
  LOOKS.map((look) =>
    [0, 60, 3_700].map((at) => {
      const reading = aReading({ ...look, at, endpoint });
      return { reading, posture: judge(reading) };
    }),
  ),
);

interface History {
  readonly endpoint: number;
  /** Three looks, the last an hour later. */
  readonly looks: readonly number[];
}
const histories = fc.record({
  endpoint: fc.nat(ENDPOINTS.length - 1),
  looks: fc.array(fc.nat(LOOKS.length - 1), { minLength: 3, maxLength: 3 }),
});

/** The fold of a history, each look under its own list. */
function foldOf({ endpoint, looks }: History, lists: readonly (readonly Allowance[])[]) {
  const samples = looks.flatMap((look, i) => {
    const judged = JUDGED[endpoint]?.[look]?.[i];
    const list = anAllowlist(...(lists[i] ?? []));
    return judged === undefined ? [] : [sampleOf(judged.reading, judged.posture, list, new Date(judged.reading.at))];
  });
  const { fold } = foldSamples(EMPTY_FOLD, samples);
  const open = fold.open.map((w) => w.protection).sort();
  const woken = fold.open
    .filter((w) => w.glass?.isOver !== false)
    .map((w) => w.protection)
    .sort();
  return { fold, open, woken };
}
const always = (list: readonly Allowance[]) => [list, list, list];
/** With the entry from one look on. */
const from = (first: number, list: readonly Allowance[], entry: Allowance) =>
  [0, 1, 2].map((i) => (i >= first ? [...list, entry] : list));
const without = (first: number, list: readonly Allowance[], entry: Allowance) =>
  [0, 1, 2].map((i) => (i >= first ? list : [...list, entry]));

/** Of blocks as they are here: the first address tells for all. */
function isInside(block: string, named: string): boolean {
  const [first = '', bits] = block.split('/');
  return inBlock(first, named) && Number(bits) >= Number(named.split('/')[1]);
}

function matchesAny(entry: Allowance, { endpoint, looks }: History): boolean {
  return looks.some((look, i) => {
    const judged = JUDGED[endpoint]?.[look]?.[i];
    if (judged === undefined) return false;
    const { reading, posture } = judged;
    return explainEntry(entry, reading.endpoint, posture.addresses, reading.at).matches;
  });
}

describe('10,000 cases', () => {
  test('the order of the entries decides nothing', () => {
    fc.assert(
      fc.property(entryLists, histories, fc.nat(), (list, history, turn) => {
        const at = turn % list.length;
        const other = [...list.slice(at), ...list.slice(0, at)].reverse();
        expect(foldOf(history, always(other)).fold).toEqual(foldOf(history, always(list)).fold);
      }),
      CASES,
    );
  });

  test('an entry more quiets what it matches and nothing else: it starts no alert and wakes nobody', () => {
    let [quieted, untouched] = [0, 0];
    fc.assert(
      fc.property(entryLists, histories, fc.nat(2), (list, history, first) => {
        const [entry, ...rest] = list;
        if (entry === undefined) return;
        const [fewer, more] = [foldOf(history, always(rest)), foldOf(history, from(first, rest, entry))];
        expect(fewer.open).toEqual(expect.arrayContaining(more.open));
        expect(fewer.woken).toEqual(expect.arrayContaining(more.woken));
        if (matchesAny(entry, history)) quieted += fewer.woken.length - more.woken.length;
        else {
          expect(more.fold).toEqual(fewer.fold);
          untouched++;
        }
      }),
      CASES,
    );
    // It was tried: many entries matched and quieted something, many did not match.
    expect(quieted).toBeGreaterThan(100);
    expect(untouched).toBeGreaterThan(1_000);
  });

  test('an entry less is the reverse: it ends no alert and quiets nobody', () => {
    let woken = 0;
    fc.assert(
      fc.property(entryLists, histories, fc.nat(2), (list, history, first) => {
        const [entry, ...rest] = list;
        if (entry === undefined) return;
        const [more, fewer] = [foldOf(history, always(list)), foldOf(history, without(first, rest, entry))];
        expect(fewer.open).toEqual(expect.arrayContaining(more.open));
        expect(fewer.woken).toEqual(expect.arrayContaining(more.woken));
        if (!matchesAny(entry, history)) expect(fewer.fold).toEqual(more.fold);
        woken += fewer.woken.length - more.woken.length;
      }),
      CASES,
    );
    expect(woken).toBeGreaterThan(100);
  });

  test('entries for named networks decide nothing of what is seen, and of what is declared only where all who may connect are theirs', () => {
    let accepted = 0;
    const limited = entryLists.map((list) =>
      list.map((e): Allowance => {
        const { breakGlass: _glass, ...permit } = e.permit;
        return { ...e, permit: { ...permit, reachable: 'from-cidrs', fromCidrs: permit.fromCidrs ?? ['8.8.8.0/24'] } };
      }),
    );
    fc.assert(
      fc.property(limited, histories, (list, history) => {
        for (const [i, look] of history.looks.entries()) {
          const { reading, posture } = JUDGED[history.endpoint]?.[look]?.[i] ?? {};
          if (reading === undefined || posture === undefined) return;
          const now = new Date(reading.at);
          const [bare, listed] = [[], list].map((l) => sampleOf(reading, posture, anAllowlist(...l), now).facts);
          const plain = (listed ?? []).map(({ within: _within, ...fact }) =>
            fact.basis === 'declared' ? { ...fact, allowances: [] } : fact,
          );
          expect(plain).toEqual(bare);
          const gotIn = posture.observed.network.level === 'off' || posture.observed.network.level === 'partial';
          const may = reading.endpoint.declared.network?.sources ?? [];
          for (const { basis, protection, within = [] } of listed ?? []) {
            if (within.length === 0) continue;
            accepted++;
            expect([basis, gotIn, protection === 'network' || protection === 'tls']).toEqual(['declared', false, true]);
            for (const id of within) {
              const named = list.find((e) => e.id === id)?.permit.fromCidrs ?? [];
              for (const block of may) expect(named.some((n) => isInside(block, n))).toBe(true);
            }
          }
        }
      }),
      CASES,
    );
    expect(accepted).toBeGreaterThan(300);
  });

  test('a door without authentication is an incident, whatever the list says', () => {
    fc.assert(
      fc.property(entryLists, fc.nat(ENDPOINTS.length - 1), fc.nat(LOOKS.length - 1), (list, endpoint, before) => {
        const { open } = foldOf({ endpoint, looks: [before, before, 3] }, always(list));
        expect(open).toContain('authentication');
      }),
      CASES,
    );
  });
});

test('matching agrees with an evaluator written as the documentation reads, over 100,000 pairs', () => {
  const entries = fc.sample(entryLists, { numRuns: 1_400, seed: 6 }).flat().slice(0, 4_200);
  const addresses = ['203.0.113.10'];
  const moments = ['2019-12-04T00:00:00.000Z', '2019-12-04T10:00:30.000Z', '2019-12-04T23:59:59.999Z'];
  let [pairs, matched] = [0, 0];
  for (const [i, entry] of entries.entries()) {
    for (const endpoint of ENDPOINTS) {
      const at = moments[(i + pairs) % moments.length] ?? '';
      const ours = isMatch({ entry, endpoint, addresses, at });
      if (ours !== naiveMatch(entry, endpoint, addresses, at)) expect({ entry, endpoint, at, ours }).toBe('agreed');
      pairs++;
      if (ours) matched++;
    }
  }
  expect(pairs).toBeGreaterThanOrEqual(100_000);
  expect(matched).toBeGreaterThan(10_000);
});
