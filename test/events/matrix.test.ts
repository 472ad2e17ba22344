/** Covers lib/events/expand.ts: every event name of the table, in every form a request comes in. */
import { describe, expect, it } from 'vitest';
import { normalise } from '../../lib/events/normalise.ts';
import type { NamePath, Row } from '../../lib/events/row.ts';
import { GLOBAL_SERVICES } from '../../lib/events/services.ts';
import { TABLE } from '../../lib/events/table.ts';
import type { Change } from '../../lib/model/change.ts';
import { ACCOUNT, aRecord, FORMS, nested, NOW, REGION, requestIn, SAMPLES, valueAt } from './sample.ts';

function changeOf(row: Row, eventName: string, over: Readonly<Record<string, unknown>>): Change {
  const normalised = normalise(aRecord({ eventSource: row.source, eventName, requestParameters: null, ...over }), NOW);
  if (normalised.kind !== 'change') throw new Error(`${eventName}: ${normalised.why}`);
  return normalised.change;
}

const events = TABLE.flatMap((row) => row.names.map((name) => ({ row, name, label: `${row.source} ${name}` })));

function requestPaths({ paths, type, named = [] }: Row): readonly NamePath[] {
  const own: readonly NamePath[] = type === undefined ? [] : paths.map((path) => [path.replace(/^W\./, ''), type]);
  return [...own, ...named];
}

/** Rows whose requests and answers name nothing that an endpoint depends on, by hand. */
const KEYLESS = [
  'account EnableRegion',
  'aoss CreateSecurityConfig',
  'aoss CreateSecurityPolicy',
  'aoss CreateVpcEndpoint',
  'cassandra CreateTable',
  'cassandra RestoreTable',
  'cloudtrail StopLogging',
  'cognito-identity UpdateIdentityPool',
  'cognito-idp UpdateUserPool',
  'config StopConfigurationRecorder',
  'dms CreateEndpoint',
  'dms ModifyEndpoint',
  'ec2 CreateVpcBlockPublicAccessExclusion',
  'ec2 DisableSnapshotBlockPublicAccess',
  'ec2 DisassociateRouteTable',
  'ec2 ModifyVpcBlockPublicAccessOptions',
  'ecs CreateService',
  'ecs RunTask',
  'eks CreateCluster',
  'elasticache AuthorizeCacheSecurityGroupIngress',
  'es AcceptInboundConnection',
  'es CreateApplication',
  'events DisableRule',
  'iam DeleteRole',
  'network-firewall UpdateFirewallPolicy',
  'organizations LeaveOrganization',
  'ram CreateResourceShare',
  'rds ModifyCertificates',
  'redshift AuthorizeClusterSecurityGroupIngress',
  'redshift AuthorizeDataShare',
  'redshift PutResourcePolicy',
  'redshift-serverless PutResourcePolicy',
  'scheduler UpdateSchedule',
  'sns DeleteTopic',
  'wafv2 DisassociateWebACL',
];

