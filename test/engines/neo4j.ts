import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Bench } from './bench.ts';
import type { Certificates } from './certificates.ts';
import type { Variant } from './engine.ts';
import { classPath, javaArguments } from './java.ts';

interface Neo4jVariant extends Variant {
  readonly server: Server;
}

/** One process serves Bolt and HTTP. */
interface Server {
  readonly id: string;
  readonly host: string;
  readonly auth: boolean;
  readonly level?: 'OPTIONAL' | 'REQUIRED';
}

const OPEN: Server = { id: 'neo4j-open', host: '127.0.35.1', auth: false };
const AUTH: Server = { id: 'neo4j-auth', host: '127.0.35.2', auth: true };
const TLS: Server = { id: 'neo4j-tls', host: '127.0.35.3', auth: true, level: 'REQUIRED' };
const OPTIONAL: Server = { id: 'neo4j-optional', host: '127.0.35.4', auth: false, level: 'OPTIONAL' };

export const NEO4J_VARIANTS: readonly Neo4jVariant[] = [
  variant('neo4j-bolt-open', OPEN, 7687, 'Bolt, auth_enabled = false'),
  variant('neo4j-http-open', OPEN, 7474, 'HTTP, auth_enabled = false'),
  variant('neo4j-bolt-auth', AUTH, 7687, 'Bolt, auth_enabled = true'),
  variant('neo4j-http-auth', AUTH, 7474, 'HTTP, auth_enabled = true'),
  { ...variant('neo4j-bolt-tls', TLS, 7687, 'Bolt, TLS required, auth_enabled = true'), extra: true },
  { ...variant('neo4j-bolt-optional', OPTIONAL, 7687, 'Bolt, TLS optional, auth_enabled = false'), extra: true },
];

function variant(id: string, server: Server, port: number, note: string): Neo4jVariant {
  const tls = server.level === 'REQUIRED' && port === 7687 ? 'first' : 'plain';
  return { id, kind: 'neo4j', engine: 'neo4j', server, host: server.host, port, note, tls };
}

export async function startNeo4j(
  bench: Bench,
  certificates: Certificates,
  variants: readonly Neo4jVariant[],
): Promise<void> {
  const servers = [...new Set(variants.map(({ server }) => server))];
  await Promise.all(
    servers.map(async ({ id, host, auth, level }) => {
      const folder = bench.place(id);
      // It reads every file of the folder that it is given, so it gets one with nothing else in it.
      const keys = bench.place(join(id, 'keys'));
      copyFileSync(certificates.certificate, join(keys, 'node.pem'));
      copyFileSync(certificates.key, join(keys, 'node.key'));
      await bench.launch({
        id,
        host,
        port: 7687,
        folder,
        command: 'java',
        args: [
          ...javaArguments(256),
          `-Djava.io.tmpdir=${folder}`,
          ...classPath('neo4j'),
          ...['Neo4jLauncher', folder, host, String(auth)],
          ...(level === undefined ? [] : [keys, level]),
        ],
        deadlineMs: 240_000,
        ready: (log) => log().includes('bench is ready'),
      });
    }),
  );
}
