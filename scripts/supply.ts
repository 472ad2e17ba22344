/**
 * The supply chain. `npm run check:supply`: exact versions, a SHA-512 and a fitting licence for each package, no install script that
 * nobody read, also of what scripts/mutate.ts installs. `npm run sbom`: what a release carries, as CycloneDX and SPDX in dist/, the same bytes for the same lock file.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import canonicalize from 'canonicalize';
import { type Lock, type Manifest, problemsOf } from './supply/lock.ts';

const root = new URL('../', import.meta.url);
const read = (name: string): string => readFileSync(new URL(name, root), 'utf8');
const { values } = parseArgs({ options: { sbom: { type: 'boolean', default: false } } });
const lockOf = (folder: string): Lock => JSON.parse(read(`${folder}package-lock.json`)) as Lock;
const problemsIn = (folder: string): readonly string[] =>
  problemsOf(JSON.parse(read(`${folder}package.json`)) as Manifest, lockOf(folder));
const lock = lockOf('');

const problems = [...problemsIn(''), ...problemsIn('scripts/mutate/')];
for (const problem of problems) console.error(problem);
const packages = Object.entries(lock.packages).filter(([path]) => path !== '');
const shipped = packages.filter(([, { dev }]) => dev !== true);
console.log(
  `supply chain: ${packages.length} packages, ${shipped.length} of them shipped, ${problems.length} problems`,
);
if (problems.length > 0) process.exitCode = 1;
else if (values.sbom) for (const format of ['cyclonedx', 'spdx'] as const) writeBill(format);

function writeBill(format: 'cyclonedx' | 'spdx'): void {
  const args = ['sbom', '--package-lock-only', '--omit', 'dev', '--sbom-format', format];
  const { status, stdout, stderr } = spawnSync('npm', args, {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  });
  if (status !== 0) throw new Error(`npm sbom: ${stderr.trim()}`);
  const file = new URL(`dist/ajar.${format === 'spdx' ? 'spdx' : 'cdx'}.json`, root);
  mkdirSync(new URL('./', file), { recursive: true });
  writeFileSync(file, `${canonicalize(timeless(JSON.parse(stdout) as Bill)) ?? ''}\n`);
  console.log(`wrote ${file.pathname}`);
}

interface Bill {
  serialNumber?: string;
  documentNamespace?: string;
  metadata?: { timestamp?: string };
  creationInfo?: { created?: string };
}

/** Names made of the lock file in place of random ones; the epoch where SPDX wants a time. */
function timeless(bill: Bill): Bill {
  const digest = createHash('sha256').update(read('package-lock.json')).digest('hex');
  const uuid = [
    digest.slice(0, 8),
    digest.slice(8, 12),
    `8${digest.slice(13, 16)}`,
    `a${digest.slice(17, 20)}`,
    digest.slice(20, 32),
  ];
  if (bill.serialNumber !== undefined) bill.serialNumber = `urn:uuid:${uuid.join('-')}`;
  if (bill.documentNamespace !== undefined) bill.documentNamespace = `urn:uuid:${uuid.join('-')}`;
  if (bill.metadata !== undefined) delete bill.metadata.timestamp;
  if (bill.creationInfo !== undefined) bill.creationInfo.created = '1970-01-01T00:00:00Z';
  return bill;
}
