import { mkdtempSync, rmSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { doctorCommand } from '../../lib/cli/doctor.ts';
import { examineState } from '../../lib/runtime/doctor.ts';
import { openSqliteStore } from '../../lib/stores/sqlite.ts';

const root = mkdtempSync(join(tmpdir(), 'ajar-doctor-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

describe('ajar doctor', () => {
  it('reads a state directory through, and counts what is owed', async () => {
    const dir = join(root, 'state');
    const store = await openSqliteStore({ dir, sinks: [], now: () => new Date() });
    const line = {
      kind: 'run',
      runId: 'r',
      subject: 'r',
      observedAt: '2026-11-25T00:00:00.000Z',
      recordedAt: '2026-11-25T00:00:00.000Z',
      body: {},
    } as const;
    await store.append([line, line]);
    await store.close();
    expect(await examineState(dir)).toMatchObject({
      works: true,
      detail: expect.stringContaining('2 ledger lines, 0 notices owed'),
    });
  });

  it('does not mistake what a demo left for a state', async () => {
    const dir = join(root, 'left');
    await mkdir(join(dir, 'demo'), { recursive: true });
    const before = process.cwd();
    process.chdir(root);
    try {
      await mkdir(join(root, '.ajar', 'demo'), { recursive: true });
      await expect(doctorCommand().exitOverride().parseAsync([], { from: 'user' })).rejects.toMatchObject({
        code: 'bad-input',
        message: 'nothing to examine',
      });
    } finally {
      process.chdir(before);
    }
  });
});
