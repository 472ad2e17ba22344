import { describe, expect, it } from 'vitest';
import { COPY_TAG, sourcesOf, withFlows } from '../../lib/assess/copies.ts';
import { EMPTY_ALLOWLIST } from '../../lib/model/allowlist.ts';
import { MAX_SOURCES } from '../../lib/model/endpoint.ts';
import type { DataAtRisk } from '../../lib/model/observation.ts';
import { assess, assessTogether } from '../../lib/pipeline/assess.ts';
import { memoryStore } from '../../lib/stores/memory.ts';
import { anEndpoint, aReading, type ReadingOverrides } from '../support/readings.ts';

const NOW = () => new Date('2019-12-04T12:00:00.000Z');
const USERS: DataAtRisk = {
  objects: 3,
  records: 2_400_000,
  classes: [{ class: 'health', count: 2, because: ['body metrics'] }],
  samples: ['us********'],
  truncated: false,
  ransomMarkers: 0,
};
const OPEN = { auth: 'open-anonymous', proof: 4, tls: 'absent' } as const;

/** Readings in their order, and what was kept of the last. */
async function after(...readings: readonly ReadingOverrides[]) {
  const store = memoryStore({ sinks: ['page'] });
  let last = '';
  for (const [at, reading] of readings.entries()) {
    const told = aReading({ at, ...reading });
    await assess(told, store, EMPTY_ALLOWLIST, NOW);
    last = told.endpoint.id;
  }
  const [owed] = (await store.outbox.due('9999-12-31T23:59:59.999Z', 100)).filter(
    ({ notice }) => notice.endpoint.id === last && notice.incident.protection === 'authentication',
  );
  return { posture: (await store.read(last))?.posture, notice: owed?.notice };
}
const source = (over: Partial<ReadingOverrides> = {}): ReadingOverrides => ({
  endpoint: { id: 'prod', tags: { Owner: 'wellness team' } },
  sees: [{ ...OPEN, data: USERS }],
  ...over,
});
const copy = (over: Partial<ReadingOverrides> = {}): ReadingOverrides => ({
  endpoint: { id: 'copy', copyOf: ['prod'] },
  sees: [{ ...OPEN }],
  ...over,
});

describe('a copy whose own names nobody can read', () => {
  it('holds the classes known of its source, and may hold more', async () => {
    const { posture, notice } = await after(source(), copy());
    expect(posture?.data).toEqual({
      objects: 3,
      classes: USERS.classes,
      samples: [],
      truncated: true,
      ransomMarkers: 0,
      takenFrom: 'prod',
    });
    expect(notice?.incident.reasons[1]).toBe('names of what it is a copy of suggest health');
    expect(notice?.incident.severity).toBe('critical');
    expect(notice?.lines.find((line) => line.startsWith('DATA'))).toBe(
      'DATA     health (body metrics): not read here, taken from what it is a copy of, prod; it may hold more',
    );
    expect(notice?.lines.find((line) => line.startsWith('WHERE'))).toMatch(/; a copy of prod; owner wellness team$/u);
  });

  it('holds what was seen of its source before that was closed again', async () => {
    const { posture } = await after(source(), source({ sees: [{}] }), copy());
    expect(posture?.data?.takenFrom).toBe('prod');
  });

  it('holds what the source of its source holds, and ends in a circle', async () => {
    const middle = { endpoint: { id: 'middle', copyOf: ['copy', 'prod'] } };
    const { posture } = await after(source(), middle, copy({ endpoint: { id: 'copy', copyOf: ['middle'] } }));
    expect(posture?.data?.takenFrom).toBe('prod');
    const circle = await after(middle, copy({ endpoint: { id: 'copy', copyOf: ['middle'] } }));
    expect(circle.posture).toMatchObject({ source: { id: 'middle' } });
    expect(circle.posture?.data).toBeUndefined();
  });

  it('takes it in a batch as well', async () => {
    const store = memoryStore({ sinks: [] });
    await assess(aReading(source()), store, EMPTY_ALLOWLIST, NOW);
    await assessTogether([aReading(copy()), aReading({ ...copy(), at: 5 })], store, EMPTY_ALLOWLIST, NOW);
    expect((await store.read('copy'))?.posture.data?.takenFrom).toBe('prod');
  });

  it('knows its source by a tag, where no API tells', async () => {
    const { posture } = await after(source(), copy({ endpoint: { id: 'copy', tags: { [COPY_TAG]: 'prod' } } }));
    expect(posture?.data?.takenFrom).toBe('prod');
  });
});

describe('a copy', () => {
  it('keeps what was read of itself, and its own owner', async () => {
    const own: DataAtRisk = { ...USERS, classes: [{ class: 'operational', count: 1, because: ['metrics'] }] };
    const { posture, notice } = await after(
      source(),
      copy({ endpoint: { id: 'copy', copyOf: ['prod'], tags: { owner: 'lab' } }, sees: [{ ...OPEN, data: own }] }),
    );
    expect(posture?.data).toEqual(own);
    expect(notice?.endpoint).toMatchObject({ copyOf: 'prod', owner: 'lab' });
  });

  it('of a source that nobody knows is not known', async () => {
    const { posture } = await after(copy());
    expect(posture?.data).toBeUndefined();
    expect(posture?.source).toBeUndefined();
  });

  it('has a bounded number of sources, those that the provider tells of first', () => {
    const tags = { [COPY_TAG]: 'a  b c d e f' };
    expect(sourcesOf({ copyOf: ['z'], tags })).toEqual(['z', 'a', 'b', 'c']);
    expect(sourcesOf({ copyOf: ['z'], tags })).toHaveLength(MAX_SOURCES);
  });
});

describe('what one endpoint copies into another', () => {
  const from = anEndpoint({ id: 'prod', host: 'prod.example', port: 3306 });
  const to = anEndpoint({ id: 'copy', host: 'Copy.example', port: 5432 });
  const mover = anEndpoint({ id: 'dms', flows: [{ from: 'prod.example:3306', to: 'copy.example:5432' }] });

  it('makes the other a copy of it, in whatever order they come', () => {
    for (const order of [
      [from, to, mover],
      [mover, to, from],
    ]) {
      const copies = withFlows(order).filter((endpoint) => endpoint.copyOf !== undefined);
      expect(copies).toEqual([{ ...to, copyOf: ['prod'] }]);
    }
  });

  it('says nothing of itself, of other ports, and of what nobody lists', () => {
    const self = { ...mover, flows: [{ from: 'copy.example:5432', to: 'copy.example:5432' }] };
    expect(withFlows([to, self])).toEqual([to, self]);
    expect(withFlows([to, mover])).toEqual([to, mover]);
    expect(withFlows([from, { ...to, port: 1 }, mover])).toEqual([from, { ...to, port: 1 }, mover]);
  });
});
