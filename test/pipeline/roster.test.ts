import { describe, expect, it } from 'vitest';
import { declaredOff, declaredOn } from '../../lib/model/declared.ts';
import type { Endpoint } from '../../lib/model/endpoint.ts';
import type { CollectMessage, ProbeMessage } from '../../lib/model/messages.ts';
import type { EndpointState } from '../../lib/model/state.ts';
import { dueProbes, dueSweeps, PROBE_MS, probeIntervalOf, unlistedProbes } from '../../lib/pipeline/roster.ts';
import { anIncident, aState } from '../support/builders.ts';
import { passesOver } from '../support/passes.ts';

const [A, B] = ['111111111111', '222222222222'];
const NOW = new Date('2026-12-04T10:00:00.000Z');
const before = (ms: number): string => new Date(NOW.getTime() - ms).toISOString();

/** Closed by its configuration and by what was seen of it, unless told otherwise. */
function state(
  change: Partial<EndpointState> & { readonly id: string; readonly network?: 'on' | 'off' },
): EndpointState {
  const { id, network = 'on', ...rest } = change;
  const base = aState({ id });
  const declared = { network: network === 'on' ? declaredOn('x') : declaredOff('x') };
  const verdict = { name: 'protected', shadow: false, confirmed: true, why: 'x' } as const;
  return {
    ...base,
    endpoint: { ...base.endpoint, declared },
    posture: { ...base.posture, verdict },
    incidents: [],
    lastReadingAt: before(PROBE_MS.closed),
    ...rest,
  };
}
async function* each(states: readonly EndpointState[]): AsyncGenerator<EndpointState> {
  yield* states;
}
async function visited(...states: readonly EndpointState[]): Promise<readonly string[]> {
  const sent: ProbeMessage[] = [];
  await dueProbes(each(states), async (message) => void sent.push(message), NOW);
  expect(sent.every(({ since }) => since === NOW.toISOString())).toBe(true);
  // What is said of how often it is due is what the plan goes by.
  for (const { until, everyMs = 0 } of sent) expect(until).toBe(new Date(NOW.getTime() + everyMs).toISOString());
  return sent.map(({ endpoint }) => endpoint.id);
}
const shared = (of: EndpointState): EndpointState => ({
  ...of,
  endpoint: { ...of.endpoint, shared: true } as Endpoint,
});

describe('visits', () => {
  it('come every five minutes to what is known to be closed, and every minute to all else', async () => {
    const unknown = { ...state({ id: 'u' }).posture.verdict, name: 'unknown' as const };
    const open = [
      state({ id: 'declared open', network: 'off' }),
      state({ id: 'incident', incidents: [anIncident()] }),
      state({ id: 'unknown', posture: { ...state({ id: 'u' }).posture, verdict: unknown } }),
    ];
    expect(open.map(probeIntervalOf)).toEqual(open.map(() => PROBE_MS.open));
    expect(probeIntervalOf(state({ id: 'closed' }))).toBe(PROBE_MS.closed);
    const minuteAgo = { lastReadingAt: before(60_000) };
    expect(await visited(state({ id: 'closed', ...minuteAgo }), ...open.map((s) => ({ ...s, ...minuteAgo })))).toEqual(
      open.map(({ endpoint }) => endpoint.id),
    );
    expect(await visited(state({ id: 'closed' }))).toEqual(['closed']);
  });

  it('are not put off by a schedule that is some seconds early', async () => {
    const at = (seconds: number) => visited(state({ id: 'a', network: 'off', lastReadingAt: before(seconds * 1_000) }));
    expect([await at(52), await at(45)]).toEqual([['a'], []]);
  });

  it('never go to a host that all customers share, nor to what is gone: it may be somebody else by now', async () => {
    const { recent } = state({ id: 'gone' });
    const [sample] = recent.length > 0 ? recent : [undefined];
    const gone = state({ id: 'gone', recent: [{ ...(sample as EndpointState['recent'][number]), deleted: true }] });
    expect(await visited(shared(state({ id: 'shared' })), gone)).toEqual([]);
  });
});

describe('places', () => {
  const sweeps = async (world: ReturnType<typeof passesOver>) => {
    const sent: CollectMessage[] = [];
    const found = await dueSweeps(
      world.organisation,
      world.store,
      async (m) => void sent.push(m),
      world.organisation.now,
    );
    return { ...found, messages: sent.map(({ place, services }) => [`${place.account}/${place.region}`, services]) };
  };

  it('get a message where something is due, and what that is its reader decides', async () => {
    const world = passesOver([A, B], ['eu-west-1']);
    expect((await sweeps(world)).messages).toEqual([
      [`${A}/eu-west-1`, []],
      [`${B}/eu-west-1`, []],
    ]);
    world.organisation.plant(A, 'eu-west-1', 'rds', 'db', { open: true });
    await world.pass();
    expect((await sweeps(world)).messages).toEqual([]);
    world.later(5);
    expect((await sweeps(world)).messages).toEqual([[`${A}/eu-west-1`, []]]);
  });

  it('of an account that breaks are a gap, and the others get theirs', async () => {
    const world = passesOver([A, B], ['eu-west-1']);
    world.organisation.broken.add(`regions ${A}`);
    const { gaps, messages } = await sweeps(world);
    expect([gaps.map((g) => g.subject), messages]).toEqual([[A], [[`${B}/eu-west-1`, []]]]);
  });

  it('that are no longer listed have their endpoints visited, with nothing declared and a gap', async () => {
    const world = passesOver([A, B], ['eu-west-1']);
    world.organisation.plant(A, 'eu-west-1', 'rds', 'a');
    const planted = world.organisation.plant(B, 'eu-west-1', 'rds', 'b');
    await world.pass();
    const places = (await world.organisation.regions(A)).items;
    const sent: ProbeMessage[] = [];
    await unlistedProbes(
      world.store,
      { places, inDoubt: () => false },
      async (m) => void sent.push(m),
      world.organisation.now,
    );
    expect(sent.map((m) => [m.endpoint.id, m.endpoint.declared, m.gaps?.map((g) => g.code)])).toEqual([
      [planted.id, {}, ['not-in-inventory']],
    ]);
  });

  it('that nobody could list are not missed: a list in doubt proves no absence', async () => {
    const world = passesOver([A, B], ['eu-west-1']);
    world.organisation.plant(B, 'eu-west-1', 'rds', 'b');
    await world.pass();
    world.organisation.broken.add(`regions ${B}`);
    const found = await sweeps(world);
    const sent: ProbeMessage[] = [];
    await unlistedProbes(world.store, found, async (m) => void sent.push(m), world.organisation.now);
    expect([sent, found.gaps.map((g) => g.subject)]).toEqual([[], [B]]);
    // On one machine it is the same: remembered as it was read, beside the gap.
    const { endpoints, gaps } = await world.pass({ full: false });
    expect([endpoints.map((e) => e.declared.network?.level), gaps.map((g) => g.code)]).toEqual([['on'], ['fault']]);
  });
});
