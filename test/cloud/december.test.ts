/**
 * 4 December on AWS, as far as configuration shows it: the deployed bundles, driven as Lambda would, on moto's queues, topics
 * and APIs. moto writes no CloudTrail events: those are ours, in recorded shapes. No probe leaves loopback, so what is declared
 * alone alerts.
 */
import { OpenSearchClient, UpdateDomainConfigCommand } from '@aws-sdk/client-opensearch';
import { OpenSearchServerlessClient, UpdateSecurityPolicyCommand } from '@aws-sdk/client-opensearchserverless';
import {
  ModifyDBInstanceCommand,
  ModifyDBParameterGroupCommand,
  ModifyDBSnapshotAttributeCommand,
  RDSClient,
  RebootDBInstanceCommand,
} from '@aws-sdk/client-rds';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Config, configOf } from './account.ts';
import {
  DOMAIN,
  forceSsl,
  GROUP,
  NETWORK_POLICY,
  networkPolicy,
  plantCollection,
  plantDatabases,
  plantDomains,
  policy,
} from './aws/plant-december.ts';
import { connectVpc } from './aws/plant-network.ts';
import { REGION } from './aws/stack.ts';
import { type Deed, happens, lineOf, printed } from './aws/story.ts';
import { startWorld, type World } from './aws/world.ts';

let world: World;
let search: OpenSearchClient;
let serverless: OpenSearchServerlessClient;
let rds: RDSClient;
let policyVersion: string;

beforeAll(async () => {
  world = await startWorld();
  const config: Config = await configOf(world.motoUrl, world.account, REGION);
  [search, serverless, rds] = [
    new OpenSearchClient(config),
    new OpenSearchServerlessClient(config),
    new RDSClient(config),
  ];
  await connectVpc(config);
  await plantDomains(config, ['device-analytics', 'device-logs']);
  await plantDatabases(config, 'orders', 'billing');
  policyVersion = await plantCollection(config);
  await world.driver.invoke('plan', { task: 'hot' });
  await world.driver.settle(60_000);
});
afterAll(async () => {
  for (const client of [search, serverless, rds]) client?.destroy();
  await world?.stop();
});

interface Story {
  readonly title: string;
  readonly protection: string;
  readonly who: string;
  readonly done: () => Deed;
  readonly undone: () => Deed;
}

const domain = (DomainName: string, change: object, request: object): Deed => ({
  call: () => search.send(new UpdateDomainConfigCommand({ DomainName, ...change })),
  event: { shape: 'update-domain-config', request: { domainName: DomainName, ...request } },
});
const enforced = (EnforceHTTPS: boolean): object => ({
  DomainEndpointOptions: { ...DOMAIN.DomainEndpointOptions, EnforceHTTPS },
});
const instance = (name: string, PubliclyAccessible: boolean): Deed => ({
  call: () => rds.send(new ModifyDBInstanceCommand({ DBInstanceIdentifier: name, PubliclyAccessible })),
  event: {
    shape: 'modify-db-instance',
    request: { dBInstanceIdentifier: name, publiclyAccessible: PubliclyAccessible },
  },
});
const snapshot = (how: 'ValuesToAdd' | 'ValuesToRemove'): Deed => ({
  call: () =>
    rds.send(
      new ModifyDBSnapshotAttributeCommand({
        DBSnapshotIdentifier: 'orders-copy',
        AttributeName: 'restore',
        [how]: ['all'],
      }),
    ),
  event: {
    shape: 'modify-db-snapshot-attribute',
    request: { dBSnapshotIdentifier: 'orders-copy', attributeName: 'restore', [how.replace('V', 'v')]: ['all'] },
  },
});
const collection = (isPublic: boolean): Deed => ({
  call: async () => {
    const request = { type: 'network', name: NETWORK_POLICY, policyVersion, policy: networkPolicy(isPublic) } as const;
    const { securityPolicyDetail: detail } = await serverless.send(new UpdateSecurityPolicyCommand(request));
    policyVersion = detail?.policyVersion ?? '';
  },
  event: { shape: 'aoss-update-security-policy' },
});

