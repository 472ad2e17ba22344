import { Command } from '@commander-js/extra-typings';
import { badInput, loadAllowlist, loadSettings } from '../runtime/config.ts';
import { draftAllowances, explainEndpoint, lint } from '../runtime/allowlist.ts';
import { EXIT } from './exit.ts';
import { collect, formatOption } from './options.ts';
import { out } from './terminal.ts';

const EXAMPLES = `
An entry accepts a posture of named endpoints until a day; it never accepts anonymous access, and it never silences
the removal of a protection. docs/allowlist.md explains every field.

Examples:
  $ ajar allowlist init > allowlist.draft.yaml    draft entries from the last scan; people fill in who and why
  $ ajar allowlist check allowlist.yaml --file inventory.yaml
  $ ajar allowlist explain device-analytics
`;

export function allowlistCommand() {
  const command = new Command('allowlist')
    .description('validate, explain and draft accepted postures')
    .addHelpText('after', EXAMPLES);
  for (const sub of [checkCommand(), explainCommand(), initCommand()]) command.addCommand(sub.exitOverride());
  return command;
}

function stateOptions(name: string) {
  return new Command(name)
    .option('--config <file>', 'settings file (default: ajar.yaml, where there is one)')
    .option('--state <dir>', 'state directory (default: .ajar)')
    .option('--allowlist <file>', 'accepted postures (default: allowlist.yaml, where there is one)');
}

function checkCommand() {
  return stateOptions('check')
    .description('is it valid, and does every entry still do something?')
    .argument('[file]', 'allowlist file (default: --allowlist)')
    .option('--file <file>', 'inventory to judge use by; may be given several times', collect)
    .addOption(formatOption())
    .addHelpText('after', EXAMPLES)
    .action(async (file, flags) => {
      const settings = await loadSettings({ ...flags, ...(file === undefined ? {} : { allowlist: file }) });
      if (settings.allowlist === undefined) throw badInput(['no allowlist: neither named nor found as allowlist.yaml']);
      const allowlist = await loadAllowlist(settings.allowlist);
      const warnings = await lint(allowlist, settings.files, new Date());
      if (flags.format === 'json')
        out(`${JSON.stringify({ entries: allowlist.entries.length, digest: allowlist.digest, warnings })}\n`);
      else {
        out(`${settings.allowlist}: ${allowlist.entries.length} entries, valid; sha256 ${allowlist.digest}\n`);
        for (const { id, code, message } of warnings) out(`  ${code.padEnd(12)} ${id}: ${message}\n`);
      }
      if (warnings.some((w) => w.code === 'expired' || w.code === 'unused')) process.exitCode = EXIT.findings;
    });
}

function explainCommand() {
  return stateOptions('explain')
    .description('which entries cover an endpoint, and what the others lack')
    .argument('<endpoint>', 'endpoint id')
    .option('--file <file>', 'inventory, where the endpoint was never scanned', collect)
    .addOption(formatOption())
    .addHelpText('after', EXAMPLES)
    .action(async (id, flags) => {
      const settings = await loadSettings(flags);
      const allowlist = await loadAllowlist(settings.allowlist);
      const explanation = await explainEndpoint(id, settings, allowlist, new Date());
      if (flags.format === 'json') out(`${JSON.stringify(explanation)}\n`);
      else {
        out(`${id}: ${explanation.accepted}\n`);
        for (const { id: entry, matches, why } of explanation.entries)
          out(`  ${matches ? 'covers  ' : 'does not'} ${entry}: ${why}\n`);
      }
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
