/**
 * The second database of 2019: an instance that nobody registered, an Elastic IP, a security group that lets the world
 * in, and a real OpenSearch without security behind it.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Incident } from '../../lib/model/incident.ts';
import type { ScanSummary } from '../../lib/pipeline/scan.ts';
import { startFleet } from '../engines/fleet.ts';
import { install } from '../engines/install.ts';
import { configOf, createOrganisation, ROLE } from './account.ts';
import { ajar, type Run } from './ajar.ts';
import { type Instance, plantInstance } from './instance.ts';
import { type Moto, startMoto } from './moto.ts';

const REGION = 'eu-west-1';
let moto: Moto;
let fleet: Awaited<ReturnType<typeof startFleet>>;
let account: string;
let open: Instance;
const state = mkdtempSync(join(tmpdir(), 'ajar-forgotten-'));

beforeAll(async () => {
  install();
  // One after the other: if the engine does not start, the stand-in is already known to afterAll.
  moto = await startMoto();
  fleet = await startFleet({ only: ['opensearch-open'] });
  const [engine] = fleet.engines;
  if (engine === undefined) throw new Error('no engine');
  account = (await createOrganisation(moto.url, 2)).find((a) => a !== '123456789012') ?? '';
  open = await plantInstance(await configOf(moto.url, account, REGION), engine.host, engine.port);
});
afterAll(async () => {
  await fleet?.stop();
  await moto?.stop();
  rmSync(state, { recursive: true, force: true });
});

const scan = (...args: readonly string[]): Promise<Run> =>
  ajar(
    moto.url,
    ...['scan', '--aws', '--role', ROLE, '--accounts', account, '--regions', REGION, '--services', 'interfaces'],
    ...['--allow-private', '--only', '127.0.0.0/8', '--state', state, ...args],
  );

function summaryOf({ stdout }: Run): ScanSummary {
  const last = stdout.trim().split('\n').at(-1) ?? '';
  return JSON.parse(last) as ScanSummary;
}

describe('an OpenSearch that nobody registered', () => {
  it('is found through its interface, probed, and reported exposed, with the rule that opens it', async () => {
    const run = await scan('--format', 'json');
    const summary = summaryOf(run);
    expect(run.status).toBe(1);
    expect(summary.verdicts).toMatchObject({ exposed: 1 });
    const { findings } = summary as { findings: readonly Incident[] };
    expect(findings.map((f) => [f.protection, f.severity])).toContainEqual(['authentication', 'critical']);
    const [door] = summary.forgotten;
    expect(summary.forgotten).toHaveLength(1);
    expect(door?.endpointId).toContain(`${account}/${REGION}/interfaces/`);
    expect(door?.why).toMatch(/no service inventory knows it/);
    expect(door?.why).toContain(`${open.groupId} tcp/9200 from 0.0.0.0/0`);
  });

  it('says so to a person, in the notice and in the summary', async () => {
    rmSync(state, { recursive: true, force: true });
    const run = await scan();
    expect(run.stdout).toMatch(/exposed/);
    expect(run.stdout).toContain('1 door that no service inventory knows');
    expect(run.stdout).toContain(`${open.groupId} tcp/9200 from 0.0.0.0/0`);
    expect(run.stdout).toMatch(
      /PATH {5}no service inventory knows this endpoint; open to WORLD: .* tcp\/9200 from 0\.0\.0\.0\/0/,
    );
    process.stdout.write(`${run.stdout}\n`);
  });
});
