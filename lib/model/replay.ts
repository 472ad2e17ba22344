/**
 * The file of `ajar replay`: a history in which accounts, endpoints, changes and faults are scripted. Everything that ajar
 * itself does is not: it runs on it. Messages say how to fix; the limits keep any file's replay within a minute or so.
 */
import { z } from 'zod';
import { PROBED_ENGINES } from './endpoint.ts';
import { account, allowanceEntry, list, text } from './files.ts';
import { PROTECTIONS } from './protection.ts';
import { inconsistencies } from './replay-checks.ts';

export const MAX_REPLAY_BYTES = 1024 * 1024;
const MAX_ACCOUNTS = 50;
const MAX_ENDPOINTS = 100;
const MAX_EVENTS = 200;
const MAX_FAULTS = 50;
const MAX_VANTAGES = 3;
const MAX_OBJECTS = 50;
const MAX_FIELDS = 200;

const UNITS = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;
const duration = z
  .string({ error: 'must be a time like 30s, 5m, 2h or 1d' })
  .regex(/^\d{1,6}(ms|s|m|h|d)$/, { error: 'must be a time like 30s, 5m, 2h or 1d' });

/** Milliseconds of a duration that the schema has accepted. */
export function durationMs(value: string): number {
  const unit = /[a-z]+$/.exec(value)?.[0] as keyof typeof UNITS;
  return Number.parseInt(value, 10) * UNITS[unit];
}

const instant = z
  .string({ error: 'must be an instant like 2019-12-04T18:07:00Z' })
  .regex(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{3})?Z$/, { error: 'must be an instant like 2019-12-04T18:07:00Z' })
  .refine((value) => isInstant(value), { error: 'must be a real instant of the calendar' });

function isInstant(value: string): boolean {
  const ms = Date.parse(value);
  return !Number.isNaN(ms) && new Date(ms).toISOString().startsWith(value.slice(0, 19));
}

const name = text(64).regex(/^[a-z0-9][a-z0-9-]*$/, {
  error: 'must be lower-case letters, digits and dashes, and begin with a letter or digit',
});
const region = text(32).regex(/^[a-z]{2,8}(-[a-z]+)+-\d$/, { error: 'must be a region like eu-west-1' });
const level = z.enum(['on', 'partial', 'off'], { error: 'must be on, partial or off' });
const declaredLevel = z.enum(['on', 'partial', 'off', 'unknown'], { error: 'must be on, partial, off or unknown' });

const declared = z.partialRecord(
  z.enum(PROTECTIONS, { error: `must be one of ${PROTECTIONS.join(', ')}` }),
  declaredLevel,
);
export const DOORS = ['open', 'refused', 'silent', 'private'] as const;
const observed = z.strictObject({
  /** `private`: its name leads to a private address, as of a database that is not public. */
  door: z.enum(DOORS, { error: `must be one of ${DOORS.join(', ')}` }).optional(),
  authentication: level.optional(),
  tls: level.optional(),
});

const service = text(64).regex(/^[a-z][a-z0-9-]*$/, { error: 'must be a service as `ajar plan` lists them' });

export const replayEndpoint = z
  .strictObject({
    id: name,
    /** For whoever reads: how it came to be so, where it was so before the history begins. */
    what: text(200).optional(),
    account,
    region,
    service,
    engine: z.enum(PROBED_ENGINES, { error: `must be one of ${PROBED_ENGINES.join(', ')}` }),
    port: z.int({ error: 'must be a port number, 1 to 65535' }).min(1).max(65_535),
    declared: declared.optional(),
    observed: observed.required({ door: true }),
    /** What its configuration rests on besides itself, as `ec2:sg-0a1b2c3d`. */
    dependsOn: z.array(text(200)).max(20).optional(),
    data: z
      .array(
        z.strictObject({
          name: text(128),
          kind: z.enum(['index', 'database', 'keyspace', 'table', 'collection', 'topic', 'cache']),
          records: z.int().min(0).optional(),
          fields: z
            .array(text(128))
            .max(MAX_FIELDS, { error: `more than ${MAX_FIELDS} fields` })
            .optional(),
        }),
      )
      .max(MAX_OBJECTS, { error: `more than ${MAX_OBJECTS} objects` })
      .optional(),
  })
  .refine((e) => !NEVER_OPEN.has(e.engine) || e.observed.authentication !== 'off', {
    path: ['observed', 'authentication'],
    error: 'cannot be off: a visit to this engine never logs in, so it cannot see that. Describe it by its door alone',
  });

