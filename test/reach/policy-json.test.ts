/** lib/reach/policy-json.ts: what is read of the text of a policy, at each limit and one beyond. */
import { describe, expect, it } from 'vitest';
import {
  entriesOf,
  isObject,
  MAX_POLICY_CHARS,
  MAX_VALUE_CHARS,
  MAX_VALUES,
  readJson,
  stringsOf,
} from '../../lib/reach/policy-json.ts';

const list = (length: number): readonly number[] => Array.from({ length }, () => 1);

describe('the limits of a policy', () => {
  it.each<[string, string | object, string | undefined]>([
    ['as many characters as are read', `{}${' '.repeat(MAX_POLICY_CHARS - 2)}`, undefined],
    ['one character more', `{}${' '.repeat(MAX_POLICY_CHARS - 1)}`, 'more than 262144 characters'],
    ['a value as long as the longest ARN', ['x'.repeat(MAX_VALUE_CHARS)], undefined],
    ['a value of one character more', ['x'.repeat(MAX_VALUE_CHARS + 1)], 'a value of more than 2048 characters'],
    ['the same as text', `["${'x'.repeat(MAX_VALUE_CHARS + 1)}"]`, 'a value of more than 2048 characters'],
    ['a list of 40,000', list(MAX_VALUES), undefined],
    ['a list of one more', list(MAX_VALUES + 1), 'more than 40000 values'],
    ['as many in two lists', { a: list(MAX_VALUES - 1) }, undefined],
    ['one more in two lists', { a: list(MAX_VALUES) }, 'more than 40000 values'],
    // Half a million arguments of one call would be a RangeError that nobody awaits.
    ['a list of half a million', list(500_000), 'more than 40000 values'],
    ['a value that is too long behind a null', [`${'x'.repeat(3_000)}`, null], 'a value of more than 2048 characters'],
  ])('%s', (_, policy, why) => {
    const json = readJson(policy);
    expect(json.ok ? undefined : json.why).toBe(why);
  });

  it.each(['', '{', '{"a":1,}', 'open', "{'a':1}"])('%j is not JSON', (text) => {
    expect(readJson(text)).toEqual({ ok: false, why: 'not JSON' });
  });

  it('gives what the text says, and an object as it is', () => {
    const policy = { Statement: [{ Sid: 'a', Condition: null }], Id: 7 };
    expect(readJson(JSON.stringify(policy))).toEqual({ ok: true, value: policy });
    expect(readJson(policy)).toEqual({ ok: true, value: policy });
  });
});

describe('a key twice in one object', () => {
  it.each([
    ['side by side', '{"a":1,"a":2}', 'a'],
    ['in another case', '{"Effect":1,"EFFECT":2}', 'effect'],
    ['spelled out', String.raw`{"Effect":1,"\u0045ffect":2}`, 'effect'],
    ['around an object', '{"a":{"b":1},"a":2}', 'a'],
    ['around a list', '{"a":[1,"x"],"a":2}', 'a'],
    ['around an object in a list', '{"a":[{"b":1}],"c":1,"a":2}', 'a'],
    ['in an object of a list', '[{"a":1},{"b":1,"b":2}]', 'b'],
    ['of an inner object', '{"a":{"b":1,"c":2,"b":3}}', 'b'],
    ['empty', '{"":1,"":2}', ''],
    ['of one letter, escaped', String.raw`{"\n":1,"\n":2}`, '\n'],
    ['with quotes in it', String.raw`{"a\"b\"c":1,"a\"b\"c":2}`, 'a"b"c'],
    ['with a backslash at its end', String.raw`{"a\\":1,"a\\":2}`, 'a\\'],
    ['across lines', '{\n "a"\t: 1,\r\n "a" : 2 }', 'a'],
    ['longer than anybody wants to read', `{"${'k'.repeat(70)}":1,"${'k'.repeat(70)}":2}`, 'k'.repeat(64)],
  ])('%s', (_, text, key) => {
    expect(readJson(text)).toEqual({ ok: false, why: `key ${JSON.stringify(key)} twice in one object` });
  });

  it.each([
    ['one in each of two objects', '[{"a":1},{"a":2}]'],
    ['one inside the other', '{"a":{"a":{"a":1}}}'],
    ['one in each object of a list under it', '{"a":[{"a":1},{"a":2}],"b":3}'],
    ['a value that is spelled like a key', '{"a":"b","b":"a"}'],
    ['values that are equal', '{"a":"x","b":"x"}'],
    ['a list of equal values', '{"a":["b","b"],"b":["a"]}'],
    ['a value with a colon', '{"a":"a:","b":"a\\":","c":":"}'],
    ['a value with braces', '{"a":"}{","b":"][","c":{"a":"{"}}'],
    ['keys that differ in what is escaped', String.raw`{"a\"b":1,"a\\b":2,"a":3}`],
    ['keys that differ in their last letter', '{"ab":1,"ac":2}'],
  ])('is not %s', (_, text) => {
    expect(readJson(text)).toEqual({ ok: true, value: JSON.parse(text) });
  });
});

describe('what a value is', () => {
  it.each<[string, unknown, boolean]>([
    ['an object', {}, true],
    ['a list', [], true],
    ['null', null, false],
    ['text', 'a', false],
    ['nothing', undefined, false],
  ])('%s', (_, value, expected) => {
    expect(isObject(value)).toBe(expected);
  });

  it('has entries where it is an object and no list, a key such as __proto__ like any other', () => {
    expect([...(entriesOf(JSON.parse('{"__proto__":1,"b":2}')) ?? [])]).toEqual([
      ['__proto__', 1],
      ['b', 2],
    ]);
    expect([entriesOf([1]), entriesOf(null), entriesOf('a')]).toEqual([undefined, undefined, undefined]);
  });

  it.each<[string, unknown, readonly string[], boolean]>([
    ['one text', 'a', ['a'], false],
    ['a list of texts', ['a', 'b'], ['a', 'b'], false],
    ['numbers and yes or no, which AWS takes for their text', [7, true, false], ['7', 'true', 'false'], false],
    ['a number', 7, ['7'], false],
    ['an empty list', [], [], false],
    ['nothing', undefined, [], true],
    ['null', null, [], true],
    ['an object', { a: 'b' }, [], true],
    ['a list in a list', ['a', ['b']], ['a'], true],
  ])('reads %s', (_, value, strings, unread) => {
    expect(stringsOf(value)).toEqual({ strings, unread });
  });
});
