/** `from-cidrs`: what it accepts of who may connect, for how long, and what `explain` says of it. */
import { describe, expect, it } from 'vitest';
import { reachMiss } from '../../lib/assess/allowance-reach.ts';
import { approvedFor } from '../../lib/assess/approved.ts';
import type { Allowance } from '../../lib/model/allowlist.ts';
import { declaredOff, declaredOn, declaredUnknown, withPending } from '../../lib/model/declared.ts';
import { type Level, mostOpen, type Protection } from '../../lib/model/protection.ts';
import {
  aReading,
  anAllowance,
  anAllowlist,
  anEndpoint,
  openOf,
  openOnlyTo,
  play,
  type ReadingOverrides,
} from '../support/readings.ts';

const PARTNER = '8.8.8.0/24';
const OTHER = '9.9.9.0/24';
const toPartners = (over: Partial<Allowance> = {}, fromCidrs = [PARTNER]): Allowance =>
  anAllowance({ permit: { ...anAllowance().permit, reachable: 'from-cidrs', fromCidrs, plaintext: false }, ...over });
const miss = (network: Protection | undefined, seen?: Level, cidrs = [PARTNER]): string | undefined =>
  reachMiss(toPartners({}, cidrs), anEndpoint({ declared: network === undefined ? {} : { network } }), seen);

describe('an entry for named networks', () => {
  it('accepts a door that the configuration opens to them alone, or to nobody', () => {
    expect(miss(openOnlyTo([PARTNER]))).toBeUndefined();
    expect(miss(openOnlyTo(['8.8.8.7/32', '8.8.8.128/25']), 'on')).toBeUndefined();
    expect(miss(openOnlyTo([PARTNER, OTHER]), 'unknown', ['8.0.0.0/7'])).toBeUndefined();
    expect(miss(openOnlyTo(['2600:1f00::/40']), undefined, ['2600::/16'])).toBeUndefined();
    expect(miss(declaredOn('closed'))).toBeUndefined();
  });

  it.each<[string, Protection | undefined, Level | undefined, string]>([
    [
      'nothing was read',
      undefined,
      undefined,
      'who may connect is not known: no configuration of the network was read',
    ],
    [
      'it could not be read',
      declaredUnknown('sg-1 not readable'),
      'on',
      'who may connect is not known exactly: sg-1 not readable',
    ],
    [
      'it is not known to the last address',
      { ...openOnlyTo([]), sources: undefined } as never,
      'on',
      'not known exactly',
    ],
    ['one address more may', openOnlyTo([PARTNER, '9.9.9.9/32']), 'on', '9.9.9.9/32 may connect too'],
    ['the other family may', openOnlyTo([PARTNER, '2600::/32']), 'on', '2600::/32 may connect too'],
    [
      'many more may',
      openOnlyTo([PARTNER, '9.9.9.9/32', '11.0.0.0/24', '12.0.0.0/24']),
      'on',
      '9.9.9.9/32, 11.0.0.0/24 and others',
    ],
    ['most of the internet may', declaredOff('open to WORLD'), 'on', 'a half of the internet or to all'],
    ['it is being changed', withPending(openOnlyTo([PARTNER]), 'unknown'), 'on', 'is being changed'],
    ['ajar got in', openOnlyTo([PARTNER]), 'off', 'ajar got in'],
    ['ajar got half in', openOnlyTo([PARTNER]), 'partial', 'ajar got in'],
    ['what was kept is no block', openOnlyTo(['nonsense']), 'on', 'nonsense'],
  ])('accepts nothing where %s', (_, network, seen, said) => {
    expect(miss(network, seen)).toContain(said);
  });
});

describe('one way to several things', () => {
  it('lets in whoever any of them lets in, where that is known of all', () => {
    expect(mostOpen([openOnlyTo([PARTNER]), openOnlyTo([OTHER]), declaredOn('shut')])?.sources).toEqual([
      PARTNER,
      OTHER,
    ]);
    expect(mostOpen([openOnlyTo([PARTNER]), declaredUnknown('not read')])?.sources).toBeUndefined();
    expect(mostOpen([openOnlyTo([PARTNER]), declaredOff('open to WORLD')])?.sources).toBeUndefined();
    const many = Array.from({ length: 65 }, (_, i) => openOnlyTo([`8.${i}.0.0/24`]));
    expect(mostOpen(many)?.sources).toBeUndefined();
  });
});

