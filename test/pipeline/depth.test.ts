/** How far visits go, over real sockets: what AWS has not allowed is not asked, and says so (probes.md section 8 b). */
import { afterEach, describe, expect, it } from 'vitest';
import { judge } from '../../lib/assess/judge.ts';
import type { Endpoint } from '../../lib/model/endpoint.ts';
import type { Observation } from '../../lib/model/observation.ts';
import { probeEndpoint } from '../../lib/pipeline/probe.ts';
import type { ProbeRun } from '../../lib/pipeline/probe-run.ts';
import { PROBES } from '../../lib/probes/catalogue.ts';
import { anEndpoint } from '../support/builders.ts';
import { aProbeRun } from '../support/probe-run.ts';
import { type Peer, peer } from '../support/servers.ts';

const peers: Peer[] = [];
afterEach(async () => {
  for (const p of peers.splice(0)) await p.close();
});

/** An open Redis that remembers what it was sent. */
async function openRedis(): Promise<{ readonly heard: string[]; readonly host: string; readonly port: number }> {
  const heard: string[] = [];
  const started = await peer((socket) => {
    socket.on('data', (bytes) => {
      const text = bytes.toString('latin1');
      heard.push(text);
      if (text.startsWith('\x16\x03')) return socket.destroy();
      socket.write(text.includes('PING') ? '+PONG\r\n' : '$20\r\nredis_version:7.0.15\r\n');
      return undefined;
    });
  });
  peers.push(started);
  return { heard, host: started.host, port: started.port };
}

const cluster = ({ host, port }: { readonly host: string; readonly port: number }, over: Partial<Endpoint> = {}) =>
  anEndpoint({
    id: '1/eu-west-1/elasticache/c',
    host,
    port,
    engine: 'redis',
    source: 'aws',
    declaredAt: new Date().toISOString(),
    service: 'elasticache',
    ...over,
  });

async function look(endpoint: Endpoint, over: Partial<ProbeRun> = {}): Promise<Observation> {
  const outcome = await probeEndpoint(endpoint, aProbeRun(over));
  const [observation] = outcome.kind === 'reading' ? outcome.reading.observations : [];
  if (observation === undefined) throw new Error('no observation');
  return observation;
}

const verdict = (endpoint: Endpoint, observation: Observation): string =>
  judge({
    id: 'r',
    runId: 'r',
    at: observation.observedAt,
    endpoint,
    vantage: 'test',
    observations: [observation],
    vantageAlive: true,
  }).verdict.name;

describe('a service that AWS does not list', () => {
  it('is asked nothing without its leave: unknown, and a gap that names the cure', async () => {
    const server = await openRedis();
    const endpoint = cluster(server);
    const seen = await look(endpoint);
    expect(seen).toMatchObject({ probe: 'banner', auth: { state: 'undetermined' }, gap: { code: 'not-permitted' } });
    expect(seen.gap?.detail).toContain('elasticache is not on AWS');
    expect(seen.gap?.detail).toContain('`permission`');
    expect(verdict(endpoint, seen)).toBe('unknown');
    // A TLS hello is the most that came.
    expect(server.heard.every((text) => text.startsWith('\x16\x03'))).toBe(true);
  });

  it('is asked as any other with it, and the evidence says by whose leave', async () => {
    const server = await openRedis();
    const endpoint = cluster(server);
    const seen = await look(endpoint, { permission: 'case 1234567890, j.doe' });
    expect(seen).toMatchObject({ probe: 'redis', auth: { state: 'open-anonymous' } });
    expect(seen.notes).toContain('assessed with leave of AWS: case 1234567890, j.doe');
    expect(verdict(endpoint, seen)).toBe('exposed');
  });

  it('that is shut is closed all the same', async () => {
    const closed = await openRedis();
    for (const p of peers.splice(0)) await p.close();
    const seen = await look(cluster(closed));
    expect(seen).toMatchObject({ l4: 'refused' });
    expect(seen).not.toHaveProperty('gap');
  });

  it('is not connected to where nobody knows how to look at a transport', async () => {
    const server = await openRedis();
    const probes = PROBES.filter(({ id }) => id !== 'banner');
    expect(await look(cluster(server), { probes })).toMatchObject({ l4: 'not-tried', gap: { code: 'not-permitted' } });
    expect(server.heard).toEqual([]);
  });
});

describe('what needs no leave', () => {
  it.each([
    ['an instance', { id: '1/eu-west-1/interfaces/eni-1', service: 'interfaces' }],
    ['what a file lists', { source: 'file' }],
  ] as const)('is asked in full: %s', async (_name, over) => {
    const seen = await look(cluster(await openRedis(), over));
    expect(seen).toMatchObject({ probe: 'redis', auth: { state: 'open-anonymous' } });
    expect(seen.notes.join()).not.toContain('leave of AWS');
  });
});
