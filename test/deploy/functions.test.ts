/** functions/*.ts as they are deployed: what they carry, and whether they use what their roles allow (deploy/roles.yml). */
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Metafile } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Bundles, buildFunctions } from '../../scripts/build/bundles.ts';
import { importMs } from '../../scripts/build/weigh.ts';
import { decided, FUNCTIONS, logicalName, packagedTemplate, ROOT, type Template, variablesOf } from './packaged.ts';
import { statementsOfRole } from './statements.ts';

/** What somebody else does with a function's role: the runtime, the source of its events, the services that use a key. */
const USED_FOR_IT =
  /^(logs|kms):|^sqs:(ReceiveMessage|DeleteMessage|GetQueueAttributes)$|^dynamodb:(DescribeStream|GetRecords|GetShardIterator|ListStreams)$/;
/** Lambda leaves what it gave up there. */
const LEFT_BY_LAMBDA = 'FailedRuns';

/** Calls behind an action whose name is another. */
const CALLS: Readonly<Record<string, readonly string[]>> = {
  'dynamodb:DeleteItem': ['dynamodb/DeleteItem', 'dynamodb/TransactWriteItems'],
  'dynamodb:PutItem': ['dynamodb/PutItem', 'dynamodb/TransactWriteItems'],
  's3:GetObjectVersion': ['s3/GetObject'],
  // S3 says that there is no such object only to those who may list.
  's3:ListBucket': ['s3/GetObject'],
  's3:ListBucketVersions': ['s3/ListObjectVersions'],
  'sns:Publish': ['sns/Publish', 'sns/PublishBatch'],
  'sqs:SendMessage': ['sqs/SendMessage', 'sqs/SendMessageBatch'],
};
const CLIENTS: Readonly<Record<string, string>> = { events: 'eventbridge', secretsmanager: 'secrets-manager' };

const written = FUNCTIONS.filter((name) => existsSync(join(ROOT, 'functions', `${name}.ts`)));

describe.skipIf(written.length < FUNCTIONS.length)('the functions', () => {
  let out: string;
  let bundles: Bundles;
  let metafile: Metafile;
  let template: Template;
  beforeAll(async () => {
    out = mkdtempSync(join(tmpdir(), 'ajar-functions-'));
    bundles = await buildFunctions(join(ROOT, 'functions'), out);
    metafile = JSON.parse(readFileSync(join(out, 'meta.json'), 'utf8')) as Metafile;
    template = decided(await packagedTemplate(), { given: true });
  }, 120_000);
  afterAll(() => rmSync(out, { recursive: true, force: true }));

  it('are those that are deployed, and none carries what it must not', () => {
    expect(bundles).toEqual({ functions: FUNCTIONS, problems: [] });
  });

  it.each(FUNCTIONS)('%s loads without an environment of its own', async (name) => {
    expect(await importMs(join(out, 'functions', `${name}.mjs`), 1)).toBeGreaterThan(0);
  });

  it.each(FUNCTIONS)('%s makes every call that its role allows', (name) => {
    const calls = callsIn(name, metafile);
    const allowed = statementsOfRole(logicalName(name, 'Role'), template.Resources)
      .filter(({ Effect, Resource }) => Effect === 'Allow' && !JSON.stringify(Resource).includes(LEFT_BY_LAMBDA))
      .flatMap(({ Action }) => Action ?? []);
    const unused = [...new Set(allowed)].filter((action) => {
      const [service = '', call = ''] = action.split(':');
      const made = CALLS[action] ?? [`${CLIENTS[service] ?? service}/${call}`];
      return !USED_FOR_IT.test(action) && !made.some((each) => calls.has(each));
    });
    expect(unused).toEqual([]);
  });

  it.each(FUNCTIONS)('%s is told nothing that it does not read', (name) => {
    const told = Object.keys(variablesOf(template, logicalName(name, 'LambdaFunction')));
    const bundle = readFileSync(join(out, 'functions', `${name}.mjs`), 'utf8');
    const unread = told.filter((variable) => variable.startsWith('AJAR_') && !bundle.includes(variable));
    expect(unread).toEqual([]);
  });
});

/** `sns/PublishBatch` for each command of the SDK that a bundle carries. */
function callsIn(name: string, { outputs }: Metafile): ReadonlySet<string> {
  const output = Object.entries(outputs).find(([path]) => path.endsWith(`/${name}.mjs`))?.[1];
  const carried = Object.entries(output?.inputs ?? {}).filter(([, { bytesInOutput }]) => bytesInOutput > 0);
  const commands = carried.map(([path]) =>
    /@aws-sdk\/client-([\w-]+)\/dist-es\/commands\/(\w+)Command\.js$/.exec(path),
  );
  return new Set(commands.flatMap((found) => (found === null ? [] : [`${found[1]}/${found[2]}`])));
}
