import { Command } from '@commander-js/extra-typings';
import { badInput, loadAllowlist, loadSettings } from '../runtime/config.ts';
import { draftAllowances, explainEndpoint, type Explanation, lint, type Now } from '../runtime/allowlist.ts';
import { printable } from '../model/text.ts';
import { EXIT } from './exit.ts';
import { collect, formatOption } from './options.ts';
import { counted, HELP_OUTPUT, out } from './terminal.ts';

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
  for (const sub of [checkCommand(), explainCommand(), initCommand()])
    command.addCommand(sub.exitOverride().configureOutput(HELP_OUTPUT));
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
      const { warnings, useJudged } = await lint(allowlist, settings.files, new Date());
      const { entries, digest } = allowlist;
      if (flags.format === 'json') out(`${JSON.stringify({ entries: entries.length, digest, useJudged, warnings })}\n`);
      else {
        out(`${settings.allowlist}: ${counted(entries.length, 'entry', 'entries')}, valid; sha256 ${digest}\n`);
        for (const { id, code, message } of warnings) out(`  ${code.padEnd(12)} ${id}: ${message}\n`);
        if (!useJudged) out('  use was not judged: no inventory; pass --file inventory.yaml\n');
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
      else out(explanationText(explanation));
    });
}

function explanationText({ endpoint, accepted, entries, now }: Explanation): string {
  const lines = [`${endpoint}: ${accepted}`];
  for (const { id, matches, why } of entries) lines.push(`  ${matches ? 'covers  ' : 'does not'} ${id}: ${why}`);
  if ('unknown' in now) lines.push(`  how it stands is not known: ${now.unknown}`);
  else lines.push(...nowLines(now));
  return `${lines.join('\n')}\n`;
}

/** What is so, beside what is accepted: nobody must read `covers` as closed. */
function nowLines({ verdict, at, incidents }: Now): readonly string[] {
  const name = verdict.name === 'exposed' ? 'EXPOSED, which no entry accepts' : verdict.name;
  return [
    `  last seen ${name}, ${at}: ${printable(verdict.why)}`,
    ...incidents.map(
      (i) => `  open ${i.severity}: ${i.protection} ${i.from ?? 'first seen'} -> ${i.to} since ${i.start.upper}`,
    ),
  ];
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
