/** lib/reach/network.ts against packets walked one by one (test/support/naive-network.ts). */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { NetworkPart } from '../../lib/model/network.ts';
import { contains, parseBlock } from '../../lib/reach/ipset.ts';
import { type DoorInput, doorOf, reachOf } from '../../lib/reach/network.ts';
import { indexNetwork } from '../../lib/reach/network-index.ts';
import type { Reach } from '../../lib/reach/network-reach.ts';
import { arrives } from '../support/naive-network.ts';
import { addressesToTry, readDoor } from './network-arbitrary.ts';
import { networkOf } from './network-doors.ts';

const POINTS = 100_000;

function holds(reach: Reach, address: string): boolean {
  const parsed = parseBlock(address);
  if (parsed === undefined) throw new Error(`no address: ${address}`);
  return contains(reach[parsed.family].sources, parsed.set[0]?.first ?? -1n);
}

describe('against packets walked one by one', () => {
  it(`agrees on at least ${POINTS} points at the edges of random networks`, () => {
    const seen = { points: 0, open: 0 };
    fc.assert(
      fc.property(readDoor, (door) => {
        const reach = reachOf(door);
        for (const address of addressesToTry(door)) {
          const truth = arrives(door, address);
          seen.points++;
          if (truth) seen.open++;
          if (holds(reach, address) !== truth)
            throw new Error(`${address}: a packet ${truth ? 'gets in' : 'does not'}`);
        }
        expect([...reach.v4.unknown, ...reach.v6.unknown]).toEqual([]);
        expect(reach.v4.sources.length === 0).toBe(reach.v4.breadth === 'NONE');
      }),
      { numRuns: 2600 },
    );
    expect(seen.points).toBeGreaterThan(POINTS);
    // Both answers are common, or the property would say little.
    expect(seen.open).toBeGreaterThan(POINTS / 25);
  }, 120_000);

  it('says the same from the index', () => {
    fc.assert(
      fc.property(readDoor, (door) => {
        expect(doorOf(indexNetwork(networkOf(door)), door.eni, door.port)).toEqual(reachOf(door));
      }),
      { numRuns: 300 },
    );
  });
});

const HIDINGS: readonly ((door: DoorInput) => DoorInput)[] = [
  (door) => ({ ...door, prefixLists: { 'pl-2': door.prefixLists['pl-2'] ?? [] } }),
  (door) => ({ ...door, prefixLists: {} }),
  (door) => ({ ...door, groups: door.groups.slice(1) }),
  (door) => ({ ...door, groups: door.groups.map(({ GroupId }) => ({ GroupId })) }),
  (door) => ({ ...door, nacl: undefined }),
  (door) => ({ ...door, subnet: undefined }),
  (door) => ({ ...door, routeTables: [] }),
  (door) => ({ ...lacking(door, 'routeTables'), routeTables: door.routeTables.slice(0, -1) }),
  (door) => ({ ...lacking(door, 'internetGateways'), igws: [] }),
];

function lacking(door: DoorInput, part: NetworkPart): DoorInput {
  return { ...door, missing: new Set([...(door.missing ?? []), part]) };
}

describe('with parts that could not be read', () => {
  const hidden = fc.subarray([...HIDINGS], { minLength: 1, maxLength: 3 });

  it('names only sources that truly get in, and lets nobody in unsaid', () => {
    const seen = { unknown: 0, exact: 0, open: 0 };
    fc.assert(
      fc.property(readDoor, hidden, (door, hide) => {
        const blind = hide.reduce((input, step) => step(input), door);
        const reach = reachOf(blind);
        for (const address of addressesToTry(door)) {
          const truth = arrives(door, address);
          const family = address.includes(':') ? reach.v6 : reach.v4;
          if (holds(reach, address)) {
            seen.open++;
            if (!truth) throw new Error(`${address}: said to get in and does not`);
          } else if (truth) {
            seen.unknown++;
            if (family.unknown.length === 0) throw new Error(`${address}: gets in and nothing is said to be unknown`);
          } else seen.exact++;
        }
      }),
      { numRuns: 1000 },
    );
    for (const count of Object.values(seen)) expect(count).toBeGreaterThan(250);
  }, 120_000);
});
