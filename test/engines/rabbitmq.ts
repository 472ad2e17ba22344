import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Bench } from './bench.ts';
import type { Certificates } from './certificates.ts';
import type { Variant } from './engine.ts';
import { debianFile } from './layout.ts';
import { accepts } from './ready.ts';

const HOST = '127.0.16.1';
/** Not the usual 4369: another Erlang of this machine may have its own there. */
const MAPPER_PORT = 24_369;

/** One broker, three of its doors. */
export const RABBITMQ_VARIANTS: readonly Variant[] = [
  variant('rabbitmq-amqp', 5672, 'AMQP, PLAIN without TLS', 'plain'),
  variant('rabbitmq-amqps', 5671, 'AMQP inside TLS', 'first'),
  variant('rabbitmq-management', 15672, 'management API over HTTP', 'plain'),
];

function variant(id: string, port: number, note: string, tls: 'plain' | 'first'): Variant {
  return { id, kind: 'rabbitmq', engine: 'rabbitmq', host: HOST, port, note, tls };
}

export async function startRabbitmq(bench: Bench, certificates: Certificates): Promise<void> {
  const id = 'rabbitmq';
  const folder = bench.place(id);
  const home = debianFile('usr/lib/rabbitmq/lib/rabbitmq_server-3.10.8');
  const erlang = debianFile('usr/lib/erlang');
  const programs = bench.place(join(id, 'programs'));
  writeFileSync(join(programs, 'erl'), erl(erlang));
  chmodSync(join(programs, 'erl'), 0o755);
  writeFileSync(join(folder, 'enabled_plugins'), '[rabbitmq_management].\n');
  writeFileSync(join(folder, 'rabbitmq.conf'), configuration(certificates));
  const mapper = { ERL_EPMD_ADDRESS: '127.0.0.1', ERL_EPMD_PORT: String(MAPPER_PORT) };
  // The broker insists on Erlang's port mapper and would leave one behind: ours is a child that the bench ends.
  await bench.launch({
    id: 'rabbitmq-epmd',
    host: '127.0.0.1',
    port: MAPPER_PORT,
    folder: bench.place('rabbitmq-epmd'),
    command: join(erlang, 'bin/epmd'),
    args: [],
    env: mapper,
    deadlineMs: 10_000,
    ready: () => accepts('127.0.0.1', MAPPER_PORT),
  });
  await bench.launch({
    id,
    host: HOST,
    port: 5672,
    folder,
    command: join(home, 'sbin/rabbitmq-server'),
    args: [],
    env: {
      PATH: `${programs}:${process.env['PATH'] ?? '/usr/bin:/bin'}`,
      HOME: folder,
      RABBITMQ_NODENAME: 'bench@localhost',
      RABBITMQ_MNESIA_BASE: join(folder, 'mnesia'),
      RABBITMQ_LOG_BASE: join(folder, 'log'),
      RABBITMQ_LOGS: '-',
      RABBITMQ_CONFIG_FILE: join(folder, 'rabbitmq'),
      RABBITMQ_ENABLED_PLUGINS_FILE: join(folder, 'enabled_plugins'),
      RABBITMQ_DIST_PORT: '25672',
      RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS: '-kernel inet_dist_use_interface {127,0,0,1} -start_epmd false',
      ...mapper,
    },
    deadlineMs: 240_000,
    ready: async () => (await accepts(HOST, 15672)) && (await accepts(HOST, 5671)),
  });
}

/** Debian's own `erl` names its folder absolutely, and the packages here are unpacked elsewhere. */
function erl(erlang: string): string {
  const version = /erts-[\d.]+/u.exec(readFileSync(join(erlang, 'bin/erl'), 'utf8'))?.[0];
  if (version === undefined) throw new Error(`${erlang}/bin/erl names no erts`);
  return `#!/bin/sh
ROOTDIR=${erlang} BINDIR=${erlang}/${version}/bin EMU=beam PROGNAME=erl
export ROOTDIR BINDIR EMU PROGNAME
exec "$BINDIR/erlexec" "$@"
`;
}

function configuration(certificates: Certificates): string {
  return `listeners.tcp.1 = ${HOST}:5672
listeners.ssl.1 = ${HOST}:5671
ssl_options.cacertfile = ${certificates.authority}
ssl_options.certfile = ${certificates.certificate}
ssl_options.keyfile = ${certificates.key}
ssl_options.verify = verify_none
ssl_options.fail_if_no_peer_cert = false
management.tcp.ip = ${HOST}
management.tcp.port = 15672
log.console = true
log.console.level = warning
log.file = false
disk_free_limit.absolute = 10MB
vm_memory_high_watermark.absolute = 128MB
default_user = bench
default_pass = CANARY-rabbitmq-password
`;
}
