/** Asked at the socket: whose address it is, and whether somebody said stop (decision 0016). */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { presenceOf } from '../../lib/assess/presence.ts';
import { tierOf } from '../../lib/pipeline/plan.ts';
import { probeEndpoint } from '../../lib/pipeline/probe.ts';
import type { ProbeRun } from '../../lib/pipeline/probe-run.ts';
import { couchdb } from '../../lib/probes/couchdb.ts';
import { redis } from '../../lib/probes/redis.ts';
import { fileSwitch, STOP_FILE } from '../../lib/runtime/stop.ts';
import { anEndpoint } from '../support/builders.ts';
import { aProbeRun } from '../support/probe-run.ts';
import { QUICK, server, visit } from '../support/lab.ts';
import { type SocketWatch, watchSockets } from '../support/socket-watch.ts';

const NOW = new Date('2026-12-04T10:00:00.000Z');
const minutesAgo = (minutes: number): string => new Date(NOW.getTime() - minutes * 60_000).toISOString();

let watch: SocketWatch;
beforeEach(() => {
  watch = watchSockets();
});
afterEach(() => watch.restore());

const run = (over: Partial<ProbeRun> = {}): ProbeRun =>
  aProbeRun({ probes: [redis, couchdb], now: () => NOW, limits: QUICK, ...over });
async function gapsOf(over: Parameters<typeof anEndpoint>[0], runOver: Partial<ProbeRun> = {}): Promise<unknown[]> {
  // Of a service that AWS lists: how deep a visit may go is another question.
  const outcome = await probeEndpoint(anEndpoint({ engine: 'redis', service: 'rds', ...over }), run(runOver));
  return outcome.kind === 'reading' ? outcome.reading.observations.map(({ gap }) => gap?.code) : [outcome.kind];
}

describe('an address from AWS', () => {
  it('is visited while the reading that listed it is at most ten minutes old', async () => {
    const { host, port } = await server((socket) => socket.end());
    expect(await gapsOf({ source: 'aws', host, port, declaredAt: minutesAgo(11) })).toEqual(['unproven']);
    expect(await gapsOf({ source: 'aws', host, port })).toEqual(['unproven']);
    expect(watch.attempts).toEqual([]);
    await gapsOf({ source: 'aws', host, port, declaredAt: minutesAgo(9) });
    await gapsOf({ source: 'file', host, port });
    expect(watch.attempts.length).toBeGreaterThanOrEqual(2);
  });

  it('loses its proof in the middle of a visit as well: no further connection is opened', async () => {
    let minutes = 9;
    const started = await server((socket) => {
      minutes = 11;
      socket.end('no HTTP and no TLS\r\n');
    });
    const { host, port } = started;
    const later = (): Date => new Date(Date.parse(minutesAgo(0)) + minutes * 60_000);
    const over = { source: 'aws', service: 'rds', engine: 'couchdb', host, port, declaredAt: minutesAgo(0) } as const;
    await probeEndpoint(anEndpoint(over), run({ now: later }));
    expect(started.connections()).toBe(1);
  });

  it('keeps its cell in the hot tier, so that the proof is renewed twice as often as it runs out', () => {
    const report = (host: string) =>
      presenceOf(undefined, {
        place: { account: '111122223333', region: 'us-east-1', partition: 'aws' },
        ...{ service: 'interfaces', status: 'complete', gaps: [], calls: 1, at: minutesAgo(0) },
        endpoints: [anEndpoint({ source: 'aws', host, declared: {} })],
      }).record;
    expect(tierOf(report('203.0.113.7'))).toBe('hot');
    expect(tierOf(report('mydb.c1.eu-west-1.rds.amazonaws.com'))).toBe('active');
  });
});

describe('a word of stop', () => {
  it('left in the state directory keeps every socket shut, and what cannot be read does too', async () => {
    const dir = await mkdtemp(join(tmpdir(), 'ajar-stop-'));
    try {
      const { host, port } = await server((socket) => socket.end());
      const fresh = () => ({ stop: fileSwitch(dir, () => NOW) });
      await gapsOf({ host, port }, fresh());
      expect(watch.attempts.length).toBeGreaterThan(0);
      watch.attempts.length = 0;
      await writeFile(join(dir, STOP_FILE), 'change freeze\n');
      expect(await gapsOf({ host, port }, fresh())).toEqual(['stopped']);
      expect(await fresh().stop.stopped()).toMatch(/stop-probing: change freeze/u);
      const notADirectory = { stop: fileSwitch(join(dir, STOP_FILE), () => NOW) };
      expect(await gapsOf({ host, port }, notADirectory)).toEqual(['stopped']);
      expect(watch.attempts).toEqual([]);
    } finally {
      await rm(dir, { recursive: true });
    }
  });

  it('reaches a visit that is under way before its next connection', async () => {
    const started = await server((socket) => socket.end());
    let word: string | undefined;
    const refused = new Error('stopped');
    const { access } = visit(started, {
      permit: async () => (word === undefined ? undefined : Promise.reject(refused)),
    });
    await access.open();
    word = 'stop';
    await expect(access.open()).rejects.toBe(refused);
    await expect(access.request({ scheme: 'http', path: '/' })).rejects.toBeInstanceOf(Error);
    expect(started.connections()).toBe(1);
  });
});
