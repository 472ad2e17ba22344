/**
 * `npm run cost [-- --endpoints 1000 --silent 0.9 --silence 3]`: what a month of ajar costs, line by line, beside AWS Config rules and a
 * daily scan of the same fleet. Calls are counted in a run of the pipeline (300 endpoints over dynoxide), prices are
 * scripts/cost/prices.json, batches and memory those of serverless.yml.
 */
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { parse } from 'yaml';
import { LIMITS } from '../lib/net/limits.ts';
import { openDynamoStore } from '../lib/stores/dynamodb.ts';
import { clientOf, dynoxide, startDynamo } from '../test/stores/dynamodb-server.ts';
import { counted } from './bench/counted.ts';
import { judgeFleet } from './bench/scale-fleet.ts';
import { configCost, costOf, type Counted, dailyScanCost, type Fleet, type Prices } from './cost/model.ts';
import { deployedOf } from './cost/deployed.ts';

const COUNTED_ENDPOINTS = 300;
/** Of one visit by TLS in a warm run, its reading sent: 4 to 5 ms by `npm run bench:batch` (docs/performance.md). */
const PROBE_CPU = 0.005;

const { values } = parseArgs({
  options: {
    endpoints: { type: 'string', default: '1000' },
    silent: { type: 'string', default: '0.9' },
    // Nobody answers a connect for longer than this: lib/net/limits.ts.
    silence: { type: 'string', default: String(LIMITS.connectMs / 1_000) },
  },
});
const read = (name: string): string => readFileSync(new URL(name, import.meta.url), 'utf8');
const prices = JSON.parse(read('./cost/prices.json')) as Prices & { readonly asOf: string; readonly note: string };
const deployed = deployedOf(parse(read('../serverless.yml'), { logLevel: 'silent' }));
const fleet: Fleet = {
  ...{ endpoints: Number(values.endpoints), visitsAMonth: 43_200 },
  ...{ silent: Number(values.silent), silenceSeconds: Number(values.silence) },
};

const figures = await count();
const lines = costOf(fleet, figures, deployed, prices).toSorted((a, b) => b.dollars - a.dollars);
const total = lines.reduce((sum, { dollars }) => sum + dollars, 0);
const money = (dollars: number): string => dollars.toFixed(2).padStart(10);
console.log(
  `${fleet.endpoints} endpoints, each minute from one vantage, ${fleet.silent * 100} % silent for ${fleet.silenceSeconds} s; prices of ${prices.asOf}`,
);
console.log(
  `counted: ${figures.writeUnits.toFixed(2)} write units and ${figures.readUnits.toFixed(2)} read units a reading without news, ${(figures.assessCpu * 1_000).toFixed(2)} ms CPU to judge it\n`,
);
for (const { what, dollars } of lines) console.log(`${money(dollars)}  ${what}`);
console.log(`${money(total)}  a month\n`);
console.log(
  `${money(configCost(fleet.endpoints, prices))}  AWS Config, six rules, one change a day: ${(total / configCost(fleet.endpoints, prices)).toFixed(2)} of it is what ajar costs`,
);
console.log(
  `${money(dailyScanCost(fleet, figures, deployed, prices))}  the same visits once a day: late by up to a day`,
);

async function count(): Promise<Counted> {
  const program = dynoxide();
  if (program === undefined) throw new Error('no dynoxide for this platform: npm ci brings it for Linux on x64');
  const server = await startDynamo(program);
  const client = clientOf(server.url);
  try {
    const counts = counted(client);
    const store = await openDynamoStore({
      client,
      table: await server.table(),
      sinks: ['page'],
      now: () => new Date(),
    });
    const { phases } = await judgeFleet({
      ...{ store, endpoints: COUNTED_ENDPOINTS, counts },
      roster: () => store.roster(0, 1),
    });
    await store.close();
    const unchanged = phases.find(({ name }) => name === 'visits, unchanged');
    // In which each state was written, and nothing else.
    const written = phases.find(({ name }) => name === 'first visits');
    if (unchanged === undefined || written === undefined) throw new Error('no phase without news');
    const { endpoints, cpuSeconds } = unchanged;
    return {
      writeUnits: unchanged.counts.writeUnits / endpoints,
      readUnits: unchanged.counts.readUnits / endpoints,
      assessCpu: cpuSeconds / endpoints,
      probeCpu: PROBE_CPU,
      stateBytes: 1_024 * (written.counts.writeUnits / written.counts.writes),
    };
  } finally {
    client.destroy();
    await server.stop();
  }
}
