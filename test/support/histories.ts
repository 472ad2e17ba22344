/** Arbitrary histories of one endpoint for property tests: what a visit may see, and when from where. */
import fc from 'fast-check';
import type { Reading } from '../../lib/model/reading.ts';
import { aReading, type DeclaredLevels, type ObservationOverrides } from './readings.ts';

/** Conclusive sights: each says something definite of at least one protection. */
export const SIGHTS = {
  anonymous: [{ auth: 'open-anonymous' }],
  'anonymous in clear': [{ auth: 'open-anonymous', tls: 'absent' }],
  'first comer becomes administrator': [{ auth: 'setup-open', tls: 'absent' }],
  'anonymous session': [{ auth: 'open-restricted' }],
  'demands authentication': [{}],
  'demands authentication, TLS offered': [{ tls: 'offered' }],
  'demands authentication in clear': [{ auth: 'auth-weak', weakness: ['cleartext'], tls: 'absent' }],
  'legacy hashes': [{ auth: 'auth-weak', weakness: ['legacy-hash'] }],
  refused: [{ l4: 'refused' }],
  unroutable: [{ l4: 'unreachable' }],
  'turned away by address': [{ auth: 'source-acl' }],
  'accepted and closed': [{ l4: 'accept-then-close' }],
  'open and silent': [{ l4: 'open-silent' }],
  'one of two open': [{ l4: 'refused' }, { auth: 'open-anonymous' }],
  'both demand authentication': [{}, { tls: 'offered' }],
} as const satisfies Record<string, readonly ObservationOverrides[]>;
export type Sight = keyof typeof SIGHTS;

/** Sights that conclude nothing. A single silence is one of them; three are not. */
export const BLANKS = {
  filtered: [{ l4: 'filtered', gap: 'no-answer' }],
  'not tried': [{ l4: 'not-tried', gap: 'budget-spent' }],
  unresolved: [{ l4: 'not-tried', dns: 'failed', address: null, gap: 'unresolved' }],
  cancelled: [{ l4: 'not-tried', gap: 'cancelled' }],
  'one refused, one not tried': [{ l4: 'refused' }, { l4: 'not-tried', gap: 'fault' }],
  nothing: [],
} as const satisfies Record<string, readonly ObservationOverrides[]>;
export type Blank = keyof typeof BLANKS;

export const VANTAGES = ['v1', 'v2'] as const;

export interface Look {
  readonly wait: number;
  readonly sight: Sight | Blank;
  readonly vantage: string;
  readonly alive: boolean;
  readonly deleted: boolean;
  readonly declared: DeclaredLevels;
}

const level = fc.constantFrom('on', 'partial', 'off', 'unknown', undefined);
const declared: fc.Arbitrary<DeclaredLevels> = fc.oneof(
  { weight: 3, arbitrary: fc.constant({}) },
  { weight: 1, arbitrary: fc.record({ network: level, authentication: level, tls: level, 'audit-log': level }) },
);

function sightOf(names: readonly (Sight | Blank)[]): fc.Arbitrary<Sight | Blank> {
  return fc.constantFrom(...names);
}

export const ALL_SIGHTS = Object.keys(SIGHTS) as Sight[];
export const ALL_BLANKS = Object.keys(BLANKS) as Blank[];

export function look(options: { maxWait?: number; names?: readonly (Sight | Blank)[] } = {}): fc.Arbitrary<Look> {
  return fc.record({
    wait: fc.integer({ min: 1, max: options.maxWait ?? 29 }),
    sight: sightOf(options.names ?? [...ALL_SIGHTS, ...ALL_BLANKS, 'filtered', 'filtered', 'filtered']),
    vantage: fc.constantFrom(...VANTAGES),
    alive: fc.oneof({ weight: 5, arbitrary: fc.constant(true) }, { weight: 1, arbitrary: fc.constant(false) }),
    deleted: fc.oneof({ weight: 20, arbitrary: fc.constant(false) }, { weight: 1, arbitrary: fc.constant(true) }),
    declared,
  });
}

/** At most 20 looks in less than ten minutes: all of it within the late horizon and within `MAX_RECENT`. */
export const shortHistory: fc.Arbitrary<readonly Look[]> = fc.array(look(), { minLength: 1, maxLength: 20 });

export function seen(sight: Sight | Blank): readonly ObservationOverrides[] {
  return { ...SIGHTS, ...BLANKS }[sight];
}

export function readingsOf(looks: readonly Look[], startAt = 0): readonly Reading[] {
  let at = startAt;
  return looks.map(({ wait, sight, vantage, alive, deleted, declared: levels }) => {
    at += wait;
    return aReading({
      at,
      vantage,
      alive,
      declared: levels,
      sees: seen(sight),
      ...(deleted ? { deleted } : {}),
    });
  });
}

/** The same readings in an order of `keys`, some of them twice. */
export function shuffled<T>(items: readonly T[], keys: readonly number[]): readonly T[] {
  const copies = keys.map((key, i) => ({ key, item: items[i % items.length] as T }));
  return copies.toSorted((a, b) => a.key - b.key).map(({ item }) => item);
}
