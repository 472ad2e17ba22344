/**
 * I11 at size: 5,000 endpoints in 200 accounts in virtual time, from a lost protection to the first message of it. The pipeline's
 * own functions, the schedules, batches and concurrency of serverless.yml; what AWS takes for each call is a guess (alerts/).
 *   npm run bench:fleet-alerts                             200 removals within an hour
 *   npm run bench:fleet-alerts -- --endpoints 500 --accounts 20 --removals 50 --minutes 30 --seed 2
 * Exits 1 where one was not told, or one that an event or an open door shows later than p95 3 min, max 5 min.
 */
import { parseArgs } from 'node:util';
import { CAUSES, playFleet, spreadOf, type Told } from './alerts/fleet.ts';

const number = (text: string) => ({ type: 'string', default: text }) as const;
const { values } = parseArgs({
  options: {
    ...{ endpoints: number('5000'), accounts: number('200'), removals: number('200'), minutes: number('60') },
    seed: number('1'),
  },
});
const size = {
  ...{ endpoints: Number(values.endpoints), accounts: Number(values.accounts), removals: Number(values.removals) },
  ...{ minutes: Number(values.minutes), seed: Number(values.seed) },
};
const P95_S = 180;
const MAX_S = 300;

const started = performance.now();
const { told, visits, longest, unfounded } = await playFleet(size);
const seconds = Math.round((performance.now() - started) / 1_000);
console.log(
  `${size.endpoints} endpoints in ${size.accounts} accounts, ${size.removals} removals in ${size.minutes} virtual minutes, seed ${size.seed}: ${visits} visits, ${seconds} s`,
);
console.log('| who | cause | removals | untold | p50 s | p95 s | max s |\n|---|---|---|---|---|---|---|');
for (const audience of ['page', 'machine'] as const) {
  for (const cause of CAUSES) row(audience, cause, told[audience], [cause]);
  row(audience, 'engine and call', told[audience], ['engine', 'call']);
}
console.log(
  `longest queues: ${Object.entries(longest)
    .map(([name, most]) => `${name} ${most}`)
    .join(', ')}`,
);
console.log(`${unfounded} messages about nothing that was lost`);

function row(audience: string, name: string, all: readonly Told[], causes: readonly (typeof CAUSES)[number][]): void {
  const { count, untold, p50, p95, most } = spreadOf(all, causes);
  console.log(`| ${[audience, name, count, untold, ...[p50, p95, most].map((s) => s.toFixed(0))].join(' | ')} |`);
  const isPromised = !causes.includes('silent');
  if (untold > 0 || (isPromised && (p95 > P95_S || most > MAX_S))) process.exitCode = 1;
}