describe('a door that was opened to partners', () => {
  const shut: ReadingOverrides = { declared: { network: 'on' }, sees: [{ l4: 'refused' }] };
  const toThem: ReadingOverrides = { openTo: [PARTNER], sees: [{ l4: 'refused' }] };
  const wider: ReadingOverrides = { openTo: [PARTNER, OTHER], sees: [{ l4: 'refused' }] };
  const history = (...looks: readonly ReadingOverrides[]) =>
    looks.map((look, i) => aReading({ ...look, at: i * 3_600 }));
  const entry = toPartners({ id: 'partners' });
  /** In force from its second look to before its `until`th. */
  const approved =
    (until = 99) =>
    (reading: { at: string }) => {
      const look = Math.round((Date.parse(reading.at) - Date.parse(aReading().at)) / 3_600_000);
      return look >= 2 && look < until ? anAllowlist(entry) : anAllowlist();
    };
  const network = (until: number | undefined, ...looks: readonly ReadingOverrides[]) => {
    const { state, stored } = play(history(shut, toThem, ...looks), approved(until));
    return {
      open: openOf(state, 'network').map(({ origin, from, to }) => [origin, from ?? 'first seen', to].join(' ')),
      ended: [...stored.values()].flatMap(({ closed }) => closed?.cause ?? []),
      lapsed: [...stored.values()].flatMap(({ lapsed = [] }) => lapsed),
    };
  };

  it('is told as a removal, and accepted by what is approved afterwards', () => {
    expect(network(undefined)).toMatchObject({ open: ['removed on partial'], ended: [] });
    expect(network(undefined, toThem)).toMatchObject({ open: [], ended: ['accepted'] });
    expect(network(undefined, toThem, toThem, toThem)).toMatchObject({ open: [], ended: ['accepted'] });
  });

  it('is not accepted while others may connect too, or ajar gets in', () => {
    expect(network(undefined, wider)).toMatchObject({ open: ['removed on partial'], ended: [] });
    const gotIn = network(undefined, { openTo: [PARTNER] });
    expect(gotIn).toMatchObject({ open: ['removed on off'], ended: [] });
  });

  it('alerts again when it is opened to others, though its level is the same', () => {
    const { open, ended, lapsed } = network(undefined, toThem, wider);
    expect([open, ended, lapsed]).toEqual([['no-longer-allowed first seen partial'], ['accepted'], ['partners']]);
    const all = network(undefined, toThem, { declared: { network: 'off' }, sees: [{ l4: 'refused' }] });
    expect(all.open).toEqual(['removed partial off']);
    expect(network(undefined, toThem, wider, toThem).open).toEqual([]);
  });

  it('alerts again when the entry is over, and says what it was accepted under', () => {
    const { open, lapsed } = network(3, toThem, toThem);
    expect([open, lapsed]).toEqual([['no-longer-allowed first seen partial'], ['partners']]);
  });

  it('stays open when it got worse under the entry and then only as bad as what nobody accepts any more', () => {
    const all: ReadingOverrides = { declared: { network: 'off' }, sees: [{ l4: 'refused' }] };
    expect(network(4, toThem, all, toThem).open).toEqual(['removed partial off']);
  });

  it('is shut again, and then as if it never had been open', () => {
    const after = network(3, toThem, toThem, shut);
    expect([after.open, after.ended.toSorted((a, b) => a.localeCompare(b))]).toEqual([[], ['accepted', 'fixed']]);
    expect(network(undefined, toThem, shut, wider).open).toEqual(['removed on partial']);
  });

  it('that was so when it was first seen is judged by its changes, with an entry as without', () => {
    const { state } = play([aReading({ ...wider, at: 0 })], anAllowlist(entry));
    expect(openOf(state, 'network')).toEqual([]);
  });
});

describe('what explain says', () => {
  const at = '2019-12-04T10:00:00.000Z';
  const said = (network: Protection, seen?: Level) => {
    const { posture, entries } = approvedFor(
      anAllowlist(toPartners({ id: 'partners' })),
      anEndpoint({ declared: { network } }),
      { addresses: [], network: seen },
      at,
    );
    return { network: posture[0], entry: entries[0] };
  };

  it('names the networks where the entry decides', () => {
    expect(said(openOnlyTo([PARTNER]))).toMatchObject({
      network: {
        by: ['partners'],
        means: `may be opened to ${PARTNER}, by the configuration, and must not be reached from elsewhere`,
      },
      entry: {
        matches: true,
        why: 'matches in every respect',
        accepts: `open to ${PARTNER} and nobody else, as the configuration says, credentials demanded`,
      },
    });
  });

  it('says what is missing where it matches and decides nothing', () => {
    expect(said(openOnlyTo([PARTNER]), 'off')).toMatchObject({
      network: { by: [], means: 'must not be reached from outside' },
      entry: {
        matches: true,
        why: 'matches in every respect, but ajar got in, and is of none of these networks as far as is known',
      },
    });
  });
});
