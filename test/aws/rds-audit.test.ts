import { describe, expect, it } from 'vitest';
import { softwareOf } from '../../lib/aws/rds.ts';
import { auditOf, type AuditSource } from '../../lib/aws/rds-audit.ts';
import type { Options } from '../../lib/aws/rds-options.ts';
import { auditParameters, trailOf } from '../../lib/aws/rds-trails.ts';

const IN_SYNC = { field: 'ParameterApplyStatus', states: ['in-sync'] } as const;
const withOption = (...names: readonly string[]): Options => ({
  list: names.map((OptionName) => ({ OptionName })),
  applied: { field: 'OptionGroupMemberships.Status', states: ['in-sync'] },
});
const exporting = (...logs: string[]): AuditSource => ({ EnabledCloudwatchLogsExports: logs });

function audit(
  Engine: string,
  source: AuditSource,
  values: Readonly<Record<string, string>> | undefined,
  options: Options | undefined = withOption(),
) {
  const parameters = values === undefined ? undefined : new Map(Object.entries(values));
  return auditOf(source, trailOf(softwareOf({ Engine }), { parameters, applied: IN_SYNC }, options));
}

const PGAUDIT = { shared_preload_libraries: 'pg_stat_statements, pgaudit', 'pgaudit.log': 'all' };
const PLUGIN = withOption('MARIADB_AUDIT_PLUGIN');

describe('audit logs of the RDS family', () => {
  it.each<[string, AuditSource, Readonly<Record<string, string>>, string]>([
    ['postgres', exporting('postgresql'), PGAUDIT, 'on'],
    ['postgres', exporting(), PGAUDIT, 'partial'],
    ['postgres', exporting('postgresql'), {}, 'partial'],
    ['postgres', exporting('postgresql'), { ...PGAUDIT, 'pgaudit.log': 'none' }, 'partial'],
    ['postgres', exporting('postgresql'), { ...PGAUDIT, shared_preload_libraries: 'pgaudit_not' }, 'partial'],
    ['postgres', exporting('upgrade'), {}, 'off'],
    ['postgres', {}, {}, 'off'],
    ['aurora-mysql', exporting('audit'), { server_audit_logging: '1', server_audit_events: 'CONNECT' }, 'on'],
    ['aurora-mysql', exporting('audit'), { server_audit_logging: '1' }, 'off'],
    ['aurora-mysql', exporting('audit'), { server_audit_logging: '0' }, 'off'],
    ['aurora-mysql', exporting('audit'), { server_audit_logging: 'odd' }, 'unknown'],
    ['oracle-ee', exporting('audit', 'alert'), {}, 'on'],
    ['oracle-ee', exporting('alert'), {}, 'partial'],
    ['docdb', exporting('audit'), { audit_logs: 'ddl' }, 'on'],
    ['docdb', exporting('audit'), { audit_logs: ' none ' }, 'off'],
    ['docdb', exporting('audit'), {}, 'unknown'],
    ['neptune', exporting('audit'), { neptune_enable_audit_log: '1' }, 'on'],
    ['neptune', exporting('audit'), {}, 'off'],
    ['something-new', exporting('audit'), {}, 'unknown'],
  ])('of %s exporting %j with %j', (engine, source, values, level) => {
    expect(audit(engine, source, values).level).toBe(level);
  });

  it.each<[string, AuditSource, Options | undefined, string]>([
    ['mysql', exporting('audit'), PLUGIN, 'on'],
    ['mysql', exporting('audit'), withOption(), 'off'],
    ['mysql', exporting('error'), PLUGIN, 'partial'],
    ['mariadb', exporting('audit'), PLUGIN, 'on'],
    ['sqlserver-se', exporting('error'), withOption('SQLSERVER_AUDIT'), 'on'],
    ['sqlserver-se', exporting('error'), withOption(), 'off'],
    ['db2-se', exporting(), withOption('DB2_AUDIT'), 'on'],
  ])('of %s exporting %j with options %j', (engine, source, options, level) => {
    expect(audit(engine, source, {}, options).level).toBe(level);
  });

  it('are not known where what writes them was not read', () => {
    expect(audit('postgres', exporting('postgresql'), undefined).level).toBe('unknown');
    const unread = trailOf(softwareOf({ Engine: 'mysql' }), { parameters: new Map(), applied: IN_SYNC }, undefined);
    expect(auditOf(exporting('audit'), unread).level).toBe('unknown');
    expect(auditOf(exporting('error'), unread).level).toBe('off');
  });

  it('are on with an activity stream, whatever the groups say', () => {
    expect(audit('postgres', { ActivityStreamStatus: 'started' }, undefined).level).toBe('on');
    expect(audit('postgres', { ActivityStreamStatus: 'stopping' }, {}).level).toBe('off');
  });

  it.each(['LogTypesToEnable', 'LogTypesToDisable'])(
    'are about to stop when an exported log is named in %s',
    (list) => {
      const pending = { PendingModifiedValues: { PendingCloudwatchLogsExports: { [list]: ['postgresql'] } } };
      expect(audit('postgres', { ...exporting('postgresql'), ...pending }, PGAUDIT)).toMatchObject({
        level: 'on',
        pending: 'partial',
      });
      expect(audit('postgres', { ...exporting(), ...pending }, PGAUDIT)).toMatchObject({
        level: 'partial',
        pending: 'on',
      });
    },
  );

  it('do not count before the group that writes them is applied', () => {
    const group = {
      parameters: new Map(Object.entries(PGAUDIT)),
      applied: { field: 'ParameterApplyStatus', states: ['pending-reboot'] },
    } as const;
    const trail = trailOf(softwareOf({ Engine: 'postgres' }), group, undefined);
    expect(auditOf(exporting('postgresql'), trail)).toMatchObject({ level: 'unknown', pending: 'on' });
  });

  it('need parameters of those engines alone that have them there', () => {
    expect(
      ['postgres', 'aurora-mysql', 'mysql'].map((Engine) => auditParameters(softwareOf({ Engine })).length),
    ).toEqual([2, 2, 0]);
  });
});
