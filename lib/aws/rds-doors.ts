/**
 * An RDS instance with the settings that its groups hold, and the ports that these make it listen on: the engine's own,
 * SQL Server's listener, those of options, and Db2's for TLS (aws-services.md section 2.4).
 */
import type { DBInstance } from '@aws-sdk/client-rds';
import type { Engine } from '../model/endpoint.ts';
import type { Cell } from './cell.ts';
import type { Door } from './doors.ts';
import { type Software, softwareOf } from './rds.ts';
import { type OptionDoor, optionDoors, optionReader, type Options } from './rds-options.ts';
import { instanceParameters, type Parameters } from './rds-parameters.ts';
import { db2TlsPort, tlsParameters } from './rds-tls.ts';
import { auditParameters } from './rds-trails.ts';

/** An instance with what its groups say. Undefined: not read. */
export interface Settings {
  readonly instance: DBInstance;
  readonly software: Software;
  readonly parameters: Parameters | undefined;
  readonly options: Options | undefined;
}

/** Each group is read once, however many instances have it. */
export function settingsReader(cell: Cell): (instance: DBInstance) => Promise<Settings> {
  const parameters = instanceParameters(cell);
  const options = optionReader(cell);
  return async (instance) => {
    const software = softwareOf(instance);
    const names = [...tlsParameters(software), ...auditParameters(software)];
    const [group] = instance.DBParameterGroups ?? [];
    return {
      instance,
      software,
      parameters: names.length === 0 ? new Map() : await parameters(group?.DBParameterGroupName, names),
      options: await options(instance),
    };
  };
}

export interface RdsDoor extends Door {
  readonly engine: Engine;
  /** What an option says of its own port. */
  readonly option?: OptionDoor;
}

export function instanceDoors({ instance, software: { engine }, options, parameters }: Settings): readonly RdsDoor[] {
  const { Endpoint: own, ListenerEndpoint: listener } = instance;
  const host = own?.Address;
  if (host === undefined) return [];
  const tlsPort = engine === 'db2' && parameters !== undefined ? db2TlsPort(parameters) : undefined;
  const doors: readonly (Omit<RdsDoor, 'port'> & { readonly port: number | undefined })[] = [
    { door: '', host, port: own?.Port, engine },
    ...(listener?.Address === undefined
      ? []
      : [{ door: 'listener', host: listener.Address, port: listener.Port ?? own?.Port, engine }]),
    ...(options === undefined ? [] : optionDoors(options, host)).map((option) => ({
      door: option.door,
      host,
      port: option.port,
      engine: option.engine,
      option,
    })),
    { door: 'ssl', host, port: tlsPort, engine },
  ];
  return doors.flatMap(({ port, ...door }) => (port === undefined ? [] : [{ ...door, port }]));
}
