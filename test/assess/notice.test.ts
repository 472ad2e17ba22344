import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { dataLine, messageOf } from '../../lib/assess/notice.ts';
import type { Incident, NoticeEndpoint, NoticeKind } from '../../lib/model/incident.ts';
import { instant } from '../support/readings.ts';

function anIncident(overrides: Partial<Incident> = {}): Incident {
  return {
    id: '37821737-2d9b-5d88-843e-77300e690387',
    endpointId: 'es-1',
    protection: 'authentication',
    openSeq: 1,
    origin: 'removed',
    basis: 'observed',
    from: 'on',
    to: 'off',
    verdict: 'exposed',
    severity: 'critical',
    score: 100,
    reasons: ['a', 'b', 'c'],
    start: { lower: instant(131), upper: instant(312) },
    detectedAt: instant(313),
    lastBadAt: instant(312),
    status: 'open',
    allowances: [],
    data: {
      objects: 4,
      records: 2_400_000,
      classes: [{ class: 'credential', count: 1, because: ['alexa token'] }],
      samples: [],
      truncated: false,
      ransomMarkers: 0,
    },
    evidence: 'open-anonymous, proof P4, rule elasticsearch/open-anonymous; 203.0.113.10 from v1',
    ...overrides,
  };
}

function anAddress(overrides: Partial<NoticeEndpoint> = {}): NoticeEndpoint {
  return {
    id: 'es-1',
    host: 'es.example.test',
    port: 9200,
    engine: 'elasticsearch',
    account: '111122223333',
    region: 'us-east-1',
    name: 'device-analytics',
    addresses: ['203.0.113.10'],
    product: 'Elasticsearch',
    version: '7.4.2',
    vantages: ['v1'],
    ...overrides,
  };
}

const KINDS = ['opened', 'worsened', 'closed', 'accepted'] as const satisfies readonly NoticeKind[];

describe('the ten lines', () => {
  test('of 4 December say what, where, since when and what to do', () => {
    const also = [anIncident({ protection: 'tls', id: '5f5a3d4c-f375-50bf-8503-d69d6df9dc2b' })];
    expect(messageOf('opened', anIncident(), also, anAddress(), 1).lines).toEqual([
      '[CRIT] OPEN w/o auth: elasticsearch device-analytics 9200 111122223333/us-east-1 since 10:05Z',
      'WHAT     Elasticsearch 7.4.2: it answers anyone, without credentials. authentication was REMOVED (was on, is off). Also: tls was REMOVED (was on, is off).',
      'WHERE    device-analytics (111122223333) us-east-1 es.example.test:9200 203.0.113.10',
      'SINCE    between 2019-12-04T10:02:11.000Z (last good) and 2019-12-04T10:05:12.000Z (first bad); detected 2019-12-04T10:05:13.000Z',
      'WHO      not attributed: no API event was read for this endpoint',
      'DATA     credential (alexa token); about 2,400,000 records in 4 objects; names only, no record read',
      'DO NOW   restrict the network path to es.example.test:9200 first, then put authentication back; do not delete the data, it is evidence',
      'FIX      xpack.security.enabled: true   # elasticsearch.yml, then restart',
      'RUNBOOK  docs/runbooks.md#authentication',
      'INCIDENT 37821737-2d9b-5d88-843e-77300e690387 notice 1 | legitimate? anonymous access is never allowed',
      'VERIFIED open-anonymous, proof P4, rule elasticsearch/open-anonymous; 203.0.113.10 from v1; vantage v1',
    ]);
  });

  test('of a recovery say of all that it covers that it is back', () => {
    const closed = { lower: instant(400), upper: instant(460), cause: 'fixed' } as const;
    const over = (protection: Incident['protection']) => anIncident({ protection, status: 'closed', closed });
    const { lines } = messageOf('closed', over('authentication'), [over('tls')], anAddress(), 1);
    expect(lines[1]).toBe(
      'WHAT     Elasticsearch 7.4.2: authentication is back (was off). Also: tls is back (was off).',
    );
  });

  test('name what opens the way in, and that nobody registered it, where AWS was read', () => {
    const endpoint = { ...anAddress(), path: 'open to WORLD: sg-1 tcp/9200 from 0.0.0.0/0', forgotten: true as const };
    const { lines } = messageOf('opened', anIncident(), [], endpoint, 1);
    expect(lines[3]).toBe(
      'PATH     no service inventory knows this endpoint; open to WORLD: sg-1 tcp/9200 from 0.0.0.0/0',
    );
  });

  test.each([
    ['opened', { origin: 'adoption' }, 'found at adoption, not known since when'],
    [
      'opened',
      { origin: 'adoption', start: { lower: instant(131), upper: instant(312) } },
      'authentication is off, as it was when first seen',
    ],
    [
      'opened',
      { origin: 'no-longer-allowed', protection: 'network', lapsed: ['partners-read-only'] },
      'network is off: allowance partners-read-only, which had permitted that the internet reaches it, has ended',
    ],
    [
      'opened',
      { origin: 'no-longer-allowed', protection: 'tls', lapsed: ['a', 'b', 'c', 'd'] },
      'tls is off: allowances a, b, c and 1 more, which had permitted that it works without TLS, have ended',
    ],
    ['opened', { origin: 'no-longer-allowed', protection: 'network' }, 'the allowance that covered it expired'],
    ['closed', { closed: { lower: instant(400), upper: instant(460), cause: 'fixed' } }, 'is back (was off)'],
    ['closed', { closed: { lower: instant(400), upper: instant(460), cause: 'closed-to-us' } }, 'closed from outside'],
    ['closed', { closed: { lower: instant(400), upper: instant(460), cause: 'deleted' } }, 'the resource is deleted'],
    [
      'closed',
      { closed: { lower: instant(400), upper: instant(460), cause: 'withdrawn' } },
      'a look that arrived late shows that there was none',
    ],
    [
      'opened',
      { protection: 'sharing', basis: 'declared', verdict: 'exposed' },
      'anyone may copy or read it. sharing was REMOVED',
    ],
    [
      'opened',
      { protection: 'access-policy', basis: 'declared', verdict: 'reachable' },
      'verdict reachable. access-policy',
    ],
    ['opened', { protection: 'audit-log', basis: 'declared', verdict: 'exposed' }, 'verdict exposed. audit-log'],
    ['accepted', { protection: 'network' }, 'a later allowance accepts this posture'],
    ['worsened', {}, 'it got worse'],
  ] as const)('%s %o says "%s"', (kind, overrides: Partial<Incident>, words) => {
    // An adoption has no last good look, unless it says so.
    const start = overrides.origin === 'adoption' ? { start: { upper: instant(312) } } : {};
    const { from: _, ...unmarked } = anIncident({ ...start, ...overrides });
    expect(messageOf(kind, unmarked, [], anAddress(), 1).lines[1]).toContain(words);
  });

  test('a window that never was is not called recovered, and asks for nothing', () => {
    const withdrawn = anIncident({ closed: { lower: instant(400), upper: instant(460), cause: 'withdrawn' } });
    const { subject, lines } = messageOf('closed', withdrawn, [], anAddress(), 1);
    expect(subject).toMatch(/^\[WITHDRAWN\] /);
    expect(lines[6]).toContain('nothing for this one');
  });

  test('a ransom note among the names is said aloud', () => {
    const data = { objects: 1, classes: [], samples: [], truncated: false, ransomMarkers: 1 };
    expect(dataLine(data)).toContain('A RANSOM NOTE IS AMONG THE NAMES');
    expect(dataLine(undefined)).toContain('not known');
  });
});

