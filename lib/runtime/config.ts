/**
 * Settings of a run: flags over `ajar.yaml` over defaults. The only reader of process.env. Whatever is wrong is a
 * `bad-input` error with file, line and column, raised before anything is written.
 */
import { existsSync } from 'node:fs';
import { hostname } from 'node:os';
import ipaddr from 'ipaddr.js';
import { partitionOfRegion } from '../model/partition.ts';
import { readText } from '../collectors/file.ts';
import { AjarError } from '../model/errors.ts';
import { type ConfigFile, configFile, MAX_ALLOWLIST_BYTES } from '../model/files.ts';
import type { MetadataLevel } from '../model/probe.ts';
import type { Severity } from '../model/verdict.ts';
import { formatProblem, type Parsed, parseYaml, type Problem } from '../model/yaml.ts';

import type { AwsInventorySettings } from './aws.ts';
import { type SinkSettings, sinkSettings } from './secrets.ts';
import { type SourceAddress, sourcesOf } from './sources.ts';

export interface Flags {
  readonly config?: string | undefined;
  readonly file?: readonly string[] | undefined;
  readonly allowlist?: string | undefined;
  readonly state?: string | undefined;
  readonly vantage?: string | undefined;
  readonly source?: readonly string[] | undefined;
  readonly allowPrivate?: boolean | undefined;
  readonly only?: readonly string[] | undefined;
  readonly metadata?: MetadataLevel | undefined;
  readonly permission?: string | undefined;
  readonly names?: boolean | undefined;
  readonly concurrency?: number | undefined;
  readonly failOn?: Severity | undefined;
  readonly webhook?: readonly string[] | undefined;
  readonly aws?: boolean | undefined;
  readonly accounts?: readonly string[] | undefined;
  readonly regions?: readonly string[] | undefined;
  readonly services?: readonly string[] | undefined;
  readonly role?: string | undefined;
  readonly externalId?: string | undefined;
}

export interface Settings {
  readonly files: readonly string[];
  readonly allowlist: string | undefined;
  readonly state: string;
  readonly vantage: string;
  /** Source addresses of this machine, each a vantage of its own; empty: whichever the system takes. */
  readonly sources: readonly SourceAddress[];
  readonly allowPrivate: boolean;
  readonly only: readonly string[];
  readonly metadata: MetadataLevel;
  /** AWS's leave to assess what is not on its list. */
  readonly permission: string | undefined;
  readonly names: boolean;
  readonly concurrency: number;
  readonly failOn: Severity;
  readonly webhooks: readonly { readonly url: string; readonly secret?: string }[];
  readonly sinks: readonly SinkSettings[];
  /** Where the inventory comes from AWS. */
  readonly aws: AwsInventorySettings | undefined;
}

/** Sockets in flight: what one Lambda environment allows (design section "Cadence and politeness"). */
const DEFAULT_CONCURRENCY = 900;

export async function loadSettings(flags: Flags): Promise<Settings> {
  const file = await loadConfig(flags.config);
  const only = flags.only ?? file.only ?? [];
  for (const block of only) {
    if (!ipaddr.isValidCIDR(block)) throw badInput([`--only ${block}: not a CIDR block like 203.0.113.0/24`]);
  }
  return {
    files: flags.file ?? file.files ?? [],
    allowlist: flags.allowlist ?? file.allowlist ?? (existsSync('allowlist.yaml') ? 'allowlist.yaml' : undefined),
    state: flags.state ?? file.state ?? '.ajar',
    vantage: flags.vantage ?? file.vantage ?? hostname(),
    sources: sourcesOf(flags.source ?? file.sources ?? []),
    allowPrivate: flags.allowPrivate ?? file.allowPrivate ?? false,
    only,
    metadata: flags.metadata ?? file.metadata ?? 1,
    permission: flags.permission ?? file.permission,
    names: flags.names ?? file.names ?? false,
    concurrency: flags.concurrency ?? file.concurrency ?? DEFAULT_CONCURRENCY,
    failOn: flags.failOn ?? file.failOn ?? 'high',
    aws: awsSettings(flags, file.aws),
    webhooks: flags.webhook?.map((url) => ({ url: webhookUrl(url) })) ?? webhooksOf(file),
    sinks: (file.sinks ?? []).map((entry) => sinkSettings(entry, process.env)),
  };
}

const AWS_ATTEMPTS = 5;
const AWS_TIMEOUT_MS = 20_000;

/** `--aws`, or an `aws:` block in the settings file. The SDK's own variables for credentials and profile apply as everywhere. */
function awsSettings(flags: Flags, file: ConfigFile['aws']): AwsInventorySettings | undefined {
  if (flags.aws !== true && file === undefined) return undefined;
  const accounts = flags.accounts ?? file?.accounts;
  const wrong = accounts?.filter((a) => !/^\d{12}$/.test(a)) ?? [];
  if (wrong.length > 0) throw badInput([`--accounts ${wrong.join(' ')}: an account is 12 digits`]);
  const regions = flags.regions ?? file?.regions;
  const unknown = regions?.filter((r) => partitionOfRegion(r) === undefined) ?? [];
  if (unknown.length > 0) throw badInput([`--regions ${unknown.join(' ')}: not a region like eu-west-1`]);
  return {
    region: process.env['AWS_REGION'] ?? process.env['AWS_DEFAULT_REGION'] ?? regions?.[0] ?? 'us-east-1',
    accounts,
    regions,
    services: flags.services ?? file?.services,
    role: flags.role ?? file?.role,
    externalId: flags.externalId ?? file?.externalId,
    sessionName: 'ajar',
    endpoint: process.env['AWS_ENDPOINT_URL'],
    maxAttempts: AWS_ATTEMPTS,
    requestTimeoutMs: AWS_TIMEOUT_MS,
  };
}

async function loadConfig(path: string | undefined): Promise<ConfigFile> {
  const file = path ?? (existsSync('ajar.yaml') ? 'ajar.yaml' : undefined);
  if (file === undefined) return { version: 1 };
  return valid(parseYaml(readable(await readText(file)), file, configFile, MAX_ALLOWLIST_BYTES));
}

function readable(text: string | Problem): string {
  if (typeof text !== 'string') throw badInput([formatProblem(text)]);
  return text;
}

function valid<T>(parsed: Parsed<T>): T {
  if (!parsed.ok) throw badInput(parsed.problems.map(formatProblem));
  return parsed.value;
}

export function badInput(lines: readonly string[], cure?: string): AjarError {
  return new AjarError('bad-input', lines.join('\n'), cure === undefined ? {} : { cure });
}

function webhookUrl(url: string): string {
  if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol))
    throw badInput([`--webhook ${url}: not an http or https URL`]);
  return url;
}

function webhooksOf(file: ConfigFile): Settings['webhooks'] {
  return (file.webhooks ?? []).map(({ url, secretEnv }) => {
    if (secretEnv === undefined) return { url };
    const secret = process.env[secretEnv];
    if (secret === undefined || secret === '') {
      throw badInput([`webhooks: environment variable ${secretEnv} is empty`], 'set it, or remove secretEnv');
    }
    return { url, secret };
  });
}
