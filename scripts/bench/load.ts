/**
 * Bench: what one process holds. `node load.ts WHAT PORT`: `held N` memory of N silent visits in flight and how punctually
 * they end; `live` what 500 answering endpoints take with and without 4,000 silent ones beside them; `dns` names resolved
 * at 256 in flight by a server that takes 5 ms. Loopback only; PORT answers, PORT+1 is silent (fleet.c). Prints JSON.
 */
import { createSocket } from 'node:dgram';
import { Resolver } from 'node:dns/promises';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import pLimit from 'p-limit';
import { type PeerError } from '../../lib/model/errors.ts';
import { resolveHost } from '../../lib/net/resolve.ts';
import { openVisit, pacer } from '../../lib/net/visit.ts';

const [what = '', port = '29200', count = '4000'] = process.argv.slice(2);
const policy = { allowPrivate: true, only: ['127.0.0.0/8'] };
const pace = pacer();
const rssMb = (): number => process.memoryUsage().rss / 2 ** 20;
const at = (numbers: readonly number[], share: number): number =>
  numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length * share)] ?? Number.NaN;

/** One GET at 127.BLOCK.x.y; how long it took, goodbye not included. */
async function visit(block: number, n: number, to: number): Promise<number> {
  const host = `127.${block}.${(n >> 8) & 255}.${n & 255}`;
  const started = performance.now();
  const opened = openVisit({
    host,
    port: to,
    address: { address: host, family: 4 },
    maxConnections: 1,
    deadlineMs: 8_000,
    policy,
    pacer: pace,
    signal: new AbortController().signal,
    userAgent: 'ajar-bench',
  });
  try {
    await opened.access.request({ scheme: 'http', path: '/' });
  } catch (error) {
    if ((error as PeerError).reason !== 'timeout') throw error;
  }
  const ms = performance.now() - started;
  await opened.close();
  return ms;
}

const silent = (n: number): Promise<number>[] =>
  Array.from({ length: n }, (_, i) => visit(20, i + 1, Number(port) + 1));

async function held(n: number): Promise<unknown> {
  await Promise.all(Array.from({ length: 200 }, (_, i) => visit(21, i + 1, Number(port)))); // warm
  globalThis.gc?.();
  const before = rssMb();
  const started = performance.now();
  const visits = silent(n);
  await sleep(2_000);
  globalThis.gc?.();
  const mbPerThousand = ((rssMb() - before) / n) * 1_000;
  const took = await Promise.all(visits);
  return { n, mbPerThousand, p50: at(took, 0.5), max: Math.max(...took), all: performance.now() - started };
}

async function live(): Promise<unknown> {
  const round = async (block: number): Promise<{ p50: number; p95: number }> => {
    const took = await pLimit(32).map(Array.from({ length: 500 }), (_, i) => visit(block, i + 1, Number(port)));
    return { p50: at(took, 0.5), p95: at(took, 0.95) };
  };
  await round(22); // warm
  const alone: { p50: number; p95: number }[] = [];
  const beside: { p50: number; p95: number }[] = [];
  for (let k = 0; k < 3; k++) {
    alone.push(await round(23 + 2 * k));
    const visits = silent(4_000);
    await sleep(1_500); // all connected and waiting
    beside.push(await round(24 + 2 * k));
    await Promise.all(visits);
  }
  const median = (of: typeof alone, key: 'p50' | 'p95'): number =>
    at(
      of.map((x) => x[key]),
      0.5,
    );
  return {
    alone: { p50: median(alone, 'p50'), p95: median(alone, 'p95') },
    beside: { p50: median(beside, 'p50'), p95: median(beside, 'p95') },
  };
}

/** Answers every A question with 127.0.0.1 after 5 ms; AAAA with nothing. */
async function dns(): Promise<unknown> {
  const server = createSocket('udp4');
  server.on('message', (asked, from) => {
    const end = asked.indexOf(0, 12) + 5;
    const isA = asked.readUInt16BE(end - 4) === 1;
    const head = Buffer.from(asked.subarray(0, end));
    head.writeUInt16BE(0x8180, 2);
    head.writeUInt16BE(isA ? 1 : 0, 6);
    head.writeUInt16BE(0, 10);
    const record = Buffer.from([0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, 127, 0, 0, 1]);
    setTimeout(() => server.send(isA ? Buffer.concat([head, record]) : head, from.port, from.address), 5);
  });
  await new Promise<void>((resolve) => server.bind(0, '127.0.0.1', resolve));
  const resolver = new Resolver({ timeout: 1_500, tries: 2 });
  resolver.setServers([`127.0.0.1:${(server.address() as AddressInfo).port}`]);
  const names = Array.from({ length: 2_560 }, (_, i) => `n${i}.bench.test`);
  const started = performance.now();
  const answers = await Promise.all(names.map((name) => resolveHost(name, { policy, port: 9_200, resolver })));
  const seconds = (performance.now() - started) / 1_000;
  server.close();
  return { names: names.length, resolved: answers.filter((a) => a.allowed.length === 1).length, seconds };
}

const WHAT: Readonly<Record<string, () => Promise<unknown>>> = { held: () => held(Number(count)), live, dns };
const run = WHAT[what];
if (run === undefined) throw new Error(`not one of ${Object.keys(WHAT).join(', ')}: ${what}`);
console.log(JSON.stringify(await run()));
