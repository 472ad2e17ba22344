import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { run, step } from './install-step.ts';
import {
  CASSANDRA_VERSION,
  ELASTICSEARCH_8_VERSION,
  ELASTICSEARCH_VERSION,
  HADOOP_VERSION,
  type JavaProduct,
  javaFolder,
  KAFKA_VERSION,
  MONGO_JAVA_SERVER_VERSION,
  NEO4J_VERSION,
  OPENSEARCH_VERSION,
  SOLR_VERSION,
  VERAPDF_VERSION,
} from './layout.ts';

const DEPENDENCY_PLUGIN = 'org.apache.maven.plugins:maven-dependency-plugin:3.8.1';

interface JavaServer {
  readonly product: JavaProduct;
  /** `group:artifact:version`. */
  readonly artifacts: readonly string[];
  /** A class of ours where the server's own main class needs more than jars. */
  readonly launcher?: string;
}

const SERVERS: readonly JavaServer[] = [
  {
    product: 'opensearch',
    launcher: 'OpenSearchLauncher',
    artifacts: [
      `org.opensearch:opensearch:${OPENSEARCH_VERSION}`,
      `org.opensearch.plugin:transport-netty4-client:${OPENSEARCH_VERSION}`,
      // The published POM leaves the log implementation out, and a Node does not start without it.
      'org.apache.logging.log4j:log4j-core:2.21.0',
    ],
  },
  {
    product: 'elasticsearch',
    launcher: 'ElasticsearchLauncher',
    artifacts: [
      `org.elasticsearch:elasticsearch:${ELASTICSEARCH_VERSION}`,
      `org.elasticsearch.plugin:transport-netty4-client:${ELASTICSEARCH_VERSION}`,
    ],
  },
  {
    product: 'elasticsearch-8',
    launcher: 'Elasticsearch8Launcher',
    artifacts: [
      `org.elasticsearch:elasticsearch:${ELASTICSEARCH_8_VERSION}`,
      `org.elasticsearch.plugin:transport-netty4:${ELASTICSEARCH_8_VERSION}`,
    ],
  },
  {
    product: 'mongo-java-server',
    launcher: 'MongoLauncher',
    artifacts: [`de.bwaldvogel:mongo-java-server:${MONGO_JAVA_SERVER_VERSION}`],
  },
  { product: 'kafka', artifacts: [`org.apache.kafka:kafka_2.13:${KAFKA_VERSION}`] },
  { product: 'cassandra', artifacts: [`org.apache.cassandra:cassandra-all:${CASSANDRA_VERSION}`] },
  {
    product: 'neo4j',
    launcher: 'Neo4jLauncher',
    artifacts: [`org.neo4j.test:neo4j-harness:${NEO4J_VERSION}`],
  },
  {
    product: 'hadoop',
    launcher: 'HadoopLauncher',
    artifacts: [
      ...['api', 'runtime', 'minicluster'].map((part) => `org.apache.hadoop:hadoop-client-${part}:${HADOOP_VERSION}`),
      // What the shaded jars leave out, and their own clusters do not start without.
      ...['log4j:log4j:1.2.17', 'org.mockito:mockito-core:2.28.2', 'org.bouncycastle:bcpkix-jdk15on:1.70'],
      ...['javax.xml.bind:jaxb-api:2.3.1', 'org.glassfish.jaxb:jaxb-runtime:2.3.3'],
    ],
  },
  {
    product: 'solr',
    launcher: 'SolrLauncher',
    artifacts: [`org.apache.solr:solr-core:${SOLR_VERSION}`, `org.apache.solr:solr-test-framework:${SOLR_VERSION}`],
  },
];

export function installJava(): void {
  for (const server of SERVERS) installServer(server);
  step('opensearch-security', javaFolder('opensearch-security'), OPENSEARCH_VERSION, fetchSecurityPlugin);
}

/** Asked for by the report's own test alone. */
export function installVerapdf(): void {
  installServer({
    product: 'verapdf',
    launcher: 'PdfUa',
    artifacts: [`org.verapdf:validation-model:${VERAPDF_VERSION}`],
  });
}

function installServer(server: JavaServer): void {
  const source = server.launcher === undefined ? '' : readFileSync(launcherSource(server.launcher), 'utf8');
  step(server.product, javaFolder(server.product), pom(server) + source, (folder) => fetchJars(folder, server));
}

function fetchJars(folder: string, server: JavaServer): void {
  writeFileSync(join(folder, 'pom.xml'), pom(server));
  const jars = join(folder, 'jars');
  maven(folder, [`${DEPENDENCY_PLUGIN}:copy-dependencies`, `-DoutputDirectory=${jars}`, '-DincludeScope=runtime']);
  if (server.launcher === undefined) return;
  run('javac', ['-cp', join(jars, '*'), '-d', join(folder, 'classes'), launcherSource(server.launcher)]);
}

function fetchSecurityPlugin(folder: string): void {
  fetchArtifact(folder, `org.opensearch.plugin:opensearch-security:${OPENSEARCH_VERSION}.0:zip`);
  const zip = join(folder, `opensearch-security-${OPENSEARCH_VERSION}.0.zip`);
  // `jar` comes with the JDK that we need anyway; `unzip` would be one more thing a machine may lack.
  run('jar', ['xf', zip], folder);
  rmSync(zip);
}

/** One file of Maven Central into a folder, as it is. */
export function fetchArtifact(folder: string, artifact: string): void {
  maven(folder, [`${DEPENDENCY_PLUGIN}:copy`, `-Dartifact=${artifact}`, `-DoutputDirectory=${folder}`]);
}

function pom(server: JavaServer): string {
  const wanted = server.artifacts.map((artifact) => {
    const [group, name, version] = artifact.split(':');
    return `<dependency><groupId>${group}</groupId><artifactId>${name}</artifactId><version>${version}</version></dependency>`;
  });
  return `<project xmlns="http://maven.apache.org/POM/4.0.0"><modelVersion>4.0.0</modelVersion>
<groupId>ajar</groupId><artifactId>${server.product}-bench</artifactId><version>1</version>
<dependencies>
${wanted.join('\n')}
</dependencies></project>
`;
}

function launcherSource(name: string): string {
  return fileURLToPath(new URL(`java/${name}.java`, import.meta.url));
}

function maven(folder: string, args: readonly string[]): void {
  run('mvn', ['-q', '-B', '-ntp', ...args], folder);
}
