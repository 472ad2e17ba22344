import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dataAccessOf, encryptionOf, type Entry, networkOf } from '../../lib/aws/aoss-policies.ts';

const ACCOUNT = '111122223333';
const network = (
  AllowFromPublic: boolean | undefined,
  Resource: string[],
  ResourceType = 'collection',
): Entry<'network'> => ({
  policy: 'net',
  Rules: [{ ResourceType, Resource }],
  ...(AllowFromPublic === undefined ? {} : { AllowFromPublic }),
  SourceVPCEs: ['vpce-1'],
});
const data = (
  Principal: string[],
  Resource = ['index/events/*'],
  Permission = ['aoss:ReadDocument'],
): Entry<'data'> => ({
  policy: 'readers',
  Rules: [{ ResourceType: 'index', Resource, Permission }],
  Principal,
});
const ROLE = `arn:aws:iam::${ACCOUNT}:role/app`;

describe('network policies of a collection', () => {
  it.each([
    ['public by name', [network(true, ['collection/events'])], 'off'],
    ['public by prefix', [network(true, ['collection/ev*'])], 'off'],
    ['public by a pattern in the middle', [network(true, ['collection/e*ts'])], 'off'],
    ['public for all', [network(true, ['collection/*'])], 'off'],
    [
      'public, whatever a private one says',
      [network(false, ['collection/events']), network(true, ['collection/*'])],
      'off',
    ],
    ['private', [network(false, ['collection/events'])], 'on'],
    ['another collection is public', [network(true, ['collection/other', 'collection/event'])], 'on'],
    ['only its dashboards are public', [network(true, ['collection/events'], 'dashboard')], 'on'],
    ['no policy at all', [], 'on'],
    ['it does not say whether the public is let in', [network(undefined, ['collection/events'])], 'unknown'],
  ])('%s', (_, entries, level) => {
    expect(networkOf({ entries, unread: [] }, 'collection', 'events').level).toBe(level);
  });

  it('name no level that a policy not read could change', () => {
    const unread = ['network policy secret'];
    expect(networkOf({ entries: [], unread }, 'collection', 'events')).toMatchObject({
      level: 'unknown',
      evidence: 'collection: not read: network policy secret',
    });
    const open = [network(true, ['collection/events'])];
    expect(networkOf({ entries: open, unread }, 'collection', 'events').level).toBe('off');
  });

  it('match as a regular expression of the same pattern would', () => {
    const text = fc.string({ unit: fc.constantFrom('a', 'b', '*'), maxLength: 8 });
    const name = fc.string({ unit: fc.constantFrom('a', 'b'), minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(text, name, (pattern, collection) => {
        const { level } = networkOf(
          { entries: [network(true, [`collection/${pattern}`])], unread: [] },
          'collection',
          collection,
        );
        expect(level === 'off').toBe(new RegExp(`^${pattern.replaceAll('*', '.*')}$`).test(collection));
      }),
    );
  });
});

describe('data policies of a collection', () => {
  it.each([
    ['named principals of the account', [data([ROLE, 'saml/111122223333/okta/user/ann'])], 'on'],
    ['no policy names it', [data([ROLE], ['index/other/*'])], 'on'],
    ['anybody', [data(['*'])], 'off'],
    ['a principal of another account', [data(['arn:aws:iam::999988887777:role/x'])], 'partial'],
    ['a login of another account', [data(['saml/999988887777/okta/user/ann'])], 'partial'],
    ['a whole login', [data(['saml/111122223333/okta/group/*'])], 'partial'],
    ['everything in every collection', [data([ROLE], ['index/*/*'], ['aoss:*'])], 'partial'],
    ['everything in this collection alone', [data([ROLE], ['index/events/*'], ['aoss:*'])], 'on'],
    ['a principal of an unknown form', [data(['somebody'])], 'unknown'],
  ])('%s', (_, entries, level) => {
    expect(dataAccessOf({ entries, unread: [] }, 'events', ACCOUNT).level).toBe(level);
  });

  it('name no level that a policy not read could change', () => {
    expect(dataAccessOf({ entries: [], unread: ['x'] }, 'events', ACCOUNT).level).toBe('unknown');
    expect(dataAccessOf({ entries: [data(['*'])], unread: ['x'] }, 'events', ACCOUNT).level).toBe('off');
  });
});

describe('encryption policies of a collection', () => {
  it('are read for the key: it is always encrypted', () => {
    const entries: Entry<'encryption'>[] = [
      { policy: 'keys', Rules: [{ ResourceType: 'collection', Resource: ['collection/ev*'] }], AWSOwnedKey: true },
    ];
    expect(encryptionOf({ entries, unread: [] }, 'events', undefined)).toMatchObject({
      level: 'on',
      evidence: 'always encrypted, kmsKeyArn=absent, policy keys: AWSOwnedKey=true',
    });
  });
});
