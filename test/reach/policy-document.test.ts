/** A policy read as statements: what is absent, what is unreadable, and what is doubtful of the rest. */
import { describe, expect, it } from 'vitest';
import { MAX_STATEMENTS, type PolicyDocument, readPolicy, type Statement } from '../../lib/reach/policy-document.ts';
import { MAX_POLICY_CHARS, MAX_VALUE_CHARS, MAX_VALUES } from '../../lib/reach/policy-json.ts';
import { ANYTHING, glob } from '../../lib/reach/policy-pattern.ts';

const RULES = { accountId: '111122223333', partition: 'aws', region: 'us-east-1', resourceless: false } as const;
const WHOLE = { Effect: 'Allow', Principal: '*', Action: 'es:Get', Resource: 'r' } as const;

const read = (policy: string | object | undefined, resourceless = false): PolicyDocument =>
  readPolicy(policy, { ...RULES, resourceless });
function statementsOf(listed: unknown, resourceless = false): readonly Statement[] {
  const document = read({ Statement: listed }, resourceless);
  if (document.state !== 'read') throw new Error(document.state);
  return document.statements;
}
const doubtsOf = (over: Readonly<Record<string, unknown>>, resourceless = false): readonly string[] =>
  statementsOf({ ...WHOLE, ...over }, resourceless)[0]?.doubts ?? ['no statement'];

describe('a policy', () => {
  it.each([[undefined], [''], [' \n\t']])('that is %j is absent', (policy) => {
    expect(read(policy)).toEqual({ state: 'absent' });
  });

  it.each<[string, string | object, string]>([
    ['no JSON', '{', 'not JSON'],
    ['JSON of something else', '[]', 'no Statement'],
    ['without statements', '{"Version":"2012-10-17"}', 'no Statement'],
    ['with one key twice', '{"Statement":[],"a":{"b":1,"B":2}}', 'key "b" twice in one object'],
    ['with too many statements', { Statement: Array(MAX_STATEMENTS + 1).fill(WHOLE) }, 'more than 1000 statements'],
    ['too long', ' '.repeat(MAX_POLICY_CHARS - 1) + '{}', `more than ${MAX_POLICY_CHARS} characters`],
    ['of too many values', { Statement: Array(MAX_VALUES + 1).fill(1) }, `more than ${MAX_VALUES} values`],
    [
      'of too many values, a few in each place',
      { Statement: [], a: Array.from({ length: 300 }, () => Array(200).fill(1)) },
      `more than ${MAX_VALUES} values`,
    ],
    [
      'with a value that is too long',
      { Statement: [], a: 'x'.repeat(MAX_VALUE_CHARS + 1) },
      `a value of more than ${MAX_VALUE_CHARS} characters`,
    ],
  ])('%s is unreadable', (_name, policy, why) => {
    expect(read(policy)).toEqual({ state: 'unreadable', why });
  });

  it('at its limits is read', () => {
    expect(read(' '.repeat(MAX_POLICY_CHARS - 16) + '{"Statement":[]}').state).toBe('read');
    expect(statementsOf(Array(MAX_STATEMENTS).fill(WHOLE))).toHaveLength(MAX_STATEMENTS);
    expect(read({ Statement: [], a: 'x'.repeat(MAX_VALUE_CHARS) }).state).toBe('read');
  });

  it('may have one key in two objects, and braces in its text', () => {
    expect(read('{"Statement":[{"a":1},{"a":1}],"b":{"c":{"d":1},"d":[{"d":2}]}}').state).toBe('read');
    expect(read(String.raw`{"Statement":[],"a":"{\"a\":1,","b":"\\","c":":"}`).state).toBe('read');
  });

  it('of one statement need not be a list', () => {
    expect(statementsOf(WHOLE)).toEqual(statementsOf([WHOLE]));
    expect(statementsOf(WHOLE)).toMatchObject([{ effect: 'Allow', doubts: [], tests: [] }]);
  });
});

describe('the effect of a statement', () => {
  it('is one of two words; a statement with neither is a doubt by itself', () => {
    const document = read({
      Statement: [WHOLE, { ...WHOLE, Effect: 'allow', Sid: 'S' }, { ...WHOLE, Effect: 'Deny' }, 7],
    });
    expect(document).toMatchObject({
      statements: [
        { effect: 'Allow', id: '#0' },
        { effect: 'Deny', id: '#2' },
      ],
      doubts: ['statement S: Effect', 'statement #3: Effect'],
    });
  });
});

