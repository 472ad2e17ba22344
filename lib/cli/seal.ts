import { Command } from '@commander-js/extra-typings';
import { loadSettings } from '../runtime/config.ts';
import { withState } from '../runtime/local.ts';
import { evidencePlace, sealState } from '../runtime/seal.ts';
import { formatOption } from './options.ts';
import { counted, log, out } from './terminal.ts';

const EXAMPLES = `
What was recorded in hours that are over is copied out of the state directory into its folder evidence: one file of lines
for each hour and a signed checkpoint beside it, never written again. ajar scan and ajar watch do the same at the end of a
pass; the hour that runs is sealed once it is over. The key is made at first use: keep its public half elsewhere.

Examples:
  $ ajar seal
  $ ajar seal --state /var/lib/ajar --format json
`;

export function sealCommand() {
  return new Command('seal')
    .description('seal the hours that are over: files and signed checkpoints, for ajar verify')
    .option('--config <file>', 'settings file (default: ajar.yaml, where there is one)')
    .option('--state <dir>', 'state directory (default: .ajar)')
    .addOption(formatOption())
    .addHelpText('after', EXAMPLES)
    .action(async (flags) => {
      const { state } = await loadSettings(flags);
      const { made, entries, newest } = await withState(state, (store) => sealState(store, state, { onKey: log }));
      const place = evidencePlace(state);
      if (flags.format === 'json') {
        const sealed = newest === undefined ? {} : { checkpoint: newest.checkpoint, digest: newest.digest };
        out(`${JSON.stringify({ type: 'sealed', place, made, entries, ...sealed })}\n`);
        return;
      }
      const last = newest?.checkpoint;
      if (last === undefined) out('nothing to seal: no hour with an entry is over\n');
      else {
        out(`${place}: ${counted(made, 'checkpoint')} made, ${counted(entries, 'entry', 'entries')} sealed\n`);
        out(
          `  up to entry ${last.lastSeq}, hour ${last.hour}\n  key ${last.key}\n  checkpoint ${newest?.digest ?? ''}\n`,
        );
      }
    });
}
