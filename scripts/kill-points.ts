/**
 * kill -9 at every point at which a scan touches the world: a door opens, the scan that sees it dies at its nth touch, the next one
 * runs in peace; then the same as the door closes. What is left must be what is left when nobody dies: incidents, a whole chain,
 * nothing owed, each notice told, and told again (under the same key) only where the word that it was accepted may be lost.
 * `npm run kill:points [-- --every 7] [--double 100]`: every 7th point; 100 pairs of points at random, the second in the scan
 * that was to mend the first.
 */
import { spawn } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { verifyChain } from '../lib/stores/chain.ts';
import { openSqliteStore } from '../lib/stores/sqlite.ts';
import { type Doors, openDoors } from './doors/redis.ts';

const { values } = parseArgs({
  options: { every: { type: 'string', default: '1' }, double: { type: 'string', default: '100' } },
});
const [every, double] = [Number(values.every), Number(values.double)];
const WORKERS = 2;
const TELL_EVERY = 50;
const path = (name: string): string => new URL(name, import.meta.url).pathname;
const root = mkdtempSync(join(tmpdir(), 'ajar-kill-points-'));

interface Point {
  readonly at: number;
  readonly when: 'before' | 'after';
}
/** What must not depend on who died where. Times do. */
interface Outcome {
  readonly incidents: readonly string[];
  readonly chain: boolean;
  readonly owed: number;
  /** Kinds of the notices that the web hook was given, each key once. */
  readonly told: readonly string[];
  readonly exit: number | null;
}

/** One place to play in: doors, an inventory that names them, a state that is set anew each time. */
interface Stage {
  readonly doors: Doors;
  readonly dir: string;
}

async function openStage(name: string): Promise<Stage> {
  const [doors, dir] = [await openDoors(1), join(root, name)];
  mkdirSync(dir);
  const door = `{ id: sessions, host: ${doors.at[0]?.host}, port: ${doors.at[0]?.port}, engine: redis }`;
  writeFileSync(join(dir, 'inventory.yaml'), `version: 1\nendpoints:\n  - ${door}\n`);
  writeFileSync(join(dir, 'allowlist.yaml'), 'version: 1\nentries: []\n');
  return { doors, dir };
}

/** Exit status, or null where it was killed; and the names of all its points where nobody was to be killed. */
async function scan({ doors, dir }: Stage, point?: Point): Promise<{ exit: number | null; points: readonly string[] }> {
  const flags = [
    ...[
      '--file',
      join(dir, 'inventory.yaml'),
      '--state',
      join(dir, 'state'),
      '--allowlist',
      join(dir, 'allowlist.yaml'),
    ],
    ...['--allow-private', '--only', '127.0.0.0/8', '--vantage', 'kill', '--webhook', doors.webhook],
  ];
  const env = { ...process.env, AJAR_KILL_AT: String(point?.at ?? 0), AJAR_KILL_WHEN: point?.when ?? '' };
  const child = spawn(
    process.execPath,
    ['--import', path('./kill/hook.ts'), path('../lib/cli/main.ts'), 'scan', ...flags],
    {
      stdio: ['ignore', 'ignore', 'pipe', 'pipe'],
      env,
    },
  );
  const [said, listed] = [textOf(child.stderr), textOf(child.stdio[3] as NodeJS.ReadableStream)];
  const exit = await new Promise<number | null>((resolve) => child.once('exit', resolve));
  if (exit !== null && exit > 1) throw new Error(`scan ended with ${exit}: ${await said}`);
  const text = await listed;
  return { exit, points: text === '' ? [] : (JSON.parse(text) as string[]) };
}

async function textOf(stream: NodeJS.ReadableStream | null): Promise<string> {
  let text = '';
  if (stream !== null) for await (const chunk of stream) text += String(chunk);
  return text;
}

