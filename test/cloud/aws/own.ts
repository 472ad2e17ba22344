/** What ajar rests on besides queues, topics and the table: its bus with the rules, and the schedules, on moto. */
import {
  CreateEventBusCommand,
  EventBridgeClient,
  PutRuleCommand,
  PutTargetsCommand,
} from '@aws-sdk/client-eventbridge';
import { CreateScheduleCommand, CreateScheduleGroupCommand, SchedulerClient } from '@aws-sdk/client-scheduler';
import { rules } from '../../../lib/events/rules.ts';
import type { Deployment } from './deployment.ts';
import { HUB, OWN, REGION, STACK } from './stack.ts';

export interface OwnClients {
  readonly eventBridge: EventBridgeClient;
  readonly scheduler: SchedulerClient;
  close(): void;
}

export async function plantOwn(motoUrl: string, { schedules }: Deployment): Promise<OwnClients> {
  const config = { endpoint: motoUrl, region: REGION, credentials: OWN, maxAttempts: 1 };
  const [eventBridge, scheduler] = [new EventBridgeClient(config), new SchedulerClient(config)];
  await eventBridge.send(new CreateEventBusCommand({ Name: STACK }));
  const Targets = [{ Id: 'change', Arn: `arn:aws:sqs:${REGION}:${HUB}:${STACK}-change` }];
  for (const { name: Rule, pattern } of rules(`${STACK}-changes`)) {
    const rule = { EventBusName: STACK, EventPattern: JSON.stringify(pattern) };
    await eventBridge.send(new PutRuleCommand({ ...rule, Name: Rule }));
    await eventBridge.send(new PutTargetsCommand({ EventBusName: STACK, Rule, Targets }));
  }
  await scheduler.send(new CreateScheduleGroupCommand({ Name: STACK }));
  for (const [i, { function: name }] of schedules.entries()) {
    await scheduler.send(
      new CreateScheduleCommand({
        ...{ GroupName: STACK, Name: `${name}-${i}`, ScheduleExpression: 'rate(1 minute)' },
        FlexibleTimeWindow: { Mode: 'OFF' },
        Target: {
          Arn: `arn:aws:lambda:${REGION}:${HUB}:function:${STACK}-${name}`,
          RoleArn: `arn:aws:iam::${HUB}:role/${STACK}-scheduler`,
        },
      }),
    );
  }
  return {
    ...{ eventBridge, scheduler },
    close() {
      eventBridge.destroy();
      scheduler.destroy();
    },
  };
}
