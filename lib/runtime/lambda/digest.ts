/**
 * A period has one digest. The message is kept beside the report before it is sent, and its receipt afterwards: a report that
 * is made again sends the very same bytes under the same key, or nothing where SNS has taken them. Whoever ends between SNS
 * and the receipt sends them twice: that is as far as a standard topic goes.
 */
import type { S3Client } from '@aws-sdk/client-s3';
import { SNSClient } from '@aws-sdk/client-sns';
import * as z from 'zod/mini';
import type { Digest } from '../../model/digest.ts';
import { digestMessage } from '../../sinks/digest.ts';
import { publish } from '../../sinks/sns-publish.ts';
import type { SnsMessage } from '../../sinks/sns-message.ts';
import { setting } from './environment.ts';
import { evidenceFile, namesOf, putObject, textOf } from './evidence.ts';
import { once } from './once.ts';
import { logger, metrics } from './telemetry.ts';
import { TOPIC_TIMES } from './times.ts';

const MESSAGE = 'digest-message.json';
const RECEIPT = 'digest-receipt.json';
/** With the SDK's own attempts. */
const PUBLISH_MS = 20_000;

export interface DigestPlace {
  readonly bucket: string;
  /** Of the period. */
  readonly folder: string;
  /** Where its report lies: there, or beside. */
  readonly place: string;
}

const sns = once(() => new SNSClient({ requestHandler: TOPIC_TIMES }));

/** As it was put there, perhaps by an older version of ajar. */
const keptMessage = z.object({
  Message: z.string(),
  Subject: z.string(),
  MessageStructure: z.literal('json'),
  MessageAttributes: z.record(z.string(), z.object({ DataType: z.string(), StringValue: z.string() })),
});

/** Rejects where SNS did not take it: it is owed until a report of that period is made again. */
export async function tellDigest(s3: S3Client, { bucket, folder }: DigestPlace, digest: Digest): Promise<void> {
  const topicArn = setting('AJAR_TOPIC_DIGEST');
  await putObject(s3, bucket, folder, jsonFile(MESSAGE, digestMessage(digest)));
  if ((await namesOf(s3, bucket, folder, 'digest-')).includes(RECEIPT)) return;
  const message: SnsMessage = z.parse(keptMessage, JSON.parse(await textOf(s3, bucket, `${folder}${MESSAGE}`)));
  const receipt = await publish({ client: sns(), topicArn }, message, AbortSignal.timeout(PUBLISH_MS));
  await putObject(s3, bucket, folder, jsonFile(RECEIPT, { key: digest.key, receipt }));
  metrics.addMetric('Digests', 'Count', 1);
  logger.info('digest published', { key: digest.key, receipt });
}

function jsonFile(name: string, value: unknown) {
  return evidenceFile(name, 'application/json', `${JSON.stringify(value)}\n`);
}
