/**
 * Option groups: what RDS adds to an engine, some of it with a port of its own (aws-services.md section 2.4). A default
 * option group has no options and cannot be given any, so it is not asked for.
 */
import { type DBInstance, DescribeOptionGroupsCommand, type Option, RDSClient } from '@aws-sdk/client-rds';
import { declaredOff, declaredOn, declaredPartial, declaredUnknown } from '../model/declared.ts';
import type { Engine } from '../model/endpoint.ts';
import type { Protection } from '../model/protection.ts';
import type { Cell } from './cell.ts';
import type { Door } from './doors.ts';
import { type Applied, inForce } from './rds-parameters.ts';

export const OPTIONS_ACTION = 'rds:DescribeOptionGroups';

export interface Options {
  readonly list: readonly Option[];
  readonly applied: Applied;
}

/** Undefined where a group could not be read, or none is named: every instance has one. */
export type ReadOptions = (instance: DBInstance) => Promise<Options | undefined>;

/** Reads each option group once. */
export function optionReader(cell: Cell): ReadOptions {
  const client = cell.client(RDSClient);
  const known = new Map<string, Promise<readonly Option[] | undefined>>();
  const read = async (group: string): Promise<readonly Option[] | undefined> => {
    const call = () => client.send(new DescribeOptionGroupsCommand({ OptionGroupName: group }));
    const answer = await cell.ask(OPTIONS_ACTION, call, `option group ${group}`);
    return answer?.OptionGroupsList?.flatMap(({ Options }) => Options ?? []);
  };
  const once = async (group: string | undefined): Promise<readonly Option[] | undefined> => {
    if (group === undefined) return undefined;
    if (group.startsWith('default:')) return [];
    const value = known.get(group) ?? read(group);
    known.set(group, value);
    return value;
  };
  return async ({ OptionGroupMemberships: groups = [] }) => {
    const lists = await Promise.all(groups.map(({ OptionGroupName }) => once(OptionGroupName)));
    if (lists.length === 0 || lists.includes(undefined)) return undefined;
    const states = groups.map(({ Status }) => Status);
    return {
      list: lists.flatMap((options) => options ?? []),
      applied: { field: 'OptionGroupMemberships.Status', states },
    };
  };
}

export function optionOf({ list }: Pick<Options, 'list'>, name: string): Option | undefined {
  return list.find(({ OptionName }) => OptionName === name);
}

export interface OptionDoor extends Door {
  readonly engine: Engine;
  /** Groups that let to this port, beside the instance's own. */
  readonly groupIds: readonly string[];
  readonly authentication: Protection;
  readonly tls: Protection;
}

/** Ports that options open beside the engine's. */
export function optionDoors({ list }: Pick<Options, 'list'>, host: string): readonly OptionDoor[] {
  return list.flatMap((option) => {
    const { OptionName: name, Port: port, VpcSecurityGroupMemberships: groups } = option;
    if (name === undefined || port === undefined || port <= 0) return [];
    const door = name.toLowerCase();
    const groupIds = (groups ?? []).flatMap(({ VpcSecurityGroupId }) => VpcSecurityGroupId ?? []);
    return [{ door, host, port, groupIds, ...behindOption(option) }];
  });
}

function behindOption(option: Option): Pick<OptionDoor, 'engine' | 'authentication' | 'tls'> {
  const name = option.OptionName ?? 'without a name';
  switch (name) {
    case 'SSL':
      return {
        engine: 'oracle',
        authentication: declaredOn('credentials always asked for'),
        tls: sslVersion(option),
      };
    case 'MEMCACHED':
      return {
        engine: 'memcached',
        authentication: declaredOff('option MEMCACHED: the memcached interface asks for no credentials'),
        tls: declaredOff('option MEMCACHED: plain text'),
      };
    default: {
      const unread = declaredUnknown(`option ${name}: what its port asks for is not known`);
      return { engine: 'unidentified', authentication: unread, tls: unread };
    }
  }
}

/** Oracle's TLS port takes 1.0 unless told otherwise. */
function sslVersion(option: Option): Protection {
  const version = settingOf(option, 'SQLNET.SSL_VERSION');
  const evidence = `option SSL, SQLNET.SSL_VERSION=${version ?? 'absent'}`;
  if (version === undefined) return declaredUnknown(evidence);
  return version.includes('1.0') ? declaredPartial(evidence) : declaredOn(evidence);
}

/** Oracle's own port: encrypted by native network encryption or not at all. TLS has a port of its own. */
export function oracleTls(options: Options | undefined): Protection {
  return options === undefined
    ? declaredUnknown('option group not read')
    : inForce(nativeEncryption(options), options.applied);
}

const NATIVE_ENCRYPTION: Readonly<Record<string, (evidence: string) => Protection>> = {
  REQUIRED: declaredOn,
  REQUESTED: declaredPartial,
  ACCEPTED: declaredPartial,
  REJECTED: declaredOff,
};

function nativeEncryption(options: Options): Protection {
  const option = optionOf(options, 'NATIVE_NETWORK_ENCRYPTION');
  if (option === undefined) return declaredOff('no option NATIVE_NETWORK_ENCRYPTION: this port is plain text');
  const mode = settingOf(option, 'SQLNET.ENCRYPTION_SERVER');
  const evidence = `SQLNET.ENCRYPTION_SERVER=${mode ?? 'absent'}`;
  const judge = mode === undefined ? undefined : NATIVE_ENCRYPTION[mode.toUpperCase()];
  return judge === undefined ? declaredUnknown(evidence) : judge(evidence);
}

function settingOf({ OptionSettings: settings }: Option, name: string): string | undefined {
  const setting = settings?.find(({ Name }) => Name === name);
  return setting?.Value ?? setting?.DefaultValue;
}
