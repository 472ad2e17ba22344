/** The prober cannot be used to reach what is not ours (promise I7), counted where connections leave Node for the kernel. */
import { connect } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Endpoint } from '../../lib/model/endpoint.ts';
import type { AddressPolicy } from '../../lib/net/guard.ts';
import type { NameResolver } from '../../lib/net/resolve.ts';
import { probeEndpoint } from '../../lib/pipeline/probe.ts';
import type { ProbeRun } from '../../lib/pipeline/probe-run.ts';
import { anEndpoint } from '../support/builders.ts';
import { aProbeRun } from '../support/probe-run.ts';
import { ENCODINGS, kindOf } from '../support/forbidden.ts';
import { QUICK } from '../support/lab.ts';
import { type SocketWatch, watchSockets } from '../support/socket-watch.ts';

const DEFAULT: AddressPolicy = { allowPrivate: false, only: [] };
const ALLOW_PRIVATE: AddressPolicy = { allowPrivate: true, only: [] };
const ONLY: AddressPolicy = { allowPrivate: true, only: ['198.41.0.0/16', '127.77.0.0/16'] };

let watch: SocketWatch;
beforeEach(() => {
  watch = watchSockets();
});
afterEach(() => watch.restore());

/** As the worst C library would answer: a number in any disguise is an address, and every name leads to it. */
function gullible(...answers: readonly string[]): NameResolver & { readonly asked: string[] } {
  const asked: string[] = [];
  return {
    asked,
    resolve4: async (host) => {
      asked.push(host);
      return answers.filter((a) => !a.includes(':'));
    },
    resolve6: async () => answers.filter((a) => a.includes(':')),
  };
}

const run = (policy: AddressPolicy, resolver: NameResolver): ProbeRun => aProbeRun({ policy, resolver, limits: QUICK });

/** A file's word is the freest way in: nothing but the guard stands between it and the socket. */
const door = (host: string, over: Partial<Endpoint> = {}): Endpoint =>
  anEndpoint({ host, port: 9, engine: 'redis', source: 'file', ...over });

describe('an endpoint written as a forbidden address in any of its forms', () => {
  it('has at least 300 of them', () => {
    expect(new Set(ENCODINGS.map(({ host, address }) => `${host} ${address}`)).size).toBeGreaterThanOrEqual(300);
    for (const { address } of ENCODINGS) expect(kindOf(address), address).not.toBe(undefined);
  });

  it.each([
    { name: 'the default policy', policy: DEFAULT, permits: [] },
    { name: '--allow-private', policy: ALLOW_PRIVATE, permits: ['private'] },
  ] as const)(
    'is never connected to under $name',
    async ({ policy, permits }) => {
      const opened: string[] = [];
      for (const { host, address, how } of ENCODINGS) {
        watch.attempts.length = 0;
        const outcome = await probeEndpoint(door(host), run(policy, gullible(address)));
        for (const attempt of watch.attempts) {
          const kind = kindOf(attempt);
          if (kind === undefined || !permits.some((p) => p === kind)) opened.push(`${how}: ${host} -> ${attempt}`);
        }
        const seen = outcome.kind === 'reading' ? outcome.reading.observations : [];
        expect(seen.length, host).toBeGreaterThan(0);
        if (watch.attempts.length === 0)
          expect(
            seen.every(({ gap }) => gap !== undefined),
            host,
          ).toBe(true);
      }
      expect(opened).toEqual([]);
    },
    60_000,
  );

  it('is connected to only inside of --only', async () => {
    const inside = ['127.77.0.9', '198.41.0.4'];
    const cases = [...ENCODINGS, ...inside.map((host) => ({ host, address: host }))];
    for (const { host, address } of cases) await probeEndpoint(door(host), run(ONLY, gullible(address)));
    expect([...new Set(watch.attempts)].sort()).toEqual(inside);
  }, 60_000);
});

