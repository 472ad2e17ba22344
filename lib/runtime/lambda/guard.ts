/** Guard: watches the watcher, every minute, and tells the health topic. Metrics say how it stands. */
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { SchedulerClient } from '@aws-sdk/client-scheduler';
import { SNSClient } from '@aws-sdk/client-sns';
import { SQSClient } from '@aws-sdk/client-sqs';
import * as z from 'zod/mini';
import { drillReceipts } from '../../aws/drill-receipts.ts';
import { beat, ruleProblems, scheduleProblems } from '../../aws/own-rules.ts';
import { heartbeatOf, isOwnName, ownKeys, type OwnStack, ownQueueArn, ownStackOf } from '../../aws/own-stack.ts';
import { readSubscriptions, topicFacts } from '../../aws/own-topics.ts';
import { rules } from '../../events/rules.ts';
import { drillSchedule } from '../../model/drill.ts';
import { AjarError } from '../../model/errors.ts';
import type { HealthNews, Problem } from '../../model/health.ts';
import type { Place } from '../../model/inventory.ts';
import { postJson } from '../../net/post.ts';
import { type Check, guard as guardAll, type GuardPass, type GuardRun } from '../../pipeline/guard.ts';
import { allowlistCheck } from '../../pipeline/guard-allowlist.ts';
import { coverageCheck } from '../../pipeline/guard-coverage.ts';
import { drillCheck, noDrillCheck } from '../../pipeline/guard-drill.ts';
import { beatCheck, eventPathCheck, tamperingCheck } from '../../pipeline/guard-events.ts';
import { sinksCheck } from '../../pipeline/guard-sinks.ts';
import { AUDIENCES, type Declared, declaredOf, subscriptionsCheck } from '../../pipeline/guard-subscriptions.ts';
import { explainCheck, outboxCheck, visitsCheck } from '../../pipeline/guard-work.ts';
import { PROBES } from '../../probes/catalogue.ts';
import { publishHealth } from '../../sinks/health.ts';
import type { DynamoStore } from '../../stores/dynamodb.ts';
import { VERSION } from '../version.ts';
import { allowlistInForce } from './allowlist.ts';
import { listSetting, optionalSetting, setting } from './environment.ts';
import { evidenceChecks } from './evidence-checks.ts';
import { once } from './once.ts';
import { sinksText } from './sinks-text.ts';
import { changeQueue, notes, state } from './state.ts';
import { logger, metrics } from './telemetry.ts';
import { CALL_TIMES } from './times.ts';
import type { Work } from './worker.ts';

const guardTask = z.object({ task: z.literal('guard') });
/** Of checks; what is left of the Lambda's 55 s is for telling. */
const CHECKS_MS = 35_000;
const PING_MS = 5_000;
/** ajar's own rules, schedules, topics and subscriptions are read so often, in minutes. */
const READ_EVERY = 5;
const TIMES = { maxAttempts: 2, requestHandler: CALL_TIMES } as const;

const sns = once(() => new SNSClient(TIMES));
const eventBridge = once(() => new EventBridgeClient(TIMES));
const scheduler = once(() => new SchedulerClient(TIMES));
const sqs = once(() => new SQSClient(TIMES));
/** For as long as the environment lives: what it told, what it read of ajar's own, the keys of topics when it read them. */
const kept: GuardRun['kept'] & { readonly read: Set<string>; keyIds: readonly string[] } = {
  read: new Set(),
  keyIds: [],
};

export async function guard(event: unknown, { signal }: Work): Promise<void> {
  z.parse(guardTask, event);
  const url = optionalSetting('AJAR_HEARTBEAT_URL');
  const evidence = evidenceChecks(await state());
  const pass = await guardAll({
    checks: [
      ...workChecks(await state()),
      ...allowlistChecks(await state()),
      ...sinksChecks(await state()),
      drillOf(await state()),
      evidence.always,
      ...evidence.sometimes.map(sometimes),
      ...ownChecks(await state()),
    ],
    ...{ kept, records: (await state()).records, now: () => new Date() },
    signal: AbortSignal.any([signal, AbortSignal.timeout(CHECKS_MS)]),
    publish: (news) => publish(news, signal),
    ...(url === undefined ? {} : { ping: () => ping(url, signal) }),
  });
  measure(pass);
  if (pass.untold === undefined) return;
  // What was found and not told is looked for again a minute later.
  kept.read.clear();
  throw new AjarError('sink-refused', `guard did not tell all: ${pass.untold}`);
}

function workChecks(store: DynamoStore): readonly Check[] {
  const probed = new Set(PROBES.filter((p) => p.connectionBudget === undefined).flatMap((p) => p.engines));
  const [accounts, regions] = [listSetting('AJAR_ACCOUNTS'), listSetting('AJAR_REGIONS')];
  const isWanted = ({ account, region }: Place): boolean =>
    accounts?.includes(account) !== false && regions?.includes(region) !== false;
  return [
    coverageCheck(store.inventory, isWanted, () => store.accountGaps.read()),
    visitsCheck(
      () => store.roster(0, 1),
      (engine) => probed.has(engine),
    ),
    outboxCheck(store.outbox),
    explainCheck((filter) => store.incidents(filter), { send: (messages) => changeQueue().send(messages) }, notes()),
  ];
}

/** Where there is no place for one, nothing is allowed and nothing can end. */
function allowlistChecks(store: DynamoStore): readonly Check[] {
  const place = optionalSetting('AJAR_ALLOWLIST');
  if (place === undefined) return [];
  const read = (): ReturnType<typeof allowlistInForce> => allowlistInForce();
  return [allowlistCheck({ read, place, notes: notes(), record: (lines) => store.append(lines) })];
}

