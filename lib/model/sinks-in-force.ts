/**
 * The sinks of a deployed ajar, as guard read them last and wrote them beside the state: whoever commits takes from it to whom
 * a notice is owed, notify whom to ask. One place for both, so that neither believes something of its own. No secrets.
 */
import * as z from 'zod/mini';
import type { AwsPlace, SinkEntry } from './sink-entry.ts';

/** Keys of notes: what is in force, and what became of the secrets that it names. */
export const SINKS_NOTE = 'sinks/in-force';
export const TRIED_NOTE = 'sinks/tried';

/** Those that were taken out, the last ones. What they are owed still is settled unsent, and says so. */
export const MAX_REMOVED = 32;

/** As guard wrote it, whose schema is `sinksFile`. A later version of ajar counts on. */
const inForce = z.object({
  version: z.literal(1),
  entries: z.custom<readonly SinkEntry<AwsPlace>[]>(Array.isArray),
  removed: z.array(z.object({ id: z.string(), at: z.string() })),
  at: z.string(),
});
export type SinksInForce = z.infer<typeof inForce>;

const tried = z.object({
  at: z.string(),
  /** By the sink's id, why it cannot be used. */
  faults: z.record(z.string(), z.string()),
});
export type SinksTried = z.infer<typeof tried>;

/** `undefined` where there is none, or none that this version reads. */
export function sinksInForceOf(note: unknown): SinksInForce | undefined {
  return z.safeParse(inForce, note).data;
}

export function sinksTriedOf(note: unknown): SinksTried | undefined {
  return z.safeParse(tried, note).data;
}
