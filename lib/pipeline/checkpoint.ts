/** Signs a checkpoint, and says what is wrong with one. The file is the canonical JSON of it and a line end: no other bytes. */
import { type KeyObject, verify } from 'node:crypto';
import { canonicalText, sha256 } from '../model/canonical.ts';
import {
  type Checkpoint,
  CHECKPOINT_END,
  checkpointDocument,
  hourPath,
  MAX_CHECKPOINT_BYTES,
  OBJECT_END,
  type UnsignedCheckpoint,
} from '../model/checkpoint.ts';
import { type EvidenceReader, MAX_FOLDER_NAMES, type Signer } from '../model/evidence.ts';

export interface Kept {
  readonly checkpoint: Checkpoint;
  /** Of its file: what the next one names as `previous`. */
  readonly digest: string;
}

export function fingerprintOf(key: KeyObject): string {
  return sha256(key.export({ type: 'spki', format: 'der' }));
}

export async function signed(body: UnsignedCheckpoint, signer: Signer): Promise<Checkpoint> {
  const signature = await signer.sign(Buffer.from(canonicalText(body)));
  return { ...body, signature: Buffer.from(signature).toString('base64') };
}

export function fileOf(checkpoint: Checkpoint): Buffer {
  return Buffer.from(`${canonicalText(checkpoint)}\n`);
}

/** What was signed. */
export function unsigned(checkpoint: Checkpoint): UnsignedCheckpoint {
  const { signature: _signature, ...body } = checkpoint;
  return body;
}

/** The checkpoint in these bytes, or why there is none. */
export function parseCheckpoint(bytes: Uint8Array): Kept | string {
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes));
  } catch (error) {
    if (error instanceof SyntaxError || error instanceof TypeError) return 'is not JSON';
    throw error;
  }
  const parsed = checkpointDocument.safeParse(value);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    return `is no checkpoint: ${issue?.path.join('.') ?? ''} ${issue?.message ?? ''}`.trimEnd();
  }
  const checkpoint = parsed.data as Checkpoint;
  if (!fileOf(checkpoint).equals(bytes)) return 'is not in canonical form: somebody wrote it again';
  return { checkpoint, digest: sha256(bytes) };
}

/** Why nobody who holds one of these keys signed it; `undefined` where one did. By fingerprint. */
export function signatureProblem(checkpoint: Checkpoint, keys: ReadonlyMap<string, KeyObject>): string | undefined {
  const key = keys.get(checkpoint.key);
  if (key === undefined) return `was signed with another key, ${checkpoint.key}`;
  const signature = Buffer.from(checkpoint.signature, 'base64');
  const isOurs = verify('sha256', Buffer.from(canonicalText(unsigned(checkpoint))), key, signature);
  return isOurs ? undefined : 'its signature does not match its content';
}

/** Checkpoints and objects of one hour lie side by side. */
export const namesOfHour = (hour: string) => ({
  checkpoint: `${hourPath(hour)}${CHECKPOINT_END}`,
  object: `${hourPath(hour)}${OBJECT_END}`,
});

/** Of files that are small, or are none of ours. */
export async function readSmall(evidence: EvidenceReader, name: string, limit = MAX_CHECKPOINT_BYTES) {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of evidence.read(name)) {
    bytes += chunk.length;
    if (bytes > limit) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** The hour whose checkpoint is the newest, from names alone. */
export async function newestHour(evidence: EvidenceReader): Promise<string | undefined> {
  for await (const { hour, checkpoint } of sealedHours(evidence, { backwards: true })) if (checkpoint) return hour;
  return undefined;
}

export interface HourNames {
  readonly hour: string;
  readonly checkpoint: boolean;
  readonly object: boolean;
}

export interface HoursAsked {
  readonly backwards?: boolean;
  /** What lies in days before this hour's own is not listed: of years of evidence a report of a day needs a day. */
  readonly from?: string;
  readonly onStrange?: (name: string) => void;
  /** Told once where there are days that were left out for that. */
  readonly onEarlier?: () => void;
}

/** Hours of which there is an object or a checkpoint, in their order or against it. Other names are told to `onStrange`. */
export async function* sealedHours(
  evidence: EvidenceReader,
  { backwards = false, from = '', onStrange = () => undefined, onEarlier = () => undefined }: HoursAsked = {},
): AsyncGenerator<HourNames> {
  const first = from.slice(0, 10).replaceAll('-', '/');
  let isToldOfEarlier = false;
  // A year, a month or a day, as its folder is named: `2026/`, `2026/12/`, `2026/12/04/`.
  const isEarlier = (path: string): boolean => {
    const isSo = path.slice(0, -1) < first.slice(0, path.length - 1);
    if (isSo && !isToldOfEarlier) onEarlier();
    isToldOfEarlier ||= isSo;
    return isSo;
  };
  const inTurn = (names: readonly string[]): readonly string[] => (backwards ? names.toReversed() : names);
  const below = async (folder: string, shape: RegExp): Promise<readonly string[]> => {
    const names = await evidence.names(folder);
    for (const name of names) if (!shape.test(name)) onStrange(`${folder}${name}`);
    return inTurn(names.filter((name) => shape.test(name)).slice(0, MAX_FOLDER_NAMES));
  };
  for (const year of await below('ledger/', /^\d{4}\/$/)) {
    if (isEarlier(year)) continue;
    for (const month of await below(`ledger/${year}`, /^(0[1-9]|1[0-2])\/$/)) {
      if (isEarlier(`${year}${month}`)) continue;
      for (const day of await below(`ledger/${year}${month}`, /^(0[1-9]|[12]\d|3[01])\/$/)) {
        if (isEarlier(`${year}${month}${day}`)) continue;
        const folder = `ledger/${year}${month}${day}`;
        const names = new Set(await below(folder, /^([01]\d|2[0-3])(\.ndjson|\.checkpoint\.json)$/));
        const hours = [...new Set([...names].map((name) => name.slice(0, 2)))];
        for (const h of hours) {
          const hour = `${year}${month}${day}`.slice(0, 10).replaceAll('/', '-');
          yield {
            hour: `${hour}T${h}:00:00.000Z`,
            checkpoint: names.has(`${h}${CHECKPOINT_END}`),
            object: names.has(`${h}${OBJECT_END}`),
          };
        }
      }
    }
  }
}
