/**
 * What a settings file says of sinks: `ajar.yaml` of one machine, `sinks.yaml` of a deployed ajar. A secret is never in it: it
 * says in which variable of the environment, in which file or in which secret of AWS it is. Such a file may be shown, diffed
 * and committed.
 */
import { z } from 'zod';
import { type AwsPlace, type LocalPlace, sinkId } from './sink-entry.ts';

const NEVER = 'the secret itself never stands in this file';

/** On one machine. */
const localPlace: z.ZodType<LocalPlace> = z.union(
  [
    z.strictObject({ env: z.string().regex(/^[A-Za-z_][A-Za-z0-9_]{0,127}$/) }),
    z.strictObject({ file: z.string().min(1).max(1_024) }),
  ],
  { error: `must be { env: NAME } or { file: PATH }: ${NEVER}` },
);

/** On AWS. By its whole ARN, as IAM has to name it; `field` where it is a JSON object, as the console makes them. */
const awsPlace: z.ZodType<AwsPlace> = z.strictObject(
  {
    secret: z
      .string()
      .regex(/^arn:aws[a-z-]*:secretsmanager:[a-z0-9-]+:\d{12}:secret:[\w/+=.@-]{1,512}-[A-Za-z0-9]{6}$/, {
        error: 'must be the whole ARN of a secret of Secrets Manager, with its last six characters',
      }),
    field: z.string().min(1).max(128).optional(),
  },
  { error: `must be { secret: ARN }, with field where it is a JSON object: ${NEVER}` },
);

/** Tells two of one type apart. It is part of the sink's id: what is owed under one name is owed to that name. */
const name = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{0,31}$/, { error: 'must be 1 to 32 lower-case letters, digits and dashes' })
  .optional();

/** The second contact's: told only what nobody acknowledged, and how that ended. */
const escalation = z.boolean({ error: 'must be true or false' }).default(false);

export const MAX_SINKS = 16;

function entriesWith<Place extends z.ZodType>(place: Place) {
  const entry = z.discriminatedUnion(
    'type',
    [
      z.strictObject({ type: z.literal('slack'), name, escalation, url: place }),
      z.strictObject({ type: z.literal('teams'), name, escalation, url: place }),
      z.strictObject({
        type: z.literal('pagerduty'),
        name,
        escalation,
        key: place,
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
        type: z.literal('securityhub'),
        name,
        escalation,
        role: z
          .string()
          .regex(/^(arn:aws[a-z-]*:iam::(\{account\}|\d{12}):role\/)?[\w+=,.@/-]{1,512}$/, {
            error: 'must be the name of a role, or an ARN with {account} in the place of the account id',
          })
          .optional(),
        externalId: z.string().min(2).max(1_224).optional(),
      }),
      z.strictObject({
        type: z.literal('webhook'),
        name,
        escalation,
        url: place,
        secret: place.optional(),
        format: z.enum(['notice', 'asff'], { error: 'must be notice or asff' }).default('notice'),
      }),
    ],
    { error: 'type must be slack, teams, pagerduty, eventbridge, securityhub or webhook' },
  );
  return z
    .array(entry, { error: 'must be a list of sinks' })
    .max(MAX_SINKS)
    .superRefine((entries, context) => {
      const ids = entries.map(sinkId);
      ids.forEach((id, i) => {
        if (ids.indexOf(id) < i) {
          context.addIssue({
            code: 'custom',
            path: [i, 'name'],
            message: `a second ${id}: give each a name of its own`,
          });
        }
      });
    });
}

/** Of `ajar.yaml`. */
export const sinkEntries = entriesWith(localPlace).min(1, { error: 'must not be empty' });

/** `sinks.yaml`. An empty list takes out those that were there. */
export const sinksFile = z.strictObject({
  $schema: z.string().optional(),
  version: z.literal(1, { error: 'must be 1: this ajar reads version 1 files' }),
  sinks: entriesWith(awsPlace),
});
export const MAX_SINKS_BYTES = 64 * 1024;
