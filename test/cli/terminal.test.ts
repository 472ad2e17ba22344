import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import type { CoverageGap } from '../../lib/model/endpoint.ts';
import { counted, gapLines } from '../../lib/cli/terminal.ts';
import { MAIN } from '../support/command.ts';

describe('help for a reader that goes away', () => {
  it.each(['check', 'explain', 'init', 'diff'])('allowlist %s --help ends quietly', (command) => {
    const { stderr, status } = throughClosedPipe('allowlist', command, '--help');
    expect({ stderr, status }).toEqual({ stderr: '', status: 0 });
  });

  it('a usage error that nobody reads ends with its exit status', () => {
    expect(throughClosedPipe('allowlist', 'check', '--fast').status).toBe(2);
  });
});

/** `head` that leaves before it has read: both streams are closed pipes by the time ajar writes. */
function throughClosedPipe(...args: string[]): { readonly stderr: string; readonly status: number | null } {
  const script = '{ "$0" "$@" 2>&3; echo $? >&4; } 4>&2 3>&2 | true';
  const { stderr } = spawnSync('sh', ['-c', script, process.execPath, MAIN, ...args], { encoding: 'utf8' });
  const lines = stderr.trimEnd().split('\n');
  return { stderr: lines.slice(0, -1).join('\n'), status: Number(lines.at(-1)) };
}

it.each([
  [0, '0 entries'],
  [1, '1 entry'],
  [2, '2 entries'],
])('%d is counted %s', (count, text) => {
  expect(counted(count, 'entry', 'entries')).toBe(text);
});

it('names twenty gaps and counts the rest', () => {
  const gaps = Array.from(
    { length: 23 },
    (_, i): CoverageGap => ({ stage: 'probe', subject: `db-${i}\u001b[31m`, code: 'no-answer', detail: 'silence' }),
  );
  const lines = gapLines(gaps);
  expect(lines).toHaveLength(21);
  expect(lines[0]).toBe('  no-answer          db-0U+001B[31m  silence');
  expect(lines.at(-1)).toBe('  and 3 more: ajar report --format csv lists all');
  expect(gapLines(gaps.slice(0, 20))).toHaveLength(20);
});
