import { describe, expect, it } from 'vitest';
import type { Notice } from '../../lib/model/incident.ts';
import { stdoutSink } from '../../lib/sinks/stdout.ts';
import { anIncident, aNotice } from '../support/builders.ts';

async function written(format: 'text' | 'json', ...notices: readonly Notice[]): Promise<string> {
  let text = '';
  const sink = stdoutSink({ write: (part) => (text += part), format });
  for (const notice of notices) {
    expect(await sink.deliver(notice, new AbortController().signal)).toEqual({ id: notice.key });
  }
  return text;
}

describe('the standard output sink', () => {
  it('writes the lines of each notice as a block of its own', async () => {
    const text = await written('text', aNotice({ lines: ['a', 'b'] }), aNotice({ lines: ['c'] }));
    expect(text).toBe('\na\nb\n\n\nc\n\n');
  });

  it('writes one JSON document a line, whole', async () => {
    const notices = [
      aNotice(),
      aNotice({ key: 'x/opened/2', incident: anIncident({ evidence: 'zürich ☃ \u{1f600}' }) }),
    ];
    const lines = (await written('json', ...notices)).split('\n');
    expect(lines.pop()).toBe('');
    expect(lines.map((line) => JSON.parse(line))).toEqual(notices.map((notice) => ({ type: 'notice', ...notice })));
  });

  it.each(['text', 'json'] as const)('sends nothing to a terminal as %s that it would obey', async (format) => {
    const hostile = 'a\u001b[2J\u009b31m\u202egnp.exe\u2028\r\nFAKE LINE';
    const text = await written(format, aNotice({ lines: [hostile], incident: anIncident({ evidence: hostile }) }));
    // oxlint-disable-next-line no-control-regex
    expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u2028\u202e]/);
    expect(text.split('\n').filter((line) => line.startsWith('FAKE'))).toEqual([]);
  });

  it('rejects when the text could not be written, so that the notice stays owed', async () => {
    const write = (): never => {
      throw new Error('EPIPE');
    };
    const sink = stdoutSink({ write, format: 'text' });
    await expect(sink.deliver(aNotice(), new AbortController().signal)).rejects.toThrow('EPIPE');
  });
});
