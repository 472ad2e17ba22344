/**
 * Whether ajar's own rules and schedules stand as they should, and the write that has to come back as an event
 * (aws-services.md section 5.4). Calls, every five minutes: DescribeRule and ListTargetsByRule of each rule of the central
 * bus, ListSchedules; PutRule every fifteen, of one rule that matches nothing.
 */
import {
  DescribeRuleCommand,
  type EventBridgeClient,
  ListTargetsByRuleCommand,
  PutRuleCommand,
} from '@aws-sdk/client-eventbridge';
import { paginateListSchedules, type SchedulerClient, type ScheduleSummary } from '@aws-sdk/client-scheduler';
import type { Problem } from '../model/health.ts';
import { printable } from '../model/text.ts';
import { isAbsence } from './errors.ts';
import { heartbeatOf, type OwnStack } from './own-stack.ts';

/** How many schedules run each, as deploy/schedules.yml says. */
export const OWN_SCHEDULES: Readonly<Record<string, number>> = { plan: 4, notify: 1, guard: 1, report: 1, seal: 1 };

/** A write that changes nothing that anything rests on: a disabled rule, its pattern as ever, its description new. */
export async function beat(client: EventBridgeClient, stack: OwnStack, now: Date): Promise<void> {
  const { rule, bus } = heartbeatOf(stack);
  await client.send(
    new PutRuleCommand({
      ...{ Name: rule, EventBusName: bus, State: 'DISABLED', EventPattern: '{"source":["ajar.heartbeat"]}' },
      Description: `Matches nothing: ajar writes it to see that it is told of changes. Last written ${now.toISOString()}`,
    }),
  );
}

export interface OwnRule {
  readonly name: string;
  readonly pattern: unknown;
}

/** Rules of the central bus that are gone, off, changed, or lead elsewhere. Throws where AWS did not say. */
export async function ruleProblems(
  client: EventBridgeClient,
  stack: OwnStack,
  rules: readonly OwnRule[],
): Promise<readonly Problem[]> {
  const problems: Problem[] = [];
  for (const rule of rules) {
    const wrong = await wrongWithRule(client, stack, rule);
    if (wrong === undefined) continue;
    problems.push({
      key: `own-rule/${rule.name}`,
      severity: 'critical',
      subject: printable(`rule ${rule.name} ${wrong}`, 99),
      detail: `Changes that it should bring are only found by sweeps and visits. Deploy again; CloudTrail says who did it.`,
    });
  }
  return problems;
}

async function wrongWithRule(
  client: EventBridgeClient,
  { name, partition, region, account }: OwnStack,
  rule: OwnRule,
): Promise<string | undefined> {
  const EventBusName = name;
  try {
    const { State, EventPattern } = await client.send(new DescribeRuleCommand({ Name: rule.name, EventBusName }));
    if (State?.startsWith('ENABLED') !== true) return `is ${State ?? 'in no known state'}`;
    if (canonical(jsonOf(EventPattern)) !== canonical(rule.pattern)) return 'has another pattern than it should';
    const { Targets = [] } = await client.send(new ListTargetsByRuleCommand({ Rule: rule.name, EventBusName }));
    const queue = `arn:${partition}:sqs:${region}:${account}:${name}-change`;
    if (!Targets.some(({ Arn }) => Arn === queue)) return 'no longer leads to the change queue';
    if (Targets.length > 1) return 'leads elsewhere too';
    return undefined;
  } catch (error) {
    if (isAbsence(error, ['ResourceNotFoundException'])) return 'is gone';
    throw error;
  }
}

/** Schedules that are gone or off. Throws where AWS did not say. */
export async function scheduleProblems(client: SchedulerClient, { name }: OwnStack): Promise<readonly Problem[]> {
  const schedules = await listSchedules(client, name);
  const off = schedules.filter(({ State }) => State !== 'ENABLED').map((s) => ({ ...s, says: s.State ?? 'off' }));
  return [
    ...off.map(({ Name = '', says }) => scheduleProblem(Name, `schedule ${Name} is ${says}`)),
    ...Object.entries(OWN_SCHEDULES).flatMap(([each, wanted]) => {
      const found = schedules.filter(
        ({ Target }) => Target?.Arn?.endsWith(`:function:${name}-${each}`) === true,
      ).length;
      return found >= wanted ? [] : [scheduleProblem(each, `${each} has ${found} of ${wanted} schedules`)];
    }),
  ];
}

async function listSchedules(client: SchedulerClient, GroupName: string): Promise<readonly ScheduleSummary[]> {
  const found: ScheduleSummary[] = [];
  try {
    for await (const page of paginateListSchedules({ client, stopOnSameToken: true }, { GroupName })) {
      found.push(...(page.Schedules ?? []));
      if (found.length > MAX_SCHEDULES) break;
    }
  } catch (error) {
    if (!isAbsence(error, ['ResourceNotFoundException'])) throw error;
  }
  return found;
}
const MAX_SCHEDULES = 500;

function scheduleProblem(name: string, what: string): Problem {
  return {
    key: printable(`own-schedule/${name}`),
    severity: 'critical',
    subject: printable(what, 99),
    detail: 'What it should start does not run when it is due. Deploy again; CloudTrail says who did it.',
  };
}

function jsonOf(text: string | undefined): unknown {
  try {
    return JSON.parse(text ?? '');
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    return undefined;
  }
}

/** The same for patterns that match the same by the order of their parts alone. */
function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).toSorted().join()}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'undefined';
  const parts = Object.entries(value).map(([key, each]) => `${JSON.stringify(key)}:${canonical(each)}`);
  return `{${parts.toSorted().join()}}`;
}
