/**
 * What an hour of the ledger becomes when it is sealed (evidence-and-alerts.md section 1.3): an object of NDJSON, one entry a
 * line in canonical JSON, and a signed checkpoint beside it. A sealed hour is never written again: an entry that comes late
 * stands in the object that is sealed next. `docs/evidence.md` tells auditors.
 */
import { z } from 'zod';

const HOUR_MS = 3_600_000;
export const NO_CHECKPOINT = '0'.repeat(64);
/** What a reader takes in at most: of one checkpoint, and of one entry. */
export const MAX_CHECKPOINT_BYTES = 16_384;
export const MAX_ENTRY_BYTES = 64 * 1024 * 1024;
/** Of one object. What does not fit stands in the next. */
export const MAX_OBJECT_BYTES = 128 * 1024 * 1024;
export const MAX_OBJECT_ENTRIES = 1_000_000;

const digest = z.string().regex(/^[0-9a-f]{64}$/);
const count = z.int().min(0);
const hour = z.string().regex(/^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])T([01]\d|2[0-3]):00:00\.000Z$/);

const objectName = z.string().regex(/^ledger\/\d{4}\/\d\d\/\d\d\/\d\d\.ndjson$/);

export const checkpointDocument = z.strictObject({
  schema: z.literal(1),
  /** Which chain: one for each ledger. */
  shard: z.string().regex(/^[a-z0-9][a-z0-9._-]{0,63}$/),
  /** First hour that it covers. Earlier than `hour` only where nothing was recorded in any of them. */
  since: hour,
  /** The hour that it seals, by its first instant, UTC. */
  hour,
  /** Where nothing was recorded, `lastSeq` is that of the entry before and `firstSeq` one more. */
  firstSeq: z.int().min(1),
  lastSeq: count,
  count,
  /** Entries from the first of the ledger to the last of this hour. */
  total: count,
  /** Of the last entry; 64 zeros before the first. */
  headHash: digest,
  /** RFC 6962 over the lines without their line ends. */
  merkleRoot: digest,
  object: z.strictObject({ name: objectName, bytes: z.int().min(1), sha256: digest }).optional(),
  /** SHA-256 of the whole file of the checkpoint before; 64 zeros in the first. */
  previous: digest,
  /** SHA-256 of the public key, DER SubjectPublicKeyInfo. */
  key: digest,
  /** ECDSA P-256 with SHA-256, DER, base64, over the canonical JSON of everything else. */
  signature: z.base64().max(200),
});
export type Checkpoint = z.infer<typeof checkpointDocument>;
export type UnsignedCheckpoint = Omit<Checkpoint, 'signature'>;

/** The first instant of the hour that holds it. */
export function hourOf(instant: string | Date): string {
  return new Date(Math.floor(new Date(instant).getTime() / HOUR_MS) * HOUR_MS).toISOString();
}

export function hourAfter(hour: string, hours = 1): string {
  return new Date(Date.parse(hour) + hours * HOUR_MS).toISOString();
}

export function hoursBetween(from: string, to: string): number {
  return Math.round((Date.parse(to) - Date.parse(from)) / HOUR_MS);
}

/** `ledger/2026/12/04/10`, to which the endings are added. */
export function hourPath(hour: string): string {
  return `ledger/${hour.slice(0, 13).replace(/[-T]/g, '/')}`;
}

export const OBJECT_END = '.ndjson';
export const CHECKPOINT_END = '.checkpoint.json';
