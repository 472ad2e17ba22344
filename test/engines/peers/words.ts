/**
 * What nmap's words mean. In doubt they are read in nmap's favour: a reply that only an open server gives counts as
 * "open" although nmap does not say so, and a script that spoke the protocol to its end has named the product.
 * What is not said is not wrong.
 */
import type { EngineKind } from '../engine.ts';
import type { NmapPort } from './nmap.ts';
import type { Door } from './truth.ts';

export interface Said {
  readonly product: 'right' | 'wrong' | 'unknown';
  readonly door: Door | undefined;
  /** What was read, for the row. */
  readonly words: string;
}

/** What names the product of a kind, in the service line or in what a script printed. A family's name will do. */
const PRODUCTS: Readonly<Record<EngineKind, RegExp>> = {
  postgres: /postgresql/iu,
  'postgres-17': /postgresql/iu,
  pgbouncer: /pgbouncer|postgresql/iu,
  mysql: /mysql|mariadb/iu,
  redis: /redis/iu,
  'redis-front': /redis|twemproxy|nutcracker|haproxy/iu,
  memcached: /memcached/iu,
  etcd: /etcd/iu,
  'etcd-3.6': /etcd/iu,
  influxdb: /influx/iu,
  clickhouse: /clickhouse/iu,
  zookeeper: /zookeeper/iu,
  rabbitmq: /rabbitmq|amqp/iu,
  tarantool: /tarantool/iu,
  sphinx: /sphinx/iu,
  prometheus: /prometheus/iu,
  victoriametrics: /victoria/iu,
  nats: /nats\b/iu,
  h2: /\bh2\b/iu,
  derby: /derby|drda/iu,
  firebird: /firebird|interbase/iu,
  nginx: /nginx/iu,
  elasticsearch: /elasticsearch/iu,
  'elasticsearch-8': /elasticsearch/iu,
  opensearch: /opensearch|elasticsearch/iu,
  kafka: /kafka/iu,
  cassandra: /cassandra/iu,
  neo4j: /neo4j/iu,
  solr: /solr/iu,
  hadoop: /hadoop|hdfs|yarn/iu,
  'mongo-java-server': /mongodb/iu,
  chroma: /chroma/iu,
  ferretdb: /mongodb|ferretdb/iu,
};

/** Names of what carries HTTP, and of nothing: true, and no product. */
const GENERIC = /^(?:https?|ssl|unknown|tcpwrapped|.*httpd|.*http server|Jetty|Netty|nginx|CherryPy.*|uvicorn)$/iu;

interface Meaning {
  readonly in: string;
  readonly says: RegExp;
  readonly means: Door;
}

/** The first that fits wins. `service` is the line of -sV; the other names are scripts. */
const MEANINGS: readonly Meaning[] = [
  { in: 'mysql-empty-password', says: /account has empty password/u, means: 'open' },
  { in: 'mysql-empty-password', says: /is not allowed to connect/u, means: 'refused' },
  { in: 'service', says: /(?:MySQL|MariaDB) .*unauthorized/u, means: 'refused' },
  { in: 'redis-info', says: /Version: /u, means: 'open' },
  { in: 'redis-info', says: /Authentication required/u, means: 'demanded' },
  { in: 'memcached-info', says: /Authentication: no/u, means: 'open' },
  { in: 'memcached-info', says: /Authentication: yes/u, means: 'demanded' },
  { in: 'memcached-info', says: /Uptime: /u, means: 'open' },
  { in: 'mongodb-databases', says: /totalSize|name = /u, means: 'open' },
  { in: 'mongodb-databases', says: /not authorized|requires authentication/iu, means: 'demanded' },
  { in: 'mongodb-info', says: /not authorized|requires authentication/iu, means: 'demanded' },
  { in: 'service', says: /not authorized|need to login/iu, means: 'demanded' },
  { in: 'cassandra-info', says: /Cluster name: /u, means: 'open' },
  // A broker that lists how one may log in, and not ANONYMOUS among it.
  { in: 'amqp-info', says: /mechanisms: (?!.*ANONYMOUS)/u, means: 'demanded' },
  { in: 'http-auth', says: /HTTP\/1\.[01] 401/u, means: 'demanded' },
  { in: 'http-title', says: /No required SSL certificate was sent/u, means: 'demanded' },
  // Name, version and cluster are in the reply to `/`, which a secured one refuses.
  { in: 'service', says: /Elasticsearch REST API/u, means: 'open' },
];

export function readWords(kind: EngineKind, port: NmapPort | undefined): Said {
  if (port === undefined) return { product: 'unknown', door: undefined, words: 'gave up' };
  const { name = '', product = '', version = '', extrainfo = '', method } = port.service;
  // `table` is the name that is registered for the port number: no observation.
  const line = method === 'probed' ? [name, product, version, extrainfo].filter((part) => part !== '').join(' ') : '';
  const spoken = Object.entries(port.scripts).filter(
    ([id, text]) => id !== 'ssl-cert' && !/^\s*ERROR|^Error/u.test(text),
  );
  const texts: Readonly<Record<string, string>> = { ...Object.fromEntries(spoken), service: line };
  const door = MEANINGS.find(({ in: place, says }) => says.test(texts[place] ?? ''))?.means;
  const isNamed = PRODUCTS[kind].test([line, ...spoken.map(([id, text]) => naming(id, text))].join('\n'));
  const isOther = method === 'probed' && !GENERIC.test(product === '' ? name : product);
  return { product: isNamed ? 'right' : isOther ? 'wrong' : 'unknown', door, words: line === '' ? 'unknown' : line };
}

/** HTTP scripts print what any server says; the others speak one protocol, whose name is theirs. */
function naming(id: string, text: string): string {
  return id.startsWith('http-') ? text : id;
}
