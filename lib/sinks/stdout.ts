import type { Sink } from '../model/sink.ts';
import { linkless } from './inert.ts';

const LINE_LIMIT = 400;

/** The ten lines on standard output, or the whole notice as one NDJSON line. */
export function stdoutSink(options: {
  readonly write: (text: string) => void;
  readonly format: 'text' | 'json';
}): Sink {
  return {
    id: 'stdout',
    async deliver(notice) {
      if (options.format === 'json') options.write(`${ascii(JSON.stringify({ type: 'notice', ...notice }))}\n`);
      else options.write(`\n${notice.lines.map((line) => linkless(line, LINE_LIMIT)).join('\n')}\n\n`);
      return { id: notice.key };
    },
  };
}

/** The same JSON in ASCII: standard output may be a terminal, and U+009B begins a command there. */
function ascii(json: string): string {
  return json.replace(/[^\x20-\x7e]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
