/**
 * Seal, every hour: what was recorded in the hours that are over goes into the evidence bucket, signed with a key that never
 * leaves KMS. Ended anywhere it is begun again: what is there already is compared and never written again.
 */
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { KMSClient } from '@aws-sdk/client-kms';
import { S3Client } from '@aws-sdk/client-s3';
import * as z from 'zod/mini';
import { kmsSigner } from '../../aws/kms-signer.ts';
import { seal as sealAll } from '../../pipeline/seal.ts';
import { openDynamoStore } from '../../stores/dynamodb.ts';
import { s3Evidence } from '../../stores/evidence-s3.ts';
import { SHARD } from '../seal.ts';
import { setting } from './environment.ts';
import { once, onceAsync } from './once.ts';
import { logger, metrics } from './telemetry.ts';
import { CALL_TIMES } from './times.ts';
import type { Work } from './worker.ts';

const sealTask = z.object({ task: z.literal('seal') });
const s3 = once(() => new S3Client({ requestHandler: { ...CALL_TIMES, requestTimeout: 60_000 } }));
const evidence = once(() => s3Evidence(s3(), setting('AJAR_EVIDENCE_BUCKET')));
/** The role may only read: the ledger as far as others have sealed its journal, which guard does every minute. */
const record = onceAsync(() =>
  openDynamoStore({
    client: new DynamoDBClient({ requestHandler: CALL_TIMES }),
    table: setting('AJAR_TABLE'),
    ...{ sinks: [], readOnly: true, now: () => new Date() },
  }),
);
const signer = onceAsync(async () => {
  const key = await kmsSigner(new KMSClient({ requestHandler: CALL_TIMES }), setting('AJAR_SIGNING_KEY'));
  const pem = key.publicKey.export({ type: 'spki', format: 'pem' }).toString();
  await evidence().put(`keys/${key.fingerprint}.pub.pem`, 'application/x-pem-file', Buffer.from(pem));
  return key;
});

export interface SealedHours {
  readonly made: number;
  readonly entries: number;
  /** The last hour that is sealed, its last entry, and the SHA-256 of its checkpoint. */
  readonly hour?: string;
  readonly lastSeq?: number;
  readonly checkpoint?: string;
}

export async function seal(event: unknown, { signal }: Work): Promise<SealedHours> {
  z.parse(sealTask, event);
  const store = await record();
  const now = (): Date => new Date();
  const { made, entries, newest } = await sealAll({ store, evidence: evidence(), signer, shard: SHARD, now, signal });
  metrics.addMetric('SealedHours', 'Count', made);
  const outcome = {
    ...{ made, entries },
    ...(newest === undefined
      ? {}
      : { hour: newest.checkpoint.hour, lastSeq: newest.checkpoint.lastSeq, checkpoint: newest.digest }),
  };
  logger.info('sealed', outcome);
  return outcome;
}
