import { Command, Option } from '@commander-js/extra-typings';
import { printable } from '../model/text.ts';
import { formatProblem } from '../model/yaml.ts';
import { diffAllowlists, explainEndpoint, lint, LINT_ERRORS } from '../runtime/allowlist.ts';
import { draftAllowances } from '../runtime/allowlist-draft.ts';
import { loadAllowlist, tryAllowlist } from '../runtime/allowlist-load.ts';
import { badInput, loadSettings } from '../runtime/config.ts';
import { problemsAsSarif, warningsAsSarif } from '../runtime/sarif.ts';
import { diffText, explanationText } from './allowlist-text.ts';
import { EXIT } from './exit.ts';
import { collect, formatOption } from './options.ts';
import { counted, HELP_OUTPUT, out } from './terminal.ts';

const EXAMPLES = `
An entry accepts a posture of named endpoints until a day; it never accepts anonymous access, and it never silences
the removal of a protection. docs/allowlist.md explains every field.

Examples:
  $ ajar allowlist init > allowlist.draft.yaml    draft entries from the last scan; people fill in who and why
  $ ajar allowlist check allowlist.yaml --file inventory.yaml
  $ ajar allowlist check allowances/ --format sarif > allowlist.sarif
  $ ajar allowlist explain device-analytics
  $ ajar allowlist diff s3://bucket/allowlist/allowlist.yaml allowlist.yaml
`;

export function allowlistCommand() {
  const command = new Command('allowlist')
    .description('validate, explain, compare and draft accepted postures')
    .addHelpText('after', EXAMPLES);
  for (const sub of [checkCommand(), explainCommand(), initCommand(), diffCommand()])
    command.addCommand(sub.exitOverride().configureOutput(HELP_OUTPUT));
  return command;
}

function stateOptions(name: string) {
  return new Command(name)
    .option('--config <file>', 'settings file (default: ajar.yaml, where there is one)')
    .option('--state <dir>', 'state directory (default: .ajar)')
    .option(
      '--allowlist <file>',
      'accepted postures: a file, a directory or s3://bucket/key (default: allowlist.yaml)',
    );
}

function checkCommand() {
  return stateOptions('check')
    .description('is it valid, and does every entry still do something?')
    .argument('[place]', 'file, directory or s3://bucket/key (default: --allowlist)')
    .option(
      '--file <file>',
      'inventory to judge use by (default: what was scanned); may be given several times',
      collect,
    )
    .addOption(
      new Option('--format <format>', 'text for people, json for programs, sarif for pull requests')
        .choices(['text', 'json', 'sarif'] as const)
        .default('text' as const),
    )
    .addHelpText('after', EXAMPLES)
    .action(async (place, flags) => {
      const settings = await loadSettings({ ...flags, ...(place === undefined ? {} : { allowlist: place }) });
      if (settings.allowlist === undefined) throw badInput(['no allowlist: neither named nor found as allowlist.yaml']);
      const read = await tryAllowlist(settings.allowlist);
      if (!read.ok) {
        if (flags.format === 'sarif') out(problemsAsSarif(read.problems));
        throw badInput(read.problems.map(formatProblem));
      }
      const { allowlist } = read;
      const { warnings, useJudged } = await lint(allowlist, settings, new Date());
      const { entries, digest, places } = allowlist;
      const placed = warnings.map((warning) => ({ ...warning, ...places.get(warning.id) }));
      if (flags.format === 'sarif') out(warningsAsSarif(warnings, places));
      else if (flags.format === 'json')
        out(`${JSON.stringify({ entries: entries.length, digest, useJudged, warnings: placed })}\n`);
      else {
        out(`${settings.allowlist}: ${counted(entries.length, 'entry', 'entries')}, valid; sha256 ${digest}\n`);
        for (const { id, code, message, line } of placed)
          out(`  ${code.padEnd(15)} ${id}${line === undefined ? '' : ` (line ${line})`}: ${printable(message, 400)}\n`);
        if (!useJudged) out('  use was not judged: no inventory; pass --file inventory.yaml\n');
      }
      if (warnings.some(({ code }) => LINT_ERRORS.includes(code))) process.exitCode = EXIT.findings;
    });
}

function explainCommand() {
  return stateOptions('explain')
    .description('what posture is approved of an endpoint, by which entries, and what the others lack')
    .argument('<endpoint>', 'endpoint id')
    .option('--file <file>', 'inventory, where the endpoint was never scanned', collect)
    .addOption(formatOption())
    .addHelpText('after', EXAMPLES)
    .action(async (id, flags) => {
      const settings = await loadSettings(flags);
      const allowlist = await loadAllowlist(settings.allowlist);
      const explanation = await explainEndpoint(id, settings, allowlist, new Date());
      if (flags.format === 'json') out(`${JSON.stringify(explanation)}\n`);
      else out(explanationText(explanation));
    });
}

function diffCommand() {
  return new Command('diff')
    .description('what would start or stop to alert with another allowlist, as of the last look at each endpoint')
    .argument('<old>', 'file, directory or s3://bucket/key; none: no allowlist at all')
    .argument('<new>', 'the same')
    .option('--config <file>', 'settings file (default: ajar.yaml, where there is one)')
    .option('--state <dir>', 'state directory (default: .ajar)')
    .addOption(formatOption())
    .addHelpText('after', EXAMPLES)
    .action(async (old, fresh, flags) => {
      const { state } = await loadSettings(flags);
      const load = (place: string) => loadAllowlist(place === 'none' ? undefined : place);
      const diff = await diffAllowlists(await load(old), await load(fresh), state, new Date());
      out(flags.format === 'json' ? `${JSON.stringify(diff)}\n` : diffText(diff));
    });
}

function initCommand() {
  return stateOptions('init')
    .description("draft minimal entries from today's posture; invalid until people fill in who and why")
    .addHelpText('after', EXAMPLES)
    .action(async (flags) => {
      const settings = await loadSettings(flags);
      out(await draftAllowances(settings.state, new Date()));
    });
}
