/**
 * Loaded before `ajar` (node --import): numbers everything by which the process touches the world (statements of SQLite, writes to
 * the file system, connections, what goes out and what comes in), and kills itself with SIGKILL before or after one of them:
 * AJAR_KILL_AT=17, AJAR_KILL_WHEN=after. Between two of them nothing outside changes, so a death there is a death at one of them.
 * Without a number it counts, and names them on file descriptor 3 as the process ends.
 */
import fs, { writeSync } from 'node:fs';
import promises from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';
import { Socket } from 'node:net';
import { DatabaseSync, StatementSync } from 'node:sqlite';

const at = Number(process.env['AJAR_KILL_AT'] ?? 0);
const isAfter = process.env['AJAR_KILL_WHEN'] === 'after';
const names: string[] = [];

function die(): never {
  process.kill(process.pid, 'SIGKILL');
  throw new Error('SIGKILL did not kill');
}

type Method = (this: unknown, ...args: unknown[]) => unknown;

function number(owner: object, method: string, isCounted: (args: readonly unknown[]) => boolean = () => true): void {
  const original = Reflect.get(owner, method) as Method;
  const numbered: Method = function (...args) {
    if (!isCounted(args)) return original.apply(this, args);
    names.push(method === 'emit' ? `in ${String(args[0])}` : method);
    const isIt = names.length === at;
    if (isIt && !isAfter) die();
    const result = original.apply(this, args);
    if (!isIt) return result;
    return result instanceof Promise ? result.then(die) : die();
  };
  Reflect.set(owner, method, numbered);
}

for (const method of ['exec', 'close']) number(DatabaseSync.prototype, method);
for (const method of ['run', 'get', 'all', 'iterate']) number(StatementSync.prototype, method);
for (const method of ['writeFileSync', 'mkdirSync', 'linkSync', 'rmSync', 'chmodSync', 'renameSync'])
  number(fs, method);
for (const method of ['writeFile', 'mkdir', 'link', 'rm', 'chmod', 'rename']) number(promises, method);
for (const method of ['connect', 'write', 'end', 'destroy']) number(Socket.prototype, method);
number(Socket.prototype, 'emit', ([event]) => event === 'connect' || event === 'data' || event === 'readable');
syncBuiltinESMExports();

if (at === 0) process.on('exit', () => writeSync(3, JSON.stringify(names)));
