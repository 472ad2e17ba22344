/** Runs a command and measures it from outside: wall time, CPU of it and its children, peak memory. */
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';

export interface Cost {
  readonly seconds: number;
  readonly cpu: number;
  readonly rssMb: number;
  readonly output: string;
}

/** CPU by bash's `time`, which sees the whole process tree; memory by polling the kernel's high-water mark. */
export async function measure(command: readonly string[], limitMs = 300_000): Promise<Cost> {
  const child = spawn('bash', ['-c', 'TIMEFORMAT="cost %R %U %S"; time "$@"', 'bash', ...command], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [output, errors, rssMb] = ['', '', 0];
  child.stdout.on('data', (d: Buffer) => (output += d.toString()));
  child.stderr.on('data', (d: Buffer) => (errors += d.toString()));
  const poll = setInterval(() => (rssMb = Math.max(rssMb, peakOf(child.pid))), 10);
  const limit = setTimeout(() => child.kill('SIGKILL'), limitMs);
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  clearInterval(poll);
  clearTimeout(limit);
  const cost = /cost ([\d.]+) ([\d.]+) ([\d.]+)/.exec(errors);
  if (code !== 0 || cost === null)
    throw new Error(`${command[0] ?? ''} ended with ${String(code)}: ${errors.slice(-400)}`);
  return { seconds: Number(cost[1]), cpu: Number(cost[2]) + Number(cost[3]), rssMb, output };
}

function peakOf(pid: number | undefined): number {
  try {
    const children = readFileSync(`/proc/${pid ?? 0}/task/${pid ?? 0}/children`, 'utf8')
      .trim()
      .split(' ');
    return Math.max(
      0,
      ...children.map((p) => Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${p}/status`, 'utf8'))?.[1] ?? 0) / 1024),
    );
  } catch (error) {
    if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ESRCH')) return 0; // it just ended
    throw error;
  }
}
