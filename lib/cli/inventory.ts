import { writeFile } from 'node:fs/promises';
import type { Inventory } from '../model/inventory.ts';
import { badInput, loadSettings } from '../runtime/config.ts';
import { openSources } from '../runtime/inventory.ts';
import { withKnown } from '../runtime/local.ts';
import { EXIT } from './exit.ts';
import { awsOptions, inventoryOptions } from './options.ts';
import { stopSignal } from './signals.ts';
import { coverageText, gapLines, log, out, progressLine } from './terminal.ts';

const EXAMPLE = `
An inventory file:
  version: 1
  endpoints:
    - id: device-analytics            # yours, stable; reports and alerts quote it
      host: es.example.com
      port: 9200
      engine: elasticsearch           # elasticsearch opensearch postgres mysql mariadb redis valkey mongodb memcached
      account: "111122223333"         # in quotes: 12 digits of text
      region: us-east-1
      declared:                       # what the configuration promises; leave out what you do not know
        network: off                  # on: closed to the internet, off: open to it
        authentication: on
        tls: on

Examples:
  $ ajar inventory --file inventory.yaml
  $ ajar inventory --file a.yaml --file b.yaml | ajar probe --in -
  $ ajar inventory --aws > endpoints.ndjson
  $ ajar inventory --aws --role ajar-reader --services opensearch,rds --regions eu-west-1

Exit status 3 when part of AWS could not be read: what is missing is named on stderr, and is unknown, not absent.
`;

export function inventoryCommand() {
  return awsOptions(inventoryOptions('inventory'))
    .option('--coverage <file>', 'write what was asked and how it answered: one line of JSON per cell count and gap')
    .option('--state <dir>', 'compare with what this state directory knows; nothing is written to it')
    .description('list endpoints with declared posture, from files or from AWS; NDJSON on stdout')
    .addHelpText('after', EXAMPLE)
    .action(async (flags) => {
      const settings = await loadSettings(flags);
      const sources = await openSources(settings);
      const stop = stopSignal();
      const progress = progressLine();
      const { endpoints, inventory } = await withKnown(flags.state, (store) =>
        sources.take({
          store,
          now: () => new Date(),
          signal: stop.signal,
          full: true,
          onPlace: progress.sweeping,
        }),
      );
      progress.clear();
      stop.release();
      for (const endpoint of endpoints) out(`${JSON.stringify(endpoint)}\n`);
      if (inventory === undefined) return;
      if (flags.coverage !== undefined) await writeCoverage(flags.coverage, inventory);
      log(coverageText(inventory.coverage, inventory.forgotten));
      for (const line of gapLines(inventory.gaps)) log(line);
      if (inventory.gaps.length > 0 || stop.signal.aborted) process.exitCode = EXIT.gaps;
    });
}

async function writeCoverage(file: string, { coverage, gaps, forgotten }: Inventory): Promise<void> {
  const lines = [
    { type: 'coverage', ...coverage },
    ...gaps.map((gap) => ({ type: 'gap', ...gap })),
    ...forgotten.map((door) => ({ type: 'forgotten', ...door })),
  ];
  const text = lines.map((line) => `${JSON.stringify(line)}\n`).join('');
  await writeFile(file, text).catch((error: unknown) => {
    throw badInput([`--coverage ${file}: ${error instanceof Error ? error.message : String(error)}`]);
  });
}
