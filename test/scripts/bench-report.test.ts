import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { REPORTERS } from '../../lib/reports/catalogue.ts';

const script = fileURLToPath(new URL('../../scripts/bench/report.ts', import.meta.url));

it('measures every format, each in a process with little memory', () => {
  const printed = execFileSync(process.execPath, [script, '--rows', '500', '--format', 'csv,oscal'], {
    encoding: 'utf8',
  });
  const [, ...rows] = printed.trimEnd().split('\n');
  expect(rows.map((row) => row.trim().split(/\s+/)[0])).toEqual(['csv', 'oscal']);
  for (const row of rows) expect(row).toMatch(/^ {2}\S+ +\d+\.\d +\d+ +\(\d+\) +\d+\.\d$/);
  expect(REPORTERS.map(({ format }) => format)).toEqual(expect.arrayContaining(['csv', 'oscal']));
});

it('fails where a format takes more than it may', () => {
  expect(() =>
    execFileSync(process.execPath, [script, '--rows', '10', '--most-mb', '1', '--format', 'csv'], { stdio: 'pipe' }),
  ).toThrow();
});