const HOSTILE = [
  '\u001b[2J\u001b]0;pwned\u0007',
  'a\r\nSubject: spoofed\r\n\r\nbody',
  '\u202egnp.exe\u2066',
  '\u2028\u2029\u0085',
  '\u0000\ufeff\u200b\u{e0041}',
  '\ud800 lone',
  '<script>alert(1)</script> =cmd|x @everyone %0a',
  '😀'.repeat(5_000),
  'x'.repeat(10_000),
  '\u202e'.repeat(10_000),
];
const hostile = fc.oneof(fc.constantFrom(...HOSTILE), fc.string({ unit: 'binary', maxLength: 600 }));

describe('hostile text', () => {
  test('property: breaks no line, moves no cursor, and hides neither endpoint nor incident', () => {
    fc.assert(
      fc.property(fc.constantFrom(...KINDS), fc.array(hostile, { minLength: 10, maxLength: 10 }), (kind, strings) => {
        const [name, product, version, evidence, because, arn, id, host, address, vantage] = strings as string[];
        const incident = anIncident({
          evidence: evidence ?? '',
          data: {
            objects: 1,
            classes: [{ class: 'contact', count: 1, because: [because ?? ''] }],
            samples: [],
            truncated: true,
            ransomMarkers: 0,
          },
        });
        const endpoint = anAddress({
          name: name ?? '',
          product: product ?? '',
          version: version ?? '',
          arn: arn ?? '',
          id: id ?? '',
          addresses: [address ?? ''],
          vantages: [vantage ?? ''],
        });
        const { subject, lines } = messageOf(kind, incident, [], endpoint, 1);
        expectPlain(subject, lines);
        expect(lines[1]).toContain(
          kind === 'closed' ? 'authentication is back' : kind === 'accepted' ? 'allowance' : 'REMOVED',
        );
        expect(lines[2]).toContain('es.example.test:9200');
        expect(lines[8]).toContain(incident.id);
        const other = messageOf(kind, incident, [], { ...endpoint, host: host ?? '' }, 1);
        expectPlain(other.subject, other.lines);
      }),
      { numRuns: 1000 },
    );
  });

  function expectPlain(subject: string, lines: readonly string[]): void {
    expect(subject).toMatch(/^[\x20-\x7e]{1,99}$/);
    expect(lines).toHaveLength(10);
    expect(lines[0]).toBe(subject);
    for (const line of lines) {
      expect(line.length).toBeLessThanOrEqual(400);
      expect(line.isWellFormed()).toBe(true);
      expect(line).not.toMatch(/[\p{Cc}\u2028\u2029\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\u{e0000}-\u{e007f}]/u);
    }
  }

  test('a long name does not push port and place out of the subject', () => {
    const { subject } = messageOf('opened', anIncident(), [], anAddress({ name: 'n'.repeat(10_000) }), 1);
    expect(subject).toContain('9200 111122223333/us-east-1 since 10:05Z');
  });

  test('a command to copy names the endpoint only where a shell reads it as one word', () => {
    const hint = (id: string): string =>
      messageOf('opened', anIncident({ protection: 'network' }), [], anAddress({ id }), 1).lines.find((line) =>
        line.startsWith('INCIDENT'),
      ) ?? '';
    expect(hint('prod/es-1')).toContain('ajar allowlist explain prod/es-1');
    expect(hint('x; rm -rf ~')).toContain('ajar allowlist explain ENDPOINT');
    expect(hint('$(id)')).toContain('ajar allowlist explain ENDPOINT');
  });
});
