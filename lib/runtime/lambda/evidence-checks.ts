/** What guard asks of the record: its own line in it, and whether it is sealed. */
import { S3Client } from '@aws-sdk/client-s3';
import type { Check } from '../../pipeline/guard.ts';
import { pulseCheck, sealedCheck } from '../../pipeline/guard-evidence.ts';
import type { DynamoStore } from '../../stores/dynamodb.ts';
import { s3Evidence } from '../../stores/evidence-s3.ts';
import { VERSION } from '../version.ts';
import { optionalSetting } from './environment.ts';
import { once } from './once.ts';
import { CALL_TIMES } from './times.ts';

const s3 = once(() => new S3Client({ maxAttempts: 2, requestHandler: CALL_TIMES }));

export function evidenceChecks(store: DynamoStore): { readonly always: Check; readonly sometimes: readonly Check[] } {
  const always = pulseCheck((lines) => store.append(lines), VERSION);
  const bucket = optionalSetting('AJAR_EVIDENCE_BUCKET');
  const sealed = bucket === undefined ? [] : [sealedCheck(s3Evidence(s3(), bucket), firstEntry)];
  return { always, sometimes: sealed };

  async function firstEntry() {
    for await (const entry of store.ledger({ from: 1, to: 1 })) return entry;
    return undefined;
  }
}
