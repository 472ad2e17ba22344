import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Runs `build` into an empty folder unless the folder already holds exactly this content. */
export function step(name: string, folder: string, content: string, build: (folder: string) => void): void {
  const stamp = join(folder, '.complete');
  const wanted = createHash('sha256').update(content).digest('hex');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return;
  const began = Date.now();
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  build(folder);
  writeFileSync(stamp, wanted);
  console.log(`engines: ${name} installed in ${((Date.now() - began) / 1000).toFixed(1)} s`);
}

export function run(
  command: string,
  args: readonly string[],
  cwd?: string,
  env: Readonly<Record<string, string>> = {},
): void {
  try {
    execFileSync(command, args, { cwd, stdio: 'pipe', env: { ...process.env, ...env } });
  } catch (error) {
    throw new Error(`${command} failed: ${outputOf(error)}`, { cause: error });
  }
}

/** Whether a machine has a program at all; what needs one that it lacks is skipped with a visible line. */
export function has(command: string, versionArg: string): boolean {
  try {
    execFileSync(command, [versionArg], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/** Maven explains itself on standard output, apt and javac on standard error. */
function outputOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const streams = ['stdout', 'stderr'].map((name) => Reflect.get(error, name)).filter((part) => part instanceof Buffer);
  return Buffer.concat(streams).toString('utf8').slice(-2000) || error.message;
}
