/**
 * `npm run soak [-- --minutes 30 --endpoints 500 --every 10]`: `ajar watch` over loopback doors that open and close at random. Each
 * opening and each closing must be told exactly once; how late, and what the process needs meanwhile: memory and its slope, file
 * descriptors, size of the database. Stops by itself.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { type Doors, openDoors } from './doors/redis.ts';
import { percentile, slopeAnHour } from './soak/figures.ts';

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '30' },
    endpoints: { type: 'string', default: '500' },
    every: { type: 'string', default: '10' },
  },
});
const [minutes, endpoints, every] = [Number(values.minutes), Number(values.endpoints), Number(values.every)];
const root = mkdtempSync(join(tmpdir(), 'ajar-soak-'));
const state = join(root, 'state');
/** First sight of all, and the last words: nothing flips then. */
const [SETTLE_MS, DRAIN_MS, SAMPLE_MS] = [45_000, 90_000, 5_000];
/** Memory climbs as the code gets warm; the slope is taken of what comes after this share of the time. */
const WARM = 0.2;

interface Flip {
  readonly endpoint: string;
  readonly kind: 'opened' | 'closed';
  readonly at: number;
}
interface Sample {
  readonly at: number;
  readonly rssMb: number;
  readonly descriptors: number;
  readonly databaseMb: number;
}

const doors = await openDoors(endpoints);
const watch = startWatch(doors);
const [flips, samples]: [Flip[], Sample[]] = [[], []];
process.on('exit', () => watch.kill('SIGKILL')); // whatever becomes of us, it ends
await sleep(SETTLE_MS);
const sampling = setInterval(() => samples.push(sampleOf(watch)), SAMPLE_MS);
await flipAll(minutes * 60_000 - SETTLE_MS - DRAIN_MS);
await sleep(DRAIN_MS);
clearInterval(sampling);
const exit = await stopped(watch);
doors.close();
process.exitCode = report(exit) ? 0 : 1;
rmSync(root, { recursive: true, force: true });

function startWatch({ at, webhook }: Doors): ChildProcess {
  const lines = at.map(({ host, port }, i) => `  - { id: door-${i}, host: ${host}, port: ${port}, engine: redis }`);
  writeFileSync(join(root, 'inventory.yaml'), `version: 1\nendpoints:\n${lines.join('\n')}\n`);
  writeFileSync(join(root, 'allowlist.yaml'), 'version: 1\nentries: []\n');
  const main = new URL('../lib/cli/main.ts', import.meta.url).pathname;
  const flags = [
    ...['--file', join(root, 'inventory.yaml'), '--state', state, '--allowlist', join(root, 'allowlist.yaml')],
    ...['--allow-private', '--only', '127.0.0.0/8', '--vantage', 'soak', '--every', `${every}s`, '--webhook', webhook],
  ];
  return spawn(process.execPath, [main, 'watch', ...flags], { stdio: ['ignore', 'ignore', 'inherit'] });
}

/** Each door once opened and once closed again, a while later, spread evenly with a little chance. */
async function flipAll(forMs: number): Promise<void> {
  const order = Array.from({ length: endpoints }, (_, i) => i).toSorted(() => Math.random() - 0.5);
  // What opens and closes between two passes is seen by nobody.
  const least = 3_000 * every;
  const stay = Math.max(Math.min(180_000, forMs / 4), least);
  const due = order.flatMap((door, n) => {
    const opens = ((forMs - stay) * (n + Math.random())) / endpoints;
    return [
      { door, at: opens, kind: 'opened' as const },
      { door, at: opens + least + (stay - least) * Math.random(), kind: 'closed' as const },
    ];
  });
  const started = Date.now();
  for (const { door, at, kind } of due.toSorted((a, b) => a.at - b.at)) {
    await sleep(Math.max(0, started + at - Date.now()));
    if (watch.exitCode !== null) return;
    if (kind === 'opened') doors.open.add(door);
    else doors.open.delete(door);
    flips.push({ endpoint: `door-${door}`, kind, at: Date.now() });
  }
}

