/** lib/reach/policy-allowed.ts: which requests the same statements are about, and from where they are let in. */
import { describe, expect, it } from 'vitest';
import { type Addresses, blocksOf, FAMILIES, type Family } from '../../lib/reach/ipset.ts';
import { type Allowed, allowed, type RuleSet, ruleSetsOf } from '../../lib/reach/policy-allowed.ts';
import type { Caller, Owner } from '../../lib/reach/policy-caller.ts';
import { readPolicy, type Statement } from '../../lib/reach/policy-document.ts';
import { configurationRequests, dataRequests, type Request } from '../../lib/reach/policy-service.ts';

const OWNER: Owner = { accountId: '111111111111', organizationId: 'o-mine', partition: 'aws', region: 'us-east-1' };
const TABLE = 'arn:aws:dynamodb:us-east-1:111111111111:table/t';
const DOMAIN = 'arn:aws:es:us-east-1:111111111111:domain/d';
type Elements = Readonly<Record<string, unknown>>;

function statementsOf(statements: readonly Elements[]): readonly Statement[] {
  const whole = statements.map((over, i) => ({
    Sid: `S${i}`,
    Effect: 'Allow',
    ...('NotPrincipal' in over ? {} : { Principal: '*' }),
    ...('NotAction' in over ? {} : { Action: '*' }),
    ...('NotResource' in over ? {} : { Resource: '*' }),
    ...over,
  }));
  const document = readPolicy({ Statement: whole }, { ...OWNER, resourceless: false });
  if (document.state !== 'read') throw new Error(document.state);
  return document.statements;
}

const ofTable = (...verbs: readonly string[]) =>
  dataRequests(
    'dynamodb',
    TABLE,
    verbs.map((verb) => `dynamodb:${verb}`),
  );
const ofDomain = (...verbs: readonly string[]) =>
  dataRequests(
    'es',
    DOMAIN,
    verbs.map((verb) => `es:ESHttp${verb}`),
  );

/** `Get: S0 -S1 ~S2`: the actions, what allows them, what denies them whole and what denies a part. */
function shownSet({ actions, allows, denies }: RuleSet): string {
  const verbs = actions.map((name) => name.replace(/^\w+:(ESHttp)?/, '')).join(' ');
  const signs = denies.map(({ statement, full }) => (full ? '-' : '~') + statement.id);
  return `${verbs}: ${[...allows.map(({ id }) => id), ...signs].join(' ')}`.trim();
}
const sets = (requests: readonly Request[], ...statements: readonly Elements[]) =>
  ruleSetsOf(statementsOf(statements), requests).map(shownSet);

const deny = (over: Elements): Elements => ({ Effect: 'Deny', ...over });

