/** Commits one notice and is then killed before it can be delivered: `node crash-after-commit.ts DIR`. */
import { openSqliteStore } from '../../lib/stores/sqlite.ts';
import { aLine, aNotice, anIncident, aState } from './builders.ts';

const store = await openSqliteStore({ dir: process.argv[2] ?? '', sinks: ['stdout'], now: () => new Date() });
await store.commit({ state: aState(), expected: 0, lines: [aLine()], notices: [aNotice()], incidents: [anIncident()] });
process.kill(process.pid, 'SIGKILL');
