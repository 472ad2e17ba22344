/** Why SNS did not take a message, and what the reader can do about it. */
import { failureOf } from '../aws/errors.ts';
import { AjarError } from '../model/errors.ts';

export interface Refusal {
  readonly topicArn: string;
  /** Name and words of the SDK's error, printable and bounded. */
  readonly detail: string;
  readonly cure: string | undefined;
}

export function refusalOf(error: unknown, topicArn: string): Refusal {
  const name = error instanceof Error ? error.name : '';
  return { topicArn, detail: failureOf(error).detail, cure: cureFor(name.replace(/Exception$/, ''), topicArn) };
}

/** What every topic said, the first one first. */
export function refusedBy(refusals: readonly Refusal[], cause?: unknown): AjarError {
  const cures = [...new Set(refusals.flatMap(({ cure }) => cure ?? []))];
  return new AjarError('sink-refused', refusals.map(({ topicArn, detail }) => `${topicArn}: ${detail}`).join('; '), {
    cause,
    ...(cures.length === 0 ? {} : { cure: cures.join('; ') }),
  });
}

function cureFor(name: string, topicArn: string): string | undefined {
  switch (name) {
    case 'AuthorizationError':
    case 'AccessDenied':
      return `allow sns:Publish on ${topicArn} to the notifier's role, and do not deny it in the topic's policy`;
    case 'NotFound':
    case 'ResourceNotFound':
      return `there is no topic ${topicArn}: deploy again, or correct the ARN`;
    case 'KMSAccessDenied':
      return `allow kms:GenerateDataKey and kms:Decrypt on the key of ${topicArn} to the notifier's role`;
    case 'KMSDisabled':
    case 'KMSInvalidState':
    case 'KMSNotFound':
    case 'KMSOptInRequired':
      return `enable the key of ${topicArn}, or give the topic another one`;
    case 'Throttled':
    case 'Throttling':
    case 'KMSThrottling':
      return 'none needed, it is tried again; if it lasts, raise the publish quota of SNS in this region';
    case 'InvalidParameter':
    case 'InvalidParameterValue':
    case 'Validation':
      return `check that ${topicArn} is a standard topic of the client's region; if it is, report this as a defect of ajar`;
    default:
      return undefined;
  }
}
