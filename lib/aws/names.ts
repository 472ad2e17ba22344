/**
 * Names in Route 53's public zones, and where they lead: the part of the second inventory that strangers read first.
 * A global service: read once per account, with a cell of the partition's home region. Whether the list is whole stands
 * in that cell. Names yield no endpoints by themselves; reconciling joins them to doors.
 */
import {
  type HostedZone,
  ListHostedZonesCommand,
  ListResourceRecordSetsCommand,
  type ResourceRecordSet,
  Route53Client,
  RRType,
} from '@aws-sdk/client-route-53';
import type { NameRecord } from '../model/second-inventory.ts';
import { printable } from '../model/text.ts';
import type { Cell } from './cell.ts';

/** The account's name cell, where its gaps stand. */
export const NAMES_SERVICE = 'names';
export const NAMES_ACTIONS = ['route53:ListHostedZones', 'route53:ListResourceRecordSets'] as const;

/** Record sets read per account. A zone that would go beyond is left out, and the list says so. */
export const MAX_RECORD_SETS = 100_000;
const MAX_NAME = 255;
const LEADS_SOMEWHERE = new Set<string>([RRType.A, RRType.AAAA, RRType.CNAME]);

export async function readNames(cell: Cell): Promise<readonly NameRecord[]> {
  const client = cell.client(Route53Client);
  const zones = await cell.list(
    'route53:ListHostedZones',
    (Marker) => client.send(new ListHostedZonesCommand({ Marker })),
    (page) => page.HostedZones,
    ({ IsTruncated, NextMarker }) => {
      if (IsTruncated !== true) return undefined;
      if (NextMarker === undefined) cell.gap('incomplete', 'route53:ListHostedZones: more zones, but no marker');
      return NextMarker;
    },
  );
  const records: NameRecord[] = [];
  let read = 0;
  for (const zone of zones) {
    if (zone.Id === undefined || zone.Config?.PrivateZone === true) continue;
    if (read + (zone.ResourceRecordSetCount ?? 0) > MAX_RECORD_SETS) {
      cell.gap('incomplete', `zone ${zone.Name ?? zone.Id} not read: more than ${MAX_RECORD_SETS} record sets`);
      continue;
    }
    const sets = await readZone(cell, client, zone.Id);
    read += sets.length;
    records.push(...sets.flatMap(recordsOf));
  }
  return records;
}

/** A page begins at a name, a type and a set identifier: the three together are its token. */
async function readZone(
  cell: Cell,
  client: Route53Client,
  HostedZoneId: NonNullable<HostedZone['Id']>,
): Promise<readonly ResourceRecordSet[]> {
  const starts = new Map<string, ResourceRecordSet>();
  return cell.list(
    'route53:ListResourceRecordSets',
    (token) => {
      const start = token === undefined ? undefined : starts.get(token);
      return client.send(
        new ListResourceRecordSetsCommand({
          HostedZoneId,
          StartRecordName: start?.Name,
          StartRecordType: start?.Type,
          StartRecordIdentifier: start?.SetIdentifier,
        }),
      );
    },
    (page) => page.ResourceRecordSets,
    ({ IsTruncated, NextRecordName: Name, NextRecordType: Type, NextRecordIdentifier: SetIdentifier }) => {
      if (IsTruncated !== true) return undefined;
      const token = JSON.stringify([Name, Type, SetIdentifier]);
      starts.set(token, { Name, Type, SetIdentifier });
      return token;
    },
  );
}

function recordsOf({ Name, Type, ResourceRecords, AliasTarget }: ResourceRecordSet): readonly NameRecord[] {
  if (Name === undefined || Type === undefined || !LEADS_SOMEWHERE.has(Type)) return [];
  const targets = [AliasTarget?.DNSName, ...(ResourceRecords ?? []).map(({ Value }) => Value)];
  const name = plainName(Name);
  return targets.flatMap((target) => (target === undefined ? [] : [{ name, target: plainName(target) }]));
}

/** Route 53 writes `*` as `\052` and ends names with a dot. */
function plainName(text: string): string {
  const head = text.slice(0, 4 * MAX_NAME);
  const decoded = head.replace(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)));
  return printable(decoded.replace(/\.$/, ''), MAX_NAME).toLowerCase();
}
