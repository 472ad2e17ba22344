/** Rule 12 of probes.md section 1. No packet leaves: dialers are injected, or every connect is caught below Node. */
import { describe, expect, it } from 'vitest';
import { judge } from '../../lib/assess/judge.ts';
import { dial, dialTestNet } from '../../lib/net/dial.ts';
import { Ending } from '../../lib/net/ending.ts';
import { hearing } from '../../lib/pipeline/hearing.ts';
import { probeEndpoint } from '../../lib/pipeline/probe.ts';
import type { ProbeRun } from '../../lib/pipeline/probe-run.ts';
import { selfTest } from '../../lib/pipeline/self-test.ts';
import { redis } from '../../lib/probes/redis.ts';
import { anEndpoint } from '../support/builders.ts';
import { aProbeRun } from '../support/probe-run.ts';
import { QUICK, server } from '../support/lab.ts';
import { watchSockets } from '../support/socket-watch.ts';

const NOW = new Date('2026-12-04T10:00:00.000Z');

const run = (over: Partial<ProbeRun>): ProbeRun =>
  aProbeRun({ probes: [redis], policy: { allowPrivate: true, only: [] }, now: () => NOW, limits: QUICK, ...over });
const test = (answers: boolean) => {
  const asked: (string | number)[][] = [];
  const { captive } = selfTest({
    only: [],
    now: () => NOW,
    answers: async (_only, port, from) => {
      asked.push([port, from ?? '']);
      return answers;
    },
  });
  return { captive, asked };
};

describe('a vantage where the address that belongs to nobody answers', () => {
  it('visits nobody, and each endpoint is an unknown with a gap: no pass, nothing open, no recovery', async () => {
    const watch = watchSockets();
    try {
      const { captive, asked } = test(true);
      const endpoint = anEndpoint({ engine: 'redis', host: '10.1.2.3', port: 6379 });
      const told = await probeEndpoint(endpoint, run({ selfTest: { captive } }));
      if (told.kind !== 'reading') throw new Error(told.kind);
      expect(told.reading.observations).toMatchObject([{ l4: 'not-tried', gap: { code: 'captive' } }]);
      expect(told.reading.observations[0]?.gap?.detail).toMatch(/192\.0\.2\.1:6379.*Take its traffic off/u);
      expect(judge(told.reading).verdict.name).toBe('unknown');
      expect([asked, watch.attempts]).toEqual([[[6379, '']], []]);
    } finally {
      watch.restore();
    }
  });

  it('does not believe a resolver there either, whose private answer would count as closed', async () => {
    const endpoint = anEndpoint({
      ...{ engine: 'redis', host: 'db.example.com' },
      declared: { network: { level: 'on', basis: 'declared', evidence: 'no public address' } },
    });
    const resolver = { resolve4: async () => ['10.1.2.3'], resolve6: async () => [] };
    const policy = { allowPrivate: false, only: [] };
    const codes = async (answers: boolean) => {
      const told = await probeEndpoint(endpoint, run({ policy, resolver, selfTest: test(answers) }));
      return told.kind === 'reading' ? told.reading.observations.map(({ gap }) => gap?.code) : [told.kind];
    };
    expect(await codes(false)).toEqual([undefined]);
    expect(await codes(true)).toEqual(['captive']);
  });

  it('sends not even that one connect while somebody says stop', async () => {
    const { captive, asked } = test(true);
    const stop = { stopped: async () => 'change freeze' };
    await probeEndpoint(anEndpoint({ engine: 'redis', host: '10.1.2.3' }), run({ stop, selfTest: { captive } }));
    expect(asked).toEqual([]);
  });

  it('is blind alone: the other source addresses go on', async () => {
    const watch = watchSockets();
    try {
      const from = ['127.0.0.2', '127.0.0.3'].map((localAddress) => ({
        ...{ name: localAddress, localAddress, hearing: hearing() },
      }));
      const captive = async (_port: number, source?: string) => (source === '127.0.0.2' ? 'captive' : undefined);
      const endpoint = anEndpoint({ engine: 'redis', host: '10.1.2.3', port: 6379 });
      const told = await probeEndpoint(endpoint, run({ from, selfTest: { captive } }));
      const codes = told.kind === 'reading' ? told.reading.observations.map((o) => [o.vantage, o.gap?.code]) : [];
      expect(codes[0]).toEqual(['127.0.0.2', 'captive']);
      expect(codes[1]).not.toEqual(['127.0.0.3', 'captive']);
      expect(watch.attempts.length).toBeGreaterThan(0);
    } finally {
      watch.restore();
    }
  });
});

describe('the self-test', () => {
  it('is asked once for all visits of a run, also those that begin together, and again after ten minutes', async () => {
    let now = NOW;
    let asked = 0;
    const { captive } = selfTest({ only: [], now: () => now, answers: async () => ++asked > 1 });
    expect(await Promise.all([captive(1), captive(2)])).toEqual([undefined, undefined]);
    expect(asked).toBe(1);
    now = new Date(NOW.getTime() + 600_000);
    expect(await captive(1)).toMatch(/captive/u);
    expect(asked).toBe(2);
  });

  it('is never asked where --only leaves the address out, from IPv6, or for loopback', async () => {
    const answers = () => Promise.reject(new Error('asked'));
    expect(await selfTest({ only: ['127.0.0.0/8'], now: () => NOW, answers }).captive(1)).toBeUndefined();
    const free = selfTest({ only: [], now: () => NOW, answers });
    expect(await free.captive(1, '::1')).toBeUndefined();
    const { host, port } = await server((socket) => socket.end());
    const told = await probeEndpoint(anEndpoint({ engine: 'redis', host, port }), run({ selfTest: free }));
    expect(told.kind === 'reading' && told.reading.observations[0]?.l4).not.toBe('not-tried');
    await expect(free.captive(1)).rejects.toThrow('asked');
  });

  it('dials that one address and no other, which the guard goes on refusing to everybody else', async () => {
    const watch = watchSockets();
    try {
      await expect(dialTestNet(['127.0.0.0/8'], 6379)).rejects.toMatchObject({ reason: 'forbidden' });
      expect(watch.attempts).toEqual([]);
      expect(await dialTestNet([], 6379)).toBe(false); // no route there
      expect(watch.attempts).toEqual(['192.0.2.1']);
      for (const only of [[], ['192.0.2.0/24']]) {
        const ending = new Ending();
        const policy = { allowPrivate: true, only };
        const dialled = dial({ address: { address: '192.0.2.1' } as never, port: 6379, policy, connectMs: 50, ending });
        await expect(dialled).rejects.toMatchObject({ reason: 'forbidden' });
      }
      expect(watch.attempts).toEqual(['192.0.2.1']);
    } finally {
      watch.restore();
    }
  });

  it('takes a connection that somebody else accepted in its place for an answer', async () => {
    const { port } = await server((socket) => socket.end());
    const watch = watchSockets('127.0.0.1');
    try {
      expect(await dialTestNet([], port)).toBe(true);
    } finally {
      watch.restore();
    }
  });
});
