/** Opens what is to be verified: folders and buckets of evidence, folders of reports, a state directory. */
import type { KeyObject } from 'node:crypto';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { S3Client } from '@aws-sdk/client-s3';
import type { EvidenceReader } from '../model/evidence.ts';
import type { LedgerVerified, ReportVerified, Verified } from '../model/verified.ts';
import { fingerprintOf, type Kept, parseCheckpoint } from '../pipeline/checkpoint.ts';
import { publicKeyOf } from '../pipeline/public-key.ts';
import { verifyEvidence } from '../pipeline/verify.ts';
import { type CheckedReport, MANIFEST, verifyReport } from '../pipeline/verify-report.ts';
import { verifyLedger } from '../pipeline/verify-state.ts';
import { s3Evidence } from '../stores/evidence-s3.ts';
import { evidenceFolder } from '../stores/evidence-folder.ts';
import { publicKeyPath } from '../stores/ledger-key.ts';
import { badInput } from './config.ts';
import { hasState, withState } from './local.ts';
import { evidencePlace } from './seal.ts';
import { findStack } from './stack.ts';

export interface VerifyOptions {
  readonly places: readonly string[];
  /** A state directory: its ledger, and its evidence where `places` names none. */
  readonly state?: string;
  /** The evidence of a deployment. */
  readonly stack?: string;
  readonly region?: string;
  readonly publicKeys: readonly string[];
  /** Files. */
  readonly checkpoints: readonly string[];
  readonly until?: string;
  readonly maxPauseMs?: number;
  readonly now?: Date;
}

export type Checked =
  | ({ readonly type: 'report' } & ReportVerified)
  | ({ readonly type: 'evidence' } & Verified)
  | ({ readonly type: 'ledger' } & LedgerVerified);

const S3_ATTEMPTS = 5;
/** An hour is due this long after it is over. */
const GRACE_MS = 15 * 60_000;

export async function verifyAll(options: VerifyOptions): Promise<readonly Checked[]> {
  const { state, maxPauseMs } = options;
  const { evidence, reports } = await opened(options);
  if (state !== undefined && !hasState(state)) throw badInput([`${state}: no state there`], 'pass --state DIR');
  const keys = evidence.length === 0 ? new Map<string, KeyObject>() : keysOf(options);
  const kept = options.checkpoints.map(readKept);
  const checked: Checked[] = [];
  const named: CheckedReport['named'][number][] = [];
  const ends: string[] = [];
  for (const folder of reports) {
    const { named: heads, until, ...report } = await verifyReport(folder);
    named.push(...heads);
    if (until !== undefined) ends.push(until);
    const unseen = evidence.length === 0 && state === undefined ? [UNSEEN] : [];
    checked.push({ type: 'report', ...report, gaps: unseen, gapCount: unseen.length });
  }
  const live = new Date((options.now ?? new Date()).getTime() - GRACE_MS).toISOString();
  const until = options.until ?? ends.toSorted().at(-1) ?? live;
  const pauses = maxPauseMs === undefined ? {} : { maxPauseMs };
  const heads: CheckedReport['named'][number][] = [];
  const onCheckpoint = ({ checkpoint: { hour, lastSeq, headHash } }: Kept): void => {
    if (lastSeq > 0) heads.push({ seq: lastSeq, hash: headHash, by: `the checkpoint of ${hour}` });
  };
  for (const one of evidence) {
    const found = await verifyEvidence({ evidence: one, keys, kept, named, until, ...pauses, onCheckpoint });
    checked.push({ type: 'evidence', ...found });
  }
  if (state !== undefined) {
    const all = [...named, ...heads];
    const found = await withState(state, (store) => verifyLedger(state, store.ledger(), { named: all, ...pauses }));
    checked.push({ type: 'ledger', ...found });
  }
  return checked;
}

const UNSEEN = 'whether its ledger is the one that was sealed is not known: name the evidence too';

async function opened({ places, state, stack, region }: VerifyOptions) {
  const evidence: EvidenceReader[] = [];
  const reports: EvidenceReader[] = [];
  for (const place of places) {
    if (place.startsWith('s3:')) {
      evidence.push(bucketAt(place));
      continue;
    }
    const folder = evidenceFolder(folderAt(place));
    const isReport = existsSync(`${place}/${MANIFEST}`);
    const isEvidence = existsSync(`${place}/ledger`);
    if (isReport) reports.push(folder);
    if (isEvidence) evidence.push(folder);
    if (!isReport && !isEvidence) {
      throw badInput(
        [`${place}: neither sealed evidence (a folder ledger) nor a report (${MANIFEST})`],
        'ajar seal makes the one, ajar report the other',
      );
    }
  }
  if (stack !== undefined) evidence.push(await evidenceOf(stack, region));
  if (state !== undefined && evidence.length === 0 && existsSync(evidencePlace(state))) {
    evidence.push(evidenceFolder(evidencePlace(state)));
  }
  return { evidence, reports };
}

/** With the credentials and the region of this shell. */
function bucketAt(place: string): EvidenceReader {
  const [, bucket, prefix = ''] = /^s3:\/\/([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(?:\/(.*))?$/.exec(place) ?? [];
  if (bucket === undefined) throw badInput([`${place}: not a place like s3://bucket/prefix`]);
  const folder = prefix === '' || prefix.endsWith('/') ? prefix : `${prefix}/`;
  return s3Evidence(new S3Client({ maxAttempts: S3_ATTEMPTS }), bucket, folder);
}

async function evidenceOf(stack: string, asked: string | undefined): Promise<EvidenceReader> {
  const { evidence, region, credentials } = await findStack(stack, asked);
  const place = { ...(region === undefined ? {} : { region }), ...(credentials === undefined ? {} : { credentials }) };
  return s3Evidence(new S3Client({ maxAttempts: S3_ATTEMPTS, ...place }), evidence);
}

function folderAt(place: string): string {
  if (!existsSync(place)) throw badInput([`${place}: nothing is there`]);
  if (!statSync(place).isDirectory()) throw badInput([`${place}: not a folder`]);
  return place;
}

/** By fingerprint. */
function keysOf({ publicKeys, state }: VerifyOptions): ReadonlyMap<string, KeyObject> {
  const files = publicKeys.length === 0 && state !== undefined ? [publicKeyPath(state)] : publicKeys;
  if (files.length === 0) {
    throw badInput(
      ['--public-key is missing: without it nobody can tell who signed this evidence'],
      'it lies beside the private key, keys/ledger.pub.pem in the state directory; use a copy that was kept elsewhere',
    );
  }
  return new Map(files.map(publicKey).map((key) => [fingerprintOf(key), key]));
}

function publicKey(file: string): KeyObject {
  const pem = readText(file, '--public-key');
  if (pem.includes('PRIVATE KEY')) throw badInput([`--public-key ${file}: that is a private key`], 'give away neither');
  const key = publicKeyOf(pem);
  if (key === undefined) throw badInput([`--public-key ${file}: not a public key of the curve P-256, PEM`]);
  return key;
}

function readKept(file: string): Kept {
  const kept = parseCheckpoint(Buffer.from(readText(file, '--checkpoint')));
  if (typeof kept === 'string') throw badInput([`--checkpoint ${file}: ${kept}`]);
  return kept;
}

function readText(file: string, flag: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : undefined;
    if (code === undefined) throw error;
    throw badInput([`${flag} ${file}: cannot be read (${code})`]);
  }
}
