/**
 * The drill as it is deployed, on the stand-ins: the bundled function behind a server on loopback that stands for its URL, and
 * the queue behind the machine topic with the subscription of deploy/drill.yml. SQS's own time is moto's, which skips nothing: what
 * the test's clock skipped is added on the wire.
 */
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { SNSClient, SubscribeCommand } from '@aws-sdk/client-sns';
import { CreateQueueCommand } from '@aws-sdk/client-sqs';
import { parseDocument } from 'yaml';
import { HUB, OWN, REGION } from './stack.ts';
import type { World } from './world.ts';

export interface PlantedDrill {
  readonly queueUrl: string;
  /** Refuses everything, as AWS does where a policy forbids public functions, whatever the clock says; and no more. */
  jam(): void;
  free(): void;
  close(): void;
}

/** Before any function of this world was invoked: each takes its variables when it starts. */
export async function plantDrill(
  { stack, fleet, wire, clock, motoUrl }: World,
  schedule: string,
): Promise<PlantedDrill> {
  let isJammed = false;
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '', 'http://drill.invalid');
    void fleet.invoke('drill', { rawPath: pathname }).then((outcome) => {
      if (outcome.kind !== 'done' || isJammed) return void response.writeHead(403).end('{"Message":"Forbidden"}');
      const { statusCode, headers, body } = outcome.result as {
        readonly statusCode: number;
        readonly headers: Record<string, string>;
        readonly body: string;
      };
      response.writeHead(statusCode, headers).end(body);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { QueueUrl = '' } = await stack.sqs.send(new CreateQueueCommand({ QueueName: 'drill' }));
  const { RawMessageDelivery, FilterPolicy } = subscription();
  const sns = new SNSClient({ endpoint: motoUrl, region: REGION, credentials: OWN, maxAttempts: 1 });
  await sns.send(
    new SubscribeCommand({
      ...{ TopicArn: stack.settings['AJAR_TOPIC_MACHINE'], Protocol: 'sqs' },
      Endpoint: `arn:aws:sqs:${REGION}:${HUB}:drill`,
      Attributes: { RawMessageDelivery: String(RawMessageDelivery), FilterPolicy: JSON.stringify(FilterPolicy) },
    }),
  );
  sns.destroy();
  Object.assign(stack.settings, {
    AJAR_DRILL: schedule,
    AJAR_DRILL_QUEUE: QueueUrl,
    AJAR_DRILL_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
  });
  wire.recorded.push(({ service, action }, text) => {
    if (service !== 'sqs' || action !== 'ReceiveMessage') return text;
    const later = Number(Atomics.load(clock.skipped, 0));
    return text.replace(/"SentTimestamp":\s*"(\d+)"/g, (_, sent) => `"SentTimestamp":"${Number(sent) + later}"`);
  });
  return {
    queueUrl: QueueUrl,
    jam: () => void (isJammed = true),
    free: () => void (isJammed = false),
    close: () => void server.close(),
  };
}

interface Subscription {
  readonly RawMessageDelivery: boolean;
  readonly FilterPolicy: unknown;
}

function subscription(): Subscription {
  const file = new URL('../../../deploy/drill.yml', import.meta.url);
  const template = parseDocument(readFileSync(file, 'utf8'), { logLevel: 'silent' }).toJS() as {
    readonly Resources: { readonly DrillReceipts: { readonly Properties: Subscription } };
  };
  return template.Resources.DrillReceipts.Properties;
}
