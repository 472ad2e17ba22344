import type { Sink } from '../model/sink.ts';

/** The ten lines on standard output, or the whole notice as one NDJSON line. */
export function stdoutSink(options: {
  readonly write: (text: string) => void;
  readonly format: 'text' | 'json';
}): Sink {
  return {
    id: 'stdout',
    async deliver(notice) {
      const text = options.format === 'json' ? JSON.stringify({ type: 'notice', ...notice }) : notice.lines.join('\n');
      options.write(options.format === 'json' ? `${text}\n` : `\n${text}\n\n`);
      return { id: notice.key };
    },
  };
}
