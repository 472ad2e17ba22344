/** EXP-9, check by check: exceptions are approved, bounded and reviewed. */
import { describe, expect, it } from 'vitest';
import type { ReportException } from '../../lib/model/report-evidence.ts';
import { at, check } from '../support/objective-facts.ts';

describe('exceptions', () => {
  const exception = (id: string, over: Partial<ReportException> = {}): ReportException => ({
    ...{
      id,
      owner: 'owner',
      author: 'author',
      approvedBy: ['ciso'],
      reason: '',
      ticket: '',
      approvedOn: '',
      expires: '',
    },
    ...{ scope: '{}', permits: '{}', endpoints: [], incidents: [], flags: [], ...over },
  });
  const of = (id: string, ...exceptions: readonly ReportException[]) => check(id, { exceptions });

  it('are approved by somebody else than owner and author', () => {
    const id = 'EXP-9/approved';
    const alone = [
      exception('a', { approvedBy: ['owner', 'author'] }),
      exception('b', { approvedBy: [] }),
      exception('c', { approvedBy: ['author', 'ciso'] }),
    ];
    expect(of(id, ...alone)).toEqual([
      'not-satisfied',
      '2 exceptions approved by nobody but its owner or author.',
      'a',
      'b',
    ]);
    expect(of(id, exception('c'))).toEqual([
      'satisfied',
      'All 1 exception approved by somebody else than owner and author.',
    ]);
  });

  it('are bounded, where their scope is known', () => {
    const id = 'EXP-9/bounded';
    expect(of(id, exception('a', { flags: ['over-broad'] }), exception('b'))).toEqual([
      'not-satisfied',
      '1 exception covering more than anybody can have looked at.',
      'a',
    ]);
    expect(of(id, exception('a', { scope: 'not on record' }))).toEqual([
      'not-determined',
      'Of 1 exception the scope is not on record.',
      'a',
    ]);
    expect(of(id, exception('a'), exception('b'))).toEqual(['satisfied', '2 exceptions, bounded in scope and time.']);
  });

  it('are reviewed: neither expired nor unused, and the list was this one throughout', () => {
    const id = 'EXP-9/reviewed';
    expect(
      of(
        id,
        exception('a', { flags: ['expired'] }),
        exception('b', { flags: ['unused'] }),
        exception('c', { flags: ['changed'] }),
      ),
    ).toEqual([...['not-satisfied', '2 exceptions expired or unused, and still in the list.', 'a', 'b']]);
    expect(of(id, exception('a'))).toEqual(['satisfied', 'None of 1 exception is expired or unused.']);
    const change = { at: at('01:00'), seq: 1, kind: 'run', subject: 'run-1', text: 'allowlist aaa' } as const;
    const others = [
      { ...change, subject: 'x', text: 'started' },
      { ...change, subject: 'y', kind: 'act' as const },
    ];
    expect(check(id, { changes: others })[0]).toBe('satisfied');
    expect(check(id, { changes: [change, { ...change, subject: 'run-2' }] })).toEqual([
      ...[
        'not-determined',
        'The list was another one before 2 passes; what it held is not on record.',
        'run-1',
        'run-2',
      ],
    ]);
  });
});
