/** The lines of an alert, each by what is known: places, windows, people, data. What 4 December says is in notice.test.ts. */
import { describe, expect, it } from 'vitest';
import { dataLine, whoOf } from '../../lib/assess/notice.ts';
import type { Attribution } from '../../lib/model/change.ts';
import type { Handling } from '../../lib/model/handling.ts';
import { PROTECTIONS } from '../../lib/model/protection.ts';
import { closed, lines } from '../support/alert-lines.ts';
import { instant } from '../support/readings.ts';

describe('WHERE and PATH', () => {
  it('name all that is known of the place, each address but the host itself', () => {
    const full = {
      name: 'orders',
      account: '1',
      region: 'eu',
      addresses: ['es.example.test', '203.0.113.1', '203.0.113.2'],
      arn: 'arn:x',
      copyOf: 'prod',
      owner: 'team',
    };
    expect(lines('opened', {}, full).line('WHERE')).toBe(
      'orders (1) eu es.example.test:9200 203.0.113.1, 203.0.113.2 arn:x; a copy of prod; owner team',
    );
    expect(lines('opened').line('WHERE')).toBe('es.example.test:9200');
  });

  it('tell what opens the way in, where AWS was read', () => {
    expect(lines('opened').line('PATH')).toBeUndefined();
    expect(lines('opened', {}, { path: 'sg-1' }).line('PATH')).toBe('sg-1');
    expect(lines('opened', {}, { forgotten: true }).line('PATH')).toBe('no service inventory knows this endpoint');
  });

  it('VERIFIED says from where, from where not, and of which nobody knows', () => {
    expect(lines('opened', {}, { vantages: ['v1', 'v2'] }).line('VERIFIED')).toBe('seen; vantage v1, v2');
    expect(lines('closed', {}, { less: ['v2', 'v4'], unsure: ['v3', 'v5'] }).line('VERIFIED')).toBe(
      'before: seen; vantage v1; not from v2, v4; not known from v3, v5',
    );
  });
});

describe('SINCE, WHO and STATUS', () => {
  it('give the bounds of the window', () => {
    expect(lines('opened', { start: { upper: instant(312) } }).line('SINCE')).toBe(
      `between no good observation before and ${instant(312)} (first bad); detected ${instant(313)}`,
    );
    expect(lines('closed', closed('fixed')).line('SINCE')).toBe(
      `between ${instant(131)} (last good) and ${instant(312)} (first bad); detected ${instant(313)}; ended between ${instant(400)} (last bad) and ${instant(460)} (first good)`,
    );
  });

  it('name whoever did it, as far as events say', () => {
    const actor = { who: 'arn:role/dev', type: 'AssumedRole', channel: 'console' } as const;
    const change = { id: 'e1', at: instant(200), source: 'es', name: 'UpdateDomainConfig', actor };
    const of = (over: object, more: readonly Attribution['changes'][number][] = []) =>
      whoOf({ changes: [{ ...change, actor: { ...actor, ...over } }, ...more] });
    expect(of({})).toBe(`UpdateDomainConfig by arn:role/dev, console, ${instant(200)}, event e1`);
    expect(of({ human: 'jdoe', from: '198.51.100.7', by: 'terraform', channel: 'unknown' })).toBe(
      `UpdateDomainConfig by jdoe (arn:role/dev) from 198.51.100.7 through terraform, ${instant(200)}, event e1`,
    );
    expect(of({}, [{ ...change, name: 'Modify', id: 'e0' }])).toBe(
      `UpdateDomainConfig by arn:role/dev, console, ${instant(200)}, event e1; it made effective Modify by arn:role/dev, console, ${instant(200)}, event e0`,
    );
    expect(whoOf(undefined)).toBe('not attributed: no API event was read for this endpoint');
    expect(whoOf({ changes: [] })).toBe(
      'no API event explains this: it was done inside the engine, by the provider, or where no trail records',
    );
  });

  it('tell what people did about it, where anybody did', () => {
    expect(lines('reminder').line('STATUS')).toBeUndefined();
    const handling = {
      acked: { by: 'jdoe', at: instant(500) },
      assigned: { to: 'ops', by: 'jdoe', at: instant(501) },
      aware: { by: 'dpo', since: '2019-12-04T10:00:00.000Z', at: instant(502) },
      notes: [
        { by: 'a', text: 'first', at: instant(1) },
        { by: 'ops', text: 'on it', at: instant(2) },
      ],
    } as unknown as Handling;
    const { line } = lines('reminder', { handling, reopened: { count: 2, last: [instant(1)] } });
    expect(line('STATUS')).toBe(
      `reopened 2 times; acknowledged by jdoe at ${instant(500)}; assigned to ops; dpo aware since 2019-12-04T10:00:00.000Z: GDPR notification due 2019-12-07T10:00:00.000Z; note of ops: on it`,
    );
    expect(line('WHAT')).toContain(`still open, acknowledged by jdoe at ${instant(500)}.`);
    expect(
      lines('reminder', { handling: { acked: { by: 'jdoe', at: instant(500) } } as Handling }).line('STATUS'),
    ).toBe(`acknowledged by jdoe at ${instant(500)}`);
  });

  it('ALLOWED tells of break-glass, while it lasts and after', () => {
    expect(lines('opened').line('ALLOWED')).toBeUndefined();
    expect(lines('opened', { glass: { entries: ['a', 'b'], isOver: false } }).line('ALLOWED')).toBe(
      'for these hours: break-glass a, b, approved by two; nobody was woken',
    );
    expect(lines('opened', { glass: { entries: ['a'], isOver: true } }).line('ALLOWED')).toBe(
      'no more: break-glass a is over, and it is open still',
    );
  });
});

