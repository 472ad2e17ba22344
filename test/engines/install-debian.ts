import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { type DebianGroup, debianRoot } from './layout.ts';
import { run, step } from './install-step.ts';

/** Debian packages are unpacked, never installed, so no maintainer script can start or register a service. */
const PACKAGES: Readonly<Record<DebianGroup, readonly string[]>> = {
  debian: ['postgresql-15', 'postgresql-client-15', 'mariadb-server-core', 'redis-server', 'redis-tools', 'memcached'],
  'debian-stores': [
    'etcd-server',
    'influxdb',
    'clickhouse-server',
    'clickhouse-common',
    'zookeeper',
    'libslf4j-java',
    'rabbitmq-server',
    'tarantool',
    'sphinxsearch',
    'prometheus',
    'victoria-metrics',
    'nats-server',
    'pgbouncer',
    'nutcracker',
    'haproxy',
    'nginx-light',
    'libh2-java',
    'libderby-java',
  ],
  'debian-firebird': ['firebird3.0-server-core', 'firebird3.0-server', 'firebird3.0-utils'],
};

export function installDebian(): void {
  for (const [group, packages] of Object.entries(PACKAGES) as [DebianGroup, readonly string[]][]) {
    step(group, debianRoot(group), packages.join('\n'), (folder) => unpack(folder, packages));
  }
}

function unpack(folder: string, packages: readonly string[]): void {
  const archives = join(folder, 'archives');
  mkdirSync(join(archives, 'partial'), { recursive: true });
  const apt = (...args: string[]) => run('apt-get', args, undefined, { DEBIAN_FRONTEND: 'noninteractive' });
  const fetch = () =>
    apt(
      // apt hands downloads to its own account, which cannot enter a private cache folder.
      ...['-o', 'APT::Sandbox::User=root', '-o', 'Debug::NoLocking=1', '-o', `Dir::Cache::archives=${archives}`],
      // Reinstall: also fetch what the machine has, so that the versions do not depend on the machine.
      ...['install', '--download-only', '--reinstall', '-y', '--no-install-recommends', ...packages],
    );
  try {
    fetch();
  } catch {
    // An image without package lists, or with lists older than the archive.
    apt('update', '-qq');
    fetch();
  }
  for (const name of readdirSync(archives).filter((file) => file.endsWith('.deb'))) {
    run('dpkg', ['-x', join(archives, name), folder]);
  }
  rmSync(archives, { recursive: true });
}
