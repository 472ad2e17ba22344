import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll } from 'vitest';
import { memoryStore } from '../../lib/stores/memory.ts';
import { openSqliteStore } from '../../lib/stores/sqlite.ts';
import { storeContract } from './store-suite.ts';

const root = mkdtempSync(join(tmpdir(), 'ajar-stores-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));
let n = 0;

storeContract('memory', async (sinks) => memoryStore({ sinks }));
storeContract('sqlite', (sinks) => openSqliteStore({ dir: join(root, `s${n++}`), sinks, now: () => new Date() }));
