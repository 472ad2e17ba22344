/**
 * Tells PagerDuty's Events API v2 of a notice (evidence-and-alerts.md section 3.3). Each incident of it is an alert of its
 * own, under its id as `dedup_key`: were they one, the end of the first would hide that the others are open. What is news of
 * an open alert (worse; who did it) goes to that alert and pages nobody again. Of one that is closed nothing is sent but
 * the end: a trigger would open it anew, and for ever. For that reason, too, an end never goes first (`endsLast`).
 */
import type { Incident, Notice } from '../model/incident.ts';
import type { Sink } from '../model/sink.ts';
import type { Severity } from '../model/verdict.ts';
import { accepted, type Post } from './accepted.ts';
import { inert, shownLines } from './inert.ts';
import { inTurn } from './in-turn.ts';
import { utf8Bytes } from './notice-json.ts';
import { spelledJson } from '../model/text.ts';

export const PAGERDUTY_URLS = {
  us: 'https://events.pagerduty.com/v2/enqueue',
  eu: 'https://events.eu.pagerduty.com/v2/enqueue',
} as const;

/** An event is refused from 512 KB on; nobody reads that. */
const EVENT_BYTES = 32 * 1024;
const SUMMARY_LIMIT = 1_024;
const NAME_LIMIT = 255;
/** Every other one of a decision beside the first. There are eight protections. */
const MAX_ALSO = 8;

const SEVERITY: Readonly<Record<Severity, string>> = {
  critical: 'critical',
  high: 'error',
  medium: 'warning',
  low: 'info',
  info: 'info',
};

export interface PagerDutyOptions {
  readonly id: string;
  /** Of the integration: the secret. */
  readonly routingKey: string;
  readonly post: Post;
  readonly url?: string;
}

export function pagerDutySink({ id, routingKey, post, url = PAGERDUTY_URLS.us }: PagerDutyOptions): Sink {
  return {
    id,
    endsLast: true,
    ...inTurn(async (notice, signal) => {
      const events = pagerDutyEvents(notice, routingKey);
      // Where one is refused, all are sent again: under the same dedup_key that changes nothing.
      for (const body of events) await accepted({ post, url, body, signal });
      return events.length === 0 ? { id: `not sent, its alert is closed: ${notice.key}` } : { id: `202 ${notice.key}` };
    }),
  };
}

type EventAction = 'trigger' | 'acknowledge' | 'resolve';

export function pagerDutyEvents(notice: Notice, routingKey: string): readonly string[] {
  return [notice.incident, ...notice.also.slice(0, MAX_ALSO)].flatMap((incident) => {
    return actionsOf(notice, incident).map((action) => eventOf(action, incident, notice, routingKey));
  });
}

/** What somebody took up in ajar is taken up there as well, with the next that is told of it; what got worse since is open again. */
function actionsOf({ kind }: Notice, incident: Incident): readonly EventAction[] {
  if (kind === 'closed' || kind === 'accepted') return ['resolve'];
  if (incident.status !== 'open') return [];
  const isTaken = incident.handling?.acked !== undefined && kind !== 'worsened' && kind !== 'opened';
  return isTaken ? ['trigger', 'acknowledge'] : ['trigger'];
}

function eventOf(action: EventAction, incident: Incident, notice: Notice, routingKey: string): string {
  const identity = { routing_key: routingKey, event_action: action, dedup_key: incident.id };
  if (action !== 'trigger') return spelledJson(JSON.stringify(identity));
  const { endpoint, createdAt } = notice;
  const own = incident === notice.incident ? '' : `, ${incident.protection} ${incident.to}`;
  const name = (text: string): string => inert(text, NAME_LIMIT) || 'not named';
  const event = (lines: readonly string[]): string =>
    spelledJson(
      JSON.stringify({
        ...identity,
        client: 'ajar',
        payload: {
          summary: inert(`${notice.subject || 'ajar alert'}${own}`, SUMMARY_LIMIT),
          source: name(`${endpoint.host}:${endpoint.port}`),
          severity: SEVERITY[incident.severity],
          timestamp: createdAt,
          component: name(endpoint.engine),
          group: name([endpoint.account, endpoint.region].filter((part) => part !== undefined).join('/')),
          class: incident.protection,
          custom_details: { incident: incident.id, notice: inert(notice.key, NAME_LIMIT), lines },
        },
      }),
    );
  return event(shownLines(notice, inert, (lines) => utf8Bytes(event(lines)) <= EVENT_BYTES));
}
