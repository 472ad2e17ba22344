/**
 * CloudTrail's own memory of 90 days, asked by resource name where no event came with an alert (aws-services.md section 5.5).
 * Calls: LookupEvents, one attribute and 50 events at a time, 2 a second in an account: few names, few pages, on demand only.
 * An answer is the record as CloudTrail wrote it. Nothing found says that nothing is there yet: it may be 15 minutes late.
 */
import { CloudTrailClient, LookupEventsCommand } from '@aws-sdk/client-cloudtrail';
import type { Cell } from './cell.ts';

export const LOOKUP_ACTION = 'cloudtrail:LookupEvents';
export const LOOKUP_SERVICE = 'events';

export const MAX_NAMES = 10;
const MAX_EVENTS_PER_NAME = 100;
const PAGE = 50;

/** The texts of records that name one of these resources, each once. */
export async function lookUpEvents(
  cell: Cell,
  names: readonly string[],
  period: { readonly from: Date; readonly to: Date },
): Promise<readonly string[]> {
  const client = cell.client(CloudTrailClient);
  const found = new Map<string, string>();
  for (const AttributeValue of names.slice(0, MAX_NAMES)) {
    let seen = 0;
    const events = await cell.list(
      LOOKUP_ACTION,
      (NextToken) =>
        client.send(
          new LookupEventsCommand({
            ...{ StartTime: period.from, EndTime: period.to, MaxResults: PAGE, NextToken },
            LookupAttributes: [{ AttributeKey: 'ResourceName', AttributeValue }],
          }),
        ),
      (page) => page.Events,
      (page) => {
        seen += page.Events?.length ?? 0;
        return seen >= MAX_EVENTS_PER_NAME ? undefined : page.NextToken;
      },
    );
    for (const { EventId, CloudTrailEvent } of events) {
      if (EventId !== undefined && CloudTrailEvent !== undefined) found.set(EventId, CloudTrailEvent);
    }
  }
  return [...found.values()];
}

/**
 * What CloudTrail calls the resources that an endpoint depends on: the name behind the type, or the id. The resource's own
 * and its groups' first: an endpoint may depend on more of the network than can be asked for.
 */
export function resourceNames(dependencies: readonly string[]): readonly string[] {
  const sorted = dependencies.toSorted((a, b) => Number(a.startsWith('ec2:')) - Number(b.startsWith('ec2:')));
  const names = sorted.map((key) => key.slice(Math.max(key.indexOf('/'), key.indexOf(':')) + 1));
  return [...new Set(names.filter((name) => name !== ''))];
}
