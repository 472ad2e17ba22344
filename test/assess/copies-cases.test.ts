/** What a copy takes from its source: which classes, whose it is, and what makes one a copy. */
import { describe, expect, it } from 'vitest';
import {
  COPY_TAG,
  dataKnownOf,
  inheritedFrom,
  inheriting,
  ownerOf,
  sourcesOf,
  withFlows,
} from '../../lib/assess/copies.ts';
import type { DataAtRisk } from '../../lib/model/observation.ts';
import { anIncident, aState } from '../support/builders.ts';
import { anEndpoint } from '../support/readings.ts';

function holding(objects: number, takenFrom?: string): DataAtRisk {
  const classes = [{ class: 'health', count: 2, because: ['body metrics'] }] as const;
  const held = { objects, records: 9, classes, samples: ['us*'], truncated: false, ransomMarkers: 1 };
  return { ...held, ...(takenFrom === undefined ? {} : { takenFrom }) };
}

describe('the sources of a copy', () => {
  it.each<readonly [readonly string[] | undefined, string | undefined, readonly string[]]>([
    [undefined, undefined, []],
    [undefined, '', []],
    [undefined, ' a  b ', ['a', 'b']],
    [['z'], undefined, ['z']],
    [['z', 'a'], 'a b', ['z', 'a', 'b']],
    [['z'], 'a b c d', ['z', 'a', 'b', 'c']],
  ])('%j and the tag %j are %j', (copyOf, tag, sources) => {
    const tags: Record<string, string> = tag === undefined ? {} : { [COPY_TAG]: tag };
    expect(sourcesOf({ ...(copyOf === undefined ? {} : { copyOf }), tags })).toEqual(sources);
    expect(COPY_TAG).toBe('ajar:copy-of');
  });
});

describe('what is known of a source', () => {
  const incident = (data?: DataAtRisk) => anIncident(data === undefined ? {} : { data });
  const known = (now: DataAtRisk | undefined, ...incidents: readonly (DataAtRisk | undefined)[]) => {
    const state = aState();
    const posture = now === undefined ? state.posture : { ...state.posture, data: now };
    return dataKnownOf({ ...state, posture, incidents: incidents.map(incident) })?.objects;
  };

  it('was read there itself: now, or when it was last open', () => {
    expect(known(holding(1), holding(2))).toBe(1);
    expect(known(undefined, holding(2), holding(3), undefined)).toBe(3);
    expect(known(holding(1, 'prod'), holding(2), holding(3, 'prod'))).toBe(2);
    expect([known(undefined), known(holding(1, 'prod'), holding(2, 'prod'))]).toEqual([undefined, undefined]);
  });

  it('is passed on as classes that may be part of it, with whose it is', () => {
    const owned = aState({ id: 'prod', tags: { Team: 'wellness' } });
    expect(inheritedFrom(owned, holding(3), 'origin')).toEqual({
      source: { id: 'prod', owner: 'wellness' },
      data: {
        ...{ objects: 3, classes: holding(3).classes, samples: [], truncated: true, ransomMarkers: 0 },
        takenFrom: 'origin',
      },
    });
    expect(inheritedFrom(aState({ id: 'prod' }), undefined, 'origin')).toEqual({ source: { id: 'prod' } });
  });

  it('stands where nothing was read of the copy itself', () => {
    const { posture } = aState();
    const source = { id: 'prod' };
    expect(inheriting(posture, {})).toBe(posture);
    expect(inheriting(posture, { inherited: { source } })).toEqual({ ...posture, source });
    const inherited = { source, data: holding(3) };
    expect(inheriting(posture, { inherited }).data).toBe(inherited.data);
    const own = { ...posture, data: holding(1) };
    expect(inheriting(own, { inherited })).toEqual({ ...own, source });
    expect(inheriting(posture, { inherited: { source } })).not.toHaveProperty('data');
  });
});

describe('an owner', () => {
  it.each<readonly [Readonly<Record<string, string>>, string | undefined]>([
    [{}, undefined],
    [{ Name: 'x' }, undefined],
    [{ OWNER: 'lab' }, 'lab'],
    [{ 'Data-Owner': 'lab' }, 'lab'],
    [{ dataowner: 'lab' }, 'lab'],
    [{ 'service-owner': 'lab' }, 'lab'],
    [{ contact: 'mail', team: 'lab' }, 'lab'],
    [{ team: 'lab', 'data-owner': 'ward', owner: 'dpo' }, 'dpo'],
    [{ owner: '', contact: 'mail' }, 'mail'],
    [{ owner: '' }, undefined],
    [{ owner: 'l\u0000ab' }, 'lU+0000ab'],
  ])('of %j is %s', (tags, owner) => {
    expect(ownerOf({ tags })).toBe(owner);
  });

  it('is a bounded line', () => {
    expect(ownerOf({ tags: { owner: 'x'.repeat(400) } })).toHaveLength(128);
  });
});

describe('what copies one into another', () => {
  const at = (id: string, over = {}) => anEndpoint({ id, host: `${id}.example`, port: 1, ...over });
  const flow = (from: string, to: string) => ({ from: `${from}.example:1`, to: `${to}.example:1` });
  const copies = (...endpoints: ReturnType<typeof at>[]) =>
    withFlows(endpoints).flatMap(({ id, copyOf }) => (copyOf === undefined ? [] : [`${id}: ${copyOf.join(' ')}`]));

  it('changes nothing where nothing flows', () => {
    const all = [at('a'), at('b', { flows: [] })];
    expect(withFlows(all)).toBe(all);
  });

  it('adds to what it was known to be a copy of, each once, in order, four at most', () => {
    const into = ['d', 'c', 'b', 'x', 'b'].map((from) => flow(from, 'to'));
    const mover = at('mover', { flows: into });
    expect(copies(at('b'), at('c'), at('to'), mover)).toEqual(['to: b c']);
    expect(copies(at('b'), at('to', { copyOf: ['z'] }), mover)).toEqual(['to: b z']);
    expect(copies(at('b'), at('c'), at('d'), at('x'), at('to', { copyOf: ['a'] }), mover)).toEqual(['to: a b c d']);
    expect(copies(at('to', { copyOf: ['z'] }), mover)).toEqual(['to: z']);
  });

  it('is of every endpoint at that door, whatever the case of its name, and never of itself', () => {
    const twin = at('twin', { host: 'B.example' });
    expect(copies(at('b'), twin, at('to', { host: 'TO.example', flows: [flow('b', 'to')] }))).toEqual(['to: b twin']);
    expect(copies(at('to', { flows: [flow('to', 'to')] }))).toEqual([]);
  });
});
