import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Bench } from './bench.ts';
import type { Certificates } from './certificates.ts';
import type { Variant } from './engine.ts';
import { javaArguments } from './java.ts';
import { debianFile } from './layout.ts';
import { accepts } from './ready.ts';

interface ZookeeperVariant extends Variant {
  readonly settings: (certificates: Certificates) => readonly string[];
}

export const ZOOKEEPER_VARIANTS: readonly ZookeeperVariant[] = [
  variant('zookeeper-open', '127.0.20.1', 2181, 'as it comes: only srvr is allowed', () => []),
  variant('zookeeper-words', '127.0.20.2', 2181, 'every four-letter word is allowed', () => [
    '4lw.commands.whitelist=*',
  ]),
  variant('zookeeper-tls', '127.0.20.4', 2281, 'TLS only', (files) => tls(files, 'none')),
  variant('zookeeper-mtls', '127.0.20.5', 2281, 'client certificate demanded', (files) => tls(files, 'need')),
];

function variant(
  id: string,
  host: string,
  port: number,
  note: string,
  settings: ZookeeperVariant['settings'],
): ZookeeperVariant {
  const tls = port === 2281 ? 'first' : 'plain';
  return { id, kind: 'zookeeper', engine: 'zookeeper', host, port, note, settings, tls };
}

function tls(certificates: Certificates, clientAuth: 'none' | 'need'): string[] {
  return [
    'serverCnxnFactory=org.apache.zookeeper.server.NettyServerCnxnFactory',
    `ssl.keyStore.location=${certificates.bundle}`,
    `ssl.trustStore.location=${certificates.authority}`,
    `ssl.clientAuth=${clientAuth}`,
  ];
}

export async function startZookeeper(
  bench: Bench,
  certificates: Certificates,
  variants: readonly ZookeeperVariant[],
): Promise<void> {
  const jars = [
    ...[
      'zookeeper',
      'zookeeper-jute',
      'slf4j-api',
      'slf4j-simple',
      'netty-all',
      'netty-handler',
      'netty-transport',
      'netty-common',
    ],
    ...[
      'netty-buffer',
      'netty-codec',
      'netty-resolver',
      'netty-transport-native-epoll',
      'netty-transport-native-unix-common',
      'metrics-core',
      'snappy-java',
    ],
  ].map((name) => debianFile(`usr/share/java/${name}.jar`));
  await Promise.all(
    variants.map(async ({ id, host, port, settings }) => {
      const folder = bench.place(id);
      const file = join(folder, 'zoo.cfg');
      const listens = port === 2281 ? 'secureClientPort' : 'clientPort';
      const common = [`dataDir=${folder}/data`, `${listens}=${port}`, `${listens}Address=${host}`, 'tickTime=2000'];
      writeFileSync(file, [...common, 'admin.enableServer=false', ...settings(certificates), ''].join('\n'));
      await bench.launch({
        id,
        host,
        port,
        folder,
        command: 'java',
        args: [...javaArguments(96), '-cp', jars.join(':'), 'org.apache.zookeeper.server.ZooKeeperServerMain', file],
        deadlineMs: 120_000,
        ready: () => accepts(host, port),
      });
    }),
  );
}
