/** What leaves the machine, as a proxy in front of AWS sees it, against the role's policies; and doctor and plan. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { configOf, createOrganisation, ROLE } from './account.ts';
import { ajar, inventory } from './ajar.ts';
import { type Call, type FaultProxy, startFaultProxy } from './fault-proxy.ts';
import { type Moto, startMoto } from './moto.ts';
import { plant } from './plant.ts';

const REGION = 'us-east-1';
let moto: Moto;
let proxy: FaultProxy;
let account: string;

beforeAll(async () => {
  moto = await startMoto();
  proxy = await startFaultProxy(moto.url);
  account = (await createOrganisation(moto.url, 2)).find((a) => a !== '123456789012') ?? '';
  await plant(await configOf(moto.url, account, REGION));
});
afterEach(() => {
  proxy.rules = [];
});
afterAll(async () => {
  await proxy?.stop();
  await moto?.stop();
});

/** REST services have no action on the wire: method and path, and the IAM action they stand for. */
const REST: readonly (readonly [RegExp, string])[] = [
  [/^es GET \/2021-01-01\/domain$/, 'es:ListDomainNames'],
  [/^es POST \/2021-01-01\/opensearch\/domain-info$/, 'es:DescribeDomains'],
  [/^kafka GET \/api\/v2\/clusters$/, 'kafka:ListClustersV2'],
  [/^mq GET \/v1\/brokers$/, 'mq:ListBrokers'],
  [/^mq GET \/v1\/brokers\/[^/]+$/, 'mq:DescribeBroker'],
  [/^apigateway GET \//, 'apigateway:GET'],
  [/^cloudfront GET \/2020-05-31\/distribution$/, 'cloudfront:ListDistributions'],
  [/^docdb-elastic GET \/clusters$/, 'docdb-elastic:ListClusters'],
  [/^dsql GET \/cluster$/, 'dsql:ListClusters'],
  [/^neptune-graph GET \/graphs$/, 'neptune-graph:ListGraphs'],
  [/^osis GET \/2022-01-01\/osis\/listPipelines$/, 'osis:ListPipelines'],
  [/^route53 GET \/2013-04-01\/hostedzone$/, 'route53:ListHostedZones'],
  [/^route53 GET \/2013-04-01\/hostedzone\/[^/]+\/rrset$/, 'route53:ListResourceRecordSets'],
  [/^account POST \/listRegions$/, 'account:ListRegions'],
];

function iamAction({ service, action }: Call): string {
  const call = `${service} ${action.split('?', 1)[0] ?? ''}`;
  const rest = REST.find(([path]) => path.test(call))?.[1];
  // The one action that IAM calls otherwise than the API does.
  if (call === 'dms DescribeInstanceProfiles') return 'dms:ListInstanceProfiles';
  return rest ?? call.replace(' ', ':');
}

function allowed(): readonly string[] {
  const folder = join(import.meta.dirname, '..', '..', 'docs', 'iam');
  return ['ajar-reader-1.json', 'ajar-reader-2.json'].flatMap((file) => {
    const { Statement } = JSON.parse(readFileSync(join(folder, file), 'utf8')) as {
      Statement: readonly { Effect: string; Action: string | readonly string[] }[];
    };
    return Statement.filter((s) => s.Effect === 'Allow').flatMap((s) => s.Action);
  });
}

describe('what ajar calls', () => {
  it('is what its role allows, and nothing but reading', async () => {
    proxy.calls.length = 0;
    await inventory(proxy.url, '--accounts', account, '--regions', REGION);
    const calls = [...new Set(proxy.calls.map(iamAction))].toSorted();
    expect(calls.length).toBeGreaterThan(55);
    const beyond = calls.filter((c) => !allowed().includes(c) && !c.startsWith('sts:'));
    expect(beyond).toEqual([]);
  });

  it('is one AssumeRole per account, whatever the number of regions', async () => {
    proxy.calls.length = 0;
    await inventory(
      proxy.url,
      '--accounts',
      account,
      '--regions',
      'us-east-1,eu-west-1,ap-southeast-2',
      '--services',
      'rds,msk',
    );
    expect(proxy.calls.filter((c) => c.action === 'AssumeRole')).toHaveLength(1);
  });

  it('stays in the own account, and asks no organisation for its accounts, without a role', async () => {
    proxy.calls.length = 0;
    const run = await ajar(proxy.url, 'inventory', '--aws', '--regions', REGION, '--services', 'memorydb');
    expect(run.status).toBe(0);
    expect(proxy.calls.map((c) => c.action)).not.toContain('AssumeRole');
    expect(proxy.calls.map((c) => c.action)).not.toContain('ListAccounts');
    expect(run.stderr).toMatch(/AWS: 1 account, 1 account-region/);
  });
});

describe('ajar doctor', () => {
  const doctor = (...args: readonly string[]) =>
    ajar(proxy.url, 'doctor', '--aws', '--role', ROLE, '--accounts', account, '--regions', REGION, ...args);

  it('names the action that is refused, and the cure', async () => {
    proxy.rules = [{ fault: 'denied', when: (c) => c.service === 'memorydb' }];
    const { status, stdout } = await doctor();
    expect(status).toBe(3);
    expect(stdout).toMatch(/fails memorydb:DescribeClusters +denied: .*\n +allow memorydb:DescribeClusters\n/);
    expect(stdout).not.toContain('allow rds:DescribeDBInstances');
    expect(stdout).toMatch(/ok +identity +arn:aws:sts::/);
    expect(stdout).toMatch(/fails trail .* blind: no trail records management events/);
  });

  it('gives one document per check to programs', async () => {
    const { stdout } = await doctor('--format', 'json', '--services', 'memorydb');
    const checks = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as { type: string; name: string; works?: boolean });
    expect(checks.every((c) => c.type === 'check')).toBe(true);
    expect(checks.find((c) => c.name === 'identity')?.works).toBe(true);
  });

  it('says when no role can be assumed in an account', async () => {
    proxy.rules = [{ fault: 'denied', when: (c) => c.action === 'AssumeRole' }];
    const { status, stdout } = await doctor('--services', 'memorydb');
    expect(status).toBe(3);
    expect(stdout).toContain('AccessDenied');
  });
});

describe('ajar plan', () => {
  it('sweeps nothing, and says what sweeping would call and cost', async () => {
    proxy.calls.length = 0;
    const { stdout } = await ajar(
      proxy.url,
      'plan',
      '--aws',
      '--dry-run',
      '--role',
      ROLE,
      '--accounts',
      account,
      '--regions',
      'us-east-1,eu-west-1',
    );
    expect(new Set(proxy.calls.map((c) => c.service))).toEqual(new Set(['sts', 'organizations']));
    expect(stdout).toMatch(/1 account, 2 account-regions, 35 services: 68 cells/);
    expect(stdout).toMatch(/a month: [\d,]+ calls; GuardDuty reading them \$[\d.]+, a second trail \$[\d.]+/);
    expect(stdout).toMatch(/68 cells were never read and count as empty/);
  });
});

describe('input that cannot be right', () => {
  it.each([
    [['--services', 'nonsense'], /--services: no such service: nonsense/],
    [['--accounts', '12'], /--accounts 12: an account is 12 digits/],
    [['--regions', 'mars-north-1'], /--regions mars-north-1: not a region/],
  ] as const)('%s is refused before anything is written', async (args, message) => {
    const run = await ajar(proxy.url, 'scan', '--aws', '--state', '/nonexistent/never-made', ...args);
    expect(run.status).toBe(2);
    expect(run.stderr).toMatch(message);
  });
});
