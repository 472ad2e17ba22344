/** Reads the folder of a report as far as making it again needs it. Whatever lies there may be anybody's. */
import { createHash } from 'node:crypto';
import type { z } from 'zod';
import { AjarError } from '../model/errors.ts';
import type { EvidenceReader } from '../model/evidence.ts';
import type { Incident } from '../model/incident.ts';
import {
  INPUTS,
  MAX_INPUTS,
  MAX_INPUTS_BYTES,
  type ReportInputs,
  type ReportPlace,
  type ReportState,
} from '../model/report-inputs.ts';
import { inputsHead, inputsLine } from '../model/report-inputs-document.ts';
import { linesOf } from './verify-lines.ts';

export interface DigestOf {
  readonly bytes: number;
  readonly sha256: string;
}

/** Of a file, reading no more than is asked for: `undefined` where there is more. */
export async function digestIn(folder: EvidenceReader, name: string, most: number): Promise<DigestOf | undefined> {
  const hash = createHash('sha256');
  let bytes = 0;
  for await (const chunk of folder.read(name)) {
    bytes += chunk.length;
    if (bytes > most) return undefined;
    hash.update(chunk);
  }
  return { bytes, sha256: hash.digest('hex') };
}

/** Throws `bad-input` for what ajar never wrote. */
export async function parseInputs(folder: EvidenceReader): Promise<ReportInputs> {
  // All of it as it was written and not as it was parsed: in what order its fields stand decides bytes.
  let head: Pick<ReportInputs, 'readAfter' | 'allowlist' | 'sealed'> | undefined;
  const states: ReportState[] = [];
  const incidents: Incident[] = [];
  const places: ReportPlace[] = [];
  let line = 0;
  for await (const { line: bytes, isCut } of linesOf(limited(folder.read(INPUTS)))) {
    line++;
    if (isCut !== undefined) throw refused(line, isCut === 'unended' ? 'is cut off' : `is ${isCut}`);
    if (line > MAX_INPUTS) throw refused(line, `there are more than ${MAX_INPUTS} lines`);
    const value = parsedLine(bytes, line);
    if (line === 1) {
      checked(inputsHead, value, line);
      head = value as Pick<ReportInputs, 'readAfter' | 'allowlist' | 'sealed'>;
      continue;
    }
    const one = checked(inputsLine, value, line);
    if ('state' in one) states.push((value as { state: ReportState }).state);
    else if ('incident' in one) incidents.push((value as { incident: Incident }).incident);
    else places.push((value as { place: ReportPlace }).place);
  }
  if (head === undefined) throw refused(1, 'is missing');
  const { readAfter, allowlist, sealed } = head;
  return { readAfter, allowlist, sealed, states, incidents, places };
}

async function* limited(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let bytes = 0;
  for await (const chunk of chunks) {
    bytes += chunk.length;
    if (bytes > MAX_INPUTS_BYTES) throw new AjarError('bad-input', `${INPUTS}: more than ${MAX_INPUTS_BYTES} bytes`);
    yield chunk;
  }
}

function parsedLine(bytes: Buffer, line: number): unknown {
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes));
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof TypeError) throw refused(line, 'is not JSON');
    throw error;
  }
}

function checked<T extends z.ZodType>(document: T, value: unknown, line: number): z.infer<T> {
  const { success, data, error } = document.safeParse(value);
  if (success) return data;
  const [issue] = error.issues;
  throw refused(line, `is no input of a report: ${issue?.path.join('.') ?? ''} ${issue?.message ?? ''}`.trimEnd());
}

function refused(line: number, why: string): AjarError {
  return new AjarError('bad-input', `${INPUTS} line ${line} ${why}`);
}
