/**
 * What a subscription's filter policy can choose by (evidence-and-alerts.md section 3.1). Ten at most: raw delivery to
 * a queue drops a message with more. SNS refuses an empty value, so what is not known is left out.
 */
import type { MessageAttributeValue } from '@aws-sdk/client-sns';
import type { Notice } from '../model/incident.ts';
import { SEVERITIES, type Severity } from '../model/verdict.ts';
import { isTest } from './test-notice.ts';

const VALUE_LIMIT = 100;

export type Attributes = Readonly<Record<string, MessageAttributeValue>>;

export function attributesOf(notice: Notice): Attributes {
  const { incident, endpoint, kind } = notice;
  const texts = {
    severity: incident.severity,
    state: incident.status,
    transition: kind,
    accountId: endpoint.account,
    region: endpoint.region,
    // The name that AWS has for it: `es`, `rds`.
    service: endpoint.arn?.split(':', 3)[2],
    protocol: endpoint.engine,
    isTest: String(isTest(notice)),
  };
  const attributes: Record<string, MessageAttributeValue> = {
    severityRank: { DataType: 'Number', StringValue: String(severityRank(incident.severity)) },
  };
  for (const [name, text] of Object.entries(texts)) {
    const value = plain(text ?? '');
    if (value !== '') attributes[name] = { DataType: 'String', StringValue: value };
  }
  // Of a drill alone, and in place of the classes: there may be ten.
  if (endpoint.drill === true) {
    attributes['isDrill'] = { DataType: 'String', StringValue: 'true' };
    return attributes;
  }
  const classes = [...new Set(incident.data?.classes.map((hit) => plain(hit.class)))].slice(0, 20);
  if (classes.length > 0) {
    attributes['dataClasses'] = { DataType: 'String.Array', StringValue: JSON.stringify(classes) };
  }
  return attributes;
}

/** 5 is critical, 1 is info. */
function severityRank(severity: Severity): number {
  return SEVERITIES.length - SEVERITIES.indexOf(severity);
}

/** Account, region, service and engine are of these characters; anything else is a stranger's. */
function plain(text: string): string {
  return text.slice(0, VALUE_LIMIT).replace(/[^\w.:/+-]/g, '?');
}
