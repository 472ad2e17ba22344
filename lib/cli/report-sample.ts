import { InvalidArgumentError, Option } from '@commander-js/extra-typings';
import { loadSettings } from '../runtime/config.ts';
import { allowlistOf, withIncidents } from '../runtime/incidents.ts';
import { type PeriodSample, POPULATIONS, sampleOf } from '../runtime/report-sample.ts';
import { printable } from '../model/text.ts';
import { placed, placeOf } from './incidents.ts';
import { parseCount, parseInstant } from './options.ts';
import { out } from './terminal.ts';

const EXAMPLES = `
The same population and seed give the same sample anywhere; with the sorted ids at hand sha256sum shows it. Let the auditor
choose the seed. Whoever tests a control that runs by itself takes one of each state and tests changes of the tool beside it.

Examples:
  $ ajar report sample --n 25 --seed 2026-Q4
  $ ajar report sample --of incidents --from 2026-10-01 --to 2027-01-01 --n 5 --seed 7 --format json
`;

export function sampleCommand() {
  return placed('sample')
    .description(
      'draws endpoints, incidents, exceptions or changes of a period to be tested, so that anybody can draw them again',
    )
    .option('--allowlist <file>', 'accepted postures (default: allowlist.yaml, where there is one)')
    .option('--from <day>', 'start of the period (default: the first reading)', parseInstant)
    .option('--to <day>', 'end of the period (default: the last reading)', parseInstant)
    .addOption(new Option('--of <population>', 'what to draw from').choices(POPULATIONS).default('endpoints' as const))
    .option('--n <count>', 'how many', parseCount, 25)
    .requiredOption('--seed <text>', 'whatever the auditor chose', parseSeed)
    .addHelpText('after', EXAMPLES)
    .action(async (flags) => {
      const place = await placeOf(flags);
      const allowlist = await allowlistOf(place, (await loadSettings(flags)).allowlist);
      const { from, to } = flags;
      const period = { ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) };
      const asked = { of: flags.of, n: flags.n, seed: flags.seed };
      const sample = await withIncidents(place, (store) => sampleOf(store, asked, { ...period, allowlist }));
      out(flags.format === 'json' ? `${JSON.stringify(sample)}\n` : textOf(sample));
    });
}

function parseSeed(value: string): string {
  if (/^[\x20-\x7e]{1,128}$/.test(value)) return value;
  throw new InvalidArgumentError('1 to 128 characters of ASCII');
}

function textOf({ of, report, seed, algorithm, population, drawn }: PeriodSample): string {
  const lines = [
    `${drawn.length} of ${population.size} ${of}, ${report.period.from} to ${report.period.to}, report ${report.id}`,
    `seed        ${seed}`,
    `population  sha256 ${population.sha256}`,
    `algorithm   ${algorithm}`,
    ...drawn.map(({ id, rank }) => `  ${rank.slice(0, 12)}  ${printable(id, 256)}`),
  ];
  return `${lines.join('\n')}\n`;
}
