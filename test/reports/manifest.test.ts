/** The manifest tells whether any file was changed, and a zip of the same report is the same bytes anywhere. */
import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { unzipSync } from 'fflate';
import { describe, expect, it, test } from 'vitest';
import type { ReportFile } from '../../lib/model/report.ts';
import { REPORTERS } from '../../lib/reports/catalogue.ts';
import { manifestOf } from '../../lib/reports/manifest.ts';
import { zipOf } from '../../lib/reports/zip.ts';
import { bytesOf, textOf } from '../support/report-files.ts';
import { EMPTY_REPORT, SAMPLE_REPORT } from '../support/sample-report.ts';

const FILES = REPORTERS.flatMap((reporter) => reporter.render(SAMPLE_REPORT));
const MANIFEST = manifestOf(SAMPLE_REPORT, FILES);
const zip = (files: readonly ReportFile[]): Buffer => bytesOf(zipOf('report.zip', files).content);

describe('the manifest', () => {
  const manifest = JSON.parse(textOf(MANIFEST)) as {
    files: { name: string; bytes: number; sha256: string; rows?: number }[];
  };

  it('names every file with its length and digest, sorted', () => {
    expect(manifest.files.map(({ name }) => name)).toEqual(FILES.map(({ name }) => name).toSorted());
    for (const { name, bytes, sha256 } of manifest.files) {
      const body = bytesOf(FILES.find((file) => file.name === name)?.content ?? '');
      expect([name, bytes, sha256]).toEqual([name, body.length, createHash('sha256').update(body).digest('hex')]);
    }
  });

  it('says of what the report is, from what it was made, and how to make it again', () => {
    expect(manifest).toMatchObject({
      schema: 1,
      report: { id: SAMPLE_REPORT.id, period: SAMPLE_REPORT.period },
      reproduction: SAMPLE_REPORT.evidence.reproduction,
      ledger: { firstSeq: 1, lastSeq: 70_612, headHash: SAMPLE_REPORT.ledger.headHash },
    });
  });

  it('is another one where one byte of one file is', () => {
    const changed = FILES.map((file, at) => (at === 0 ? { ...file, content: `${textOf(file)} ` } : file));
    expect(textOf(manifestOf(SAMPLE_REPORT, changed))).not.toBe(textOf(MANIFEST));
  });

  it('of a report without formats lists nothing', () => {
    expect(JSON.parse(textOf(manifestOf(EMPTY_REPORT, [])))).toMatchObject({ files: [] });
  });
});

describe('the zip', () => {
  const all = [...FILES, MANIFEST];

  it('holds every file as it is, sorted, the manifest last', () => {
    const found = Object.entries(unzipSync(zip(all)));
    expect(found.map(([name]) => name)).toEqual([...FILES.map(({ name }) => name).toSorted(), 'manifest.json']);
    for (const [name, bytes] of found) {
      const body = bytesOf(all.find((file) => file.name === name)?.content ?? '');
      expect([name, Buffer.from(bytes).equals(body)]).toEqual([name, true]);
    }
  });

  it('is the same bytes in whatever order the files come', () => {
    expect(zip(all.toReversed()).equals(zip(all))).toBe(true);
  });

  const hasUnzip = spawnSync('unzip', ['-v']).status === 0;
  it.skipIf(!hasUnzip)(`is taken by unzip${hasUnzip ? '' : ', which is not installed here'}`, () => {
    const dir = mkdtempSync(join(tmpdir(), 'ajar-zip-'));
    writeFileSync(join(dir, 'report.zip'), zip(all));
    expect(spawnSync('unzip', ['-t', join(dir, 'report.zip')], { encoding: 'utf8' }).stdout).toMatch(
      /No errors detected/,
    );
    rmSync(dir, { recursive: true });
  });
});

test.each([
  ['Asia/Kolkata', 'hi_IN.UTF-8'],
  ['America/St_Johns', 'tr_TR.UTF-8'],
  ['UTC', 'C'],
])('every file and the zip are the same bytes in %s under %s', (TZ, LANG) => {
  const script = fileURLToPath(new URL('../support/print-fingerprints.ts', import.meta.url));
  const env = { ...process.env, TZ, LANG, LC_ALL: LANG };
  const printed = execFileSync(process.execPath, [script], { encoding: 'utf8', env });
  const here = [...FILES, MANIFEST, zipOf('report.zip', [...FILES, MANIFEST])].map(
    ({ name, content }) => `${name} ${createHash('sha256').update(bytesOf(content)).digest('hex')}`,
  );
  expect(printed.trim().split('\n')).toEqual(here);
});
