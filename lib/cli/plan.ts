import type { Estimate } from '../pipeline/estimate.ts';
import { badInput, loadSettings } from '../runtime/config.ts';
import { planAws } from '../runtime/plan.ts';
import { EXIT } from './exit.ts';
import { awsOptions, inventoryOptions } from './options.ts';
import { counted, gapLines, log, out } from './terminal.ts';

const HELP = `
Lists accounts and regions, sweeps nothing, writes nothing, and says what sweeping would cost. Every call is an event in
the customer's own audit pipeline, and that is where the money goes. With --state, cells are sized by what was found
there before; without it every cell counts as empty, so the figures are a lower bound.

  hot     open to the internet by its configuration   every 5 minutes
  active  holds something                             hourly
  daily   nothing found                               daily, each at its own minute

Examples:
  $ ajar plan --aws --dry-run
  $ ajar plan --aws --dry-run --role ajar-reader --state .ajar --format json
`;

export function planCommand() {
  return awsOptions(inventoryOptions('plan'))
    .option('--state <dir>', 'size cells by what this state directory knows')
    .option('--dry-run', 'sweep nothing; the only way there is so far, said aloud')
    .description('what the AWS sweeps will call and cost, before anything runs')
    .addHelpText('after', HELP)
    .action(async (flags) => {
      const settings = await loadSettings(flags);
      if (settings.aws === undefined) throw badInput(['nothing to plan'], 'pass --aws');
      const { estimate, services, gaps } = await planAws(settings.aws, flags.state);
      if (flags.format === 'json') out(`${JSON.stringify({ type: 'plan', ...estimate, services, gaps })}\n`);
      else out(planText(estimate, services));
      for (const line of gapLines(gaps)) log(line);
      if (gaps.length > 0) process.exitCode = EXIT.gaps;
    });
}

function planText(plan: Estimate, services: readonly string[]): string {
  const number = (n: number): string => Math.round(n).toLocaleString('en-US');
  const money = (n: number): string => `$${n < 10 ? n.toFixed(2) : number(n)}`;
  const rows = plan.tiers.map(
    ({ tier, cells, callsPerSweep, callsPerMonth }) =>
      `  ${tier.padEnd(8)} ${number(cells).padStart(9)} cells ${number(callsPerSweep).padStart(11)} calls a sweep ${number(callsPerMonth).padStart(14)} a month`,
  );
  const lines = [
    `${counted(plan.accounts, 'account')}, ${counted(plan.places, 'account-region')}, ${counted(services.length, 'service')}: ${number(plan.cells)} cells`,
    ...rows,
    `  once over everything: ${number(plan.callsFullSweep)} calls`,
    `  a month: ${number(plan.callsPerMonth)} calls; GuardDuty reading them ${money(plan.guardDuty)}, a second trail ${money(plan.secondTrail)} (list prices)`,
  ];
  if (plan.neverRead > 0)
    lines.push(`  ${number(plan.neverRead)} cells were never read and count as empty: a lower bound`);
  lines.push(`services: ${services.join(' ')}`);
  return `${lines.join('\n')}\n`;
}
