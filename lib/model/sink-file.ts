/**
 * What `ajar.yaml` says of sinks. A secret is never in it: it says in which variable of the environment, or in which file, the
 * secret is. What the settings file holds may be shown, diffed and committed.
 */
import { z } from 'zod';
import { ESCALATION } from './sink.ts';

const NEVER = 'must be { env: NAME } or { file: PATH }: the secret itself never stands in this file';

export const secretPlace = z.union(
  [
    z.strictObject({ env: z.string().regex(/^[A-Za-z_][A-Za-z0-9_]{0,127}$/) }),
    z.strictObject({ file: z.string().min(1).max(1_024) }),
  ],
  { error: NEVER },
);
export type SecretPlace = z.infer<typeof secretPlace>;

/** Tells two of one type apart. It is part of the sink's id: what is owed under one name is owed to that name. */
const name = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{0,31}$/, { error: 'must be 1 to 32 lower-case letters, digits and dashes' })
  .optional();

/** The second contact's: told only what nobody acknowledged, and how that ended. */
const escalation = z.boolean({ error: 'must be true or false' }).default(false);

const sinkEntry = z.discriminatedUnion(
  'type',
  [
    z.strictObject({ type: z.literal('slack'), name, escalation, url: secretPlace }),
    z.strictObject({ type: z.literal('teams'), name, escalation, url: secretPlace }),
    z.strictObject({
      type: z.literal('pagerduty'),
      name,
      escalation,
      key: secretPlace,
      region: z.enum(['us', 'eu'], { error: 'must be us or eu' }).default('us'),
    }),
    z.strictObject({
      type: z.literal('eventbridge'),
      name,
      escalation,
      bus: z.string().regex(/^arn:aws[a-z-]*:events:[a-z0-9-]+:\d{12}:event-bus\/[\w./-]{1,256}$/, {
        error: 'must be the ARN of an event bus',
      }),
    }),
    z.strictObject({
      type: z.literal('webhook'),
      name,
      escalation,
      url: secretPlace,
      secret: secretPlace.optional(),
      format: z.enum(['notice', 'asff'], { error: 'must be notice or asff' }).default('notice'),
    }),
  ],
  { error: 'type must be slack, teams, pagerduty, eventbridge or webhook' },
);
export type SinkEntry = z.infer<typeof sinkEntry>;

export const MAX_SINKS = 16;

export const sinkEntries = z
  .array(sinkEntry, { error: 'must be a list of sinks' })
  .min(1, { error: 'must not be empty' })
  .max(MAX_SINKS)
  .superRefine((entries, context) => {
    const ids = entries.map(sinkId);
    ids.forEach((id, i) => {
      if (ids.indexOf(id) < i) {
        context.addIssue({ code: 'custom', path: [i, 'name'], message: `a second ${id}: give each a name of its own` });
      }
    });
  });

/** `slack`, or `slack:ops` where it has a name: the same after its secret was changed. */
export function sinkId(entry: SinkEntry): string {
  const id = entry.name === undefined ? entry.type : `${entry.type}:${entry.name}`;
  return entry.escalation ? `${ESCALATION}${id}` : id;
}
