/**
 * What `osls package` makes of the service: in a folder of its own with empty handlers, without credentials and without a
 * network, so that it says what the files here say and nothing of this machine.
 */
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

export const ROOT = join(import.meta.dirname, '..', '..');
export const FUNCTIONS = [
  'assess',
  'change',
  'collect',
  'console',
  'drill',
  'guard',
  'notify',
  'plan',
  'probe',
  'report',
  'seal',
];

export interface Resource {
  readonly Type: string;
  readonly Condition?: string;
  readonly DeletionPolicy?: string;
  readonly Properties: Readonly<Record<string, unknown>>;
}
export interface Template {
  readonly Resources: Readonly<Record<string, Resource>>;
  readonly Outputs: Readonly<Record<string, unknown>>;
  readonly Conditions: Readonly<Record<string, Condition>>;
}

/** A service's folder: its files, empty handlers, and the dependencies of this repository. Whoever makes it removes it. */
export function serviceFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'ajar-service-'));
  for (const file of SERVICE_FILES) {
    cpSync(join(ROOT, file), join(folder, file), { recursive: true });
  }
  writeFileSync(join(folder, 'package.json'), '{"name":"ajar","type":"module"}\n');
  symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
  mkdirSync(join(folder, 'dist/functions'), { recursive: true });
  for (const name of FUNCTIONS) {
    writeFileSync(join(folder, `dist/functions/${name}.mjs`), 'export const handler = async () => undefined;\n');
  }
  return folder;
}

/** Packages into `out` of the folder and returns that path. */
export async function packageInto(folder: string, out: string, args: readonly string[] = []): Promise<string> {
  const osls = join(folder, 'node_modules/osls/bin/serverless.js');
  const to = join(folder, out);
  await promisify(execFile)(process.execPath, [osls, 'package', '--package', to, ...args], {
    cwd: folder,
    env: { PATH: process.env['PATH'], HOME: folder, AWS_EC2_METADATA_DISABLED: 'true' },
  });
  return to;
}

const SERVICE_FILES = ['serverless.yml', 'serverless.vantage.yml', 'deploy'];

/** Every parameter of serverless.yml that is empty by default. */
export const EVERYTHING = [
  'organization=o-0123456789',
  'accounts=111122223333',
  'regions=eu-central-1',
  'email=somebody@example.org',
  'subscriptions=page email somebody@example.org',
  'vantageQueues=https://sqs.us-east-1.amazonaws.com/111122223333/ajar-prod-probe',
  'pageFallbackTopic=arn:aws:sns:us-east-1:111122223333:ajar-prod-page',
  'heartbeatUrl=https://example.org/beat',
  'auditors=arn:aws:iam::111122223333:role/audit',
  'consoleIssuer=https://login.example.org',
  'consoleAudience=ajar,ajar-audit',
  'consoleHosts=ajar.example.org',
  'sinkSecrets=arn:aws:secretsmanager:eu-central-1:111122223333:secret:ajar/slack-AbCdEf,arn:aws:secretsmanager:eu-central-1:111122223333:secret:ajar/pager-GhIjKl',
  'securityHub=yes',
  'sinkBuses=arn:aws:events:eu-central-1:111122223333:event-bus/security',
].map((param) => `--param=${param}`);

export const VANTAGE_ARGS = [
  '--config=serverless.vantage.yml',
  '--region=us-east-1',
  '--param=assessQueueUrl=https://sqs.eu-central-1.amazonaws.com/111122223333/ajar-prod-assess',
  '--param=assessQueueArn=arn:aws:sqs:eu-central-1:111122223333:ajar-prod-assess',
  '--param=messageKeyArn=arn:aws:kms:eu-central-1:111122223333:key/11111111-2222-3333-4444-555555555555',
];

function templateIn(packaged: string): Template {
  const file = join(packaged, 'cloudformation-template-update-stack.json');
  return JSON.parse(readFileSync(file, 'utf8')) as Template;
}

/**
 * Of ajar's own stack with `EVERYTHING` given (`decided` leaves out what was not), or of a vantage. Packaging takes
 * seconds, and several test files ask for it: kept by what it is made of.
 */