describe('every event of the table', () => {
  const named = events.flatMap(({ row, name, label }) =>
    row.unnamed?.includes(name) === true
      ? []
      : requestPaths(row).map(([path, type]) => ({ row, name, label, path, type })),
  );

  it.each(named)('$label touches what $path names, in every form', ({ row, name, path, type }) => {
    const { key } = SAMPLES[type];
    for (const form of FORMS) {
      const requestParameters = requestIn(form, name, path, valueAt(row, path, type));
      const { touched, services, account, source } = changeOf(row, name, { requestParameters });
      expect({ form, touched }).toEqual({ form, touched: [key] });
      expect(services.length).toBeGreaterThan(0);
      expect(services.every((service) => row.services.some((each) => each === service))).toBe(true);
      expect({ account, source }).toEqual({ account: ACCOUNT, source: row.source });
    }
  });

  const answered = events.flatMap(({ row, name, label }) =>
    (row.response ?? []).map(([path, type]) => ({ row, name, label, path, type })),
  );

  it.each(answered)('$label touches what its answer names at $path', ({ row, name, path, type }) => {
    const answer = nested(
      path.split('.'),
      SAMPLES[type].arn !== undefined && /arn$/i.test(path) ? SAMPLES[type].arn : valueAt(row, path, type),
    );
    for (const responseElements of [answer, { [`${name}Response`]: answer }]) {
      expect(changeOf(row, name, { responseElements }).touched).toEqual([SAMPLES[type].key]);
    }
  });

  const further = events.flatMap(({ row, name, label }) =>
    row.unnamed?.includes(name) === true
      ? []
      : (row.also ?? []).map(([path, type]) => ({ row, name, label, path, type })),
  );

  it.each(further)('$label touches what $path names as well, but not that alone', ({ row, name, path, type }) => {
    const [first] = requestPaths(row);
    if (first === undefined) throw new Error('a further name beside none');
    const own = nested(first[0].split('.'), valueAt(row, ...first)) as object;
    const other = type === 'ec2' ? 'subnet-00000000aaaaaaaa' : 'another';
    const also = nested(path.split('.'), other) as object;
    const key = type === 'ec2' ? `ec2:${other}` : `${type}/${other}`;
    expect(changeOf(row, name, { requestParameters: { ...own, ...also } }).touched).toEqual(
      [SAMPLES[first[1]].key, key].toSorted(),
    );
    expect(changeOf(row, name, { requestParameters: also }).touched).toEqual([]);
  });

  it.each(events)(
    '$label touches the whole cell where it names nothing, or nothing that can be read',
    ({ row, name }) => {
      const [first] = requestPaths(row);
      const unreadable = [null, {}, 'text', [], { [`${name}Request`]: null }];
      const unnamable =
        first === undefined ? [] : ['a b', '\u001b[2J', { deep: [] }, 7, 'x'.repeat(5_000), 'arn:aws:s3:::b'];
      const requests = [...unreadable, ...unnamable.map((value) => nested(first?.[0].split('.') ?? [], value))];
      for (const requestParameters of requests) {
        const { touched, services } = changeOf(row, name, { requestParameters });
        expect(touched, JSON.stringify(requestParameters).slice(0, 80)).toEqual([]);
        expect(services.length).toBeGreaterThan(0);
      }
    },
  );

  it.each(events)('$label has its cells in the region of the event, or at home where it is global', ({ row, name }) => {
    const isGlobal = row.services.every((service) => GLOBAL_SERVICES.includes(service));
    const abroad = changeOf(row, name, {});
    expect(abroad.region).toBe(isGlobal ? 'us-east-1' : REGION);
    if (!isGlobal) expect(abroad.services.filter((s) => GLOBAL_SERVICES.some((g) => g === s))).toEqual([]);
    expect(changeOf(row, name, { awsRegion: 'us-east-1' }).services).toEqual(row.services);
    expect(changeOf(row, name, { awsRegion: 'us-gov-east-1' }).region).toBe(
      isGlobal ? 'us-gov-west-1' : 'us-gov-east-1',
    );
  });

  it('names nothing where nobody depends on what is named, and only there', () => {
    const keyless = TABLE.filter((row) => requestPaths(row).length === 0 && row.response === undefined);
    expect(
      keyless.map(({ source, names }) => `${source.replace('.amazonaws.com', '')} ${names[0]}`).toSorted(),
    ).toEqual(KEYLESS);
  });
});

