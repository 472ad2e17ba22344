/** The commands as a user types them, one account of the stand-in in two regions: doctor, plan, inventory, scan, report. */
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DeleteDomainCommand, OpenSearchClient } from '@aws-sdk/client-opensearch';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Estimate } from '../../lib/pipeline/estimate.ts';
import type { ScanSummary } from '../../lib/pipeline/scan.ts';
import type { Check } from '../../lib/runtime/doctor.ts';
import { type Config, configOf, createOrganisation, ROLE } from './account.ts';
import { ajar, inventory } from './ajar.ts';
import { type FaultProxy, type Rule, startFaultProxy } from './fault-proxy.ts';
import { iamAction, readerPolicy } from './iam.ts';
import { type Moto, startMoto } from './moto.ts';
import { plant } from './plant.ts';
import { plantFronts } from './plant-fronts.ts';

/** The account whose credentials the command line has; moto's own. */
const OWN = '123456789012';
const REGION = 'eu-west-1';
/** CloudFront and its like are read in the second one. */
const REGIONS = [REGION, 'us-east-1'];

let moto: Moto;
let proxy: FaultProxy;
let account: string;
let there: Config;
const folder = mkdtempSync(join(tmpdir(), 'ajar-commands-'));
const state = join(folder, 'state');

beforeAll(async () => {
  moto = await startMoto();
  proxy = await startFaultProxy(moto.url);
  account = (await createOrganisation(moto.url, 2)).find((a) => a !== OWN) ?? '';
  there = await configOf(moto.url, account, REGION);
  for (const region of REGIONS) {
    const config = await configOf(moto.url, account, region);
    await plant(config);
    await plantFronts(config);
  }
  await plant(await configOf(moto.url, OWN, REGION));
});
afterEach(() => {
  proxy.rules = [];
});
afterAll(async () => {
  await proxy?.stop();
  await moto?.stop();
  rmSync(folder, { recursive: true, force: true });
});

const inOne = (...regions: readonly string[]) => [
  ...['--aws', '--role', ROLE],
  ...['--accounts', account, '--regions', regions.join(',')],
];

function documents<T>(text: string): readonly T[] {
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as T);
}

const REFUSED: readonly Rule[] = [
  { fault: 'denied', when: ({ service, action }) => service === 'memorydb' && action === 'DescribeClusters' },
];

describe('ajar doctor', () => {
  /** Names of what fails: the second word of its line. */
  const failing = (text: string): readonly string[] =>
    [...text.matchAll(/^fails (\S+)/gm)].map(([, name]) => name ?? '');

  it('names the role once where it may not be assumed, and no action that nobody asked for', async () => {
    proxy.rules = [{ fault: 'denied', when: ({ action }) => action === 'AssumeRole' }];
    const { stdout, status } = await ajar(proxy.url, 'doctor', ...inOne(REGION));
    expect(status).toBe(3);
    expect(failing(stdout)).toEqual(['account', 'sts:AssumeRole', 'actions']);
    expect(stdout).toMatch(new RegExp(`not even asked for: sts:AssumeRole arn:aws:iam::${account}:role/${ROLE}: `));
    expect(stdout).toContain(`deploy the role ${ROLE} there`);
  });

  it('says who it is, where it looked, and which actions answered', async () => {
    const { stdout } = await ajar(proxy.url, 'doctor', ...inOne(REGION));
    expect(stdout).toMatch(/^ok +identity +arn:aws:\S+ \(partition aws\)$/m);
    expect(stdout).toMatch(new RegExp(`^ok +account ${account} +1 regions? open$`, 'm'));
    expect(stdout).toMatch(/^ok +actions +\d+ of \d+ called and answered$/m);
    expect(failing(stdout)).not.toContain('memorydb:DescribeClusters');
  });

  it('names exactly the one refused action besides what moto lacks, with its cure', async () => {
    const before = await ajar(proxy.url, 'doctor', ...inOne(REGION));
    proxy.rules = REFUSED;
    const { status, stdout } = await ajar(proxy.url, 'doctor', ...inOne(REGION));
    const known = failing(before.stdout);
    expect(status).toBe(3);
    expect(failing(stdout).filter((name) => !known.includes(name))).toEqual(['memorydb:DescribeClusters']);
    expect([...stdout.matchAll(/^ +(allow .*)$/gm)].map(([, cure]) => cure)).toEqual([
      'allow memorydb:DescribeClusters',
    ]);
  });

  it('writes one document per check, and only those', async () => {
    proxy.rules = REFUSED;
    const flags = ['--services', 'memorydb', '--format', 'json'];
    const { status, stdout } = await ajar(proxy.url, 'doctor', ...inOne(REGION), ...flags);
    const checks = documents<Check & { readonly type: string }>(stdout);
    expect(status).toBe(3);
    expect(new Set(checks.map((c) => c.type))).toEqual(new Set(['check']));
    expect(checks.map((c) => c.name)).toEqual(
      expect.arrayContaining(['identity', 'organisation', `account ${account}`, 'actions']),
    );
    expect(new Set(checks.map((c) => c.name)).size).toBe(checks.length);
    expect(checks.filter((c) => c.works === false)).toMatchObject([
      { name: 'memorydb:DescribeClusters', cure: 'allow memorydb:DescribeClusters' },
    ]);
  });

  it('exits 0 where all that is asked works', async () => {
    const { status, stdout } = await ajar(proxy.url, 'doctor', ...inOne(REGION), '--services', 'memorydb');
    expect([status, failing(stdout)]).toEqual([0, []]);
  });
});

