import { describe, expect, it } from 'vitest';
import { asObject, MAX_DEPTH, member, parseJson, textMember } from '../../lib/wire/json.ts';

describe('JSON from strangers', () => {
  it.each([
    ['', undefined],
    ['{', undefined],
    ['nonsense', undefined],
    ['null', null],
    ['{"a":[1,{"b":"c"}]}', { a: [1, { b: 'c' }] }],
  ])('%j is %j', (text, value) => {
    expect(parseJson(text)).toEqual(value);
  });

  it.each([
    ['lists', '[', ']'],
    ['objects', '{"a":', '}'],
  ])('is read down to the limit and no deeper: %s', (_name, open, close) => {
    const nested = (depth: number): string => `${open.repeat(depth)}1${close.repeat(depth)}`;
    expect(parseJson(nested(MAX_DEPTH))).toBeDefined();
    expect(parseJson(nested(MAX_DEPTH + 1))).toBeUndefined();
    // However many stand beside each other.
    const beside = `[${Array.from({ length: 100 }, () => nested(1)).join()}]`;
    expect(parseJson(beside)).toHaveLength(100);
  });

  it('has no depth inside its strings, whatever they quote', () => {
    const brackets = '[{'.repeat(MAX_DEPTH);
    for (const text of [brackets, `"${brackets}`, `\\${brackets}`, `\\"${brackets}`, `${brackets}\\`]) {
      expect(parseJson(JSON.stringify([text]))).toEqual([text]);
    }
    // After a string that ends in a backslash, brackets count again.
    expect(parseJson(`["\\\\",${'['.repeat(MAX_DEPTH)}${']'.repeat(MAX_DEPTH)}]`)).toBeUndefined();
  });
});

describe('a member', () => {
  const value = parseJson('{"a":{"b":"c","list":[{"d":1}],"none":null},"__proto__":{"p":"q"},"n":7}');

  it('is found by its path, through objects alone', () => {
    expect(member(value)).toBe(value);
    expect(member(value, 'a', 'b')).toBe('c');
    expect(member(value, 'a', 'b', 'length')).toBeUndefined();
    expect(member(value, 'a', 'list', '0')).toBeUndefined();
    expect(member(value, 'a', 'none', 'x')).toBeUndefined();
    expect(member(undefined, 'a')).toBeUndefined();
  });

  it('is the one that was sent, and none of a prototype', () => {
    expect(member(value, '__proto__', 'p')).toBe('q');
    for (const name of ['constructor', 'toString', 'hasOwnProperty']) expect(member(value, name)).toBeUndefined();
  });

  it('is text where it is text, and else nothing', () => {
    expect(textMember(value, 'a', 'b')).toBe('c');
    for (const path of [['n'], ['a'], ['missing'], ['a', 'none']]) expect(textMember(value, ...path)).toBe('');
  });

  it('is of an object, which a list, a text and null are not', () => {
    expect(asObject({})).toEqual({});
    for (const other of [[], 'x', null, undefined, 1, () => 1]) expect(asObject(other)).toBeUndefined();
  });
});
