import type { Bench } from './bench.ts';
import type { Certificates } from './certificates.ts';
import type { Variant } from './engine.ts';
import { javaArguments } from './java.ts';
import { debianFile } from './layout.ts';
import { accepts } from './ready.ts';

/** H2 imitates PostgreSQL; Derby speaks Db2's DRDA. Each is a real server that is not what the port suggests. */
export const H2_VARIANTS: readonly Variant[] = [
  { id: 'h2-pg', kind: 'h2', engine: 'postgres', host: '127.0.25.1', port: 5435, note: "H2's PostgreSQL door" },
  {
    ...{ id: 'h2-console', kind: 'h2', engine: 'h2', host: '127.0.25.2', port: 8082, tls: 'plain' },
    note: "H2's console, open to other machines",
  },
];

export const DERBY_VARIANTS: readonly Variant[] = [
  { id: 'derby', kind: 'derby', engine: 'db2', host: '127.0.26.1', port: 1527, note: 'Derby, DRDA, no authentication' },
];

export async function startH2(bench: Bench, _certificates: Certificates, variants: readonly Variant[]): Promise<void> {
  const jars = debianFile('usr/share/java/h2.jar');
  const console = ['-web', '-webAllowOthers', '-webPort'];
  const asPostgres = ['-ifNotExists', '-pg', '-pgAllowOthers', '-pgPort'];
  const args = (port: number) => ['org.h2.tools.Server', ...(port === 8082 ? console : asPostgres), String(port)];
  await start(bench, variants, (host, port) => [`-Dh2.bindAddress=${host}`, '-cp', jars, ...args(port)]);
}

export async function startDerby(
  bench: Bench,
  _certificates: Certificates,
  variants: readonly Variant[],
): Promise<void> {
  const jars = ['derbynet', 'derby'].map((name) => debianFile(`usr/share/java/${name}.jar`)).join(':');
  const main = ['org.apache.derby.drda.NetworkServerControl', 'start', '-noSecurityManager'];
  await start(bench, variants, (host, port) => ['-cp', jars, ...main, '-h', host, '-p', String(port)]);
}

async function start(
  bench: Bench,
  variants: readonly Variant[],
  args: (host: string, port: number) => readonly string[],
): Promise<void> {
  await Promise.all(
    variants.map(({ id, host, port }) =>
      bench.launch({
        id,
        host,
        port,
        folder: bench.place(id),
        command: 'java',
        args: [...javaArguments(64), ...args(host, port)],
        deadlineMs: 120_000,
        ready: () => accepts(host, port),
      }),
    ),
  );
}
