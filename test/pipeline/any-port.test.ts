/** Hosts that accept every port (probes.md section 5): an open port proves nothing there, a protocol still does. */
import { describe, expect, it } from 'vitest';
import { judge } from '../../lib/assess/judge.ts';
import { ANY_PORT, askAnyPort } from '../../lib/pipeline/any-port.ts';
import { asked } from '../../lib/pipeline/asked.ts';
import { probeEndpoint } from '../../lib/pipeline/probe.ts';
import type { ProbeRun } from '../../lib/pipeline/probe-run.ts';
import { pacer } from '../../lib/net/visit.ts';
import { anEndpoint } from '../support/builders.ts';
import { QUICK, server } from '../support/lab.ts';
import { aProbeRun } from '../support/probe-run.ts';

const START = Date.parse('2026-11-26T10:00:00.000Z');

/** Says that any port is taken, as a SYN proxy would have it, and how often it was asked. */
function always(word: 'all' | 'some') {
  let subjects: string[] = [];
  return {
    anyPort: { wordOn: async (subject: string) => (subjects.push(subject), word) },
    subjects: () => subjects.splice(0),
  };
}

async function reading(at: { host: string; port: number }, over: Partial<ProbeRun>) {
  const told = await probeEndpoint(anEndpoint({ engine: 'redis', ...at }), aProbeRun({ limits: QUICK, ...over }));
  if (told.kind !== 'reading') throw new Error(told.kind);
  return told.reading;
}

const options = (port: number, over: object = {}) => ({
  ...{
    host: '127.0.0.1',
    port,
    address: { address: '127.0.0.1', family: 4 as const },
    maxConnections: 9,
    deadlineMs: 1_000,
  },
  ...{ policy: { allowPrivate: true, only: ['127.0.0.0/8'] }, pacer: pacer(0), signal: new AbortController().signal },
  ...{ userAgent: 'test', limits: QUICK },
  ...over,
});
const draws =
  (...ports: number[]) =>
  () =>
    ports.shift() ?? 1;

describe('a port drawn at random', () => {
  it('that is refused is the end of it', async () => {
    expect(await askAnyPort(options(2), draws(1))).toBe('some');
  });

  it('that accepts is followed by one other; both make a host that accepts all', async () => {
    let connections = 0;
    let bytes = 0;
    const listens = () =>
      server((socket) => {
        connections++;
        socket.on('data', (chunk) => (bytes += chunk.length));
      });
    const [one, two] = [await listens(), await listens()];
    expect(await askAnyPort(options(2), draws(one.port, one.port, two.port))).toBe('all');
    expect(connections).toBe(2);
    expect(bytes).toBe(0);
    expect(await askAnyPort(options(2), draws(one.port, 1))).toBe('some');
  });

  it('is never the one that is visited anyway', async () => {
    const visited = await server(() => undefined);
    expect(await askAnyPort(options(visited.port), draws(visited.port, 1))).toBe('some');
  });

  it('says nothing where we may not go', async () => {
    const policy = { allowPrivate: true, only: ['127.0.0.2/32'] };
    expect(await askAnyPort(options(2, { policy }), draws(1))).toBeUndefined();
  });
});

describe('a host that accepts any port', () => {
  it('and says nothing is not known to be open', async () => {
    const mute = await server(() => undefined);
    const { anyPort } = always('all');
    const seen = await reading(mute, { anyPort });
    expect(seen.observations).toMatchObject([{ l4: 'open-silent', catchAll: true, gap: { code: 'undetermined' } }]);
    expect(seen.observations[0]?.gap?.detail).toMatch(/honeypot/u);
    const { observed, verdict } = judge(seen);
    expect(observed.network.level).toBe('unknown');
    expect(verdict).toMatchObject({ name: 'unknown', confirmed: false });
    expect(judge(await reading(mute, { anyPort: always('some').anyPort })).observed.network.level).toBe('off');
  });

  it('and speaks the protocol is as open as it says, and worded as what it may be', async () => {
    const INFO = '# Server\r\nredis_version:7.0.15\r\n';
    const redis = await server((socket) =>
      socket.on('data', (chunk) => {
        socket.write(chunk.includes('PING') ? '+PONG\r\n' : `$${INFO.length}\r\n${INFO}\r\n`);
      }),
    );
    const { verdict } = judge(await reading(redis, { anyPort: always('all').anyPort }));
    expect(verdict.name).toBe('exposed');
    expect(verdict.why).toMatch(/accepts connections on any port: a honeypot, or a proxy/u);
  });
});

describe('how often it is asked', () => {
  it('is once a day and address, and never of a port that is closed', async () => {
    const one = await server((socket) => socket.end());
    const { anyPort, subjects } = always('some');
    await reading(one, { anyPort });
    await reading({ host: '127.0.0.1', port: 1 }, { anyPort });
    expect(subjects()).toEqual(['127.0.0.1|test']);
    let ms = START;
    let asking = 0;
    const ask = async () => (asking++, 'some' as const);
    const question = asked(ANY_PORT, aProbeRun().budgets, () => new Date(ms));
    for (const hours of [0, 12, 23, 24, 30]) {
      ms = START + hours * 3_600_000;
      expect(await question.wordOn('127.0.0.1|test', ask)).toBe('some');
    }
    expect(asking).toBe(2);
  });
});