/** Whose probes see a greeting and no more. */
const NEVER_OPEN: ReadonlySet<string> = new Set(['mysql', 'mariadb']);

const trail = z.strictObject({
  /** From the call to when the event bus has it; 20s unless said. */
  delay: duration.optional(),
  /** How often it is delivered, each time 7 s after the last. */
  copies: z.int().min(1).max(5).optional(),
  /** The bus loses it; CloudTrail's own memory has it. */
  lost: z.boolean({ error: 'must be true or false' }).optional(),
  by: text(64).optional(),
  /** Another call than the service's own for this. */
  source: text(128).optional(),
  call: text(128).optional(),
  request: z.record(text(64), z.union([text(200), z.array(text(200)).max(20)])).optional(),
});

export const replayEvent = z.strictObject({
  at: instant,
  what: text(200),
  endpoint: name,
  does: z.enum(['change', 'create', 'delete'], { error: 'must be change, create or delete' }),
  declared: declared.optional(),
  observed: observed.optional(),
  /** CloudTrail's event of it. Without: nobody is told, as where somebody edits a file on a machine. */
  trail: trail.optional(),
});

export const FAULTS = [
  'throttled',
  'denied',
  'prober-dead',
  'prober-blind',
  'region-dark',
  'clock-skew',
  'sink-down',
  'redelivery',
] as const;

export const replayFault = z
  .strictObject({
    fault: z.enum(FAULTS, { error: `must be one of ${FAULTS.join(', ')}` }),
    at: instant,
    for: duration,
    /** Narrow it; without, all of them. */
    account: account.optional(),
    region: region.optional(),
    service: service.optional(),
    vantage: name.optional(),
    /** Of clock-skew: how far the prober's clock is ahead; `behind` turns it round. */
    by: duration.optional(),
    behind: z.boolean({ error: 'must be true or false' }).optional(),
  })
  .refine((f) => (f.fault === 'clock-skew') === (f.by !== undefined), {
    path: ['by'],
    error: 'belongs to clock-skew, which needs it',
  })
  .refine((f) => f.fault !== 'region-dark' || f.region !== undefined, {
    path: ['region'],
    error: 'is missing: say which region is dark',
  });

export const replayFile = z
  .strictObject({
    $schema: z.string().optional(),
    version: z.literal(1, { error: 'must be 1: this ajar reads version 1 files' }),
    name,
    about: text(1_000).optional(),
    /** When ajar begins to look. What is so by then was so before. */
    from: instant,
    until: instant,
    vantages: list(name)
      .max(MAX_VANTAGES, { error: `more than ${MAX_VANTAGES} vantages` })
      .optional(),
    accounts: list(z.strictObject({ id: account, regions: list(region).max(30) })).max(MAX_ACCOUNTS, {
      error: `more than ${MAX_ACCOUNTS} accounts`,
    }),
    endpoints: list(replayEndpoint).max(MAX_ENDPOINTS, { error: `more than ${MAX_ENDPOINTS} endpoints` }),
    allowances: z.array(allowanceEntry).max(100).optional(),
    events: z
      .array(replayEvent)
      .max(MAX_EVENTS, { error: `more than ${MAX_EVENTS} events` })
      .optional(),
    faults: z
      .array(replayFault)
      .max(MAX_FAULTS, { error: `more than ${MAX_FAULTS} faults` })
      .optional(),
  })
  .superRefine((file, context) => {
    for (const { path, message } of inconsistencies(file))
      context.addIssue({ code: 'custom', path: [...path], message });
  });
export type ReplayFile = z.infer<typeof replayFile>;
export type ReplayEndpoint = ReplayFile['endpoints'][number];
export type ReplayEvent = NonNullable<ReplayFile['events']>[number];
export type ReplayFault = NonNullable<ReplayFile['faults']>[number];
