import { Command, InvalidArgumentError, Option } from '@commander-js/extra-typings';
import type { MetadataLevel } from '../model/probe.ts';
import { SEVERITIES } from '../model/verdict.ts';

/** Flags that several commands share, with one wording each. */

export const collect = (value: string, before: string[] | undefined): string[] => [...(before ?? []), value];

export function formatOption() {
  return new Option('--format <format>', 'text for people, json for programs (NDJSON on stdout)')
    .choices(['text', 'json'] as const)
    .default('text' as const);
}

export function inventoryOptions(name: string) {
  return new Command(name)
    .option('--config <file>', 'settings file (default: ajar.yaml, where there is one)')
    .option('--file <file>', 'inventory file, YAML; may be given several times', collect)
    .addOption(formatOption());
}

/** A list in one value: `a,b`. */
const commaList = (value: string): string[] =>
  value
    .split(',')
    .map((v) => v.trim())
    .filter((v) => v !== '');

/** Adds the flags of the AWS inventory. */
export function awsOptions(command: ReturnType<typeof inventoryOptions>) {
  return command
    .option('--aws', 'take the inventory from AWS, with the credentials of this shell; read-only calls')
    .option(
      '--accounts <ids>',
      'only these accounts, with commas (default: the organisation, or this account)',
      commaList,
    )
    .option(
      '--regions <names>',
      'only these regions, with commas (default: all that are enabled); services without a region, such as CloudFront, are read with us-east-1: without it they are a gap',
      commaList,
    )
    .option('--services <names>', 'only these services, with commas (ajar plan --help lists them)', commaList)
    .option('--role <name>', 'role to assume in every account; without it only the own account is read')
    .option('--external-id <id>', 'ExternalId that the role asks for');
}

export function probingOptions(name: string) {
  return awsOptions(inventoryOptions(name))
    .option('--state <dir>', 'where state, ledger and outbox live (default: .ajar)')
    .option('--vantage <name>', 'name of the place we look from (default: this host name)', parseVantage)
    .option(
      '--source <address>',
      'look from this address of this machine, or NAME=ADDRESS; given several times, every visit looks from each of them',
      collect,
    )
    .option('--allow-private', 'also probe private and loopback addresses; never metadata services')
    .option('--only <cidr>', 'probe nothing outside this block; may be given several times', collect)
    .addOption(
      new Option('--metadata <level>', '0 none, 1 object names and counts, 2 field names too; never values')
        .choices(['0', '1', '2'])
        .argParser(parseLevel),
    )
    .option(
      '--permission <reference>',
      'AWS case that lets you assess services that are not on its penetration-testing list; without it those get no more than a look at the transport',
      parseReference,
    )
    .option('--names', 'keep names as they are instead of redacted samples')
    .option('--concurrency <n>', 'endpoints in flight (default: 900)', parseCount);
}

export function scanningOptions(name: string) {
  return probingOptions(name)
    .option('--allowlist <file>', 'accepted postures (default: allowlist.yaml, where there is one)')
    .option('--webhook <url>', 'also POST every notice here; may be given several times', collect)
    .addOption(
      new Option('--fail-on <severity>', 'exit 1 for findings at or above this (default: high)').choices(SEVERITIES),
    );
}

/** Of a deployment's record: only what was given. */
export function recordFlags({ table, stack, region }: { table?: string; stack?: string; region?: string }) {
  return {
    ...(table === undefined ? {} : { table }),
    ...(stack === undefined ? {} : { stack }),
    ...(region === undefined ? {} : { region }),
  };
}

/** It stands in evidence, alerts and ids: a word, not a text. */
function parseVantage(value: string): string {
  if (/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/.test(value)) return value;
  throw new InvalidArgumentError('1 to 64 letters, digits, dots, dashes or underscores');
}

/** It stands in evidence beside every visit that it allows. */
function parseReference(value: string): string {
  if (value.length >= 3 && value.length <= 128) return value;
  throw new InvalidArgumentError('3 to 128 characters: the number of the case, and who asked');
}

function parseLevel(value: string): MetadataLevel {
  if (value === '0' || value === '1' || value === '2') return Number(value) as MetadataLevel;
  throw new InvalidArgumentError('0, 1 or 2');
}

export function parseCount(value: string): number {
  const count = Number(value);
  if (!Number.isInteger(count) || count < 1 || count > 10_000)
    throw new InvalidArgumentError('a whole number, 1 to 10000');
  return count;
}

/** `60s`, `5m`, `2h`, `500ms`. */
export function parseInterval(value: string): number {
  const parts = /^(\d{1,6})(ms|s|m|h)$/.exec(value);
  if (parts === null) throw new InvalidArgumentError('a time like 30s, 5m or 1h');
  const unit = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 }[parts[2] as 'ms' | 's' | 'm' | 'h'];
  const ms = Number(parts[1]) * unit;
  if (ms < 500 || ms > 86_400_000) throw new InvalidArgumentError('between 500ms and 24h');
  return ms;
}

/** A day or an instant, as RFC 3339 UTC. */
export function parseInstant(value: string): string {
  const instant = /^\d{4}-\d{2}-\d{2}(T.*Z)?$/.test(value) ? new Date(value) : new Date(Number.NaN);
  // A day that the calendar does not have is read as the next one that it has.
  if (Number.isNaN(instant.getTime()) || !instant.toISOString().startsWith(value.slice(0, 10)))
    throw new InvalidArgumentError('a day like 2026-12-04 or an instant like 2026-12-04T10:00:00Z');
  return instant.toISOString();
}
