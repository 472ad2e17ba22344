/** What each context key holds, by who is calling. */
import { describe, expect, it } from 'vitest';
import { type Caller, knowledgeOf, type Owner } from '../../lib/reach/policy-caller.ts';
import { ANYTHING, literal } from '../../lib/reach/policy-pattern.ts';

const OWNER: Owner = {
  accountId: '111122223333',
  organizationId: 'o-mine',
  partition: 'aws',
  region: 'us-east-1',
  plaintextPort: false,
};
const anonymous: Caller = { kind: 'anonymous' };
const member: Caller = { kind: 'member' };
const standalone: Caller = { kind: 'standalone' };
const account: Caller = { kind: 'account', id: '444455556666' };
const organization: Caller = { kind: 'organization', id: 'o-other' };
const SIGNED = [member, standalone, account, organization];

const NEVER = { present: 'never', shapes: [] };
const FREE = { present: 'maybe', shapes: [ANYTHING] };
const always = (...texts: readonly string[]) => ({ present: 'always', shapes: texts.map(literal) });

describe('a key', () => {
  it.each(
    (
      'calledvia calledviafirst calledvialast principalservicename principalservicenameslist sourceaccount sourcearn sourceorgid ' +
      'sourceorgpaths sourcevpc sourcevpcarn sourcevpce tagkeys vpceaccount vpceorgid vpceorgpaths vpcsourceip requesttag/team'
    ).split(' '),
  )('aws:%s never comes from the internet', (name) => {
    for (const caller of [anonymous, ...SIGNED]) expect(knowledgeOf(`aws:${name}`, caller, OWNER)).toEqual(NEVER);
  });

  it.each(
    'username tokenissuetime multifactorauthpresent multifactorauthage sourceidentity federatedprovider principaltag/team'.split(
      ' ',
    ),
  )('aws:%s is what a caller that signs likes, and not there without', (name) => {
    for (const caller of SIGNED) expect(knowledgeOf(`aws:${name}`, caller, OWNER)).toEqual(FREE);
    expect(knowledgeOf(`aws:${name}`, anonymous, OWNER)).toEqual(NEVER);
  });

  it.each<[string, object]>([
    ['referer', FREE],
    ['useragent', FREE],
    ['currenttime', { present: 'always', shapes: [ANYTHING] }],
    ['epochtime', { present: 'always', shapes: [ANYTHING] }],
    ['requestedregion', always('us-east-1')],
    ['resourceaccount', always('111122223333')],
    ['resourceorgid', always('o-mine')],
    ['viaawsservice', always('false')],
    ['securetransport', always('true')],
  ])('aws:%s is the same for every caller', (name, known) => {
    for (const caller of [anonymous, ...SIGNED]) expect(knowledgeOf(`aws:${name}`, caller, OWNER)).toEqual(known);
  });

  it('of TLS may say either where a request without it can be sent, or nobody knows', () => {
    for (const plaintextPort of [true, undefined]) {
      const { plaintextPort: _, ...rest } = OWNER;
      const owner = plaintextPort === undefined ? rest : { ...rest, plaintextPort };
      expect(knowledgeOf('aws:securetransport', member, owner)).toEqual(always('true', 'false'));
    }
  });

  it('that nobody wrote down is unknown, and so is our organization where we do not know it', () => {
    const unknown = { ...FREE, unknown: true };
    expect(knowledgeOf('aws:newkey', member, OWNER)).toEqual(unknown);
    expect(knowledgeOf('es:anything', anonymous, OWNER)).toEqual(unknown);
    const { organizationId: _, ...lone } = OWNER;
    expect(knowledgeOf('aws:resourceorgid', member, lone)).toEqual(unknown);
  });

  it('of who calls is known where it says so: account, kind, whether it is a service', () => {
    expect(knowledgeOf('aws:principalaccount', account, OWNER)).toEqual(always('444455556666'));
    expect(knowledgeOf('aws:principalaccount', anonymous, OWNER)).toEqual(NEVER);
    for (const caller of SIGNED) {
      expect(knowledgeOf('aws:principalisawsservice', caller, OWNER)).toEqual(always('false'));
      const kinds = always('Account', 'User', 'FederatedUser', 'AssumedRole');
      expect(knowledgeOf('aws:principaltype', caller, OWNER)).toEqual(kinds);
    }
  });

  it('of an unsigned request is there or not, as the service likes', () => {
    const maybe = (text: string) => ({ present: 'maybe', shapes: [literal(text)] });
    expect(knowledgeOf('aws:principalisawsservice', anonymous, OWNER)).toEqual(maybe('false'));
    expect(knowledgeOf('aws:principaltype', anonymous, OWNER)).toEqual(maybe('Anonymous'));
    expect(knowledgeOf('aws:userid', anonymous, OWNER)).toEqual(maybe('anonymous'));
    expect(knowledgeOf('aws:principalarn', anonymous, OWNER)).toEqual(NEVER);
  });

  it('of the organization is absent of who is in none, and may be ours of a named account', () => {
    expect(knowledgeOf('aws:principalorgid', standalone, OWNER)).toEqual(NEVER);
    expect(knowledgeOf('aws:principalorgpaths', standalone, OWNER)).toEqual(NEVER);
    expect(knowledgeOf('aws:principalorgid', organization, OWNER)).toEqual(always('o-other'));
    expect(knowledgeOf('aws:principalorgpaths', organization, OWNER)).toEqual({
      present: 'always',
      shapes: [[...literal('o-other/'), ...ANYTHING]],
    });
    expect(knowledgeOf('aws:principalorgid', account, OWNER)).toEqual({
      present: 'maybe',
      shapes: [[...literal('o-'), ...ANYTHING]],
    });
    expect(knowledgeOf('aws:principalorgid', member, OWNER).present).toBe('always');
    expect(knowledgeOf('aws:userid', account, OWNER)).toEqual(FREE);
    expect(knowledgeOf('aws:userid', member, OWNER)).toMatchObject({ present: 'always' });
  });

  it('of the ARN is of the account and the partition, by IAM or STS', () => {
    const arn = (service: string, partition: string) => [
      ...literal(`arn:${partition}:${service}::444455556666:`),
      ...ANYTHING,
    ];
    expect(knowledgeOf('aws:principalarn', account, OWNER)).toEqual({
      present: 'always',
      shapes: [arn('iam', 'aws'), arn('sts', 'aws')],
    });
    const nowhere = knowledgeOf('aws:principalarn', account, { ...OWNER, partition: '' });
    expect(nowhere.shapes[0]).toEqual([
      ...literal('arn:'),
      ...ANYTHING,
      ...literal(':iam::444455556666:'),
      ...ANYTHING,
    ]);
  });
});
