import { Command } from '@commander-js/extra-typings';
import { BUILT_IN, readHistory, replay } from '../runtime/replay/replay.ts';
import type { ReplayResult } from '../runtime/replay/result.ts';
import { EXIT } from './exit.ts';
import { formatOption, parseInterval } from './options.ts';
import { replayText } from './replay-text.ts';
import { out } from './terminal.ts';

const HELP = `
A history is a YAML file: accounts, endpoints, what happens to them, and what goes wrong meanwhile (docs/replay.md,
docs/schemas/replay-file.schema.json). Everything that ajar does is what it does deployed, on a clock of the history; no
connection is made and nothing is kept. Beside each event stands what a whole scan every 12 and every 24 hours would have told.

Comes with ajar: ${BUILT_IN.join(', ')}

Exit status: 0 every loss was told in time, once; 1 one was not, or something was told that was not so; 2 the file has a mistake;
3 the history ends before it can be said.

Examples:
  $ ajar replay wyze-2019
  $ ajar replay my-outage.yaml --within 2m --format json
`;

export function replayCommand() {
  return new Command('replay')
    .description('a scripted history on a virtual clock: what ajar tells of it, and how soon')
    .argument('<history>', `a YAML file, or ${BUILT_IN.join(', ')}`)
    .option('--within <time>', 'an alert is late after this long', parseInterval, 300_000)
    .addOption(formatOption())
    .addHelpText('after', HELP)
    .action(async (name, flags) => {
      const result = await replay(await readHistory(name), flags.within);
      out(flags.format === 'json' ? `${JSON.stringify(result)}\n` : replayText(result));
      process.exitCode = exitOf(result);
    });
}

function exitOf({ events, windows, pages }: ReplayResult): number {
  const isWrong =
    events.some(({ answer }) => answer === 'late' || answer === 'missed') ||
    windows.some(({ isRight }) => !isRight) ||
    pages.duplicates.length > 0 ||
    pages.unfounded.length > 0;
  if (isWrong) return EXIT.findings;
  return events.some(({ answer }) => answer === 'undecided') ? EXIT.gaps : EXIT.clean;
}
