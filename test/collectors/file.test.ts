import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { readInventory } from '../../lib/collectors/file.ts';
import { formatProblem, MAX_PROBLEMS } from '../../lib/model/yaml.ts';

const root = mkdtempSync(join(tmpdir(), 'ajar-files-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));
const entry = (id: string): string => `  - id: ${id}\n    host: DB.example.com\n    port: 6379\n    engine: redis\n`;
function file(name: string, ...ids: string[]): string {
  const path = join(root, name);
  writeFileSync(path, `version: 1\nendpoints:\n${ids.map(entry).join('')}`);
  return path;
}
const read = async (...files: string[]): Promise<string[]> =>
  (await readInventory(files)).problems.map((p) => formatProblem(p).replaceAll(`${root}/`, ''));

describe('an inventory of several files', () => {
  it('is one list, in the order of the files', async () => {
    const { endpoints, problems } = await readInventory([file('one.yaml', 'a', 'b'), file('two.yaml', 'c')]);
    expect(problems).toEqual([]);
    expect(endpoints.map((e) => e.id)).toEqual(['a', 'b', 'c']);
    expect(endpoints[0]).toMatchObject({ host: 'db.example.com', source: 'file', tags: {}, declared: {} });
  });

  it('names both places of an id that two files give, and yields no endpoint', async () => {
    const files = [file('one.yaml', 'a', 'b'), file('two.yaml', 'c'), file('three.yaml', 'd', 'b')];
    expect(await read(...files)).toEqual(['three.yaml:7:5: id b is at one.yaml:7 too: every id must be its own']);
    expect((await readInventory(files)).endpoints).toEqual([]);
  });

  it('says of a file given twice what is wrong, and not a hundred thousand times', async () => {
    const ids = Array.from({ length: 500 }, (_, i) => `e${i}`);
    const same = file('same.yaml', ...ids);
    const problems = await read(same, same);
    expect(problems).toHaveLength(MAX_PROBLEMS);
    expect(problems[0]).toMatch(/^same\.yaml:3:5: id e0 is at same\.yaml:3 too/);
  });

  it('reports every file that cannot be read or is wrong, and yields no endpoint', async () => {
    writeFileSync(join(root, 'wrong.yaml'), 'version: 1\nendpoints: {}\n');
    const files = [join(root, 'absent.yaml'), file('one.yaml', 'a'), join(root, 'wrong.yaml'), root];
    expect(await read(...files)).toEqual([
      'absent.yaml:1:1: cannot be read (ENOENT): check the path and its permissions',
      'wrong.yaml:2:1: endpoints must be a list of endpoints',
      `${root}:1:1: cannot be read (EISDIR): check the path and its permissions`,
    ]);
    expect((await readInventory(files)).endpoints).toEqual([]);
  });
});

it('what a file declares is declared by that file, and nothing more', async () => {
  const path = join(root, 'declared.yaml');
  writeFileSync(path, `version: 1\nendpoints:\n${entry('a')}    declared: { tls: on, network: unknown }\n`);
  const { endpoints } = await readInventory([path]);
  const evidence = `declared in ${path}`;
  expect(endpoints[0]?.declared).toEqual({
    tls: { level: 'on', basis: 'declared', evidence },
    network: { level: 'unknown', basis: 'declared', evidence },
  });
});