describe('ajar plan', () => {
  /** What may be asked before anything is swept. */
  const BEFOREHAND = /^(sts|organizations|account) |^ec2 DescribeRegions$/;

  const inAll = () => ['--aws', '--role', ROLE, '--accounts', account];
  it.each([
    [['--regions', REGION], 0],
    [['--regions', REGIONS.join(',')], 0],
    // moto lists regions of China to everyone: said as a gap.
    [[], 3],
  ] as const)('with %j asks no service anything', async (regions, expected) => {
    proxy.calls.length = 0;
    const { status, stdout } = await ajar(proxy.url, 'plan', '--dry-run', ...inAll(), ...regions);
    expect(status).toBe(expected);
    const calls = proxy.calls.map(({ service, action }) => `${service} ${action}`);
    expect(calls).toContain('sts GetCallerIdentity');
    expect(calls.filter((call) => !BEFOREHAND.test(call))).toEqual([]);
    for (const tier of ['hot', 'active', 'daily'])
      expect(stdout).toMatch(new RegExp(`^  ${tier} +[\\d,]+ cells +[\\d,]+ calls a sweep +[\\d,]+ a month$`, 'm'));
    expect(stdout).toMatch(/a month: [\d,]+ calls; GuardDuty reading them \$[\d.,]+, a second trail \$[\d.,]+ \(list/);
  });

  it('is dearer, and has hot cells, once a scan has found open doors', async () => {
    const plan = async (...args: readonly string[]): Promise<Estimate> => {
      const run = await ajar(proxy.url, 'plan', '--dry-run', ...inOne(...REGIONS), '--format', 'json', ...args);
      const [first] = documents<Estimate>(run.stdout);
      if (first === undefined) throw new Error(run.stderr);
      return first;
    };
    const hot = ({ tiers }: Estimate): number => tiers.find((t) => t.tier === 'hot')?.cells ?? -1;
    const known = join(folder, 'planned');
    const flags = ['--services', 'opensearch', '--only', '127.0.0.0/8', '--state', known];
    await ajar(proxy.url, 'scan', ...inOne(...REGIONS), ...flags);
    const [blank, sized] = [await plan(), await plan('--state', known)];
    expect([hot(blank), hot(sized)]).toEqual([0, REGIONS.length]);
    expect(blank.neverRead - sized.neverRead).toBe(REGIONS.length);
    expect(sized.cells).toBe(blank.cells);
    expect(sized.callsPerMonth).toBeGreaterThan(blank.callsPerMonth);
    expect(sized.guardDuty).toBeGreaterThan(blank.guardDuty);
    expect(sized.secondTrail).toBeGreaterThan(blank.secondTrail);
  });

  it('leaves no state directory behind', async () => {
    const never = join(folder, 'never-planned');
    await ajar(proxy.url, 'plan', '--dry-run', ...inOne(REGION), '--state', never);
    expect(existsSync(never)).toBe(false);
  });
});

describe('a whole inventory, fronts and names included', () => {
  it('calls what the reader role allows, besides taking it, and nothing that the role denies', async () => {
    proxy.calls.length = 0;
    await inventory(proxy.url, '--accounts', account, '--regions', REGIONS.join(','));
    const called = [...new Set(proxy.calls.map(iamAction))].toSorted();
    const may = new Set([...readerPolicy('Allow'), 'sts:AssumeRole', 'sts:GetCallerIdentity']);
    expect(called.filter((action) => !may.has(action))).toEqual([]);
    expect(called).toEqual(expect.arrayContaining(['elasticloadbalancing:DescribeListeners', 'aoss:ListCollections']));
    expect(called.length).toBeGreaterThan(60);
    const denied = readerPolicy('Deny').map((a) => new RegExp(`^${a.replaceAll('*', '.*')}$`, 'i'));
    expect(called.filter((action) => denied.some((pattern) => pattern.test(action)))).toEqual([]);
  });
});

const OPENSEARCH = ['--services', 'opensearch', '--only', '127.0.0.0/8', '--format', 'json'];
const summaryOf = (stdout: string): ScanSummary => {
  const last = documents<ScanSummary & { readonly type?: string }>(stdout).at(-1);
  if (last?.type !== 'summary') throw new Error('the last line is no summary');
  return last;
};

describe('ajar scan --aws without --role', () => {
  it('reads the own account alone, with the credentials it came with, and lists no organisation', async () => {
    proxy.calls.length = 0;
    const alone = ['--aws', '--regions', REGION, '--state', join(folder, 'own')];
    const { stdout } = await ajar(proxy.url, 'scan', ...alone, ...OPENSEARCH);
    const { endpoints, coverage, findings } = summaryOf(stdout);
    expect(coverage).toMatchObject({ accounts: 1, places: 1 });
    expect(endpoints).toBe(3);
    expect(new Set(findings.map((f) => f.endpointId.split('/')[0]))).toEqual(new Set([OWN]));
    expect(new Set(proxy.calls.map((c) => c.accessKey))).toEqual(new Set(['AKIAAJARTEST']));
    const organisation = proxy.calls.filter((c) => c.service === 'organizations').map((c) => c.action);
    // Which organisation this is, is asked: a policy may let only ours in. Its accounts are not.
    expect(organisation.filter((action) => action !== 'DescribeOrganization')).toEqual([]);
  });
});

describe('input that cannot be right', () => {
  it.each([
    ['--services', 'nonsense', /--services: no such service: nonsense/],
    ['--accounts', '12', /--accounts 12: an account is 12 digits/],
    ['--regions', 'mars-north-1', /--regions mars-north-1: not a region/],
  ] as const)('%s %s exits 2, says so, reads nothing and writes nothing', async (flag, value, message) => {
    proxy.calls.length = 0;
    const never = join(folder, `never${flag}`);
    const run = await ajar(proxy.url, 'scan', '--aws', '--role', ROLE, flag, value, '--state', never);
    expect([run.status, run.stdout]).toEqual([2, '']);
    expect(run.stderr).toMatch(message);
    expect(run.stderr).not.toMatch(/\n\s+at /);
    expect(existsSync(never)).toBe(false);
    expect(proxy.calls).toEqual([]);
  });
});

/** What `ajar report` tells of an incident. */
interface Told {
  readonly endpointId: string;
  readonly status: string;
  readonly closed?: { readonly cause: string };
}

describe('a domain that is deleted', () => {
  const gone = (id: string) => id.includes('/opensearch/device-analytics');
  const scan = async () =>
    summaryOf((await ajar(proxy.url, 'scan', ...inOne(REGION), ...OPENSEARCH, '--state', state)).stdout);
  const reported = async (): Promise<readonly Told[]> => {
    const to = join(folder, 'report');
    await ajar(proxy.url, 'report', '--state', state, '--format', 'json', '--out', to);
    return (JSON.parse(readFileSync(join(to, 'report.json'), 'utf8')) as { incidents: readonly Told[] }).incidents;
  };

  it('is unknown at the first list without it, and closed as deleted at the second', async () => {
    const before = await scan();
    const opened = before.findings.filter((f) => gone(f.endpointId)).map((f) => f.id);
    expect(opened.length).toBeGreaterThan(0);
    const client = new OpenSearchClient(there);
    await client.send(new DeleteDomainCommand({ DomainName: 'device-analytics' }));
    client.destroy();

    const first = await scan();
    expect(first.endpoints).toBe(before.endpoints);
    // Each stands there twice: as the inventory's gap and as the endpoint's.
    const missing = new Set(first.gaps.filter((g) => g.code === 'not-in-inventory').map((g) => g.subject));
    expect(missing).toEqual(new Set(before.findings.map((f) => f.endpointId).filter(gone)));
    expect(missing.size).toBe(2);
    expect(first.verdicts.unknown - before.verdicts.unknown).toBe(2);
    expect(first.findings.filter((f) => gone(f.endpointId)).map((f) => f.id)).toEqual(opened);
    expect((await reported()).filter((i) => gone(i.endpointId)).every((i) => i.closed === undefined)).toBe(true);

    const second = await scan();
    expect(second.endpoints).toBe(before.endpoints - 2);
    expect(second.findings.filter((f) => gone(f.endpointId))).toEqual([]);
    expect(second.gaps.filter((g) => gone(g.subject))).toEqual([]);
    const told = (await reported()).filter((i) => gone(i.endpointId));
    expect(told).toHaveLength(opened.length);
    expect(new Set(told.map((i) => `${i.status} ${i.closed?.cause}`))).toEqual(new Set(['closed deleted']));
  });
});
