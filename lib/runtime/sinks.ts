/** Makes the sinks that the settings name. */
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import type { Sink } from '../model/sink.ts';
import { postJson } from '../net/post.ts';
import { eventBridgeSink } from '../sinks/eventbridge.ts';
import { PAGERDUTY_URLS, pagerDutySink } from '../sinks/pagerduty.ts';
import { slackSink } from '../sinks/slack.ts';
import { teamsSink } from '../sinks/teams.ts';
import { webhookSink } from '../sinks/webhook.ts';
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
    case 'webhook':
      return webhookSink({ ...settings, post });
  }
}

/** A bus is of the region that its ARN names. */
export function eventBridge(id: string, bus: string): Sink {
  const region = bus.split(':')[3] ?? '';
  return eventBridgeSink({ id, bus, client: new EventBridgeClient({ ...EVENT_TIMES, region }) });
}
