/** Covers lib/events/table.ts, row.ts, services.ts and every file of lib/events/table. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { PARTITION_FACTS } from '../../lib/aws/partitions.ts';
import { COLLECTORS } from '../../lib/collectors/catalogue.ts';
import { rowsOf } from '../../lib/events/row.ts';
import {
  GLOBAL_SERVICES,
  homeOf,
  KEY_READERS,
  LOG_READERS,
  NETWORK_READERS,
  SERVICES,
} from '../../lib/events/services.ts';
import { rowsOfEvent, TABLE } from '../../lib/events/table.ts';

interface SpecRow {
  readonly eventSource: string;
  readonly kind: string;
  readonly resourcePaths: readonly string[];
  readonly expand: string;
  readonly eventNames: readonly string[];
}

interface SpecGuardRail {
  readonly src: string;
  readonly kind: string;
  readonly id: readonly string[];
  readonly names: readonly string[];
  readonly expand: string;
}

const SPEC = new URL('../../../shared/data/cloudtrail-events.json', import.meta.url);
const hasSpec = existsSync(SPEC);

/** Rows of ours that the table of the specification does not have. */
const BEYOND = ['cloudfront/CreateDistribution', 'ec2/StartInstances', 'scheduler/UpdateSchedule', 'sns/DeleteTopic'];

describe.skipIf(!hasSpec)(`the table of the specification${hasSpec ? '' : ' (SKIPPED: ../shared is not here)'}`, () => {
  const spec = hasSpec
    ? (JSON.parse(readFileSync(SPEC, 'utf8')) as { events: SpecRow[]; guardrails: SpecGuardRail[] })
    : { events: [], guardrails: [] };

  it('has 141 rows with 317 names, and 13 guard rails', () => {
    expect(spec.events).toHaveLength(141);
    expect(spec.events.reduce((sum, { eventNames }) => sum + eventNames.length, 0)).toBe(317);
    expect(spec.guardrails).toHaveLength(13);
  });

  it('is ours, row by row', () => {
    const ours = TABLE.filter(({ source, names }) => !BEYOND.includes(`${source.split('.')[0]}/${names[0]}`));
    const theirs = [
      ...spec.events.map(({ eventSource, eventNames, ...row }) => ({ ...row, source: eventSource, names: eventNames })),
      ...spec.guardrails.map(({ src, kind, id, names, expand }) => ({
        source: `${src}.amazonaws.com`,
        kind: kind === 'blind' ? 'guardrail' : kind,
        resourcePaths: id,
        expand,
        names,
      })),
    ];
    const line = (row: {
      source: string;
      kind: string;
      paths: readonly string[];
      expand: string;
      names: readonly string[];
    }) => [row.source, row.kind, row.paths, row.expand, row.names].join(' | ');
    expect(ours.map(line).toSorted()).toEqual(
      theirs.map(({ resourcePaths, ...row }) => line({ ...row, paths: resourcePaths })).toSorted(),
    );
    expect(TABLE).toHaveLength(ours.length + BEYOND.length);
  });
});

