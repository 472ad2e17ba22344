/** What DynamoDB answers and what goes wrong on the way, in our words. */
import { TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import { type Failure, failureOf } from '../aws/errors.ts';
import { AjarError } from '../model/errors.ts';

/**
 * `refused`: a condition did not hold or another transaction was at it, and nothing was written; where the SDK had sent
 * it before (`wasRepeated`), that first time may have been what it met. `unknown`: it may have been written. `failed`: it was not.
 */
export function answerOf(error: unknown): 'refused' | 'unknown' | 'failed' {
  const { name, status } = namesOf(error);
  if (name === 'ConditionalCheckFailedException' || name === 'TransactionConflictException') return 'refused';
  if (error instanceof TransactionCanceledException) {
    const codes = error.CancellationReasons?.map(({ Code }) => Code) ?? [];
    return codes.some((code) => code === 'ConditionalCheckFailed' || code === 'TransactionConflict')
      ? 'refused'
      : 'failed';
  }
  if (name === 'TransactionInProgressException') return 'unknown';
  if (error instanceof TypeError || name === 'CredentialsProviderError') return 'failed';
  return status === undefined || status >= 500 ? 'unknown' : 'failed';
}

const CURES: Readonly<Partial<Record<Failure['code'], string>>> = {
  denied: 'the role needs the actions on this table and its index that serverless.yml gives it',
  throttled: 'nothing of this write was kept, and it can be tried again; look at the throttled requests of the table',
};
const UNREACHABLE = 'is the table deployed in this region? What was committed stays';

export function storeError(error: unknown, table: string): unknown {
  if (error instanceof AjarError) return error;
  const { code, detail } = failureOf(error);
  if (code === 'fault') return error;
  return new AjarError('store-unavailable', `table ${table}: ${detail}`, {
    cause: error,
    cure: CURES[code] ?? UNREACHABLE,
  });
}

export function corrupt(message: string, cause?: unknown): AjarError {
  const cure = 'restore the table to a point in time before this; nothing was overwritten';
  return new AjarError('store-corrupt', message, { cause, cure });
}

/** Whether the SDK sent the request more than once, or does not say how often. */
export function wasRepeated(error: unknown): boolean {
  return metadataOf(error)['attempts'] !== 1;
}

function namesOf(error: unknown): { readonly name: string; readonly status?: number } {
  if (!(error instanceof Error)) return { name: '' };
  const status = metadataOf(error)['httpStatusCode'];
  return { name: error.name, ...(typeof status === 'number' ? { status } : {}) };
}

function metadataOf(error: unknown): Readonly<Record<string, unknown>> {
  const metadata: unknown = error instanceof Error && '$metadata' in error ? error.$metadata : undefined;
  return typeof metadata === 'object' && metadata !== null ? { ...metadata } : {};
}
