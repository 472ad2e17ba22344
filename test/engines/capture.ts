/**
 * Records what real engines answer to a stranger: `node test/engines/capture.ts [kind or id ...]`.
 * The files are fixtures for tests that must run where no engine can; nothing in them is edited by hand.
 */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { captureHttp } from './capture-http.ts';
import { captureWire } from './capture-wire.ts';
import { startFleet } from './fleet.ts';
import { install } from './install.ts';

const FIXTURES = fileURLToPath(new URL('../fixtures', import.meta.url));

install();
const only = process.argv.slice(2);
const fleet = await startFleet({
  ...(only.length > 0 ? { only } : { all: true }),
  report: (line) => console.log(line),
});
try {
  const captured = new Date().toISOString();
  const authority = readFileSync(fleet.certificates.authority);
  for (const engine of fleet.engines) {
    await captureHttp(engine, authority, FIXTURES, captured);
    await captureWire(engine, FIXTURES, captured);
  }
} finally {
  await fleet.stop();
}
