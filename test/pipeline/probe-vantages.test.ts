/** One visit from several addresses of this machine: told apart by where they look from, judged together. */
import { afterEach, describe, expect, it } from 'vitest';
import { judge } from '../../lib/assess/judge.ts';
import { hearing } from '../../lib/pipeline/hearing.ts';
import { probeEndpoint } from '../../lib/pipeline/probe.ts';
import type { Vantage } from '../../lib/pipeline/probe-run.ts';
import { redis } from '../../lib/probes/redis.ts';
import { anEndpoint } from '../support/builders.ts';
import { aProbeRun } from '../support/probe-run.ts';
import { type Peer, peer } from '../support/servers.ts';

const DENIED = '-DENIED Redis is running in protected mode because protected mode is enabled\r\n';
const INFO = '# Server\r\nredis_version:7.0.15\r\n';

const peers: Peer[] = [];
afterEach(async () => {
  for (const p of peers.splice(0)) await p.close();
});

/** A Redis that answers one address and turns the others away. */
async function protectedRedis(friend: string): Promise<Peer> {
  const started = await peer((socket) => {
    if (socket.remoteAddress !== friend) return void socket.end(DENIED);
    socket.on('data', (asked) => {
      socket.write(asked.includes('PING') ? '+PONG\r\n' : `$${INFO.length}\r\n${INFO}\r\n`);
    });
  });
  peers.push(started);
  return started;
}

const vantage = (name: string, localAddress: string): Vantage => ({ name, localAddress, hearing: hearing() });

async function visit({ host, port }: Pick<Peer, 'host' | 'port'>, from: readonly Vantage[]) {
  const policy = { allowPrivate: true, only: ['127.0.0.0/8', '::1/128'] };
  const run = aProbeRun({ vantage: 'here', from, probes: [redis], policy });
  const outcome = await probeEndpoint(anEndpoint({ host, port, engine: 'redis' }), run);
  if (outcome.kind !== 'reading') throw new Error(`no reading: ${outcome.kind}`);
  return outcome.reading;
}

describe('a visit from two addresses', () => {
  it('sees a Redis in protected mode from both sides, and says to whom it is open', async () => {
    const reading = await visit(await protectedRedis('127.0.0.9'), [
      vantage('office', '127.0.0.9'),
      vantage('outside', '127.0.0.10'),
    ]);
    expect(reading.observations.map((o) => [o.vantage, o.auth.state])).toEqual([
      ['office', 'open-anonymous'],
      ['outside', 'mode-blocked'],
    ]);
    const posture = judge(reading);
    expect(posture.verdict.name).toBe('exposed');
    expect(posture.vantages).toEqual({ most: ['office'], less: ['outside'] });
  });

  it('counts a vantage as alive by what that vantage heard', async () => {
    const from = [vantage('a', '127.0.0.9'), vantage('b', '127.0.0.10')];
    from[0]?.hearing.heard('another', new Date());
    expect((await visit(await protectedRedis('127.0.0.9'), from)).vantageAlive).toBe(false);
    from[1]?.hearing.heard('another', new Date());
    expect((await visit(await protectedRedis('127.0.0.9'), from)).vantageAlive).toBe(true);
  });
});

describe('an address of the other family', () => {
  it('is a gap where no vantage reaches it', async () => {
    const [only] = (await visit({ host: '::1', port: 6379 }, [vantage('office', '127.0.0.9')])).observations;
    expect(only).toMatchObject({ l4: 'not-tried', gap: { code: 'undetermined' } });
    expect(only?.gap?.detail).toContain('vantage office has no source address of IPv6');
  });

  it('is left to the vantage that reaches it', async () => {
    const { observations } = await visit({ host: '::1', port: 1 }, [vantage('v4', '127.0.0.9'), vantage('v6', '::1')]);
    expect(observations.map((o) => [o.vantage, o.l4])).toEqual([['v6', 'refused']]);
  });
});
