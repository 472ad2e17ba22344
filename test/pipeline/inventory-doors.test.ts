import { describe, expect, it } from 'vitest';
import { declaredOn } from '../../lib/model/declared.ts';
import type { Endpoint } from '../../lib/model/endpoint.ts';
import { anEndpoint } from '../support/builders.ts';
import { passesOver } from '../support/passes.ts';

const A = '111111111111';
const CELL = `${A}/eu-west-1/interfaces`;

/** One open door of an interface, and a file that may register it and says that it is closed. */
function world() {
  const passes = passesOver([A], ['eu-west-1']);
  const { organisation } = passes;
  organisation.services = [
    { service: 'interfaces', scope: 'regional', cost: { empty: 1, each: 0 } },
    { service: 'rds', scope: 'regional', cost: { empty: 1, each: 0 } },
  ];
  const planted = organisation.plant(A, 'eu-west-1', 'interfaces', 'eni-1', { open: true });
  const door: Endpoint = { ...planted, foundBy: ['interface'] };
  organisation.replace(planted, door);
  const mine = anEndpoint({
    id: 'mine',
    host: door.host,
    port: door.port,
    declared: { network: declaredOn('we said so') },
  });
  /** As it was on 3 December: the same door, closed. */
  const closed: Endpoint = { ...door, declared: { network: declaredOn('sg-1 lets nobody in') } };
  organisation.replace(door, closed);
  const open = (): void => organisation.replace(closed, door);
  const standing = async () => (await passes.incidents()).map((i) => [i.endpointId, i.protection, i.status]);
  return { ...passes, door, mine, open, standing };
}

describe('what an interface says of a registered endpoint', () => {
  it.each(['throttled', 'denied', 'failed', 'partial', 'not-enabled', 'not-offered'] as const)(
    'is not taken back while interfaces are %s: what a file promises closes nothing',
    async (status) => {
      const { organisation, mine, open, pass, later, standing } = world();
      await pass({ registered: [mine] });
      open();
      await pass({ registered: [mine] });
      expect(await standing()).toEqual([['mine', 'network', 'open']]);
      // Partial lists show the first door only: then it is this one that is hidden.
      if (status === 'partial') organisation.hidden.add(`${CELL}/eni-1`);
      organisation.fail(CELL, status);
      for (let n = 0; n < 4; n++) {
        later(60);
        const { endpoints } = await pass({ registered: [mine] });
        expect(endpoints.find((e) => e.id === 'mine')?.declared.network).toBeUndefined();
        expect(await standing()).toEqual([['mine', 'network', 'open']]);
      }
    },
  );

  it('is not taken back either where the pass does not sweep interfaces, or the account is no longer listed', async () => {
    const { organisation, mine, open, pass, later, standing } = world();
    await pass({ registered: [mine] });
    open();
    await pass({ registered: [mine] });
    later(2);
    const remembered = await pass({ registered: [mine], full: false });
    expect(remembered.endpoints.find((e) => e.id === 'mine')?.declared.network?.level).toBe('off');
    organisation.leave(A);
    for (let n = 0; n < 3; n++) await pass({ registered: [mine] });
    expect(await standing()).toEqual([['mine', 'network', 'open']]);
  });

  it('ends when the interface itself no longer shows the door, twice, and the API agrees', async () => {
    const { organisation, mine, open, pass, standing } = world();
    await pass({ registered: [mine] });
    open();
    await pass({ registered: [mine] });
    organisation.remove(A, 'eu-west-1', 'interfaces', 'eni-1');
    await pass({ registered: [mine] });
    expect(await standing()).toEqual([['mine', 'network', 'open']]);
    await pass({ registered: [mine] });
    expect(await standing()).toEqual([['mine', 'network', 'closed']]);
  });

  it('does not make its cell due in every pass', async () => {
    const { organisation, mine, pass, later } = world();
    await pass({ registered: [mine] });
    later(2);
    await pass({ registered: [mine], full: false });
    expect(organisation.asked).toEqual([]);
  });
});

describe('a door that only a DNS name joins to what is registered', () => {
  it('stays what it was while names cannot be read: neither forgotten anew nor closed', async () => {
    const { organisation, door, open, pass, standing } = world();
    const named = anEndpoint({
      id: 'named',
      host: 'search.example.com',
      port: door.port,
      declared: { network: declaredOn('we said so') },
    });
    organisation.zone = [{ name: 'search.example.com', target: door.host }];
    await pass({ registered: [named] });
    open();
    expect((await pass({ registered: [named] })).forgotten).toEqual([]);
    organisation.zoneInDoubt = true;
    for (let n = 0; n < 3; n++) {
      const { forgotten, endpoints } = await pass({ registered: [named] });
      expect([forgotten, endpoints.map((e) => [e.id, e.declared.network?.level])]).toEqual([[], [['named', 'off']]]);
    }
    expect(await standing()).toEqual([['named', 'network', 'open']]);
    organisation.zoneInDoubt = false;
    organisation.zone = [];
    expect((await pass({ registered: [named] })).forgotten.map((f) => f.endpointId)).toEqual([door.id]);
  });
});

describe('a forgotten door that somebody registers', () => {
  it('is judged on until its own incident ends, and is no longer called forgotten', async () => {
    const { organisation, door, mine, open, pass, standing } = world();
    await pass();
    open();
    await pass();
    expect(await standing()).toEqual([[door.id, 'network', 'open']]);
    const { endpoints, forgotten } = await pass({ registered: [mine] });
    expect([endpoints.map((e) => e.id), forgotten]).toEqual([[door.id, 'mine'], []]);
    organisation.remove(A, 'eu-west-1', 'interfaces', 'eni-1');
    await pass({ registered: [mine] });
    await pass({ registered: [mine] });
    expect(await standing()).toEqual([[door.id, 'network', 'closed']]);
  });
});