describe('the name of a statement', () => {
  const idOf = (Sid: unknown): string | undefined => statementsOf({ ...WHOLE, Sid })[0]?.id;

  it.each(['Stmt-1', 'a', '_x', 'Allow all . of_it-', 'a'.repeat(64)])('is its Sid %j', (sid) => {
    expect(idOf(sid)).toBe(sid);
  });
  it.each(['', ' a', '-a', '#1', 'a\n', 'a/b', 'é', 'a'.repeat(65), 7, null])(
    'is its place where its Sid is %j',
    (sid) => {
      expect(idOf(sid)).toBe('#0');
    },
  );
  it('is its place where another has the same Sid', () => {
    const sids = ['a', 'b', 'a'].map((Sid) => ({ ...WHOLE, Sid }));
    expect(statementsOf(sids).map(({ id }) => id)).toEqual(['#0', 'b', '#2']);
  });
});

describe('an element', () => {
  it.each<[string, Record<string, unknown>, readonly string[]]>([
    ['that AWS does not know', { Principals: '*' }, ['Principals']],
    ['in another case', { condition: {} }, ['condition']],
    ['Principal and NotPrincipal', { NotPrincipal: '*' }, ['Principal']],
    ['a principal of no known type', { Principal: { Xyz: '*' } }, ['Principal']],
    ['no principal', { Principal: undefined }, ['Principal']],
    ['Action and NotAction', { NotAction: 'x' }, ['Action']],
    ['no action', { Action: undefined }, ['Action']],
    ['an action that is no text', { Action: [{}] }, ['Action']],
    ['an action with a variable', { Action: 'es:${aws:username}' }, ['Action']],
    ['Resource and NotResource', { NotResource: 'x' }, ['Resource']],
    ['a resource that is no text', { Resource: null }, ['Resource']],
    ['a resource with a variable of the caller', { Resource: 'r/${aws:username}' }, ['Resource']],
    ['a condition that is none', { Condition: 'x' }, ['Condition']],
    ['a condition of an operator without keys', { Condition: { Bool: 'x' } }, ['Condition']],
    ['several at once', { X: 1, Action: [{}], Condition: [] }, ['X', 'Action', 'Condition']],
  ])('is doubtful: %s', (_name, over, names) => {
    expect(doubtsOf(over)).toEqual(names.map((name) => `statement #0: ${name}`));
  });

  it.each<[string, Record<string, unknown>]>([
    ['of a name', { Sid: 'x' }],
    ['that turns another round', { Principal: undefined, NotPrincipal: '*' }],
    ['that turns the action round', { Action: undefined, NotAction: 'x' }],
    ['that turns the resource round', { Resource: undefined, NotResource: 'x' }],
    ['that is a list', { Action: ['a', 'b'], Resource: ['r', 's'] }],
    ['of numbers and booleans, which are their text', { Action: [7, true] }],
    ['with a condition', { Condition: { Bool: { 'aws:SecureTransport': 'true' } } }],
    ['with a variable of our own side', { Resource: 'r/${aws:ResourceAccount}' }],
  ])('is not: %s', (_name, over) => {
    const defined = Object.fromEntries(
      Object.entries({ ...WHOLE, ...over }).filter(([, value]) => value !== undefined),
    );
    expect(statementsOf(defined)[0]?.doubts).toEqual([]);
  });

  it('that was not understood counts as everything, and never turned round', () => {
    const { Action: _, ...unnamed } = WHOLE;
    for (const over of [{ ...WHOLE, Action: [{}] }, unnamed, { ...unnamed, NotAction: [{}] }]) {
      expect(statementsOf(over)[0]?.actions).toMatchObject({ inverted: false, values: [{ pattern: ANYTHING }] });
    }
    const { Resource: __, ...placeless } = WHOLE;
    expect(statementsOf({ ...placeless, NotResource: 'r' })[0]?.resources).toEqual({
      doubtful: false,
      inverted: true,
      values: [{ pattern: glob('r'), exact: true }],
    });
    expect(statementsOf({ ...WHOLE, Action: 'ES:Get' })[0]?.actions.values).toEqual([
      { pattern: glob('es:get'), exact: true },
    ]);
  });
});

describe('a policy of a service whose policies have no resource', () => {
  it.each<[string, Record<string, unknown>, boolean]>([
    ['none', { Resource: undefined }, false],
    ['a star', { Resource: '*' }, false],
    ['one all the same', { Resource: 'r' }, true],
    ['another turned round', { Resource: undefined, NotResource: 'r' }, true],
    ['both', { Resource: '*', NotResource: 'r' }, true],
  ])('names %s', (_name, over, doubtful) => {
    const defined = Object.fromEntries(
      Object.entries({ ...WHOLE, ...over }).filter(([, value]) => value !== undefined),
    );
    const [statement] = statementsOf(defined, true);
    expect(statement?.doubts).toEqual(doubtful ? ['statement #0: Resource'] : []);
    expect(statement?.resources).toMatchObject({ inverted: false, values: [{ pattern: ANYTHING }] });
  });
});
