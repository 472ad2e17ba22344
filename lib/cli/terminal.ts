/** What the commands show: results on stdout, everything else on stderr. */
import { writeSync } from 'node:fs';
import { styleText } from 'node:util';
import type { CoverageGap } from '../model/endpoint.ts';
import type { Coverage, Forgotten } from '../model/inventory.ts';
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

/** Help and usage errors leave the same way: `ajar --help | head -1` ends quietly, not in a stack trace. */
export const HELP_OUTPUT = {
  writeOut: out,
  writeErr: (text: string): void => {
    write(2, text);
  },
};

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

/** `1 entry`, `2 entries`. */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
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
export function progressLine(): {
  show: (progress: Progress) => void;
  /** For a sweep's `onPlace`. */
  sweeping: (result: unknown, progress: { readonly done: number; readonly total: number }) => void;
  clear: () => void;
} {
  let last = 0;
  const isTerminal = process.stderr.isTTY;
  return {
    show({ done, total, open, gaps }) {
      if (!isTerminal || (performance.now() - last < 100 && done < total)) return;
      last = performance.now();
      write(2, `\r\x1b[2Kprobing ${done}/${total}   open ${open}   not seen ${gaps}`);
    },
    sweeping(_, { done, total }) {
      if (isTerminal) write(2, `\r\x1b[2Kreading AWS: ${done}/${total} account-regions`);
    },
    clear() {
      if (isTerminal) write(2, '\r\x1b[2K');
    },
  };
}

const MAX_FORGOTTEN = 50;

/** Gaps named in a text; the report lists all. */
const MAX_GAPS = 20;

export function gapLines(gaps: readonly CoverageGap[]): readonly string[] {
  const lines = gaps
    .slice(0, MAX_GAPS)
    .map(({ code, subject, detail }) => `  ${code.padEnd(18)} ${printable(subject, 40)}  ${detail}`);
  if (gaps.length <= MAX_GAPS) return lines;
  return [...lines, `  and ${gaps.length - MAX_GAPS} more: ajar report --format csv lists all`];
}

/** What of AWS was read, and what nobody registered. */
export function coverageText({ accounts, places, cells, calls }: Coverage, forgotten: readonly Forgotten[]): string {
  const asked = Object.entries(cells)
    .filter(([, n]) => n > 0)
    .map(([status, n]) => `${n} ${status}`)
    .join(', ');
  const lines = [
    `AWS: ${counted(accounts, 'account')}, ${counted(places, 'account-region')}, ${counted(calls, 'call')}; cells: ${asked || 'none'}`,
  ];
  if (forgotten.length > 0) lines.push(`${counted(forgotten.length, 'door')} that no service inventory knows:`);
  for (const { endpointId, why } of forgotten.slice(0, MAX_FORGOTTEN))
    lines.push(`  ${printable(endpointId, 100)}  ${why}`);
  if (forgotten.length > MAX_FORGOTTEN)
    lines.push(`  and ${forgotten.length - MAX_FORGOTTEN} more: --format json lists all`);
  return lines.join('\n');
}

export function summaryText(summary: ScanSummary): string {
  const { verdicts, findings, gaps, notDue, cancelled } = summary;
  const counts = Object.entries(verdicts)
    .filter(([, n]) => n > 0)
    .map(([name, n]) => `${n} ${name}`)
    .join(', ');
  const lines = [`${counted(summary.endpoints, 'endpoint')}: ${counts || 'nothing seen'}`];
  if (summary.coverage !== undefined) lines.push(coverageText(summary.coverage, summary.forgotten));
  if (notDue > 0)
    lines.push(`${notDue} not due: visited less than a day ago, to spare the server's connection-error count`);
  if (cancelled > 0) lines.push(`${cancelled} not visited: the run was stopped; what was committed stays`);
  lines.push(findings.length === 0 ? 'no open incidents' : `${counted(findings.length, 'open incident')}:`);
  for (const i of findings) {
    lines.push(
      `  ${i.severity.padEnd(8)} ${printable(i.endpointId, 40)} ${i.protection} ${i.from ?? 'first seen'} -> ${i.to} since ${i.start.upper}`,
    );
  }
  if (gaps.length > 0) lines.push(`${gaps.length} not seen conclusively (unknown is not safe):`);
  lines.push(...gapLines(gaps));
  for (const d of summary.undelivered.slice(0, 5))
    lines.push(`  not delivered to ${d.sink}, again at ${d.dueAt}: ${d.error}`);
  return `${lines.join('\n')}\n`;
}
