import { describe, expect, it } from 'vitest';
import { judge, redeclared } from '../../lib/assess/judge.ts';
import type { Level } from '../../lib/model/protection.ts';
import { aReading, declaredLevels, type ReadingOverrides } from '../support/readings.ts';

describe('a newer configuration of what was seen', () => {
  const later = (first: ReadingOverrides, door: Level, over: ReadingOverrides = {}) => {
    const before = judge(aReading(first));
    const reading = aReading({ ...over, declared: { network: door } });
    return redeclared(before, reading, judge(reading).declared);
  };

  it.each(['exposed', 'reachable'] as const)('changes whether it is a shadow, and no word of why it is %s', (name) => {
    const sees = name === 'exposed' ? [{ auth: 'open-anonymous', catchAll: true } as const] : [{}];
    const before = judge(aReading({ sees, declared: { network: 'off' } })).verdict;
    expect(before).toMatchObject({ name, shadow: false });
    expect(later({ sees, declared: { network: 'off' } }, 'on').verdict).toEqual({ ...before, shadow: true });
    expect(later({ sees, declared: { network: 'on' } }, 'off').verdict).toEqual(before);
  });

  it('makes latent what is closed and newly declared open, and protected what no longer is', () => {
    const sees = [{ l4: 'refused' }] as const;
    expect(later({ sees, declared: { network: 'on' } }, 'off').verdict.name).toBe('latent');
    expect(later({ sees, declared: { network: 'off' } }, 'on').verdict.name).toBe('protected');
  });

  it('is all there is of what stands behind a shared host', () => {
    const endpoint = { shared: true, declared: declaredLevels({}) } as const;
    expect(later({ sees: [] }, 'off', { endpoint }).verdict).toMatchObject({
      name: 'reachable',
      why: 'network is configured off',
    });
  });

  it('is looked at anew where it stood behind one and no longer does', () => {
    const sharing = declaredLevels({ sharing: 'off' });
    const before = judge(aReading({ sees: [], endpoint: { shared: true, declared: sharing } }));
    expect(before.verdict.name).toBe('exposed');
    const reading = aReading({ declared: { network: 'on' } });
    expect(redeclared(before, reading, judge(reading).declared).verdict.name).toBe('unknown');
  });

  it('brings its own gaps of the inventory, and leaves those of the look', () => {
    const gap = (subject: string) => ({ stage: 'inventory', subject, code: 'denied', detail: 'd' }) as const;
    const before = judge({ ...aReading({ sees: [{ gap: 'no-answer' }] }), gaps: [gap('old')] });
    const reading = aReading({ declared: { network: 'on' } });
    const subjects = (gaps: readonly { subject: string }[]) => gaps.map(({ subject }) => subject);
    expect(subjects(redeclared(before, { ...reading, gaps: [gap('new')] }, before.declared).gaps)).toEqual([
      'new',
      'es-1',
    ]);
    expect(subjects(redeclared(before, reading, before.declared).gaps)).toEqual(['es-1']);
    expect(redeclared(before, reading, judge(reading).declared).declared.network.level).toBe('on');
  });
});
