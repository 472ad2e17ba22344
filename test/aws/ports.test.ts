import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { DATABASE_PORTS, engineOfPort, PORTS } from '../../lib/aws/ports.ts';
import { ENGINES } from '../../lib/model/endpoint.ts';

const SPEC = new URL('../../../shared/spec/aws-services.md', import.meta.url);

describe('the port catalogue', () => {
  it('names every port once, in order, and only engines that exist', () => {
    const ports = PORTS.map((p) => p.port);
    expect(ports).toEqual([...new Set(ports)].toSorted((a, b) => a - b));
    expect(PORTS.filter((p) => !ENGINES.includes(p.engine) || p.purpose === '')).toEqual([]);
  });

  it.each([
    [9200, 'elasticsearch'],
    [9300, 'elasticsearch'],
    [5601, 'elasticsearch'],
    [5432, 'postgres'],
    [6432, 'postgres'],
    [33060, 'mysql'],
    [26379, 'redis'],
    [27019, 'mongodb'],
    [11211, 'memcached'],
    [9098, 'kafka'],
  ])('takes %i for %s', (port, engine) => {
    expect(engineOfPort(port)).toBe(engine);
  });

  it.each([22, 443, 8080, 8000, 0, 65_535])('guesses nothing for port %i', (port) => {
    expect(engineOfPort(port)).toBeUndefined();
  });

  it('does not take every web server for a database', () => {
    expect(DATABASE_PORTS).toContain(9200);
    expect(DATABASE_PORTS).not.toContain(8080);
    expect(DATABASE_PORTS.every((port) => engineOfPort(port) !== undefined)).toBe(true);
  });

  it.skipIf(!existsSync(SPEC))('holds every port of aws-services.md section 2.23', () => {
    const line = readFileSync(SPEC, 'utf8')
      .split('\n')
      .find((l) => l.startsWith('Port catalogue (tcp)'));
    const wanted = [...(line ?? '').matchAll(/\b(\d{4,5})(?:–(\d{4,5}))?(?!\/udp)\b/g)].flatMap(([, first, last]) => {
      const from = Number(first);
      return Array.from({ length: Number(last ?? first) - from + 1 }, (_, i) => from + i);
    });
    expect(wanted.length).toBeGreaterThan(80);
    expect(wanted.filter((port) => !PORTS.some((p) => p.port === port))).toEqual([]);
  });
});
