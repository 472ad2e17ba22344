/** One visit from several places: the endpoint is as exposed as it is to any of them, and it says to whom. */
import { describe, expect, it } from 'vitest';
import { judge } from '../../lib/assess/judge.ts';
import { decide } from '../../lib/assess/decide.ts';
import { EMPTY_ALLOWLIST } from '../../lib/model/allowlist.ts';
import { aReading, type ObservationOverrides } from '../support/readings.ts';

const OPEN = { auth: 'open-anonymous' } as const;
const ACL = { auth: 'source-acl', proof: 2 } as const;
const from = (vantage: string, seen: ObservationOverrides) => ({ vantage, address: '127.0.0.1', ...seen });

describe('a visit from an office and from outside', () => {
  it('that both let in is open to the world as far as we can see', () => {
    const { verdict, vantages } = judge(aReading({ sees: [from('office', OPEN), from('outside', OPEN)] }));
    expect(verdict).toMatchObject({ name: 'exposed' });
    expect(verdict.why).toMatch(/; alike from office, outside$/u);
    expect(vantages).toEqual({ most: ['office', 'outside'], less: [] });
  });

  it('that only the office is let in is exposed, and says to whom', () => {
    const { verdict, vantages, addresses } = judge(aReading({ sees: [from('office', OPEN), from('outside', ACL)] }));
    expect(verdict.name).toBe('exposed');
    expect(verdict.why).toMatch(/; so from office, not from outside$/u);
    expect(vantages).toEqual({ most: ['office'], less: ['outside'] });
    expect(addresses).toEqual(['127.0.0.1']);
  });

  it('that is refused at one and silent at the other is not closed yet', () => {
    const silent = { l4: 'filtered' } as const;
    const refused = { l4: 'refused' } as const;
    const posture = judge(aReading({ sees: [from('office', silent), from('outside', refused)] }));
    expect(posture).toMatchObject({ silent: true, observed: { network: { level: 'unknown' } } });
  });

  it('is told to whoever is paged', () => {
    const reading = aReading({ sees: [from('office', OPEN), from('outside', ACL)] });
    const { notices } = decide(undefined, reading, EMPTY_ALLOWLIST, new Date(reading.at));
    const verified = notices[0]?.lines.find((line) => line.startsWith('VERIFIED'));
    expect(verified).toContain('vantage office; not from outside');
  });

  it('of one place says nothing of places', () => {
    const { verdict, vantages } = judge(aReading({ sees: [from('office', OPEN)] }));
    expect(vantages).toBeUndefined();
    expect(verdict.why).not.toContain('office');
  });
});
