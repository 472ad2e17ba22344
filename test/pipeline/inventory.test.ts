import { describe, expect, it } from 'vitest';
import { declaredOn } from '../../lib/model/declared.ts';
import type { Endpoint } from '../../lib/model/endpoint.ts';
import { takeInventory } from '../../lib/pipeline/inventory.ts';
import { memoryStore } from '../../lib/stores/memory.ts';
import { anEndpoint } from '../support/builders.ts';
import { Organisation } from '../support/organisation.ts';
import { NEVER, passesOver } from '../support/passes.ts';

const [A, B] = ['111111111111', '222222222222'];
const setup = (accounts = [A, B], regions?: readonly string[]) => passesOver(accounts, regions);
const ids = (list: readonly Endpoint[]) => list.map((e) => e.id).toSorted();

describe('the inventory of an organisation', () => {
  it('holds every endpoint of every account and region, and counts its cells', async () => {
    const { organisation, pass } = setup();
    const planted = [
      organisation.plant(A, 'eu-west-1', 'opensearch', 'one'),
      organisation.plant(B, 'us-east-1', 'rds', 'two'),
    ];
    const { endpoints, coverage, gaps } = await pass();
    expect([ids(endpoints), gaps]).toEqual([ids(planted), []]);
    // Three regional services in four places, one global service at home in two accounts.
    expect(coverage).toMatchObject({ accounts: 2, places: 4, cells: { complete: 14, denied: 0 } });
  });

  it('with one API denied: exactly that cell is a gap, its endpoints are unknown, and nothing else changes', async () => {
    const { organisation, pass } = setup();
    organisation.plant(A, 'eu-west-1', 'opensearch', 'one', { open: true });
    const other = organisation.plant(A, 'eu-west-1', 'rds', 'two', { open: true });
    await pass();
    organisation.fail(`${A}/eu-west-1/opensearch`, 'denied');
    const { endpoints, gone, gaps, coverage } = await pass();
    expect(coverage.cells).toMatchObject({ denied: 1, complete: 13 });
    expect(gaps.map((g) => [g.subject, g.code])).toEqual([
      [`${A}/eu-west-1/opensearch`, 'denied'],
      [`${A}/eu-west-1/opensearch/one`, 'denied'],
    ]);
    expect(endpoints.find((e) => e.name === 'one')?.declared).toEqual({});
    expect(endpoints.find((e) => e.name === 'two')).toEqual({ ...other, declaredAt: organisation.now.toISOString() });
    expect(gone).toEqual([]);
  });

  it.each(['denied', 'throttled', 'failed', 'not-enabled', 'partial'] as const)(
    'never forgets an endpoint while its cell is %s',
    async (status) => {
      const { organisation, pass, later } = setup([A], ['eu-west-1']);
      organisation.plant(A, 'eu-west-1', 'rds', 'a');
      organisation.plant(A, 'eu-west-1', 'rds', 'b');
      await pass();
      organisation.fail(`${A}/eu-west-1/rds`, status);
      for (let i = 0; i < 5; i++) {
        later(60);
        const { endpoints, gone } = await pass();
        expect([endpoints.length, gone]).toEqual([2, []]);
      }
    },
  );

  it('calls an endpoint gone after two whole lists without it and the API’s own word, and not before', async () => {
    const { organisation, pass } = setup([A], ['eu-west-1']);
    const planted = organisation.plant(A, 'eu-west-1', 'rds', 'a');
    await pass();
    organisation.remove(A, 'eu-west-1', 'rds', 'a');
    const first = await pass();
    expect([ids(first.endpoints), first.gone, first.gaps[0]?.code]).toEqual([[planted.id], [], 'not-in-inventory']);
    const second = await pass();
    expect([second.endpoints, ids(second.gone)]).toEqual([[], [planted.id]]);
    expect((await pass()).gone).toEqual([]);
  });

  it('keeps an endpoint that lists no longer show while the API finds it, or does not answer', async () => {
    const { organisation, pass } = setup([A], ['eu-west-1']);
    const planted = organisation.plant(A, 'eu-west-1', 'rds', 'a');
    await pass();
    organisation.hidden.add(planted.id);
    for (let i = 0; i < 3; i++) expect((await pass()).gone).toEqual([]);
    organisation.remove(A, 'eu-west-1', 'rds', 'a');
    organisation.fail(`exists:${A}/eu-west-1/rds`, 'denied');
    expect((await pass()).gone).toEqual([]);
    organisation.fail(`exists:${A}/eu-west-1/rds`, undefined);
    expect(ids((await pass()).gone)).toEqual([planted.id]);
  });

  it('one miss between two sightings is forgiven', async () => {
    const { organisation, pass } = setup([A], ['eu-west-1']);
    const planted = organisation.plant(A, 'eu-west-1', 'rds', 'a');
    for (const hide of [false, true, false, true, false, true]) {
      if (hide) organisation.hidden.add(planted.id);
      else organisation.hidden.delete(planted.id);
      organisation.fail(`exists:${A}/eu-west-1/rds`, 'denied');
      expect((await pass()).gone).toEqual([]);
    }
  });

  it('keeps the id through a rename, and gives whoever takes the old name one of its own', async () => {
    const { organisation, pass } = setup([A], ['eu-west-1']);
    const before = organisation.plant(A, 'eu-west-1', 'rds', 'old', { incarnation: 'db-1' });
    await pass();
    organisation.remove(A, 'eu-west-1', 'rds', 'old');
    organisation.plant(A, 'eu-west-1', 'rds', 'new', { incarnation: 'db-1', open: true });
    organisation.plant(A, 'eu-west-1', 'rds', 'old', { incarnation: 'db-2' });
    const { endpoints, gone } = await pass();
    expect(endpoints.map((e) => [e.id, e.name])).toEqual([
      [before.id, 'new'],
      [`${before.id}@db-2`, 'old'],
    ]);
    expect(gone).toEqual([]);
    expect(ids((await pass()).endpoints)).toEqual([before.id, `${before.id}@db-2`]);
  });

  it('sees that a resource was deleted and created anew under its name, and compares it with what was there', async () => {
    const { organisation, store, pass } = setup([A], ['eu-west-1']);
    const before = organisation.plant(A, 'eu-west-1', 'rds', 'a', { incarnation: 'db-1' });
    await pass();
    organisation.plant(A, 'eu-west-1', 'rds', 'a', { incarnation: 'db-2', open: true });
    expect((await pass()).recreated).toEqual([{ endpointId: before.id, from: 'db-1', to: 'db-2' }]);
    const incidents = [];
    for await (const incident of store.incidents()) incidents.push(incident);
    expect(incidents).toMatchObject([
      { endpointId: before.id, protection: 'network', origin: 'removed', from: 'on', to: 'off' },
    ]);
  });

  it('does not call forgotten what a file registers', async () => {
    const organisation = new Organisation([A], ['eu-west-1']);
    const planted = organisation.plant(A, 'eu-west-1', 'rds', 'a');
    const store = memoryStore({ sinks: [] });
    const door = { ...planted, foundBy: ['interface' as const], service: 'interfaces' };
    organisation.replace(planted, door);
    const mine = anEndpoint({ id: 'mine', host: planted.host, port: planted.port });
    const take = (registered: readonly Endpoint[]) =>
      takeInventory({
        source: organisation,
        store,
        now: () => organisation.now,
        signal: NEVER,
        full: true,
        registered,
      });
    expect((await take([])).forgotten.map((f) => f.endpointId)).toEqual([planted.id]);
    const { endpoints, forgotten } = await take([mine]);
    expect([endpoints.map((e) => e.id), forgotten]).toEqual([['mine'], []]);
  });

  it('turns what it knew of an account that is no longer listed into unknowns', async () => {
    const { organisation, pass } = setup();
    const planted = organisation.plant(B, 'us-east-1', 'rds', 'a');
    await pass();
    organisation.leave(B);
    const { endpoints, gaps, gone } = await pass();
    expect(endpoints).toMatchObject([{ id: planted.id, declared: {} }]);
    expect(gaps.filter((g) => g.code === 'not-in-inventory').map((g) => g.subject)).toEqual([`${B}/us-east-1`]);
    expect(gone).toEqual([]);
  });
});

