/** What the commands show: results on stdout, everything else on stderr. */
import { writeSync } from 'node:fs';
import { styleText } from 'node:util';
import type { Progress, ScanSummary } from '../pipeline/scan.ts';
import { AjarError } from '../model/errors.ts';
import type { EndpointState } from '../model/state.ts';
import { printable } from '../model/text.ts';
import type { VerdictName } from '../model/verdict.ts';

type Colour = Parameters<typeof styleText>[0];

/** Synchronous, so that nothing is lost when the process ends right after. A closed pipe ends the output, not the run. */
export function out(text: string): void {
  write(1, text);
}

/** For notices: one that nobody could read was not delivered, and stays owed. */
export function outOrRefuse(text: string): void {
  if (!write(1, text)) throw new AjarError('sink-refused', 'standard output is closed');
}
export function log(text: string): void {
  write(2, `${text}\n`);
}

function write(fd: 1 | 2, text: string): boolean {
  let rest = Buffer.from(text);
  while (rest.length > 0) {
    try {
      rest = rest.subarray(writeSync(fd, rest));
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? error.code : undefined;
      if (code === 'EPIPE') return false;
      if (code !== 'EAGAIN') throw error; // a full pipe: the reader is slow, wait for it
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 5);
    }
  }
  return true;
}

export function colour(style: Colour, text: string): string {
  return process.stdout.isTTY ? styleText(style, text) : text;
}

const VERDICT_COLOUR: Readonly<Record<VerdictName, Colour>> = {
  exposed: 'red',
  reachable: 'yellow',
  latent: 'yellow',
  protected: 'green',
  unknown: 'magenta',
};

export function verdictLine({ endpoint, posture }: EndpointState): string {
  const { name, shadow, why } = posture.verdict;
  const label = `${name}${shadow ? ' (shadow)' : ''}`.padEnd(18);
  return `  ${colour(VERDICT_COLOUR[name], label)} ${printable(endpoint.id, 40).padEnd(28)} ${printable(`${endpoint.host}:${endpoint.port}`, 60)}  ${why}\n`;
}

/** One line on stderr, redrawn at most ten times a second, only on a terminal. */
export function progressLine(): { show: (progress: Progress) => void; clear: () => void } {
  let last = 0;
  const isTerminal = process.stderr.isTTY;
  return {
    show({ done, total, open, gaps }) {
      if (!isTerminal || (performance.now() - last < 100 && done < total)) return;
      last = performance.now();
      write(2, `\r\x1b[2Kprobing ${done}/${total}   open ${open}   not seen ${gaps}`);
    },
    clear() {
      if (isTerminal) write(2, '\r\x1b[2K');
    },
  };
}

export function summaryText(summary: ScanSummary): string {
  const { verdicts, findings, gaps, notDue, cancelled } = summary;
  const counts = Object.entries(verdicts)
    .filter(([, n]) => n > 0)
    .map(([name, n]) => `${n} ${name}`)
    .join(', ');
  const lines = [`${summary.endpoints} endpoints: ${counts || 'nothing seen'}`];
  if (notDue > 0)
    lines.push(`${notDue} not due: visited less than a day ago, to spare the server's connection-error count`);
  if (cancelled > 0) lines.push(`${cancelled} not visited: the run was stopped; what was committed stays`);
  lines.push(findings.length === 0 ? 'no open incidents' : `${findings.length} open incidents:`);
  for (const i of findings) {
    lines.push(
      `  ${i.severity.padEnd(8)} ${printable(i.endpointId, 40)} ${i.protection} ${i.from ?? 'first seen'} -> ${i.to} since ${i.start.upper}`,
    );
  }
  if (gaps.length > 0) lines.push(`${gaps.length} not seen conclusively (unknown is not safe):`);
  for (const gap of gaps.slice(0, 20))
    lines.push(`  ${gap.code.padEnd(18)} ${printable(gap.subject, 40)}  ${gap.detail}`);
  if (gaps.length > 20) lines.push(`  and ${gaps.length - 20} more: ajar report --format csv lists all`);
  for (const d of summary.undelivered.slice(0, 5))
    lines.push(`  not delivered to ${d.sink}, again at ${d.dueAt}: ${d.error}`);
  return `${lines.join('\n')}\n`;
}
