import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { explainEntry, matchesArn } from '../../lib/assess/allowance-match.ts';
import { type Coverage, coverageOf, floorOf } from '../../lib/assess/allowlist.ts';
import type { Allowance } from '../../lib/model/allowlist.ts';
import { type Endpoint, ENGINES } from '../../lib/model/endpoint.ts';
import { BASES } from '../../lib/model/posture.ts';
import { compareLevels, PROTECTIONS } from '../../lib/model/protection.ts';
import { anAllowance, anAllowlist, anEndpoint } from '../support/readings.ts';

const AT = '2019-12-04T10:00:00.000Z';
const ADDRESSES = ['203.0.113.10'];

const matchSchema = z.strictObject({
  accounts: z.array(z.string()).optional(),
  regions: z.array(z.string()).optional(),
  arns: z.array(z.string()).optional(),
  tags: z.record(z.string(), z.string()).optional(),
  hostnames: z.array(z.string()).optional(),
  addresses: z.array(z.string()).optional(),
  protocols: z.array(z.enum(ENGINES)).optional(),
  ports: z.array(z.int()).optional(),
});
const matchCase = z.strictObject({
  name: z.string(),
  match: matchSchema.optional(),
  entry: z.strictObject({ approvedOn: z.iso.date().optional(), expires: z.iso.date().optional() }).optional(),
  /** `null` takes a field away. */
  endpoint: z
    .strictObject({
      account: z.string().nullable().optional(),
      region: z.null().optional(),
      engine: z.enum(ENGINES).optional(),
      arn: z.string().optional(),
      tags: z.record(z.string(), z.string()).optional(),
    })
    .optional(),
  addresses: z.array(z.string()).optional(),
  at: z.iso.datetime().optional(),
  matches: z.boolean(),
  why: z.string().optional(),
});
const globCase = z.strictObject({ glob: z.string(), arn: z.string(), matches: z.boolean() });

function casesOf<T>(file: string, schema: z.ZodType<T>): T[] {
  const text = readFileSync(new URL(`../cases/allowlist/${file}`, import.meta.url), 'utf8');
  return z.array(schema).min(1).parse(JSON.parse(text));
}

function without<T extends object>(object: T, unwanted: unknown): Partial<T> {
  return Object.fromEntries(Object.entries(object).filter(([, value]) => value !== unwanted)) as Partial<T>;
}

describe('an entry', () => {
  test.each(casesOf('match.json', matchCase))('$name: $matches', (c) => {
    const plain = anAllowance();
    const entry = { ...plain, ...c.entry, match: { ...plain.match, ...c.match } } as Allowance;
    const endpoint = without({ ...anEndpoint(), ...c.endpoint }, null) as Endpoint;
    const answer = explainEntry(entry, endpoint, c.addresses ?? ADDRESSES, c.at ?? AT);
    expect(answer).toEqual({ id: entry.id, matches: c.matches, why: c.why ?? 'matches in every respect' });
  });

  test.each(casesOf('arn-globs.json', globCase))('ARN pattern $glob on $arn: $matches', (c) => {
    expect(matchesArn(c.glob, c.arn)).toBe(c.matches);
  });

  test('a pattern made to backtrack is answered in linear space and little time', () => {
    const prefix = 'arn:aws:es:us-east-1:1:';
    const started = performance.now();
    expect(matchesArn(`${prefix}${'*a'.repeat(1000)}b`, `${prefix}${'a'.repeat(10_000)}`)).toBe(false);
    expect(performance.now() - started).toBeLessThan(1000);
  });

  test('property: a pattern matches what a regular expression of it matches', () => {
    const glob = fc.string({ unit: fc.constantFrom('a', 'b', '*', '?', '/'), maxLength: 8 });
    const text = fc.string({ unit: fc.constantFrom('a', 'b', '/'), maxLength: 8 });
    fc.assert(
      fc.property(glob, text, (g, t) => {
        const naive = new RegExp(`^${g.replaceAll('*', '.*').replaceAll('?', '.')}$`);
        expect(matchesArn(`arn:aws:es:r:1:${g}`, `arn:aws:es:r:1:${t}`)).toBe(naive.test(t));
      }),
      { numRuns: 1000 },
    );
  });
});

