import { Command, InvalidArgumentError } from '@commander-js/extra-typings';
import { MAX_ACTOR, MAX_NOTE } from '../model/handling.ts';
import { findIncident } from '../pipeline/handle.ts';
import { badInput, loadSettings } from '../runtime/config.ts';
import { actOn, type Place, withIncidents } from '../runtime/incidents.ts';
import { historyOf } from '../pipeline/chain.ts';
import { incidentLine, incidentText } from '../runtime/incident-text.ts';
import { formatOption, parseInstant, recordFlags } from './options.ts';
import { counted, HELP_OUTPUT, out } from './terminal.ts';

const EXAMPLES = `
An id may be cut to its first six characters or more. Each act is named, kept in the ledger and shown in reports and later
notices; said twice it changes nothing. An acknowledgement silences reminders alone: what gets worse, reopens or turns out
to hold more pages at once. With --table NAME the incidents are those of a deployment, with the credentials of this shell.

Examples:
  $ ajar incidents                                       what is open
  $ ajar incidents --all --format json
  $ ajar incidents show 3f2a91
  $ ajar incidents ack 3f2a91 --by jdoe@example.com
  $ ajar incidents note 3f2a91 "rule removed, the cause is a Terraform module"
  $ ajar incidents assign 3f2a91 data-platform@example.com
  $ ajar incidents aware 3f2a91 --at 2026-12-04T10:40:00Z   personal data are affected: the clocks of the law run
`;

export function incidentsCommand() {
  const command = new Command('incidents')
    .description('what is and was open; acknowledge, note, assign, say that you are aware')
    .addHelpText('after', EXAMPLES);
  command.addCommand(listCommand().exitOverride().configureOutput(HELP_OUTPUT), { isDefault: true });
  const subs = [showCommand(), ackCommand(), noteCommand(), assignCommand(), awareCommand()];
  for (const sub of subs) command.addCommand(sub.exitOverride().configureOutput(HELP_OUTPUT));
  return command;
}

export function placed(name: string) {
  return new Command(name)
    .option('--config <file>', 'settings file (default: ajar.yaml, where there is one)')
    .option('--state <dir>', 'state directory (default: .ajar)')
    .option('--table <name>', 'DynamoDB table of a deployment, in place of a state directory')
    .option('--stack <name>', 'stack of a deployment: its table, read as its auditor where it has that role')
    .option('--region <name>', 'region of that table (default: that of this shell)')
    .addOption(formatOption());
}

export function acting(name: string) {
  return placed(name).option('--by <who>', 'who says so (default: the user of this machine)', parseWho);
}

export async function placeOf(flags: {
  config?: string;
  state?: string;
  table?: string;
  stack?: string;
  region?: string;
}): Promise<Place> {
  const { state } = await loadSettings(flags);
  return { state, ...recordFlags(flags) };
}

function listCommand() {
  return placed('list')
    .description('open incidents, oldest first')
    .option('--all', 'also those that are over')
    .option('--endpoint <id>', 'of this endpoint alone')
    .action(async (flags) => {
      const filter = {
        ...(flags.all === true ? {} : { status: 'open' as const }),
        ...(flags.endpoint === undefined ? {} : { endpointId: flags.endpoint }),
      };
      await withIncidents(await placeOf(flags), async (store) => {
        let count = 0;
        for await (const incident of store.incidents(filter)) {
          count++;
          out(flags.format === 'json' ? `${JSON.stringify(incident)}\n` : incidentLine(incident));
        }
        if (flags.format === 'text') out(`${counted(count, flags.all === true ? 'incident' : 'open incident')}\n`);
      });
    });
}

function showCommand() {
  return placed('show')
    .description('one incident: bounds, reasons, what was sent and what people did')
    .argument('<id>', 'incident id, or its beginning')
    .action(async (id, flags) => {
      await withIncidents(await placeOf(flags), async (store) => {
        const incident = await findIncident(store, id);
        const history = await historyOf(store, incident.endpointId, [incident.id]);
        const now = new Date();
        if (flags.format === 'json') out(`${JSON.stringify({ incident, history })}\n`);
        else out(incidentText(incident, history, now));
      });
    });
}

function ackCommand() {
  return acting('ack')
    .description('I have seen it: no more reminders than one in four hours, until it is over or gets worse')
    .argument('<id>', 'incident id, or its beginning')
    .action(async (id, flags) => said(id, { kind: 'ack' }, flags));
}

function noteCommand() {
  return acting('note')
    .description('a line for whoever reads it next')
    .argument('<id>', 'incident id, or its beginning')
    .argument('<text>', `at most ${MAX_NOTE} characters`, parseText)
    .action(async (id, text, flags) => said(id, { kind: 'note', text }, flags));
}

function assignCommand() {
  return acting('assign')
    .description('whose it is now')
    .argument('<id>', 'incident id, or its beginning')
    .argument('<who>', 'a person or a team', parseWho)
    .action(async (id, to, flags) => said(id, { kind: 'assign', to }, flags));
}

function awareCommand() {
  return acting('aware')
    .description('personal data are affected, says a human: starts the clocks of the law, which ajar never does')
    .argument('<id>', 'incident id, or its beginning')
    .option('--at <instant>', 'since when that is known (default: now)', parseInstant)
    .action(async (id, flags) => {
      const since = flags.at ?? new Date().toISOString();
      if (since > new Date().toISOString()) throw badInput([`--at ${since}: in the future`]);
      await said(id, { kind: 'aware', since, ...(flags.at === undefined ? {} : { exact: true }) }, flags);
    });
}

async function said(
  id: string,
  what: Parameters<typeof actOn>[2],
  flags: Parameters<typeof placeOf>[0] & { by?: string; format: 'text' | 'json' },
): Promise<void> {
  const { changed, incident } = await actOn(await placeOf(flags), id, what, flags.by);
  if (flags.format === 'json') out(`${JSON.stringify({ changed, incident })}\n`);
  else out(`${changed ? 'recorded' : 'known already, nothing written'}\n${incidentText(incident, [], new Date())}`);
}

function parseWho(value: string): string {
  if (value.trim() !== '' && value.length <= MAX_ACTOR) return value.trim();
  throw new InvalidArgumentError(`1 to ${MAX_ACTOR} characters: a name or an address`);
}

function parseText(value: string): string {
  if (value.trim() !== '' && value.length <= MAX_NOTE) return value.trim();
  throw new InvalidArgumentError(`1 to ${MAX_NOTE} characters; none of it is secret: it stands in evidence`);
}