describe('the tiers', () => {
  it('read what is open every 5 minutes, what exists hourly, and the rest daily', async () => {
    const { organisation, pass, later } = setup([A], ['eu-west-1']);
    organisation.plant(A, 'eu-west-1', 'opensearch', 'open', { open: true });
    organisation.plant(A, 'eu-west-1', 'rds', 'closed', { host: 'closed.abc.eu-west-1.rds.amazonaws.com' });
    await pass({ full: false });
    expect(organisation.asked).toHaveLength(3);
    later(2);
    await pass({ full: false });
    expect(organisation.asked).toEqual([]);
    later(3);
    await pass({ full: false });
    expect(organisation.asked).toEqual([`${A}/eu-west-1/opensearch`]);
    later(55);
    await pass({ full: false });
    expect(organisation.asked.filter((c) => !c.endsWith('/redshift'))).toEqual([
      `${A}/eu-west-1/opensearch`,
      `${A}/eu-west-1/rds`,
    ]);
    later(24 * 60);
    await pass({ full: false });
    expect(organisation.asked).toHaveLength(3);
  });

  it('read what is about to change every 5 minutes, until it has', async () => {
    const { organisation, pass, later } = setup([A], ['eu-west-1']);
    const planted = organisation.plant(A, 'eu-west-1', 'rds', 'closed');
    const pending = { network: { ...declaredOn('VPC'), pending: 'off' as const } };
    organisation.replace(planted, { ...planted, declared: pending });
    await pass({ full: false });
    later(5);
    await pass({ full: false });
    expect(organisation.asked).toEqual([`${A}/eu-west-1/rds`]);
  });

  it('probe everything known in every pass, whatever was swept', async () => {
    const { organisation, pass, later } = setup([A], ['eu-west-1']);
    const planted = [
      organisation.plant(A, 'eu-west-1', 'opensearch', 'open', { open: true }),
      organisation.plant(A, 'eu-west-1', 'rds', 'closed'),
    ];
    await pass({ full: false });
    later(1);
    expect(ids((await pass({ full: false })).endpoints)).toEqual(ids(planted));
  });

  it('list again at once what a killed run listed and nobody judged', async () => {
    const { organisation, pass, later } = setup([A], ['eu-west-1']);
    const planted = organisation.plant(A, 'eu-west-1', 'rds', 'closed');
    await pass({ full: false, judged: false });
    later(1);
    expect(ids((await pass({ full: false })).endpoints)).toEqual([planted.id]);
  });

  it('call what is overdue stale, and nothing of it declared', async () => {
    const { organisation, store, pass, later } = setup([A], ['eu-west-1']);
    organisation.plant(A, 'eu-west-1', 'opensearch', 'open', { open: true });
    await pass();
    later(11);
    // A pass whose sweep was stopped before it began: nothing is read, all is remembered.
    const stopped = new AbortController();
    stopped.abort();
    const taken = { source: organisation, store, now: () => organisation.now, signal: stopped.signal, full: false };
    const { endpoints, gaps } = await takeInventory(taken);
    expect([endpoints.map((e) => e.declared), gaps.map((g) => g.code)]).toEqual([[{}], ['stale']]);
  });

  it('sweep a new account and a new region at the next pass', async () => {
    const { organisation, store, pass } = setup([A], ['eu-west-1']);
    await pass({ full: false });
    const grown = new Organisation([A, B], ['eu-west-1', 'eu-north-1']);
    grown.now = organisation.now;
    const planted = grown.plant(B, 'eu-north-1', 'rds', 'new');
    const { endpoints } = await takeInventory({
      source: grown,
      store,
      now: () => grown.now,
      signal: NEVER,
      full: false,
    });
    expect(ids(endpoints)).toEqual([planted.id]);
  });
});