const entries = fc.uniqueArray(
  fc
    .record({
      n: fc.nat(50),
      account: fc.constantFrom('111122223333', '999988887777'),
      port: fc.constantFrom(9200, 9300, undefined),
      expires: fc.constantFrom('2019-12-03', '2019-12-04', '2020-12-03'),
      reachable: fc.constantFrom<'from-internet' | 'from-cidrs'>('from-internet', 'from-cidrs'),
      plaintext: fc.boolean(),
    })
    .map(({ n, account, port, expires, reachable, plaintext }) =>
      anAllowance({
        id: `entry-${n}`,
        expires,
        match: { accounts: [account], protocols: ['elasticsearch'], ...(port === undefined ? {} : { ports: [port] }) },
        permit: { reachable, authentication: 'required', plaintext, minTls: '1.2' },
      }),
    ),
  { selector: (e) => e.id, maxLength: 8 },
);

function covered(list: readonly Allowance[], endpoint: Endpoint = anEndpoint()): Coverage {
  return coverageOf(anAllowlist(...list), endpoint, { addresses: ADDRESSES }, AT);
}

describe('coverage', () => {
  test('property: does not depend on the order of entries', () => {
    fc.assert(
      fc.property(entries, fc.array(fc.nat(), { minLength: 8, maxLength: 8 }), (list, keys) => {
        const order = new Map(list.map((e, i) => [e, keys[i] ?? 0]));
        const other = list.toSorted((a, b) => (order.get(a) ?? 0) - (order.get(b) ?? 0));
        expect(covered(other)).toEqual(covered(list));
      }),
      { numRuns: 1000 },
    );
  });

  test('property: an entry more never raises a floor, and changes nothing where it does not match', () => {
    const endpoint = fc.constantFrom(anEndpoint(), anEndpoint({ port: 9300 }), anEndpoint({ engine: 'redis' }));
    fc.assert(
      fc.property(entries, endpoint, (list, target) => {
        const [added, ...rest] = list;
        if (added === undefined) return;
        const [fewer, more] = [covered(rest, target), covered(list, target)];
        if (!explainEntry(added, target, ADDRESSES, AT).matches) expect(more).toEqual(fewer);
        for (const basis of BASES) {
          for (const protection of PROTECTIONS) {
            const [before, after] = [floorOf(protection, basis, fewer), floorOf(protection, basis, more)];
            expect(compareLevels(after.floor, before.floor)).toBeLessThanOrEqual(0);
            expect(after.allowances).toEqual(expect.arrayContaining([...before.allowances]));
          }
        }
      }),
      { numRuns: 1000 },
    );
  });

  test('property: authentication is demanded whatever the allowlist says', () => {
    fc.assert(
      fc.property(entries, fc.constantFrom(...BASES), (list, basis) => {
        expect(floorOf('authentication', basis, covered(list))).toEqual({ floor: 'on', allowances: [] });
      }),
      { numRuns: 1000 },
    );
  });

  test('reachability from some networks accepts nothing that anybody sees', () => {
    const permit = { ...anAllowance().permit, reachable: 'from-cidrs' as const, fromCidrs: ['8.8.8.0/24'] };
    const entry = anAllowance({ permit: { ...permit, plaintext: false } });
    expect(covered([entry])).toEqual({ ids: [entry.id], reachable: [], plaintext: [] });
    expect(floorOf('network', 'observed', covered([entry]))).toEqual({ floor: 'partial', allowances: [] });
  });

  test('a permit is per protection: no TLS is one thing, reachable another', () => {
    const reach = anAllowance({ permit: { ...anAllowance().permit, plaintext: false } });
    expect(floorOf('network', 'observed', covered([reach]))).toEqual({ floor: 'off', allowances: [reach.id] });
    expect(floorOf('tls', 'observed', covered([reach]))).toEqual({ floor: 'partial', allowances: [] });
  });

  test('a configuration is judged by its changes, and accepted by the same allowances', () => {
    const coverage = covered([anAllowance()]);
    expect(floorOf('network', 'declared', coverage)).toEqual({ floor: 'off', allowances: ['partners-read-only'] });
    expect(floorOf('audit-log', 'declared', coverage)).toEqual({ floor: 'off', allowances: [] });
    expect(floorOf('network', 'declared', covered([]))).toEqual({ floor: 'off', allowances: [] });
  });
});
