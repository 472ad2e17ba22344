/** The drill's endpoint from plan to what is owed: in the roster like any other, and in nobody's way. */
import { describe, expect, it } from 'vitest';
import { decide } from '../../lib/assess/decide.ts';
import { EMPTY_ALLOWLIST } from '../../lib/model/allowlist.ts';
import type { Endpoint } from '../../lib/model/endpoint.ts';
import { inventoryFile } from '../../lib/model/files.ts';
import type { ProbeMessage } from '../../lib/model/messages.ts';
import type { Reading } from '../../lib/model/reading.ts';
import type { EndpointState } from '../../lib/model/state.ts';
import { assess } from '../../lib/pipeline/assess.ts';
import { drillEndpoint, planDrill, withoutOldDrill } from '../../lib/pipeline/drill.ts';
import { dueProbes } from '../../lib/pipeline/roster.ts';
import { memoryStore } from '../../lib/stores/memory.ts';
import { aState } from '../support/builders.ts';
import { aReading } from '../support/readings.ts';

const URL = 'https://abc123.lambda-url.eu-west-1.on.aws/';
const DRILL = drillEndpoint(URL, 'eu-west-1');
const now = (): Date => new Date('2026-12-04T06:00:30.000Z');

const aDrillReading = (at: number, auth?: 'open-anonymous', over: Partial<Endpoint> = {}): Reading => {
  const reading = aReading({ at, sees: [{ ...(auth === undefined ? {} : { auth }), tls: 'implicit' }] });
  return { ...reading, id: `run-${at}/${DRILL.id}`, endpoint: { ...DRILL, ...over } };
};

async function* each<T>(items: readonly T[]): AsyncGenerator<T> {
  yield* items;
}

describe('the endpoint', () => {
  it("is the URL's door, and says that it is a drill", () => {
    expect(DRILL).toMatchObject({
      ...{ id: 'ajar/drill', host: 'abc123.lambda-url.eu-west-1.on.aws', port: 443 },
      ...{ engine: 'elasticsearch', drill: true },
    });
    expect(drillEndpoint('http://127.0.0.1:9200', 'eu-west-1')).toMatchObject({ host: '127.0.0.1', port: 9200 });
  });

  it.each(['', 'nothing', 'ftp://example.org/', 'javascript:alert(1)'])('is none of %o', (url) => {
    expect(() => drillEndpoint(url, 'eu-west-1')).toThrow(expect.objectContaining({ code: 'bad-input' }) as Error);
  });
});

describe('plan', () => {
  async function planned(url: string | undefined, ...known: readonly Reading[]) {
    const store = memoryStore({ sinks: [] });
    for (const reading of known) await assess(reading, store, EMPTY_ALLOWLIST, now);
    const probes: ProbeMessage[] = [];
    const readings: Reading[] = [];
    const probe = async (message: ProbeMessage): Promise<void> => void probes.push(message);
    await dueProbes(withoutOldDrill(store.states(), url), probe, now());
    await planDrill(url === undefined ? undefined : drillEndpoint(url, 'eu-west-1'), store, {
      ...{ runId: 'run', now: now(), probe },
      assess: async (reading) => void readings.push(reading),
    });
    return { store, hosts: probes.map(({ endpoint }) => endpoint.host), probes, readings };
  }

  it('brings it into the roster with a first visit, and from then on it is visited as the others are', async () => {
    const first = await planned(URL);
    expect(first.probes).toEqual([
      { kind: 'probe', endpoint: DRILL, since: now().toISOString(), until: '2026-12-04T06:01:30.000Z' },
    ]);
    expect((await planned(URL, aDrillReading(0))).hosts).toEqual([DRILL.host]);
  });

  it('visits its new door alone where it has moved', async () => {
    const moved = await planned(URL, aDrillReading(0, undefined, { host: 'old.lambda-url.eu-west-1.on.aws' }));
    expect(moved.hosts).toEqual([DRILL.host]);
  });

  it('ends it where it is switched off, visits it no more, and begins it again', async () => {
    const { store, hosts, readings } = await planned(undefined, aDrillReading(0), aDrillReading(60, 'open-anonymous'));
    expect(hosts).toEqual([]);
    expect(readings).toMatchObject([{ deleted: true, observations: [], endpoint: { id: DRILL.id } }]);
    const [end] = readings;
    if (end === undefined) throw new Error('no end');
    const { transitions } = await assess(end, store, EMPTY_ALLOWLIST, now);
    expect(transitions).toContainEqual(
      expect.objectContaining({ kind: 'closed', protection: 'authentication', to: 'deleted' }),
    );
    expect((await planned(undefined, aDrillReading(0), end)).readings).toEqual([]);
    expect((await planned(URL, aDrillReading(0), end)).hosts).toEqual([DRILL.host]);
  });

  it('leaves every other endpoint alone, whatever its tags say', async () => {
    const tagged: EndpointState = aState({ id: 'liar', tags: { drill: 'true', 'ajar-drill': 'true' } });
    const kept: string[] = [];
    for await (const { endpoint } of withoutOldDrill(each([tagged]), undefined)) kept.push(endpoint.id);
    expect(kept).toEqual(['liar']);
    expect((await planned(undefined)).readings).toEqual([]);
  });
});

