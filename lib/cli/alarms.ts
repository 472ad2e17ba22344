import { randomUUID } from 'node:crypto';
import { Command } from '@commander-js/extra-typings';
import { printable } from '../model/text.ts';
import { ackAlarm, openAlarms } from '../pipeline/alarms.ts';
import type { Entry } from '../pipeline/guard-memory.ts';
import { osUser, withIncidents } from '../runtime/incidents.ts';
import { acting, placed, placeOf } from './incidents.ts';
import { counted, HELP_OUTPUT, out } from './terminal.ts';

const EXAMPLES = `
An alarm is about ajar itself: what it could not see, and what of it does not run. It is raised once, said again while it lasts,
and over when what it tells of is. An acknowledgement is named and kept in the ledger; it makes the alarm less frequent until it
grows or gets worse, and closes nothing.

Examples:
  $ ajar alarms
  $ ajar alarms --stack ajar-prod --format json
  $ ajar alarms ack overdue-probes --table ajar-prod-state --by jdoe@example.com
`;

export function alarmsCommand() {
  const command = new Command('alarms')
    .description('what ajar could not see or do, and who knows; acknowledge')
    .addHelpText('after', EXAMPLES);
  command.addCommand(listCommand().exitOverride().configureOutput(HELP_OUTPUT), { isDefault: true });
  command.addCommand(ackCommand().exitOverride().configureOutput(HELP_OUTPUT));
  return command;
}

function listCommand() {
  return placed('list')
    .description('alarms that last')
    .action(async (flags) => {
      const alarms = await withIncidents(await placeOf(flags), ({ records }) => openAlarms(records));
      for (const alarm of alarms) out(flags.format === 'json' ? `${JSON.stringify(alarm)}\n` : alarmText(alarm));
      if (flags.format === 'text') out(`${counted(alarms.length, 'alarm')}\n`);
    });
}

function ackCommand() {
  return acting('ack')
    .description('I have seen it: said again every four hours alone, until it grows, gets worse or is over')
    .argument('<key>', 'key of an alarm that lasts')
    .action(async (key, flags) => {
      const actor = { by: flags.by ?? osUser(), runId: randomUUID() };
      const use = ({ records }: { records: Parameters<typeof ackAlarm>[0] }) =>
        ackAlarm(records, key, actor, new Date());
      const { changed, alarm } = await withIncidents(await placeOf(flags), use, false);
      if (flags.format === 'json') out(`${JSON.stringify({ changed, alarm })}\n`);
      else out(`${changed ? 'recorded' : 'known already, nothing written'}\n${alarmText(alarm)}`);
    });
}

function alarmText({ key, severity, subject, detail, since, acked }: Entry): string {
  const known = acked === undefined ? '' : `  acknowledged ${acked.at} by ${printable(acked.by)}\n`;
  return `${printable(key)}  ${severity}  since ${since}  ${printable(subject)}\n  ${printable(detail, 1_000)}\n${known}`;
}
