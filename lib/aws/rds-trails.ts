/** What each engine of the RDS family writes its audit records with (aws-services.md sections 2.4 to 2.9). */
import type { Engine } from '../model/endpoint.ts';
import type { Software } from './rds.ts';
import type { AuditTrail } from './rds-audit.ts';
import { type Options, optionOf } from './rds-options.ts';
import { type Applied, type Parameters, switchOf } from './rds-parameters.ts';

/** Parameters that `trailOf` looks at. */
export function auditParameters({ engine, aurora }: Software): readonly string[] {
  if (engine === 'postgres') return ['shared_preload_libraries', 'pgaudit.log'];
  return engine === 'mysql' && aurora ? ['server_audit_logging', 'server_audit_events'] : [];
}

/** A parameter group as read, and how far it is applied. */
export interface ParameterGroup {
  /** Undefined: not read. */
  readonly parameters: Parameters | undefined;
  readonly applied: Applied;
}

type FindTrail = (group: ParameterGroup, options: Options | undefined) => AuditTrail;

const auditPlugin: FindTrail = (_, options) => ({ log: 'audit', ...fromOptions(options, 'MARIADB_AUDIT_PLUGIN') });

const TRAILS: Readonly<Partial<Record<Engine, FindTrail>>> = {
  postgres: (group) => ({ log: 'postgresql', otherUse: true, ...fromParameters(group, pgaudit) }),
  mysql: auditPlugin,
  mariadb: auditPlugin,
  oracle: () => ({ log: 'audit', written: true, evidence: 'what Oracle audits is not verified' }),
  // These two leave for S3 by themselves.
  sqlserver: (_, options) => fromOptions(options, 'SQLSERVER_AUDIT'),
  db2: (_, options) => fromOptions(options, 'DB2_AUDIT'),
  documentdb: (group) => ({ log: 'audit', ...fromParameters(group, documentAudit) }),
  neptune: (group) => ({ log: 'audit', ...fromParameters(group, neptuneAudit) }),
};

/** Undefined for engines that ajar has no rule for. `options` is undefined where they were not read. */
export function trailOf(
  { engine, aurora }: Software,
  group: ParameterGroup,
  options: Options | undefined,
): AuditTrail | undefined {
  if (engine === 'mysql' && aurora) return { log: 'audit', ...fromParameters(group, auroraAudit) };
  return TRAILS[engine]?.(group, options);
}

type Written = Pick<AuditTrail, 'written' | 'evidence'>;

function fromParameters(
  { parameters, applied }: ParameterGroup,
  read: (parameters: Parameters) => Written,
): Written & Pick<AuditTrail, 'applied'> {
  if (parameters === undefined) return { written: undefined, evidence: 'parameter group not read' };
  return { ...read(parameters), applied };
}

function fromOptions(options: Options | undefined, name: string): Written & Pick<AuditTrail, 'applied'> {
  if (options === undefined) return { written: undefined, evidence: 'option group not read' };
  const written = optionOf(options, name) !== undefined;
  return { written, evidence: `option ${name} ${written ? 'present' : 'absent'}`, applied: options.applied };
}

function pgaudit(parameters: Parameters): Written {
  const libraries = parameters.get('shared_preload_libraries') ?? '';
  const classes = parameters.get('pgaudit.log') ?? 'none';
  return {
    written: libraries.split(',').some((name) => name.trim() === 'pgaudit') && !/^(none)?$/i.test(classes.trim()),
    evidence: `shared_preload_libraries=${libraries}, pgaudit.log=${classes}`,
  };
}

function auroraAudit(parameters: Parameters): Written {
  const logging = parameters.get('server_audit_logging');
  const events = parameters.get('server_audit_events') ?? '';
  const on = switchOf(logging ?? '0');
  return {
    written: on === true ? events.trim() !== '' : on,
    evidence: `server_audit_logging=${logging ?? 'absent'}, server_audit_events=${events}`,
  };
}

/** Takes the kinds of operation to write down, or `enabled`, `all`, `disabled`, `none`. */
function documentAudit(parameters: Parameters): Written {
  const value = parameters.get('audit_logs');
  const evidence = `audit_logs=${value ?? 'absent'}`;
  return { written: value === undefined ? undefined : !/^(disabled|none|)$/i.test(value.trim()), evidence };
}

/** Off unless switched on. */
function neptuneAudit(parameters: Parameters): Written {
  const value = parameters.get('neptune_enable_audit_log');
  return { written: switchOf(value ?? '0'), evidence: `neptune_enable_audit_log=${value ?? 'absent'}` };
}