describe('requests that the same statements are about', () => {
  it.each<[string, readonly string[], readonly Elements[]]>([
    ['are one set', ['GetItem PutItem: S0 -S1'], [{}, deny({})]],
    ['of no statement are one too', ['GetItem PutItem:'], []],
    ['differ by an Allow of one action', ['GetItem: S0 S1', 'PutItem: S1'], [{ Action: 'dynamodb:Get*' }, {}]],
    ['differ by a Deny of one action', ['GetItem: S0 -S1', 'PutItem: S0'], [{}, deny({ Action: 'dynamodb:getitem' })]],
    ['are not told apart by the case of an action', ['GetItem: S0', 'PutItem:'], [{ Action: 'DynamoDB:GETITEM' }]],
    ['differ by what NotAction leaves out', ['GetItem:', 'PutItem: S0'], [{ NotAction: 'dynamodb:GetItem' }]],
    [
      'differ by what a Deny of NotAction leaves out',
      ['GetItem: S0', 'PutItem: S0 -S1'],
      [{}, deny({ NotAction: 'dynamodb:GetItem' })],
    ],
    [
      'are left out by another resource',
      ['GetItem PutItem:'],
      [{ Resource: `${TABLE}2` }, deny({ Resource: 'arn:aws:s3:::b' })],
    ],
    [
      'are one of several resources',
      ['GetItem PutItem: S0 -S1'],
      [{ Resource: ['arn:aws:s3:::b', TABLE] }, deny({ Resource: ['arn:aws:s3:::b', TABLE] })],
    ],
    [
      'are left out by NotResource',
      ['GetItem PutItem: -S3'],
      [{ NotResource: TABLE }, { NotResource: '*' }, deny({ NotResource: TABLE }), deny({ NotResource: `${TABLE}2` })],
    ],
    [
      'may be all a variable stands for',
      ['GetItem PutItem: S0 ~S1'],
      [
        { Resource: `${TABLE.slice(0, -1)}\${aws:username}` },
        deny({ Resource: `${TABLE.slice(0, -1)}\${aws:username}` }),
      ],
    ],
    [
      'may be in what a variable leaves out',
      ['GetItem PutItem: S0 ~S1'],
      [
        { NotResource: `${TABLE.slice(0, -1)}\${aws:username}` },
        deny({ NotResource: `${TABLE.slice(0, -1)}\${aws:username}` }),
      ],
    ],
    [
      'are one of several actions',
      ['GetItem: S0 -S1', 'PutItem:'],
      [{ Action: ['s3:*', 'dynamodb:GetItem'] }, deny({ Action: ['dynamodb:GetItem', 's3:*'] })],
    ],
    [
      'may be those of different statements',
      ['GetItem: ~S0', 'PutItem: ~S1'],
      [deny({ Action: 'dynamodb:Get${aws:username}' }), deny({ Action: 'dynamodb:Put${aws:username}' })],
    ],
    [
      'may be an action with a variable',
      ['GetItem PutItem: S0 ~S1'],
      [{ Action: 'dynamodb:${aws:username}' }, deny({ Action: 'dynamodb:${aws:username}' })],
    ],
  ])('%s', (_name, wanted, statements) => {
    expect(sets(ofTable('GetItem', 'PutItem'), ...statements)).toEqual(wanted);
  });

  it('are denied in part where the statement is about a part of the resource', () => {
    expect(
      sets(ofDomain('Get'), {}, deny({ Resource: `${DOMAIN}/secret` }), deny({ Resource: `${DOMAIN}/*` })),
    ).toEqual(['Get: S0 ~S1 -S2']);
    expect(sets(ofDomain('Get'), {}, deny({ NotResource: `${DOMAIN}/open` }))).toEqual(['Get: S0 ~S1']);
  });

  it('are matched part by part of an ARN, unless it is none or holds a variable', () => {
    const about = (Resource: string) => sets(ofDomain('Get'), { Resource }, deny({ Resource }));
    expect(about('arn:aws:*:domain/d/a:b:c')).toEqual(['Get:']);
    expect(about('arn:aws:*:domain/d/a:b:${aws:username}')).toEqual(['Get: S0 ~S1']);
    expect(about('arn:aws:*:domain/d/*')).toEqual(['Get: S0 ~S1']);
  });

  it('are two sets of one action where a Deny takes the table whole and its indices in part', () => {
    const denied = deny({ Resource: [TABLE, `${TABLE}/index/a*`] });
    expect(sets(ofTable('Query'), {}, denied)).toEqual(['Query: S0 -S1', 'Query: S0 ~S1']);
    expect(sets(ofTable('Query'), {}, deny({ Resource: TABLE }))).toEqual(['Query: S0 -S1', 'Query: S0']);
  });

  it('that change the resource are granted below its path only where they are spelled out', () => {
    const calls = configurationRequests('es', DOMAIN).filter(({ name }) => name === 'es:UpdateDomainConfig');
    const below = { Resource: `${DOMAIN}/*` };
    const granted = (over: Elements) => sets(calls, { ...below, ...over }).filter((set) => set.endsWith('S0')).length;
    expect(granted({ Action: 'es:*' })).toBe(0);
    expect(granted({ Action: '*' })).toBe(0);
    expect(granted({ NotAction: 'es:ESHttpGet' })).toBe(0);
    expect(granted({ Action: 'es:Update*' })).toBe(1);
    expect(granted({ Action: ['es:*', 'es:UpdateDomainConfig'] })).toBe(1);
    expect(granted({ Action: ['es:*', 'es:DeleteDomain'] })).toBe(0);
    // A Deny counts however it is written.
    expect(sets(calls, {}, deny({ ...below, Action: 'es:*' }))).toEqual([
      'UpdateDomainConfig: S0',
      'UpdateDomainConfig: -S1',
    ]);
  });
});

