/**
 * What is deployed, read from serverless.yml and deploy/*.yml: which function is told what, how many messages it gets at
 * once, how long a message is hidden, what runs when. So that the test fails where the deployment would.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseDocument } from 'yaml';

const ROOT = join(import.meta.dirname, '..', '..', '..');

export interface DeployedFunction {
  readonly name: string;
  readonly timeoutMs: number;
  /** Names of its variables. */
  readonly settings: readonly string[];
  /** Logical id of the queue that it reads, and how many messages at once. */
  readonly queue?: { readonly id: string; readonly batchSize: number };
  /** The stream's batch; its filter is `isOwedNotice`'s. */
  readonly stream?: { readonly batchSize: number; readonly filters: readonly unknown[] };
}

export interface DeployedQueue {
  readonly id: string;
  readonly visibilityMs: number;
  readonly maxReceiveCount: number;
}

export interface Schedule {
  readonly function: string;
  readonly everyMs: number;
  readonly input: unknown;
}

export interface Deployment {
  readonly functions: readonly DeployedFunction[];
  readonly queues: readonly DeployedQueue[];
  readonly schedules: readonly Schedule[];
}

type Tree = Readonly<Record<string, unknown>>;

export function readDeployment(): Deployment {
  const functions = Object.entries(tree(yaml('serverless.yml')['functions'])).map(([name, f]) =>
    functionOf(name, tree(f)),
  );
  const queues = resourcesOf('deploy/queues.yml', 'AWS::SQS::Queue').flatMap(([id, properties]) =>
    queueOf(id, properties),
  );
  const schedules = resourcesOf('deploy/schedules.yml', 'AWS::Scheduler::Schedule').map(([, p]) => scheduleOf(p));
  return { functions, queues, schedules };
}

function functionOf(name: string, { timeout, environment, events }: Tree): DeployedFunction {
  const listed = list(events).map(tree);
  const sqs = listed.map(({ sqs }) => sqs).find((e) => e !== undefined);
  const stream = listed.map(({ stream }) => stream).find((e) => e !== undefined);
  return {
    name,
    timeoutMs: Number(timeout) * 1_000,
    settings: Object.keys(tree(environment)),
    ...(sqs === undefined
      ? {}
      : { queue: { id: String(tree(sqs)['arn']).replace(/\.Arn$/, ''), batchSize: Number(tree(sqs)['batchSize']) } }),
    ...(stream === undefined
      ? {}
      : { stream: { batchSize: Number(tree(stream)['batchSize']), filters: list(tree(stream)['filterPatterns']) } }),
  };
}

function queueOf(id: string, { VisibilityTimeout, RedrivePolicy }: Tree): readonly DeployedQueue[] {
  if (VisibilityTimeout === undefined) return [];
  return [
    {
      id,
      visibilityMs: Number(VisibilityTimeout) * 1_000,
      maxReceiveCount: Number(tree(RedrivePolicy)['maxReceiveCount']),
    },
  ];
}

const UNITS: Readonly<Record<string, number>> = { minute: 60_000, hour: 3_600_000, day: 86_400_000 };

function scheduleOf({ ScheduleExpression, Target }: Tree): Schedule {
  const [, count, unit] = /^rate\((\d+) (minute|hour|day)s?\)$/.exec(String(ScheduleExpression)) ?? [];
  const { Arn, Input } = tree(Target);
  return {
    function: String(Arn)
      .replace(/LambdaFunction\.Arn$/, '')
      .toLowerCase(),
    everyMs: Number(count) * (UNITS[unit ?? ''] ?? Number.NaN),
    input: Input === undefined ? {} : (JSON.parse(typeof Input === 'string' ? Input : '{}') as unknown),
  };
}

function resourcesOf(file: string, type: string): readonly (readonly [string, Tree])[] {
  return Object.entries(tree(yaml(file)['Resources'])).flatMap(([id, resource]) => {
    const { Type, Properties } = tree(resource);
    return Type === type ? [[id, tree(Properties)] as const] : [];
  });
}

/** Functions of CloudFormation stay as what they were given: `!GetAtt CollectQueue.Arn` is `CollectQueue.Arn`. */
function yaml(file: string): Tree {
  const document = parseDocument(readFileSync(join(ROOT, file), 'utf8'), { merge: true, logLevel: 'silent' });
  const [error] = document.errors;
  if (error !== undefined) throw new Error(`${file}: ${error.message}`);
  return tree(document.toJS());
}

function tree(value: unknown): Tree {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Tree) : {};
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? (value as readonly unknown[]) : [];
}
