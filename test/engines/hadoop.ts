import { join } from 'node:path';
import type { Bench } from './bench.ts';
import type { Certificates } from './certificates.ts';
import type { Variant } from './engine.ts';
import { classPath, javaArguments } from './java.ts';
import { answers, settle } from './ready.ts';

interface HadoopVariant extends Variant {
  readonly mode: 'open' | 'private' | 'named' | 'yarn';
}

export const HADOOP_VARIANTS: readonly HadoopVariant[] = [
  variant('hadoop-hdfs-open', '127.0.38.1', 9870, 'a name node as it comes', 'open'),
  { ...variant('hadoop-yarn-open', '127.0.38.2', 8088, 'a resource manager as it comes', 'yarn'), extra: true },
  { ...variant('hadoop-hdfs-private', '127.0.38.3', 9870, 'a root closed to others', 'private'), extra: true },
  { ...variant('hadoop-hdfs-named', '127.0.38.4', 9870, 'whoever names himself is let in', 'named'), extra: true },
];

function variant(id: string, host: string, port: number, note: string, mode: HadoopVariant['mode']): HadoopVariant {
  return { id, kind: 'hadoop', engine: 'hadoop', host, port, note, tls: 'plain', mode };
}

export async function startHadoop(
  bench: Bench,
  _certificates: Certificates,
  variants: readonly HadoopVariant[],
): Promise<void> {
  await Promise.all(
    variants.map(async ({ id, host, port, mode }) => {
      const folder = bench.place(id);
      // The first question to WebHDFS takes seconds, and it is the bench that asks it.
      const path = mode === 'yarn' ? '/ws/v1/cluster/info' : '/webhdfs/v1/?op=LISTSTATUS';
      await bench.launch({
        id,
        host,
        port,
        folder,
        command: 'java',
        args: [
          ...javaArguments(192),
          '--add-opens=java.base/java.lang=ALL-UNNAMED',
          ...classPath('hadoop'),
          ...['HadoopLauncher', host, join(folder, 'cluster'), mode],
        ],
        deadlineMs: 120_000,
        ready: async (log) => log().includes('bench is ready') && (await answers({ host, port }, path)),
      });
      await settle({ host, port }, Buffer.from(`GET ${path} HTTP/1.0\r\n\r\n`));
    }),
  );
}
