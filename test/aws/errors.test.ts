import { describe, expect, it } from 'vitest';
import { failureOf, isAbsence } from '../../lib/aws/errors.ts';
import { awsError } from '../support/aws.ts';

describe('what a failed AWS call means', () => {
  it.each([
    ['AccessDeniedException', 403, 'denied'],
    ['AccessDenied', 403, 'denied'],
    ['UnauthorizedOperation', 403, 'denied'],
    ['ForbiddenException', 403, 'denied'],
    ['ExpiredToken', 400, 'denied'],
    ['UnrecognizedClientException', 400, 'not-enabled'],
    ['InvalidClientTokenId', 403, 'not-enabled'],
    ['AuthFailure', 401, 'not-enabled'],
    ['OptInRequired', 403, 'not-enabled'],
    ['ThrottlingException', 400, 'throttled'],
    ['Throttling', 400, 'throttled'],
    ['RequestLimitExceeded', 503, 'throttled'],
    ['TooManyRequestsException', 429, 'throttled'],
    ['SomethingNew', 429, 'throttled'],
    ['InternalFailure', 500, 'not-answered'],
    ['ServiceUnavailable', 503, 'not-answered'],
    ['TimeoutError', undefined, 'not-answered'],
    ['ValidationException', 400, 'not-answered'],
  ] as const)('%s (HTTP %s) is %s', (name, status, code) => {
    expect(failureOf(awsError(name, status)).code).toBe(code);
  });

  it('reads the status where a service answers in a format the client cannot parse', () => {
    const error = Object.assign(new SyntaxError('Unexpected token <'), { $response: { statusCode: 403 } });
    expect(failureOf(error)).toMatchObject({ code: 'denied', noSuchHost: false });
  });

  it('tells a name that resolves nowhere from a host that does not answer', () => {
    const code = (c: string) => failureOf(Object.assign(new Error(c), { code: c }));
    expect(code('ENOTFOUND')).toMatchObject({ code: 'not-answered', noSuchHost: true });
    expect(code('ECONNREFUSED')).toMatchObject({ code: 'not-answered', noSuchHost: false });
  });

  it('calls a bug of ours a fault, not a silent provider', () => {
    expect(failureOf(new TypeError("Cannot read properties of undefined (reading 'x')")).code).toBe('fault');
  });

  it('shows what a stranger wrote as one bounded printable line', () => {
    const { detail } = failureOf(awsError('X', 500, `a\nb\u202e${'y'.repeat(10_000)}`));
    expect(detail.length).toBeLessThanOrEqual(200);
    expect(detail).not.toMatch(/[\n\u202e]/u);
  });

  it('takes for absence only the names that were given', () => {
    const error = awsError('ResourceNotFoundException', 404);
    expect([
      isAbsence(error, ['ResourceNotFoundException']),
      isAbsence(error, ['Other']),
      isAbsence('text', ['Error']),
    ]).toEqual([true, false, false]);
  });
});
