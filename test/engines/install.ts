/**
 * Fetches real engines for the probe tests: `node test/engines/install.ts`.
 * Every step leaves a stamp named after its exact content, so a second run does nothing and a changed version
 * installs again.
 */
import { installDebian } from './install-debian.ts';
import { installJava } from './install-java.ts';
import { installPostgres17 } from './install-postgres.ts';
import { installChroma } from './install-python.ts';
import { cacheFolder } from './layout.ts';

export function install(): void {
  installDebian();
  installJava();
  installPostgres17();
  installChroma();
}

if (import.meta.main) {
  console.log(`engines: into ${cacheFolder()}`);
  install();
}
