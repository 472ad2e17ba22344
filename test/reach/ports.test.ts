import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Network, NetworkInterface, SecurityGroup } from '../../lib/model/network.ts';
import { blocksOf, subtract } from '../../lib/reach/ipset.ts';
import { doorOf } from '../../lib/reach/network.ts';
import { indexNetwork } from '../../lib/reach/network-index.ts';
import type { FamilyReach, Reach } from '../../lib/reach/network-reach.ts';
import { openPorts, type OpenPorts } from '../../lib/reach/ports.ts';
import { readDoor } from './network-arbitrary.ts';
import { aDoor, type DoorSketch, networkOf } from './network-doors.ts';

function portsOf(sketch: DoorSketch): readonly OpenPorts[] {
  const door = aDoor(sketch);
  return openPorts(indexNetwork(networkOf(door)), door.eni);
}

const ranges = (open: readonly OpenPorts[]): unknown => open.map(({ from, to }) => [from, to]);

/** Blockers name the ports that were asked about. */
function withoutPorts(reach: Reach): Reach {
  const strip = (family: FamilyReach): FamilyReach => ({
    ...family,
    blockers: family.blockers.map((text) => text.replace(/tcp\/[\d-]+/, 'tcp')),
  });
  return { v4: strip(reach.v4), v6: strip(reach.v6) };
}

function isOpen({ v4, v6 }: Reach): boolean {
  return [v4, v6].some(({ sources, unknown }) => sources.length > 0 || unknown.length > 0);
}

describe('the ports that groups, ACL and routes open together', () => {
  it('lists a single port, a range and every port', () => {
    expect(ranges(portsOf({ groups: { 'sg-1': ['tcp 9200 0.0.0.0/0', 'tcp 22-25 8.8.8.0/24'] } }))).toEqual([
      [22, 25],
      [9200, 9200],
    ]);
    expect(ranges(portsOf({ groups: { 'sg-1': ['-1 - 0.0.0.0/0'] } }))).toEqual([[0, 65_535]]);
  });

  it('splits where the answer changes and nowhere else', () => {
    const open = portsOf({
      groups: { 'sg-1': ['tcp 100-200 8.8.8.0/24', 'tcp 150-160 10.0.0.0/8', 'tcp 180-300 9.9.9.0/24'] },
    });
    expect(open.map(({ from, to, reach }) => [from, to, blocksOf(reach.v4.sources, 'v4', 9).blocks])).toEqual([
      [100, 179, ['8.8.8.0/24']],
      [180, 200, ['8.8.8.0/24', '9.9.9.0/24']],
      [201, 300, ['9.9.9.0/24']],
    ]);
  });

  it('keeps ports apart that other rules open to the same sources, to name the right rule', () => {
    const open = portsOf({ groups: { 'sg-1': ['tcp 80 0.0.0.0/0', 'tcp 81 0.0.0.0/0'] } });
    expect(open.map(({ from, to, reach }) => [from, to, reach.v4.via.at(-1)])).toEqual([
      [80, 80, 'sg-1 tcp/80 from 0.0.0.0/0'],
      [81, 81, 'sg-1 tcp/81 from 0.0.0.0/0'],
    ]);
  });

  it('takes out what the ACL denies', () => {
    const nacl = ['90 in deny 6:1000-1999 0.0.0.0/0', '100 in allow -1 0.0.0.0/0', '100 out allow -1 0.0.0.0/0'];
    expect(ranges(portsOf({ groups: { 'sg-1': ['tcp 500-5000 0.0.0.0/0'] }, nacl }))).toEqual([
      [500, 999],
      [2000, 5000],
    ]);
  });

  it('names the whole range where the ACL narrows it', () => {
    const nacl = ['90 in deny 6:1000-1999 8.0.0.0/8', '100 in allow -1 0.0.0.0/0', '100 out allow -1 0.0.0.0/0'];
    const open = portsOf({ groups: { 'sg-1': ['tcp 500-5000 0.0.0.0/0'] }, nacl });
    expect(open.map(({ reach }) => reach.v4.blockers)).toEqual([
      [],
      ['nacl acl-1 denies tcp/1000-1999 from 8.0.0.0/8'],
      [],
    ]);
  });

  it('is empty where the interface cannot be reached at all', () => {
    expect(portsOf({ eni: { Association: undefined } })).toEqual([]);
    expect(portsOf({ igws: {} })).toEqual([]);
  });

  it('is every port, unknown, where a group could not be read', () => {
    const open = portsOf({ groups: { 'sg-1': null } });
    expect(ranges(open)).toEqual([[0, 65_535]]);
    expect(open[0]?.reach.v4).toMatchObject({ breadth: 'NONE', unknown: ['rules of sg-1 not readable'] });
  });

  it('says of every port what the question about that port alone says', () => {
    const edges = [0, 1, 442, 443, 444, 9199, 9200, 9201, 65_534, 65_535];
    fc.assert(
      fc.property(readDoor, fc.array(fc.nat(65_535), { maxLength: 10 }), (door, some) => {
        const index = indexNetwork(networkOf(door));
        const open = openPorts(index, door.eni);
        for (const port of [...edges, ...some]) {
          const alone = doorOf(index, door.eni, port);
          const within = open.filter(({ from, to }) => from <= port && port <= to);
          expect(within).toHaveLength(isOpen(alone) ? 1 : 0);
          for (const { reach } of within) expect(withoutPorts(reach)).toEqual(withoutPorts(alone));
        }
      }),
      { numRuns: 400 },
    );
  }, 120_000);

  it('gives ranges in order that neither overlap nor continue one another', () => {
    fc.assert(
      fc.property(readDoor, (door) => {
        const open = openPorts(indexNetwork(networkOf(door)), door.eni);
        for (const [i, { from, to, reach }] of open.entries()) {
          const before = open[i - 1];
          expect(from).toBeLessThanOrEqual(to);
          expect(before?.to ?? -1).toBeLessThan(from);
          if (before?.to === from - 1) expect(withoutPorts(before.reach)).not.toEqual(withoutPorts(reach));
        }
      }),
      { numRuns: 400 },
    );
  });
});

