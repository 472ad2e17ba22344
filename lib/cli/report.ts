import { join } from 'node:path';
import { Command } from '@commander-js/extra-typings';
import { FORMATS } from '../model/report.ts';
import { badInput, loadSettings } from '../runtime/config.ts';
import { allowlistOf, located } from '../runtime/incidents.ts';
import { writeFiles } from '../runtime/output.ts';
import { parseInstant, recordFlags } from './options.ts';
import { reproduceCommand } from './report-reproduce.ts';
import { sampleCommand } from './report-sample.ts';
import { HELP_OUTPUT, out } from './terminal.ts';

const EXAMPLES = `
A day means its first instant, 00:00 UTC: a quarter ends on the first day of the next one. Verdicts and open windows
are those of the end of the period; what nobody looked at within it is said plainly.

Examples:
  $ ajar report --out report                                   everything the state knows
  $ ajar report --from 2026-10-01 --to 2027-01-01 --format html,csv --out q4
  $ ajar report --stack ajar-prod --from 2026-12-01 --to 2027-01-01
  $ ajar report --format html,csv,json,oscal,ocsf,asff,junit,pdf --zip   everything in report/report.zip
  $ ajar report --format pdf --pdf-font NotoSansCJK-Regular.ttc    names in Chinese, Japanese and Korean too

Signed checkpoints of the period's hours are read with it: beside the state, or in the bucket of the stack.
inputs.ndjson has what the report takes from the state beside the ledger. manifest.json, the last of the files, has the length
and SHA-256 of each, and what was asked for: ajar report reproduce makes them again from both, whenever.
`;

export function reportCommand() {
  const command = new Command('report')
    .enablePositionalOptions()
    .description("an auditor's report of a period, from a state directory or a deployment")
    .option('--config <file>', 'settings file (default: ajar.yaml, where there is one)')
    .option('--state <dir>', 'state directory (default: .ajar)')
    .option('--table <name>', 'DynamoDB table of a deployment, in place of a state directory')
    .option(
      '--stack <name>',
      'stack of a deployment: its table and allowlist, read as its auditor where it has that role',
    )
    .option('--region <name>', 'its region (default: that of this shell)')
    .option('--allowlist <file>', 'accepted postures (default: allowlist.yaml, where there is one)')
    .option('--from <day>', 'start of the period (default: the first reading)', parseInstant)
    .option('--to <day>', 'end of the period, not in the future (default: the last reading)', parseInstant)
    .option('--format <formats>', `comma-separated: ${FORMATS.join(', ')}`, 'html,csv,json')
    .option('--out <dir>', 'where to write the files', 'report')
    .option('--zip', 'one file, report.zip, in place of the files; the same report gives the same bytes')
    .option('--pdf-font <file>', 'font for names in scripts that the PDF shows as code points otherwise')
    .addHelpText('after', EXAMPLES)
    .action(async (flags) => {
      const formats = flags.format.split(',').map((f) => f.trim());
      const unknown = formats.filter((f) => !FORMATS.includes(f));
      if (unknown.length > 0)
        throw badInput([`--format ${unknown.join(',')}: not a format`], `formats: ${FORMATS.join(', ')}`);
      // What makes reports is large, and no other command should wait for it.
      const { makeReport, zipped } = await import('../runtime/report.ts');
      const { readFont } = await import('../runtime/font.ts');
      const settings = await loadSettings(flags);
      const place = await located({ state: settings.state, ...recordFlags(flags) });
      const allowlist = await allowlistOf(place, settings.allowlist);
      const period = {
        ...(flags.from === undefined ? {} : { from: flags.from }),
        ...(flags.to === undefined ? {} : { to: flags.to }),
        ...(flags.pdfFont === undefined ? {} : { pdfFont: await readFont(flags.pdfFont) }),
      };
      const made = await makeReport(place, formats, period, allowlist);
      const files = flags.zip === true ? [zipped(made)] : made;
      await writeFiles(flags.out, files);
      for (const { name } of files) out(`${join(flags.out, name)}\n`);
    });
  for (const sub of [sampleCommand(), reproduceCommand()])
    command.addCommand(sub.exitOverride().configureOutput(HELP_OUTPUT));
  return command;
}
