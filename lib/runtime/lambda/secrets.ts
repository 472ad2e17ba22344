/**
 * Secrets of Secrets Manager, for the sinks that name them. Each is kept for five minutes and no longer, so that one that was
 * changed or taken back is known soon; one that cannot be read is asked for again the next time. What it holds is in no error.
 */
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { failureOf } from '../../aws/errors.ts';
import { AjarError } from '../../model/errors.ts';
import type { AwsPlace } from '../../model/sink-entry.ts';
import type { Secret } from '../secrets.ts';
import { TOPIC_TIMES } from './times.ts';

const KEPT_MS = 5 * 60_000;
/** More than all sinks together name. */
const MAX_KEPT = 64;

const clients = new Map<string, SecretsManagerClient>();
const kept = new Map<string, { readonly until: number; readonly text: Promise<string> }>();

/** Rejects with `sink-refused`. */
export async function secretAt({ secret: arn, field }: AwsPlace, now: number = Date.now()): Promise<Secret> {
  const text = await textOf(arn, now);
  return field === undefined
    ? { where: `secret ${arn}`, text }
    : { where: `field ${field} of secret ${arn}`, text: fieldOf(text, field, arn) };
}

async function textOf(arn: string, now: number): Promise<string> {
  const known = kept.get(arn);
  if (known !== undefined && now < known.until) return known.text;
  const text = read(arn);
  if (kept.size >= MAX_KEPT) kept.clear();
  kept.set(arn, { until: now + KEPT_MS, text });
  text.catch(() => kept.delete(arn));
  return text;
}

async function read(arn: string): Promise<string> {
  try {
    const { SecretString } = await clientFor(arn).send(new GetSecretValueCommand({ SecretId: arn }));
    if (SecretString !== undefined) return SecretString;
  } catch (error) {
    throw refusal(`secret ${arn} cannot be read: ${failureOf(error).detail}`, cureFor(error));
  }
  throw refusal(`secret ${arn} is binary`, 'store it as text');
}

/** A parser's error quotes what it read. */
function fieldOf(text: string, field: string, arn: string): string {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw refusal(`secret ${arn} is no JSON`, `store an object with the field ${field}, or name no field`);
  }
  const found: unknown =
    typeof value === 'object' && value !== null && Object.hasOwn(value, field) ? Reflect.get(value, field) : undefined;
  if (typeof found === 'string') return found;
  throw refusal(`secret ${arn} has no text in the field ${field}`, 'correct the field, or the secret');
}

function clientFor(arn: string): SecretsManagerClient {
  const region = arn.split(':')[3] ?? '';
  const client =
    clients.get(region) ?? new SecretsManagerClient({ region, maxAttempts: 2, requestHandler: TOPIC_TIMES });
  clients.set(region, client);
  return client;
}

function cureFor(error: unknown): string {
  switch (error instanceof Error ? error.name : '') {
    case 'AccessDeniedException':
      return 'deploy with --param sinkSecrets naming it; where it has a key of its own, let that key’s policy name the notify role';
    case 'ResourceNotFoundException':
      return 'name a secret that exists, by its whole ARN';
    case 'InvalidRequestException':
      return 'it is marked for deletion: restore it, or name another';
    default:
      return 'none needed, it is tried again';
  }
}

function refusal(message: string, cure: string): AjarError {
  return new AjarError('sink-refused', message, { cure });
}
