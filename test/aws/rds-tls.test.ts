import { describe, expect, it } from 'vitest';
import { softwareOf } from '../../lib/aws/rds.ts';
import { oracleTls, optionDoors, type Options } from '../../lib/aws/rds-options.ts';
import { db2TlsPort, tlsOf, tlsParameters } from '../../lib/aws/rds-tls.ts';

const read = (Engine: string, EngineVersion: string | undefined, values: Readonly<Record<string, string>> = {}) =>
  tlsOf(softwareOf({ Engine, EngineVersion }), new Map(Object.entries(values)));

describe('TLS from parameters', () => {
  it.each<[string, string | undefined, Readonly<Record<string, string>>, string]>([
    ['postgres', '16.4', { 'rds.force_ssl': '1' }, 'on'],
    ['postgres', '14.9', { 'rds.force_ssl': '1' }, 'on'],
    ['postgres', '16.4', { 'rds.force_ssl': '0' }, 'partial'],
    ['postgres', '16.4', { 'rds.force_ssl': 'perhaps' }, 'unknown'],
    ['postgres', '15.1', {}, 'on'],
    ['postgres', '14.9', {}, 'partial'],
    ['postgres', undefined, {}, 'unknown'],
    ['postgres', '16.4', { 'rds.force_ssl': '1', ssl_min_protocol_version: 'TLSv1.2' }, 'on'],
    ['postgres', '16.4', { 'rds.force_ssl': '1', ssl_min_protocol_version: 'TLSv1' }, 'partial'],
    ['aurora-postgresql', '16.4', { 'rds.force_ssl': '1' }, 'on'],
    ['aurora-postgresql', '17.4', {}, 'unknown'],
    ['mysql', '8.0.35', { require_secure_transport: '1' }, 'on'],
    ['mysql', '8.0.35', { require_secure_transport: 'ON' }, 'on'],
    ['mysql', '8.0.35', { require_secure_transport: 'OFF' }, 'partial'],
    ['mysql', '8.0.35', {}, 'partial'],
    ['mysql', '5.7.44', { require_secure_transport: 'ON', tls_version: 'TLSv1.1,TLSv1.2' }, 'partial'],
    ['mysql', '8.0.35', { require_secure_transport: 'ON', tls_version: 'TLSv1.2,TLSv1.3' }, 'on'],
    ['aurora-mysql', '8.0.mysql_aurora.3.05.2', { require_secure_transport: 'ON' }, 'on'],
    ['aurora-mysql', '8.0.mysql_aurora.3.05.2', {}, 'unknown'],
    ['mariadb', '11.8.3', {}, 'on'],
    ['mariadb', '12.0.1', {}, 'on'],
    ['mariadb', '11.4.5', {}, 'partial'],
    ['mariadb', '10.4.1', {}, 'partial'],
    ['mariadb', '11.6.1', {}, 'unknown'],
    ['mariadb', '11.8.3', { require_secure_transport: '0' }, 'partial'],
    ['sqlserver-se', '15.00', { 'rds.force_ssl': '1' }, 'on'],
    ['sqlserver-se', '15.00', { 'rds.force_ssl': '1', 'rds.tls10': 'default' }, 'on'],
    ['sqlserver-se', '15.00', { 'rds.force_ssl': '1', 'rds.tls10': 'enabled' }, 'partial'],
    ['sqlserver-se', '15.00', {}, 'partial'],
    ['db2-se', '11.5', { db2comm: 'SSL' }, 'on'],
    ['db2-se', '11.5', { db2comm: 'TCPIP,SSL' }, 'off'],
    ['db2-se', '11.5', { db2comm: 'TCPIP' }, 'off'],
    ['db2-se', '11.5', {}, 'unknown'],
    ['something-new', '1', { 'rds.force_ssl': '1' }, 'unknown'],
  ])('%s %s with %j', (engine, version, values, level) => {
    expect(read(engine, version, values).level).toBe(level);
  });

  it('is not known of a group that was not read', () => {
    for (const Engine of ['postgres', 'db2-se']) {
      expect(tlsOf(softwareOf({ Engine }), undefined)).toMatchObject({ level: 'unknown' });
    }
  });

  it('says whether a value or a default decides', () => {
    expect(read('postgres', '16.4').evidence).toBe('rds.force_ssl=default 1');
    expect(read('mysql', '8.0', { require_secure_transport: 'ON' }).evidence).toBe('require_secure_transport=ON');
  });

  it('asks for nothing where TLS is no matter of parameters', () => {
    expect(tlsParameters(softwareOf({ Engine: 'oracle-ee' }))).toEqual([]);
    expect(tlsParameters(softwareOf({ Engine: 'aurora-postgresql' }))).toContain('rds.force_ssl');
  });

  it.each([
    ['TCPIP,SSL', '50443', 50_443],
    ['SSL', '50443', 50_443],
    ['TCPIP', '50443', undefined],
    ['SSL', 'db2ssl', undefined],
    ['SSL', '70000', undefined],
    ['SSL', '', undefined],
  ])('listens on the TLS port of Db2 with DB2COMM=%s and port %s', (comm, port, expected) => {
    expect(
      db2TlsPort(
        new Map([
          ['db2comm', comm],
          ['ssl_svcename', port],
        ]),
      ),
    ).toBe(expected);
  });
});

describe('options of Oracle', () => {
  const with_ = (OptionName: string, settings: Readonly<Record<string, string>>, state = 'in-sync'): Options => ({
    list: [
      {
        OptionName,
        Port: 2484,
        OptionSettings: Object.entries(settings).map(([Name, Value]) => ({ Name, Value })),
      },
    ],
    applied: { field: 'OptionGroupMemberships.Status', states: [state] },
  });

  it.each([
    ['REQUIRED', 'on'],
    ['Required', 'on'],
    ['REQUESTED', 'partial'],
    ['ACCEPTED', 'partial'],
    ['REJECTED', 'off'],
    ['SOMEHOW', 'unknown'],
  ])('encrypts its own port with SQLNET.ENCRYPTION_SERVER=%s', (mode, level) => {
    expect(oracleTls(with_('NATIVE_NETWORK_ENCRYPTION', { 'SQLNET.ENCRYPTION_SERVER': mode })).level).toBe(level);
  });

  it('leaves its own port in plain text without native network encryption, and unknown unread', () => {
    expect(oracleTls(with_('SSL', {})).level).toBe('off');
    expect(oracleTls(with_('NATIVE_NETWORK_ENCRYPTION', {})).level).toBe('unknown');
    expect(oracleTls(undefined).level).toBe('unknown');
  });

  it('does not count an option that is not applied yet', () => {
    const pending = with_('NATIVE_NETWORK_ENCRYPTION', { 'SQLNET.ENCRYPTION_SERVER': 'REQUIRED' }, 'pending-apply');
    expect(oracleTls(pending)).toMatchObject({ level: 'unknown', pending: 'on' });
  });

  it.each([
    [{ 'SQLNET.SSL_VERSION': '1.2' }, 'on'],
    [{ 'SQLNET.SSL_VERSION': '1.2 or 1.0' }, 'partial'],
    [{}, 'unknown'],
  ])('has a TLS port of its own with %j', (settings, level) => {
    const [door] = optionDoors(with_('SSL', settings), 'db.example.com');
    expect(door).toMatchObject({ door: 'ssl', host: 'db.example.com', port: 2484, engine: 'oracle', tls: { level } });
  });
});
