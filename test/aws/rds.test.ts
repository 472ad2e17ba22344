import {
  DescribeDBClusterParametersCommand,
  DescribeDBClustersCommand,
  DescribeDBInstancesCommand,
  DescribeDBParametersCommand,
  RDSClient,
} from '@aws-sdk/client-rds';
import { mockClient } from 'aws-sdk-client-mock';
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { ABSENT, openCell } from '../../lib/aws/cell.ts';
import { findCluster, findInstance, readClusters, readInstances, softwareOf } from '../../lib/aws/rds.ts';
import { doorName } from '../../lib/model/endpoint.ts';
import { atRestOf, credentialsOf } from '../../lib/aws/rds-declared.ts';
import { clusterParameters, inForce, instanceParameters, switchOf } from '../../lib/aws/rds-parameters.ts';
import { declaredOff, declaredOn, declaredPartial, declaredUnknown, notApplicable } from '../../lib/model/declared.ts';
import { mostOpen, type Protection } from '../../lib/model/protection.ts';
import { awsError, EMPTY_NETWORK, PLACE, testCell } from '../support/aws.ts';
import { anInstance } from '../support/rds.ts';

const aws = mockClient(RDSClient);
afterEach(() => aws.reset());

describe('lists of the RDS family', () => {
  it('are read once per place, whoever asks, and are told apart by engine', async () => {
    aws.on(DescribeDBInstancesCommand).resolves({
      DBInstances: [
        anInstance({ DBInstanceIdentifier: 'a' }),
        anInstance({ DBInstanceIdentifier: 'b', Engine: 'docdb' }),
        anInstance({ DBInstanceIdentifier: 'c', Engine: 'neptune' }),
        anInstance({ DBInstanceIdentifier: 'd', Engine: undefined }),
      ],
    });
    const cell = testCell('rds');
    const families = await Promise.all(
      (['rds', 'documentdb', 'neptune'] as const).map((family) => readInstances(cell, family)),
    );
    expect(families.map((list) => list.map((i) => i.DBInstanceIdentifier))).toEqual([['a', 'd'], ['b'], ['c']]);
    expect(cell.asked).toEqual(['rds:DescribeDBInstances']);
  });

  it('count their refusal against everyone who asked', async () => {
    aws.on(DescribeDBClustersCommand).rejects(awsError('AccessDenied', 403));
    const memo = new Map();
    const cells = ['aurora', 'neptune'].map((service) =>
      openCell({
        place: PLACE,
        service,
        now: () => new Date(0),
        signal: new AbortController().signal,
        run: async (_, call) => call(),
        client: (make) => new make({ region: PLACE.region } as never),
        network: async () => EMPTY_NETWORK,
        memo,
      }),
    );
    for (const cell of cells) await readClusters(cell, 'rds');
    expect(cells.map((cell) => cell.status(0))).toEqual(['denied', 'denied']);
    expect(aws.commandCalls(DescribeDBClustersCommand)).toHaveLength(1);
  });

  it('say of one by its name whether it is there', async () => {
    const cell = testCell('rds');
    aws.on(DescribeDBInstancesCommand).rejects(awsError('DBInstanceNotFoundFault', 404));
    aws.on(DescribeDBClustersCommand).resolves({ DBClusters: [] });
    expect([await findInstance(cell, 'a'), await findCluster(cell, 'a')]).toEqual([ABSENT, undefined]);
  });
});

describe('what runs there', () => {
  it.each([
    ['aurora-postgresql', '16.4', 'postgres', true, [16, 4]],
    ['aurora-mysql', '8.0.mysql_aurora.3.05.2', 'mysql', true, [8, 0]],
    ['aurora', '5.6.10a', 'mysql', true, [5, 6]],
    ['postgres', '15', 'postgres', false, [15, 0]],
    ['mysql', '8.0.35', 'mysql', false, [8, 0]],
    ['mariadb', '11.8.3', 'mariadb', false, [11, 8]],
    ['sqlserver-web', '15.00.4335.1.v1', 'sqlserver', false, [15, 0]],
    ['custom-sqlserver-ee', undefined, 'sqlserver', false, undefined],
    ['custom-oracle-ee-cdb', '19.cdb_cev1', 'oracle', false, [19, 0]],
    ['db2-ae', '11.5.9.0', 'db2', false, [11, 5]],
    ['docdb', '5.0.0', 'documentdb', false, [5, 0]],
    ['neptune', '1.4.6.0', 'neptune', false, [1, 4]],
    ['something-new', 'v2', 'unidentified', false, undefined],
    [undefined, undefined, 'unidentified', false, undefined],
  ])('is read from Engine %s and EngineVersion %s', (Engine, EngineVersion, engine, aurora, version) => {
    expect(softwareOf({ Engine, EngineVersion })).toEqual({ engine, aurora, version });
  });

  it.each([
    ['1/us-east-1/rds/orders', ''],
    ['1/us-east-1/rds/orders/listener', 'listener'],
    ['1/us-east-1/rds/orders@db-ABC', ''],
    ['1/us-east-1/aurora/shop/reader@cluster-ABC', 'reader'],
  ])('has a door that the id %s names', (id, door) => {
    expect(doorName({ id })).toBe(door);
  });
});

