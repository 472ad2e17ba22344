import { join } from 'node:path';
import { Command } from '@commander-js/extra-typings';
import { runDemo } from '../runtime/demo/story.ts';
import { EXIT } from './exit.ts';
import { stopSignal } from './signals.ts';
import { out, verdictLine } from './terminal.ts';

const EXAMPLES = `
Starts a real PostgreSQL and a stand-in for an OpenSearch cluster on 127.0.0.1, removes their protections, and shows what ajar
makes of it, in less than 45 seconds. Touches nothing outside of this machine.

Examples:
  $ npm start
  $ ajar demo --state /tmp/ajar-demo
`;

export function demoCommand() {
  return new Command('demo')
    .description('4 December 2019, replayed end to end on this machine')
    .option('--state <dir>', 'where its state, ledger and report go (default: a new folder under .ajar/demo)')
    .addHelpText('after', EXAMPLES)
    .action(async (flags) => {
      const stamp = new Date().toISOString().replace(/[:.]/g, '-');
      const state = flags.state ?? join('.ajar', 'demo', stamp);
      const stop = stopSignal();
      try {
        await runDemo({ state, signal: stop.signal, say: out, show: (s) => out(verdictLine(s)) });
      } catch (error) {
        if (!stop.signal.aborted) throw error;
        process.exitCode = EXIT.gaps;
      } finally {
        stop.release();
      }
    });
}