const from = (...blocks: readonly string[]): Elements => ({ Condition: { IpAddress: { 'aws:SourceIp': blocks } } });
const unknown: Elements = { Condition: { StringEquals: { 'foo:bar': 'x' } } };

function ask(
  statements: readonly Elements[],
  caller: Caller = { kind: 'member' },
  families: readonly Family[] = FAMILIES,
): Allowed {
  return allowed(caller, ruleSetsOf(statementsOf(statements), ofTable('GetItem', 'PutItem')), OWNER, families);
}
const blocks = (set: Addresses) => FAMILIES.flatMap((family) => blocksOf(set[family], family, 5).blocks);

describe('who is let in', () => {
  it.each<[string, readonly Elements[], readonly string[], readonly string[], readonly string[]]>([
    ['nobody where nothing allows it', [deny({})], [], [], []],
    ['nobody where all of it is denied', [from('8.8.8.0/24'), deny({})], [], [], []],
    ['the addresses of an Allow', [from('8.8.8.0/24', '2600::/32')], ['8.8.8.0/24', '2600::/32'], ['S0'], []],
    [
      'those of several together',
      [from('8.8.8.0/25'), from('2600::/32'), from('8.8.8.128/25')],
      ['8.8.8.0/24', '2600::/32'],
      ['S0', 'S1', 'S2'],
      [],
    ],
    ['less what a Deny takes', [from('8.8.8.0/24'), deny(from('8.8.8.128/25'))], ['8.8.8.0/25'], ['S0'], []],
    [
      'less what several take',
      [from('8.8.8.0/24'), deny(from('8.8.8.128/25')), deny(from('8.8.8.0/26'))],
      ['8.8.8.64/26'],
      ['S0'],
      [],
    ],
    ['not less what a Deny may take', [from('8.8.8.8'), deny(unknown)], ['8.8.8.8/32'], ['S0'], ['foo:bar']],
    [
      'not less what a Deny of others takes',
      [from('8.8.8.8'), deny({ Principal: { AWS: '222222222222' } })],
      ['8.8.8.8/32'],
      ['S0'],
      [],
    ],
    [
      'not less what a Deny with a doubt takes',
      [from('8.8.8.8'), deny({ Odd: 1 })],
      ['8.8.8.8/32'],
      ['S0'],
      ['statement S1: Odd'],
    ],
    [
      'not less what a Deny of some members may take',
      [from('8.8.8.8'), deny({ Principal: { AWS: '*:x' } })],
      ['8.8.8.8/32'],
      ['S0'],
      [],
    ],
    ['by an Allow with a doubt', [{ ...from('8.8.8.8'), Odd: 1 }], ['8.8.8.8/32'], ['S0'], ['statement S0: Odd']],
    [
      'by an Allow with two unknowns',
      [{ ...unknown, Odd: 1 }],
      ['0.0.0.0/0', '::/0'],
      ['S0'],
      ['foo:bar', 'statement S0: Odd'],
    ],
    [
      'without a word on statements for others',
      [from('8.8.8.8'), { ...unknown, Principal: { AWS: '222222222222' } }],
      ['8.8.8.8/32'],
      ['S0'],
      [],
    ],
    [
      'without a word on a doubtful Deny of others',
      [from('8.8.8.8'), deny({ ...from('9.9.9.9'), Odd: 1 })],
      ['8.8.8.8/32'],
      ['S0'],
      [],
    ],
    [
      'without a word on doubts about what is denied anyhow',
      [from('8.8.8.8'), { ...from('9.9.9.9'), Odd: 1 }, deny(from('9.9.9.9'))],
      ['8.8.8.8/32'],
      ['S0'],
      [],
    ],
    [
      'without a word on doubts about IPv6 that is denied anyhow',
      [from('8.8.8.8', '2600::1'), { ...from('2600::1'), Odd: 1 }, deny(from('2600::1'))],
      ['8.8.8.8/32'],
      ['S0'],
      [],
    ],
    [
      'by an IPv6 address alone',
      [from('2600::1'), { ...from('9.9.9.9'), Odd: 1 }, deny(from('9.9.9.9'))],
      ['2600::1/128'],
      ['S0'],
      [],
    ],
    ['nobody by addresses that the internet does not route', [from('10.0.0.0/8')], [], [], []],
  ])('%s', (_name, statements, addresses, granting, undecided) => {
    const answer = ask(statements);
    expect([blocks(answer.written), answer.statements, answer.undecided]).toEqual([addresses, granting, undecided]);
    expect(answer.actions).toEqual(addresses.length === 0 ? [] : ['dynamodb:GetItem', 'dynamodb:PutItem']);
  });

  it('keeps special addresses as they are written, beside those that the internet routes', () => {
    const answer = ask([from('8.8.8.8', '10.0.0.0/7', 'fd00::/8')]);
    expect(blocks(answer.written)).toEqual(['8.8.8.8/32', '10.0.0.0/7', 'fd00::/8']);
    expect(blocks(answer.addresses)).toEqual(['8.8.8.8/32', '11.0.0.0/8']);
  });

  it('has only the families of the endpoint', () => {
    const both = [from('8.8.8.0/24', '2600::/32')];
    expect(blocks(ask(both, { kind: 'member' }, ['v4']).written)).toEqual(['8.8.8.0/24']);
    expect(blocks(ask(both, { kind: 'member' }, ['v6']).addresses)).toEqual(['2600::/32']);
    expect(ask(both, { kind: 'member' }, [])).toMatchObject({ actions: [], statements: [], undecided: [] });
  });

  it('is asked of each set of requests, and told once', () => {
    const statements = [
      { ...from('8.8.8.0/24'), Odd: 1 },
      { ...from('9.9.9.9'), Action: 'dynamodb:PutItem' },
      deny({ ...from('8.8.8.128/25'), Action: 'dynamodb:GetItem' }),
    ];
    const answer = ask(statements);
    expect(blocks(answer.addresses)).toEqual(['8.8.8.0/24', '9.9.9.9/32']);
    expect(blocks(answer.written)).toEqual(['8.8.8.0/24', '9.9.9.9/32']);
    expect(answer).toMatchObject({
      actions: ['dynamodb:GetItem', 'dynamodb:PutItem'],
      statements: ['S0', 'S1'],
      undecided: ['statement S0: Odd'],
    });
    expect(ask([{ Action: 'dynamodb:PutItem' }]).actions).toEqual(['dynamodb:PutItem']);
  });

  it('depends on who calls', () => {
    const named = [{ ...from('8.8.8.8'), Principal: { AWS: '222222222222' } }];
    expect(blocks(ask(named, { kind: 'account', id: '222222222222' }).addresses)).toEqual(['8.8.8.8/32']);
    expect(ask(named).actions).toEqual([]);
    expect(
      ask([{}, deny(named[0] ?? {})], { kind: 'account', id: '222222222222' }).addresses.v4.length,
    ).toBeGreaterThan(1);
  });
});