const STORIES: readonly Story[] = [
  {
    title: '(a) UpdateDomainConfig: Principal *',
    protection: 'access-policy',
    who: 'j.doe@example.com',
    done: () => domain('device-analytics', { AccessPolicies: policy('Allow') }, { accessPolicies: policy('Allow') }),
    undone: () => domain('device-analytics', { AccessPolicies: policy('Deny') }, { accessPolicies: policy('Deny') }),
  },
  {
    title: '(b) UpdateDomainConfig: EnforceHTTPS off',
    protection: 'tls',
    who: 'j.doe@example.com',
    done: () => domain('device-logs', enforced(false), { domainEndpointOptions: { enforceHTTPS: false } }),
    undone: () => domain('device-logs', enforced(true), { domainEndpointOptions: { enforceHTTPS: true } }),
  },
  {
    title: '(e) ModifyDBInstance: PubliclyAccessible',
    protection: 'network',
    who: 'role/Deploy',
    done: () => instance('billing', true),
    undone: () => instance('billing', false),
  },
  {
    title: '(g) ModifyDBSnapshotAttribute: restore by all',
    protection: 'sharing',
    who: 'user/ops/mallory',
    done: () => snapshot('ValuesToAdd'),
    undone: () => snapshot('ValuesToRemove'),
  },
  {
    title: '(h) UpdateSecurityPolicy: AllowFromPublic',
    protection: 'network',
    who: 'j.doe@example.com',
    done: () => collection(true),
    undone: () => collection(false),
  },
];

it('is quiet on 3 December: what is closed is no alert', () => {
  expect(world.driver.failures).toEqual([]);
  expect(world.driver.arrivals.filter(({ topic }) => topic === 'page')).toEqual([]);
});

it.each(STORIES)(
  '$title: one alert that names who did it, one recovery',
  async ({ title, protection, who, done, undone }) => {
    const { told, eventId } = await happens(world, done());
    process.stdout.write(told.map((each) => printed(title, each, STEPS)).join(''));
    expect(told.map(({ notice }) => [notice.kind, notice.incident.protection])).toEqual([['opened', protection]]);
    const [alert] = told;
    if (alert === undefined) throw new Error('no alert');
    expect(lineOf(alert.notice, 'WHO')).toContain(who);
    expect(lineOf(alert.notice, 'WHO')).toContain(eventId);
    const after = await happens(world, undone());
    process.stdout.write(after.told.map((each) => printed(`    put back`, each, STEPS)).join(''));
    expect(after.told.map(({ notice }) => [notice.kind, notice.incident.id])).toEqual([
      ['closed', alert.notice.incident.id],
    ]);
    expect(world.driver.failures).toEqual([]);
  },
);
const STEPS = 'API, queues, streams and topic: stand-ins; the event: ours; what is between: as deployed';

it('(f) ModifyDBParameterGroup force_ssl=0, then the reboot: told when it is configured, over when the cure is in force', async () => {
  let status = 'in-sync';
  // moto says `in-sync` whatever was done to the group.
  world.wire.recorded.push(({ action }, answer) =>
    action === 'DescribeDBInstances'
      ? answer.replaceAll(/<ParameterApplyStatus>[^<]*</g, `<ParameterApplyStatus>${status}<`)
      : answer,
  );
  const group = (value: '0' | '1'): Deed => ({
    async call() {
      status = 'pending-reboot';
      await rds.send(new ModifyDBParameterGroupCommand({ DBParameterGroupName: GROUP, Parameters: [forceSsl(value)] }));
    },
    event: {
      shape: 'modify-db-parameter-group',
      request: {
        dBParameterGroupName: GROUP,
        parameters: [{ parameterName: 'rds.force_ssl', parameterValue: value, applyMethod: 'pending-reboot' }],
      },
    },
  });
  const reboot: Deed = {
    async call() {
      status = 'in-sync';
      await rds.send(new RebootDBInstanceCommand({ DBInstanceIdentifier: 'orders' }));
    },
    event: { shape: 'reboot-db-instance', request: { dBInstanceIdentifier: 'orders' } },
  };
  const { told, eventId } = await happens(world, group('0'));
  process.stdout.write(
    told.map((each) => printed('(f) ModifyDBParameterGroup: rds.force_ssl=0', each, RECORDED)).join(''),
  );
  expect(told.map(({ notice }) => [notice.kind, notice.incident.protection])).toEqual([['opened', 'tls']]);
  const [alert] = told;
  if (alert === undefined) throw new Error('no alert');
  expect(lineOf(alert.notice, 'WHO')).toContain(eventId);
  expect(lineOf(alert.notice, 'VERIFIED')).toContain('pending-reboot');
  // The weakness counts from the moment it is configured: that it is in force now is no news of this incident.
  expect((await happens(world, reboot)).told).toEqual([]);
  // A cure that is on its way ends no alarm.
  expect((await happens(world, group('1'))).told).toEqual([]);
  const cured = await happens(world, reboot);
  process.stdout.write(cured.told.map((each) => printed('    put back and rebooted', each, RECORDED)).join(''));
  expect(cured.told.map(({ notice }) => [notice.kind, notice.incident.id])).toEqual([
    ['closed', alert.notice.incident.id],
  ]);
  expect(world.driver.failures).toEqual([]);
});
const RECORDED = `${STEPS}; ParameterApplyStatus: a recorded answer`;
