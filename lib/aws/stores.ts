/**
 * What a host name, a port or a network interface says of the data store behind it (aws-services.md sections 2.23,
 * 2.24 and 2.27). A hint for what stands behind a front, never a verdict.
 */
import type { Engine } from '../model/endpoint.ts';
import type { NetworkInterface } from '../model/network.ts';
import { engineOfPort } from './ports.ts';

export interface HostKind {
  /** `store` is a managed search or database host; what a balancer or an instance leads to is for others to say. */
  readonly kind: 'store' | 'balancer' | 'instance';
  readonly engine: Engine;
}

/** Suffixes under which AWS hands out host names, in all partitions. */
const SUFFIXES = ['.amazonaws.com.cn', '.amazonaws.com', '.amazonaws.eu', '.on.aws', '.on.amazonwebservices.com.cn'];

type Kind = HostKind['kind'];
/** By the service's label of the host name. `unidentified`: the port has to say. */
const SERVICE_LABELS: ReadonlyMap<string, readonly [Kind, Engine]> = new Map<string, readonly [Kind, Engine]>([
  ['es', ['store', 'opensearch']],
  ['aos', ['store', 'opensearch']],
  ['aoss', ['store', 'opensearch']],
  ['cloudsearch', ['store', 'cloudsearch']],
  ['rds', ['store', 'unidentified']],
  ['docdb', ['store', 'documentdb']],
  ['docdb-elastic', ['store', 'documentdb']],
  ['neptune', ['store', 'neptune']],
  ['neptune-graph', ['store', 'neptune']],
  ['redshift', ['store', 'redshift']],
  ['redshift-serverless', ['store', 'redshift']],
  ['cache', ['store', 'unidentified']],
  ['memorydb', ['store', 'redis']],
  ['timestream-influxdb', ['store', 'influxdb']],
  ['dsql', ['store', 'postgres']],
  ['kendra', ['store', 'kendra']],
  ['dynamodb', ['store', 'provider-api']],
  ['rds-data', ['store', 'provider-api']],
  ['redshift-data', ['store', 'provider-api']],
  ['elb', ['balancer', 'http']],
  ['compute', ['instance', 'http']],
  ['compute-1', ['instance', 'http']],
]);
const MAX_HOST = 253;

/** Undefined for hosts that say nothing. The label of the service is the last, or stands before the region's. */
export function kindOfHost(host: string, port: number): HostKind | undefined {
  if (host.length > MAX_HOST) return undefined;
  const name = host.toLowerCase();
  const suffix = SUFFIXES.find((s) => name.endsWith(s));
  if (suffix === undefined) return undefined;
  const labels = name.slice(0, -suffix.length).split('.');
  const found = [labels.at(-1), labels.at(-2)].map((label) => SERVICE_LABELS.get(label ?? '')).find((k) => k);
  if (found === undefined) return undefined;
  const [kind, engine] = found;
  const said = engine === 'unidentified' || kind !== 'store' ? engineOfPort(port) : undefined;
  return { kind, engine: said ?? engine };
}

/** Who makes the interfaces of managed stores, and how those describe them. An engine is absent where the port says. */
const MANAGED: readonly { readonly requester: string; readonly description: string; readonly engine?: Engine }[] = [
  { requester: 'amazon-rds', description: 'RDSNetworkInterface' },
  { requester: 'amazon-redshift', description: 'RedshiftNetworkInterface', engine: 'redshift' },
  { requester: 'amazon-elasticache', description: 'ElastiCache' },
  { requester: 'amazon-elasticsearch', description: 'ES ', engine: 'opensearch' },
  { requester: 'amazon-memorydb', description: 'MemoryDB', engine: 'redis' },
  { requester: 'amazon-dax', description: 'DAX', engine: 'dax' },
];

/** The store that an interface belongs to; undefined where it names none. Only AWS can set a requester. */
export function engineOfInterface(
  { RequesterId: requester, RequesterManaged: managed, Description: description = '' }: NetworkInterface,
  port: number,
): Engine | undefined {
  const found = MANAGED.find(
    (m) => requester === m.requester || (managed !== false && description.startsWith(m.description)),
  );
  return found === undefined ? undefined : (found.engine ?? engineOfPort(port) ?? 'unidentified');
}
