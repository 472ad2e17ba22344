/**
 * What a failed AWS call means (aws-services.md section 1). Names first, then the HTTP status: services that answer
 * in another format than their own (a 403 as XML to a JSON client) leave nothing but the status.
 */
import type { GapCode } from '../model/endpoint.ts';
import { printable } from '../model/text.ts';

export interface Failure {
  readonly code: Extract<
    GapCode,
    'denied' | 'throttled' | 'not-enabled' | 'not-answered' | 'incomplete' | 'cancelled' | 'fault'
  >;
  /** The name resolves nowhere: the service may not exist in this region. */
  readonly noSuchHost: boolean;
  readonly detail: string;
}

const DENIED = new Set([
  'AccessDenied',
  'AccessDeniedException',
  'AuthorizationError',
  'AuthorizationErrorException',
  'ForbiddenException',
  'NotAuthorizedException',
  'UnauthorizedException',
  'UnauthorizedOperation',
  'UnauthenticatedException',
  'ExpiredToken',
  'ExpiredTokenException',
  'InvalidAccessKeyId',
  'SignatureDoesNotMatch',
]);
/** A region that the account has not opened, or a token that such a region does not take. */
const NOT_ENABLED = new Set([
  'AuthFailure',
  'InvalidClientTokenId',
  'OptInRequired',
  'OptInRequiredException',
  'SubscriptionRequiredException',
  'UnrecognizedClientException',
]);
const THROTTLED =
  /^(Throttling(Exception)?|ThrottledException|TooManyRequestsException|RequestLimitExceeded|RequestThrottled(Exception)?|BandwidthLimitExceeded|SlowDown|LimitExceededException|ProvisionedThroughputExceededException|PriorRequestNotComplete|TransactionInProgressException|EC2ThrottledException)$/;
const NO_SUCH_HOST = new Set(['ENOTFOUND', 'EAI_NODATA', 'UnknownEndpoint']);

export function failureOf(error: unknown): Failure {
  const { name, code, status, message } = partsOf(error);
  const said = printable(`${name}${status === undefined ? '' : ` (HTTP ${status})`}: ${message}`);
  const as = (failure: Failure['code']): Failure => ({ code: failure, noSuchHost: false, detail: said });
  if (name === 'AbortError') return as('cancelled');
  if (NO_SUCH_HOST.has(code) || NO_SUCH_HOST.has(name)) return { code: 'not-answered', noSuchHost: true, detail: said };
  if (DENIED.has(name)) return as('denied');
  if (NOT_ENABLED.has(name)) return as('not-enabled');
  if (THROTTLED.test(name) || status === 429) return as('throttled');
  if (status === 401 || status === 403) return as('denied');
  // A programming error of ours must not pass for a silent provider.
  if (error instanceof TypeError && status === undefined && code === '') return as('fault');
  return as('not-answered');
}

/** Whether AWS says with one of these names that the thing asked for does not exist. */
export function isAbsence(error: unknown, names: readonly string[]): boolean {
  return names.includes(partsOf(error).name);
}

function partsOf(error: unknown): { name: string; code: string; status: number | undefined; message: string } {
  if (!(error instanceof Error)) return { name: 'thrown', code: '', status: undefined, message: String(error) };
  const metadata: unknown = '$metadata' in error ? error.$metadata : undefined;
  const response: unknown = '$response' in error ? error.$response : undefined;
  return {
    name: error.name,
    code: 'code' in error && typeof error.code === 'string' ? error.code : '',
    status: statusIn(metadata, 'httpStatusCode') ?? statusIn(response, 'statusCode'),
    // The SDK adds advice for its own debugging.
    message: error.message.split('Deserialization error:', 1)[0] ?? '',
  };
}

function statusIn(holder: unknown, key: string): number | undefined {
  if (typeof holder !== 'object' || holder === null) return undefined;
  const value: unknown = Reflect.get(holder, key);
  return typeof value === 'number' ? value : undefined;
}
