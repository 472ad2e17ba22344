/**
 * Size and cold import of every function in dist/functions; fails over budget. Run `npm run build` first. The time is
 * this machine's: an empty module is imported beside them, so that a slow machine is seen as one.
 */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { importMs, zipBytes } from './build/weigh.ts';

const KB = 1024;
interface Budget {
  readonly zip: number;
  readonly ms: number;
}
const OTHERS: Budget = { zip: 800 * KB, ms: 250 };
const BUDGETS: Readonly<Record<string, Budget>> = {
  // Strangers start it, and wait.
  drill: { zip: 40 * KB, ms: 100 },
  // 85 of them are the client of Security Hub (docs/decisions/0030). It is evaluated when there is something to import.
  notify: { zip: 500 * KB, ms: 100 },
  // Thirty-three clients of the SDK, one for each service that it reads. Nobody waits for it but a queue.
  collect: { zip: 800 * KB, ms: 400 },
  probe: { zip: 400 * KB, ms: 250 },
  console: { zip: 3 * KB * KB, ms: 400 },
  // It draws PDFs, with two faces inside. Once a day, and nobody waits for it but the scheduler.
  report: { zip: 3 * KB * KB, ms: 400 },
};
const PROCESSES = 15;

const folder = join(import.meta.dirname, '..', 'dist', 'functions');
const files = existsSync(folder) ? readdirSync(folder).filter((file) => file.endsWith('.mjs')) : [];
if (files.length === 0) throw new Error(`${folder} is empty: npm run build`);
const scratch = mkdtempSync(join(tmpdir(), 'ajar-size-'));
try {
  const empty = join(scratch, 'empty.mjs');
  writeFileSync(empty, 'export {};\n');
  console.log(row('function', 'bytes', 'zip', 'of', 'import', 'of'));
  for (const file of files.toSorted()) {
    const name = basename(file, '.mjs');
    const budget = BUDGETS[name] ?? OTHERS;
    const content = readFileSync(join(folder, file));
    const zip = zipBytes(`dist/functions/${file}`, content);
    const ms = await importMs(join(folder, file), PROCESSES);
    console.log(row(name, kb(content.length), kb(zip), kb(budget.zip), inMs(ms), inMs(budget.ms)));
    if (zip > budget.zip || !(ms <= budget.ms)) {
      console.error(`${name} is over its budget`);
      process.exitCode = 1;
    }
  }
  console.log(row('(nothing)', '', '', '', inMs(await importMs(empty, PROCESSES)), ''));
} finally {
  rmSync(scratch, { recursive: true });
}

function row(name: string, ...cells: readonly string[]): string {
  return name.padEnd(12) + cells.map((cell) => cell.padStart(10)).join('');
}

function kb(bytes: number): string {
  return `${Math.ceil(bytes / KB)} KB`;
}

function inMs(ms: number): string {
  return `${ms.toFixed(0)} ms`;
}
