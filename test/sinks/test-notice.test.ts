import { describe, expect, it } from 'vitest';
import { isTest, testNotice } from '../../lib/sinks/test-notice.ts';
import { aNotice } from '../support/builders.ts';

const AT = new Date('2026-12-04T10:00:00.000Z');

describe('a test alert', () => {
  it('is known as one, as a drill is, and no other notice is', () => {
    const drill = aNotice({ endpoint: { ...aNotice().endpoint, drill: true } });
    expect([testNotice(AT), drill, aNotice()].map(isTest)).toEqual([true, true, false]);
  });

  it('passes the filters of a real page unless told otherwise', () => {
    expect(testNotice(AT).incident.severity).toBe('critical');
    expect(testNotice(AT, 'info').incident.severity).toBe('info');
  });

  it('says in its first words that it is a test, and that nothing is open', () => {
    const { subject, lines } = testNotice(AT);
    expect(subject).toMatch(/^\[TEST\] .*nothing is open/);
    expect(lines[0]).toBe(subject);
    expect(lines.join('\n')).toContain('sent 2026-12-04T10:00:00.000Z');
  });

  it('has a key of its own each time, so that no receiver drops the second as a repeat', () => {
    expect(testNotice(AT).key).not.toBe(testNotice(AT).key);
  });
});
