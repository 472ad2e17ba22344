/** Schemas of the files that people write: inventory, allowlist, configuration. Messages say how to fix. */
import { z } from 'zod';
import { MAX_LISTED_ADDRESSES, PROBED_ENGINES } from './endpoint.ts';
import { LEVELS, PROTECTIONS } from './protection.ts';
import { sinkEntries } from './sink-file.ts';
import { SEVERITIES } from './verdict.ts';

export const MAX_INVENTORY_ENTRIES = 100_000;
export const MAX_INVENTORY_BYTES = 64 * 1024 * 1024;
export const MAX_ALLOWLIST_ENTRIES = 2_000;
export const MAX_ALLOWLIST_BYTES = 1024 * 1024;
export const MAX_ALLOWANCE_DAYS = 366;
export const MAX_GLASS_HOURS = 24;
/** Files of one directory. */
export const MAX_ALLOWLIST_FILES = 200;

export const account = z
  .string({ error: 'must be text of 12 digits: put it in quotes, so that leading zeros are kept' })
  .regex(/^\d{12}$/, { error: 'must be 12 digits' });
export const text = (max: number, min = 1) =>
  z
    .string({ error: 'must be text' })
    .min(min, { error: `must have at least ${min} characters` })
    .max(max);
const port = z.int({ error: 'must be a port number, 1 to 65535' }).min(1).max(65_535);
const engine = z.enum(PROBED_ENGINES, { error: `must be one of ${PROBED_ENGINES.join(', ')}` });
const date = z
  .string({ error: 'must be a date like "2026-12-31"' })
  .refine((day) => isDate(day), { error: 'must be a real calendar day like "2026-12-31"' });

function isDate(day: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(day)) return false;
  const parsed = new Date(`${day}T00:00:00.000Z`);
  return !Number.isNaN(parsed.getTime()) && parsed.toISOString().startsWith(day);
}

const level = z.enum(LEVELS, { error: `must be one of ${LEVELS.join(', ')}` });
const tags = z.record(text(128), z.string({ error: 'must be text: put it in quotes' }).max(256));

export const inventoryEntry = z.strictObject({
  id: text(256).regex(/^[\p{L}\p{N}][\p{L}\p{N}._:/@-]*$/u, {
    error: 'must start with a letter or digit and hold only letters, digits and . _ : / @ -',
  }),
  host: text(253),
  port,
  engine,
  account: account.optional(),
  region: text(32).optional(),
  name: text(128).optional(),
  arn: text(512).optional(),
  tags: tags.optional(),
  addresses: z
    .array(z.union([z.ipv4(), z.ipv6()], { error: 'must be an IP address' }))
    .max(MAX_LISTED_ADDRESSES, { error: `at most ${MAX_LISTED_ADDRESSES} addresses` })
    .optional(),
  declared: z
    .partialRecord(z.enum(PROTECTIONS, { error: `must be one of ${PROTECTIONS.join(', ')}` }), level)
    .optional(),
});

export const inventoryFile = z.strictObject({
  version: z.literal(1, { error: 'must be 1: this ajar reads version 1 files' }),
  endpoints: z
    .array(inventoryEntry, { error: 'must be a list of endpoints' })
    .min(1, { error: 'lists no endpoint: add one with id, host, port and engine' })
    .max(MAX_INVENTORY_ENTRIES, {
      error: `more than ${MAX_INVENTORY_ENTRIES} endpoints: split the file and pass --file twice`,
    })
    .superRefine(noDuplicateIds('endpoints')),
});
export type InventoryFile = z.infer<typeof inventoryFile>;

const cidr = z.union([z.cidrv4(), z.cidrv6()], { error: 'must be a CIDR block like 203.0.113.16/28' });
const narrowCidr = cidr.refine((block) => Number(block.split('/')[1]) >= (block.includes(':') ? 120 : 28), {
  error: 'too broad: /28 (IPv4) or /120 (IPv6) at the widest',
});
export const list = <T extends z.ZodType>(item: T) =>
  z.array(item, { error: 'must be a list' }).min(1, { error: 'must not be empty' });

