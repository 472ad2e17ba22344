import { describe, expect, it } from 'vitest';
import { canonicalHost, indexNames, MAX_ALIASES, MAX_FOUND, surroundingOf } from '../../lib/assess/name-index.ts';

describe('one spelling per host', () => {
  it.each([
    ['DB.Example.com.', 'db.example.com'],
    ['2600:1F18:0:0::1', '2600:1f18::1'],
    ['[2600:1f18::1]', '2600:1f18::1'],
    ['54.1.2.3', '54.1.2.3'],
    ['010.1.2.3', '010.1.2.3'],
    ['dualstack.x.elb.amazonaws.com', 'x.elb.amazonaws.com'],
    ['dualstack.x.elb.amazonaws.com.cn', 'x.elb.amazonaws.com.cn'],
    ['dualstack.example.com', 'dualstack.example.com'],
    ['', ''],
  ])('%s is %s', (host, expected) => {
    expect(canonicalHost(host)).toBe(expected);
  });
});

describe('what our zones say of a host', () => {
  const chain = Array.from({ length: MAX_ALIASES + 5 }, (_, i) => ({ name: `n${i}.com`, target: `n${i + 1}.com` }));

  it('follows aliases both ways', () => {
    const index = indexNames([
      { name: 'a.com', target: 'b.com' },
      { name: 'b.com', target: '54.1.2.3' },
      { name: 'c.com', target: '54.1.2.3' },
    ]);
    expect(surroundingOf('a.com', index)).toEqual({
      hosts: ['54.1.2.3', 'a.com', 'b.com'],
      names: ['a.com', 'b.com', 'c.com'],
    });
    expect(surroundingOf('54.1.2.3', index)).toEqual({ hosts: ['54.1.2.3'], names: ['a.com', 'b.com', 'c.com'] });
  });

  it('knows nothing of a host that no zone names', () => {
    expect(surroundingOf('x.com', indexNames([{ name: 'a.com', target: 'b.com' }]))).toEqual({
      hosts: ['x.com'],
      names: [],
    });
  });

  it('gives up on an alias of an alias of an alias', () => {
    expect(surroundingOf('n0.com', indexNames(chain)).hosts).not.toContain(`n${MAX_ALIASES + 2}.com`);
  });

  it('keeps the first names of very many, and ends in a circle', () => {
    const many = Array.from({ length: 10 * MAX_FOUND }, (_, i) => ({ name: `n${1_000 + i}.com`, target: 'x.com' }));
    const { names } = surroundingOf(
      'x.com',
      indexNames([...many.toReversed(), { name: 'x.com', target: 'n1000.com' }]),
    );
    expect(names).toContain('n1001.com');
    expect(names.length).toBeLessThanOrEqual(2 * MAX_FOUND + 1);
  });
});