describe('the watch itself', () => {
  it('sees what Node connects to, so that nothing seen means nothing done', async () => {
    await probeEndpoint(door('127.0.0.1'), run(ALLOW_PRIVATE, gullible()));
    await probeEndpoint(door('8.8.8.8'), run(DEFAULT, gullible()));
    await probeEndpoint(door('2600:1f18::1'), run(DEFAULT, gullible()));
    await probeEndpoint(door('search.example.org', { engine: 'elasticsearch' }), run(DEFAULT, gullible('8.8.4.4')));
    const [stream, ...rest] = [...new Set(watch.attempts)];
    expect([stream, ...rest]).toEqual(['127.0.0.1', '8.8.8.8', '2600:1f18::1', '8.8.4.4']);
    await new Promise((resolve) => connect({ host: 'localhost', port: 9, family: 4 }).on('error', resolve));
    expect(watch.attempts.at(-1)).toBe('127.0.0.1');
  });
});

describe('a resolver that lies', () => {
  const answers: readonly (readonly [string, readonly string[]])[] = [
    ['an address that is no address', ['127.1', '0x7f000001', '2130706433', '0177.0.0.1']],
    [
      'an address with something behind it',
      ['169.254.169.254\n', '127.0.0.1 ', '10.0.0.1/8', '::1%lo', '127.0.0.1:80'],
    ],
    ['IPv4 as IPv6', ['::ffff:169.254.169.254', '::ffff:7f00:1', '64:ff9b::7f00:1', '2002:7f00:1::', '::7f00:1']],
    ['a name', ['localhost', 'metadata.google.internal', '']],
    ['a thousand forbidden ones', Array.from({ length: 1_000 }, (_, i) => `10.0.${i >> 8}.${i & 255}`)],
  ];
  it.each(answers)('with %s opens no socket', async (_name, lies) => {
    for (const policy of [DEFAULT, { allowPrivate: false, only: ['0.0.0.0/0', '::/0'] }]) {
      await probeEndpoint(door('door.example.org'), run(policy, gullible(...lies)));
    }
    expect(watch.attempts).toEqual([]);
  });

  it('with one address of ours among forbidden ones gets a connection to that one only', async () => {
    const mixed = gullible('10.0.0.1', '8.8.8.8', '169.254.169.254', '::ffff:8.8.8.8');
    const outcome = await probeEndpoint(door('door.example.org'), run(DEFAULT, mixed));
    expect([...new Set(watch.attempts)]).toEqual(['8.8.8.8']);
    const codes = outcome.kind === 'reading' ? outcome.reading.observations.map(({ gap }) => gap?.code) : [];
    expect(codes.filter((code) => code === 'forbidden-address')).toHaveLength(3);
  });

  it('that answers otherwise the second time is not asked a second time', async () => {
    for (const engine of ['redis', 'elasticsearch', 'mysql', 'postgres'] as const) {
      const turns = [['8.8.8.8'], ['127.0.0.1'], ['169.254.169.254']];
      let asked = 0;
      const rebinding: NameResolver = {
        resolve4: async () => turns[Math.min(asked++, 2)] ?? [],
        resolve6: async () => [],
      };
      await probeEndpoint(door('rebind.example.org', { engine }), run(DEFAULT, rebinding));
      expect(asked).toBe(1);
    }
    expect([...new Set(watch.attempts)]).toEqual(['8.8.8.8']);
  });

  it('that changes its answer after it gave it changes nothing', async () => {
    const answer = ['8.8.8.8'];
    const late: NameResolver = {
      resolve4: async () => {
        queueMicrotask(() => queueMicrotask(() => answer.splice(0, 1, '169.254.169.254')));
        return answer;
      },
      resolve6: async () => [],
    };
    await probeEndpoint(door('rebind.example.org'), run(DEFAULT, late));
    for (const attempt of watch.attempts) expect(kindOf(attempt)).toBe(undefined);
  });
});