describe('one event', () => {
  const sourceOf = (source: string) => ({ eventSource: `${source}.amazonaws.com` });
  const touchedBy = (
    source: string,
    eventName: string,
    requestParameters: unknown,
    responseElements: unknown = null,
  ) => {
    const normalised = normalise(aRecord({ ...sourceOf(source), eventName, requestParameters, responseElements }), NOW);
    return normalised.kind === 'change' ? normalised.change.touched : normalised;
  };

  it('touches every cluster of a batch, and the whole cell where one of them cannot be named', () => {
    expect(touchedBy('memorydb', 'BatchUpdateCluster', { clusterNames: ['b', 'a', 'b'] })).toEqual([
      'memorydb:cluster/a',
      'memorydb:cluster/b',
    ]);
    expect(touchedBy('memorydb', 'BatchUpdateCluster', { clusterNames: ['a', 'b c'] })).toEqual([]);
  });

  it.each([100, 101, 10_001])('of %i names is read to the end, or touches the whole cell', (count) => {
    const clusterNames = Array.from({ length: count }, (_, i) => `c-${i}`);
    expect(touchedBy('memorydb', 'BatchUpdateCluster', { clusterNames })).toHaveLength(count > 100 ? 0 : count);
  });

  it('touches the whole cell where a list goes on beyond what is read, however little was read of it', () => {
    const more = Array.from({ length: 10_001 }, () => 'i-0a1b2c3d');
    const items = [{ instanceId: 'i-00000000' }, { instanceId: more }];
    expect(touchedBy('ec2', 'RunInstances', null, { instancesSet: { items } })).toEqual([]);
    const few = [{ instanceId: 'i-00000000' }, { instanceId: more.slice(0, 50) }];
    expect(touchedBy('ec2', 'RunInstances', null, { instancesSet: { items: few } })).toEqual([
      'ec2:i-00000000',
      'ec2:i-0a1b2c3d',
    ]);
  });

  it('touches the whole cell where its names as written and as stored are too many', () => {
    const clusterNames = Array.from({ length: 60 }, (_, i) => `C-${i}`);
    expect(touchedBy('memorydb', 'BatchUpdateCluster', { clusterNames })).toEqual([]);
    expect(touchedBy('memorydb', 'BatchUpdateCluster', { clusterNames: clusterNames.slice(0, 50) })).toHaveLength(100);
  });

  it('touches the whole cell where a new name cannot be read', () => {
    const request = { dBInstanceIdentifier: 'orders', newDBInstanceIdentifier: { a: 1 } };
    expect(touchedBy('rds', 'ModifyDBInstance', request)).toEqual([]);
  });

  it('names things as written and as stored, where a service stores lower case', () => {
    expect(touchedBy('rds', 'ModifyDBInstance', { dBInstanceIdentifier: 'Orders' })).toEqual([
      'rds:db/Orders',
      'rds:db/orders',
    ]);
    expect(touchedBy('dynamodb', 'UpdateTable', { tableName: 'Orders' })).toEqual(['dynamodb:table/Orders']);
  });

  it.each([
    ['ReplaceNetworkAclAssociation', { associationId: 'aclassoc-0a1b2c3d', networkAclId: 'acl-0a1b2c3d' }],
    ['ReplaceRouteTableAssociation', { associationId: 'rtbassoc-0a1b2c3d', routeTableId: 'rtb-0a1b2c3d' }],
  ])('%s names what comes and not what goes: the whole cell', (eventName, request) => {
    expect(touchedBy('ec2', eventName, request)).toEqual([]);
  });

  it('AssociateRouteTable touches the subnet too, whose old table nobody names', () => {
    const request = { routeTableId: 'rtb-0a1b2c3d', subnetId: 'subnet-0a1b2c3d' };
    expect(touchedBy('ec2', 'AssociateRouteTable', request)).toEqual(['ec2:rtb-0a1b2c3d', 'ec2:subnet-0a1b2c3d']);
  });

  it('UpdateIntegration is of the API that it names', () => {
    expect(touchedBy('apigateway', 'UpdateIntegration', { restApiId: 'r' })).toEqual(['apigateway:restapi/r']);
    expect(touchedBy('apigateway', 'UpdateIntegration', { apiId: 'h' })).toEqual(['apigateway:api/h']);
    expect(touchedBy('apigateway', 'UpdateIntegration', null)).toEqual([]);
  });

  it('DisableKey by an alias touches every cell with keys', () => {
    expect(touchedBy('kms', 'DisableKey', { keyId: 'alias/orders' })).toEqual([]);
    expect(touchedBy('kms', 'DisableKey', { keyId: `arn:aws:kms:${REGION}:${ACCOUNT}:alias/orders` })).toEqual([]);
  });

  it('DeleteResourcePolicy of CloudWatch Logs names no group: the whole cell', () => {
    expect(touchedBy('logs', 'DeleteResourcePolicy', { policyName: 'opensearch' })).toEqual([]);
  });

  it('does not take the ARN of one thing for another, nor an id for a name', () => {
    expect(touchedBy('es', 'CreateVpcEndpoint', { domainArn: `arn:aws:rds:${REGION}:${ACCOUNT}:db:orders` })).toEqual(
      [],
    );
    const byArn = { replicationInstanceArn: `arn:aws:dms:${REGION}:${ACCOUNT}:rep:ABCDEFGHIJ` };
    expect(touchedBy('dms', 'ModifyReplicationInstance', byArn)).toEqual([]);
    const answer = { replicationInstance: { replicationInstanceIdentifier: 'copier' } };
    expect(touchedBy('dms', 'ModifyReplicationInstance', byArn, answer)).toEqual(['dms:rep/copier']);
  });

  it('CreateCollection touches the collection by its name and by the id of the answer', () => {
    expect(touchedBy('aoss', 'CreateCollection', { name: 'logs' }, { createCollectionDetail: { id: '07tj' } })).toEqual(
      ['aoss:collection/07tj', 'aoss:collection/logs'],
    );
  });
});
