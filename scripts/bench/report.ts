/**
 * `npm run bench:report`: 100,000 endpoints in every format, each in a process of its own: seconds, and the most memory that the
 * whole process ever had, Node and the report itself included (evidence-and-alerts.md section 1.6: 256 MB and 60 s a format).
 * Exits 1 where a format takes more. `-- --rows 2000 --format ocsf,csv` for less.
 */
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { REPORTERS } from '../../lib/reports/catalogue.ts';
import { measured } from '../../lib/reports/bytes.ts';
import { zipOf } from '../../lib/reports/zip.ts';
import { largeReport } from '../../test/support/large-report.ts';

const MOST_SECONDS = 60;
/** What may live at once. A heap without a limit would keep what it need not. */
const HEAP = ['--max-old-space-size=160', '--max-semi-space-size=8'];
const ZIP = 'zip of csv';

const { values } = parseArgs({
  options: {
    rows: { type: 'string', default: '100000' },
    format: { type: 'string' },
    'most-mb': { type: 'string', default: '256' },
    alone: { type: 'boolean', default: false },
  },
});
const rows = Number(values.rows);
const mostMb = Number(values['most-mb']);
const formats = values.format?.split(',') ?? [...REPORTERS.map(({ format }) => format), ZIP];

interface Cost {
  readonly format: string;
  readonly seconds: number;
  readonly megabytes: number;
  /** Before the first byte: Node and the report. */
  readonly before: number;
  readonly bytes: number;
}

const peak = (): number => Math.round(process.resourceUsage().maxRSS / 1024);

function cost(format: string): Cost {
  const reporter = REPORTERS.find((each) => each.format === (format === ZIP ? 'csv' : format));
  if (reporter === undefined) throw new Error(`no format ${format}`);
  const report = largeReport(rows);
  const before = peak();
  const start = performance.now();
  const made = reporter.render(report);
  const files = format === ZIP ? [zipOf('report.zip', made)] : made;
  const bytes = files.reduce((sum, { content }) => sum + measured(content).bytes, 0);
  return { format, seconds: (performance.now() - start) / 1_000, megabytes: peak(), before, bytes };
}

function reason(stderr: string): string {
  return /heap out of memory/.test(stderr) ? 'it needs more memory' : (stderr.trim().split('\n').at(-1) ?? '');
}

if (values.alone) {
  console.log(JSON.stringify(cost(formats[0] ?? '')));
} else {
  const script = fileURLToPath(import.meta.url);
  console.log(`${rows} endpoints     seconds      MB  (before)    file MB`);
  let isOver = false;
  for (const format of formats) {
    const printed = spawnSync(
      process.execPath,
      [...HEAP, script, '--alone', '--rows', String(rows), '--format', format],
      { encoding: 'utf8' },
    );
    if (printed.status !== 0) {
      isOver = true;
      console.log(`  ${format.padEnd(14)} ended with ${printed.status ?? printed.signal}: ${reason(printed.stderr)}`);
      continue;
    }
    const { seconds, megabytes, before, bytes } = JSON.parse(printed.stdout) as Cost;
    const over = megabytes > mostMb || seconds > MOST_SECONDS;
    isOver ||= over;
    const cells = [seconds.toFixed(1), String(megabytes), `(${before})`, (bytes / 1e6).toFixed(1)];
    console.log(`  ${format.padEnd(14)}${cells.map((cell) => cell.padStart(10)).join('')}${over ? '  over' : ''}`);
  }
  if (isOver) process.exitCode = 1;
}
