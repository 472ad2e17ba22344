/** `ajar`: parses the command line, runs one command, maps its outcome to the exit status (design section 5). */
import { Command, CommanderError } from '@commander-js/extra-typings';
import { AjarError } from '../model/errors.ts';
import { VERSION } from '../runtime/version.ts';
import { allowlistCommand } from './allowlist.ts';
import { demoCommand } from './demo.ts';
import { doctorCommand } from './doctor.ts';
import { EXIT } from './exit.ts';
import { exposedCommand } from './exposed.ts';
import { explainCommand } from './explain.ts';
import { alarmsCommand } from './alarms.ts';
import { incidentsCommand } from './incidents.ts';
import { inventoryCommand } from './inventory.ts';
import { planCommand } from './plan.ts';
import { probeCommand } from './probe.ts';
import { replayCommand } from './replay.ts';
import { reportCommand } from './report.ts';
import { scanCommand } from './scan.ts';
import { sealCommand } from './seal.ts';
import { serveCommand } from './serve.ts';
import { HELP_OUTPUT, log } from './terminal.ts';
import { verifyCommand } from './verify.ts';
import { watchCommand } from './watch.ts';

const HELP = `
Exit status:
  0  clean
  1  findings at or above --fail-on
  2  bad input or configuration; nothing was written
  3  not everything could be seen, and nothing at or above --fail-on was found
  4  no Node that can run ajar

Start here:
  $ ajar demo                                      4 December 2019, replayed on this machine
  $ ajar scan --file inventory.yaml                one look at your own endpoints
  $ ajar scan --aws                                the same, over everything this AWS account runs
  $ ajar watch --file inventory.yaml --every 60s   keep looking, alert on every removal
`;

export async function run(argv: readonly string[]): Promise<void> {
  const program = new Command('ajar')
    .description('Tells you within minutes when a database door is left ajar, and keeps the evidence.')
    .version(VERSION, '--version')
    .addHelpText('after', HELP)
    .showHelpAfterError('(ajar --help shows the commands and examples)')
    // report has options of its own, and so has report sample: each is of the command it stands behind.
    .enablePositionalOptions()
    .exitOverride()
    .configureOutput(HELP_OUTPUT);
  const commands = [
    demoCommand,
    inventoryCommand,
    probeCommand,
    scanCommand,
    watchCommand,
    planCommand,
    doctorCommand,
    reportCommand,
    sealCommand,
    verifyCommand,
    allowlistCommand,
    replayCommand,
    incidentsCommand,
    alarmsCommand,
    explainCommand,
    exposedCommand,
    serveCommand,
  ];
  for (const command of commands) program.addCommand(command().exitOverride().configureOutput(HELP_OUTPUT));
  try {
    await program.parseAsync([...argv], { from: 'user' });
  } catch (error) {
    process.exitCode = exitCodeOf(error);
  }
}

function exitCodeOf(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.clean : EXIT.badInput;
  if (error instanceof AjarError) {
    log(error.message);
    if (error.cure !== undefined) log(`ajar: ${error.cure}`);
    return EXIT.badInput;
  }
  // Not one of ours: a bug. Nothing can be said of what was not looked at, and 1 would claim findings.
  log(
    `ajar: this is a bug, please report it: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
  );
  return EXIT.gaps;
}

if (import.meta.main) await run(process.argv.slice(2));
