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
    ['dualstack.x.amazonaws.eu', 'x.amazonaws.eu'],
    ['dualstack.x.amazonaws.com.example.com', 'dualstack.x.amazonaws.com.example.com'],
    ['x.dualstack.y.elb.amazonaws.com', 'x.dualstack.y.elb.amazonaws.com'],
    ['54.1.2.3.', '54.1.2.3'],
    ['::ffff:1.2.3.4', '::ffff:102:304'],
    ['1:2', '1:2'],
    ['x[::1]', 'x[::1]'],
    ['[::1]x', '[::1]x'],
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

  it.each([
    'amazonaws.com',
    'x.elb.AMAZONAWS.com.',
    'x.amazonaws.com.cn',
    'x.amazonaws.eu',
    'x.on.aws',
    'x.api.aws',
    'd1.cloudfront.net',
    'a.awsglobalaccelerator.com',
  ])('believes no zone of the name of the provider: %s', (name) => {
    const index = indexNames([{ name, target: '54.1.2.3' }]);
    expect(surroundingOf('54.1.2.3', index).names).toEqual([]);
    expect(surroundingOf(name, index).hosts).toEqual([canonicalHost(name)]);
  });

  it.each(['notamazonaws.com', 'amazonaws.com.example.com', 'x.reaction.aws', 'cloudfront.net.example.com'])(
    'believes a zone that only looks like it: %s',
    (name) => {
      expect(surroundingOf('54.1.2.3', indexNames([{ name, target: '54.1.2.3' }])).names).toEqual([name]);
    },
  );

  it('has each host once, by however many ways it leads there', () => {
    const index = indexNames([
      { name: 'A.com', target: 'c.com' },
      { name: 'a.com', target: 'b.com.' },
      { name: 'b.com', target: 'd.com' },
      { name: 'c.com', target: 'd.com' },
      { name: 'd.com', target: 'a.com' },
    ]);
    const all = ['a.com', 'b.com', 'c.com', 'd.com'];
    expect(surroundingOf('a.com', index)).toEqual({ hosts: all, names: all });
    expect(index.targets.get('a.com')).toEqual(['b.com', 'c.com']);
    expect(index.names.get('d.com')).toEqual(['b.com', 'c.com']);
  });

  it('follows eight aliases, and from the last of them to its address', () => {
    const { hosts } = surroundingOf('n0.com', indexNames(chain));
    expect(hosts).toEqual(Array.from({ length: MAX_ALIASES + 2 }, (_, i) => `n${i}.com`).toSorted());
  });

  it('keeps thirty-two addresses of a name, and all where there are no more', () => {
    const fan = (length: number) => Array.from({ length }, (_, i) => ({ name: 'a.com', target: `10.0.0.${i + 1}` }));
    expect(surroundingOf('a.com', indexNames(fan(MAX_FOUND))).hosts).toHaveLength(1 + MAX_FOUND);
    expect(surroundingOf('a.com', indexNames(fan(MAX_FOUND + 1))).hosts).toHaveLength(1 + MAX_FOUND);
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
