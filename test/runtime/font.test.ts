import { mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { MAX_FONT_BYTES, readFont } from '../../lib/runtime/font.ts';

const dir = mkdtempSync(join(tmpdir(), 'ajar-font-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));
const at = (name: string, content = ''): string => {
  const path = join(dir, name);
  writeFileSync(path, content);
  return path;
};

it('reads a font', async () => {
  const path = createRequire(import.meta.url).resolve('dejavu-fonts-ttf/ttf/DejaVuSerif.ttf');
  expect((await readFont(path)).bytes.length).toBe(380_132);
});

it('says in one line what is no font, and reads no more than it is ready for', async () => {
  const huge = at('huge.ttf');
  truncateSync(huge, MAX_FONT_BYTES + 1);
  for (const [path, reason] of [
    [at('text.ttf', 'no font'), 'not a font'],
    [at('empty.ttf'), 'not a font'],
    [join(dir, 'absent.ttf'), 'cannot be opened (ENOENT)'],
    [dir, 'not a file'],
    [huge, `${MAX_FONT_BYTES + 1} bytes`],
  ] as const) {
    await expect(readFont(path)).rejects.toMatchObject({ code: 'bad-input', message: `--pdf-font ${path}: ${reason}` });
  }
});
