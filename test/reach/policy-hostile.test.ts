/** What strangers may write into a policy: lib/reach/policy-json.ts, policy-document.ts, and the limits of the rest. */
import { describe, expect, it } from 'vitest';
import { type Callers, policyProtection, whoMayCall } from '../../lib/reach/policy.ts';
import { aStatement, DOMAIN } from '../support/policies.ts';

function ask(...statements: readonly Readonly<Record<string, unknown>>[]): Callers {
  return whoMayCall({ Version: '2012-10-17', Statement: statements.map(aStatement) }, DOMAIN);
}

describe('a policy that is not there or not understood', () => {
  it.each([undefined, '', ' \n'])('takes %j for no policy: same-account signed requests only', (policy) => {
    const callers = whoMayCall(policy, DOMAIN);
    expect(callers).toMatchObject({
      absent: true,
      anonymous: { breadth: 'NONE' },
      anyAwsPrincipal: { breadth: 'NONE' },
    });
    expect(policyProtection(callers)).toMatchObject({ level: 'on', basis: 'declared' });
  });

  const half = JSON.stringify({ Statement: [aStatement()] });
  it.each([
    ['cut off', half.slice(0, -3), 'not JSON'],
    ['a word', 'open', 'not JSON'],
    ['a number', '7', 'no Statement'],
    ['null', 'null', 'no Statement'],
    ['a list', '[]', 'no Statement'],
    ['no Statement', '{"Version":"2012-10-17"}', 'no Statement'],
    ['only a prototype with a Statement', '{"__proto__":{"Statement":[]}}', 'no Statement'],
    ['too long', `${half}${' '.repeat(262_144)}`, 'more than 262144 characters'],
    [
      'too many statements',
      { Statement: Array.from({ length: 1_001 }, () => aStatement()) },
      'more than 1000 statements',
    ],
    ['too many values', { Statement: aStatement({ Action: Array(40_001).fill('es:*') }) }, 'more than 40000 values'],
    [
      'a value too long',
      { Statement: aStatement({ Action: 'x'.repeat(2_049) }) },
      'a value of more than 2048 characters',
    ],
    [
      'Effect twice',
      '{"Statement":{"Effect":"Allow","Principal":"*","Action":"*","Resource":"*","Effect":"Deny"}}',
      'key "effect"',
    ],
    ['Effect twice, once in disguise', '{"Statement":{"Effect":"Allow","\\u0045ffect":"Deny"}}', 'key "effect"'],
    [
      'one condition key in two spellings',
      '{"Statement":{"Condition":{"IpAddress":{"aws:SourceIp":"8.8.8.8","AWS:SourceIP":"0.0.0.0/0"}}}}',
      'key "aws:sourceip"',
    ],
  ])('says that it does not know: %s', (_, policy, why) => {
    const callers = whoMayCall(policy, DOMAIN);
    expect(callers.unreadable).toContain(why);
    for (const caller of [callers.anonymous, callers.anyAwsPrincipal, callers.standaloneAccount]) {
      expect(caller.breadth).toBe('UNKNOWN');
    }
    expect(policyProtection(callers)).toMatchObject({ level: 'unknown' });
    expect(policyProtection(callers).evidence).toContain(why);
  });

  it('does not take equal keys of two objects for one', () => {
    const policy = JSON.stringify({ Statement: [aStatement(), aStatement({ Sid: 'a", "Sid": "b' })] });
    expect(whoMayCall(policy, DOMAIN).unreadable).toBeUndefined();
  });

  it('ends a walk through an object that holds itself', () => {
    const policy: Record<string, unknown> = { Statement: [] };
    policy['Id'] = [policy];
    expect(whoMayCall(policy, DOMAIN).unreadable).toContain('more than 40000 values');
  });
});