describe('the table', () => {
  it('keeps refused calls of guard rails, and of nothing else', () => {
    const guardrails = new Set(TABLE.filter((row) => row.guardrail === true).map(({ source }) => source.split('.')[0]));
    expect([...guardrails].map(String).toSorted()).toEqual(
      'account cloudtrail cognito-identity cognito-idp config events iam kms logs network-firewall organizations ram scheduler sns wafv2'.split(
        ' ',
      ),
    );
    expect(TABLE.filter(({ kind }) => kind === 'guardrail').every((row) => row.guardrail === true)).toBe(true);
  });

  it('has a collector for every row', () => {
    for (const row of TABLE) expect(row.services.length, `${row.source} ${row.names[0]}`).toBeGreaterThan(0);
  });

  it.each([
    ['es', 'UpdateDomainConfig', ['opensearch']],
    ['aoss', 'UpdateSecurityPolicy', ['opensearch-serverless']],
    ['osis', 'UpdatePipeline', ['opensearch-ingestion']],
    ['rds', 'ModifyDBInstance', ['rds', 'aurora', 'documentdb', 'neptune']],
    ['rds', 'ModifyDBCluster', ['aurora', 'documentdb', 'neptune']],
    ['rds', 'ModifyOptionGroup', ['rds']],
    ['rds', 'ModifyDBProxy', ['rds-proxy']],
    ['rds', 'ModifyDBClusterSnapshotAttribute', ['rds-snapshots']],
    ['redshift', 'ModifyCluster', ['redshift']],
    ['redshift-serverless', 'UpdateWorkgroup', ['redshift-serverless']],
    ['elasticache', 'ModifyReplicationGroup', ['elasticache']],
    ['elasticache', 'ModifyServerlessCache', ['elasticache-serverless']],
    ['kafka', 'UpdateSecurity', ['msk']],
    ['ec2', 'ModifySnapshotAttribute', ['ebs-snapshots']],
    ['ec2', 'RunInstances', ['interfaces', 'load-balancers', 'classic-load-balancers', 'api-gateway']],
    ['ecs', 'UpdateService', ['interfaces']],
    ['cloudtrail', 'StopLogging', ['guardrails']],
    ['logs', 'DeleteLogGroup', ['opensearch', 'opensearch-ingestion', 'msk', 'mq']],
  ])('has %s %s read again by %j', (source, name, services) => {
    expect(rowsOfEvent(`${source}.amazonaws.com`, name).map((row) => row.services)).toEqual([services]);
  });

  it('knows both APIs that share a name, and no event that is not there', () => {
    expect(rowsOfEvent('apigateway.amazonaws.com', 'UpdateIntegration').map(({ paths }) => paths)).toEqual([
      ['restApiId'],
      ['apiId'],
    ]);
    expect(rowsOfEvent('es.amazonaws.com', 'constructor')).toEqual([]);
    expect(rowsOfEvent('rds.amazonaws.com', 'UpdateDomainConfig')).toEqual([]);
  });

  it('takes services from the source where a row has none of its own', () => {
    const rows = rowsOf(
      'x',
      ['dsql'],
      [
        { kind: 'change', names: ['A'], paths: [], expand: 'self' },
        { kind: 'change', names: ['B'], paths: [], expand: 'self', services: ['rds'] },
      ],
    );
    expect(rows.map(({ services }) => services)).toEqual([['dsql'], ['rds']]);
  });
});

describe('services', () => {
  it('are the collectors of the catalogue', () => {
    expect([...SERVICES].toSorted()).toEqual(COLLECTORS.map(({ service }) => service).toSorted());
    expect([...GLOBAL_SERVICES].toSorted()).toEqual(
      COLLECTORS.filter(({ scope }) => scope === 'global')
        .map(({ service }) => service)
        .toSorted(),
    );
  });

  it('are all named by some row', () => {
    const named = new Set<string>(TABLE.flatMap(({ services }) => services));
    expect(SERVICES.filter((service) => !named.has(service))).toEqual([]);
  });

  const sources = new URL('../../lib/collectors/', import.meta.url);
  const readers = (pattern: RegExp): readonly string[] =>
    readdirSync(sources).flatMap((file) => {
      const text = readFileSync(new URL(file, sources), 'utf8');
      const service = /^ {2}service: '([a-z-]+)',$/m.exec(text)?.[1];
      return service !== undefined && pattern.test(text) ? [service] : [];
    });

  it.each([
    ['the network', /\.network\(\)/, NETWORK_READERS],
    ['encryption keys', /\bkmsKeys\(/, KEY_READERS],
    ['log groups', /\blogKeys\(/, LOG_READERS],
  ] as const)('that read %s are known to', (_, pattern, known) => {
    const found = readers(pattern).filter((service) => !GLOBAL_SERVICES.some((global) => global === service));
    expect(found.length).toBeGreaterThan(2);
    expect(found.filter((service) => !known.some((each) => each === service))).toEqual([]);
  });

  it.each(Object.entries(PARTITION_FACTS))('of %s are at home where the partition is', (_, { home }) => {
    expect(homeOf(home)).toBe(home);
  });

  it.each([
    ['eu-west-1', 'us-east-1'],
    ['us-west-2', 'us-east-1'],
    ['cn-north-1', 'cn-northwest-1'],
    ['us-gov-east-1', 'us-gov-west-1'],
    ['eusc-de-east-1', 'eusc-de-east-1'],
  ])('of %s are at home in %s', (region, home) => {
    expect(homeOf(region)).toBe(home);
  });
});
