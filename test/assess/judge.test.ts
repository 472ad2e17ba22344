import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { judge, judgeSilence } from '../../lib/assess/judge.ts';
import { GAP_CODES } from '../../lib/model/endpoint.ts';
import { AUTH_STATES, DNS_STATES, L4_STATES, TLS_STATES } from '../../lib/model/observation.ts';
import { LEVELS, PROTECTIONS } from '../../lib/model/protection.ts';
import { VERDICTS } from '../../lib/model/verdict.ts';
import { aReading, type DeclaredLevels, type ObservationOverrides } from '../support/readings.ts';

const level = z.enum(LEVELS);
const caseSchema = z.strictObject({
  name: z.string(),
  declared: z.partialRecord(z.enum(PROTECTIONS), level),
  sees: z.array(
    z.strictObject({
      probe: z.string().optional(),
      l4: z.enum(L4_STATES).optional(),
      dns: z.enum(DNS_STATES).optional(),
      auth: z.enum(AUTH_STATES).optional(),
      weakness: z.array(z.enum(['cleartext', 'legacy-hash'])).optional(),
      tls: z.enum(TLS_STATES).optional(),
      proto: z.enum(['match', 'other', 'generic-http', 'unknown']).optional(),
      proof: z.union([z.literal(0), z.literal(1), z.literal(2), z.literal(3), z.literal(4)]).optional(),
      gap: z.enum(GAP_CODES).optional(),
    }),
  ),
  alive: z.boolean().optional(),
  expect: z.strictObject({
    verdict: z.enum(VERDICTS).optional(),
    shadow: z.boolean().optional(),
    confirmed: z.boolean().optional(),
    silent: z.boolean().optional(),
    network: level.optional(),
    authentication: level.optional(),
    tls: level.optional(),
    auth: z.enum(AUTH_STATES).optional(),
    proof: z.number().optional(),
  }),
});

function casesOf(file: string): z.infer<typeof caseSchema>[] {
  const text = readFileSync(new URL(`../cases/judge/${file}`, import.meta.url), 'utf8');
  return z.array(caseSchema).min(1).parse(JSON.parse(text));
}

describe.each(['matrix.json', 'addresses.json', 'proof.json'])('judge, %s', (file) => {
  test.each(casesOf(file))('$name', ({ declared, sees, alive, expect: wanted }) => {
    const posture = judge(
      aReading({
        declared: declared as DeclaredLevels,
        sees: sees as readonly ObservationOverrides[],
        alive: alive ?? true,
      }),
    );
    const { verdict, observed, silent, auth, proof } = posture;
    const got = {
      verdict: verdict.name,
      shadow: verdict.shadow,
      confirmed: verdict.confirmed,
      silent,
      network: observed.network.level,
      authentication: observed.authentication.level,
      tls: observed.tls.level,
      auth,
      proof,
    };
    expect(got).toMatchObject(wanted);
  });
});

describe('judge', () => {
  test('names every protection on both bases, unknown where nothing was read', () => {
    const { declared, observed } = judge(aReading({ declared: { 'audit-log': 'on' } }));
    expect(Object.keys(declared)).toEqual([...PROTECTIONS]);
    expect(Object.keys(observed)).toEqual([...PROTECTIONS]);
    expect(declared['audit-log'].level).toBe('on');
    expect(declared.sharing.level).toBe('unknown');
    expect(observed['audit-log'].level).toBe('unknown');
  });

  test('keeps one gap per observation that concluded nothing, and the address of every other', () => {
    const posture = judge(
      aReading({ sees: [{ l4: 'filtered', gap: 'no-answer' }, {}, { l4: 'not-tried', address: null, gap: 'fault' }] }),
    );
    expect(posture.gaps.map((g) => [g.subject, g.code])).toEqual([
      ['es-1', 'no-answer'],
      ['es-1', 'fault'],
    ]);
    expect(posture.addresses).toEqual(['203.0.113.10', '203.0.113.11']);
  });

  test('tells product, version and data of the address that is most exposed', () => {
    const data = { objects: 1, classes: [], samples: [], truncated: false, ransomMarkers: 0 };
    const posture = judge(
      aReading({ sees: [{ product: 'proxy' }, { auth: 'open-anonymous', product: 'es', version: '7.4', data }] }),
    );
    expect([posture.product, posture.version, posture.data]).toEqual(['es', '7.4', data]);
  });

  test('the evidence of a level names the address and the vantage that showed it', () => {
    const { observed } = judge(aReading({ sees: [{ l4: 'refused' }, { auth: 'open-anonymous' }] }));
    expect(observed.authentication.evidence).toBe(
      'open-anonymous, proof P4, rule elasticsearch/open-anonymous; 203.0.113.11 from v1',
    );
  });

  test.each([
    ['off', 'latent'],
    ['on', 'protected'],
    ['unknown', 'protected'],
  ] as const)('silence that counts as closed, declared %s: %s', (door, verdict) => {
    const silent = judge(aReading({ declared: { network: door }, sees: [{ l4: 'filtered', gap: 'no-answer' }] }));
    const closed = judgeSilence(silent, 'silent three times');
    expect(closed.verdict).toMatchObject({ name: verdict, shadow: false, confirmed: true });
    expect(closed.observed.network).toMatchObject({ level: 'on', evidence: 'silent three times' });
    expect(judgeSilence(closed, undefined)).toEqual(judgeSilence(silent, undefined));
    expect(judgeSilence(closed, undefined).verdict).toEqual(silent.verdict);
  });
});
