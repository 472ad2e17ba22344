import type { Allowlist } from '../model/allowlist.ts';
import type { Endpoint } from '../model/endpoint.ts';
import { AjarError } from '../model/errors.ts';
import { watch } from '../pipeline/watch.ts';
import { loadAllowlist, loadSettings } from '../runtime/config.ts';
import { openLocal, readEndpoints } from '../runtime/local.ts';
import { parseCount, parseInterval, scanningOptions } from './options.ts';
import { stopSignal } from './signals.ts';
import { log, out, outOrRefuse, progressLine } from './terminal.ts';

const EXAMPLES = `
The inventory and the allowlist are read again before every pass; one that does not load is reported, and the last
good one stays in force. MySQL and MariaDB are visited at most once a day, whatever the interval.

Examples:
  $ ajar watch --file inventory.yaml --every 60s
  $ ajar watch --file inventory.yaml --every 5m --webhook https://hooks.example.com/ajar
`;

export function watchCommand() {
  return scanningOptions('watch')
    .description('scan again and again; alert within one interval of any removal')
    .option('--every <interval>', 'from the start of one pass to the start of the next', parseInterval, 60_000)
    .option('--passes <n>', 'stop after this many passes', parseCount)
    .addHelpText('after', EXAMPLES)
    .action(async (flags) => {
      const settings = await loadSettings(flags);
      let endpoints: readonly Endpoint[] = await readEndpoints(settings.files);
      let allowlist: Allowlist = await loadAllowlist(settings.allowlist);
      const stop = stopSignal();
      const progress = progressLine();
      const write = (text: string): void => {
        progress.clear();
        outOrRefuse(text);
      };
      const local = await openLocal({ settings, write, format: flags.format });
      const passes = new AbortController();
      const signal = AbortSignal.any([stop.signal, passes.signal]);
      try {
        await watch(flags.every, signal, async (n) => {
          endpoints = (await lastGood('inventory', () => readEndpoints(settings.files))) ?? endpoints;
          allowlist = (await lastGood('allowlist', () => loadAllowlist(settings.allowlist))) ?? allowlist;
          const summary = await local.scan(endpoints, allowlist, { signal: stop.signal, onProgress: progress.show });
          progress.clear();
          if (flags.format === 'json') out(`${JSON.stringify({ type: 'summary', ...summary })}\n`);
          const { verdicts, findings, gaps, endedAt } = summary;
          log(
            `${endedAt} pass ${n}: ${verdicts.exposed} exposed, ${verdicts.reachable} reachable, ${verdicts.protected} protected, ` +
              `${verdicts.latent} latent, ${verdicts.unknown} unknown; ${findings.length} open incidents, ${gaps.length} gaps`,
          );
          if (n === flags.passes) passes.abort();
        });
      } finally {
        await local.close();
        stop.release();
      }
    });
}

/** A file broken by an edit must neither stop the watch nor widen anything. */
async function lastGood<T>(what: string, load: () => Promise<T>): Promise<T | undefined> {
  try {
    return await load();
  } catch (error) {
    if (!(error instanceof AjarError) || error.code !== 'bad-input') throw error;
    log(`${error.message}\najar: the ${what} does not load: the last good one stays in force`);
    return undefined;
  }
}
