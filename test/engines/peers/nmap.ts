/**
 * nmap as a stranger would run it who knows what the inventory says: `-sV`, and the scripts of its own that fit the
 * engine, forced (`+`) where the port would not tell it. No brute force and no guessing of passwords beyond
 * `mysql-empty-password`, which is nmap's own idea of the question.
 */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { EngineKind, RunningEngine } from '../engine.ts';

/** What nmap printed of one port. */
export interface NmapPort {
  readonly service: Readonly<Record<string, string>>;
  readonly scripts: Readonly<Record<string, string>>;
}

/** A real answer takes it up to 100 s here; the rest it gives up, and says nothing at all. */
const HOST_TIMEOUT_S = 120;
const OUTPUT_BYTES = 4 * 1024 * 1024;

/** Not `http-server-header`: it marks the service as probed, whatever name the port's number had given it. */
const HTTP = ['http-title', 'http-auth', 'http-headers'];
const HTTP_PORTS: ReadonlySet<number> = new Set([
  2379, 7474, 7473, 8000, 8086, 8123, 8428, 8443, 8983, 9090, 9200, 15672,
]);
const SCRIPTS: Partial<Record<EngineKind, readonly string[]>> = {
  mysql: ['mysql-info', 'mysql-empty-password'],
  sphinx: ['mysql-info', 'mysql-empty-password'],
  redis: ['redis-info'],
  'redis-front': ['redis-info'],
  memcached: ['memcached-info'],
  'mongo-java-server': ['mongodb-info', 'mongodb-databases'],
  ferretdb: ['mongodb-info', 'mongodb-databases'],
  cassandra: ['cassandra-info'],
  rabbitmq: ['amqp-info'],
  derby: ['drda-info'],
};

/** `undefined`: nmap gave the host up. */
export async function askNmap(engine: RunningEngine): Promise<NmapPort | undefined> {
  const { kind, host, port, localAddress } = engine;
  const fitting = HTTP_PORTS.has(port) ? HTTP : (SCRIPTS[kind] ?? []);
  const args = [
    ...['-n', '-Pn', '-sT', '-sV', '-p', String(port), '--host-timeout', `${HOST_TIMEOUT_S}s`],
    ...(localAddress === undefined ? [] : ['-e', 'lo', '-S', localAddress]),
    ...['--script', ['ssl-cert', ...fitting.map((script) => `+${script}`)].join(','), '-oX', '-', host],
  ];
  const timeout = (HOST_TIMEOUT_S + 30) * 1000;
  const { stdout } = await promisify(execFile)('nmap', args, { maxBuffer: OUTPUT_BYTES, timeout });
  return readNmap(stdout);
}

/** Of its XML only the one port that was asked for: attributes are all there is to read, and nmap escapes them. */
export function readNmap(xml: string): NmapPort | undefined {
  const port = /<port [^>]*>(?<inside>[^]*?)<\/port>/u.exec(xml)?.groups?.['inside'];
  if (port === undefined) return undefined;
  const attributes = /<service (?<inside>[^>]*)>/u.exec(port)?.groups?.['inside'] ?? '';
  const service = [...attributes.matchAll(/(?<name>[a-z]+)="(?<value>[^"]*)"/gu)];
  const scripts = [...port.matchAll(/<script id="(?<name>[^"]*)" output="(?<value>[^"]*)"/gu)];
  return { service: pairs(service), scripts: pairs(scripts) };
}

function pairs(found: readonly RegExpExecArray[]): Record<string, string> {
  return Object.fromEntries(found.map(({ groups }) => [groups?.['name'] ?? '', unescaped(groups?.['value'] ?? '')]));
}

const NAMED: Readonly<Record<string, string>> = { quot: '"', apos: "'", lt: '<', gt: '>', amp: '&' };

function unescaped(text: string): string {
  return text.replaceAll(
    /&(?:#x(?<hex>[0-9a-f]+)|#(?<decimal>\d+)|(?<name>[a-z]+));/giu,
    (whole, hex, decimal, name) => {
      if (typeof name === 'string') return NAMED[name] ?? whole;
      return String.fromCodePoint(typeof hex === 'string' ? Number.parseInt(hex, 16) : Number(decimal));
    },
  );
}
