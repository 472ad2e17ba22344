/**
 * A fleet through collect, assess and notify as the Lambdas run them, over a DynamoDB in a process of its own (dynoxide), with
 * queues in this process: adopted, seen again unchanged, one in 200 opened. Probing is left out: `npm run bench` has that. A child per
 * size, so that each has its own peak and its own table.
 *   node scripts/bench/scale.ts                            100 and 1,000 endpoints; 100 endpoints an account
 *   node scripts/bench/scale.ts --endpoints 2000
 *   node scripts/bench/scale.ts --sqlite                   the same over SQLite in this process: beyond some thousands the stand-in is what is slow
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { openDynamoStore } from '../../lib/stores/dynamodb.ts';
import { openSqliteStore } from '../../lib/stores/sqlite.ts';
import { type Counts, counted } from './counted.ts';
import { judgeFleet, type Phase, type ScaleRow } from './scale-fleet.ts';
import { clientOf, dynoxide, startDynamo } from '../../test/stores/dynamodb-server.ts';

/** The SDK of every service, as sources and not bundled, takes 200 of it. A run that needs more ends in an error. */
const HEAP_MB = 350;

const SIZES = { dynamodb: [100, 1_000], sqlite: [1_000, 10_000, 100_000] } as const;

const { values } = parseArgs({
  options: {
    ...{ endpoints: { type: 'string' }, url: { type: 'string' }, table: { type: 'string' }, dir: { type: 'string' } },
    sqlite: { type: 'boolean', default: false },
  },
});
if (values.url !== undefined || values.dir !== undefined) await child(Number(values.endpoints));
else
  await parent(
    values.endpoints === undefined ? SIZES[values.sqlite ? 'sqlite' : 'dynamodb'] : [Number(values.endpoints)],
  );

async function child(endpoints: number): Promise<void> {
  const now = (): Date => new Date();
  const none: Counts = { writes: 0, reads: 0, writeUnits: 0, readUnits: 0 };
  if (values.dir !== undefined) {
    const store = await openSqliteStore({ dir: values.dir, sinks: ['page'], now });
    process.stdout.write(
      JSON.stringify(await judgeFleet({ store, roster: () => store.states(), endpoints, counts: none })),
    );
    await store.close();
    return;
  }
  const client = clientOf(values.url ?? '');
  const counts = counted(client);
  const store = await openDynamoStore({ client, table: values.table ?? '', sinks: ['page'], now });
  process.stdout.write(
    JSON.stringify(await judgeFleet({ store, roster: () => store.roster(0, 1), endpoints, counts })),
  );
  await store.close();
  client.destroy();
}

/** Flags of a child that has a store of its own, and how to take that away again. */
async function freshStore(): Promise<{ readonly flags: readonly string[]; readonly end: () => Promise<void> }> {
  if (values.sqlite) {
    const dir = mkdtempSync(join(tmpdir(), 'ajar-scale-'));
    return { flags: ['--dir', dir], end: async () => rmSync(dir, { recursive: true, force: true }) };
  }
  const program = dynoxide();
  if (program === undefined) throw new Error('no dynoxide for this platform: npm ci brings it for Linux on x64');
  const server = await startDynamo(program);
  return { flags: ['--url', server.url, '--table', await server.table()], end: () => server.stop() };
}

async function parent(sizes: readonly number[]): Promise<void> {
  const rows: ScaleRow[] = [];
  for (const endpoints of sizes) {
    const { flags, end } = await freshStore();
    const own = [...flags, '--endpoints', String(endpoints)];
    const text = execFileSync(process.execPath, [`--max-old-space-size=${HEAP_MB}`, import.meta.filename, ...own], {
      ...{ encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'], timeout: 3_600_000 },
    });
    await end();
    rows.push(JSON.parse(text) as ScaleRow);
  }
  const line = (cells: readonly (string | number)[]): void => void process.stdout.write(`| ${cells.join(' | ')} |\n`);
  line([
    'endpoints',
    'accounts',
    'phase',
    'endpoints/s',
    'CPU s per 1,000',
    'items written each',
    'units',
    'reads each',
    'units',
    'peak RSS MB',
  ]);
  line(Array.from({ length: 10 }, () => '---'));
  for (const { phases, endpoints, accounts, rssMb, notices, told } of rows) {
    for (const phase of phases) line([endpoints, accounts, phase.name, ...figures(phase), rssMb]);
    process.stdout.write(`${notices} notices owed, ${told} told\n`);
    if (notices !== told) process.exitCode = 1;
  }
}

function figures({ endpoints, seconds, cpuSeconds, counts }: Phase): readonly (string | number)[] {
  if (values.sqlite)
    return [
      Math.round(endpoints / seconds),
      ((cpuSeconds / endpoints) * 1_000).toFixed(2),
      ...Array.from({ length: 4 }, () => '-'),
    ];
  const each = [counts.writes, counts.writeUnits, counts.reads, counts.readUnits].map((n) =>
    (n / endpoints).toFixed(2),
  );
  return [Math.round(endpoints / seconds), ((cpuSeconds / endpoints) * 1_000).toFixed(2), ...each];
}
