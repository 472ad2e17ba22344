import { userInfo } from 'node:os';
import { Command, InvalidArgumentError } from '@commander-js/extra-typings';
import { loadSettings } from '../runtime/config.ts';
import { recordFlags } from './options.ts';
import { stopSignal } from './signals.ts';
import { log, out } from './terminal.ts';

const EXAMPLES = `
Pages for people who do not use a terminal: what is open now, incidents with their timeline and evidence, coverage, allowances
about to end, reports to download. They work without script, in any browser, and answer this machine alone: whoever has an
account on it can read them, as they can read the state directory. For others, a stack has the same console behind a login.

Acknowledging and notes are kept in the ledger under the name of the user who runs this, or --by. --read-only has neither.

Examples:
  $ ajar serve                                 http://127.0.0.1:7080, over .ajar
  $ ajar serve --state /var/lib/ajar --port 0  on a port that is free
  $ ajar serve --stack ajar-prod --read-only   over a deployment, as its auditor
`;

const DEFAULT_PORT = 7080;

export function serveCommand() {
  return new Command('serve')
    .description('the console in a browser: what is open, incidents, coverage, reports')
    .option('--config <file>', 'settings file (default: ajar.yaml, where there is one)')
    .option('--state <dir>', 'state directory (default: .ajar)')
    .option('--allowlist <file>', 'accepted postures (default: allowlist.yaml, where there is one)')
    .option('--table <name>', 'DynamoDB table of a deployment, in place of a state directory')
    .option(
      '--stack <name>',
      'stack of a deployment: its table and allowlist, read as its auditor where it has that role',
    )
    .option('--region <name>', 'its region (default: that of this shell)')
    .option('--listen <address>', 'loopback address to answer on', '127.0.0.1')
    .option('--port <n>', 'port; 0 takes any that is free', parsePort, DEFAULT_PORT)
    .option('--by <who>', 'in whose name people acknowledge and note here (default: the user of this machine)')
    .option('--read-only', 'nobody acknowledges or notes here')
    .addHelpText('after', EXAMPLES)
    .action(async (flags) => {
      const { state, allowlist } = await loadSettings(flags);
      const stop = stopSignal();
      // What makes reports is large, and no other command should wait for it.
      const { serveConsole } = await import('../runtime/serve.ts');
      const server = await serveConsole({
        place: { state, ...recordFlags(flags) },
        allowlist,
        host: flags.listen,
        port: flags.port,
        by: flags.by ?? userInfo().username,
        mayAct: flags.readOnly !== true,
        fault: (error) => log(`ajar: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`),
      });
      out(`${server.address}\n`);
      log('Ctrl-C ends it.');
      try {
        await new Promise<void>((resolve) => {
          if (stop.signal.aborted) resolve();
          else stop.signal.addEventListener('abort', () => resolve(), { once: true });
        });
      } finally {
        await server.close();
        stop.release();
      }
    });
}

function parsePort(value: string): number {
  const port = Number(value);
  if (/^\d{1,5}$/.test(value) && port <= 65_535) return port;
  throw new InvalidArgumentError('a port, 0 to 65535');
}
