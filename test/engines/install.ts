/**
 * Fetches real engines for the probe tests: `node test/engines/install.ts [redis postgres ...]`.
 * Debian packages are unpacked, never installed, so no maintainer script can start or register a service.
 * Every step leaves a stamp named after its exact content, so a second run does nothing and a changed version
 * installs again.
 */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import {
  cacheFolder,
  debianRoot,
  ELASTICSEARCH_VERSION,
  type JavaProduct,
  javaFolder,
  OPENSEARCH_VERSION,
} from './layout.ts';

const PACKAGES = [
  'postgresql-15',
  'postgresql-client-15',
  'mariadb-server-core',
  'redis-server',
  'redis-tools',
  'memcached',
];

const DEPENDENCY_PLUGIN = 'org.apache.maven.plugins:maven-dependency-plugin:3.8.1';

interface Artifact {
  readonly group: string;
  readonly artifact: string;
  readonly version: string;
}

interface JavaServer {
  readonly product: JavaProduct;
  readonly artifacts: readonly Artifact[];
  readonly launcher: string;
}

const OPENSEARCH_SERVER: JavaServer = {
  product: 'opensearch',
  launcher: 'OpenSearchLauncher.java',
  artifacts: [
    { group: 'org.opensearch', artifact: 'opensearch', version: OPENSEARCH_VERSION },
    { group: 'org.opensearch.plugin', artifact: 'transport-netty4-client', version: OPENSEARCH_VERSION },
    // The published POM leaves the log implementation out, and a Node does not start without it.
    { group: 'org.apache.logging.log4j', artifact: 'log4j-core', version: '2.21.0' },
  ],
};

const ELASTICSEARCH_SERVER: JavaServer = {
  product: 'elasticsearch',
  launcher: 'ElasticsearchLauncher.java',
  artifacts: [
    { group: 'org.elasticsearch', artifact: 'elasticsearch', version: ELASTICSEARCH_VERSION },
    { group: 'org.elasticsearch.plugin', artifact: 'transport-netty4-client', version: ELASTICSEARCH_VERSION },
  ],
};

export function install(): void {
  step('debian', debianRoot(), PACKAGES.join('\n'), unpackDebian);
  for (const server of [OPENSEARCH_SERVER, ELASTICSEARCH_SERVER]) {
    const source = readFileSync(launcherSource(server), 'utf8');
    step(server.product, javaFolder(server.product), pom(server) + source, (folder) => fetchJars(folder, server));
  }
  step('opensearch-security', javaFolder('opensearch-security'), OPENSEARCH_VERSION, fetchSecurityPlugin);
}

/** Runs `build` into an empty folder unless the folder already holds exactly this content. */
function step(name: string, folder: string, content: string, build: (folder: string) => void): void {
  const stamp = join(folder, '.complete');
  const wanted = createHash('sha256').update(content).digest('hex');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) {
    console.log(`engines: ${name} is already there`);
    return;
  }
  const began = Date.now();
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  build(folder);
  writeFileSync(stamp, wanted);
  console.log(`engines: ${name} installed in ${((Date.now() - began) / 1000).toFixed(1)} s`);
}

function unpackDebian(folder: string): void {
  const archives = join(folder, 'archives');
  mkdirSync(join(archives, 'partial'), { recursive: true });
  const fetch = () =>
    run('apt-get', [
      // apt hands downloads to its own account, which cannot enter a private cache folder.
      '-o',
      'APT::Sandbox::User=root',
      '-o',
      'Debug::NoLocking=1',
      '-o',
      `Dir::Cache::archives=${archives}`,
      // Reinstall: also fetch what the machine has, so that the versions do not depend on the machine.
      'install',
      '--download-only',
      '--reinstall',
      '-y',
      '--no-install-recommends',
      ...PACKAGES,
    ]);
  try {
    fetch();
  } catch {
    // An image without package lists, or with lists older than the archive.
    run('apt-get', ['update', '-qq']);
    fetch();
  }
  for (const name of readdirSync(archives).filter((file) => file.endsWith('.deb'))) {
    run('dpkg', ['-x', join(archives, name), folder]);
  }
  rmSync(archives, { recursive: true });
}

function fetchJars(folder: string, server: JavaServer): void {
  writeFileSync(join(folder, 'pom.xml'), pom(server));
  const jars = join(folder, 'jars');
  maven(folder, [`${DEPENDENCY_PLUGIN}:copy-dependencies`, `-DoutputDirectory=${jars}`, '-DincludeScope=runtime']);
  run('javac', ['-cp', join(jars, '*'), '-d', join(folder, 'classes'), launcherSource(server)]);
}

function fetchSecurityPlugin(folder: string): void {
  const artifact = `org.opensearch.plugin:opensearch-security:${OPENSEARCH_VERSION}.0:zip`;
  maven(folder, [`${DEPENDENCY_PLUGIN}:copy`, `-Dartifact=${artifact}`, `-DoutputDirectory=${folder}`]);
  const zip = join(folder, `opensearch-security-${OPENSEARCH_VERSION}.0.zip`);
  // `jar` comes with the JDK that we need anyway; `unzip` would be one more thing a machine may lack.
  run('jar', ['xf', zip], folder);
  rmSync(zip);
}

function pom(server: JavaServer): string {
  const wanted = server.artifacts.map(
    ({ group, artifact, version }) =>
      `<dependency><groupId>${group}</groupId><artifactId>${artifact}</artifactId><version>${version}</version></dependency>`,
  );
  return `<project xmlns="http://maven.apache.org/POM/4.0.0"><modelVersion>4.0.0</modelVersion>
<groupId>ajar</groupId><artifactId>${server.product}-bench</artifactId><version>1</version>
<dependencies>
${wanted.join('\n')}
</dependencies></project>
`;
}

function launcherSource(server: JavaServer): string {
  return fileURLToPath(new URL(`java/${server.launcher}`, import.meta.url));
}

function maven(folder: string, args: readonly string[]): void {
  run('mvn', ['-q', '-B', '-ntp', ...args], folder);
}

function run(command: string, args: readonly string[], cwd?: string): void {
  try {
    execFileSync(command, args, { cwd, stdio: 'pipe', env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } });
  } catch (error) {
    throw new Error(`${command} failed: ${outputOf(error)}`, { cause: error });
  }
}

/** Maven explains itself on standard output, apt and javac on standard error. */
function outputOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const streams = ['stdout', 'stderr'].map((name) => Reflect.get(error, name)).filter((part) => part instanceof Buffer);
  return Buffer.concat(streams).toString('utf8').slice(-2000) || error.message;
}

if (import.meta.main) {
  console.log(`engines: into ${cacheFolder()}`);
  install();
}
