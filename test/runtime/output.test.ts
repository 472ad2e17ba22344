import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { writeFiles } from '../../lib/runtime/output.ts';

const root = mkdtempSync(join(tmpdir(), 'ajar-output-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));
const FILES = [
  { name: 'a.csv', content: 'a' },
  { name: 'b.json', content: 'b' },
];

describe('files of a command', () => {
  it('are written into a folder that is made for them, and over older ones', async () => {
    const dir = join(root, 'deep', 'down');
    await writeFiles(dir, [{ name: 'a.csv', content: 'old' }]);
    await writeFiles(dir, FILES);
    expect(readdirSync(dir)).toEqual(['a.csv', 'b.json']);
    expect(readFileSync(join(dir, 'a.csv'), 'utf8')).toBe('a');
  });

  it('are all or none: one that cannot be put in place leaves no draft behind', async () => {
    const dir = join(root, 'partly');
    mkdirSync(join(dir, 'b.json', 'x'), { recursive: true });
    await expect(writeFiles(dir, FILES)).rejects.toMatchObject({ code: 'bad-input' });
    expect(readdirSync(dir).filter((name) => name.startsWith('.'))).toEqual([]);
  });

  it.each([
    ['a file', () => join(root, 'file'), 'not a directory'],
    ['below a file', () => join(root, 'file', 'below'), 'not a directory'],
    ['a name that is too long', () => join(root, 'x'.repeat(300)), 'the name is too long'],
    ['a folder of the system', () => '/proc/ajar/report', 'nothing can be created there'],
  ])('%s cannot hold them, and the reason is told', async (_, dir, reason) => {
    writeFileSync(join(root, 'file'), 'mine');
    await expect(writeFiles(dir(), FILES)).rejects.toMatchObject({
      code: 'bad-input',
      message: `--out ${dir()}: ${reason}`,
      cure: expect.stringContaining('--out'),
    });
    expect(readFileSync(join(root, 'file'), 'utf8')).toBe('mine');
  });

  it.skipIf(process.getuid?.() === 0)('a folder without permission is refused', async () => {
    const dir = join(root, 'locked');
    mkdirSync(dir);
    chmodSync(dir, 0o500);
    await expect(writeFiles(dir, FILES)).rejects.toMatchObject({ message: `--out ${dir}: permission denied` });
    expect(existsSync(join(dir, 'a.csv'))).toBe(false);
  });
});
