/** How heavy a bundle is: bytes, bytes in a zip, and the time a fresh process needs to import it. */
import { execFile } from 'node:child_process';
import { basename } from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { deflateRawSync } from 'node:zlib';

const run = promisify(execFile);

/** A zip with this one file in it: its local header, its entry in the directory, and the end of the directory. */
export function zipBytes(name: string, content: Uint8Array): number {
  return deflateRawSync(content, { level: 9 }).length + 30 + 46 + 22 + 2 * Buffer.byteLength(name);
}

/** Milliseconds that `import()` takes, the median over fresh processes, one after the other. Throws where it fails. */
export async function importMs(file: string, processes: number): Promise<number> {
  const script = `const from = performance.now();
    const failed = await import(${JSON.stringify(pathToFileURL(file).href)}).then(() => undefined, String);
    process.stdout.write(failed ?? String(performance.now() - from), () => process.exit(0));`;
  const times: number[] = [];
  for (let i = 0; i < processes; i++) {
    const { stdout } = await run(process.execPath, ['--input-type=module', '--eval', script], {
      env: asInLambda(file),
    });
    const ms = Number(stdout);
    if (Number.isNaN(ms)) throw new Error(`${basename(file)} does not load: ${stdout}`);
    times.push(ms);
  }
  return times.toSorted((a, b) => a - b)[Math.floor(processes / 2)] ?? Number.NaN;
}

/** What Lambda itself sets; a function's own variables are read when it is invoked. */
function asInLambda(file: string): NodeJS.ProcessEnv {
  return {
    PATH: process.env['PATH'],
    AWS_REGION: 'eu-central-1',
    AWS_LAMBDA_FUNCTION_NAME: basename(file, '.mjs'),
    AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
  };
}
