/**
 * Writes what follows from the code into deploy/*.yml: the reading role and the rules. `--check` writes nothing and fails
 * when a template says something else.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { GENERATED, regenerated } from './build/templates.ts';

const isCheck = process.argv.includes('--check');
for (const [file, sections] of Object.entries(GENERATED)) {
  const path = join(import.meta.dirname, '..', file);
  const before = readFileSync(path, 'utf8');
  const after = regenerated(before, sections);
  if (!isCheck) writeFileSync(path, after);
  else if (after !== before) {
    console.error(`${file} is not what the code says: node scripts/templates.ts`);
    process.exitCode = 1;
  }
}
