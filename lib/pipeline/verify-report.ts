/** Checks the files of a report against its manifest. Whether its ledger is the one that was sealed, the evidence says. */
import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { EvidenceReader } from '../model/evidence.ts';
import { type Finding, MAX_FINDINGS, type ReportVerified } from '../model/verified.ts';
import { readSmall } from './checkpoint.ts';
import type { Head } from './verify-lines.ts';

export const MANIFEST = 'manifest.json';
export const MAX_MANIFEST_BYTES = 16 * 1024 * 1024;
const digest = z.string().regex(/^[0-9a-f]{64}$/);

/** The files that a manifest names. */
export const listedFiles = z
  .array(
    z.object({
      // Below the folder, and nowhere else.
      name: z.string().regex(/^(?!\.)[^/\\\0]{1,200}$/u),
      bytes: z.int().min(0),
      sha256: digest,
    }),
  )
  .max(10_000);

/** Of what the manifest says, what is checked. It may say more. */
const manifestFile = z.object({
  schema: z.literal(1),
  files: listedFiles,
  report: z.object({ period: z.object({ to: z.iso.datetime() }) }).optional(),
  ledger: z.object({ firstSeq: z.int().min(0), lastSeq: z.int().min(0), headHash: digest }),
});

export interface CheckedReport extends ReportVerified {
  readonly until?: string;
  readonly named: readonly (Head & { readonly by: string })[];
}

export async function verifyReport(folder: EvidenceReader): Promise<CheckedReport> {
  const { place } = folder;
  const bytes = await readSmall(folder, MANIFEST, MAX_MANIFEST_BYTES);
  const manifest = manifestFile.safeParse(bytes === undefined ? undefined : parsedManifest(bytes));
  if (!manifest.success) {
    const [issue] = manifest.error.issues;
    const why = `is no manifest: ${issue?.path.join('.') ?? ''} ${issue?.message ?? ''}`;
    return { place, files: 0, ...verdictsOf([{ where: MANIFEST, why }]), strange: [], named: [] };
  }
  const { files, ledger, report } = manifest.data;
  const there = new Set(await folder.names(''));
  const broken: Finding[] = [];
  for (const file of files) {
    const why = there.has(file.name) ? await difference(folder, file) : 'is missing';
    if (why !== undefined) broken.push({ where: file.name, why });
    there.delete(file.name);
  }
  there.delete(MANIFEST);
  return {
    place,
    files: files.length,
    ...verdictsOf(broken),
    strange: [...there].slice(0, MAX_FINDINGS),
    named: ledger.lastSeq === 0 ? [] : [{ seq: ledger.lastSeq, hash: ledger.headHash, by: `the report in ${place}` }],
    ...(report === undefined ? {} : { until: report.period.to }),
  };
}

export function parsedManifest(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

async function difference(
  folder: EvidenceReader,
  file: { readonly name: string; readonly bytes: number; readonly sha256: string },
): Promise<string | undefined> {
  const hash = createHash('sha256');
  let bytes = 0;
  for await (const chunk of folder.read(file.name)) {
    hash.update(chunk);
    bytes += chunk.length;
  }
  if (bytes !== file.bytes) return `has ${bytes} bytes, and the manifest says ${file.bytes}`;
  return hash.digest('hex') === file.sha256 ? undefined : 'is not the file that the manifest names';
}

function verdictsOf(broken: readonly Finding[]) {
  return { broken: broken.slice(0, MAX_FINDINGS), brokenCount: broken.length, gaps: [], gapCount: 0 };
}
