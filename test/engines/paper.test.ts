/** Whether the report on paper is PDF/UA-1, by veraPDF: the reference, which needs Java and so stands beside the engines. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Report } from '../../lib/model/report.ts';
import { pdf } from '../../lib/reports/pdf.ts';
import { hostileReport } from '../support/hostile-report.ts';
import { bytesOf } from '../support/report-files.ts';
import { EMPTY_REPORT, SAMPLE_REPORT } from '../support/sample-report.ts';
import { yearEndReport } from '../support/year-end.ts';
import { installVerapdf } from './install-java.ts';
import { classPath, javaArguments } from './java.ts';

const folder = mkdtempSync(join(tmpdir(), 'ajar-paper-'));
beforeAll(() => {
  installVerapdf();
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function judged(bytes: Uint8Array): string {
  const file = join(folder, 'report.pdf');
  writeFileSync(file, bytes);
  const said = execFileSync('java', [...javaArguments(512), ...classPath('verapdf'), 'PdfUa', file], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  return said.trim().split('\n').at(-1)?.replace(file, '').trim() ?? '';
}

function paper(report: Report): Buffer {
  return bytesOf(pdf.render(report)[0]?.content ?? '');
}

it.each([
  ['the sample', SAMPLE_REPORT],
  ['an empty report', EMPTY_REPORT],
  ['one with accents', hostileReport('Ångström-élève ấẫ Ἀθῆναι')],
  ['one in scripts that the font lacks', hostileReport('顧客データ 𠮷 العربية')],
  ['ninety days of five hundred endpoints', await yearEndReport()],
])('%s is PDF/UA-1', (_name, report) => {
  expect(judged(paper(report))).toBe('PDF/UA-1 {}');
});

it('and veraPDF can say no: where its title is not what a window shows it is none', () => {
  const text = paper(SAMPLE_REPORT).toString('latin1');
  expect(text).toContain('/DisplayDocTitle true');
  const bytes = Buffer.from(text.replace('/DisplayDocTitle true', '/DisplayDocTitle null'), 'latin1');
  expect(judged(bytes)).toMatch(/^not PDF\/UA-1 \{/);
});
