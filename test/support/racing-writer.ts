/** Tries to commit each of 50 versions; prints how many it won: `node racing-writer.ts DIR`. */
import { openSqliteStore } from '../../lib/stores/sqlite.ts';
import { aLine, aState } from './builders.ts';

const store = await openSqliteStore({ dir: process.argv[2] ?? '', sinks: [], now: () => new Date() });
let won = 0;
for (let expected = 0; expected < 50; ) {
  const result = await store.commit({
    state: aState(),
    expected,
    lines: [aLine({ runId: String(process.pid) })],
    notices: [],
    incidents: [],
  });
  if (result === 'committed') won++;
  expected = (await store.read('device-analytics'))?.version ?? 0;
}
await store.close();
console.log(won);
