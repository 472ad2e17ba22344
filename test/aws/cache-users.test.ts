import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { authenticationOf, type CacheUser } from '../../lib/aws/cache-users.ts';

const user = (authentication: string | undefined, accessString?: string): CacheUser => ({
  name: `user-${authentication ?? 'absent'}`,
  authentication,
  accessString,
});

describe('users of a cache', () => {
  it.each([
    ['passwords and IAM', [user('password'), user('iam')], 'on'],
    ['nobody at all', [], 'on'],
    ['one without a password', [user('password'), user('no-password')], 'off'],
    ['one without a password who is off', [user('no-password', 'off ~* +@all')], 'on'],
    ['one who is reset', [user('no-password', 'on ~* reset')], 'on'],
    ['one who is switched on again', [user('no-password', 'OFF ~* ON')], 'off'],
    ['one whose string says neither', [user('no-password', '~off* +@all')], 'off'],
    ['a type that is not said', [user('password'), user(undefined)], 'unknown'],
    ['a type nobody knows', [user('passkey')], 'unknown'],
    ['a type that is not said, of one who is off', [user(undefined, 'off')], 'on'],
  ])('say what %s is worth', (_, users, level) => {
    expect(authenticationOf('g', { users, unread: [] }).level).toBe(level);
  });

  it('are not known where some were not read, unless one is open already', () => {
    expect(authenticationOf('g', { users: [user('password')], unread: ['why'] })).toMatchObject({
      level: 'unknown',
      evidence: 'g: why',
    });
    expect(authenticationOf('g', { users: [user('no-password')], unread: ['why'] }).level).toBe('off');
  });

  it('are named, but not all of them', () => {
    const users = Array.from({ length: 9 }, (_, i) => ({ ...user('no-password'), name: `u${i}` }));
    expect(authenticationOf('g', { users, unread: [] }).evidence).toMatch(/for u0, u1, u2, u3, u4 and 4 more$/);
  });

  it('are never called safe while one of them can log in without a password', () => {
    const anyUser = fc.record({
      name: fc.string(),
      authentication: fc.constantFrom('password', 'iam', undefined),
      accessString: fc.option(fc.string(), { nil: undefined }),
    });
    fc.assert(
      fc.property(fc.array(anyUser), fc.array(anyUser), fc.array(fc.string()), (before, after, unread) => {
        const users = [...before, user('no-password', 'on ~* +@all'), ...after];
        expect(authenticationOf('g', { users, unread }).level).toBe('off');
      }),
    );
  });
});
