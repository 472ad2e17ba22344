/**
 * What surrounds a provisioned Redshift cluster (aws-services.md section 2.10): its parameter group, its audit log, its
 * subnets. Parameters tell what is configured; each one's own status tells whether it is in force.
 */
import {
  type Cluster,
  DescribeClusterParametersCommand,
  DescribeClusterSubnetGroupsCommand,
  DescribeLoggingStatusCommand,
  type LoggingStatus,
  RedshiftClient,
} from '@aws-sdk/client-redshift';
import {
  declaredOff,
  declaredOn,
  declaredPartial,
  declaredSwitch,
  declaredUnknown,
  withPending,
} from '../model/declared.ts';
import type { Protection } from '../model/protection.ts';
import type { Cell } from './cell.ts';
import { pagesOf } from './pages.ts';
import { inForce, switchOf } from './rds-parameters.ts';

export const SETTING_ACTIONS = [
  'redshift:DescribeClusterParameters',
  'redshift:DescribeClusterSubnetGroups',
  'redshift:DescribeLoggingStatus',
] as const;
/** The most that Redshift returns per page. */
export const REDSHIFT_PAGE = 100;
const TLS = 'require_ssl';
const ACTIVITY = 'enable_user_activity_logging';

/** Values by name; undefined where the group could not be read whole. */
export type ParameterReader = (group: string | undefined) => Promise<ReadonlyMap<string, string> | undefined>;

/** Reads each parameter group once. */
export function parameterReader(cell: Cell): ParameterReader {
  const known = new Map<string, ReturnType<ParameterReader>>();
  const client = cell.client(RedshiftClient);
  const read = async (ParameterGroupName: string) => {
    const { items, whole } = await pagesOf(cell, `parameter group ${ParameterGroupName}`, {
      action: 'redshift:DescribeClusterParameters',
      call: (Marker) =>
        client.send(new DescribeClusterParametersCommand({ ParameterGroupName, MaxRecords: REDSHIFT_PAGE, Marker })),
      items: (page) => page.Parameters,
      next: (page) => page.Marker,
    });
    const pairs = items.flatMap(({ ParameterName: name, ParameterValue: value }) =>
      name === undefined || value === undefined ? [] : [[name.toLowerCase(), value] as const],
    );
    return whole ? new Map(pairs) : undefined;
  };
  return async (group) => {
    if (group === undefined) return undefined;
    const value = known.get(group) ?? read(group);
    known.set(group, value);
    return value;
  };
}

/** Subnet ids by subnet group. */
export async function readSubnetGroups(cell: Cell): Promise<ReadonlyMap<string, readonly string[]>> {
  const client = cell.client(RedshiftClient);
  const { items } = await pagesOf(cell, 'redshift subnet groups', {
    action: 'redshift:DescribeClusterSubnetGroups',
    call: (Marker) => client.send(new DescribeClusterSubnetGroupsCommand({ MaxRecords: REDSHIFT_PAGE, Marker })),
    items: (page) => page.ClusterSubnetGroups,
    next: (page) => page.Marker,
  });
  return new Map(
    items.flatMap(({ ClusterSubnetGroupName: name, Subnets: subnets }) =>
      name === undefined ? [] : [[name, (subnets ?? []).flatMap(({ SubnetIdentifier }) => SubnetIdentifier ?? [])]],
    ),
  );
}

/** What holds of a protection that follows from one parameter. */
function parameterInForce(
  { ClusterParameterGroups: groups }: Cluster,
  name: string,
  configured: Protection,
): Protection {
  const [group] = groups ?? [];
  const own = group?.ClusterParameterStatusList?.find(({ ParameterName }) => ParameterName === name);
  const state = own?.ParameterApplyStatus ?? group?.ParameterApplyStatus;
  return inForce(configured, { field: 'ParameterApplyStatus', states: state === undefined ? [] : [state] });
}

/** Without require_ssl TLS is accepted, and so is plain text. */
export async function tlsOf(cluster: Cluster, read: ParameterReader): Promise<Protection> {
  const group = cluster.ClusterParameterGroups?.[0]?.ParameterGroupName;
  const parameters = await read(group);
  if (parameters === undefined) return declaredUnknown(`parameter group ${group ?? 'absent'} not read`);
  const value = parameters.get(TLS);
  const said = `${TLS}=${value ?? 'absent'}`;
  const required = switchOf(value);
  if (required === undefined) return declaredUnknown(said);
  return parameterInForce(cluster, TLS, required ? declaredOn(said) : declaredPartial(said));
}

/** The audit log says who connected; what they did is only in it where user activity is logged too. */
export async function auditOf(cell: Cell, cluster: Cluster, read: ParameterReader): Promise<Protection> {
  const client = cell.client(RedshiftClient);
  const { ClusterIdentifier: name, ClusterParameterGroups: groups } = cluster;
  const call = () => client.send(new DescribeLoggingStatusCommand({ ClusterIdentifier: name }));
  const status = await cell.ask('redshift:DescribeLoggingStatus', call, name);
  if (status?.LoggingEnabled === undefined) return declaredUnknown('LoggingEnabled not read');
  if (!status.LoggingEnabled) return declaredOff('LoggingEnabled=false');
  const parameters = await read(groups?.[0]?.ParameterGroupName);
  const value = parameters?.get(ACTIVITY);
  const said = `LoggingEnabled=true, ${ACTIVITY}=${value ?? (parameters === undefined ? 'not read' : 'absent')}`;
  const logged = switchOf(value);
  if (logged === undefined) return declaredUnknown(said);
  if (!logged) return declaredPartial(said);
  return parameterInForce(cluster, ACTIVITY, exportOf(status, said));
}

/** Of what is logged, only the logs that are named leave the cluster; none named are all of them. */
function exportOf({ LogDestinationType: to, LogExports: logs = [] }: LoggingStatus, logged: string): Protection {
  if (logs.length === 0 || logs.includes('useractivitylog')) return declaredOn(logged);
  const said = `${logged}, LogDestinationType=${to ?? 'absent'}, LogExports=${logs.join(',')}`;
  // There it names system tables, and which of them tell what was done is not documented.
  return to === 's3table' ? declaredUnknown(said) : declaredPartial(said);
}

/** It can be switched off, and on, on a living cluster. */
export function restOf({ Encrypted, PendingModifiedValues: pending }: Cluster): Protection {
  const now = declaredSwitch('Encrypted', Encrypted);
  const then = pending?.EncryptionType?.toLowerCase();
  if (then === undefined) return now;
  return withPending(now, then === 'none' ? 'off' : 'on');
}
