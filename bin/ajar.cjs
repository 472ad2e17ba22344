#!/usr/bin/env node
// Starts ajar on a Node that can run it. CommonJS and old syntax on purpose: this file must load on any Node.
// Node >= 22.19 runs it directly; an older one hands over to the Node pinned in optionalDependencies.
'use strict';
const path = require('node:path');
const { spawn } = require('node:child_process');

const WANTED = [22, 19];
const main = path.join(__dirname, '..', 'lib', 'cli', 'main.ts');

function isNewEnough(version) {
  const parts = version.split('.').map(Number);
  return parts[0] > WANTED[0] || (parts[0] === WANTED[0] && parts[1] >= WANTED[1]);
}

function pinnedNode() {
  try {
    return require.resolve(`node-${process.platform}-${process.arch}/bin/node`);
  } catch (error) {
    if (error.code !== 'MODULE_NOT_FOUND') throw error;
    return undefined;
  }
}

if (isNewEnough(process.versions.node)) {
  import(require('node:url').pathToFileURL(main).href).then((cli) => cli.run(process.argv.slice(2)));
} else {
  const node = pinnedNode();
  if (node === undefined) {
    console.error(
      `ajar: needs Node ${WANTED.join('.')} or newer; this is ${process.versions.node}, and no pinned Node is installed here.`,
    );
    console.error('      Install Node 24, or run `npm ci` without --omit=optional on Linux x64 or arm64.');
    process.exit(4);
  }
  const child = spawn(node, [main, ...process.argv.slice(2)], { stdio: 'inherit' });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.on('exit', (code, signal) =>
    process.exit(signal === null ? code : 128 + (require('node:os').constants.signals[signal] || 0)),
  );
}
