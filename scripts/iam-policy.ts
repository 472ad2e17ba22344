/**
 * Writes docs/iam/*.json: the policies of the read-only role, from what the collectors declare.
 * `--check` writes nothing and fails when the files say something else.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { MANAGED_POLICY_LIMIT, rolePolicies, sizeOf } from '../lib/aws/role-policy.ts';
import { COLLECTORS } from '../lib/collectors/catalogue.ts';
import { actionsOf } from '../lib/runtime/aws.ts';

const FOLDER = join(import.meta.dirname, '..', 'docs', 'iam');
const isCheck = process.argv.includes('--check');
const actions = actionsOf(COLLECTORS);
let stale = 0;

if (!isCheck) mkdirSync(FOLDER, { recursive: true });
for (const { name, document } of rolePolicies(actions)) {
  const file = join(FOLDER, `${name}.json`);
  const text = `${JSON.stringify(document, null, 2)}\n`;
  const size = sizeOf(document.Statement);
  if (isCheck) {
    if (!existsSync(file) || readFileSync(file, 'utf8') !== text) {
      process.stderr.write(`docs/iam/${name}.json is not what the collectors declare: npm run iam-policy\n`);
      stale++;
    }
  } else {
    writeFileSync(file, text);
    process.stdout.write(`docs/iam/${name}.json: ${size} of ${MANAGED_POLICY_LIMIT} characters\n`);
  }
}
if (!isCheck) process.stdout.write(`${actions.length} actions, all read-only; data and secrets denied\n`);
if (stale > 0) process.exitCode = 1;
