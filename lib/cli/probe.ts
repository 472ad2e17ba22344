import { readFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import { endpointDocument } from '../model/documents.ts';
import type { Endpoint } from '../model/endpoint.ts';
import { probeAll } from '../pipeline/probe.ts';
import { badInput, loadSettings } from '../runtime/config.ts';
import { openBudgets, probeRun, readEndpoints } from '../runtime/local.ts';
import { EXIT } from './exit.ts';
import { probingOptions } from './options.ts';
import { stopSignal } from './signals.ts';
import { log, out, progressLine } from './terminal.ts';

const EXAMPLES = `
Reads endpoints, looks at each once, prints one observation per address as NDJSON. Judges nothing and keeps nothing,
except how often it connected to servers that count connections (MySQL), in the state directory.

Examples:
  $ ajar probe --file inventory.yaml
  $ ajar inventory --file lab.yaml | ajar probe --in - --allow-private --only 127.0.0.0/8
`;

export function probeCommand() {
  return probingOptions('probe')
    .description('look at endpoints from here; print observations as NDJSON')
    .option('--in <file>', 'endpoints as NDJSON, as printed by ajar inventory; - is standard input')
    .addHelpText('after', EXAMPLES)
    .action(async (flags) => {
      const settings = await loadSettings(flags);
      const endpoints = flags.in === undefined ? await readEndpoints(settings.files) : await readNdjson(flags.in);
      if (endpoints.length === 0) throw badInput(['no endpoint to look at'], 'did the stage before it fail?');
      const stop = stopSignal();
      const progress = progressLine();
      const budgets = await openBudgets(settings, endpoints);
      let gaps = 0;
      try {
        const run = probeRun(settings, budgets, () => new Date(), stop.signal);
        const tally = { done: 0, total: endpoints.length, open: 0 };
        await probeAll(endpoints, run, async (outcome) => {
          tally.done++;
          progress.show({ ...tally, gaps });
          if (outcome.kind === 'not-due') log(`ajar: ${outcome.endpoint.id}: ${outcome.detail}`);
          if (outcome.kind !== 'reading') return;
          for (const observation of outcome.reading.observations) {
            if (observation.gap !== undefined) gaps++;
            out(`${JSON.stringify({ endpointId: outcome.reading.endpoint.id, ...observation })}\n`);
          }
        });
        progress.clear();
      } finally {
        await budgets.close();
        stop.release();
      }
      if (gaps > 0 || stop.signal.aborted) process.exitCode = EXIT.gaps;
    });
}

async function readNdjson(file: string): Promise<readonly Endpoint[]> {
  const name = file === '-' ? 'standard input' : file;
  const content = file === '-' ? await text(process.stdin) : await readFile(file, 'utf8').catch(cannotRead(file));
  return content.split('\n').flatMap((line, i): Endpoint[] => {
    if (line.trim() === '') return [];
    const parsed = endpointDocument.safeParse(parseJson(line, `${name}:${i + 1}:1`));
    if (parsed.success) return [parsed.data as Endpoint];
    const [issue] = parsed.error.issues;
    throw badInput(
      [`${name}:${i + 1}:1: ${issue?.path.join('.') ?? ''} ${issue?.message ?? 'is not an endpoint'}`],
      'make it with ajar inventory',
    );
  });
}

function cannotRead(file: string) {
  return (error: unknown): never => {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
    throw badInput([`${file}:1:1: cannot be read (${code})`]);
  };
}

function parseJson(line: string, place: string): unknown {
  try {
    return JSON.parse(line);
  } catch (error) {
    if (error instanceof SyntaxError) throw badInput([`${place}: not JSON: ${error.message}`], 'one endpoint a line');
    throw error;
  }
}
