import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Bench } from './bench.ts';
import type { Certificates } from './certificates.ts';
import type { Variant } from './engine.ts';
import { classPath, javaArguments } from './java.ts';
import { accepts } from './ready.ts';

interface CassandraVariant extends Variant {
  readonly authenticator: 'AllowAllAuthenticator' | 'PasswordAuthenticator';
  readonly encryption?: 'required' | 'optional' | 'mutual';
}

const PORT = 9042;

export const CASSANDRA_VARIANTS: readonly CassandraVariant[] = [
  variant('cassandra-open', '127.0.34.1', 'AllowAllAuthenticator', { authenticator: 'AllowAllAuthenticator' }),
  variant('cassandra-password', '127.0.34.2', 'PasswordAuthenticator without TLS', {
    authenticator: 'PasswordAuthenticator',
  }),
  variant('cassandra-tls-password', '127.0.34.3', 'TLS only, PasswordAuthenticator', {
    authenticator: 'PasswordAuthenticator',
    encryption: 'required',
    tls: 'first',
  }),
  variant('cassandra-tls-optional', '127.0.34.4', 'TLS optional, AllowAllAuthenticator', {
    authenticator: 'AllowAllAuthenticator',
    encryption: 'optional',
    extra: true,
  }),
  variant('cassandra-mtls', '127.0.34.5', 'client certificate demanded', {
    authenticator: 'AllowAllAuthenticator',
    encryption: 'mutual',
    tls: 'first',
    extra: true,
  }),
];

function variant(
  id: string,
  host: string,
  note: string,
  more: Pick<CassandraVariant, 'authenticator' | 'encryption' | 'tls' | 'extra'>,
): CassandraVariant {
  return { id, kind: 'cassandra', engine: 'cassandra', host, port: PORT, note, tls: 'plain', ...more };
}

/** What the distribution's jvm17-server.options opens up: Cassandra reaches into the JDK. */
const OPENS = [
  ...['java.base/java.io', 'java.base/java.lang', 'java.base/java.lang.module', 'java.base/java.lang.reflect'],
  ...['java.base/java.math', 'java.base/java.net', 'java.base/java.nio', 'java.base/java.util'],
  ...['java.base/java.util.concurrent', 'java.base/java.util.concurrent.atomic', 'java.base/jdk.internal.loader'],
  ...['java.base/jdk.internal.math', 'java.base/jdk.internal.module', 'java.base/jdk.internal.ref'],
  ...['java.base/jdk.internal.reflect', 'java.base/jdk.internal.util.jar', 'java.base/jdk.internal.vm'],
  ...['java.base/sun.nio.ch', 'java.management.rmi/com.sun.jmx.remote.internal.rmi', 'java.rmi/sun.rmi.registry'],
  ...['java.rmi/sun.rmi.server', 'java.rmi/sun.rmi.transport.tcp', 'java.sql/java.sql', 'java.base/java.nio.charset'],
  ...['java.management/com.sun.jmx.mbeanserver', 'jdk.management/com.sun.management.internal'],
  ...['java.base/sun.nio.fs', 'java.base/jdk.internal.misc', 'java.logging/java.util.logging'],
].flatMap((place) => [`--add-opens=${place}=ALL-UNNAMED`, `--add-exports=${place}=ALL-UNNAMED`]);

export async function startCassandra(
  bench: Bench,
  certificates: Certificates,
  variants: readonly CassandraVariant[],
): Promise<void> {
  await Promise.all(
    variants.map(async (wanted) => {
      const { id, host } = wanted;
      const folder = bench.place(id);
      const file = join(folder, 'cassandra.yaml');
      writeFileSync(file, configuration(folder, wanted, certificates));
      await bench.launch({
        id,
        host,
        port: PORT,
        folder,
        command: 'java',
        args: [
          ...javaArguments(384),
          ...OPENS,
          `-Djava.io.tmpdir=${folder}`,
          `-Dcassandra.config=file://${file}`,
          `-Dcassandra.storagedir=${folder}/data`,
          `-Dcassandra.logdir=${folder}`,
          '-Dcassandra-foreground=yes',
          '-Dcassandra.skip_wait_for_gossip_to_settle=0',
          '-Dcassandra.superuser_setup_delay_ms=0',
          '-Dcassandra.ring_delay_ms=0',
          '-Djdk.attach.allowAttachSelf=true',
          '-Dio.netty.tryReflectionSetAccessible=true',
          ...classPath('cassandra'),
          'org.apache.cassandra.service.CassandraDaemon',
        ],
        deadlineMs: 240_000,
        ready: () => accepts(host, PORT),
      });
    }),
  );
}

function configuration(
  folder: string,
  { id, host, authenticator, encryption }: CassandraVariant,
  certificates: Certificates,
): string {
  const places = ['commitlog', 'saved_caches', 'hints', 'cdc_raw'].map(
    (name) => `${name}_directory: ${folder}/${name}`,
  );
  return `cluster_name: ${id}
num_tokens: 1
partitioner: org.apache.cassandra.dht.Murmur3Partitioner
endpoint_snitch: SimpleSnitch
commitlog_sync: periodic
commitlog_sync_period: 10000ms
commitlog_segment_size: 8MiB
commitlog_disk_access_mode: legacy
disk_access_mode: standard
memtable_heap_space: 16MiB
memtable_offheap_space: 16MiB
key_cache_size: 0MiB
file_cache_size: 16MiB
networking_cache_size: 16MiB
data_file_directories: [${folder}/data]
${places.join('\n')}
seed_provider: [{class_name: org.apache.cassandra.locator.SimpleSeedProvider, parameters: [{seeds: "${host}:7000"}]}]
listen_address: ${host}
rpc_address: ${host}
native_transport_port: ${PORT}
authenticator: ${authenticator}
authorizer: AllowAllAuthorizer
client_encryption_options:
  enabled: ${encryption !== undefined}
  optional: ${encryption === 'optional'}
  keystore: ${certificates.store}
  keystore_password: ${certificates.storePassword}
  store_type: PKCS12
  truststore: ${certificates.store}
  truststore_password: ${certificates.storePassword}
  require_client_auth: ${encryption === 'mutual'}
`;
}
