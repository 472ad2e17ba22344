import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Endpoint } from '../../lib/model/endpoint.ts';
import { configOf, createOrganisation } from './account.ts';
import { endpointsOf, inventory, levelsOf, type Run } from './ajar.ts';
import { type Call, type FaultProxy, startFaultProxy } from './fault-proxy.ts';
import { type Moto, startMoto } from './moto.ts';
import { plant, type Planted } from './plant.ts';
import { plantFronts } from './plant-fronts.ts';

const REGIONS = ['eu-west-1', 'us-east-1', 'ap-southeast-2'];
/** Places that moto fills by itself (default machine images come as public snapshots). */
const MOTO_OWN = /\/ebs-snapshots\//;

let moto: Moto;
let proxy: FaultProxy;
let accounts: readonly string[];
const truth = new Map<string, Planted>();
let calm: Run;

const sweep = (...args: readonly string[]) => inventory(proxy.url, '--regions', REGIONS.join(','), ...args);
const found = (run: Run): ReadonlyMap<string, Endpoint> => new Map(endpointsOf(run).map((e) => [e.id, e]));

beforeAll(async () => {
  moto = await startMoto();
  proxy = await startFaultProxy(moto.url);
  accounts = await createOrganisation(moto.url, 3);
  for (const account of accounts) {
    for (const region of REGIONS) {
      const config = await configOf(moto.url, account, region);
      for (const planted of [...(await plant(config)), ...(await plantFronts(config))]) {
        truth.set(`${account}/${region}/${planted.door}`, planted);
      }
    }
  }
  calm = await sweep();
});
afterEach(() => {
  proxy.rules = [];
});
afterAll(async () => {
  await proxy?.stop();
  await moto?.stop();
});

describe('3 accounts x 3 regions on moto', () => {
  it('finds everything that was planted, and nothing wrong in what it declares, per service', () => {
    const inventoried = found(calm);
    const table = new Map<string, { planted: number; found: number; wrong: string[] }>();
    for (const [id, { levels }] of truth) {
      const service = id.split('/')[2] ?? '';
      const row = table.get(service) ?? { planted: 0, found: 0, wrong: [] };
      table.set(service, row);
      row.planted++;
      const declared = levelsOf(inventoried.get(id));
      if (inventoried.has(id)) row.found++;
      for (const [protection, level] of Object.entries(levels)) {
        if (declared[protection] !== level)
          row.wrong.push(`${id} ${protection}: ${declared[protection] ?? 'nothing'}, not ${level}`);
      }
    }
    for (const [service, { planted, found: seen, wrong }] of table) {
      process.stdout.write(`  ${service.padEnd(22)} planted ${planted}, found ${seen}, wrong ${wrong.length}\n`);
    }
    expect([...table.values()].flatMap((row) => row.wrong)).toEqual([]);
    expect([...truth.keys()].filter((id) => !inventoried.has(id))).toEqual([]);
  });

  it('invents nothing', () => {
    const extra = [...found(calm).keys()].filter(
      (id) => !truth.has(id) && !MOTO_OWN.test(id) && !id.includes('/guardrails/'),
    );
    expect(extra).toEqual([]);
  });

  it('counts its cells and exits 3, because moto does not answer every API', () => {
    expect(calm.status).toBe(3);
    expect(calm.stderr).toMatch(/AWS: 3 accounts, 9 account-regions, \d+ calls; cells: \d+ complete/);
  });
});

/** One API of one account and region. */
const at = (service: string, region: string, action: RegExp) => (call: Call) =>
  call.service === service && call.region === region && action.test(call.action);

describe('a cloud that misbehaves', () => {
  const before = (): ReadonlySet<string> => new Set(calm.gaps);
  const added = (run: Run): readonly string[] => run.gaps.filter((gap) => !before().has(gap));

  it.each([
    ['refused', 'denied', 'denied'],
    ['throttled out', 'throttled', 'throttled'],
    ['broken', 'broken', 'not-answered'],
    ['cut off', 'hangup', 'not-answered'],
  ] as const)('one API %s: that cell is a gap in each account, and nothing else changes', async (_, fault, code) => {
    proxy.rules = [{ fault, when: at('memorydb', 'eu-west-1', /^DescribeClusters$/) }];
    const run = await sweep();
    const [was, after] = [found(calm), found(run)];
    expect(run.status).toBe(3);
    const lost = [...was.keys()].filter((id) => !after.has(id));
    expect(lost).toEqual(accounts.map((a) => `${a}/eu-west-1/memorydb/carts`).toSorted());
    for (const [id, endpoint] of after)
      expect({ ...endpoint, declaredAt: '' }).toEqual({ ...was.get(id), declaredAt: '' });
    expect(added(run)).toEqual(
      accounts
        .map((a) => `${a}/eu-west-1/memorydb ${code}`)
        .filter((gap) => !before().has(gap))
        .toSorted(),
    );
    expect(run.gaps).toEqual(expect.arrayContaining(accounts.map((a) => `${a}/eu-west-1/memorydb ${code}`)));
  });

  it('a list cut in the middle is a gap, never an empty list', async () => {
    proxy.rules = [{ fault: 'truncated', when: at('es', 'us-east-1', /list-domain|\/domain/i) }];
    const run = await sweep('--services', 'opensearch');
    expect([...found(run).keys()].filter((id) => id.includes('/us-east-1/'))).toEqual([]);
    expect(added(run)).toEqual(accounts.map((a) => `${a}/us-east-1/opensearch not-answered`).toSorted());
  });

  it('a page that is served again and again ends, keeps what it brought, and is not complete', async () => {
    proxy.rules = [{ fault: 'repeated-token', when: at('redshift', 'us-east-1', /^DescribeClusters$/) }];
    const run = await sweep('--services', 'redshift');
    expect([...found(run).keys()].toSorted()).toEqual(
      [...found(calm).keys()].filter((id) => id.includes('/redshift/')).toSorted(),
    );
    expect(added(run)).toEqual(accounts.map((a) => `${a}/us-east-1/redshift incomplete`).toSorted());
  });

  it('an account whose role refuses us is a gap that names it and the action, and the others are read as before', async () => {
    const [, out = ''] = accounts;
    proxy.rules = [
      { fault: 'denied', when: ({ action, role }) => action === 'AssumeRole' && role?.includes(out) === true },
    ];
    const run = await sweep('--services', 'memorydb,redshift');
    expect(run.status).toBe(3);
    const expected = [...found(calm).keys()].filter((id) => /\/(memorydb|redshift)\//.test(id) && !id.startsWith(out));
    expect(expected.length).toBeGreaterThan(0);
    expect([...found(run).keys()].toSorted()).toEqual(expected.toSorted());
    expect(added(run).length).toBeGreaterThan(0);
    expect(added(run).filter((gap) => !gap.startsWith(out) || !gap.endsWith(' denied'))).toEqual([]);
    expect(run.stderr + run.stdout).toMatch(/not authorized to perform/);
  });

  it('an organisation that does not answer is never an organisation of one account', async () => {
    proxy.rules = [{ fault: 'denied', when: (call) => call.service === 'organizations' }];
    const run = await sweep('--services', 'memorydb');
    expect(run.status).toBe(3);
    expect(run.stderr).toContain('organizations:ListAccounts');
  });
});
