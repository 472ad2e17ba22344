import { describe, expect, it } from 'vitest';
import { awsEndpoint } from '../../lib/aws/endpoint.ts';
import { isAnother } from '../../lib/aws/incarnation.ts';
import { PLACE } from '../support/aws.ts';

describe('whether another answers to a name', () => {
  it.each<[string | undefined, string | undefined, boolean]>([
    ['db-A', 'db-A', false],
    ['db-A', 'db-B', true],
    ['db-A', undefined, false],
    [undefined, 'db-B', false],
    [undefined, undefined, false],
  ])('seen as %s, found as %s', (incarnation, found, expected) => {
    expect(isAnother(incarnation === undefined ? {} : { incarnation }, found)).toBe(expected);
  });

  it('compares what endpoints keep: bounded and printable', () => {
    const incarnation = `db-\u202e${'x'.repeat(5_000)}`;
    const door = { name: 'a', host: 'a.example.com', port: 1, engine: 'http' as const, declared: {}, incarnation };
    const endpoint = awsEndpoint({ place: PLACE, service: 'rds' }, door);
    expect([isAnother(endpoint, incarnation), isAnother(endpoint, 'db-B')]).toEqual([false, true]);
  });
});
