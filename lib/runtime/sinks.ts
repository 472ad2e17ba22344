/** Makes the sinks that the settings name. */
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { lazily } from '../aws/lazily.ts';
import type { Sink } from '../model/sink.ts';
import { postJson } from '../net/post.ts';
import { eventBridgeSink } from '../sinks/eventbridge.ts';
import { PAGERDUTY_URLS, pagerDutySink } from '../sinks/pagerduty.ts';
import { securityHubSink } from '../sinks/securityhub.ts';
import { slackSink } from '../sinks/slack.ts';
import { teamsSink } from '../sinks/teams.ts';
import { webhookSink } from '../sinks/webhook.ts';
import type { FindingsRole } from './findings-clients.ts';
import type { SinkSettings } from './secrets.ts';

/** What is refused is owed still: the outbox tries again, on a clock of its own. */
const EVENT_TIMES = {
  maxAttempts: 2,
  requestHandler: { connectionTimeout: 1_500, requestTimeout: 3_000, throwOnRequestTimeout: true },
} as const;

export function sinkFor(settings: SinkSettings): Sink {
  const post = postJson;
  switch (settings.type) {
    case 'slack':
      return slackSink({ ...settings, post });
    case 'teams':
      return teamsSink({ ...settings, post });
    case 'pagerduty':
      return pagerDutySink({ id: settings.id, routingKey: settings.key, url: PAGERDUTY_URLS[settings.region], post });
    case 'eventbridge':
      return eventBridge(settings.id, settings.bus);
    case 'securityhub':
      return securityHubSink({ id: settings.id, clientFor: findingsClients(settings) });
    case 'webhook':
      return webhookSink({ ...settings, post });
  }
}

/** A bus is of the region that its ARN names. */
export function eventBridge(id: string, bus: string): Sink {
  const region = bus.split(':')[3] ?? '';
  return eventBridgeSink({ id, bus, client: new EventBridgeClient({ ...EVENT_TIMES, region }) });
}

/** Loaded at the first finding: a stack without Security Hub never needs them. */
function findingsClients(role: FindingsRole) {
  const clients = lazily(async () => (await import('./findings-clients.ts')).findingsClients(role));
  return async (account: string, region: string) => (await clients())(account, region);
}