describe('DATA', () => {
  const data = { objects: 2, records: 1_000, classes: [], samples: [], truncated: false, ransomMarkers: 0 } as const;
  it.each([
    [data, 'nothing recognised; about 1,000 records in 2 objects; names only, no record read'],
    [
      { ...data, records: undefined as never },
      'nothing recognised; records not known in 2 objects; names only, no record read',
    ],
    [
      { ...data, ransomMarkers: 1 },
      'nothing recognised; about 1,000 records in 2 objects; names only, no record read; A RANSOM NOTE IS AMONG THE NAMES: somebody was here before',
    ],
    [
      { ...data, takenFrom: 'prod' },
      'nothing recognised: not read here, taken from what it is a copy of, prod; it may hold more',
    ],
    [undefined, 'not known: this protocol shows no names without logging in'],
  ])('%j', (seen, text) => {
    expect(dataLine(seen)).toBe(text);
  });

  it('names nine classes at most, with three words of each', () => {
    const hit = (name: string, ...because: readonly string[]) => ({ class: name, count: 1, because });
    const classes = [
      hit('contact', 'a', 'b', 'c', 'd'),
      hit('health'),
      ...Array.from({ length: 8 }, (_, i) => hit(`c${i}`)),
    ] as unknown as typeof data.classes;
    expect(dataLine({ ...data, classes })).toMatch(/^contact \(a, b, c\), health, c0, c1, c2, c3, c4, c5, c6; about/);
    expect(dataLine({ ...data, classes, takenFrom: 'prod' })).toMatch(
      /^contact \(a, b, c\), health, c0, .*c6: not read here/,
    );
  });
});

describe('DO NOW and FIX', () => {
  it.each([
    [
      'authentication',
      'restrict the network path to es.example.test:9200 first, then put authentication back; do not delete the data, it is evidence',
    ],
    ['network', 'close port 9200 to the internet: security group, firewall or bind address'],
    ['tls', 'require TLS on the server; treat credentials that crossed in clear as known to others'],
  ] as const)('of %s', (protection, text) => {
    expect(lines('opened', { protection }).line('DO NOW')).toBe(text);
  });

  it('of all others is to put it back', () => {
    for (const protection of PROTECTIONS.filter((name) => !['authentication', 'network', 'tls'].includes(name)))
      expect(lines('reminder', { protection }).line('DO NOW')).toBe(`put ${protection} back as it was`);
  });

  it('of what is over is another thing, and of a drill nothing', () => {
    expect(lines('closed', closed('fixed')).line('DO NOW')).toBe(
      'keep the evidence; find out who could reach it in the window',
    );
    expect(lines('closed', closed('withdrawn')).line('DO NOW')).toBe(
      'nothing for this one; what else is open here stands',
    );
    expect(lines('accepted').line('DO NOW')).toBe('nothing, if the allowance is the one you approved');
    expect(lines('opened', {}, { drill: true }).line('DO NOW')).toBe(
      "nothing: a drill. This door is ajar's own, holds nothing, and opens and closes on purpose",
    );
  });

  it('a fix is there where there is something to do', () => {
    expect(lines('opened').line('FIX')).toBe('xpack.security.enabled: true   # elasticsearch.yml, then restart');
    for (const [kind, over] of [
      ['opened', closed('fixed')],
      ['closed', {}],
      ['accepted', {}],
    ] as const)
      expect(lines(kind, over).line('FIX')).toBeUndefined();
    expect(lines('opened', {}, { drill: true }).line('FIX')).toBeUndefined();
    expect(lines('opened', { protection: 'audit-log' }).line('FIX')).toBeUndefined();
  });

  it('INCIDENT has its number, and how to see whether it is meant to be so', () => {
    expect(lines('opened').line('INCIDENT')).toBe('i-1 notice 3 | legitimate? anonymous access is never allowed');
    expect(lines('opened', { protection: 'tls' }, { id: 'arn:aws:es:eu:1:domain/a@b' }).line('INCIDENT')).toBe(
      'i-1 notice 3 | legitimate? ajar allowlist explain arn:aws:es:eu:1:domain/a@b',
    );
    for (const id of ['', 'a b', '$a', 'a;'])
      expect(lines('opened', { protection: 'tls' }, { id }).line('INCIDENT')).toContain('explain ENDPOINT');
    expect(lines('opened', { protection: 'tls' }).line('RUNBOOK')).toBe('docs/runbooks.md#tls');
  });
});
