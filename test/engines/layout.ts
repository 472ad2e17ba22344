import { existsSync, readdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

/** The security plugin is on Maven Central for 2.19.1, .3 and .4 only, so the server follows it. */
export const OPENSEARCH_VERSION = '2.19.4';
/** The last line that runs without an Elastic distribution and without security on by default. */
export const ELASTICSEARCH_VERSION = '7.17.28';

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

/** The unpacked Debian packages, laid out as if this were `/`. */
export function debianRoot(): string {
  return join(cacheFolder(), 'debian');
}

export function debianFile(path: string): string {
  const file = join(debianRoot(), path);
  if (!existsSync(file)) throw new Error(`${file} is missing: run node test/engines/install.ts first`);
  return file;
}

/** Unpacked programs need their unpacked libraries; the loader looks in the system's folders after these. */
export function libraryPath(): string {
  const lib = join(debianRoot(), 'usr/lib');
  if (!existsSync(lib)) return '';
  return readdirSync(lib)
    .filter((name) => name.endsWith('-linux-gnu') || name.endsWith('-linux-gnueabihf'))
    .map((name) => join(lib, name))
    .join(':');
}

export type JavaProduct = 'opensearch' | 'opensearch-security' | 'elasticsearch';

/** A folder of jars from Maven Central (`classes/` beside them for our launchers). */
export function javaFolder(product: JavaProduct): string {
  return join(cacheFolder(), product);
}
