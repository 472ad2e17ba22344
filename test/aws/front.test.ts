import { describe, expect, it } from 'vitest';
import { inFrontOf, leadsTo, listenerTls, weakestOf } from '../../lib/aws/front.ts';
import { declaredOff, declaredOn, declaredPartial, declaredUnknown } from '../../lib/model/declared.ts';

describe('what a front says of itself', () => {
  it('names two targets and counts the others, each once', () => {
    expect(leadsTo(['a'])).toBe('leads to a');
    expect(leadsTo(['a', 'b', 'a', 'c', 'd'])).toBe('leads to a, b and 2 more');
  });

  it('says first what stands behind, in one bounded line', () => {
    const protection = inFrontOf([`a\n${'x'.repeat(5_000)}`], declaredOff('open'));
    expect(protection.evidence).toMatch(/^leads to a x/);
    expect(protection.evidence.length).toBeLessThanOrEqual(200);
  });

  it('is as open as the most open way through, and what is not known is worse than closed', () => {
    const [on, partial, off, unknown] = [declaredOn(''), declaredPartial(''), declaredOff(''), declaredUnknown('')];
    expect(weakestOf([on, unknown, partial, off]).level).toBe('off');
    expect(weakestOf([on, unknown, partial]).level).toBe('partial');
    expect(weakestOf([on, unknown]).level).toBe('unknown');
    expect(weakestOf([on]).level).toBe('on');
    expect(weakestOf([]).level).toBe('unknown');
  });

  it.each([
    ['HTTPS', 'ELBSecurityPolicy-TLS13-1-2-2021-06', 'on'],
    ['TLS', 'ELBSecurityPolicy-TLS13-1-3-2021-06', 'on'],
    ['HTTPS', 'ELBSecurityPolicy-FS-1-2-Res-2020-10', 'on'],
    ['HTTPS', 'ELBSecurityPolicy-TLS-1-2-Ext-2018-06', 'on'],
    ['HTTPS', 'ELBSecurityPolicy-2016-08', 'partial'],
    ['HTTPS', 'ELBSecurityPolicy-FS-2018-06', 'partial'],
    ['TLS', 'ELBSecurityPolicy-TLS13-1-0-2021-06', 'partial'],
    ['TLS', 'ELBSecurityPolicy-TLS-1-1-2017-01', 'partial'],
    ['SSL', 'my-own-1-2-policy', 'unknown'],
    ['HTTPS', undefined, 'unknown'],
    ['HTTP', undefined, 'off'],
    ['TCP', undefined, 'unknown'],
    ['TCP_UDP', undefined, 'unknown'],
    [undefined, undefined, 'unknown'],
  ])('knows what a listener of %s with %s is worth', (protocol, policy, level) => {
    expect(listenerTls(protocol, [policy]).level).toBe(level);
  });
});
