/**
 * Settings in RDS parameter groups and what of them is in force (aws-services.md sections 2.4 and 9, trap 2).
 *
 * The API returns what is configured, and for the group as a whole whether it is applied; never the value in force. So
 * a configured weakness counts from the moment it is configured: the next reboot puts it in force, and who waits for
 * that learns it too late. A configured strength counts only where the group is in sync: until then the old value may
 * still be in force, and a protection that is merely on its way must not end an alarm.
 */
import { DescribeDBClusterParametersCommand, DescribeDBParametersCommand, RDSClient } from '@aws-sdk/client-rds';
import { declaredUnknown, withPending } from '../model/declared.ts';
import type { Protection } from '../model/protection.ts';
import { printable } from '../model/text.ts';
import type { Cell } from './cell.ts';
import { pagesOf } from './pages.ts';
import { RDS_PAGE } from './rds.ts';

export const PARAMETERS_ACTION = 'rds:DescribeDBParameters';
export const CLUSTER_PARAMETERS_ACTION = 'rds:DescribeDBClusterParameters';

/** Values by name in lower case. A name that is missing, or without a value, is left to the engine's default. */
export type Parameters = ReadonlyMap<string, string | undefined>;

/** Undefined where the group could not be read whole. No names: every parameter of the group. */
export type ReadParameters = (group: string | undefined, names?: readonly string[]) => Promise<Parameters | undefined>;

/** Reads each DB parameter group once. */
export function instanceParameters(cell: Cell): ReadParameters {
  const client = cell.client(RDSClient);
  return reader(cell, PARAMETERS_ACTION, (DBParameterGroupName, narrowed) =>
    client.send(new DescribeDBParametersCommand({ DBParameterGroupName, ...narrowed })),
  );
}

/** Reads each DB cluster parameter group once. DocumentDB's take no filter: ask them without names. */
export function clusterParameters(cell: Cell): ReadParameters {
  const client = cell.client(RDSClient);
  return reader(cell, CLUSTER_PARAMETERS_ACTION, (DBClusterParameterGroupName, narrowed) =>
    client.send(new DescribeDBClusterParametersCommand({ DBClusterParameterGroupName, ...narrowed })),
  );
}

interface Narrowed {
  readonly MaxRecords: number;
  readonly Marker: string | undefined;
  readonly Filters?: { Name: string; Values: string[] }[];
}

interface ParameterPage {
  readonly Parameters?:
    | readonly { readonly ParameterName?: string | undefined; readonly ParameterValue?: string | undefined }[]
    | undefined;
  readonly Marker?: string | undefined;
}

function reader(
  cell: Cell,
  action: string,
  call: (group: string, narrowed: Narrowed) => Promise<ParameterPage>,
): ReadParameters {
  const known = new Map<string, Promise<Parameters | undefined>>();
  const read = async (group: string, names: readonly string[]): Promise<Parameters | undefined> => {
    const filter = names.length === 0 ? {} : { Filters: [{ Name: 'parameter-name', Values: [...names] }] };
    const { items, whole } = await pagesOf(cell, `parameter group ${group}`, {
      action,
      call: (Marker) => call(group, { MaxRecords: RDS_PAGE, Marker, ...filter }),
      items: (page) => page.Parameters,
      next: (page) => page.Marker,
    });
    if (!whole) return undefined;
    return new Map(
      items.map(({ ParameterName, ParameterValue }) => [ParameterName?.toLowerCase() ?? '', ParameterValue]),
    );
  };
  return async (group, names = []) => {
    if (group === undefined) return undefined;
    const key = [group, ...names].join(' ');
    const value = known.get(key) ?? read(group, names);
    known.set(key, value);
    return value;
  };
}

/** AWS writes switches in several ways, also within one engine. Undefined where it is none of them. */
export function switchOf(value: string | undefined): boolean | undefined {
  if (value === undefined) return undefined;
  if (/^(1|on|true|yes|enabled)$/i.test(value)) return true;
  return /^(0|off|false|no|disabled)$/i.test(value) ? false : undefined;
}

/** How far what is configured in groups is applied, as AWS says it of each. */
export interface Applied {
  readonly field: 'ParameterApplyStatus' | 'OptionGroupMemberships.Status';
  readonly states: readonly (string | undefined)[];
}

/** As RDS, Redshift and Lightsail call what will not come by itself. */
const NEVER_APPLIED = /^(failed|invalid-parameter|apply-error|unknown-error)/;

/** What holds now of a protection that follows from these groups: see the head of this file. No state says nothing. */
export function inForce(configured: Protection, { field, states }: Applied): Protection {
  if (states.length > 0 && states.every((state) => state === 'in-sync')) return configured;
  const said = states.length === 0 ? 'absent' : [...new Set(states.map((each) => each ?? 'absent'))].join(',');
  const evidence = `${configured.evidence}, ${field}=${said}`;
  if (configured.level !== 'on') return { ...configured, evidence: printable(evidence) };
  const unapplied = declaredUnknown(`${evidence}: what is in force until then is not returned`);
  return states.some((state) => NEVER_APPLIED.test(state ?? '')) ? unapplied : withPending(unapplied, 'on');
}
