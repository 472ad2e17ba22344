/**
 * `npm run hostile`: every probe against every hostile server of test/hostile, with the limits that users have, and a table.
 * `--scale 0.1` gives each visit a tenth of its time and `--each 6` each server six probes in turn, as `npm test` does;
 * `--format json` prints the figures alone.
 * Everything is on loopback, and ends by itself. V8 lets its young generation grow to 48 MB under any load at all, so it is
 * held to 8 MB: what grows then is what strangers cost.
 */
import { parseArgs } from 'node:util';
import { PROBES } from '../lib/probes/catalogue.ts';
import { GRACE_MS, type HostileResult, MAX_RSS_GROWTH, runHostile } from '../test/hostile/run.ts';

const { values } = parseArgs({
  options: {
    scale: { type: 'string', default: '1' },
    lanes: { type: 'string', default: '64' },
    each: { type: 'string', default: String(PROBES.length) },
    format: { type: 'string', default: 'text' },
  },
});

const result = await runHostile({
  ...{ probes: PROBES, scale: Number(values.scale), lanes: Number(values.lanes), probesPerServer: Number(values.each) },
  onServer: (done, name) => {
    if (values.format === 'text' && process.stderr.isTTY) process.stderr.write(`\r\u001b[K${done} ${name}`);
  },
});
process.stdout.write(values.format === 'json' ? `${JSON.stringify(result)}\n` : tableOf(result));
process.exitCode = result.wrong.length === 0 && result.rssGrowth < MAX_RSS_GROWTH ? 0 : 1;

function tableOf({
  servers,
  probes,
  visits,
  again,
  seconds,
  slowest,
  rssGrowth,
  starvedMs,
  verdicts,
  wrong,
}: HostileResult): string {
  const mb = (bytes: number): string => `${(bytes / 1024 / 1024).toFixed(1)} MB`;
  const rows = [
    ['servers x probes', `${servers} x ${probes}`],
    ['visits', `${visits}, ${again} of them made again alone`],
    ['seconds', seconds.toFixed(1)],
    [
      'slowest end, against its deadline',
      `${slowest.overMs > 0 ? '+' : ''}${Math.round(slowest.overMs)} ms of +${GRACE_MS} (${slowest.what})`,
    ],
    ['kept from running by the machine', `${starvedMs} ms, set aside`],
    ['growth of RSS, at most', `${mb(rssGrowth)} of ${mb(MAX_RSS_GROWTH)}`],
    ...Object.entries(verdicts)
      .toSorted(([, a], [, b]) => b - a)
      .map(([name, count]) => [`verdict ${name}`, String(count)]),
    ['wrong', String(wrong.length)],
  ];
  return `${rows.map(([name = '', value = '']) => `${name.padEnd(36)} ${value}`).join('\n')}\n${wrong.map((line) => `  ${line}\n`).join('')}`;
}