describe('hostile policies', () => {
  it.each([
    ['lists', '['.repeat(30_000) + ']'.repeat(30_000)],
    ['objects', '{"a":'.repeat(30_000) + '1' + '}'.repeat(30_000)],
  ])('reads 30,000 %s inside each other as one value that is no text', (_, deep) => {
    const policy = `{"Statement":{"Effect":"Allow","Principal":"*","Action":"es:*","Resource":${deep}}}`;
    const callers = whoMayCall(policy, DOMAIN);
    expect(callers).toMatchObject({ anonymous: { breadth: 'WORLD' }, undecided: ['statement #0: Resource'] });
  });

  it('takes __proto__ and constructor for keys like any other', () => {
    const policy = `{"Statement":{"Effect":"Allow","Principal":"*","Action":"es:*","Resource":"*","__proto__":{"Effect":"Deny"},
      "Condition":{"StringEquals":{"__proto__":"x","constructor":"y"},"__proto__":{"toString":"z"}}}}`;
    expect(whoMayCall(policy, DOMAIN)).toMatchObject({
      anonymous: { breadth: 'WORLD' },
      undecided: ['__proto__', 'constructor', 'toString', 'statement #0: __proto__'],
    });
    const empty = '{"Statement":{"Effect":"Allow","Principal":{"__proto__":"*"},"Action":"es:*","Resource":"*"}}';
    expect(whoMayCall(empty, DOMAIN).undecided).toEqual(['statement #0: Principal']);
  });

  it.each([
    ['numbers', { Principal: 7, Action: 8, Resource: 9, Condition: { IpAddress: { 'aws:SourceIp': 10 } } }, 'NONE'],
    ['null', { Principal: null, Action: null, Resource: null, Condition: null }, 'WORLD'],
    ['objects in lists', { Principal: { AWS: [{}] }, Action: [{}], Resource: [[]], Condition: [[]] }, 'WORLD'],
    ['a Sid', { Sid: { toString: 'x' } }, 'WORLD'],
  ])('reads %s where text is expected without throwing', (_, over, wanted) => {
    expect(ask(over).anonymous.breadth).toBe(wanted);
    expect(ask({}, { ...over, Effect: 'Deny' }).anonymous.breadth).toBe('Sid' in over ? 'NONE' : 'WORLD');
  });

  it("shows no stranger's text as it is", () => {
    const sid = 'fine\u202e\n[ALERT] closed';
    const callers = ask({ Sid: sid, Condition: { StringEquals: { 'foo:\u0007\u202ebar': 'x' } } });
    expect(callers.anonymous.statements).toEqual(['#0']);
    expect(callers.undecided).toEqual(['foo:U+0007U+202Ebar']);
    const long = ask({ Condition: { StringEquals: { ['k'.repeat(50_000)]: 'x' } } });
    expect(long.undecided[0]?.length).toBeLessThanOrEqual(100);
  });

  it('lists at most 20 undecided keys and says how many are left', () => {
    const keys = Object.fromEntries(Array.from({ length: 50 }, (_, i) => [`foo:${i}`, 'x']));
    const { undecided } = ask({ Condition: { StringEquals: keys } });
    expect(undecided).toHaveLength(21);
    expect(undecided.at(-1)).toBe('30 more');
  });

  it('names a statement by its Sid only where no other has it', () => {
    expect(ask({ Sid: 'Open' }).anonymous.statements).toEqual(['Open']);
    expect(ask({ Sid: 'Open' }, { Sid: 'Open' }).anonymous.statements).toEqual(['#0', '#1']);
    expect(ask({ Sid: '#7' }).anonymous.statements).toEqual(['#0']);
  });

  it('names only the statements that let somebody in', () => {
    const [office, nobody] = [{ IpAddress: { 'aws:SourceIp': '8.8.8.8' } }, { Null: { 'aws:SourceIp': 'true' } }];
    const statements = [{ Condition: nobody }, { Condition: office }, { Principal: { AWS: '222222222222' } }];
    expect(ask(...statements).anonymous.statements).toEqual(['#1']);
    expect(ask({ Sid: 'Denied' }, { Effect: 'Deny' }).anonymous.statements).toEqual([]);
  });

  it('asks about 100 named accounts one by one and counts the rest as let in', () => {
    const accounts = Array.from({ length: 150 }, (_, i) => String(222222222222 + i));
    const closed = { Principal: { AWS: accounts }, Condition: { StringEquals: { 'aws:PrincipalAccount': 'none' } } };
    expect(ask(closed).crossAccounts).toEqual(accounts.slice(100));
    expect(ask({ Principal: { AWS: accounts } }).crossAccounts).toEqual(accounts);
  });

  /** The best of three, since a test machine may be busy. */
  function quickest(policy: object): number {
    const text = JSON.stringify(policy);
    return Math.min(
      ...[1, 2, 3].map(() => {
        const start = performance.now();
        expect(whoMayCall(text, DOMAIN).unreadable).toBeUndefined();
        return performance.now() - start;
      }),
    );
  }

  it('judges 10,000 blocks within 200 ms', () => {
    const blocks = Array.from({ length: 10_000 }, (_, i) => `${1 + (i % 220)}.${(i >> 8) & 255}.${i & 255}.0/25`);
    expect(quickest({ Statement: aStatement({ Condition: { IpAddress: { 'aws:SourceIp': blocks } } }) })).toBeLessThan(
      200,
    );
  });

  const stars = Array.from({ length: 100 }, () => `${'*a?'.repeat(600)}z`);
  it.each([
    ['actions', { Action: stars }],
    ['resources', { Resource: stars }],
    ['principals', { Principal: { AWS: stars } }],
    ['values', { Condition: { StringLike: { 'aws:PrincipalArn': stars } } }],
    [
      'ARNs',
      {
        Condition: {
          ArnLike: { 'aws:PrincipalArn': stars.map((star) => `arn:aws:iam::${star}:${star}`.slice(0, 2_048)) },
        },
      },
    ],
    ['variables', { Resource: Array.from({ length: 100 }, () => '${'.repeat(1_000)) }],
  ])('needs no more than a second for wildcards in %s', (_, over) => {
    expect(quickest({ Statement: aStatement(over) })).toBeLessThan(1_000);
  });

  it('needs no more than two seconds for 1,000 statements about 1,000 accounts', () => {
    const statements = Array.from({ length: 1_000 }, (_, i) =>
      aStatement({
        Principal: { AWS: String(222222222222 + i) },
        Condition: { IpAddress: { 'aws:SourceIp': `8.${i >> 8}.${i & 255}.0/25` } },
      }),
    );
    expect(quickest({ Statement: statements })).toBeLessThan(2_000);
  });
});
