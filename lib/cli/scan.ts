import { atLeast } from '../model/verdict.ts';
import { loadAllowlist } from '../runtime/allowlist-load.ts';
import { endingLines } from '../runtime/allowlist-watch.ts';
import { loadSettings, type Settings } from '../runtime/config.ts';
import { openSources } from '../runtime/inventory.ts';
import { openLocal } from '../runtime/local.ts';
import { sealAfterPass } from '../runtime/seal.ts';
import type { ScanSummary } from '../pipeline/scan.ts';
import { recordGaps } from '../pipeline/scan-alarms.ts';
import { EXIT } from './exit.ts';
import { scanningOptions } from './options.ts';
import { stopSignal } from './signals.ts';
import { log, out, outOrRefuse, progressLine, summaryText, verdictLine } from './terminal.ts';

const EXAMPLES = `
Examples:
  $ ajar scan --file inventory.yaml
  $ ajar scan --file lab.yaml --allow-private --only 127.0.0.0/8
  $ ajar scan --aws --regions eu-west-1
  $ ajar scan --aws --role ajar-reader --external-id 6f2c
  $ ajar scan --file inventory.yaml --format json --fail-on medium > scan.ndjson
`;

/** With this many endpoints or fewer, each gets its line. */
const LIST_UP_TO = 200;

export function scanCommand() {
  return scanningOptions('scan')
    .description('inventory, probe, judge and alert, once')
    .addHelpText('after', EXAMPLES)
    .action(async (flags) => {
      const settings = await loadSettings(flags);
      // Everything that can be wrong with the input is found before the state directory is touched.
      const sources = await openSources(settings);
      const allowlist = await loadAllowlist(settings.allowlist);
      for (const line of endingLines(allowlist, new Date())) log(line);
      const stop = stopSignal();
      const progress = progressLine();
      const write = (text: string): void => {
        progress.clear();
        outOrRefuse(text);
      };
      const local = await openLocal({ settings, write, format: flags.format });
      try {
        const { endpoints, inventory } = await sources.take({
          store: local.store,
          now: () => new Date(),
          signal: stop.signal,
          full: true,
          onPlace: progress.sweeping,
        });
        const pass = {
          signal: stop.signal,
          onProgress: progress.show,
          ...(inventory === undefined ? {} : { inventory }),
        };
        const summary = await local.scan(endpoints, allowlist, pass);
        progress.clear();
        if (flags.format === 'json') out(`${JSON.stringify({ type: 'summary', ...summary })}\n`);
        else {
          if (endpoints.length <= LIST_UP_TO) for await (const state of local.store.states()) out(verdictLine(state));
          out(summaryText(summary));
        }
        process.exitCode = exitStatus(summary, settings);
        await recordGaps(summary, local.store.records, new Date());
        const unsealed = await sealAfterPass(local.store, settings.state, log);
        if (unsealed !== undefined) process.exitCode ||= EXIT.gaps;
      } finally {
        await local.close();
        stop.release();
      }
    });
}

/** Findings outrank gaps: what was found is certain, and a gap must not hide it. */
export function exitStatus(summary: ScanSummary, { failOn }: Pick<Settings, 'failOn'>): number {
  if (summary.findings.some((i) => atLeast(i.severity, failOn))) return EXIT.findings;
  return summary.gaps.length > 0 || summary.cancelled > 0 ? EXIT.gaps : EXIT.clean;
}
