/**
 * `npm run new:probe NAME [-- --stream] [--port N]`: probe, codec, test, fixture, catalogue line and engine name of a new
 * protocol, all of it green, so that what is left is the protocol itself. Refuses to write over anything.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { httpFiles } from './new-probe/http.ts';
import type { Names } from './new-probe/names.ts';
import { streamFiles } from './new-probe/stream.ts';

const USAGE = `usage: npm run new:probe NAME [-- --stream] [--port N]

  NAME      the protocol, in small letters, digits and hyphens: it becomes the probe's id and its engine
  --stream  a byte stream; without it, HTTP
  --port N  its default port (default 7000)

Then: docs/adding-a-probe.md says what to put where.`;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { stream: { type: 'boolean', default: false }, port: { type: 'string', default: '7000' } },
});
const [id = ''] = positionals;
const port = Number(values.port);
if (positionals.length !== 1 || !/^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$/u.test(id) || !(port > 0 && port < 65_536)) {
  console.error(USAGE);
  process.exit(2);
}

const names: Names = { id, port, camel: id.replace(/-(.)/gu, (_, c: string) => c.toUpperCase()) };
const files = values.stream ? streamFiles(names) : httpFiles(names);
const taken = Object.keys(files).filter((path) => existsSync(path));
if (taken.length > 0) {
  console.error(`nothing written: there is already ${taken.join(', ')}`);
  process.exit(2);
}
for (const [path, text] of Object.entries(files)) {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}
edit('lib/probes/catalogue.ts', catalogued);
edit('lib/model/endpoint.ts', engineAdded);
console.log(`wrote ${Object.keys(files).join('\n      ')}
changed lib/probes/catalogue.ts, lib/model/endpoint.ts

next: npm run format && npm run schemas && npm run probe-docs && npm test
then: docs/adding-a-probe.md`);

function edit(path: string, change: (text: string) => string): void {
  const before = readFileSync(join(path), 'utf8');
  const after = change(before);
  if (after === before) throw new Error(`${path} has no place for ${id}: was it changed by hand?`);
  writeFileSync(path, after);
}

/** The imports and the list, both by name of the file. */
function catalogued(text: string): string {
  const lines = [...text.matchAll(/^import \{ (\w+) \} from '\.\/([\w-]+)\.ts';$/gmu)].map(
    ([, name = '', file = '']) => ({
      name,
      file,
    }),
  );
  const all = [...lines, { name: names.camel, file: id }].sort((a, b) => (a.file < b.file ? -1 : 1));
  const head = all.map(({ name, file }) => `import { ${name} } from './${file}.ts';`).join('\n');
  const list = all.map(({ name }) => `  ${name},`).join('\n');
  return text
    .replace(/(?:^import \{ \w+ \} from '\.\/[\w-]+\.ts';\n)+/mu, `${head}\n`)
    .replace(/(PROBES: readonly Probe\[\] = )\[[^\]]*\]/u, (_, start: string) => `${start}[\n${list}\n]`);
}

function engineAdded(text: string): string {
  const without = text.replace(new RegExp(`^  '${id}',\\n`, 'mu'), '');
  return without.replace(/(PROBED_ENGINES = \[\n(?:  '[\w-]+',\n)+)/u, `$1  '${id}',\n`);
}
