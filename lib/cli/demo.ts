import { join } from 'node:path';
import { Command } from '@commander-js/extra-typings';
import type { EndpointState } from '../model/state.ts';
import { EXIT } from './exit.ts';
import { stopSignal } from './signals.ts';
import { out, verdictLine } from './terminal.ts';

const EXAMPLES = `
Starts a real PostgreSQL and a stand-in for an OpenSearch cluster on 127.0.0.1, removes their protections, and shows what ajar
makes of it, in less than 45 seconds. Touches nothing outside of this machine.

With --aws the same happens on AWS as ajar is deployed there: real collectors, functions, queues, table and topic, on moto, a
stand-in for AWS. Takes the moto that AWS_ENDPOINT_URL names (loopback addresses only), or starts one it finds (moto_server, or
python3 -m moto.server) and ends it. Never a real account, whatever credentials this shell has. Prints the SNS message as it
was received.

Examples:
  $ npm start
  $ ajar demo --state /tmp/ajar-demo
  $ ajar demo --aws
  $ AWS_ENDPOINT_URL=http://127.0.0.1:5000 ajar demo --aws
`;

export function demoCommand() {
  return new Command('demo')
    .description('4 December 2019, replayed end to end on this machine')
    .option('--aws', 'on AWS, as deployed: on moto, a stand-in for AWS; never on a real account')
    .option('--state <dir>', 'where what is kept of it goes (default: a new folder under .ajar/demo)')
    .addHelpText('after', EXAMPLES)
    .action(async (flags) => {
      const stamp = new Date().toISOString().replace(/[:.]/g, '-');
      const state = flags.state ?? join('.ajar', 'demo', stamp);
      const stop = stopSignal();
      try {
        const options = { state, signal: stop.signal, say: out, show: (s: EndpointState) => out(verdictLine(s)) };
        if (flags.aws === true) {
          const { runAwsDemo } = await import('../runtime/demo/aws.ts');
          await runAwsDemo(options);
        } else {
          const { runDemo } = await import('../runtime/demo/story.ts');
          await runDemo(options);
        }
      } catch (error) {
        if (!stop.signal.aborted) throw error;
        process.exitCode = EXIT.gaps;
      } finally {
        stop.release();
      }
    });
}