async function outcomeOf({ doors, dir }: Stage, exit: number | null): Promise<Outcome> {
  const store = await openSqliteStore({ dir: join(dir, 'state'), sinks: [], now: () => new Date(), readOnly: true });
  const incidents: string[] = [];
  for await (const { protection, status, origin, severity, from, to, closed, reopened } of store.incidents())
    incidents.push(JSON.stringify([protection, status, origin, severity, from, to, closed?.cause, reopened?.count]));
  const [chain, owed] = [await verifyChain(store.ledger()), await store.outbox.pending()];
  await store.close();
  // A reminder is owed by the clock, whoever died: a sweep takes long enough for one.
  const told = new Map(doors.told.flatMap(({ key, kind }) => (kind === 'reminder' ? [] : [[key, kind]])));
  return { incidents: incidents.toSorted(), chain: chain.ok, owed, told: [...told.values()].toSorted(), exit };
}

/** From a state that is known: the scans that die, then one that does not, and what is left. */
async function play(
  stage: Stage,
  from: string,
  isOpen: boolean,
  points: readonly Point[],
): Promise<Outcome & { repeated: number }> {
  rmSync(join(stage.dir, 'state'), { recursive: true, force: true });
  cpSync(from, join(stage.dir, 'state'), { recursive: true });
  stage.doors.open.clear();
  if (isOpen) stage.doors.open.add(0);
  stage.doors.told.length = 0;
  for (const point of points) await scan(stage, point);
  const outcome = await outcomeOf(stage, (await scan(stage)).exit);
  const keys = new Set(stage.doors.told.map(({ key }) => key));
  return { ...outcome, repeated: stage.doors.told.length - keys.size };
}

const stages = await Promise.all(Array.from({ length: WORKERS }, (_, i) => openStage(`stage-${i}`)));
const [first] = stages;
if (first === undefined) throw new Error('no stage');
await scan(first); // first sight: protected by a password
cpSync(join(first.dir, 'state'), join(root, 'protected'), { recursive: true });
await play(first, join(root, 'protected'), true, []);
cpSync(join(first.dir, 'state'), join(root, 'open'), { recursive: true });

const wrong: object[] = [];
const total = { played: 0, kills: 0, repeated: 0 };
for (const [what, from, isOpen] of [
  ['a door opens', 'protected', true],
  ['a door closes', 'open', false],
] as const) {
  const clean = await play(first, join(root, from), isOpen, []);
  rmSync(join(first.dir, 'state'), { recursive: true, force: true });
  cpSync(join(root, from), join(first.dir, 'state'), { recursive: true });
  const { points } = await scan(first);
  const all = points.flatMap(
    (_, i) =>
      [
        { at: i + 1, when: 'before' },
        { at: i + 1, when: 'after' },
      ] as const,
  );
  const chosen: (readonly Point[])[] = all.filter((_, i) => i % every === 0).map((point) => [point]);
  const any = (): Point => all[Math.floor(Math.random() * all.length)] ?? { at: 1, when: 'before' };
  const pairs = Array.from({ length: double / 2 }, () => [any(), any()]);
  console.log(
    `${what}: ${points.length} touches (${tally(points)}), ${chosen.length} of ${all.length} kill points, ${pairs.length} double crashes`,
  );
  const work = [...chosen, ...pairs].values();
  await Promise.all(
    stages.map(async (stage) => {
      for (const deaths of work) {
        const { repeated, ...outcome } = await play(stage, join(root, from), isOpen, deaths);
        total.kills += deaths.length;
        if (++total.played % TELL_EVERY === 0) console.error(`${total.played} played, ${wrong.length} of them wrong`);
        if (repeated > 0) total.repeated++;
        const { repeated: _, ...wanted } = clean;
        // The last connection is the web hook's: before it nothing can have been accepted.
        const isRepeatFounded = repeated === 0 || deaths.some(({ at }) => at > points.lastIndexOf('connect'));
        if (JSON.stringify(outcome) !== JSON.stringify(wanted) || !isRepeatFounded)
          wrong.push({ what, deaths, outcome, wanted, points: deaths.map(({ at }) => points[at - 1]) });
      }
    }),
  );
}
for (const { doors } of stages) doors.close();
rmSync(root, { recursive: true, force: true });
for (const each of wrong.slice(0, 10)) console.error(JSON.stringify(each));
console.log(
  `kill points: ${total.kills} kills, ${wrong.length} that left something else; told again under its key after ${total.repeated}`,
);
process.exitCode = wrong.length === 0 ? 0 : 1;

function tally(names: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return [...counts].map(([name, count]) => `${name} ${count}`).join(', ');
}
