import { Option } from '@commander-js/extra-typings';
import type { CoverageGap } from '../model/endpoint.ts';
import { AjarError } from '../model/errors.ts';
import type { ScanSummary } from '../pipeline/scan.ts';
import { recordGaps } from '../pipeline/scan-alarms.ts';
import { watch } from '../pipeline/watch.ts';
import { watchAllowlist } from '../runtime/allowlist-watch.ts';
import { loadSettings, type Settings } from '../runtime/config.ts';
import { openSources } from '../runtime/inventory.ts';
import { openLocal } from '../runtime/local.ts';
import { sealAfterPass } from '../runtime/seal.ts';
import { EXIT } from './exit.ts';
import { parseCount, parseInterval, scanningOptions } from './options.ts';
import { exitStatus } from './scan.ts';
import { stopSignal } from './signals.ts';
import { counted, gapLines, log, out, outOrRefuse, progressLine, summaryText } from './terminal.ts';

const EXAMPLES = `
The inventory and the allowlist are read again before every pass; one that does not load is reported, and the last
good one stays in force. MySQL and MariaDB are visited at most once a day, whatever the interval. What could not be
seen is named when it begins. Stopped by Ctrl-C or --passes, it says what is open and not seen, and exits as scan does:
1 while a finding at or above --fail-on is open, else 3 while anything is not seen conclusively, else 0.

With --aws each pass reads what is due: what is open to the internet every 5 minutes, what exists hourly, the rest daily,
new accounts and regions at the next pass. Everything known is probed in every pass.

Examples:
  $ ajar watch --aws --role ajar-reader --every 60s
  $ ajar watch --file inventory.yaml --every 60s
  $ ajar watch --file inventory.yaml --every 5m --webhook https://hooks.example.com/ajar
`;

export function watchCommand() {
  return scanningOptions('watch')
    .description('scan again and again; alert within one interval of any removal')
    .addOption(
      new Option('--every <interval>', 'from the start of one pass to the start of the next')
        .argParser(parseInterval)
        .default(60_000, '60s'),
    )
    .option('--passes <n>', 'stop after this many passes', parseCount)
    .addHelpText('after', EXAMPLES)
    .action(async (flags) => {
      const settings = await loadSettings(flags);
      const sources = await openSources(settings);
      let listed: Awaited<ReturnType<typeof sources.take>> = { endpoints: [] };
      const allowed = await watchAllowlist(settings.allowlist, () => local.store);
      const stop = stopSignal();
      const progress = progressLine();
      const write = (text: string): void => {
        progress.clear();
        outOrRefuse(text);
      };
      const local = await openLocal({ settings, write, format: flags.format });
      const passes = new AbortController();
      const signal = AbortSignal.any([stop.signal, passes.signal]);
      let last: ScanSummary | undefined;
      let unsealed: string | undefined;
      const pass = async (n: number, everyMs: number): Promise<void> => {
        const taking = {
          store: local.store,
          now: () => new Date(),
          signal: stop.signal,
          full: false,
          onPlace: progress.sweeping,
        };
        listed = (await lastGood(() => sources.take(taking))) ?? listed;
        const { allowlist, says } = await allowed.pass(new Date());
        for (const line of says) log(line);
        const { endpoints, inventory } = listed;
        const told = inventory === undefined ? {} : { inventory };
        const summary = await local.scan(endpoints, allowlist, {
          signal: stop.signal,
          onProgress: progress.show,
          ...{ ...told, everyMs },
        });
        progress.clear();
        if (flags.format === 'json') out(`${JSON.stringify({ type: 'summary', ...summary })}\n`);
        log(passLine(n, summary));
        for (const line of gapLines(newGaps(last, summary))) log(line);
        await recordGaps(summary, local.store.records, new Date());
        last = summary;
        unsealed = await sealAfterPass(local.store, settings.state, log, unsealed);
        if (n === flags.passes) passes.abort();
      };
      try {
        await watch(flags.every, signal, pass, (tookMs) => log(lateLine(tookMs, flags.every)));
        if (flags.format === 'text' && last !== undefined) out(summaryText(last));
        process.exitCode = watchStatus(last, settings);
        if (unsealed !== undefined) process.exitCode ||= EXIT.gaps;
      } finally {
        await local.close();
        stop.release();
      }
    });
}

function passLine(n: number, { verdicts, findings, gaps, endedAt }: ScanSummary): string {
  const { exposed, reachable, latent, unknown } = verdicts;
  return (
    `${endedAt} pass ${n}: ${exposed} exposed, ${reachable} reachable, ${verdicts.protected} protected, ` +
    `${latent} latent, ${unknown} unknown; ${counted(findings.length, 'open incident')}, ${counted(gaps.length, 'gap')}`
  );
}

function lateLine(tookMs: number, everyMs: number): string {
  const seconds = (ms: number): string => `${(ms / 1_000).toFixed(1)} s`;
  return (
    `ajar: a pass took ${seconds(tookMs)}, longer than --every ${seconds(everyMs)}: a removal may stay unseen that long; ` +
    'raise --every, or watch fewer endpoints from here (said once until a pass is in time again)'
  );
}

/** What this pass could not see and the one before it could, or not for that reason. */
function newGaps(before: ScanSummary | undefined, { gaps }: ScanSummary): readonly CoverageGap[] {
  const known = new Set(before?.gaps.map(({ code, subject }) => `${code} ${subject}`));
  return gaps.filter(({ code, subject }) => !known.has(`${code} ${subject}`));
}

/** What a stop left out of the last pass was seen in one before it; what never was is among the gaps. */
function watchStatus(last: ScanSummary | undefined, settings: Settings): number {
  return last === undefined ? EXIT.gaps : exitStatus({ ...last, cancelled: 0 }, settings);
}

/** A file broken by an edit must not stop the watch. */
async function lastGood<T>(load: () => Promise<T>): Promise<T | undefined> {
  try {
    return await load();
  } catch (error) {
    if (!(error instanceof AjarError) || error.code !== 'bad-input') throw error;
    log(`${error.message}\najar: the inventory does not load: the last good one stays in force`);
    return undefined;
  }
}
