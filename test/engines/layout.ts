import { existsSync, readdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** The security plugin is on Maven Central for 2.19.1, .3 and .4 only, so the server follows it. */
export const OPENSEARCH_VERSION = '2.19.4';
/** The last line that runs without an Elastic distribution and without security on by default. */
export const ELASTICSEARCH_VERSION = '7.17.28';
/** Of this line Central has the server and its HTTP, not the module with the main page, nor X-Pack. */
export const ELASTICSEARCH_8_VERSION = '8.14.3';
export const KAFKA_VERSION = '3.9.1';
/** Central has no `cassandra-all` of the 4.1 line that resolves. */
export const CASSANDRA_VERSION = '5.0.8';
/** The last long-term line for JDK 17. */
export const NEO4J_VERSION = '5.26.0';
export const SOLR_VERSION = '9.10.1';
export const MONGO_JAVA_SERVER_VERSION = '1.47.0';
/** No engine: what says whether a PDF is PDF/UA. */
export const VERAPDF_VERSION = '1.26.1';
export const HADOOP_VERSION = '3.3.6';
export const POSTGRES_17_VERSION = '17.6.0';
/** The server is Rust inside the wheel: nothing of what the wheel depends on is needed to run it. */
export const CHROMA_VERSION = '1.5.9';
export const ETCD_36_VERSION = '3.6.16';
/** The last that has a storage of its own: the 2nd line is an extension of PostgreSQL. */
export const FERRETDB_VERSION = '1.24.2';

/**
 * Where the engines live once unpacked. Root's default is outside /root, because that folder is closed to the
 * unprivileged account that PostgreSQL and memcached insist on running as.
 */
export function cacheFolder(): string {
  const chosen = process.env['AJAR_ENGINES_DIR'];
  if (chosen !== undefined && chosen !== '') return chosen;
  return isRoot() ? '/var/cache/ajar-engines' : join(homedir(), '.cache', 'ajar-engines');
}

export function isRoot(): boolean {
  return process.getuid?.() === 0;
}

/**
 * Unpacked Debian packages, each group laid out as if it were `/`: the engines of the first probes, and the rest. Several
 * groups, so that a package more does not fetch everything again.
 */
export type DebianGroup = 'debian' | 'debian-stores' | 'debian-firebird';
const GROUPS: readonly DebianGroup[] = ['debian', 'debian-stores', 'debian-firebird'];

export function debianRoot(group: DebianGroup): string {
  return join(cacheFolder(), group);
}

export function debianFile(path: string): string {
  const file = GROUPS.map((group) => join(debianRoot(group), path)).find((candidate) => existsSync(candidate));
  if (file === undefined) throw new Error(`${path} is in no unpacked package: run node test/engines/install.ts first`);
  return file;
}

/** Unpacked programs need their unpacked libraries; the loader looks in the system's folders after these. */
export function libraryPath(): string {
  return GROUPS.flatMap((group) => ['usr/lib', 'lib'].map((place) => join(debianRoot(group), place)))
    .filter((place) => existsSync(place))
    .flatMap((place) => readdirSync(place).map((name) => ({ name, folder: join(place, name) })))
    .filter(({ name }) => name.endsWith('-linux-gnu') || name.endsWith('-linux-gnueabihf'))
    .map(({ folder }) => folder)
    .join(':');
}

export type JavaProduct =
  | 'opensearch'
  | 'opensearch-security'
  | 'verapdf'
  | 'elasticsearch'
  | 'elasticsearch-8'
  | 'kafka'
  | 'cassandra'
  | 'neo4j'
  | 'solr'
  | 'mongo-java-server'
  | 'hadoop';

/** A folder of jars from Maven Central (`classes/` beside them for our launchers). */
export function javaFolder(product: JavaProduct): string {
  return join(cacheFolder(), product);
}

/** What comes neither from Debian nor as jars to run. */
export function productFolder(product: 'postgres-17' | 'chroma' | 'etcd-3.6' | 'ferretdb'): string {
  return join(cacheFolder(), product);
}