function sinksChecks({ records }: DynamoStore): readonly Check[] {
  const place = optionalSetting('AJAR_SINKS');
  return place === undefined ? [] : [sinksCheck({ read: () => sinksText(place), place, notes: notes(), records })];
}

/** Where its setting is none, that is what the check finds. */
function drillOf(store: DynamoStore): Check {
  const text = optionalSetting('AJAR_DRILL');
  if (text === undefined) return noDrillCheck(notes());
  const look = (now: Date): ReturnType<Check['look']> =>
    drillCheck({
      schedule: drillSchedule(text),
      receipts: drillReceipts(sqs(), setting('AJAR_DRILL_QUEUE')),
      notes: notes(),
      record: (lines) => store.append(lines),
    }).look(now);
  return { name: 'drill', look: async (now) => look(now) };
}

/** What ajar rests on. Where its own names are not known, that is what these checks find. */
function ownChecks({ changes }: DynamoStore): readonly Check[] {
  try {
    const stack = ownStackOf(setting('AJAR_TOPIC_HEALTH'));
    const role = optionalSetting('AJAR_ROLE')?.split('/').at(-1) ?? '';
    const { keyIds } = kept;
    const own = {
      keys: ownKeys(stack, keyIds),
      isOwn: (name: string) => isOwnName(stack, name, [role, ...keyIds]),
      heartbeat: heartbeatOf(stack),
    };
    const topics = AUDIENCES.map((audience) => ({ audience, arn: setting(TOPICS[audience]) }));
    const declared = declaredSubscriptions(stack);
    return [
      beatCheck((now) => beat(eventBridge(), stack, now), notes()),
      eventPathCheck(changes, own, notes()),
      tamperingCheck(changes, own),
      sometimes(subscriptionsCheck(() => readSubscriptions(sns(), topics), declared)),
      reading('own-rules', () => ruleProblems(eventBridge(), stack, rules(`${stack.name}-changes`))),
      reading('own-schedules', () => scheduleProblems(scheduler(), stack)),
      reading('own-topics', async () => {
        const { problems, keyIds: found } = await topicFacts(sns(), topics);
        kept.keyIds = found;
        return problems;
      }),
    ];
  } catch (error) {
    return [{ name: 'own-stack', look: () => Promise.reject(error as Error) }];
  }
}

/** Those that were declared, and the drill's queue, which comes with the stack. */
function declaredSubscriptions(stack: OwnStack): Declared | undefined {
  const listed = listSetting('AJAR_SUBSCRIPTIONS');
  const queue = optionalSetting('AJAR_DRILL_QUEUE');
  const own = queue === undefined ? [] : [`machine sqs ${ownQueueArn(stack, queue)}`];
  if (listed !== undefined) return declaredOf([...listed, ...own]);
  return own.length === 0 ? undefined : { ...declaredOf(own), othersToo: true };
}

const TOPICS = {
  page: 'AJAR_TOPIC_PAGE',
  chat: 'AJAR_TOPIC_CHAT',
  machine: 'AJAR_TOPIC_MACHINE',
  digest: 'AJAR_TOPIC_DIGEST',
  health: 'AJAR_TOPIC_HEALTH',
} as const;

function reading(name: string, read: () => Promise<readonly Problem[]>): Check {
  return sometimes({ name, look: async () => ({ problems: await read() }) });
}

/**
 * Few calls for what seldom changes, and of which a change is told at once when its event comes. What could not be read is
 * read again a minute later, and everything when an environment begins.
 */
function sometimes(check: Check): Check {
  const { name } = check;
  const isTime = (now: Date): boolean => Math.floor(now.getTime() / 60_000) % READ_EVERY === 0;
  return {
    name,
    async look(now) {
      if (!isTime(now) && kept.read.has(name)) return undefined;
      kept.read.delete(name);
      const found = await check.look(now);
      kept.read.add(name);
      return found;
    },
  };
}

async function publish(news: HealthNews, signal: AbortSignal): Promise<void> {
  const receipt = await publishHealth(
    news,
    {
      health: { client: sns(), topicArn: setting('AJAR_TOPIC_HEALTH') },
      page: { client: sns(), topicArn: setting('AJAR_TOPIC_PAGE') },
    },
    signal,
  );
  const { began, lasting, ended, open } = news;
  logger.info('told', { receipt, began: began.length, lasting: lasting.length, ended: ended.length, open });
}

/** POST, as dead man's services take it beside GET. The URL is a secret: no error names it. */
async function ping(url: string, signal: AbortSignal): Promise<void> {
  const headers = { 'content-type': 'application/json', 'user-agent': `ajar/${VERSION}` };
  const { status } = await postJson(url, '{"from":"ajar guard"}', { headers, timeoutMs: PING_MS, signal });
  if (status < 200 || status > 299) throw new AjarError('sink-refused', `it answered ${status}`);
}

function measure({ counts, open, complete }: GuardPass): void {
  for (const [name, count] of Object.entries(counts)) {
    metrics.addMetric(name, /(?:Age|Seconds)$/.test(name) ? 'Seconds' : 'Count', count);
  }
  metrics.addMetric('GuardPass', 'Count', complete ? 1 : 0);
  for (const { key, severity, subject, detail } of open.slice(0, MAX_LOGGED)) {
    logger.warn('problem', { key, severity, subject, detail });
  }
}
const MAX_LOGGED = 50;
