import { describe, expect, it } from 'vitest';
import { found, MAX_VALUES, requestOf, responseOf, saysTrue } from '../../lib/events/parameters.ts';

const parse = (text: string): unknown => JSON.parse(text);

describe('what stands at a path', () => {
  it.each([
    ['{"groupId":"sg-1"}', 'groupId', ['sg-1']],
    ['{"GroupId":"sg-1"}', 'groupId', ['sg-1']],
    ['{"GROUPID":"sg-1","groupid":"sg-2"}', 'groupId', ['sg-1', 'sg-2']],
    ['{"a":{"items":[{"id":"1"},{"id":"2"}]}}', 'a.items.id', ['1', '2']],
    ['{"a":[{"id":"1"},{"id":["2","3"]}]}', 'a.id', ['1', '2', '3']],
    ['{"a":{"id":"1"}}', 'a.id', ['1']],
    ['[{"id":"1"}]', 'id', ['1']],
    ['{"id":null}', 'id', []],
    ['{"id":""}', 'id', []],
    ['{"id":0}', 'id', [0]],
    ['{"id":[["1"]]}', 'id', [['1']]],
    ['{}', 'id', []],
    ['null', 'id', []],
    ['"id"', 'length', []],
    ['{"a":"text"}', 'a.length', []],
    ['{"__proto__":{"id":"1"}}', 'id', []],
    ['{"__proto__":{"id":"1"}}', '__proto__.id', ['1']],
  ])('of %s at %s is %j', (text, path, values) => {
    expect(found(parse(text), path)).toEqual({ values, whole: true });
  });

  it('is inherited from nowhere', () => {
    expect(found({}, 'constructor').values).toEqual([]);
    expect(found({}, '__proto__').values).toEqual([]);
  });

  it('is read up to 10,000 values, and said not to be whole beyond', () => {
    const list = (length: number) => ({ a: Array.from({ length }, () => ({ id: 'x' })) });
    expect(found(list(MAX_VALUES), 'a.id')).toMatchObject({ whole: true });
    expect(found(list(MAX_VALUES + 1), 'a.id').whole).toBe(false);
    const nested = { a: Array.from({ length: 200 }, () => ({ id: Array.from({ length: 200 }, () => 'x') })) };
    const { values, whole } = found(nested, 'a.id');
    expect(whole).toBe(false);
    expect(values.length).toBeLessThanOrEqual(MAX_VALUES);
  });
});

describe('the wrapper', () => {
  it.each([
    [{ ModifyXRequest: { id: '1' } }, { id: '1' }],
    [{ modifyxrequest: { id: '1' } }, { id: '1' }],
    [{ id: '1' }, { id: '1' }],
    [
      { ModifyXRequest: 'text', id: '1' },
      { ModifyXRequest: 'text', id: '1' },
    ],
    [{ ModifyYRequest: { id: '1' } }, { ModifyYRequest: { id: '1' } }],
    [null, null],
  ])('around %j is taken off: %j', (parameters, request) => {
    expect(requestOf(parameters, 'ModifyX')).toEqual(request);
  });

  it('of an answer has a name of its own', () => {
    expect(responseOf({ ModifyXResponse: { id: '1' } }, 'ModifyX')).toEqual({ id: '1' });
    expect(responseOf({ ModifyXRequest: { id: '1' } }, 'ModifyX')).toEqual({ ModifyXRequest: { id: '1' } });
  });
});

it.each([
  [{ dryRun: true }, true],
  [{ DryRun: 'true' }, true],
  [{ dryRun: false }, false],
  [{ dryRun: 'false' }, false],
  [{ dryRun: 1 }, false],
  [{}, false],
])('%j says true: %s', (parameters, says) => {
  expect(saysTrue(parameters, 'dryRun')).toBe(says);
});
