/**
 * A fleet through collect, assess and notify as the Lambdas run them, over a DynamoDB in a process of its own (dynoxide), with
 * queues in this process: adopted, seen again unchanged, one in 200 opened. Probing is left out: `npm run bench` has that. A child per
 * size, so that each has its own peak and its own table.
 *   node scripts/bench/scale.ts                            100, 1,000, 10,000 and 100,000 endpoints; 100 endpoints an account
 *   node scripts/bench/scale.ts --endpoints 2000
 */
import { execFileSync } from 'node:child_process';
import { parseArgs } from 'node:util';
import { counted } from './counted.ts';
import { judgeFleet, type Phase, type ScaleRow } from './scale-fleet.ts';
import { clientOf, dynoxide, startDynamo } from '../../test/stores/dynamodb-server.ts';

/** The SDK of every service, as sources and not bundled, takes 200 of it. A run that needs more ends in an error. */
const HEAP_MB = 350;

const { values } = parseArgs({
  options: { endpoints: { type: 'string' }, url: { type: 'string' }, table: { type: 'string' } },
});
if (values.url !== undefined) await child(values.url, values.table ?? '', Number(values.endpoints));
else await parent(values.endpoints === undefined ? [100, 1_000, 10_000, 100_000] : [Number(values.endpoints)]);

async function child(url: string, table: string, endpoints: number): Promise<void> {
  const client = clientOf(url);
  const counts = counted(client);
  process.stdout.write(JSON.stringify(await judgeFleet({ client, table, endpoints, counts })));
  client.destroy();
}

async function parent(sizes: readonly number[]): Promise<void> {
  const program = dynoxide();
  if (program === undefined) throw new Error('no dynoxide for this platform: npm ci brings it for Linux on x64');
  const rows: ScaleRow[] = [];
  for (const endpoints of sizes) {
    const server = await startDynamo(program);
    const own = ['--url', server.url, '--table', await server.table(), '--endpoints', String(endpoints)];
    const text = execFileSync(process.execPath, [`--max-old-space-size=${HEAP_MB}`, import.meta.filename, ...own], {
      ...{ encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'], timeout: 3_600_000 },
    });
    await server.stop();
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
  const each = [counts.writes, counts.writeUnits, counts.reads, counts.readUnits].map((n) =>
    (n / endpoints).toFixed(2),
  );
  return [Math.round(endpoints / seconds), ((cpuSeconds / endpoints) * 1_000).toFixed(2), ...each];
}
