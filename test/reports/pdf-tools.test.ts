/** What other programs make of the PDF, and whether any of the host gets into it. */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it, test } from 'vitest';
import { pdf } from '../../lib/reports/pdf.ts';
import { bytesOf } from '../support/report-files.ts';
import { SAMPLE_REPORT } from '../support/sample-report.ts';

const dir = mkdtempSync(join(tmpdir(), 'ajar-pdf-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));
const file = join(dir, 'report.pdf');
const content = bytesOf(pdf.render(SAMPLE_REPORT)[0]?.content ?? '');
writeFileSync(file, content);

function isInstalled(program: string, flag: string): boolean {
  try {
    execFileSync(program, [flag], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

const hasQpdf = isInstalled('qpdf', '--version');
const hasPoppler = isInstalled('pdftotext', '-v');
if (!hasQpdf) console.log('PDF checked by no qpdf: not installed');
if (!hasPoppler) console.log('PDF read by no pdftotext: poppler-utils not installed');

describe.runIf(hasQpdf)('qpdf', () => {
  it('finds nothing wrong', () => {
    expect(execFileSync('qpdf', ['--check', file], { encoding: 'utf8' })).toContain(
      'No syntax or stream encoding errors',
    );
  });
});

describe.runIf(hasPoppler)('poppler', () => {
  const text = (): string => execFileSync('pdftotext', ['-layout', file, '-'], { encoding: 'utf8' });

  it('reads the totals and every incident', () => {
    const said = text();
    for (const { id } of SAMPLE_REPORT.incidents) expect(said).toContain(id);
    expect(said).toContain('One exposure window is open.');
    const figures = said.replaceAll(/\s+/g, ' ');
    const { endpoints, incidents, open } = SAMPLE_REPORT.totals;
    expect(figures).toContain(
      `${endpoints} ${incidents} ${open} Endpoints watched Incidents in the period Open at the end`,
    );
    const pages = said.split('\f').slice(0, -1);
    pages.forEach((page, at) => expect(page).toContain(`Page ${at + 1} of ${pages.length}`));
  });

  it('sees a tagged document with its structure', () => {
    expect(execFileSync('pdfinfo', [file], { encoding: 'utf8' })).toMatch(/Tagged: +yes/);
    const structure = execFileSync('pdfinfo', ['-struct-text', file], { encoding: 'utf8' });
    for (const tag of ['H1', 'H2', 'H3', 'Table', 'THead', 'TH', 'Figure', 'TOC']) expect(structure).toContain(tag);
    expect(structure).toContain('One exposure window is open.');
  });
});

test.each([
  ['in India', { TZ: 'Asia/Kolkata' }],
  ['in Turkish', { LANG: 'tr_TR.UTF-8', LC_ALL: 'tr_TR.UTF-8' }],
  ['without a locale, west of Greenwich', { LANG: 'C', LC_ALL: 'C', TZ: 'America/St_Johns' }],
])('it is the same bytes %s', (_where, environment) => {
  const script = `
    import { measured } from ${JSON.stringify(new URL('../../lib/reports/bytes.ts', import.meta.url).href)};
    import { pdf } from ${JSON.stringify(new URL('../../lib/reports/pdf.ts', import.meta.url).href)};
    import { SAMPLE_REPORT } from ${JSON.stringify(new URL('../support/sample-report.ts', import.meta.url).href)};
    process.stdout.write(measured(pdf.render(SAMPLE_REPORT)[0].content).sha256);`;
  const digest = execFileSync(process.execPath, ['--input-type=module', '--eval', script], {
    encoding: 'utf8',
    env: { PATH: process.env['PATH'], ...environment },
  });
  expect(digest).toBe(createHash('sha256').update(content).digest('hex'));
});