export const allowanceMatch = z
  .strictObject({
    accounts: list(account),
    regions: list(z.string().regex(/^[a-z]{2}(-[a-z]+)+-\d$/, { error: 'must be a region like eu-west-1' })).optional(),
    arns: list(
      z.string().regex(/^arn:aws[a-z-]*:[a-z0-9-]+:[^*?\s:]*:(\d{12}|):\S+$/, {
        error: 'must be an ARN; * and ? are accepted in the resource part only',
      }),
    ).optional(),
    tags: tags.refine((t) => Object.keys(t).length > 0, { error: 'must not be empty' }).optional(),
    hostnames: list(z.string().regex(/^[A-Za-z0-9.:-]{1,253}$/, { error: 'must be one literal host name' })).optional(),
    addresses: list(narrowCidr).optional(),
    protocols: list(engine),
    ports: list(port).optional(),
  })
  .refine(
    (m) => m.arns !== undefined || m.tags !== undefined || m.hostnames !== undefined || m.addresses !== undefined,
    {
      error: 'matches a whole account: add arns, tags, hostnames or addresses',
    },
  );

const instant = z.iso.datetime({ error: 'must be an instant like "2026-12-31T10:00:00Z"' });

const breakGlass = z.strictObject({
  anonymous: z.enum(['metadata', 'read'], { error: 'must be metadata or read' }),
  from: instant,
  maxHours: z
    .int({ error: 'must be a whole number of hours' })
    .min(1, { error: 'must be at least 1' })
    .max(MAX_GLASS_HOURS, { error: `must be ${MAX_GLASS_HOURS} at most: approve it again instead` }),
  secondApprover: text(128, 3),
});

export const allowanceEntry = z
  .strictObject({
    id: text(64, 3).regex(/^[a-z][a-z0-9-]*$/, { error: 'must be lower-case letters, digits and dashes' }),
    owner: text(128, 3),
    author: text(128, 3).optional(),
    reason: text(1_000, 20),
    ticket: text(256, 2),
    approvedBy: list(text(128, 3)),
    approvedOn: date,
    expires: date,
    match: allowanceMatch,
    permit: z
      .strictObject({
        reachable: z.enum(['from-internet', 'from-cidrs'], { error: 'must be from-internet or from-cidrs' }),
        fromCidrs: list(cidr).optional(),
        authentication: z
          .literal('required', { error: 'only "required": anonymous access is never accepted' })
          .default('required'),
        plaintext: z.boolean({ error: 'must be true or false' }).default(false),
        minTls: z.enum(['1.2', '1.3'], { error: 'must be "1.2" or "1.3", in quotes' }).default('1.2'),
        breakGlass: breakGlass.optional(),
      })
      .refine((p) => p.reachable !== 'from-cidrs' || p.fromCidrs !== undefined, {
        error: 'from-cidrs needs fromCidrs',
      }),
  })
  .refine((e) => e.expires >= e.approvedOn, { path: ['expires'], error: 'is before approvedOn' })
  .refine((e) => days(e.approvedOn, e.expires) <= MAX_ALLOWANCE_DAYS, {
    path: ['expires'],
    error: `is more than ${MAX_ALLOWANCE_DAYS} days after approvedOn: approve it again instead`,
  })
  .refine((e) => e.approvedBy.some((who) => !isOneOf(who, writersOf(e))), {
    path: ['approvedBy'],
    error: 'needs somebody other than the owner and the author',
  })
  .superRefine(checkBreakGlass);

/** Names of people and mailboxes are the same in any case. */
function isOneOf(who: string, names: readonly string[]): boolean {
  const plain = (name: string): string => name.trim().toLowerCase().normalize('NFKC');
  return names.some((name) => plain(name) === plain(who));
}

function writersOf({ owner, author }: { readonly owner: string; readonly author?: string | undefined }): string[] {
  return author === undefined ? [owner] : [owner, author];
}

