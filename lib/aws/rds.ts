/**
 * What the RDS API says of instances and clusters. Its lists hold DocumentDB and Neptune too: `Engine` decides whose a
 * resource is, never the client (aws-services.md section 1). Each list is read once per place, for all who need it.
 */
import {
  type DBCluster,
  type DBInstance,
  DescribeDBClustersCommand,
  DescribeDBInstancesCommand,
  RDSClient,
} from '@aws-sdk/client-rds';
import type { Engine } from '../model/endpoint.ts';
import { ABSENT, type Cell } from './cell.ts';

export const INSTANCES_ACTION = 'rds:DescribeDBInstances';
export const CLUSTERS_ACTION = 'rds:DescribeDBClusters';
/** The most that RDS returns per page. */
export const RDS_PAGE = 100;

/** Whose a resource is. What no engine of ours names is RDS's, so that nothing is left out. */
export type RdsFamily = 'rds' | 'documentdb' | 'neptune';

/** What runs there, as far as it decides which settings mean what. */
export interface Software {
  readonly engine: Engine;
  readonly aurora: boolean;
  /** Major and minor. Undefined where `EngineVersion` is absent or no number. */
  readonly version: readonly [major: number, minor: number] | undefined;
}

/** First match wins. RDS Custom puts `custom-` before the engine, editions follow it. */
const ENGINE_BY_PREFIX: readonly (readonly [prefix: string, engine: Engine])[] = [
  ['aurora-postgresql', 'postgres'],
  ['aurora', 'mysql'],
  ['postgres', 'postgres'],
  ['mysql', 'mysql'],
  ['mariadb', 'mariadb'],
  ['sqlserver', 'sqlserver'],
  ['oracle', 'oracle'],
  ['db2', 'db2'],
  ['docdb', 'documentdb'],
  ['neptune', 'neptune'],
];

export function softwareOf(resource: Pick<DBInstance, 'Engine' | 'EngineVersion'>): Software {
  const name = (resource.Engine ?? '').toLowerCase().replace(/^custom-/, '');
  const [, major, minor] = /^(\d{1,4})(?:\.(\d{1,4}))?/.exec(resource.EngineVersion ?? '') ?? [];
  return {
    engine: ENGINE_BY_PREFIX.find(([prefix]) => name.startsWith(prefix))?.[1] ?? 'unidentified',
    aurora: name.startsWith('aurora'),
    version: major === undefined ? undefined : [Number(major), Number(minor ?? 0)],
  };
}

function familyOf(resource: Pick<DBInstance, 'Engine'>): RdsFamily {
  const { engine } = softwareOf(resource);
  return engine === 'documentdb' || engine === 'neptune' ? engine : 'rds';
}

/** The place's instances of one family, members of clusters included. */
export async function readInstances(cell: Cell, family: RdsFamily): Promise<readonly DBInstance[]> {
  const all = await cell.shared(INSTANCES_ACTION, (own) => {
    const client = own.client(RDSClient);
    return own.list(
      INSTANCES_ACTION,
      (Marker) => client.send(new DescribeDBInstancesCommand({ MaxRecords: RDS_PAGE, Marker })),
      (page) => page.DBInstances,
      (page) => page.Marker,
    );
  });
  return all.filter((instance) => familyOf(instance) === family);
}

export async function readClusters(cell: Cell, family: RdsFamily): Promise<readonly DBCluster[]> {
  const all = await cell.shared(CLUSTERS_ACTION, (own) => {
    const client = own.client(RDSClient);
    return own.list(
      CLUSTERS_ACTION,
      (Marker) => client.send(new DescribeDBClustersCommand({ MaxRecords: RDS_PAGE, Marker })),
      (page) => page.DBClusters,
      (page) => page.Marker,
    );
  });
  return all.filter((cluster) => familyOf(cluster) === family);
}

/** One instance by its name. */
export async function findInstance(cell: Cell, name: string): Promise<DBInstance | typeof ABSENT | undefined> {
  const client = cell.client(RDSClient);
  const call = () => client.send(new DescribeDBInstancesCommand({ DBInstanceIdentifier: name }));
  const answer = await cell.askMaybe(INSTANCES_ACTION, call, ['DBInstanceNotFoundFault'], name);
  return answer === ABSENT ? ABSENT : answer?.DBInstances?.[0];
}

export async function findCluster(cell: Cell, name: string): Promise<DBCluster | typeof ABSENT | undefined> {
  const client = cell.client(RDSClient);
  const call = () => client.send(new DescribeDBClustersCommand({ DBClusterIdentifier: name }));
  const answer = await cell.askMaybe(CLUSTERS_ACTION, call, ['DBClusterNotFoundFault'], name);
  return answer === ABSENT ? ABSENT : answer?.DBClusters?.[0];
}
