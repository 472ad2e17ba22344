import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { reconcile } from '../../lib/assess/reconcile.ts';
import { declaredOff, declaredOn, declaredPartial, declaredUnknown } from '../../lib/model/declared.ts';
import type { Endpoint } from '../../lib/model/endpoint.ts';
import { type NameRecord, REQUESTER_TAG } from '../../lib/model/second-inventory.ts';
import { door, filed, MADE_BY_RDS, rds } from '../support/inventories.ts';

const hosts = ['54.1.2.3', '54.1.2.4', '2600:1f18::1', 'a.example.com', 'b.example.com'];
const host = fc.constantFrom(...hosts);
const port = fc.constantFrom(5432, 9200, 3306);
const network = fc.constantFrom(declaredOn('x'), declaredPartial('x'), declaredOff('x'), declaredUnknown('x'));
const anyEndpoint: fc.Arbitrary<Endpoint> = fc.oneof(
  fc
    .tuple(port, host, fc.constantFrom({}, MADE_BY_RDS), network)
    .map(([p, h, made, level]) => door(p, { ...made, host: h, declared: { network: level } })),
  fc
    .tuple(host, port, network)
    .map(([h, p, level]) => filed(h, p, { id: `file-${h}-${p}`, declared: { network: level } })),
  fc
    .tuple(fc.constantFrom('x', 'y'), port, network)
    .map(([name, p, level]) => rds(name, p, { declared: { network: level } })),
);
const inventory = fc.uniqueArray(anyEndpoint, { selector: ({ id }) => id, maxLength: 12 });
const records: fc.Arbitrary<NameRecord[]> = fc.array(fc.record({ name: host, target: host }), { maxLength: 6 });
const shuffled = <T>(list: readonly T[]) => fc.shuffledSubarray([...list], { minLength: list.length });

describe('any two inventories', () => {
  it('give the same answer in whatever order they come', () => {
    const both = fc
      .tuple(inventory, records)
      .chain(([e, n]) => fc.tuple(fc.constant([e, n] as const), shuffled(e), shuffled(n)));
    fc.assert(
      fc.property(both, ([[e, n], e2, n2]) => {
        expect(reconcile(e2, n2)).toEqual(reconcile(e, n));
      }),
    );
  });

  it('change no more when put together again', () => {
    fc.assert(
      fc.property(inventory, records, (e, n) => {
        const once = reconcile(e, n);
        expect(reconcile(once.endpoints, n)).toEqual({ ...once, merged: new Map() });
      }),
    );
  });

  it('lose no registered endpoint, and call forgotten exactly what is left of the others', () => {
    fc.assert(
      fc.property(inventory, records, (e, n) => {
        const { endpoints, forgotten } = reconcile(e, n);
        const ids = endpoints.map(({ id }) => id);
        const isDoor = (id: string) => id.includes('/interfaces/');
        expect(ids).toEqual(ids.toSorted((a, b) => (a < b ? -1 : 1)));
        expect(ids.filter((id) => !isDoor(id))).toEqual(
          e
            .map(({ id }) => id)
            .filter((id) => !isDoor(id))
            .toSorted(),
        );
        expect(forgotten.map(({ endpointId }) => endpointId)).toEqual(ids.filter(isDoor));
      }),
    );
  });

  it('never make a network look safer than the interface shows it', () => {
    const order = ['off', 'partial', 'unknown', 'on'];
    fc.assert(
      fc.property(inventory, (e) => {
        const after = reconcile(e, []).endpoints;
        for (const d of e.filter(({ id, tags }) => id.includes('/interfaces/') && tags[REQUESTER_TAG] === undefined)) {
          const same = after.filter((x) => x.source === 'file' && x.host === d.host && x.port === d.port);
          const level = order.indexOf(d.declared.network?.level ?? '');
          expect(same.every((x) => order.indexOf(x.declared.network?.level ?? '') <= level)).toBe(true);
        }
      }),
    );
  });

  it('are put together in time that grows with their size', () => {
    const many = Array.from({ length: 20_000 }, (_, i) =>
      i % 2 === 0
        ? rds(`d${i}`, 5432)
        : door(5432, { ...MADE_BY_RDS, host: `54.${i >> 8}.${i & 255}.1`, id: `door-${i}` }),
    );
    const began = performance.now();
    expect(reconcile(many, []).forgotten).toEqual([]);
    expect(performance.now() - began).toBeLessThan(8_000);
  }, 30_000);
});