describe('parameter groups', () => {
  it('are read once, in lower case, to their last page, for those names alone', async () => {
    aws
      .on(DescribeDBParametersCommand)
      .resolvesOnce({ Parameters: [{ ParameterName: 'DB2COMM', ParameterValue: 'SSL' }], Marker: 'm' })
      .resolves({ Parameters: [{ ParameterName: 'tls_version' }] });
    const cell = testCell('rds');
    const read = instanceParameters(cell);
    const [first, second] = await Promise.all([read('g', ['db2comm']), read('g', ['db2comm'])]);
    expect([...(first ?? [])]).toEqual([
      ['db2comm', 'SSL'],
      ['tls_version', undefined],
    ]);
    expect(second).toBe(first);
    expect(cell.asked).toHaveLength(2);
    expect(aws.commandCalls(DescribeDBParametersCommand)[1]?.args[0].input).toEqual({
      DBParameterGroupName: 'g',
      MaxRecords: 100,
      Marker: 'm',
      Filters: [{ Name: 'parameter-name', Values: ['db2comm'] }],
    });
  });

  it.each([
    ['a page comes twice', () => aws.on(DescribeDBClusterParametersCommand).resolves({ Marker: 'm' })],
    ['they are denied', () => aws.on(DescribeDBClusterParametersCommand).rejects(awsError('AccessDenied', 403))],
  ])('are not known where %s, and the cell stays whole', async (_, arrange) => {
    arrange();
    const cell = testCell('aurora');
    const read = clusterParameters(cell);
    expect([await read('g'), await read('g'), await read(undefined)]).toEqual([undefined, undefined, undefined]);
    expect([cell.status(0), cell.gaps().map((g) => g.subject)]).toEqual(['complete', ['parameter group g']]);
  });

  it.each([
    [['1', 'on', 'ON', 'true', 'TRUE', 'enabled', 'Yes'], true],
    [['0', 'off', 'OFF', 'false', 'disabled', 'No'], false],
    [['', '2', 'maybe', undefined], undefined],
  ] as const)('write a switch as one of %j', (values, expected) => {
    for (const value of values) expect(switchOf(value)).toBe(expected);
  });
});

describe('what is in force', () => {
  const field = 'ParameterApplyStatus';
  it.each([
    [['in-sync'], 'on', undefined],
    [['in-sync', 'in-sync'], 'on', undefined],
    [['pending-reboot'], 'unknown', 'on'],
    [['in-sync', 'applying'], 'unknown', 'on'],
    [['failed-to-apply'], 'unknown', undefined],
    [[undefined], 'unknown', 'on'],
    [[], 'unknown', 'on'],
  ])('of a strength in groups that are %j', (states, level, pending) => {
    const now = inForce(declaredOn('rds.force_ssl=1'), { field, states });
    expect([now.level, now.pending]).toEqual([level, pending]);
  });

  it('never takes a configured weakness for less than it is', () => {
    const states = fc.array(fc.option(fc.constantFrom('in-sync', 'pending-reboot', 'applying'), { nil: undefined }));
    const weak = fc.constantFrom(declaredOff('x'), declaredPartial('x'), declaredUnknown('x'));
    fc.assert(
      fc.property(states, weak, (of, configured) => {
        expect(inForce(configured, { field, states: of })).toMatchObject({ level: configured.level });
      }),
    );
  });
});

describe('protections of the whole family', () => {
  it.each([
    [true, undefined, 'on'],
    [false, undefined, 'off'],
    [false, 'none', 'off'],
    [false, 'sse-rds', 'on'],
    [undefined, 'sse-kms', 'on'],
    [undefined, 'none', 'off'],
    [undefined, undefined, 'unknown'],
  ])('reads StorageEncrypted=%s of type %s', (encrypted, StorageEncryptionType, level) => {
    expect(atRestOf(encrypted, { StorageEncryptionType }).level).toBe(level);
  });

  it('shows that IAM sign-in is about to change, which takes no password away', () => {
    const source = {
      IAMDatabaseAuthenticationEnabled: true,
      PendingModifiedValues: { IAMDatabaseAuthenticationEnabled: false },
    };
    expect(credentialsOf(source)).toMatchObject({
      level: 'on',
      evidence: expect.stringContaining('true, pending false'),
    });
  });

  it('takes the most open of several, whatever their order', () => {
    const each = fc.constantFrom<Protection>(
      declaredOff('a'),
      declaredPartial('b'),
      declaredUnknown('c'),
      notApplicable('d'),
      declaredOn('e'),
    );
    fc.assert(
      fc.property(fc.array(each, { minLength: 1 }), (all) => {
        const levels = new Set(all.map((p) => p.level));
        const expected = (['off', 'partial', 'unknown', 'not-applicable', 'on'] as const).find((l) => levels.has(l));
        expect(mostOpen(all)?.level).toBe(expected);
      }),
    );
    expect(mostOpen([]) ?? declaredUnknown('none')).toEqual(declaredUnknown('none'));
  });
});