interface EntryShape {
  readonly owner: string;
  readonly author?: string | undefined;
  readonly approvedBy: readonly string[];
  readonly approvedOn: string;
  readonly expires: string;
  readonly match: z.output<typeof allowanceMatch>;
  readonly permit: { readonly breakGlass?: z.output<typeof breakGlass> | undefined };
}

/** Two approve it, it is for endpoints named one by one, and its hours are within its days. */
function checkBreakGlass(entry: EntryShape, context: z.RefinementCtx): void {
  const { permit, match, approvedBy, approvedOn, expires } = entry;
  const glass = permit.breakGlass;
  if (glass === undefined) return;
  const wrong = (path: readonly string[], message: string): void =>
    context.addIssue({ code: 'custom', path: ['permit', 'breakGlass', ...path], message });
  if (isOneOf(glass.secondApprover, [...writersOf(entry), ...approvedBy]))
    wrong(['secondApprover'], 'must be a second person: neither owner nor author, nor among approvedBy');
  if (match.hostnames === undefined && (match.arns ?? ['*']).some((arn) => /[*?]/.test(arn)))
    wrong([], 'needs hostnames, or arns without * and ?: it is for endpoints named one by one');
  const end = Date.parse(glass.from) + glass.maxHours * 3_600_000;
  if (glass.from.slice(0, 10) < approvedOn || end > Date.parse(`${expires}T23:59:59.999Z`) + 1)
    wrong(['from'], 'its hours must lie within approvedOn and expires');
}

function days(from: string, to: string): number {
  return (Date.parse(to) - Date.parse(from)) / 86_400_000;
}

export const allowlistFile = z.strictObject({
  $schema: z.string().optional(),
  version: z.literal(1, { error: 'must be 1: this ajar reads version 1 files' }),
  entries: z
    .array(allowanceEntry, { error: 'must be a list of entries' })
    .max(MAX_ALLOWLIST_ENTRIES, { error: `more than ${MAX_ALLOWLIST_ENTRIES} entries` })
    .superRefine(noDuplicateIds('entries')),
});

/** `ajar.yaml`: defaults for the flags of the same names. */
export const configFile = z.strictObject({
  version: z.literal(1, { error: 'must be 1: this ajar reads version 1 files' }),
  files: list(text(1_024)).optional(),
  allowlist: text(1_024).optional(),
  state: text(1_024).optional(),
  vantage: z
    .string()
    .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/, {
      error: 'must be 1 to 64 letters, digits, dots, dashes or underscores',
    })
    .optional(),
  sources: list(text(128)).optional(),
  allowPrivate: z.boolean().optional(),
  only: list(cidr).optional(),
  metadata: z.union([z.literal(0), z.literal(1), z.literal(2)], { error: 'must be 0, 1 or 2' }).optional(),
  permission: text(128, 3).optional(),
  names: z.boolean().optional(),
  concurrency: z.int().min(1).max(10_000).optional(),
  failOn: z.enum(SEVERITIES).optional(),
  aws: z
    .strictObject({
      accounts: list(account).optional(),
      regions: list(text(32)).optional(),
      services: list(text(64)).optional(),
      role: text(2_048).optional(),
      externalId: text(1_224, 2).optional(),
    })
    .optional(),
  webhooks: list(
    z.strictObject({
      url: z.url({ protocol: /^https?$/, error: 'must be an http or https URL' }),
      secretEnv: text(128).optional(),
    }),
  ).optional(),
  sinks: sinkEntries.optional(),
});
export type ConfigFile = z.infer<typeof configFile>;

function noDuplicateIds(list: string) {
  return (entries: readonly { readonly id: string }[], context: z.RefinementCtx): void => {
    const seen = new Map<string, number>();
    entries.forEach(({ id }, i) => {
      const first = seen.get(id);
      if (first === undefined) seen.set(id, i);
      else
        context.addIssue({
          code: 'custom',
          path: [i, 'id'],
          message: `duplicate of ${list}.${first}.id: every id must be its own`,
        });
    });
  };
}
