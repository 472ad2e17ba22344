/** Runs the command line against the stand-in, as a user would: one process, credentials in the environment. */
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Endpoint } from '../../lib/model/endpoint.ts';
import { ROLE } from './account.ts';

const AJAR = join(import.meta.dirname, '..', '..', 'bin', 'ajar.cjs');

export interface Run {
  /** `subject code`, each once, sorted. */
  readonly gaps: readonly string[];
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** `url` is where AWS is; the role is assumed in every account. */
export async function ajar(url: string, ...args: readonly string[]): Promise<Run> {
  const env = {
    ...process.env,
    AWS_ENDPOINT_URL: url,
    AWS_ACCESS_KEY_ID: 'AKIAAJARTEST',
    AWS_SECRET_ACCESS_KEY: 'x',
    AWS_REGION: 'us-east-1',
    AWS_EC2_METADATA_DISABLED: 'true',
  };
  return new Promise((resolve, reject) => {
    const options = { env, maxBuffer: 256 * 1024 * 1024, timeout: 170_000 };
    execFile(process.execPath, [AJAR, ...args], options, (error, stdout, stderr) => {
      const status = error === null ? 0 : error.code;
      if (typeof status === 'number') resolve({ status, stdout, stderr, gaps: [] });
      else reject(error ?? new Error('no status'));
    });
  });
}

export async function inventory(url: string, ...args: readonly string[]): Promise<Run> {
  const folder = mkdtempSync(join(tmpdir(), 'ajar-cloud-'));
  const file = join(folder, 'coverage.ndjson');
  try {
    const run = await ajar(
      url,
      'inventory',
      '--aws',
      '--role',
      ROLE,
      '--external-id',
      'x-1',
      '--coverage',
      file,
      ...args,
    );
    return { ...run, gaps: gapsIn(readFileSync(file, 'utf8')) };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function gapsIn(text: string): readonly string[] {
  const lines = text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as { type: string; subject: string; code: string });
  return [
    ...new Set(lines.flatMap(({ type, subject, code }) => (type === 'gap' ? [`${subject} ${code}`] : []))),
  ].toSorted();
}

export function endpointsOf({ stdout }: Run): readonly Endpoint[] {
  return stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Endpoint);
}

export function levelsOf(endpoint: Endpoint | undefined): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(endpoint?.declared ?? {}).map(([name, p]) => [name, p.level]));
}
