/** 4 December as the configuration shows it: protections taken off a domain, put back, the domain deleted. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  CreateDomainCommand,
  DeleteDomainCommand,
  OpenSearchClient,
  UpdateDomainConfigCommand,
} from '@aws-sdk/client-opensearch';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ScanSummary } from '../../lib/pipeline/scan.ts';
import { type Config, configOf, createOrganisation, ROLE } from './account.ts';
import { ajar } from './ajar.ts';
import { type FaultProxy, startFaultProxy } from './fault-proxy.ts';
import { type Moto, startMoto } from './moto.ts';

const REGION = 'us-west-2';
const NAME = 'device-analytics';
/** moto takes an empty policy for "leave it as it is". */
const CLOSED = {
  AccessPolicies: JSON.stringify({
    Statement: [{ Sid: 'nobody', Effect: 'Deny', Principal: '*', Action: 'es:*', Resource: '*' }],
  }),
  DomainEndpointOptions: { EnforceHTTPS: true, TLSSecurityPolicy: 'Policy-Min-TLS-1-2-2019-07' },
} as const;
const OPEN = {
  AccessPolicies: JSON.stringify({
    Statement: [{ Sid: 'open', Effect: 'Allow', Principal: '*', Action: 'es:*', Resource: '*' }],
  }),
  DomainEndpointOptions: { EnforceHTTPS: false, TLSSecurityPolicy: 'Policy-Min-TLS-1-0-2019-07' },
} as const;

let moto: Moto;
let proxy: FaultProxy;
let account: string;
let client: OpenSearchClient;
const state = mkdtempSync(join(tmpdir(), 'ajar-lifecycle-'));

beforeAll(async () => {
  moto = await startMoto();
  proxy = await startFaultProxy(moto.url);
  account = (await createOrganisation(moto.url, 2)).find((a) => a !== '123456789012') ?? '';
  const config: Config = await configOf(moto.url, account, REGION);
  client = new OpenSearchClient(config);
  await client.send(
    new CreateDomainCommand({
      DomainName: NAME,
      EngineVersion: 'OpenSearch_2.5',
      EncryptionAtRestOptions: { Enabled: true },
      ...CLOSED,
    }),
  );
});
afterAll(async () => {
  client?.destroy();
  await proxy?.stop();
  await moto?.stop();
  rmSync(state, { recursive: true, force: true });
});

async function scan(): Promise<{ readonly summary: ScanSummary; readonly told: readonly string[] }> {
  const flags = ['--role', ROLE, '--accounts', account, '--regions', REGION, '--services', 'opensearch'];
  const run = await ajar(
    proxy.url,
    'scan',
    '--aws',
    ...flags,
    '--only',
    '127.0.0.0/8',
    '--state',
    state,
    '--format',
    'json',
  );
  const lines = run.stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
  const told = lines.flatMap(({ subject }) => (typeof subject === 'string' ? [subject.slice(0, 40)] : []));
  return { summary: lines.at(-1) as unknown as ScanSummary, told };
}
const open = ({ findings }: ScanSummary) =>
  findings.map((f) => `${f.protection} ${f.origin} ${f.from ?? ''}>${f.to}`).toSorted();

describe('a domain whose protections are taken off', () => {
  it('is quiet while they are there', async () => {
    const { summary, told } = await scan();
    expect([open(summary), told]).toEqual([[], []]);
  });

  it('pages at the next sweep for each of them, before any packet is sent', async () => {
    await client.send(new UpdateDomainConfigCommand({ DomainName: NAME, ...OPEN }));
    const { summary, told } = await scan();
    expect(open(summary)).toEqual([
      'access-policy removed on>off',
      // A door that was not there before: port 80.
      'authentication adoption >off',
      'authentication removed on>off',
      'tls removed on>partial',
    ]);
    expect(told.length).toBeGreaterThan(0);
  });

  it('does not recover because AWS stops answering', async () => {
    proxy.rules = [{ fault: 'throttled', when: (c) => c.service === 'es' }];
    const { summary, told } = await scan();
    proxy.rules = [];
    expect(open(summary)).toHaveLength(4);
    expect(told).toEqual([]);
    expect(summary.gaps.map((g) => g.code)).toContain('throttled');
  });

  it('recovers when they are put back', async () => {
    await client.send(new UpdateDomainConfigCommand({ DomainName: NAME, ...CLOSED }));
    const { summary, told } = await scan();
    // Port 80 is gone once two whole lists say so and the API does.
    expect(open(summary)).toEqual(['authentication adoption >off']);
    expect(open((await scan()).summary)).toEqual([]);
    expect(told.some((subject) => subject.startsWith('[RECOVERED]'))).toBe(true);
  });

  it('is gone on the word of the API, at the second whole list without it', async () => {
    await client.send(new UpdateDomainConfigCommand({ DomainName: NAME, ...OPEN }));
    expect(open((await scan()).summary)).toHaveLength(4);
    await client.send(new DeleteDomainCommand({ DomainName: NAME }));
    const first = await scan();
    expect([open(first.summary).length, first.told]).toEqual([4, []]);
    expect(first.summary.gaps.map((g) => g.code)).toContain('not-in-inventory');
    const second = await scan();
    expect(second.summary.endpoints).toBe(0);
    expect(second.told.some((subject) => subject.startsWith('[RECOVERED]'))).toBe(true);
    expect((await scan()).summary).toMatchObject({ endpoints: 0, gaps: [] });
  });
});