export async function packagedTemplate(args: readonly string[] = EVERYTHING): Promise<Template> {
  const kept = join(ROOT, 'node_modules/.cache/ajar', `${digestOf(args)}.json`);
  if (existsSync(kept)) return JSON.parse(readFileSync(kept, 'utf8')) as Template;
  const folder = serviceFolder();
  try {
    const template = templateIn(await packageInto(folder, 'packaged', args));
    mkdirSync(dirname(kept), { recursive: true });
    writeFileSync(`${kept}.${process.pid}`, JSON.stringify(template));
    renameSync(`${kept}.${process.pid}`, kept);
    return template;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Ajar's own stack with nothing given and with everything, and a vantage. */
export async function everyTemplate(): Promise<Readonly<Record<'alone' | 'organization' | 'vantage', Template>>> {
  const [hub, vantage] = await Promise.all([packagedTemplate(), packagedTemplate(VANTAGE_ARGS)]);
  return {
    alone: decided(hub, { given: false }),
    organization: decided(hub, { given: true }),
    vantage: decided(vantage, { given: true }),
  };
}

function digestOf(args: readonly string[]): string {
  const files = [...SERVICE_FILES, 'node_modules/osls/package.json', 'test/deploy/packaged.ts'].flatMap((file) => {
    const path = join(ROOT, file);
    return statSync(path).isDirectory() ? readdirSync(path).map((name) => join(path, name)) : [path];
  });
  const hash = createHash('sha256').update(JSON.stringify(args));
  for (const file of files.toSorted()) hash.update(`${file}\0`).update(readFileSync(file)).update('\0');
  return hash.digest('hex');
}

export function ofType(template: Template, type: string): readonly (readonly [string, Resource])[] {
  return Object.entries(template.Resources).filter(([, resource]) => resource.Type === type);
}

/** Variables of a function, by its logical name. */
export function variablesOf(template: Template, name: string): Readonly<Record<string, unknown>> {
  const environment = template.Resources[name]?.Properties['Environment'];
  return (environment as { readonly Variables?: Readonly<Record<string, unknown>> } | undefined)?.Variables ?? {};
}

/** Logical name that osls gives to a function (`PlanLambdaFunction`), or ours of its role (`PlanRole`). */
export function logicalName(name: string, kind: 'LambdaFunction' | 'Role'): string {
  return `${name.charAt(0).toUpperCase()}${name.slice(1)}${kind}`;
}

/**
 * The template as CloudFormation would make it: every condition decided, what it leaves out left out. `given: false` is the
 * template of a service to which nothing was given: parameters of `Has...` are empty then and appear nowhere else.
 */
export function decided(template: Template, { given }: { readonly given: boolean }): Template {
  const holds = new Map(
    Object.entries(template.Conditions).map(([name, condition]) => [
      name,
      (given || !name.startsWith('Has')) && isTrue(condition),
    ]),
  );
  const resources = Object.entries(template.Resources)
    .filter(([, { Condition }]) => Condition === undefined || holds.get(Condition) === true)
    .map(([name, resource]) => [name, choose(resource, holds)]);
  return { ...template, Resources: Object.fromEntries(resources) as Template['Resources'] };
}

type Condition = { readonly 'Fn::Equals': readonly [string, string] } | { readonly 'Fn::Not': readonly [Condition] };

function isTrue(condition: Condition): boolean {
  if ('Fn::Not' in condition) return !isTrue(condition['Fn::Not'][0]);
  const [left, right] = condition['Fn::Equals'];
  return left === right;
}

const NOTHING = Symbol('AWS::NoValue');

function choose(value: unknown, holds: ReadonlyMap<string, boolean>): unknown {
  if (Array.isArray(value)) return value.map((each) => choose(each, holds)).filter((each) => each !== NOTHING);
  if (typeof value !== 'object' || value === null) return value;
  if ('Ref' in value && value.Ref === 'AWS::NoValue') return NOTHING;
  if ('Fn::If' in value) {
    const [name, yes, no] = value['Fn::If'] as [string, unknown, unknown];
    return choose(holds.get(name) === true ? yes : no, holds);
  }
  const entries = Object.entries(value).map(([key, each]) => [key, choose(each, holds)] as const);
  return Object.fromEntries(entries.filter(([, each]) => each !== NOTHING));
}
