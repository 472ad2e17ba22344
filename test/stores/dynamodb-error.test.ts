import { TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import { describe, expect, it } from 'vitest';
import { AjarError } from '../../lib/model/errors.ts';
import { answerOf, storeError, wasRepeated } from '../../lib/stores/dynamodb-error.ts';
import { answered, reset } from './dynamodb-faults.ts';

const cancelled = (...codes: readonly string[]): Error =>
  new TransactionCanceledException({
    message: 'cancelled',
    $metadata: { httpStatusCode: 400, attempts: 1 },
    CancellationReasons: codes.map((Code) => ({ Code })),
  });
const named = (name: string): Error => Object.assign(new Error(name), { name });

describe('what a failed write means', () => {
  it.each([
    ['a condition', answered(400, 'ConditionalCheckFailedException'), 'refused'],
    ['another transaction', answered(400, 'TransactionConflictException'), 'refused'],
    ['a condition among others', cancelled('None', 'ConditionalCheckFailed', 'None'), 'refused'],
    ['a condition, and throttling', cancelled('ThrottlingError', 'ConditionalCheckFailed'), 'refused'],
    ['another transaction at one item', cancelled('TransactionConflict', 'None'), 'refused'],
    ['throttling alone', cancelled('ThrottlingError', 'None'), 'failed'],
    ['an item that is too large', cancelled('ValidationError'), 'failed'],
    ['throttling of the call', answered(400, 'ProvisionedThroughputExceededException'), 'failed'],
    ['no permission', answered(400, 'AccessDeniedException'), 'failed'],
    ['no credentials', named('CredentialsProviderError'), 'failed'],
    ['a bug of ours', new TypeError('x is not a function'), 'failed'],
    ['the same token at work', answered(400, 'TransactionInProgressException'), 'unknown'],
    ['a reset', reset(), 'unknown'],
    ['a time-out', named('TimeoutError'), 'unknown'],
    ['a broken answer', answered(500, 'InternalServerError'), 'unknown'],
    ['nothing that is an error', 'what', 'unknown'],
  ])('%s', (_, error, answer) => {
    expect(answerOf(error)).toBe(answer);
  });

  it('is certain only where the SDK sent it once', () => {
    expect(wasRepeated(cancelled('ConditionalCheckFailed'))).toBe(false);
    expect(wasRepeated(Object.assign(named('x'), { $metadata: { attempts: 2 } }))).toBe(true);
    expect(wasRepeated(named('x'))).toBe(true);
  });

  it('stays what it is where it is ours, and never carries a page of text', () => {
    const own = new AjarError('invariant', 'ours');
    expect(storeError(own, 't')).toBe(own);
    const bug = new TypeError('x is not a function');
    expect(storeError(bug, 't')).toBe(bug);
    const long = storeError(Object.assign(named('ValidationException'), { message: 'x'.repeat(100_000) }), 'ajar');
    expect(long).toMatchObject({ code: 'store-unavailable', cure: expect.any(String) });
    expect(String(long).length).toBeLessThan(400);
  });
});
