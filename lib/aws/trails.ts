/**
 * Whether changes in a place reach anybody: EventBridge and the audit log hear of a management write only where a
 * trail with logging on records it (aws-services.md section 5.4). Read in the place's own region: a trail's status
 * differs per region, and its ARN names it from any.
 */
import {
  type AdvancedEventSelector,
  CloudTrailClient,
  DescribeTrailsCommand,
  type EventSelector,
  GetEventSelectorsCommand,
  type GetEventSelectorsResponse,
  GetTrailStatusCommand,
} from '@aws-sdk/client-cloudtrail';
import { declaredOff, declaredOn, declaredPartial, declaredUnknown } from '../model/declared.ts';
import type { Protection } from '../model/protection.ts';
import type { Cell } from './cell.ts';

export const TRAIL_ACTIONS = [
  'cloudtrail:DescribeTrails',
  'cloudtrail:GetTrailStatus',
  'cloudtrail:GetEventSelectors',
] as const;

/** How many of a place's management writes a trail records. */
export type Recorded = 'all' | 'some' | 'none' | 'unread';

/** No database is changed through these: trails may leave them out. */
const NOISY_SOURCES = new Set(['kms.amazonaws.com', 'rdsdata.amazonaws.com']);

interface Trails {
  readonly protection: Protection;
  /** Their ARNs, those that were not needed to judge it too. */
  readonly trails: readonly string[];
}

/** The guard rail of a place's trails; `undefined` where they could not be listed. */
export async function trailProtection(cell: Cell): Promise<Trails | undefined> {
  const client = cell.client(CloudTrailClient);
  const answer = await cell.ask('cloudtrail:DescribeTrails', () => client.send(new DescribeTrailsCommand({})));
  if (answer === undefined) return undefined;
  const here = new Set(
    (answer.trailList ?? [])
      .filter((trail) => trail.IsMultiRegionTrail === true || trail.HomeRegion === cell.place.region)
      // Without an ARN, asking for its status fails and says so.
      .map(({ TrailARN, Name }) => TrailARN ?? Name ?? 'unnamed'),
  );
  const seen: Record<Recorded, string[]> = { all: [], some: [], none: [], unread: [] };
  for (const arn of [...here].toSorted()) {
    const { recorded, why } = await readTrail(cell, client, arn);
    seen[recorded].push(`${arn}: ${why}`);
    if (recorded === 'all') break;
  }
  return { protection: judged(seen), trails: [...here] };
}

function judged(seen: Readonly<Record<Recorded, readonly string[]>>): Protection {
  const say = (of: Recorded): string => seen[of].join('; ');
  if (seen.all.length > 0) return declaredOn(say('all'));
  if (seen.unread.length > 0) return declaredUnknown(say('unread'));
  if (seen.some.length > 0) return declaredPartial(say('some'));
  return declaredOff(
    seen.none.length > 0 ? `blind: ${say('none')}` : 'blind: no trail records management events in this region',
  );
}

async function readTrail(
  cell: Cell,
  client: CloudTrailClient,
  arn: string,
): Promise<{ readonly recorded: Recorded; readonly why: string }> {
  const status = await cell.ask(
    'cloudtrail:GetTrailStatus',
    () => client.send(new GetTrailStatusCommand({ Name: arn })),
    arn,
  );
  if (status?.IsLogging === undefined) return { recorded: 'unread', why: 'IsLogging not read' };
  if (!status.IsLogging) return { recorded: 'none', why: 'IsLogging=false' };
  const selectors = await cell.ask(
    'cloudtrail:GetEventSelectors',
    () => client.send(new GetEventSelectorsCommand({ TrailName: arn })),
    arn,
  );
  const recorded = selectors === undefined ? 'unread' : managementWrites(selectors);
  const undelivered = status.LatestDeliveryError ?? '';
  if (recorded === 'all' && undelivered !== '') {
    return { recorded: 'some', why: `IsLogging=true, but LatestDeliveryError=${undelivered}` };
  }
  return { recorded, why: `IsLogging=true, management writes recorded: ${recorded}` };
}

export function managementWrites({
  EventSelectors: basic,
  AdvancedEventSelectors: advanced,
}: Pick<GetEventSelectorsResponse, 'EventSelectors' | 'AdvancedEventSelectors'>): Recorded {
  if (basic === undefined && advanced === undefined) return 'unread';
  const recorded = [...(basic ?? []).map(ofBasic), ...(advanced ?? []).map(ofAdvanced)];
  return (['all', 'unread', 'some'] as const).find((r) => recorded.includes(r)) ?? 'none';
}

/** Defaults as CloudTrail documents them: management events on, reads and writes. */
function ofBasic(selector: EventSelector): Recorded {
  const { IncludeManagementEvents: included = true, ReadWriteType: kind = 'All' } = selector;
  if (!included || kind === 'ReadOnly') return 'none';
  if (kind !== 'All' && kind !== 'WriteOnly') return 'unread';
  return (selector.ExcludeManagementEventSources ?? []).every((source) => NOISY_SOURCES.has(source)) ? 'all' : 'some';
}

function ofAdvanced({ FieldSelectors: fields }: AdvancedEventSelector): Recorded {
  if (fields === undefined) return 'unread';
  const category = fields.find(({ Field }) => Field === 'eventCategory');
  if (category?.Equals?.includes('Management') !== true) return 'none';
  const kinds = fields.filter(({ Field }) => Field === 'readOnly');
  if (kinds.some(({ Equals }) => Equals === undefined)) return 'unread';
  if (kinds.some(({ Equals }) => Equals?.includes('false') !== true)) return 'none';
  const rest = fields.filter(({ Field }) => Field !== 'eventCategory' && Field !== 'readOnly');
  const harmless = rest.every(
    ({ Field, NotEquals, ...others }) =>
      Field === 'eventSource' &&
      NotEquals?.every((source) => NOISY_SOURCES.has(source)) === true &&
      Object.values(others).every((operator) => operator === undefined),
  );
  return harmless ? 'all' : 'some';
}
