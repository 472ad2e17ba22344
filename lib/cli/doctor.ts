import { badInput, loadSettings } from '../runtime/config.ts';
import { type Check, examineAws, examineState } from '../runtime/doctor.ts';
import { hasState } from '../runtime/local.ts';
import { EXIT } from './exit.ts';
import { awsOptions, inventoryOptions } from './options.ts';
import { colour, out } from './terminal.ts';

const HELP = `
Does once, in one region of at most five accounts, what a sweep does, and names what does not work and the cure.
An action that nothing there called for is listed as not tested. Writes nothing.

Exit status: 0 all that could be tested works, 3 something does not.

Examples:
  $ ajar doctor
  $ ajar doctor --aws --role ajar-reader --external-id 6f2c
`;

export function doctorCommand() {
  return awsOptions(inventoryOptions('doctor'))
    .option('--state <dir>', 'state directory to look at (default: .ajar, where there is one)')
    .description('test permissions, accounts, regions, trails and the state directory')
    .addHelpText('after', HELP)
    .action(async (flags) => {
      const settings = await loadSettings(flags);
      // A demo leaves a folder there and no database of its own.
      const looksAtState = flags.state !== undefined || hasState(settings.state);
      if (settings.aws === undefined && !looksAtState)
        throw badInput(['nothing to examine'], 'pass --aws, or --state DIR');
      let failing = 0;
      const show = (check: Check): void => {
        if (check.works === false) failing++;
        out(flags.format === 'json' ? `${JSON.stringify({ type: 'check', ...check })}\n` : checkText(check));
      };
      if (looksAtState) show(await examineState(settings.state));
      if (settings.aws !== undefined) {
        for await (const check of examineAws(settings.aws)) show(check);
      }
      if (failing > 0) process.exitCode = EXIT.gaps;
    });
}

function checkText({ name, works, detail, cure }: Check): string {
  const mark =
    works === undefined ? colour('magenta', '?    ') : works ? colour('green', 'ok   ') : colour('red', 'fails');
  return `${mark} ${name.padEnd(24)} ${detail}\n${cure === undefined ? '' : `      ${cure}\n`}`;
}
