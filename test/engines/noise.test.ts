/**
 * What a visit leaves in a server's log (goal 16 of docs/performance.md): a probe that comes every minute must not fill it.
 * Lines are counted in the engine's own log before and after; engines install and start themselves, on 127.0.0.0/8.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Engine } from '../../lib/model/endpoint.ts';
import { pacer } from '../../lib/net/visit.ts';
import { probeEndpoint } from '../../lib/pipeline/probe.ts';
import { anEndpoint } from '../support/builders.ts';
import { aProbeRun } from '../support/probe-run.ts';
import { type Fleet, knownEngines, startFleet } from './fleet.ts';
import { install } from './install.ts';

const KINDS = ['postgres', 'redis', 'nginx', 'mysql', 'mariadb'];
const QUIET = knownEngines().filter(({ kind, extra }) => KINDS.includes(kind) && extra !== true);
/**
 * Servers that write a line for every client they turn away, however it goes. PostgreSQL: FATAL to the user that no server
 * has, once a connection. Redis behind TLS: to the plaintext that is tried first, and to a client without its certificate. MariaDB: to whoever
 * does not log in; that is why its budget is one visit a day.
 */
const TOLD: Readonly<Record<string, number>> = {
  'pg-trust': 1,
  'pg-hostssl-scram': 1,
  'pg-hostssl-trust': 2,
  'pg-cert': 2,
  'pg-no-entry': 1,
  'redis-tls': 1,
  'redis-tls-password': 1,
  'redis-mtls': 2,
  'mysql-plain': 1,
  'mysql-tls': 1,
  'mysql-host-denied': 1,
};
/** Time enough for a server to write what it noticed. */
const SETTLE_MS = 300;

let fleet: Fleet;
const rows: string[] = [];
beforeAll(async () => {
  install();
  fleet = await startFleet({ only: QUIET.map(({ id }) => id) });
});
afterAll(async () => {
  await fleet.stop();
  console.log(`\nlines in the server's log, one visit each\n${rows.join('\n')}`);
});

describe('a visit leaves in the log', () => {
  it.each(QUIET.map(({ id }) => id))('%s as much as is known, and no more', async (id) => {
    const engine = fleet.engines.find((running) => running.id === id);
    if (engine === undefined) throw new Error(`${id} did not start`);
    const { host, port, localAddress } = engine;
    const from =
      localAddress === undefined ? {} : { from: [{ name: 'other', localAddress, hearing: aProbeRun().hearing }] };
    const before = fleet.logOf(host);
    const outcome = await probeEndpoint(
      anEndpoint({ id, host, port, engine: engine.engine as Engine }),
      aProbeRun({ pacer: pacer(), ...from }),
    );
    expect(outcome.kind).toBe('reading');
    await sleep(SETTLE_MS);
    const lines = fleet
      .logOf(host)
      .slice(before.length)
      .split('\n')
      .filter((line) => line !== '');
    rows.push(`${id.padEnd(30)} ${String(lines.length).padStart(3)} ${lines[0]?.slice(0, 150) ?? ''}`);
    expect(lines).toHaveLength(TOLD[id] ?? 0);
  });
});
