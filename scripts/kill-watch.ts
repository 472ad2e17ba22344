/**
 * kill -9 in the middle of `ajar watch`, again and again: no incident lost, none twice. Each round flips a loopback
 * Redis stand-in between open and password-protected, lets a watch run and kills it at a random moment, then lets
 * one pass end in peace. So every state is seen, and the number of incidents is known exactly.
 * `npm run kill -- --rounds 50`
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import type { Incident } from '../lib/model/incident.ts';
import { verifyChain } from '../lib/stores/chain.ts';
import { openSqliteStore } from '../lib/stores/sqlite.ts';
import { openDoors } from './doors/redis.ts';

const { values } = parseArgs({ options: { rounds: { type: 'string', default: '50' } } });
const rounds = Number(values.rounds);
const root = mkdtempSync(join(tmpdir(), 'ajar-kill-'));
const state = join(root, 'state');
const main = new URL('../lib/cli/main.ts', import.meta.url).pathname;

const doors = await openDoors(1);
const { told: received } = doors;
const inventory = join(root, 'inventory.yaml');
writeFileSync(
  inventory,
  `version: 1\nendpoints:\n  - { id: sessions, host: ${doors.at[0]?.host}, port: ${doors.at[0]?.port}, engine: redis }\n`,
);
const allowTls = join(root, 'allowlist.yaml');
writeFileSync(allowTls, 'version: 1\nentries: []\n');

function watch(...more: string[]): ChildProcess {
  const flags = [
    '--file',
    inventory,
    '--state',
    state,
    '--allowlist',
    allowTls,
    '--allow-private',
    '--only',
    '127.0.0.0/8',
    '--vantage',
    'kill',
  ];
  return spawn(process.execPath, [main, 'watch', ...flags, '--every', '500ms', '--webhook', doors.webhook, ...more], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
}
const ended = (child: ChildProcess): Promise<number | null> => new Promise((resolve) => child.once('exit', resolve));

let kills = 0;
let peaceful = await ended(watch('--passes', '1')); // first sight: protected by a password
for (let round = 0; round < rounds && isPeace(peaceful); round++) {
  if (!doors.open.delete(0)) doors.open.add(0);
  const victim = watch();
  // Start-up takes about 300 ms: some kills hit it, most hit probing, committing and delivering.
  await sleep(150 + Math.random() * 900);
  victim.kill('SIGKILL');
  await ended(victim);
  kills++;
  peaceful = await ended(watch('--passes', '2'));
}
const store = await openSqliteStore({ dir: state, sinks: [], now: () => new Date(), readOnly: true });
const incidents: Incident[] = [];
for await (const i of store.incidents()) if (i.protection === 'authentication') incidents.push(i);
const chain = await verifyChain(store.ledger());
const pending = await store.outbox.pending();
await store.close();
doors.close();

/** All within half an hour: one incident that goes on, and after its third reopening one word that it flaps, then none. */
const wanted = Math.ceil(rounds / 2);
const told = { opened: Math.min(wanted, 4), flapping: wanted > 4 ? 1 : 0, closed: Math.min(Math.floor(rounds / 2), 4) };
const keysOf = (kind: string): string[] =>
  received.filter((n) => n.kind === kind && incidents.some((i) => n.key.startsWith(i.id))).map((n) => n.key);
const openings = incidents.reduce((sum, { reopened }) => sum + 1 + (reopened?.count ?? 0), 0);
const kinds = Object.entries(told).map(([kind, count]) => ({ kind, count, keys: keysOf(kind) }));
const repeated = kinds.reduce((sum, { keys }) => sum + keys.length - new Set(keys).size, 0);
const problems = [
  incidents.length === 1 ? '' : `${incidents.length} incidents instead of one that goes on`,
  openings === wanted ? '' : `${openings} openings instead of ${wanted}`,
  ...kinds.map(({ kind, count, keys }) =>
    new Set(keys).size === count ? '' : `${new Set(keys).size} notices of ${kind} instead of ${count}`,
  ),
  chain.ok ? '' : `ledger broken at ${chain.seq}: ${chain.why}`,
  pending === 0 ? '' : `${pending} notices never delivered`,
  isPeace(peaceful) ? '' : `a peaceful pass ended with ${String(peaceful)}`,
].filter((p) => p !== '');
console.log(
  `kill -9: ${kills} kills, ${incidents.length} incident opened ${openings} times (${wanted} wanted), ` +
    `${kinds.map(({ kind, keys }) => `${new Set(keys).size} notices of ${kind}`).join(', ')}, ` +
    `${repeated} repeated under the same key, ledger ${chain.ok ? `${chain.entries} lines, chain whole` : 'broken'}`,
);
for (const problem of problems) console.error(`kill -9: ${problem}`);
rmSync(root, { recursive: true, force: true });
process.exitCode = problems.length === 0 ? 0 : 1;

/** Watch exits as scan does: with 1 while a finding is open. */
function isPeace(code: number | null): boolean {
  return code === 0 || code === 1;
}
