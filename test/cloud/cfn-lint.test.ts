/** cfn-lint over what CloudFormation is given: the packaged templates and deploy/member-account.yml. No errors. */
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { EVERYTHING, packageInto, ROOT, serviceFolder, VANTAGE_ARGS } from '../deploy/packaged.ts';
import { cacheFolder } from '../engines/layout.ts';

const CFN_LINT_VERSION = '1.58.0';
const TEMPLATE = 'cloudformation-template-update-stack.json';
const REGIONS = ['eu-central-1', 'us-east-1', 'ap-southeast-2'];

/** Installed once from PyPI, as moto is. Needs python3 with venv. */
function installCfnLint(): string {
  const folder = join(cacheFolder(), `cfn-lint-${CFN_LINT_VERSION}`);
  const stamp = join(folder, 'installed');
  if (!existsSync(stamp)) {
    mkdirSync(cacheFolder(), { recursive: true });
    execFileSync('python3', ['-m', 'venv', folder], { stdio: 'pipe' });
    execFileSync(join(folder, 'bin/pip'), ['install', '--quiet', `cfn-lint==${CFN_LINT_VERSION}`], {
      stdio: 'pipe',
      timeout: 540_000,
    });
    writeFileSync(stamp, CFN_LINT_VERSION);
  }
  return join(folder, 'bin/cfn-lint');
}

let program: string;
let service: string;
beforeAll(() => {
  program = installCfnLint();
  service = serviceFolder();
}, 600_000);
afterAll(() => rmSync(service, { recursive: true }));

/** Errors only: parameters are decided when packaging, and cfn-lint warns that a condition is always the same. */
function errorsIn(template: string): readonly string[] {
  const run = spawnSync(program, ['--format', 'parseable', '--regions', ...REGIONS, '--template', template], {
    encoding: 'utf8',
  });
  // 0 clean, and a sum of 2 for errors, 4 for warnings, 8 for information.
  if (run.status === null || run.status === 1 || run.status > 14) throw new Error(`cfn-lint failed: ${run.stderr}`);
  return run.stdout.split('\n').filter((line) => /:E\d{4}:/.test(line));
}

describe('cfn-lint', () => {
  it.each([
    ['the service with nothing given', []],
    [
      'the service with everything given',
      [...EVERYTHING, '--param=evidenceLock=GOVERNANCE', '--param=evidenceDays=30', '--param=reserve=no'],
    ],
    ['a vantage', VANTAGE_ARGS],
  ])('finds no error in %s', async (name, args) => {
    const packaged = await packageInto(service, name.replaceAll(' ', '-'), args);
    expect(errorsIn(join(packaged, TEMPLATE))).toEqual([]);
  });

  it('finds no error in the template of a member account', () => {
    expect(errorsIn(join(ROOT, 'deploy/member-account.yml'))).toEqual([]);
  });

  it('would find one', () => {
    const folder = mkdtempSync(join(tmpdir(), 'ajar-lint-'));
    try {
      const broken = {
        Resources: { Queue: { Type: 'AWS::SQS::Queue', Properties: { VisibilityTimeout: { Ref: 'Nobody' } } } },
      };
      writeFileSync(join(folder, 'broken.json'), JSON.stringify(broken));
      expect(errorsIn(join(folder, 'broken.json'))).toHaveLength(1);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
