/** What is kept of one reading, part by part. */
import { describe, expect, it } from 'vitest';
import { judge } from '../../lib/assess/judge.ts';
import { contextOf, coverageAt, sampleOf } from '../../lib/assess/sample.ts';
import { type Allowlist, EMPTY_ALLOWLIST } from '../../lib/model/allowlist.ts';
import type { Posture } from '../../lib/model/posture.ts';
import type { Reading } from '../../lib/model/reading.ts';
import type { Sample } from '../../lib/model/state.ts';
import { aReading, anAllowance, anAllowlist, instant, type ReadingOverrides } from '../support/readings.ts';

const NOW = new Date(instant(100));
interface Given {
  readonly reading?: Partial<Reading>;
  readonly posture?: Partial<Posture>;
  readonly list?: Allowlist;
}
function sampled(over: ReadingOverrides, { reading, posture, list = EMPTY_ALLOWLIST }: Given = {}): Sample {
  const made = { ...aReading(over), ...reading };
  return sampleOf(made, { ...judge(made), ...posture }, list, NOW);
}
const facts = ({ facts: all }: Sample) => all.map((f) => `${f.protection} ${f.basis} ${f.level}`);

describe('a sample', () => {
  it('of a plain visit says no more than there is', () => {
    const { context, ...sample } = sampled({ at: 60 });
    expect(sample).toEqual({
      ...{ id: 'run-v1-60/es-1', at: instant(60), recordedAt: NOW.toISOString(), vantage: 'v1', alive: true },
      ...{ silent: false, deleted: false, complete: true, facts: expect.any(Array) },
      sights: [{ address: '203.0.113.10', levels: { network: 'off', authentication: 'on', tls: 'on' } }],
    });
    expect(Object.keys(context).toSorted()).toEqual(['auth', 'encrypted', 'proof', 'verdict']);
  });

  it('says what its reading says: when it began, how often it is due, who is near, that nobody went', () => {
    const said = { regionAlive: true, everyMs: 60_000, unvisited: true } as const;
    const endpoint = { declaredAt: instant(5) };
    const sample = sampled({ at: 60, began: 50, deleted: true, endpoint }, { reading: said });
    expect(sample).toMatchObject({
      ...{ began: instant(50), near: true, everyMs: 60_000, unvisited: true, deleted: true, declaredAt: instant(5) },
    });
  });

  it('keeps what was declared, unless that is only remembered', () => {
    const over = { declared: { network: 'on' }, endpoint: { declaredAt: instant(5) } } as const;
    expect(facts(sampled(over))).toContain('network declared on');
    const remembered = sampled(over, { reading: { remembered: true } });
    expect(facts(remembered)).toEqual(['network observed off', 'authentication observed on', 'tls observed on']);
    expect(remembered).not.toHaveProperty('declaredAt');
  });

  it('says of TLS as it was observed, and of nothing else, whether old versions are taken', () => {
    const told = (oldTls?: 'also' | 'no') =>
      sampled({ declared: { tls: 'on' } }, { posture: oldTls === undefined ? {} : { oldTls } }).facts.map((f) => [
        `${f.protection} ${f.basis}`,
        f.oldTls,
      ]);
    const others = ['tls declared', 'network observed', 'authentication observed'].map((name) => [name, undefined]);
    expect(told('also')).toEqual([...others, ['tls observed', 'also']]);
    expect(told()).toEqual([...others, ['tls observed', undefined]]);
    expect(sampled({}).facts.some((f) => 'oldTls' in f || 'glass' in f)).toBe(false);
  });

  it('says under which break-glass each level was seen', () => {
    const breakGlass = { anonymous: 'read', from: '2019-12-04T10:00:00Z', maxHours: 1, secondApprover: 'cto' } as const;
    const glass = anAllowance({ id: 'glass', permit: { ...anAllowance().permit, plaintext: false, breakGlass } });
    const seen = sampled({ sees: [{ auth: 'open-anonymous' }] }, { list: anAllowlist(glass) });
    expect(seen.facts.map((f) => [f.protection, f.glass])).toEqual([
      ['network', ['glass']],
      ['authentication', ['glass']],
      ['tls', undefined],
    ]);
  });

  it('behind a host that all share asks more of who may call', () => {
    const floors = (shared?: true) =>
      sampled({ declared: { sharing: 'off' }, sees: [], endpoint: shared === undefined ? {} : { shared } }).facts.map(
        ({ floor }) => floor,
      );
    expect([floors(true), floors()]).toEqual([['partial'], ['off']]);
  });

  it('of the drill is covered by the drill, and by nothing that anybody wrote', () => {
    const drill = aReading({ endpoint: { drill: true } });
    const posture = judge(drill);
    expect(coverageAt(drill, posture, anAllowlist(anAllowance())).ids).toEqual(['ajar-drill']);
    expect(coverageAt(aReading(), posture, anAllowlist(anAllowance())).ids).toEqual(['partners-read-only']);
  });

  it('has the data that were seen, and whether they went in clear', () => {
    const posture = judge(aReading());
    const data = { objects: 1, classes: [], samples: [], truncated: false, ransomMarkers: 0 };
    expect(contextOf(posture)).toEqual({
      ...{ verdict: posture.verdict, auth: 'auth-required', proof: 2, encrypted: true },
    });
    expect(contextOf({ ...posture, data }).data).toBe(data);
    const tls = { level: 'off', basis: 'observed', evidence: '' } as const;
    expect(contextOf({ ...posture, observed: { ...posture.observed, tls } }).encrypted).toBe(false);
    const unknown = { ...tls, level: 'unknown' } as const;
    expect(contextOf({ ...posture, observed: { ...posture.observed, tls: unknown } })).not.toHaveProperty('encrypted');
  });
});

describe('the addresses of a visit', () => {
  it('are each as it was by itself', () => {
    const sees = [{ auth: 'open-anonymous' }, { l4: 'refused' }, { l4: 'filtered', gap: 'no-answer' }] as const;
    expect(sampled({ sees })).toMatchObject({
      complete: true,
      sights: [
        { address: '203.0.113.10', levels: { network: 'off', authentication: 'off', tls: 'on' } },
        { address: '203.0.113.11', levels: { network: 'on' } },
        { address: '203.0.113.12', levels: {}, silent: true },
      ],
    });
    expect(sampled({ sees: [{}] }).sights?.[0]).not.toHaveProperty('silent');
  });

  it('of which one was not tried are not all', () => {
    const one = sampled({ sees: [{}, { address: null, l4: 'not-tried', gap: 'budget-spent' }] });
    expect([one.sights?.length, one.complete]).toEqual([1, false]);
    const none = sampled({ sees: [] });
    expect([none.sights, none.complete]).toEqual([undefined, undefined]);
  });
});
