import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RunningEngine } from './engine.ts';
import { debianFile, libraryPath } from './layout.ts';
import { type Move, record } from './recorder.ts';
import * as frames from './wire-frames.ts';

interface Recording {
  readonly situation: string;
  readonly moves: readonly Move[];
}

const PROGRAMS = {
  postgres: 'usr/lib/postgresql/15/bin/postgres',
  mysql: 'usr/sbin/mariadbd',
  redis: 'usr/bin/redis-server',
  memcached: 'usr/bin/memcached',
} as const;

/** Writes `<folder>/<probe>/<version>-<situation>.hex` for every stream engine of the fleet. */
export async function captureWire(engines: readonly RunningEngine[], folder: string, captured: string): Promise<void> {
  for (const engine of engines) {
    if (engine.engine === 'opensearch' || engine.engine === 'elasticsearch') continue;
    const version = versionOf(debianFile(PROGRAMS[engine.engine]));
    for (const { situation, moves } of recordings(engine)) {
      const lines = await record(engine, moves);
      const from = engine.localAddress === undefined ? '' : ` from ${engine.localAddress}`;
      const title = `# captured ${captured} by node test/engines/capture.ts: ${engine.id} (${engine.note})${from}, ${version}`;
      mkdirSync(join(folder, engine.engine), { recursive: true });
      writeFileSync(join(folder, engine.engine, `${version}-${situation}.hex`), `${[title, ...lines].join('\n')}\n`);
      console.log(`${engine.id.padEnd(20)} ${situation.padEnd(24)} ${summary(lines)}`);
    }
  }
}

function recordings(engine: RunningEngine): Recording[] {
  const situation = engine.id.slice(engine.id.indexOf('-') + 1);
  const first: Move[] = engine.tls === 'first' ? ['tls'] : [];
  const ask = (...sent: Buffer[]): Move[] => sent.map((send) => ({ send }));
  switch (engine.engine) {
    case 'postgres':
      return postgres(situation, ask);
    case 'mysql':
      return situation === 'tls'
        ? [{ situation, moves: ['hear', { send: frames.MYSQL_SSL_REQUEST }, 'tls'] }]
        : [{ situation, moves: ['hear'] }];
    case 'redis': {
      const sent = ask(frames.REDIS_PING, frames.REDIS_INFO_SERVER, frames.REDIS_INFO_KEYSPACE);
      const plaintext = { situation: `${situation}-plaintext`, moves: ask(frames.REDIS_PING) };
      return [{ situation, moves: [...first, ...sent] }, ...(first.length > 0 ? [plaintext] : [])];
    }
    case 'memcached': {
      const sent = ask(frames.MEMCACHED_VERSION, frames.MEMCACHED_STATS);
      const binary = {
        situation: `${situation}-binary`,
        moves: ask(frames.MEMCACHED_BINARY_VERSION, frames.MEMCACHED_BINARY_STAT),
      };
      const plaintext = { situation: `${situation}-plaintext`, moves: ask(frames.MEMCACHED_VERSION) };
      return [
        { situation, moves: [...first, ...sent] },
        ...(situation === 'open' || situation === 'sasl' ? [binary] : []),
        ...(first.length > 0 ? [plaintext] : []),
      ];
    }
    case 'opensearch':
    case 'elasticsearch':
      return [];
  }
}

/** Servers with TLS also get the second, plaintext, start-up that tells "offered" from "required". */
function postgres(situation: string, ask: (...sent: Buffer[]) => Move[]): Recording[] {
  const hasTls = /hostssl|cert|tls/.test(situation);
  const upgrade: Move[] = hasTls ? ['tls'] : [];
  const moves = [...ask(frames.PG_SSL_REQUEST), ...upgrade, ...ask(frames.PG_STARTUP)];
  const plaintext = { situation: `${situation}-plaintext`, moves: ask(frames.PG_STARTUP) };
  return [{ situation, moves }, ...(hasTls ? [plaintext] : [])];
}

function versionOf(program: string): string {
  const text = execFileSync(program, ['--version'], { encoding: 'utf8', env: { LD_LIBRARY_PATH: libraryPath() } });
  return /\d+\.\d+(\.\d+)?/.exec(text)?.[0] ?? 'unknown';
}

/** One readable line, so that whoever captures sees at once what changed. */
function summary(lines: readonly string[]): string {
  return lines
    .filter((line) => !line.startsWith('>'))
    .map((line) => (line.startsWith('<') ? Buffer.from(line.slice(2), 'hex').toString('latin1').slice(0, 90) : line))
    .map((text) => text.replace(/[^\x20-\x7e]+/g, '.'))
    .join(' | ')
    .slice(0, 200);
}
