/** Schemas of what `ajar report reproduce` reads: a manifest and the inputs beside it. Either may be anybody's. */
import { z } from 'zod';
import { endpointDocument, incidentDocument, instant } from './documents.ts';
import { allowanceEntry } from './files.ts';
import { CELL_STATUSES } from './inventory.ts';
import { FORMATS } from './report.ts';
import { postureDocument } from './report-document.ts';

const digest = z.string().regex(/^[0-9a-f]{64}$/);
const version = z.string().max(128);

/** Of a manifest what is needed to make the report again. It may say more. */
export const reproducibleManifest = z.object({
  schema: z.literal(1),
  report: z.object({ id: version, tool: z.object({ name: z.literal('ajar'), version }) }),
  reproduction: z.object({ mapping: version, classifier: version }),
  /** Absent in those of an early release. */
  made: z
    .strictObject({
      asked: z.strictObject({ from: z.iso.datetime().exactOptional(), to: z.iso.datetime().exactOptional() }),
      formats: z.array(z.enum(FORMATS)).max(FORMATS.length),
      font: z.strictObject({ name: z.string().max(255), bytes: z.int().min(1), sha256: digest }).exactOptional(),
    })
    .exactOptional(),
  ledger: z.object({ firstSeq: z.int().min(0), lastSeq: z.int().min(0), headHash: digest }),
});

const count = z.int().min(0);
const cell = z.strictObject({
  ...{ status: z.enum(CELL_STATUSES), triedAt: instant, calls: count },
  ...{ completeAt: instant.exactOptional(), detail: z.string().exactOptional() },
  known: z.record(z.string(), z.strictObject({ misses: count, gone: z.literal(true).exactOptional() })),
});

/** Of one report: a checkpoint an hour for sixty years. */
const MAX_HEADS = 600_000;
const sealed = z.discriminatedUnion('isRead', [
  z.strictObject({ isRead: z.literal(false), why: z.string() }),
  z.strictObject({
    isRead: z.literal(true),
    checkpoints: count,
    ...{ from: instant.exactOptional(), to: instant.exactOptional() },
    last: z.strictObject({ hour: instant, lastSeq: count, sha256: digest }).exactOptional(),
    key: digest.exactOptional(),
    heads: z.array(z.strictObject({ hour: instant, seq: count, hash: digest })).max(MAX_HEADS),
    problems: z.array(z.string()),
  }),
]);

/** The first line, and every other: each says what it is of. */
export const inputsHead = z.strictObject({
  schema: z.literal(1),
  readAfter: count,
  allowlist: z.strictObject({
    ...{ file: z.string(), digest: z.string() },
    entries: z.array(allowanceEntry),
  }),
  sealed,
});
export const inputsLine = z.union([
  z.strictObject({
    state: z.strictObject({
      ...{ endpoint: endpointDocument, posture: postureDocument, lastReadingAt: instant },
      ...{ lastConclusiveAt: instant.exactOptional(), gapSince: instant.exactOptional() },
      ...{ deletedAt: instant.exactOptional(), unseenSince: instant.exactOptional() },
    }),
  }),
  z.strictObject({ incident: incidentDocument }),
  z.strictObject({
    place: z.strictObject({
      place: z.strictObject({ account: z.string(), region: z.string() }),
      cells: z.record(z.string(), cell),
    }),
  }),
]);
