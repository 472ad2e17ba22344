/**
 * How DMS speaks to the databases it copies between (aws-services.md section 2.17). Its endpoints describe servers that
 * may be anybody's, so they are no doors of ours and are never looked at; what they say of TLS is a property of the
 * replication instance whose tasks use them.
 */
import {
  type DatabaseMigrationServiceClient,
  DescribeEndpointsCommand,
  DescribeReplicationTasksCommand,
  type Endpoint,
  type ReplicationTask,
} from '@aws-sdk/client-database-migration-service';
import { declaredOff, declaredOn, declaredPartial, declaredUnknown, notApplicable } from '../model/declared.ts';
import type { Flow } from '../model/endpoint.ts';
import { type Level, type Protection, WEAKEST_FIRST } from '../model/protection.ts';
import type { Cell } from './cell.ts';
import { type Pages, pagesOf } from './pages.ts';

export const CONNECTION_ACTIONS = ['dms:DescribeEndpoints', 'dms:DescribeReplicationTasks'] as const;
/** The most that DMS returns per page. */
const PAGE = 100;

export interface Connections {
  readonly endpoints: Pages<Endpoint>;
  readonly tasks: Pages<ReplicationTask>;
}

export async function readConnections(cell: Cell, client: DatabaseMigrationServiceClient): Promise<Connections> {
  const tasks = await pagesOf(cell, 'dms replication tasks', {
    action: 'dms:DescribeReplicationTasks',
    call: (Marker) =>
      client.send(new DescribeReplicationTasksCommand({ MaxRecords: PAGE, Marker, WithoutSettings: true })),
    items: (page) => page.ReplicationTasks,
    next: (page) => page.Marker,
  });
  const endpoints = await pagesOf(cell, 'dms endpoints', {
    action: 'dms:DescribeEndpoints',
    call: (Marker) => client.send(new DescribeEndpointsCommand({ MaxRecords: PAGE, Marker })),
    items: (page) => page.Endpoints,
    next: (page) => page.Marker,
  });
  return { endpoints, tasks };
}

/** What the instance's tasks copy into what. Endpoints that are APIs have no host: they are left out. */
export function flowsOf(instance: string | undefined, connections: Connections): readonly Flow[] {
  const doors = new Map(connections.endpoints.items.map((endpoint) => [endpoint.EndpointArn, doorOf(endpoint)]));
  return tasksOf(instance, connections).flatMap(({ SourceEndpointArn: source, TargetEndpointArn: target }) => {
    const [from, to] = [doors.get(source), doors.get(target)];
    return source === undefined || target === undefined || from === undefined || to === undefined ? [] : [{ from, to }];
  });
}

function doorOf({
  ServerName,
  Port,
  RedisSettings: redis,
  ElasticsearchSettings: search,
}: Endpoint): string | undefined {
  const host = ServerName ?? redis?.ServerName;
  const port = Port ?? redis?.Port;
  if (host !== undefined && port !== undefined) return `${host.toLowerCase()}:${port}`;
  if (search?.EndpointUri === undefined) return undefined;
  const { EndpointUri: uri } = search;
  const full = /^https?:/i.test(uri) ? uri : `https://${uri}`;
  if (!URL.canParse(full)) return undefined;
  const { hostname, port: given, protocol } = new URL(full);
  return `${hostname}:${given || (protocol === 'http:' ? '80' : '443')}`;
}

function tasksOf(instance: string | undefined, { tasks }: Connections): readonly ReplicationTask[] {
  return tasks.items.filter(
    (task) => task.ReplicationInstanceArn === instance || task.TargetReplicationInstanceArn === instance,
  );
}

/** The weakest connection of the instance's tasks speaks for all. */
export function connectionTls(instance: string | undefined, connections: Connections): Protection {
  const { endpoints, tasks } = connections;
  const own = tasksOf(instance, connections);
  const arns = new Set(own.flatMap(({ SourceEndpointArn: source, TargetEndpointArn: target }) => [source, target]));
  const used = endpoints.items.filter(({ EndpointArn: arn }) => arn !== undefined && arns.has(arn));
  const judged = used.map((endpoint) => ({ ...judge(endpoint), name: endpoint.EndpointIdentifier ?? 'an endpoint' }));
  const worst = WEAKEST_FIRST.map((level) => judged.find((one) => one.level === level)).find(
    (one) => one !== undefined,
  );
  // What is known to be plain is so whatever else was not read.
  if (worst?.level !== 'off' && (!tasks.whole || used.length < arns.size)) {
    return declaredUnknown('tasks or their endpoints not read whole');
  }
  if (worst === undefined) return notApplicable('no task connects to anything');
  return BUILD[worst.level](`${worst.name}: ${worst.said}`);
}

const BUILD: Readonly<Record<Level, (evidence: string) => Protection>> = {
  off: declaredOff,
  unknown: declaredUnknown,
  partial: declaredPartial,
  on: declaredOn,
  'not-applicable': notApplicable,
};
/** Targets that are APIs of AWS, which DMS calls over HTTPS; they have no SslMode of their own. */
const APIS = new Set([
  's3',
  'kinesis',
  'dynamodb',
  'neptune',
  'timestream',
  'redshift-serverless',
  'lakehouse',
  'dms-transfer',
]);

interface Judged {
  readonly level: Level;
  readonly said: string;
}

/** Redis, Kafka and OpenSearch have settings of their own, next to which SslMode is always `none`. */
function judge(endpoint: Endpoint): Judged {
  const engine = endpoint.EngineName ?? 'absent';
  if (APIS.has(engine)) return { level: 'not-applicable', said: `${engine} is called over HTTPS` };
  if (engine === 'redis')
    return bySetting('RedisSettings.SslSecurityProtocol', endpoint.RedisSettings?.SslSecurityProtocol);
  if (engine === 'kafka') return bySetting('KafkaSettings.SecurityProtocol', endpoint.KafkaSettings?.SecurityProtocol);
  if (engine === 'elasticsearch' || engine === 'opensearch') {
    const uri = endpoint.ElasticsearchSettings?.EndpointUri;
    const scheme = uri === undefined ? 'absent' : /^http:/i.test(uri) ? 'http' : 'https';
    const level = uri === undefined ? 'unknown' : scheme === 'http' ? 'off' : 'on';
    return { level, said: `ElasticsearchSettings.EndpointUri over ${scheme}` };
  }
  const mode = endpoint.SslMode;
  const said = `SslMode=${mode ?? 'absent'}`;
  if (mode === 'none') return { level: 'off', said };
  // Encrypted, to whoever answers.
  if (mode === 'require') return { level: 'partial', said };
  return { level: mode === 'verify-ca' || mode === 'verify-full' ? 'on' : 'unknown', said };
}

const ENCRYPTED = new Set(['ssl-encryption', 'ssl-authentication', 'sasl-ssl']);

function bySetting(field: string, value: string | undefined): Judged {
  const level = value === 'plaintext' ? 'off' : ENCRYPTED.has(value ?? '') ? 'on' : 'unknown';
  return { level, said: `${field}=${value ?? 'absent'}` };
}