describe('what is owed of it', () => {
  const opening = () => {
    const before = decide(undefined, aDrillReading(0), EMPTY_ALLOWLIST, now());
    const after = decide(before.state, aDrillReading(60, 'open-anonymous'), EMPTY_ALLOWLIST, now());
    const over = decide(after.state, aDrillReading(120), EMPTY_ALLOWLIST, now());
    return { before, after, over };
  };

  it('is one alert as critical as a real one when it opens, and one recovery when it closes', () => {
    const { before, after, over } = opening();
    // That strangers reach it is meant so.
    expect([before.notices, before.state.incidents]).toEqual([[], []]);
    expect(after.notices).toMatchObject([
      {
        kind: 'opened',
        incident: { protection: 'authentication', origin: 'removed', to: 'off', severity: 'critical' },
      },
    ]);
    expect(over.notices).toMatchObject([{ kind: 'closed', incident: { protection: 'authentication' } }]);
    expect(over.state.incidents.filter(({ status }) => status === 'open')).toEqual([]);
  });

  it('says in its first words that it is a drill, and that nothing is to be done', () => {
    for (const { notices } of [opening().after, opening().over]) {
      expect(notices).toHaveLength(1);
      expect(notices[0]?.endpoint.drill).toBe(true);
      expect(notices[0]?.subject).toMatch(/^\[DRILL (CRIT|RECOVERED)\] /);
      expect(notices[0]?.lines.join('\n')).toMatch(/DO NOW {3}nothing: a drill/);
    }
  });

  it('is nothing that a file of endpoints can say', () => {
    const entry = { id: 'es', host: 'es.example.org', port: 9200, engine: 'elasticsearch' };
    const parse = (more: object) => inventoryFile.safeParse({ version: 1, endpoints: [{ ...entry, ...more }] }).success;
    expect([parse({}), parse({ tags: { drill: 'true' } }), parse({ drill: true })]).toEqual([true, true, false]);
  });

  it('is an ordinary alert of an endpoint that only says so in its tags', () => {
    const tags = { drill: 'true', isDrill: 'true' };
    const { drill: _, ...plain } = { ...DRILL, tags };
    const from = (at: number, auth?: 'open-anonymous') => ({ ...aDrillReading(at, auth), endpoint: plain });
    const before = decide(undefined, from(0), EMPTY_ALLOWLIST, now());
    const [notice] = decide(before.state, from(60, 'open-anonymous'), EMPTY_ALLOWLIST, now()).notices;
    expect(notice?.endpoint).not.toHaveProperty('drill');
    expect(notice?.subject).toMatch(/^\[CRIT\]/);
  });
});
