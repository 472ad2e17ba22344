/**
 * Bench contender: one GET to each of N loopback endpoints, once, by ajar's own probe stage or by what Node offers. Connect
 * alone and a full TLS handshake too. `node asker.ts HOW --port P --total N [--one-in K] [--concurrency C]`. Prints what it
 * found and cost.
 */
import { parseArgs } from 'node:util';
import pLimit from 'p-limit';
import type { Endpoint } from '../../lib/model/endpoint.ts';
import type { Probe, ProbeAccess } from '../../lib/model/probe.ts';
import { blankAxes } from '../../lib/model/silence.ts';
import { pacer } from '../../lib/net/visit.ts';
import { hearing } from '../../lib/pipeline/hearing.ts';
import { probeAll } from '../../lib/pipeline/probe.ts';
import { memoryStore } from '../../lib/stores/memory.ts';
import { readRoot } from '../../lib/wire/elasticsearch.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    port: { type: 'string', default: '29200' },
    total: { type: 'string', default: '1000' },
    'one-in': { type: 'string', default: '0' },
    concurrency: { type: 'string', default: '256' },
  },
});
const [how = 'ajar'] = positionals;
const [port, total, oneIn] = [Number(values.port), Number(values.total), Number(values['one-in'])];
const concurrency = Number(values.concurrency);

const targets = Array.from({ length: total }, (_, i) => ({
  host: `127.10.${(i + 1) >> 8}.${(i + 1) & 255}`,
  port: oneIn > 0 && i % oneIn !== 0 ? port + 1 : port,
}));
const found: Record<string, number> = {};
const count = (what: string): void => {
  found[what] = (found[what] ?? 0) + 1;
};

/** One GET or one connection, judged by the same reader as the real probe, through the whole of the probe stage. */
function single(ask: (access: ProbeAccess, host: string) => Promise<string>): Probe {
  return {
    id: 'bench',
    speaks: 'http',
    sends: [],
    rules: {},
    engines: ['elasticsearch'],
    defaultPort: port,
    maxConnections: 1,
    deadlineMs: 8_000,
    visit: async (access, endpoint) => ({ ...blankAxes('open', await ask(access, endpoint.host)), notes: [] }),
  };
}

async function ajar(ask: (access: ProbeAccess, host: string) => Promise<string>): Promise<void> {
  const endpoints = targets.map(
    (at, i): Endpoint => ({ id: `e${i}`, ...at, engine: 'elasticsearch', source: 'file', tags: {}, declared: {} }),
  );
  await probeAll(
    endpoints,
    {
      runId: 'bench',
      vantage: 'bench',
      probes: [single(ask)],
      policy: { allowPrivate: true, only: ['127.0.0.0/8'] },
      metadata: 1,
      rawNames: false,
      concurrency,
      pacer: pacer(),
      hearing: hearing(),
      budgets: memoryStore({ sinks: [] }).budgets,
      userAgent: 'ajar-bench',
      now: () => new Date(),
      signal: new AbortController().signal,
    },
    async (outcome) => {
      count(outcome.kind === 'reading' ? (outcome.reading.observations[0]?.rule ?? 'none') : outcome.kind);
    },
  );
}

async function each(ask: (host: string, at: number) => Promise<string>): Promise<void> {
  await pLimit(concurrency).map(targets, async (to) => count(await ask(to.host, to.port)));
}

const get = (scheme: 'http' | 'https') =>
  ajar(async (access, host) => readRoot(await access.request({ scheme, path: '/' }), host).row);

const CONTENDERS: Readonly<Record<string, () => Promise<void>>> = {
  ajar: () => get('http'),
  'ajar-tls': () => get('https'),
  'ajar-connect': () => ajar(async (access) => access.open().then(() => 'main')),
  // What a contender needs, it alone loads.
  'http.request': async () => {
    const { request } = await import('node:http');
    await each(
      (host, at) =>
        new Promise((resolve, reject) => {
          request({ host, port: at, path: '/', agent: false }, (reply) => {
            let body = '';
            reply.on('data', (d: Buffer) => (body += d.toString())).on('end', () => resolve(productOf(body)));
          })
            .on('error', reject)
            .end();
        }),
    );
  },
  undici: async () => {
    const { Client } = await import('undici');
    await each(async (host, at) => {
      const client = new Client(`http://${host}:${at}`);
      const reply = await client.request({ path: '/', method: 'GET' });
      const product = productOf(await reply.body.text());
      await client.close();
      return product;
    });
  },
  fetch: () => each(async (host, at) => productOf(await (await fetch(`http://${host}:${at}/`)).text())),
};

function productOf(body: string): string {
  return (JSON.parse(body) as { tagline?: string }).tagline === 'You Know, for Search' ? 'main' : 'other';
}

const started = performance.now();
const contender = CONTENDERS[how];
if (contender === undefined) throw new Error(`no contender ${how}: ${Object.keys(CONTENDERS).join(', ')}`);
await contender();
const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
const seconds = (performance.now() - started) / 1_000;
console.log(JSON.stringify({ seconds, cpu: (userCPUTime + systemCPUTime) / 1e6, rssMb: maxRSS / 1024, found }));
