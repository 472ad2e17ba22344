/**
 * Report: the day before, each day, and any period on demand, into the bucket where nothing can be changed or deleted. A
 * period has one report: made again it is compared with what is there, and one that differs is kept beside it and is an
 * error. Of each day one digest is published, once its report is kept.
 */
import { createHash } from 'node:crypto';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { S3Client } from '@aws-sdk/client-s3';
import * as z from 'zod/mini';
import type { Allowlist } from '../../model/allowlist.ts';
import { AjarError } from '../../model/errors.ts';
import type { ReportInputs } from '../../model/report-inputs.ts';
import type { Report } from '../../model/report.ts';
import { digestOf } from '../../pipeline/digest.ts';
import { prepareReport } from '../../pipeline/report.ts';
import { REPORTERS } from '../../reports/catalogue.ts';
import { openDynamoStore } from '../../stores/dynamodb.ts';
import { filesOf } from '../report-files.ts';
import { bucketSource } from '../sealed.ts';
import { VERSION } from '../version.ts';
import { allowlist } from './allowlist.ts';
import { type DigestPlace, tellDigest } from './digest.ts';
import { setting } from './environment.ts';
import { evidenceFile, type File, isSame, putObject } from './evidence.ts';
import { once, onceAsync } from './once.ts';
import { logger, metrics } from './telemetry.ts';
import { CALL_TIMES } from './times.ts';

const DAY_MS = 24 * 60 * 60_000;
/** RFC 3339, UTC. */
const instant = z.string().check(z.regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,3})?)?Z$/));
const reportTask = z.union([z.object({ task: z.literal('daily') }), z.object({ from: instant, to: instant })]);

interface Built {
  readonly report: Report;
  readonly inputs: ReportInputs;
}

interface Period {
  readonly from: string;
  readonly to: string;
}

export interface ReportOutcome {
  readonly period: Period;
  /** `s3://bucket/reports/…/` */
  readonly place: string;
  readonly files: readonly { readonly name: string; readonly sha256: string }[];
  /** Absent where the record says nothing yet of the period, and no report was made. */
  readonly id?: string;
}

const TIMES = { requestHandler: { ...CALL_TIMES, requestTimeout: 60_000 } } as const;
const s3 = once(() => new S3Client(TIMES));
/** The role may only read: the ledger as far as others have sealed it. */
const record = onceAsync(() =>
  openDynamoStore({
    client: new DynamoDBClient(TIMES),
    table: setting('AJAR_TABLE'),
    ...{ sinks: [], readOnly: true, now: () => new Date() },
  }),
);

export async function report(event: unknown, now: Date = new Date()): Promise<ReportOutcome> {
  const asked = z.parse(reportTask, event);
  const bucket = setting('AJAR_EVIDENCE_BUCKET');
  const isDaily = 'task' in asked;
  const period = isDaily ? dayBefore(now) : checked(asked, now);
  const sealed = bucketSource(s3(), bucket);
  const query = { ...period, toolVersion: VERSION, allowlist: await allowlist(), sealed };
  const store = await record();
  let built: Built;
  try {
    built = await prepareReport(store, query);
  } catch (error) {
    // An ajar that has found nothing to watch yet: each day is no failure, and there is nothing to report of it.
    if (!isDaily || !(error instanceof AjarError) || error.code !== 'bad-input') throw error;
    metrics.addMetric('ReportsEmpty', 'Count', 1);
    logger.warn('nothing to report', { ...period, why: error.message });
    return { period, place: placeOf(bucket, folderOf(period)), files: [] };
  }
  return keep(built, period, bucket, isDaily ? (place) => tellOnce(built.report, query.allowlist, place) : undefined);
}

function tellOnce(built: Report, allowed: Allowlist, place: DigestPlace): Promise<void> {
  return tellDigest(s3(), place, digestOf(built, allowed, place.place));
}

function dayBefore(now: Date): Period {
  const end = Math.floor(now.getTime() / DAY_MS) * DAY_MS;
  return { from: new Date(end - DAY_MS).toISOString(), to: new Date(end).toISOString() };
}

function checked({ from, to }: Period, now: Date): Period {
  const [start, end] = [new Date(from), new Date(to)];
  const isPeriod = start.getTime() < end.getTime() && end.getTime() <= now.getTime();
  if (!isPeriod) {
    throw new AjarError('bad-input', `from ${from} to ${to} is no period of the past`, {
      cure: `the latest possible end is ${now.toISOString()}`,
    });
  }
  return { from: start.toISOString(), to: end.toISOString() };
}

/** `reports/2026/12/03/` of a whole day; of another period both its ends. */
function folderOf({ from, to }: Period): string {
  const isDay = from.endsWith('T00:00:00.000Z') && Date.parse(to) - Date.parse(from) === DAY_MS;
  const compact = (at: string): string => at.replace(/[-:.]/g, '');
  return isDay
    ? `reports/${from.slice(0, 10).replaceAll('-', '/')}/`
    : `reports/periods/${compact(from)}-${compact(to)}/`;
}

function placeOf(bucket: string, folder: string): string {
  return `s3://${bucket}/${folder}`;
}

/** `tell`: of the report that lies whole in this folder. */
async function keep(
  built: Built,
  period: Period,
  bucket: string,
  tell?: (place: DigestPlace) => Promise<void>,
): Promise<ReportOutcome> {
  const files = evidenceFiles(built, period);
  const folder = folderOf(period);
  const outcome = (at: string): ReportOutcome => ({
    ...{ period, id: built.report.id, place: placeOf(bucket, at) },
    files: files.map(({ name, sha256 }) => ({ name, sha256: sha256.toString('hex') })),
  });
  const differs = await putAll(bucket, folder, files);
  if (differs === undefined) {
    metrics.addMetric('Reports', 'Count', 1);
    logger.info('reported', { ...outcome(folder) });
    await tell?.({ bucket, folder, place: placeOf(bucket, folder) });
    return outcome(folder);
  }
  // Whole beside the first, never mixed with it. Its place is of its content: what is there already is the same.
  const beside = `${folder}${folderDigestOf(files)}/`;
  await putAll(bucket, beside, files);
  metrics.addMetric('ReportsDiffering', 'Count', 1);
  logger.error('the record says something else of this period than it did', { ...outcome(beside), differs });
  // A digest that is still owed is that of the first report; where that was never whole, of this one.
  await tell?.({ bucket, folder, place: placeOf(bucket, beside) });
  const message = `${placeOf(bucket, folder)}${differs} is there and differs; this report is in ${placeOf(bucket, beside)}`;
  throw new AjarError('conflict', message, { cure: 'compare both: the record has grown since, or ajar was updated' });
}

/** Every format. */
function evidenceFiles({ report: built, inputs }: Built, asked: Period): readonly File[] {
  const files = filesOf(built, inputs, { asked, formats: REPORTERS.map(({ format }) => format) });
  return files.map(({ name, mediaType, content }) => evidenceFile(name, mediaType, content));
}

function folderDigestOf(files: readonly File[]): string {
  const hash = createHash('sha256');
  for (const { name, sha256 } of files) hash.update(`${name} ${sha256.toString('hex')}\n`);
  return hash.digest('hex').slice(0, 16);
}

/** In their order, none over another. The name of one that is there already and differs; nothing is put after it. */
async function putAll(bucket: string, folder: string, files: readonly File[]): Promise<string | undefined> {
  for (const file of files) {
    const isThere = await putObject(s3(), bucket, folder, file);
    if (isThere && !(await isSame(s3(), bucket, folder, file))) return file.name;
  }
  return undefined;
}
