/**
 * Whether a server of the RDS family insists on TLS (aws-services.md sections 2.4 and 2.5). One that takes plain text
 * as well is `partial`, and so is one that takes versions before 1.2.
 */
import { declaredOff, declaredOn, declaredPartial, declaredUnknown } from '../model/declared.ts';
import type { Engine } from '../model/endpoint.ts';
import type { Protection } from '../model/protection.ts';
import type { Software } from './rds.ts';
import { type Parameters, switchOf } from './rds-parameters.ts';

interface TlsRule {
  /** The switch that refuses plain text. */
  readonly requires: string;
  /** What AWS documents where the group gives no value. Undefined: nothing. */
  readonly byDefault: (version: Software['version']) => boolean | undefined;
  /** Parameters that may let old versions in, and whether this value does. */
  readonly floors: readonly string[];
  readonly letsOldIn: (value: string) => boolean;
}

const namesOldVersion = (value: string): boolean =>
  value.split(',').some((version) => /^\s*TLSv1(\.[01])?\s*$/i.test(version));

const MYSQL = {
  requires: 'require_secure_transport',
  floors: ['tls_version'],
  letsOldIn: namesOldVersion,
} as const;

const RULES: Readonly<Partial<Record<Engine, TlsRule>>> = {
  postgres: {
    requires: 'rds.force_ssl',
    byDefault: (version) => (version === undefined ? undefined : version[0] >= 15),
    floors: ['ssl_min_protocol_version'],
    letsOldIn: namesOldVersion,
  },
  mysql: { ...MYSQL, byDefault: () => false },
  mariadb: {
    ...MYSQL,
    byDefault: (version) => {
      if (version === undefined) return undefined;
      const [major, minor] = version;
      if (major > 11 || (major === 11 && minor >= 8)) return true;
      return major < 11 || minor <= 4 ? false : undefined;
    },
  },
  sqlserver: {
    requires: 'rds.force_ssl',
    byDefault: () => false,
    floors: ['rds.tls10', 'rds.tls11'],
    // `default` is the operating system's choice, which AWS does not say.
    letsOldIn: (value) => value.toLowerCase() === 'enabled',
  },
};

const DB2_LISTENS = 'db2comm';
const DB2_TLS_PORT = 'ssl_svcename';

/** Parameters that `tlsOf` looks at; none where TLS is no matter of parameters. */
export function tlsParameters({ engine }: Software): readonly string[] {
  if (engine === 'db2') return [DB2_LISTENS, DB2_TLS_PORT];
  const rule = RULES[engine];
  return rule === undefined ? [] : [rule.requires, ...rule.floors];
}

export function tlsOf(software: Software, parameters: Parameters | undefined): Protection {
  const { engine } = software;
  const rule = RULES[engine];
  if (rule === undefined && engine !== 'db2') return declaredUnknown(`no rule for the TLS of engine ${engine}`);
  if (parameters === undefined) return declaredUnknown('parameter group not read');
  return rule === undefined ? db2Tls(parameters) : ruledTls(rule, software, parameters);
}

function ruledTls(rule: TlsRule, { aurora, version }: Software, parameters: Parameters): Protection {
  const value = parameters.get(rule.requires);
  // Aurora's defaults are its own, and not documented per version.
  const byDefault = value === undefined && !aurora ? rule.byDefault(version) : undefined;
  const required = value === undefined ? byDefault : switchOf(value);
  const evidence = `${rule.requires}=${value ?? (byDefault === undefined ? 'absent' : `default ${byDefault ? 1 : 0}`)}`;
  if (required === undefined) return declaredUnknown(evidence);
  if (!required) return declaredPartial(`${evidence}: plain text is taken as well`);
  const floor = rule.floors.find((name) => rule.letsOldIn(parameters.get(name) ?? ''));
  return floor === undefined
    ? declaredOn(evidence)
    : declaredPartial(`${evidence}, ${floor}=${parameters.get(floor) ?? ''}: versions before 1.2 are taken as well`);
}

/** Db2 listens for plain text, for TLS on a second port, or both. */
function db2Listens(parameters: Parameters): readonly string[] {
  return (parameters.get(DB2_LISTENS) ?? '').split(',').map((part) => part.trim().toUpperCase());
}

function db2Tls(parameters: Parameters): Protection {
  const value = parameters.get(DB2_LISTENS);
  const listens = db2Listens(parameters);
  if (value === undefined) return declaredUnknown(`${DB2_LISTENS} absent`);
  // This door is the plain port. It stays shut where only TLS is on.
  if (listens.includes('TCPIP')) return declaredOff(`${DB2_LISTENS}=${value}: this port is plain text`);
  return listens.includes('SSL') ? declaredOn(`${DB2_LISTENS}=${value}`) : declaredUnknown(`${DB2_LISTENS}=${value}`);
}

/** The port Db2 keeps for TLS, where it listens there. */
export function db2TlsPort(parameters: Parameters): number | undefined {
  const port = Number(parameters.get(DB2_TLS_PORT) ?? '');
  return db2Listens(parameters).includes('SSL') && Number.isInteger(port) && port > 0 && port < 65_536
    ? port
    : undefined;
}
