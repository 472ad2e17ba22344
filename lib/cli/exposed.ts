import { allowlistOf, withIncidents } from '../runtime/incidents.ts';
import { VERSION } from '../runtime/version.ts';
import { loadSettings } from '../runtime/config.ts';
import { exposed, type ExposedReport } from '../pipeline/exposed.ts';
import { printable } from '../model/text.ts';
import { EXIT } from './exit.ts';
import { placed, placeOf } from './incidents.ts';
import { parseInstant } from './options.ts';
import { out } from './terminal.ts';

const EXAMPLES = `
Yes needs that it was seen so; no needs that it was watched the whole day and that no exposure window can have touched it.
All else is not known, and said with what is missing. A day is from 00:00 to 24:00 UTC; an instant is the second that
begins with it. Exit status: 0 no, 1 yes, 3 not known, 2 bad input.

Examples:
  $ ajar exposed file:analytics.example.com:9200 --on 2026-12-04
  $ ajar exposed 111122223333/eu-west-1/rds/orders --on 2026-12-04T10:00:00Z --stack ajar-prod --format json
`;

const DAY_MS = 86_400_000;
const STATUS = { yes: EXIT.findings, no: EXIT.clean, 'not known': EXIT.gaps } as const;

export function exposedCommand() {
  return placed('exposed')
    .description('whether an endpoint was exposed on a day: yes, no or not known, and why')
    .argument('<endpoint>', 'endpoint id')
    .requiredOption('--on <day>', 'a day, or an instant', parseDay)
    .option('--allowlist <file>', 'accepted postures (default: allowlist.yaml, where there is one)')
    .addHelpText('after', EXAMPLES)
    .action(async (endpointId, flags) => {
      const place = await placeOf(flags);
      const allowlist = await allowlistOf(place, (await loadSettings(flags)).allowlist);
      const query = { endpointId, on: flags.on, allowlist, toolVersion: VERSION, now: new Date() };
      const answer = await withIncidents(place, (store) => exposed(store, query));
      out(flags.format === 'json' ? `${JSON.stringify(answer)}\n` : textOf(answer));
      process.exitCode = STATUS[answer.answer];
    });
}

function parseDay(value: string): { readonly from: string; readonly to: string } {
  const from = parseInstant(value);
  const length = value.length === 'YYYY-MM-DD'.length ? DAY_MS : 1_000;
  return { from, to: new Date(Date.parse(from) + length).toISOString() };
}

function textOf({ endpoint, on, answer, why, coverage }: ExposedReport): string {
  const watched = coverage?.percent === undefined ? '' : `\n  watched: ${coverage.percent} % of ${coverage.existed} s`;
  const reasons = why.map((reason) => `\n  ${printable(reason, 400)}`).join('');
  return `${answer}: ${printable(endpoint)}, ${on.from} to ${on.to}${reasons}${watched}\n`;
}