function sampleOf({ pid }: ChildProcess): Sample {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const files = readdirSync(state).map((name) => statSync(join(state, name)).size);
  return {
    at: Date.now(),
    rssMb: Number(/VmRSS:\s+(\d+)/u.exec(status)?.[1]) / 1_024,
    descriptors: readdirSync(`/proc/${pid}/fd`).length,
    databaseMb: files.reduce((sum, size) => sum + size, 0) / 1_048_576,
  };
}

async function stopped(child: ChildProcess): Promise<number | null> {
  if (child.exitCode !== null) return child.exitCode;
  const gone = new Promise<number | null>((resolve) => child.once('exit', resolve));
  child.kill('SIGTERM');
  return gone;
}

/** Whether each flip was told once, and nothing else. */
function report(ended: number | null): boolean {
  // That strangers reach the doors at all, and unencrypted, is told of each as it is adopted, and is no flip.
  const asked = doors.told.flatMap(({ key, kind, at, incidents }) =>
    incidents.filter((i) => i.protection === 'authentication').map((i) => ({ key, kind, at, endpoint: i.endpointId })),
  );
  const of = (endpoint: string, kind: string) => asked.filter((t) => t.endpoint === endpoint && t.kind === kind);
  const late = flips.flatMap(({ endpoint, kind, at }) => of(endpoint, kind).map((told) => (told.at - at) / 1_000));
  const lost = flips.filter(({ endpoint, kind }) => of(endpoint, kind).length === 0);
  const keys = ({ endpoint, kind }: Flip): number => new Set(of(endpoint, kind).map(({ key }) => key)).size;
  const twice = flips.filter((flip) => keys(flip) > 1);
  // Accepted, and the word of that came too late or was lost: under the same key, by which a receiver knows it.
  const again = flips.filter((flip) => of(flip.endpoint, flip.kind).length > keys(flip));
  const others = asked.filter(({ endpoint, kind }) => !flips.some((f) => f.endpoint === endpoint && f.kind === kind));
  const warm = samples.slice(Math.floor(samples.length * WARM));
  const [first, last] = [warm[0], warm.at(-1)];
  const spread = (key: keyof Sample): string =>
    `${Math.min(...warm.map((s) => s[key])).toFixed(1)} to ${Math.max(...warm.map((s) => s[key])).toFixed(1)}`;
  console.log(
    `${minutes} minutes, ${endpoints} doors, every ${every} s: ${flips.length} flips, ${lost.length} never told, ${twice.length} told twice, ${again.length} repeated under their key, ${others.length} told without one`,
  );
  console.log(
    `from flip to web hook, seconds: p50 ${percentile(late, 50)}, p95 ${percentile(late, 95)}, max ${percentile(late, 100)}`,
  );
  for (const { endpoint, kind } of [...twice, ...again]) console.log(`  ${JSON.stringify(of(endpoint, kind))}`);
  for (const line of histogram(late)) console.log(line);
  console.log(
    `memory, MB: ${spread('rssMb')}, ${slopeAnHour(warm.map(({ at, rssMb }) => [at, rssMb])).toFixed(1)} an hour`,
  );
  console.log(
    `file descriptors: ${spread('descriptors')}; database, MB: ${first?.databaseMb.toFixed(1)} to ${last?.databaseMb.toFixed(1)}`,
  );
  console.log(`watch ended with ${ended}`);
  return (
    flips.length === 2 * endpoints && lost.length + twice.length + others.length === 0 && ended !== null && ended <= 1
  );
}

function histogram(seconds: readonly number[]): readonly string[] {
  const step = 2;
  const bins = new Map<number, number>();
  for (const each of seconds) bins.set(Math.floor(each / step), (bins.get(Math.floor(each / step)) ?? 0) + 1);
  return [...bins]
    .toSorted(([a], [b]) => a - b)
    .map(
      ([bin, n]) =>
        `  ${String(bin * step).padStart(4)} s ${String(n).padStart(5)}  ${'#'.repeat(Math.ceil((50 * n) / seconds.length))}`,
    );
}
