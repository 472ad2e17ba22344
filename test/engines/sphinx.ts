import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Bench } from './bench.ts';
import type { Certificates } from './certificates.ts';
import type { Variant } from './engine.ts';
import { debianFile } from './layout.ts';
import { accepts } from './ready.ts';

const HOST = '127.0.18.1';

/** One server, two doors, neither with any notion of an account. */
export const SPHINX_VARIANTS: readonly Variant[] = [
  variant('sphinx-sql', 'manticore', 9306, 'speaks MySQL, knows no accounts'),
  variant('sphinx-api', 'manticore', 9312, 'its own protocol, knows no accounts'),
];

function variant(id: string, engine: string, port: number, note: string): Variant {
  return { id, kind: 'sphinx', engine, host: HOST, port, note, tls: 'plain' };
}

export async function startSphinx(bench: Bench, _certificates: Certificates): Promise<void> {
  const folder = bench.place('sphinx');
  const file = join(folder, 'sphinx.conf');
  writeFileSync(file, configuration(folder));
  await bench.launch({
    id: 'sphinx',
    host: HOST,
    port: 9306,
    folder,
    command: debianFile('usr/bin/searchd'),
    args: ['--nodetach', '--config', file],
    deadlineMs: 20_000,
    ready: async () => (await accepts(HOST, 9306)) && (await accepts(HOST, 9312)),
  });
}

function configuration(folder: string): string {
  return `index alexa_tokens
{
  type = rt
  path = ${folder}/alexa_tokens
  rt_field = utterance
  rt_attr_string = token
}
searchd
{
  listen = ${HOST}:9312
  listen = ${HOST}:9306:mysql41
  log = ${folder}/searchd.log
  pid_file = ${folder}/searchd.pid
  binlog_path =
  workers = threads
}
`;
}
