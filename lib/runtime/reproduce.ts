/**
 * Makes a report again from its manifest, the inputs beside it and the ledger that it is of, and compares every byte by its
 * digest. Nothing is written, and the record is only read.
 */
import { existsSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { z } from 'zod';
import { classifierVersion } from '../assess/lexicon-version.ts';
import { MAPPING } from '../assess/mapping/mapping.ts';
import type { EvidenceReader } from '../model/evidence.ts';
import { sha256 } from '../model/canonical.ts';
import type { ReportFile } from '../model/report.ts';
import { INPUTS } from '../model/report-inputs.ts';
import { reproducibleManifest } from '../model/report-inputs-document.ts';
import type { Finding } from '../model/verified.ts';
import { readSmall } from '../pipeline/checkpoint.ts';
import { digestIn, parseInputs } from '../pipeline/read-inputs.ts';
import { reportOf } from '../pipeline/report.ts';
import { checkRange, entriesOf, sealedAgain, withSealed } from '../pipeline/reproduce.ts';
import { listedFiles, MANIFEST, MAX_MANIFEST_BYTES, parsedManifest } from '../pipeline/verify-report.ts';
import { measured } from '../reports/bytes.ts';
import { evidenceFolder } from '../stores/evidence-folder.ts';
import { badInput } from './config.ts';
import type { GivenFont } from './font.ts';
import { located, type Place, withIncidents } from './incidents.ts';
import { filesOf } from './report-files.ts';
import { sealedSource } from './sealed.ts';
import { VERSION } from './version.ts';

export interface ReproducedFile {
  readonly name: string;
  /** As the manifest has it; absent where that names no such file. */
  readonly expected?: string;
  /** As it was made again; absent where it was not. */
  readonly got?: string;
  /** The file that lies beside the manifest. */
  readonly here: 'same' | 'different' | 'absent';
}

export interface Reproduced {
  readonly manifest: string;
  readonly report: string;
  readonly ledger: { readonly firstSeq: number; readonly lastSeq: number };
  /** `cannot`: something that it takes is not here. */
  readonly result: 'identical' | 'differs' | 'cannot';
  readonly files: readonly ReproducedFile[];
  /** Where the ledger is not what the report says that it is of, or the inputs say something else than it. */
  readonly broken: readonly Finding[];
  readonly brokenCount: number;
  readonly notes: readonly string[];
  readonly why?: string;
  readonly cure?: string;
  /** What was made, for whoever wants to look at a difference. */
  readonly made: readonly ReportFile[];
}

const manifestDocument = reproducibleManifest.extend({ files: listedFiles });
type Manifest = z.infer<typeof manifestDocument>;
type Here = ReadonlyMap<string, ReproducedFile['here']>;

/** Throws `bad-input` for what is no manifest of a report, or holds what ajar never wrote. */
export async function reproduce(path: string, place: Place, font: GivenFont | undefined): Promise<Reproduced> {
  const { folder, file } = folderOf(path);
  const { manifest, digest } = await readManifest(folder, file);
  const here = await filesHere(folder, manifest);
  const told = {
    manifest: file,
    report: manifest.report.id,
    ledger: manifest.ledger,
    broken: [],
    brokenCount: 0,
    notes: [],
  };
  const unmade = { ...told, made: [], files: rowsOf(manifest, here) };
  const { made } = manifest;
  if (made?.font === undefined && font !== undefined)
    throw badInput(['--pdf-font: this report was made with no font of its own']);
  if (made === undefined) return { ...unmade, result: 'cannot', ...EARLIER };
  const lack = lackOf(manifest) ?? lackOfFont(made, font) ?? lackOfInputs(here);
  if (lack !== undefined) return { ...unmade, result: 'cannot', ...lack };
  if (here.get(INPUTS) === 'different')
    return {
      ...unmade,
      result: 'differs',
      why: `${INPUTS} is not the one that the manifest names: nothing was made of it`,
    };
  const inputs = await parseInputs(folder);
  const record = await located(place);
  const sealed = await sealedAgain(inputs, made.asked, sealedSource(record));
  return withIncidents(record, async (store) => {
    const { missing, ...found } = await checkRange(store, manifest.ledger, inputs, made.asked);
    if (missing !== undefined) return { ...unmade, result: 'cannot', why: missing, cure: OTHER_LEDGER };
    const checked = withSealed(found, sealed);
    const report = await reportOf(inputs, entriesOf(store, manifest.ledger), {
      ...{ ...made.asked, toolVersion: VERSION },
      ...(made.font === undefined ? {} : { font: made.font.name }),
    });
    // Under the name that it had then: that is in the report.
    const given = made.font === undefined || font === undefined ? {} : { font: { ...font, name: made.font.name } };
    const again = filesOf(report, inputs, { asked: made.asked, formats: made.formats, ...given });
    const files = rowsOf(manifest, here, { again, digest });
    const isSame =
      checked.brokenCount === 0 &&
      files.every(({ expected, got, here: lies }) => expected === got && lies !== 'different');
    return { ...told, ...checked, files, made: again, result: isSame ? 'identical' : 'differs' };
  });
}

const OTHER_LEDGER = 'name the state directory or the stack that the report was made of, with --state or --stack';
const EARLIER = {
  why: 'an earlier release made it, which did not keep what it was made of',
  cure: 'ajar verify checks its files all the same',
};

function folderOf(path: string): { readonly folder: EvidenceReader; readonly file: string } {
  const cure = `name the ${MANIFEST} of a report, or its folder; unpack report.zip first`;
  if (!existsSync(path)) throw badInput([`${path}: nothing is there`], cure);
  const file = statSync(path).isDirectory() ? join(path, MANIFEST) : path;
  if (!existsSync(file) || !statSync(file).isFile()) throw badInput([`${file}: no file`], cure);
  return { folder: evidenceFolder(dirname(file)), file };
}

async function readManifest(folder: EvidenceReader, file: string): Promise<{ manifest: Manifest; digest: string }> {
  const bytes = await readSmall(folder, basename(file), MAX_MANIFEST_BYTES);
  if (bytes === undefined) throw badInput([`${file}: longer than ${MAX_MANIFEST_BYTES} bytes`]);
  const { success, data, error } = manifestDocument.safeParse(parsedManifest(bytes));
  if (success) return { manifest: data, digest: sha256(bytes) };
  const [issue] = error.issues;
  throw badInput([`${file}: is no manifest: ${issue?.path.join('.') ?? ''} ${issue?.message ?? ''}`]);
}

/** What lies beside the manifest, against it. */
async function filesHere(folder: EvidenceReader, { files }: Manifest): Promise<Here> {
  const there = new Set(await folder.names(''));
  const here = new Map<string, ReproducedFile['here']>();
  for (const { name, bytes, sha256: expected } of files) {
    const found = there.has(name) ? await digestIn(folder, name, bytes) : undefined;
    here.set(name, !there.has(name) ? 'absent' : found?.sha256 === expected ? 'same' : 'different');
  }
  return here;
}

type Lack = Pick<Reproduced, 'why' | 'cure'>;

function lackOf({ report: { tool }, reproduction: { mapping, classifier } }: Manifest): Lack | undefined {
  if (tool.version !== VERSION)
    return { why: `ajar ${tool.version} made it, and this is ${VERSION}`, cure: `run ajar ${tool.version}` };
  if (mapping !== MAPPING.version || classifier !== classifierVersion()) {
    const [then, now] = [
      `mapping ${mapping}, classifier ${classifier}`,
      `${MAPPING.version} and ${classifierVersion()}`,
    ];
    return { why: `it was made with ${then}; this ajar has ${now}`, cure: 'run the build that made it' };
  }
  return undefined;
}

function lackOfFont({ font: pinned }: NonNullable<Manifest['made']>, font: GivenFont | undefined): Lack | undefined {
  if (pinned === undefined || font?.sha256 === pinned.sha256) return undefined;
  const which = `the font ${pinned.name}, SHA-256 ${pinned.sha256}`;
  const why =
    font === undefined ? `its PDF was made with ${which}` : `its PDF was made with ${which}, and this is another`;
  return { why, cure: 'pass that file with --pdf-font' };
}

function lackOfInputs(here: Here): Lack | undefined {
  if (here.get(INPUTS) === 'same' || here.get(INPUTS) === 'different') return undefined;
  return {
    why: `${INPUTS}, which it was made of, does not lie beside it`,
    cure: 'put it there: it is a file of the report',
  };
}

/** By name; files that the manifest does not name, and it itself, behind. */
function rowsOf(
  { files }: Manifest,
  here: Here,
  made?: { readonly again: readonly ReportFile[]; readonly digest: string },
): readonly ReproducedFile[] {
  const got = new Map(made?.again.map(({ name, content }) => [name, measured(content).sha256]));
  const rows = files.map(({ name, sha256: expected }) => ({
    ...{ name, expected },
    ...gotOf(got, name),
    here: here.get(name) ?? ('absent' as const),
  }));
  const listed = new Set([...files.map(({ name }) => name), MANIFEST]);
  const others = [...got.keys()].filter((name) => !listed.has(name));
  const itself =
    made === undefined
      ? []
      : [{ name: MANIFEST, expected: made.digest, ...gotOf(got, MANIFEST), here: 'same' as const }];
  return [...rows, ...others.map((name) => ({ name, ...gotOf(got, name), here: 'absent' as const })), ...itself];
}

function gotOf(got: ReadonlyMap<string, string>, name: string): Pick<ReproducedFile, 'got'> {
  const digest = got.get(name);
  return digest === undefined ? {} : { got: digest };
}