/** 60 groups of 100 rules. The numbers are spread, not random: the same each time. */
function crowd(width: number): { network: Network; eni: NetworkInterface } {
  const groups: SecurityGroup[] = Array.from({ length: 60 }, (_, g) => ({
    GroupId: `sg-${g}`,
    IpPermissions: Array.from({ length: 100 }, (_, i) => {
      const n = g * 100 + i;
      const from = (n * 7919) % 65_000;
      const block = `${11 + (n % 89)}.${(n * 31) % 256}.${(n * 17) % 256}.0/${16 + (n % 9)}`;
      return { IpProtocol: 'tcp', FromPort: from, ToPort: from + (n % width), IpRanges: [{ CidrIp: block }] };
    }),
  }));
  const door = aDoor({ eni: { Groups: groups.map(({ GroupId }) => ({ GroupId })) } });
  return { network: { ...networkOf(door), groups }, eni: door.eni };
}

describe('more rules than AWS allows', () => {
  it.each([1, 50, 500])('answers for 60 groups of 100 rules over up to %i ports in good time', (width) => {
    const { network, eni } = crowd(width);
    const index = indexNetwork(network);
    openPorts(index, eni);
    const started = performance.now();
    const open = openPorts(index, eni);
    // About 30 ms on an idle machine.
    expect(performance.now() - started).toBeLessThan(1000);
    expect(open.length).toBeGreaterThan(0);
  });

  it('never calls closed what is open, nor open what is closed', () => {
    const { network, eni } = crowd(50);
    const index = indexNetwork(network);
    const open = openPorts(index, eni);
    const wrong: number[] = [];
    let blurred = 0;
    for (let port = 0; port <= 65_535; port += 37) {
      const { v4: alone } = doorOf(index, eni, port);
      const { v4: said } = open.find(({ from, to }) => from <= port && port <= to)?.reach ?? {};
      if (said?.unknown.includes('too many rules to tell these ports apart')) blurred++;
      const tooMuch = subtract(said?.sources ?? [], alone.sources, 'v4');
      const tooLittle = subtract(alone.sources, said?.sources ?? [], 'v4');
      if (tooMuch.length > 0 || (tooLittle.length > 0 && said?.unknown.length === 0) || !said) {
        if (said !== undefined || alone.sources.length > 0) wrong.push(port);
      }
    }
    expect(wrong).toEqual([]);
    expect(blurred).toBeGreaterThan(0);
  });

  it('is exact for as many rules as AWS allows on one interface', () => {
    const { network, eni } = crowd(5);
    const index = indexNetwork({ ...network, groups: network.groups.slice(0, 10) });
    const few = { ...eni, Groups: eni.Groups?.slice(0, 10) };
    const open = openPorts(index, few);
    expect(open.flatMap(({ reach }) => reach.v4.unknown)).toEqual([]);
    expect(open.length).toBeGreaterThan(900);
    for (const { from, reach } of open.filter((_, i) => i % 50 === 0)) {
      expect(withoutPorts(reach)).toEqual(withoutPorts(doorOf(index, few, from)));
    }
  });
});
