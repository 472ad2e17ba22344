/**
 * A whole organisation swept in this process: the real collectors, cells, merging and store, over SDK clients that
 * answer from memory. One child per size, so that each has its own peak.
 *   node scripts/bench/organisation.ts                     1,000 accounts x 17 regions, then 100 for comparison
 *   node scripts/bench/organisation.ts --accounts 50
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { takeInventory } from '../../lib/pipeline/inventory.ts';
import { openSqliteStore } from '../../lib/stores/sqlite.ts';
import { planOf, sourceOf } from './organisation-answers.ts';

const ENDPOINTS = 20_000;
/** Given as much as this machine has, V8 would rather keep garbage than collect it. A run that needs more ends in an error. */
const HEAP_MB = 250;
const REGIONS = Array.from(
  { length: 17 },
  (_, i) => `${['us-east', 'eu-west', 'ap-south'][i % 3] ?? ''}-${Math.floor(i / 3) + 1}`,
);

const { values } = parseArgs({ options: { accounts: { type: 'string' }, child: { type: 'boolean' } } });
const sizes = values.accounts === undefined ? [100, 1_000] : [Number(values.accounts)];

if (values.child === true) await sweepAll(Number(values.accounts));
else {
  const rows = sizes.map((accounts) => runChild(accounts));
  process.stdout.write(
    `| accounts | places | cells | endpoints | calls | wall s | calls/s | peak RSS MB |\n|---|---|---|---|---|---|---|---|\n`,
  );
  for (const r of rows) {
    process.stdout.write(
      `| ${r.accounts} | ${r.places} | ${r.cells} | ${r.endpoints} | ${r.calls} | ${r.seconds.toFixed(0)} | ${Math.round(r.calls / r.seconds)} | ${r.rssMb} |\n`,
    );
  }
  if (rows.some((r) => r.rssMb > 512 || r.endpoints !== r.planted)) process.exitCode = 1;
}

interface Row {
  readonly accounts: number;
  readonly places: number;
  readonly cells: number;
  readonly planted: number;
  readonly endpoints: number;
  readonly calls: number;
  readonly seconds: number;
  readonly rssMb: number;
}

function runChild(accounts: number): Row {
  const text = execFileSync(
    process.execPath,
    [`--max-old-space-size=${HEAP_MB}`, import.meta.filename, '--child', '--accounts', String(accounts)],
    {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'inherit'],
      timeout: 900_000,
    },
  );
  return JSON.parse(text) as Row;
}

async function sweepAll(accounts: number): Promise<void> {
  const dir = mkdtempSync(join(tmpdir(), 'ajar-organisation-'));
  const now = (): Date => new Date();
  const store = await openSqliteStore({ dir, sinks: [], now });
  const plan = planOf(accounts, REGIONS, ENDPOINTS);
  const started = performance.now();
  try {
    const inventory = await takeInventory({
      source: sourceOf(plan, REGIONS),
      store,
      now,
      signal: new AbortController().signal,
      full: true,
    });
    const { coverage, endpoints } = inventory;
    const row: Row = {
      accounts,
      places: coverage.places,
      cells: Object.values(coverage.cells).reduce((a, b) => a + b, 0),
      planted: plan.planted,
      endpoints: endpoints.filter((e) => e.service !== 'guardrails').length,
      calls: coverage.calls,
      seconds: (performance.now() - started) / 1_000,
      rssMb: Math.round(process.resourceUsage().maxRSS / 1_024),
    };
    process.stdout.write(JSON.stringify(row));
  } finally {
    await store.close();
    rmSync(dir, { recursive: true, force: true });
  }
}
