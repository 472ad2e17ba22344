/**
 * Servers that are built from the Go module proxy. A build on a new machine takes one to two minutes, so it happens when
 * such a server is first started, not with the others; `go` itself must be there.
 */
import { execFileSync } from 'node:child_process';
import { cpSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { run, step } from './install-step.ts';
import { ETCD_36_VERSION, FERRETDB_VERSION, productFolder } from './layout.ts';

/** The program. */
export function installEtcd36(): string {
  const program = join(productFolder('etcd-3.6'), 'etcd');
  step('etcd-3.6', productFolder('etcd-3.6'), ETCD_36_VERSION, (folder) => {
    module(folder, 'go.etcd.io/etcd/server/v3', ETCD_36_VERSION);
    run('go', ['build', '-mod=mod', '-o', program, 'go.etcd.io/etcd/server/v3'], folder);
  });
  return program;
}

/** It wants to know its own version from a file that its release process writes: the module is copied and the file added. */
export function installFerretdb(): string {
  const program = join(productFolder('ferretdb'), 'ferretdb');
  step('ferretdb', productFolder('ferretdb'), FERRETDB_VERSION, (folder) => {
    const name = 'github.com/FerretDB/FerretDB';
    module(folder, name, FERRETDB_VERSION);
    run('go', ['mod', 'download', name], folder);
    const list = ['list', '-mod=mod', '-m', '-f', '{{.Dir}}', name];
    const source = execFileSync('go', list, { cwd: folder, encoding: 'utf8' }).trim();
    const copy = join(folder, 'source');
    cpSync(source, copy, { recursive: true });
    // Modules are kept read-only.
    run('chmod', ['-R', 'u+w', copy]);
    writeFileSync(join(copy, 'build/version/version.txt'), `v${FERRETDB_VERSION}\n`);
    run('go', ['build', '-o', program, './cmd/ferretdb'], copy);
    rmSync(copy, { recursive: true });
  });
  return program;
}

function module(folder: string, name: string, version: string): void {
  writeFileSync(join(folder, 'go.mod'), `module bench\n\ngo 1.24\n\nrequire ${name} v${version}\n`);
}
