/** Also of lib/aws/dms-interfaces.ts. */
import type { Endpoint, ReplicationTask } from '@aws-sdk/client-database-migration-service';
import { describe, expect, it } from 'vitest';
import { connectionTls, flowsOf } from '../../lib/aws/dms-connections.ts';
import { addressesOf, assumedInterfaces, interfacesOf } from '../../lib/aws/dms-interfaces.ts';
import { privateInterface, publicInterface } from '../support/fronts.ts';

function judge(endpoints: readonly Partial<Endpoint>[], { whole = true, task = {} } = {}) {
  const items = endpoints.map((e, i) => ({ EndpointArn: `e${i}`, EndpointIdentifier: `end-${i}`, ...e }));
  const tasks: readonly ReplicationTask[] = items.map(({ EndpointArn }) => ({
    ReplicationInstanceArn: 'rep',
    SourceEndpointArn: EndpointArn,
    TargetEndpointArn: EndpointArn,
    ...task,
  }));
  return connectionTls('rep', { endpoints: { items, whole: true }, tasks: { items: tasks, whole } });
}

describe('how DMS speaks to its databases', () => {
  it.each([
    [{ EngineName: 'mysql', SslMode: 'none' }, 'off'],
    [{ EngineName: 'mysql', SslMode: 'require' }, 'partial'],
    [{ EngineName: 'mysql', SslMode: 'verify-ca' }, 'on'],
    [{ EngineName: 'oracle', SslMode: 'verify-full' }, 'on'],
    [{ EngineName: 'postgres' }, 'unknown'],
    [{ EngineName: 's3', SslMode: 'none' }, 'not-applicable'],
    [{ EngineName: 'kafka', SslMode: 'none', KafkaSettings: { SecurityProtocol: 'sasl-ssl' } }, 'on'],
    [{ EngineName: 'kafka', SslMode: 'none', KafkaSettings: { SecurityProtocol: 'plaintext' } }, 'off'],
    [{ EngineName: 'kafka', KafkaSettings: { SecurityProtocol: 'sasl-plaintext' as 'sasl-ssl' } }, 'unknown'],
    [{ EngineName: 'redis', SslMode: 'none' }, 'unknown'],
    [{ EngineName: 'opensearch', ElasticsearchSettings: { EndpointUri: 'HTTP://x', ServiceAccessRoleArn: '' } }, 'off'],
    [
      {
        EngineName: 'opensearch',
        ElasticsearchSettings: { EndpointUri: 'x.es.amazonaws.com', ServiceAccessRoleArn: '' },
      },
      'on',
    ],
    [{ EngineName: 'elasticsearch' }, 'unknown'],
    [{}, 'unknown'],
  ] as const)('%j is %s', (endpoint, level) => {
    expect(judge([endpoint]).level).toBe(level);
  });

  it('is as weak as the weakest connection of its own tasks', () => {
    expect(judge([{ SslMode: 'verify-ca' }, { SslMode: 'require' }])).toMatchObject({
      level: 'partial',
      evidence: 'end-1: SslMode=require',
    });
    expect(judge([{ SslMode: 'none' }], { task: { ReplicationInstanceArn: 'another' } }).level).toBe('not-applicable');
  });

  it('is not known where tasks or endpoints are missing, unless one is known to be plain', () => {
    expect(judge([{ SslMode: 'verify-ca' }], { whole: false }).level).toBe('unknown');
    expect(judge([{ SslMode: 'none' }], { whole: false }).level).toBe('off');
    expect(judge([{ SslMode: 'verify-ca' }], { task: { TargetEndpointArn: 'gone' } }).level).toBe('unknown');
  });
});

describe('where a replication instance is', () => {
  const instance = {
    ReplicationInstancePublicIpAddresses: ['', '52.0.0.1'],
    ReplicationInstancePrivateIpAddresses: ['10.0.0.9'],
    ReplicationInstanceIpv6Addresses: ['2600::9'],
  };

  it('shows its public addresses first', () => {
    expect(addressesOf(instance)).toEqual(['52.0.0.1', '2600::9', '10.0.0.9']);
  });

  it('is known by its public addresses alone: another VPC may hold the private one too', () => {
    const [own, alike] = [publicInterface('52.0.0.1'), privateInterface('10.0.0.9')];
    expect(interfacesOf(instance, [alike, own])).toEqual([own]);
  });

  it('is assumed in each subnet of its group, or in none that is known', () => {
    const Subnets = [{ SubnetIdentifier: 'a' }, { SubnetIdentifier: 'b' }];
    const assumed = assumedInterfaces({ ...instance, ReplicationSubnetGroup: { Subnets } });
    expect(assumed.map((eni) => eni.SubnetId)).toEqual(['a', 'b']);
    expect(assumed[0]).toMatchObject({
      Association: { PublicIp: '52.0.0.1' },
      Ipv6Addresses: [{ Ipv6Address: '2600::9' }],
    });
    expect(assumedInterfaces(instance)).toHaveLength(1);
  });
});

describe('what DMS copies into what', () => {
  const flows = (source: Partial<Endpoint>, target: Partial<Endpoint>, task: Partial<ReplicationTask> = {}) =>
    flowsOf('rep', {
      endpoints: {
        items: [
          { ...source, EndpointArn: 's' },
          { ...target, EndpointArn: 't' },
        ],
        whole: true,
      },
      tasks: {
        items: [{ ReplicationInstanceArn: 'rep', SourceEndpointArn: 's', TargetEndpointArn: 't', ...task }],
        whole: true,
      },
    });
  const source = { ServerName: 'Prod.rds.amazonaws.com', Port: 3306 };
  const search = (EndpointUri: string) => ({ ElasticsearchSettings: { EndpointUri, ServiceAccessRoleArn: '' } });

  it.each([
    ['a database', { ServerName: 'copy.rds.amazonaws.com', Port: 5432 }, 'copy.rds.amazonaws.com:5432'],
    ['a cache', { RedisSettings: { ServerName: 'cache.example', Port: 6379 } }, 'cache.example:6379'],
    ['a search domain', search('x.es.amazonaws.com'), 'x.es.amazonaws.com:443'],
    ['a search domain', search('http://10.0.0.1:9200'), '10.0.0.1:9200'],
    ['a search domain', search('HTTP://search.example/'), 'search.example:80'],
  ])('is told of %s by host and port: %o', (_, target, to) => {
    expect(flows(source, target)).toEqual([{ from: 'prod.rds.amazonaws.com:3306', to }]);
  });

  it('is not told where one side has no host, or the task is another instance’s', () => {
    expect(flows(source, { EngineName: 's3' })).toEqual([]);
    expect(flows(source, search('http://['))).toEqual([]);
    expect(flows(source, source, { ReplicationInstanceArn: 'other' })).toEqual([]);
    expect(flows(source, source, { TargetEndpointArn: 'unread' })).toEqual([]);
  });
});
